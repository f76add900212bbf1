/** Every command with which operators look at a running cluster and change it. */
import type { CommandFlags, OperatorCommand } from './operator-command.ts';

const NONE: CommandFlags = {};

const loadOrders = (word: OrderWord) => async () => {
  const { createOrder } = await import('./order-command.ts');
  return { run: createOrder(word) };
};

export type OrderWord =
  | 'scale'
  | 'restart'
  | 'replace'
  | 'pause'
  | 'resume'
  | 'forget'
  | 'drain'
  | 'undrain'
  | 'rollback'
  | 'stop-scheduler';

const READING: Readonly<Record<string, OperatorCommand>> = {
  status: {
    summary: 'show every instance of a running cluster',
    forms: ['', '--watch'],
    flags: { watch: { type: 'boolean', help: 'show it again and again until Ctrl-C' } },
    details: 'Where nobody looks, --watch prints a line for each instance whose state changes.',
    load: () => import('./status-command.ts'),
  },
  plan: {
    summary: 'show what is launched, restarted or removed next, why, and what holds it up',
    forms: ['', '--pause', '--resume', '--rollback'],
    flags: {
      pause: { type: 'boolean', help: 'halt the rollout between two instances' },
      resume: { type: 'boolean', help: 'go on with one that is paused, halted, or has its canary' },
      rollback: { type: 'boolean', help: 'go back to the configuration before' },
    },
    load: () => import('./plan-command.ts'),
  },
  explain: {
    summary: 'say why instances wait: what they need, and what offers lacked',
    forms: ['[INSTANCE]'],
    flags: NONE,
    details: `For each stage of the evaluation it says how many agents were refused by it, how many of them by it alone,
and what the agent lacked that missed by least. Hosts that are avoided, drained or in maintenance come last.`,
    load: () => import('./explain-command.ts'),
  },
  events: {
    summary: 'follow what happens until Ctrl-C',
    forms: [''],
    flags: NONE,
    details:
      'The last 1000 events come first. When the connection breaks it comes back and goes on where it was.',
    load: () => import('./events-command.ts'),
  },
};

const CHANGING: Readonly<Record<OrderWord, OperatorCommand>> = {
  scale: {
    summary: 'set the number of instances of a component',
    forms: ['COMPONENT COUNT'],
    flags: NONE,
    load: loadOrders('scale'),
  },
  restart: {
    summary: 'end the task of an instance with its grace and launch it again',
    forms: ['INSTANCE', '--component NAME', '--all'],
    flags: {
      component: { type: 'string', value: 'NAME', help: 'every instance of a component, as a rollout does' },
      all: { type: 'boolean', help: 'every instance, as a rollout does' },
    },
    load: loadOrders('restart'),
  },
  replace: {
    summary: 'move an instance to another host and give up what it holds on its own',
    forms: ['INSTANCE'],
    flags: NONE,
    load: loadOrders('replace'),
  },
  pause: {
    summary: 'end the task of an instance and launch none; without one: pause the plan',
    forms: ['[INSTANCE]'],
    flags: NONE,
    load: loadOrders('pause'),
  },
  resume: {
    summary: 'launch a paused instance again; without one: go on with the plan',
    forms: ['[INSTANCE]'],
    flags: NONE,
    load: loadOrders('resume'),
  },
  forget: {
    summary: 'let an instance that lost its state start anew',
    forms: ['INSTANCE'],
    flags: { instance: { type: 'string', value: 'NAME', help: 'the same as INSTANCE' } },
    load: loadOrders('forget'),
  },
  drain: {
    summary: 'move every instance off a host and use it no more',
    forms: ['HOST'],
    flags: NONE,
    load: loadOrders('drain'),
  },
  undrain: {
    summary: 'use a drained host again',
    forms: ['HOST'],
    flags: NONE,
    load: loadOrders('undrain'),
  },
  rollback: {
    summary: 'go back to the configuration before',
    forms: [''],
    flags: NONE,
    load: loadOrders('rollback'),
  },
  'stop-scheduler': {
    summary: 'end the scheduler; every task keeps running',
    forms: [''],
    flags: NONE,
    load: loadOrders('stop-scheduler'),
  },
};

const ENDING: Readonly<Record<string, OperatorCommand>> = {
  teardown: {
    summary: 'end a cluster: kill its tasks and its framework',
    forms: [''],
    flags: {
      yes: { type: 'boolean', help: 'do not ask' },
      'keep-volumes': { type: 'boolean', help: 'leave its persistent volumes for a later start' },
    },
    details: `On a terminal it asks for the name of the cluster. Elsewhere it needs --yes, but with an explicit
--state-dir: whoever may enter that directory can also end the scheduler.`,
    load: () => import('./teardown-command.ts'),
  },
};

export const OPERATOR_COMMANDS: Readonly<Record<string, OperatorCommand>> = {
  ...READING,
  ...CHANGING,
  ...ENDING,
};
