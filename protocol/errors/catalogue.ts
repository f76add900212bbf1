/** Every error by its code, gathered from the areas. docs/errors.md is generated from it. */
import { ALLUXIO_ERRORS } from './alluxio.ts';
import { CONFIG_ERRORS } from './config.ts';
import type { ErrorEntry } from './entry.ts';
import { EXECUTOR_ERRORS } from './executor.ts';
import { EXECUTOR_TASK_ERRORS } from './executor-task.ts';
import { LOCAL_ERRORS } from './local.ts';
import { PROTOCOL_ERRORS } from './protocol.ts';
import { SCHEDULER_ERRORS } from './scheduler.ts';
import { SCRIPT_ERRORS } from './scripts.ts';
import { SERVER_ERRORS } from './server.ts';

const catalogue = {
  ...PROTOCOL_ERRORS,
  ...CONFIG_ERRORS,
  ...SERVER_ERRORS,
  ...SCHEDULER_ERRORS,
  ...EXECUTOR_ERRORS,
  ...EXECUTOR_TASK_ERRORS,
  ...LOCAL_ERRORS,
  ...ALLUXIO_ERRORS,
  ...SCRIPT_ERRORS,
};

export type ErrorCode = keyof typeof catalogue;

export const ERROR_CATALOGUE: Readonly<Record<ErrorCode, ErrorEntry>> = catalogue;
