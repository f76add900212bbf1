/** Every error by its code, gathered from the areas. docs/errors.md is generated from it. */
import { ALLUXIO_ERRORS } from './alluxio.ts';
import { CONFIG_ERRORS } from './config.ts';
import type { ErrorEntry } from './entry.ts';
import { EXECUTOR_ERRORS } from './executor.ts';
import { EXECUTOR_TASK_ERRORS } from './executor-task.ts';
import { LOCAL_ERRORS } from './local.ts';
import { PROTOCOL_ERRORS } from './protocol.ts';
import { SCHEDULER_ERRORS } from './scheduler.ts';
import { SCHEDULER_ZOOKEEPER_ERRORS } from './scheduler-zookeeper.ts';
import { SCHEDULER_STATE_ERRORS } from './scheduler-state.ts';
import { SCHEDULER_MESOS_ERRORS } from './scheduler-mesos.ts';
import { SCHEDULER_PLACEMENT_ERRORS } from './scheduler-placement.ts';
import { SCHEDULER_ROLLOUT_ERRORS } from './scheduler-rollout.ts';
import { SCHEDULER_API_ERRORS } from './scheduler-api.ts';
import { SCRIPT_ERRORS } from './scripts.ts';
import { SERVER_ERRORS } from './server.ts';

const catalogue = {
  ...PROTOCOL_ERRORS,
  ...CONFIG_ERRORS,
  ...SERVER_ERRORS,
  ...SCHEDULER_ERRORS,
  ...SCHEDULER_ZOOKEEPER_ERRORS,
  ...SCHEDULER_STATE_ERRORS,
  ...SCHEDULER_MESOS_ERRORS,
  ...SCHEDULER_PLACEMENT_ERRORS,
  ...SCHEDULER_ROLLOUT_ERRORS,
  ...SCHEDULER_API_ERRORS,
  ...EXECUTOR_ERRORS,
  ...EXECUTOR_TASK_ERRORS,
  ...LOCAL_ERRORS,
  ...ALLUXIO_ERRORS,
  ...SCRIPT_ERRORS,
};

export type ErrorCode = keyof typeof catalogue;

export const ERROR_CATALOGUE: Readonly<Record<ErrorCode, ErrorEntry>> = catalogue;
