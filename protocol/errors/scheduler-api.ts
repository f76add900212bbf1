/** Errors of scheduler/api and scheduler/commands. */
import type { ErrorEntry } from './entry.ts';

export const SCHEDULER_API_ERRORS = {
  ERR_API_ROUTE: {
    text: 'There is no {method} {path}.',
    advice: 'GET /v1/openapi.json lists what there is.',
    status: 404,
  },
  ERR_API_METHOD: {
    text: '{path} does not take {method}.',
    advice: 'Use {allowed}.',
    status: 405,
  },
  ERR_API_BODY: {
    text: 'The body of the request cannot be used: {problem}.',
    advice: 'GET /v1/openapi.json shows its form.',
    status: 400,
  },
  ERR_API_BODY_SIZE: {
    text: 'The body of the request exceeds {limitBytes} bytes.',
    advice: 'GET /v1/openapi.json shows what is expected.',
    status: 413,
  },
  ERR_API_STOP_STANDBY: {
    text: 'This scheduler (pid {pid}) stands by: to stop the one that leads, ask that one.',
    advice: 'End this one with SIGTERM; no task is touched.',
    status: 409,
  },
  ERR_TEARDOWN_UNCONFIRMED: {
    text: "Nothing was ended: what was typed is not the name of the cluster, '{cluster}'.",
    advice: 'Run it again and type the name.',
  },
  ERR_API_TOKEN: {
    text: 'The request has no valid token.',
    advice:
      "Send 'Authorization: Bearer TOKEN' with the token of the file api-token in the scheduler's state directory.",
    status: 401,
  },
  ERR_API_CONFIRMATION: {
    text: 'A teardown ends every task of the cluster and has to be confirmed.',
    advice: 'Send {"confirm": "{cluster}"}.',
    status: 409,
  },
  ERR_API_NO_LEADER: {
    text: 'This scheduler stands by and cannot ask the one that leads: {problem}.',
    advice: 'Try again in some seconds.',
    status: 503,
  },
  ERR_API_LISTEN: {
    text: 'The API cannot listen on {host} port {port}: {problem}.',
    advice: 'Give it a free port, or 0 for any.',
  },
  ERR_API_FILE: {
    text: 'The file {path} cannot be used: {problem}.',
    advice: 'Name one that this user may read, in a directory that is there.',
  },
} satisfies Record<string, ErrorEntry>;
