/** RESERVE, UNRESERVE, CREATE and DESTROY on the master: what offers hold changes at once, the agent makes it last. */
import type { OperationStatus } from '../../protocol/mesos/operation.ts';
import type { Resource, Value } from '../../protocol/mesos/resource.ts';
import { addResources, subtractResources } from '../../protocol/resources.ts';
import { convert, conversionsOf, type ResourceOperation } from '../operations.ts';
import type { Master } from './master.ts';
import { findFormatProblem, findOperationProblem, resourcesOf } from './operation-validation.ts';
import type { AgentRecord, FrameworkRecord } from './records.ts';
import { renderResources } from './resource-text.ts';
import { injectRole, unallocated } from './role-resources.ts';

export interface OperationScope {
  readonly master: Master;
  readonly framework: FrameworkRecord;
  readonly agent: AgentRecord;
  readonly role: string;
}

/** With the body that its type asks for: the wire says of neither that it must be there. */
export function isResourceOperation(operation: { readonly type?: string }): operation is ResourceOperation {
  const { type = '' } = operation;
  return ['RESERVE', 'UNRESERVE', 'CREATE', 'DESTROY'].includes(type) && type.toLowerCase() in operation;
}

/** The operation with the offer's role, and `unallocated` as the agent is told it. */
function mapResources(
  operation: ResourceOperation,
  map: (resources: readonly Resource[] | undefined) => Resource[],
): ResourceOperation {
  switch (operation.type) {
    case 'RESERVE': {
      const { resources, source } = operation.reserve;
      const from = source === undefined ? {} : { source: map(source) };
      return { ...operation, reserve: { resources: map(resources), ...from } };
    }
    case 'UNRESERVE':
      return { ...operation, unreserve: { resources: map(operation.unreserve.resources) } };
    case 'CREATE':
      return { ...operation, create: { volumes: map(operation.create.volumes) } };
    case 'DESTROY':
      return { ...operation, destroy: { volumes: map(operation.destroy.volumes) } };
  }
}

export function sendOperationStatus(
  master: Master,
  framework: FrameworkRecord,
  status: OperationStatus,
): void {
  master.send(framework, { type: 'UPDATE_OPERATION_STATUS', update_operation_status: { status } });
}

/** Only who gave an id is told. */
export function refuseOperation(
  { master, framework }: Pick<OperationScope, 'master' | 'framework'>,
  id: Value<string> | undefined,
  message: string,
): void {
  if (id === undefined) return;
  sendOperationStatus(master, framework, { operation_id: id, state: 'OPERATION_ERROR', message });
}

function findProblem(
  { master, framework, agent }: OperationScope,
  operation: ResourceOperation,
): string | undefined {
  const { roles, info } = framework;
  const context = { roles, principal: info.principal, total: agent.total, used: master.usedOn(agent) };
  const problem = findOperationProblem(operation, context);
  const { ip, port } = agent.address;
  return problem && `${problem}; on agent ${agent.id} at slave(1)@${ip}:${port} (${agent.info.hostname})`;
}

/** What is left of the offers afterwards, or the text about what they lack. */
function convertAll(resources: readonly Resource[], operation: ResourceOperation): Resource[] | string {
  let result = [...resources];
  for (const conversion of conversionsOf(operation)) {
    const converted = convert(result, conversion);
    if (converted === undefined)
      return `${renderResources(result)} does not contain ${renderResources(conversion.consumed)}`;
    result = converted;
  }
  return result;
}

function commit({ framework, agent }: OperationScope, operation: ResourceOperation): void {
  const plain = mapResources(operation, unallocated);
  for (const { consumed, converted } of conversionsOf(plain))
    agent.total = addResources(subtractResources(agent.total, consumed), converted);
  const id = operation.id;
  if (id !== undefined) {
    const status = { operation_id: id, state: 'OPERATION_PENDING', agent_id: { value: agent.id } } as const;
    framework.operations.set(id.value, { agentId: agent.id, status });
  }
  agent.channel?.send({ type: 'APPLY_OPERATION', frameworkId: framework.id, operation: plain });
}

/** Applies the operation to what the offers hold and returns that; a refused one changes nothing. */
export function applyOperation(
  scope: OperationScope,
  received: ResourceOperation,
  available: Resource[],
): Resource[] {
  const wanted = mapResources(received, (resources) => [...(resources ?? [])]);
  const invalid = findFormatProblem(resourcesOf(wanted));
  const operation = mapResources(wanted, (resources) => injectRole(resources, scope.role));
  const problem =
    invalid === undefined
      ? findProblem(scope, operation)
      : `Operation attempted with invalid resources: ${invalid}`;
  const converted = problem ?? convertAll(available, operation);
  if (typeof converted === 'string') {
    refuseOperation(scope, operation.id, converted);
    return available;
  }
  commit(scope, operation);
  return converted;
}

/** The agent's word about an operation. */
export function receiveOperationStatus(
  master: Master,
  framework: FrameworkRecord,
  agentId: string,
  status: OperationStatus,
): void {
  const id = status.operation_id?.value ?? '';
  framework.operations.set(id, { agentId, status });
  sendOperationStatus(master, framework, status);
}

export function acknowledgeOperation(
  master: Master,
  framework: FrameworkRecord,
  acknowledged: { readonly operation_id: Value<string>; readonly uuid: string },
): void {
  const id = acknowledged.operation_id.value;
  const operation = framework.operations.get(id);
  if (operation?.status.uuid?.value !== acknowledged.uuid) return;
  framework.operations.delete(id);
  const agent = master.agents.get(operation.agentId);
  agent?.channel?.send({ type: 'ACKNOWLEDGE_OPERATION', uuid: acknowledged.uuid });
}
