/** From the words of a command to the request that it stands for. Pure. */
import { misuse } from './command-flags.ts';
import type { OrderWord } from './command-table.ts';
import { type CommandCall, takeWords } from './operator-command.ts';

export interface Order {
  readonly path: string;
  readonly body?: object;
  /** What is said when it was accepted. */
  readonly said: string;
}

type Words = Pick<CommandCall, 'words' | 'values' | 'usage'>;

function toSegment(name: string): string {
  return encodeURIComponent(name);
}

function takeName(call: Words, what: string): string {
  const [name] = takeWords(call, 1);
  if (name === undefined) throw misuse(`${what} is missing`, call.usage);
  return name;
}

function orderInstance(call: Words, verb: string, said: string): Order {
  const name = takeName(call, 'the instance');
  return { path: `/v1/instances/${toSegment(name)}/${verb}`, said: `${name} ${said}` };
}

function orderHost(call: Words, verb: string, said: string): Order {
  const name = takeName(call, 'the host');
  return { path: `/v1/hosts/${toSegment(name)}/${verb}`, said: `${name} ${said}` };
}

function orderRestart(call: Words): Order {
  const { component, all } = call.values;
  const given = [call.words[0], component, all === true ? 'all' : undefined].filter(
    (name) => name !== undefined,
  );
  if (given.length !== 1) throw misuse('one of INSTANCE, --component and --all is needed', call.usage);
  if (all === true) return { path: '/v1/restart', said: 'every instance is restarted, as a rollout does' };
  if (typeof component !== 'string') return orderInstance(call, 'restart', 'is restarted');
  const path = `/v1/components/${toSegment(component)}/restart`;
  return { path, said: `every instance of ${component} is restarted, as a rollout does` };
}

function orderScale(call: Words): Order {
  const [component, text] = takeWords(call, 2);
  if (component === undefined || text === undefined)
    throw misuse('COMPONENT and COUNT are needed', call.usage);
  if (!/^\d{1,6}$/.test(text)) throw misuse(`COUNT is '${text}', not a whole number from 0`, call.usage);
  const path = `/v1/components/${toSegment(component)}/scale`;
  return { path, body: { count: Number(text) }, said: `${component} is to have ${Number(text)} instances` };
}

function orderForget(call: Words): Order {
  const { instance } = call.values;
  const words = typeof instance === 'string' ? [instance, ...call.words] : call.words;
  return orderInstance({ ...call, words }, 'forget', 'starts anew, without what it held');
}

function orderPlan(call: Words, verb: PlanVerb): Order {
  takeWords(call, 0);
  return PLAN_ORDERS[verb];
}

type PlanVerb = 'pause' | 'resume' | 'rollback';

export const PLAN_ORDERS: Readonly<Record<PlanVerb, Order>> = {
  pause: {
    path: '/v1/plan/pause',
    said: 'the plan is paused; nothing that runs is changed until it is resumed',
  },
  resume: { path: '/v1/plan/resume', said: 'the plan goes on' },
  rollback: { path: '/v1/plan/rollback', said: 'the cluster goes back to the configuration before' },
};

const ORDERS: Readonly<Record<OrderWord, (call: Words) => Order>> = {
  scale: orderScale,
  restart: orderRestart,
  replace: (call) => orderInstance(call, 'replace', 'moves to another host; what it held is given up'),
  pause: (call) =>
    call.words.length === 0
      ? PLAN_ORDERS.pause
      : orderInstance(call, 'pause', 'is paused until it is resumed'),
  resume: (call) =>
    call.words.length === 0 ? PLAN_ORDERS.resume : orderInstance(call, 'resume', 'is launched again'),
  forget: orderForget,
  drain: (call) => orderHost(call, 'drain', 'is drained and used no more'),
  undrain: (call) => orderHost(call, 'undrain', 'is used again'),
  rollback: (call) => orderPlan(call, 'rollback'),
  'stop-scheduler': (call) => {
    takeWords(call, 0);
    return { path: '/v1/stop', said: 'the scheduler ends; every task keeps running' };
  },
};

/** @throws StevedoreError ERR_COMMAND_LINE */
export function toOrder(word: OrderWord, call: Words): Order {
  return ORDERS[word](call);
}
