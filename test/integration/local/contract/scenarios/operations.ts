/** RESERVE, UNRESERVE and what Mesos says of them. */
import type { Conversation } from '../conversation.ts';
import { operation, reservedBy, ROLE, scalar, volume } from './wording.ts';

async function reconcile(talk: Conversation, id: string): Promise<void> {
  const operations = [{ operation_id: { value: id }, agent_id: { value: talk.agentId } }];
  await talk.call('RECONCILE_OPERATIONS', id, { reconcile_operations: { operations } });
  await talk.event('UPDATE_OPERATION_STATUS');
}

export async function playOperations(talk: Conversation): Promise<void> {
  await talk.subscribe({ roles: [ROLE] });
  const half = scalar('cpus', 0.5, reservedBy(ROLE));
  await talk.accept(await talk.offer(), 'RESERVE with an id', [operation.reserve([half], 'r1')]);
  const { status } = (await talk.event('UPDATE_OPERATION_STATUS')).update_operation_status;
  await reconcile(talk, 'r1');
  const { agent_id, operation_id, uuid } = status;
  const acknowledge_operation_status = { agent_id, operation_id, uuid: uuid.value };
  await talk.call('ACKNOWLEDGE_OPERATION_STATUS', 'r1', { acknowledge_operation_status });
  await reconcile(talk, 'r1');
  const { agent_id: _agent, ...without } = acknowledge_operation_status;
  await talk.call('ACKNOWLEDGE_OPERATION_STATUS', 'without an agent', {
    acknowledge_operation_status: without,
  });

  const wrong: [string, object][] = [
    ['RESERVE of more than was offered', operation.reserve([scalar('cpus', 500, reservedBy(ROLE))], 'e1')],
    ['RESERVE for another role', operation.reserve([scalar('cpus', 0.1, reservedBy('other'))], 'e2')],
    ['RESERVE without a reservation', operation.reserve([scalar('cpus', 0.1)], 'e3')],
    ['UNRESERVE of what is not reserved', operation.unreserve([scalar('cpus', 0.1)], 'e4')],
    ['UNRESERVE of more than is reserved', operation.unreserve([scalar('cpus', 3, reservedBy(ROLE))], 'e5')],
    ['CREATE on disk that is not reserved', operation.create([volume('v', 10)], 'e6')],
    ['CREATE without a reservation', operation.create([{ ...volume('v', 10), reservations: [] }], 'e7')],
    ['DESTROY of a volume that is not there', operation.destroy([volume('v', 10)], 'e8')],
    ['RESERVE with a strange name', operation.reserve([], 'e9')],
    ['RESERVE static', operation.reserve([scalar('cpus', 0.1, { type: 'STATIC', role: ROLE })], 'e10')],
    [
      'RESERVE with a refinement of another role',
      operation.reserve([scalar('cpus', 0.1, reservedBy(ROLE), reservedBy('elsewhere/x'))], 'e11'),
    ],
    ['CREATE with a bad id', operation.create([volume('a/b', 10)], 'e12')],
    [
      'CREATE read-only',
      operation.create(
        [
          {
            ...volume('v', 10),
            disk: { persistence: { id: 'v' }, volume: { mode: 'RO', container_path: 'x' } },
          },
        ],
        'e13',
      ),
    ],
  ];
  for (const [about, asked] of wrong) {
    await talk.accept(await talk.offer(), about, [asked]);
    await talk.operation();
  }
  await talk.accept(await talk.offer(), 'UNRESERVE a part', [
    operation.unreserve([scalar('cpus', 0.2, reservedBy(ROLE))], 'u1'),
  ]);
  await talk.operation();
  await talk.accept(await talk.offer(), 'UNRESERVE the rest, without an id', [
    operation.unreserve([scalar('cpus', 0.3, reservedBy(ROLE))]),
  ]);
  await talk.offer();
  await talk.call('RECONCILE_OPERATIONS', 'of all', { reconcile_operations: {} });
  const operations = [{ operation_id: { value: 'nobody' } }];
  await talk.call('RECONCILE_OPERATIONS', 'of one without an agent', {
    reconcile_operations: { operations },
  });
  await talk.event('UPDATE_OPERATION_STATUS');
}
