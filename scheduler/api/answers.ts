/** The JSON of every answer as schemas, for the OpenAPI document; a test parses real answers with them. */
import * as z from 'zod';
import { INSTANCE_PHASES } from '../core/instance.ts';

const text = z.optional(z.string());

export const instanceStatus = z.strictObject({
  name: z.string(),
  component: z.string(),
  phase: z.enum(INSTANCE_PHASES),
  sinceMs: z.number(),
  taskId: text,
  agentId: text,
  hostname: text,
  host: text,
  ports: z.record(z.string(), z.number()),
  webUrl: text,
  restarts: z.number(),
  failures: z.number(),
  lastState: text,
  lastMessage: text,
  waiting: text,
  oldBundle: z.boolean(),
  labels: z.record(z.string(), z.string()),
});

export const statusReport = z.strictObject({
  service: z.string(),
  cluster: z.string(),
  pid: z.number(),
  connected: z.boolean(),
  master: text,
  frameworkId: text,
  phase: z.enum([
    'complete',
    'deploying',
    'recovering',
    'rolling-out',
    'waiting',
    'halted',
    'paused',
    'blocked',
    'tearing-down',
  ]),
  refused: z.optional(z.array(z.string())),
  startedAtMs: z.number(),
  nowMs: z.number(),
  instances: z.array(instanceStatus),
});

export const instanceList = z.strictObject({ instances: z.array(instanceStatus) });

const outcome = z.looseObject({ stage: z.string(), passes: z.boolean(), reason: z.string() });

export const explainedInstance = z.strictObject({
  name: z.string(),
  needs: z.array(z.string()),
  waiting: text,
  crashLoop: text,
  failures: z.array(
    z.strictObject({
      atMs: z.number(),
      hostname: z.string(),
      state: z.string(),
      reason: text,
      message: text,
      ranMs: z.number(),
      wasReady: z.boolean(),
    }),
  ),
  stages: z.array(
    z.strictObject({
      stage: z.string(),
      refused: z.number(),
      alone: z.number(),
      best: z.string(),
      example: z.string(),
    }),
  ),
  offers: z.array(
    z.looseObject({
      offerId: z.string(),
      agentId: z.string(),
      hostname: z.string(),
      atMs: z.number(),
      outcomes: z.array(outcome),
    }),
  ),
});

export const explainReport = z.strictObject({
  instances: z.array(explainedInstance),
  hosts: z.array(z.strictObject({ hostname: z.string(), reason: z.string(), staying: z.array(z.string()) })),
});

const version = z.optional(z.strictObject({ digest: z.string(), sinceMs: z.number() }));

export const planReport = z.strictObject({
  phase: z.string(),
  strategy: z.record(z.string(), z.string()),
  version,
  target: version,
  paused: z.boolean(),
  held: text,
  refused: z.optional(z.array(z.string())),
  steps: z.array(
    z.strictObject({
      component: z.string(),
      instance: z.string(),
      status: z.enum(['pending', 'blocked', 'starting', 'complete', 'failed', 'paused']),
      action: z.enum(['launch', 'restart', 'remove', 'none']),
      reasons: z.array(z.string()),
    }),
  ),
});

export const teardownReport = z.strictObject({ tornDown: z.literal(true), frameworkId: text });

export const accepted = z.strictObject({ accepted: z.literal(true) });

export const healthReport = z.strictObject({
  role: z.enum(['leader', 'standby']),
  connected: z.boolean(),
  leader: text,
});

export const schedulerEvent = z.strictObject({
  id: z.number(),
  atMs: z.number(),
  kind: z.string(),
  text: z.string(),
  fields: z.record(z.string(), z.unknown()),
});

export const problem = z.strictObject({
  status: z.number(),
  title: z.string(),
  code: text,
  problems: z.optional(z.array(z.string())),
  nearest: text,
});
