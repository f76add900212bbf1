/** Every route of the API. */
import * as z from 'zod';
import { renderNames } from '../../config/nearest-name.ts';
import { StevedoreError } from '../../protocol/errors.ts';
import type { OperatorAction } from '../core/operator-action.ts';
import * as answers from './answers.ts';
import type { Route, RouteRequest } from './route.ts';
import type { SchedulerControl } from './scheduler-control.ts';

const ACCEPTED = { accepted: true } as const;

const NOTHING = z.strictObject({});

/** A route that orders one action of the engine, which refuses what cannot be done, with the reason. */
function ordering(
  path: string,
  summary: string,
  toAction: (request: RouteRequest) => OperatorAction,
  body: z.ZodType = NOTHING,
): Route {
  const handle = async (control: SchedulerControl, request: RouteRequest) => {
    await control.act(toAction(request));
    return ACCEPTED;
  };
  return { method: 'POST', path, summary, body, answer: answers.accepted, handle };
}

function findInstance<T extends { readonly name: string }>(instances: readonly T[], name: string): T {
  const found = instances.find((instance) => instance.name === name);
  if (found !== undefined) return found;
  const known = renderNames(instances.map((instance) => instance.name));
  throw new StevedoreError('ERR_INSTANCE_UNKNOWN', { instance: name, known });
}

/** A token may be in a script; the name of what is to be destroyed has to be typed. */
function confirm(control: SchedulerControl, confirmed: string | undefined): void {
  const { cluster } = control.status();
  if (confirmed !== cluster) throw new StevedoreError('ERR_API_CONFIRMATION', { cluster });
}

const READING: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/status',
    summary: 'The service, its phase, and every instance.',
    answer: answers.statusReport,
    handle: (control) => control.status(),
  },
  {
    method: 'GET',
    path: '/v1/plan',
    summary: 'What is launched, restarted or removed next, why, and what holds it up.',
    answer: answers.planReport,
    handle: (control) => control.plan(),
  },
  {
    method: 'GET',
    path: '/v1/explain',
    summary: 'Why instances wait: per stage how many offers were refused, and by how much they missed.',
    answer: answers.explainReport,
    handle: (control) => control.explain(),
  },
  {
    method: 'GET',
    path: '/v1/explain/{instance}',
    summary: 'The same of one instance.',
    answer: answers.explainedInstance,
    handle: (control, { parameters }) =>
      findInstance(control.explain().instances, parameters.instance as string),
  },
  {
    method: 'GET',
    path: '/v1/instances',
    summary: 'Every instance.',
    answer: answers.instanceList,
    handle: (control) => ({ instances: control.status().instances }),
  },
  {
    method: 'GET',
    path: '/v1/instances/{instance}',
    summary: 'One instance.',
    answer: answers.instanceStatus,
    handle: (control, { parameters }) =>
      findInstance(control.status().instances, parameters.instance as string),
  },
];

const instanceOf = ({ parameters }: RouteRequest) => parameters.instance as string;

const ORDERING: readonly Route[] = [
  ordering(
    '/v1/instances/{instance}/restart',
    'Ends the task with its grace and launches it again.',
    (r) => ({
      kind: 'restart',
      instance: instanceOf(r),
    }),
  ),
  ordering(
    '/v1/instances/{instance}/replace',
    'Moves the instance to another host; what it held is given up.',
    (r) => ({ kind: 'replace', instance: instanceOf(r) }),
  ),
  ordering('/v1/instances/{instance}/pause', 'Ends the task and launches none until it is resumed.', (r) => ({
    kind: 'pause',
    instance: instanceOf(r),
  })),
  ordering('/v1/instances/{instance}/resume', 'Launches a paused instance again.', (r) => ({
    kind: 'resume',
    instance: instanceOf(r),
  })),
  ordering(
    '/v1/instances/{instance}/forget',
    'The state of an instance is lost: it may start anew, anywhere.',
    (r) => ({ kind: 'forget', instance: instanceOf(r) }),
  ),
  ordering(
    '/v1/components/{component}/scale',
    'Sets the number of instances of a component.',
    ({ parameters, body }) => ({
      kind: 'scale',
      component: parameters.component as string,
      count: (body as { count: number }).count,
    }),
    z.strictObject({ count: z.int().min(0).max(100_000) }),
  ),
  ordering(
    '/v1/components/{component}/restart',
    'Restarts every instance of a component as a rollout does.',
    (r) => ({ kind: 'restart', component: r.parameters.component }),
  ),
  ordering('/v1/restart', 'Restarts every instance as a rollout does.', () => ({ kind: 'restart' })),
  ordering('/v1/plan/pause', 'Halts a rollout between two instances.', () => ({ kind: 'pause-plan' })),
  ordering('/v1/plan/resume', 'Goes on with a rollout that is paused, halted, or has its canary.', () => ({
    kind: 'resume-plan',
  })),
  ordering('/v1/plan/rollback', 'Goes back to the configuration before.', () => ({ kind: 'rollback' })),
  ordering('/v1/hosts/{host}/drain', 'Moves every instance off a host and uses it no more.', (r) => ({
    kind: 'drain',
    hostname: r.parameters.host as string,
  })),
  ordering('/v1/hosts/{host}/undrain', 'Uses a drained host again.', (r) => ({
    kind: 'undrain',
    hostname: r.parameters.host as string,
  })),
];

const teardownBody = z.strictObject({
  confirm: z.optional(z.string()),
  keepVolumes: z.optional(z.boolean()),
});

const ENDING: readonly Route[] = [
  {
    method: 'POST',
    path: '/v1/teardown',
    summary: 'Ends every task and the framework. Over TCP, `confirm` must be the name of the cluster.',
    body: teardownBody,
    answer: answers.teardownReport,
    handle: async (control, { body, channel }) => {
      const { confirm: confirmed, keepVolumes = false } = body as z.infer<typeof teardownBody>;
      if (channel === 'tcp') confirm(control, confirmed);
      return await control.teardown({ keepVolumes });
    },
  },
  {
    method: 'POST',
    path: '/v1/stop',
    summary: 'Ends this scheduler; every task keeps running.',
    body: NOTHING,
    answer: answers.accepted,
    handle: (control) => {
      // After the answer is on its way.
      setImmediate(() => control.stop());
      return ACCEPTED;
    },
  },
];

export const ROUTES: readonly Route[] = [...READING, ...ORDERING, ...ENDING];
