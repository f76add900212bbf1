/** Calls of the operator API that change something: maintenance, and agents that are taken out or back. */
import { answerEmpty, answerText } from '../http/answer.ts';
import type { Exchange } from '../http/server.ts';
import { bringDown, deactivateAgent, drainAgent, markGone, reactivateAgent } from './draining.ts';
import { rescindInverseOffers } from './inverse-offers.ts';
import type { MachineId, MaintenanceWindow } from './maintenance.ts';
import type { Master } from './master.ts';
import type { AgentRecord } from './records.ts';

/** As read by the schema: the body has the name of the type. */
export interface OperatorCall {
  readonly type: string;
  readonly update_maintenance_schedule?: {
    readonly schedule: { readonly windows?: readonly MaintenanceWindow[] };
  };
  readonly start_maintenance?: { readonly machines?: readonly MachineId[] };
  readonly stop_maintenance?: { readonly machines?: readonly MachineId[] };
  readonly drain_agent?: AgentCall & {
    readonly max_grace_period?: { readonly nanoseconds: number };
    readonly mark_gone?: boolean;
  };
  readonly deactivate_agent?: AgentCall;
  readonly reactivate_agent?: AgentCall;
  readonly mark_agent_gone?: AgentCall;
}

interface AgentCall {
  readonly agent_id: { readonly value: string };
}

/** Nothing, or the status and text of a refusal. */
type Refusal = { readonly status: number; readonly text: string } | undefined;

const bad = (text: string): Refusal => ({ status: 400, text });

/** Everybody is told at once: offers come back with the new window, or without one. */
function announceSchedule(master: Master): void {
  for (const agent of master.agents.values()) {
    for (const offer of master.offersOf({ agentId: agent.id })) master.rescind(offer);
    rescindInverseOffers(master, agent.id);
    for (const framework of master.frameworks.values()) framework.inverseAnswers.delete(agent.id);
  }
  master.allocate();
}

function updateSchedule(master: Master, call: OperatorCall): Refusal {
  const windows = call.update_maintenance_schedule?.schedule.windows ?? [];
  const problem = master.maintenance.findScheduleProblem(windows);
  if (problem !== undefined) return bad(problem);
  master.maintenance.update(windows);
  announceSchedule(master);
  return undefined;
}

function startMaintenance(master: Master, call: OperatorCall): Refusal {
  const machines = call.start_maintenance?.machines ?? [];
  const problem = master.maintenance.findStartProblem(machines);
  if (problem !== undefined) return bad(problem);
  master.maintenance.start(machines);
  for (const agent of master.agents.values()) if (master.maintenance.isDown(agent)) bringDown(master, agent);
  return undefined;
}

function stopMaintenance(master: Master, call: OperatorCall): Refusal {
  const machines = call.stop_maintenance?.machines ?? [];
  const problem = master.maintenance.findStopProblem(machines);
  if (problem !== undefined) return bad(problem);
  master.maintenance.stop(machines);
  return undefined;
}

function findAgent(master: Master, call: AgentCall | undefined): AgentRecord | undefined {
  return call === undefined ? undefined : master.agents.get(call.agent_id.value);
}

function drain(master: Master, { drain_agent }: OperatorCall): Refusal {
  const agent = findAgent(master, drain_agent);
  if (agent === undefined) return bad('Unknown agent');
  const graceNanoseconds = drain_agent?.max_grace_period?.nanoseconds;
  drainAgent(master, agent, { graceNanoseconds, markGone: drain_agent?.mark_gone ?? false });
  return undefined;
}

function deactivate(master: Master, { deactivate_agent }: OperatorCall): Refusal {
  const agent = findAgent(master, deactivate_agent);
  if (agent === undefined) return bad('Unknown agent');
  deactivateAgent(master, agent);
  return undefined;
}

function reactivate(master: Master, { reactivate_agent }: OperatorCall): Refusal {
  const agent = findAgent(master, reactivate_agent);
  if (agent?.deactivated !== true) return bad('Agent is not deactivated');
  if (agent.drain?.state === 'DRAINING') return bad('Agent is still in the DRAINING state');
  reactivateAgent(master, agent);
  return undefined;
}

function giveUp(master: Master, { mark_agent_gone }: OperatorCall): Refusal {
  const agent = findAgent(master, mark_agent_gone);
  const id = mark_agent_gone?.agent_id.value ?? '';
  if (agent !== undefined) markGone(master, agent);
  else if (!master.gone.has(id)) return { status: 404, text: `Agent '${id}' not found` };
  return undefined;
}

const CHANGES: Readonly<Record<string, (master: Master, call: OperatorCall) => Refusal>> = {
  UPDATE_MAINTENANCE_SCHEDULE: updateSchedule,
  START_MAINTENANCE: startMaintenance,
  STOP_MAINTENANCE: stopMaintenance,
  DRAIN_AGENT: drain,
  DEACTIVATE_AGENT: deactivate,
  REACTIVATE_AGENT: reactivate,
  MARK_AGENT_GONE: giveUp,
};

/** True if the call was one of these, and is answered. */
export function performChange(master: Master, exchange: Exchange, call: OperatorCall): boolean {
  const change = CHANGES[call.type];
  if (change === undefined) return false;
  const body = call.type.toLowerCase() as keyof OperatorCall;
  const refusal =
    call[body] === undefined
      ? bad(`Failed to validate master::Call: Expecting '${body}' to be present`)
      : change(master, call);
  if (refusal === undefined) answerEmpty(exchange.response, 200);
  else answerText(exchange.response, refusal.status, refusal.text);
  return true;
}
