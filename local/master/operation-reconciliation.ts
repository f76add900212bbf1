/** RECONCILE_OPERATIONS: the latest state of what is known, and what may be said of the rest. None has a uuid. */
import type { OperationState, OperationStatus } from '../../protocol/mesos/operation.ts';
import type { Value } from '../../protocol/mesos/resource.ts';
import type { Master } from './master.ts';
import { sendOperationStatus } from './operations.ts';
import type { FrameworkRecord } from './records.ts';

interface Asked {
  readonly operation_id: Value<string>;
  readonly agent_id?: Value<string>;
}

function unknownStatus(asked: Asked, state: OperationState, text: string): OperationStatus {
  const { operation_id, agent_id } = asked;
  const agent = agent_id === undefined ? {} : { agent_id };
  return { operation_id, state, message: `Reconciliation: ${text}`, ...agent };
}

function reconcileUnknown(master: Master, asked: Asked): OperationStatus {
  if (asked.agent_id === undefined)
    return unknownStatus(asked, 'OPERATION_UNKNOWN', "Operation is unknown and no 'agent_id' was provided");
  const id = asked.agent_id.value;
  if (master.gone.has(id))
    return unknownStatus(asked, 'OPERATION_GONE_BY_OPERATOR', 'Agent marked gone by operator');
  const agent = master.agents.get(id);
  if (agent === undefined)
    return unknownStatus(asked, 'OPERATION_UNKNOWN', 'Both operation and agent are unknown');
  if (agent.unreachableMs !== undefined)
    return unknownStatus(asked, 'OPERATION_UNREACHABLE', 'Agent is unreachable');
  return unknownStatus(asked, 'OPERATION_UNKNOWN', 'Operation is unknown');
}

export function reconcileOperations(
  master: Master,
  framework: FrameworkRecord,
  asked: readonly Asked[],
): void {
  const send = (status: OperationStatus): void => sendOperationStatus(master, framework, status);
  const latest = ({ uuid: _uuid, ...status }: OperationStatus): OperationStatus => status;
  if (asked.length === 0) for (const { status } of framework.operations.values()) send(latest(status));
  for (const operation of asked) {
    const known = framework.operations.get(operation.operation_id.value);
    send(known === undefined ? reconcileUnknown(master, operation) : latest(known.status));
  }
}
