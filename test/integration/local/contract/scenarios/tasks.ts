/** Tasks that Mesos refuses to launch for what they ask for. */
import type { Conversation } from '../conversation.ts';
import { lastingTask, operation, ROLE, scalar, shellTask } from './wording.ts';

type Task = Record<string, unknown> & { readonly executor: Record<string, unknown> };

function ports(begin: number, end: number): object {
  return { name: 'ports', type: 'RANGES', ranges: { range: [{ begin, end }] } };
}

export async function playTasks(talk: Conversation): Promise<void> {
  await talk.subscribe({ roles: [ROLE] });
  const first = await talk.offer();
  const good = lastingTask('task', talk.agentId) as Task;
  const withExecutor = (more: object): object => ({ ...good, executor: { ...good.executor, ...more } });
  const wrong: [string, object][] = [
    ['no resources', { ...good, resources: [] }],
    ['negative resources', { ...good, resources: [scalar('cpus', -1)] }],
    ['an executor with negative resources', withExecutor({ resources: [scalar('cpus', -1)] })],
    [
      'ports that task and executor share',
      {
        ...withExecutor({ resources: [scalar('cpus', 0.1), scalar('mem', 64), ports(31_000, 31_001)] }),
        resources: [scalar('cpus', 0.1), ports(31_001, 31_002)],
      },
    ],
    ['half a gpu', { ...good, resources: [scalar('gpus', 0.5)] }],
    ['an executor with a negative grace', withExecutor({ shutdown_grace_period: { nanoseconds: -1 } })],
    ['a negative kill grace', { ...good, kill_policy: { grace_period: { nanoseconds: -1 } } }],
    ['a DEFAULT executor', withExecutor({ type: 'DEFAULT' })],
    ['another framework', withExecutor({ framework_id: { value: 'other' } })],
    ['a bad id', { ...good, task_id: { value: 'a/b' } }],
    ['an executor without a command', { ...good, executor: { type: 'CUSTOM', executor_id: { value: 'x' } } }],
  ];
  let offer = first;
  for (const [about, task] of wrong) {
    await talk.accept(offer, `LAUNCH with ${about}`, [operation.launch(task)]);
    await talk.update();
    offer = await talk.offer();
  }
  const other = shellTask('other', talk.agentId, 'true', [
    { ...scalar('cpus', 0.1), allocation_info: { role: 'elsewhere' } },
  ]);
  await talk.accept(offer, 'LAUNCH with resources of another role', [operation.launch(other)]);
  await talk.update();
}
