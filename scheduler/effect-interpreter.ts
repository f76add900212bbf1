/** Performs the engine's effects: writes a log line or sends a call. What must survive them is stored already. */
import type { SchedulerCall } from '../protocol/mesos/scheduler.ts';
import { type LaunchSurroundings, toExecutorId, toKillPolicy, toTaskInfo } from './core/task-info.ts';
import type { Logger } from './log.ts';
import type { PerformableEffect } from './engine-loop.ts';
import type { CallSender } from './mesos/call-queue.ts';

export interface InterpreterParts {
  /** Undefined: there is no subscription. */
  readonly calls: CallSender | undefined;
  readonly log: Logger;
  readonly surroundings: () => LaunchSurroundings;
  /** The master took the TEARDOWN. */
  readonly onTornDown: () => void;
}

/** What concerns Mesos and the log; the rest is for the scheduler itself. */
export type MesosEffect = Exclude<
  PerformableEffect,
  { kind: 'use-configuration' } | { kind: 'prepare-configuration' }
>;

type Addressed = Exclude<MesosEffect, { kind: 'log' }>;

function toFilters(refuseSeconds: number) {
  return { refuse_seconds: refuseSeconds };
}

function toInverseAnswer(inverseOfferIds: readonly string[], refuseSeconds: number) {
  return {
    inverse_offer_ids: inverseOfferIds.map((value) => ({ value })),
    filters: toFilters(refuseSeconds),
  };
}

function toCall(effect: Addressed, frameworkId: string, parts: InterpreterParts): SchedulerCall {
  const framework_id = { value: frameworkId };
  switch (effect.kind) {
    case 'accept': {
      const task_infos = effect.launches.map((launch) =>
        toTaskInfo(launch, parts.surroundings(), frameworkId),
      );
      return {
        framework_id,
        type: 'ACCEPT',
        accept: {
          offer_ids: [{ value: effect.offerId }],
          operations: [...effect.operations, { type: 'LAUNCH', launch: { task_infos } }],
          filters: toFilters(effect.refuseSeconds),
        },
      };
    }
    case 'release':
      return {
        framework_id,
        type: 'ACCEPT',
        accept: {
          offer_ids: [{ value: effect.offerId }],
          operations: effect.operations,
          filters: toFilters(effect.refuseSeconds),
        },
      };
    case 'decline': {
      const offer_ids = effect.offerIds.map((value) => ({ value }));
      return {
        framework_id,
        type: 'DECLINE',
        decline: { offer_ids, filters: toFilters(effect.refuseSeconds) },
      };
    }
    case 'accept-inverse':
      return {
        framework_id,
        type: 'ACCEPT_INVERSE_OFFERS',
        accept_inverse_offers: toInverseAnswer(effect.inverseOfferIds, effect.refuseSeconds),
      };
    case 'decline-inverse':
      return {
        framework_id,
        type: 'DECLINE_INVERSE_OFFERS',
        decline_inverse_offers: toInverseAnswer(effect.inverseOfferIds, effect.refuseSeconds),
      };
    case 'kill': {
      const { taskId, agentId, graceMs } = effect;
      const agent = agentId === undefined ? {} : { agent_id: { value: agentId } };
      const grace = graceMs === undefined ? {} : { kill_policy: toKillPolicy(graceMs) };
      return { framework_id, type: 'KILL', kill: { task_id: { value: taskId }, ...agent, ...grace } };
    }
    case 'shutdown': {
      const executor_id = { value: toExecutorId(effect.taskId) };
      return {
        framework_id,
        type: 'SHUTDOWN',
        shutdown: { executor_id, agent_id: { value: effect.agentId } },
      };
    }
    case 'acknowledge':
      return {
        framework_id,
        type: 'ACKNOWLEDGE',
        acknowledge: {
          agent_id: { value: effect.agentId },
          task_id: { value: effect.taskId },
          uuid: effect.uuid,
        },
      };
    case 'reconcile': {
      const tasks = effect.tasks.map(({ taskId, agentId }) => ({
        task_id: { value: taskId },
        agent_id: { value: agentId },
      }));
      return { framework_id, type: 'RECONCILE', reconcile: { tasks } };
    }
    case 'suppress':
      return { framework_id, type: 'SUPPRESS', suppress: { roles: effect.roles } };
    case 'revive':
      return { framework_id, type: 'REVIVE', revive: { roles: effect.roles } };
    case 'teardown':
      return { framework_id, type: 'TEARDOWN' };
  }
}

export function performEffect(
  effect: MesosEffect,
  frameworkId: string | undefined,
  parts: InterpreterParts,
): void {
  if (effect.kind === 'log') return parts.log[effect.level](effect.fields, effect.text);
  // Before the first subscription there is nobody to call.
  if (frameworkId === undefined) return;
  const call = toCall(effect, frameworkId, parts);
  if (effect.kind === 'teardown') parts.calls?.send(call, parts.onTornDown);
  else parts.calls?.send(call);
}
