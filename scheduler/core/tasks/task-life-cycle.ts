/**
 * What becomes of an instance by each event. A pair of phase and event that the table does not list is illegal: nothing
 * changes and the caller says so.
 */
import type { TaskState } from '../../../protocol/mesos/task.ts';
import { FORMATTED_LABEL } from '../../../protocol/status-labels.ts';
import type { InstancePhase, InstanceRecord } from '../instance.ts';
import type { Handler, InstanceEvent, Moment, Transition } from './instance-event.ts';
import {
  ask,
  askWhenSilent,
  forget,
  launch,
  loseAgent,
  loseKilledAgent,
  loseKilledTrack,
  loseTrack,
  retryNow,
  run,
  start,
  stay,
  stop,
  surviveKill,
} from './life-cycle-handlers.ts';
import { end, refuse } from './task-end.ts';
import { finishKill, kill, killAgain, stopAfterKill } from './task-kill.ts';

export type { InstanceEvent, Moment } from './instance-event.ts';

type EventName = TaskState | Exclude<InstanceEvent['kind'], 'status'>;

type Row = Readonly<Partial<Record<EventName, Handler>>>;

const ENDS = [
  'TASK_FINISHED',
  'TASK_FAILED',
  'TASK_KILLED',
  'TASK_LOST',
  'TASK_DROPPED',
  'TASK_GONE',
  'TASK_GONE_BY_OPERATOR',
] as const;

function onEnds(handler: Handler): Row {
  return Object.fromEntries(ENDS.map((state) => [state, handler]));
}

/** What all phases share in which a task is wanted. */
const WANTED: Row = {
  TASK_STAGING: start,
  TASK_STARTING: start,
  TASK_RUNNING: run,
  TASK_KILLING: stay,
  ...onEnds(end),
  TASK_ERROR: refuse,
  TASK_UNREACHABLE: loseAgent,
  TASK_UNKNOWN: loseTrack,
  'agent-lost': ask,
  restart: kill('relaunch'),
  stop: kill('stop'),
};

const TABLE: Readonly<Record<InstancePhase, Row>> = {
  waiting: { launched: launch, unlaunchable: refuse, restart: retryNow, forget, stop, tick: stay },
  launching: { ...WANTED, tick: askWhenSilent },
  starting: { ...WANTED, tick: stay },
  // Mesos may repeat or reorder: an older state of the same task takes nothing back.
  ready: { ...WANTED, TASK_STAGING: stay, TASK_STARTING: stay, tick: stay },
  unreachable: { ...WANTED, launched: launch, unlaunchable: stay, tick: stay },
  killing: {
    TASK_STAGING: surviveKill,
    TASK_STARTING: surviveKill,
    TASK_RUNNING: surviveKill,
    TASK_KILLING: surviveKill,
    ...onEnds(finishKill),
    TASK_ERROR: finishKill,
    TASK_UNREACHABLE: loseKilledAgent,
    TASK_UNKNOWN: loseKilledTrack,
    'agent-lost': ask,
    restart: stay,
    stop: stopAfterKill,
    tick: killAgain,
  },
  refused: { restart: retryNow, forget, stop, tick: stay },
  stopped: { tick: stay },
};

/** True for phases in which time alone changes something. */
export function hearsTicks(phase: InstancePhase): boolean {
  return TABLE[phase].tick !== stay;
}

type Labels = InstanceRecord['labels'];

/** The same object when there is nothing new. */
function addLabels(known: Labels, told: Labels): Labels {
  const isNew = Object.entries(told).some(([name, value]) => known[name] !== value);
  return isNew ? { ...known, ...told } : known;
}

/** The same list when there is nothing new. */
function addNames(known: readonly string[], told: readonly string[]): readonly string[] {
  return told.every((name) => known.includes(name)) ? known : [...new Set([...known, ...told])];
}

function note(instance: InstanceRecord, event: InstanceEvent): InstanceRecord {
  if (event.kind === 'unlaunchable') return { ...instance, lastMessage: event.message };
  if (event.kind !== 'status') return instance;
  // The answer to our own question, with nothing new in it: what was said before tells more.
  const isRepeat = event.reason === 'REASON_RECONCILIATION' && event.state === instance.lastState;
  const formatted = (event.labels[FORMATTED_LABEL] ?? '').split(',').filter((name) => name !== '');
  return {
    ...instance,
    lastState: event.state,
    lastReason: (isRepeat ? undefined : event.reason) ?? instance.lastReason,
    lastMessage: (isRepeat ? undefined : event.message) ?? instance.lastMessage,
    labels: addLabels(instance.labels, event.labels),
    formatted: addNames(instance.formatted, formatted),
  };
}

/** Most answers of a reconciliation bring nothing new: then it is the same instance, and is not stored again. */
function keepSame(before: InstanceRecord, after: InstanceRecord): InstanceRecord {
  const names = Object.keys({ ...before, ...after }) as (keyof InstanceRecord)[];
  return names.every((name) => before[name] === after[name]) ? before : after;
}

/** Undefined: the pair is illegal. */
export function transition(
  instance: InstanceRecord,
  event: InstanceEvent,
  moment: Moment,
): Transition | undefined {
  const handler = TABLE[instance.phase][event.kind === 'status' ? event.state : event.kind];
  const result = handler?.(note(instance, event), event, moment);
  return result && { ...result, instance: keepSame(instance, result.instance) };
}
