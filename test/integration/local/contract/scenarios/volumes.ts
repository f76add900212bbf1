/** Persistent volumes from RESERVE to UNRESERVE, and the tasks that see them. */
import type { Conversation } from '../conversation.ts';
import { lastingTask, operation, reservedBy, ROLE, scalar, shellTask, volume } from './wording.ts';

const DISK = scalar('disk', 64, reservedBy(ROLE));
const VOLUME = volume('v1', 64);
const NEEDS = [scalar('cpus', 0.1), scalar('mem', 32)];

async function run(talk: Conversation, id: string, command: string): Promise<void> {
  const task = shellTask(id, talk.agentId, command, [...NEEDS, VOLUME]);
  await talk.accept(await talk.offer(), `LAUNCH ${id}: ${command}`, [operation.launch(task)]);
  await talk.update();
  await talk.update();
  await talk.update();
}

export async function playVolumes(talk: Conversation): Promise<void> {
  await talk.subscribe({ roles: [ROLE], name: 'volumes' });
  const first = await talk.offer();
  const write = shellTask('write', talk.agentId, 'echo kept > data/file', [...NEEDS, VOLUME]);
  await talk.accept(first, 'RESERVE, CREATE, LAUNCH', [
    operation.reserve([DISK], 'r1'),
    operation.create([VOLUME], 'c1'),
    operation.launch(write),
  ]);
  await talk.operation();
  await talk.operation();
  await talk.update();
  await talk.update();
  await talk.update();
  await run(talk, 'read', 'grep -q kept data/file');
  await talk.accept(await talk.offer(), 'CREATE with an id that is taken', [
    operation.reserve([DISK], 'r2'),
    operation.create([VOLUME], 'c2'),
  ]);
  await talk.operation();
  await talk.operation();
  await talk.accept(await talk.offer(), 'UNRESERVE a volume', [operation.unreserve([VOLUME], 'u1')]);
  await talk.operation();
  await talk.accept(await talk.offer(), 'LAUNCH with an id', [
    operation.launch(shellTask('named', talk.agentId, 'true', NEEDS), 'l1'),
  ]);
  await talk.update();
  const keep = lastingTask('keep', talk.agentId, VOLUME);
  await talk.accept(await talk.offer(), 'LAUNCH keep', [operation.launch(keep)]);
  await talk.update();
  await talk.accept(await talk.offer(() => true), 'DESTROY a volume in use', [
    operation.destroy([VOLUME], 'd0'),
  ]);
  await talk.operation();
  await talk.call('KILL', 'keep', { kill: { task_id: { value: 'keep' } } });
  await talk.update();
  await talk.event('FAILURE');
  await talk.accept(await talk.offer(), 'DESTROY, then CREATE again', [
    operation.destroy([VOLUME], 'd1'),
    operation.create([VOLUME], 'c3'),
  ]);
  await talk.operation();
  await talk.operation();
  await run(talk, 'empty', 'test ! -e data/file');
  await talk.accept(await talk.offer(), 'DESTROY and UNRESERVE', [
    operation.destroy([VOLUME], 'd2'),
    operation.unreserve([scalar('disk', 128, reservedBy(ROLE))], 'u2'),
  ]);
  await talk.operation();
  await talk.operation();
  await talk.offer();
}
