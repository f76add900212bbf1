/** A framework with a principal: its reservations and volumes carry it. */
import type { Conversation } from '../conversation.ts';
import { operation, reservedBy, ROLE, scalar, volume } from './wording.ts';

const OWN = reservedBy(ROLE, 'me');
const LABELLED = { ...OWN, labels: { labels: [{ key: 'rid', value: 'u1' }, { key: 'flag' }] } };

function owned(id: string, principal: string): ReturnType<typeof volume> {
  const made = volume(id, 32);
  return { ...made, reservations: [OWN], disk: { ...made.disk, persistence: { id, principal } } };
}

export async function playPrincipal(talk: Conversation): Promise<void> {
  await talk.subscribe({ roles: [ROLE], principal: 'me' });
  const asked: [string, object][] = [
    ['RESERVE without a principal', operation.reserve([scalar('cpus', 0.1, reservedBy(ROLE))], 'e1')],
    [
      'RESERVE with another principal',
      operation.reserve([scalar('cpus', 0.1, reservedBy(ROLE, 'you'))], 'e2'),
    ],
    ['RESERVE', operation.reserve([scalar('disk', 32, OWN), scalar('cpus', 0.1, LABELLED)], 'r1')],
    ['CREATE without a principal', operation.create([{ ...volume('v', 32), reservations: [OWN] }], 'e3')],
    ['CREATE with another principal', operation.create([owned('v', 'you')], 'e4')],
    ['UNRESERVE with other labels', operation.unreserve([scalar('cpus', 0.1, OWN)], 'e5')],
    ['CREATE', operation.create([owned('v', 'me')], 'c1')],
    ['DESTROY', operation.destroy([owned('v', 'me')], 'd1')],
    ['UNRESERVE', operation.unreserve([scalar('disk', 32, OWN), scalar('cpus', 0.1, LABELLED)], 'u1')],
  ];
  for (const [about, wanted] of asked) {
    await talk.accept(await talk.offer(), about, [wanted]);
    await talk.operation();
  }
  await talk.offer();
  const changed = { principal: 'you', roles: [ROLE], id: { value: talk.frameworkId } };
  await talk.subscribe(changed);
}
