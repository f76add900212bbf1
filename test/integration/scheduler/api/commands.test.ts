/** Every command for operators against a scheduler that runs. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readProgram } from '../../../../scripts/child-process.ts';
import { runCommandLine } from '../../../../scripts/command-line.ts';
import { OPERATOR_COMMANDS } from '../../../../scheduler/commands/command-table.ts';
import { runOperatorCommand } from '../../../../scheduler/commands/operator-main.ts';
import type { Terminal } from '../../../../scheduler/commands/terminal.ts';
import { makeComponent, makeSpec } from '../../../support/engine-world.ts';
import { eventually } from '../../../support/eventually.ts';
import { ROOT } from '../../../support/program.ts';
import { ApiWorld } from './api-world.ts';

const ESCAPE = '\u001b';

interface Result {
  readonly status: number;
  readonly printed: string;
  readonly complained: string;
}

describe('commands for operators', function () {
  this.timeout(30_000);
  let world: ApiWorld;
  const used = new Set<string>();

  before(async () => {
    world = await ApiWorld.open();
    await world.start(
      makeSpec(makeComponent({ count: 2 }), makeComponent({ name: 'elsewhere', hostname: 'h99' })),
    );
    await world.runTasks(2);
  });
  after(() => world.close());

  async function run(words: readonly string[], changes: Partial<Terminal> = {}): Promise<Result> {
    let [printed, complained] = ['', ''];
    const terminal: Terminal = {
      print: (text) => void (printed += text),
      complain: (text) => void (complained += text),
      colours: 'plain',
      columns: Number.POSITIVE_INFINITY,
      isInteractive: false,
      ask: async () => assert.fail('nobody is there to be asked'),
      untilInterrupted: () => AbortSignal.abort(),
      ...changes,
    };
    const load = (word: string) => async () => ({
      main: (argv: readonly string[]) => runOperatorCommand(word, argv, terminal),
    });
    const commands = Object.fromEntries(
      Object.entries(OPERATOR_COMMANDS).map(([word, { summary }]) => [word, { summary, load: load(word) }]),
    );
    used.add(words[0] ?? '');
    const { print, complain } = terminal;
    const status = await runCommandLine(words, { commands, environment: {}, print, complain });
    return { status, printed, complained };
  }

  const here = () => ['--state-dir', world.stateDirectory];
  const ask = (...words: string[]) => run([...words, ...here()]);

  /** Over TLS, as from another host. */
  function there(): string[] {
    const { url, token, ca } = world.remote;
    const [tokenFile, caFile] = ['token-copy', 'ca-copy'].map((name) => join(world.bench.directory, name));
    writeFileSync(tokenFile as string, `${token}\n`);
    writeFileSync(caFile as string, ca ?? '');
    return ['--api', url, '--token-file', tokenFile as string, '--ca', caFile as string];
  }

  async function accept(said: RegExp, ...words: string[]): Promise<void> {
    const { status, printed, complained } = await ask(...words);
    assert.deepEqual([status, complained], [0, ''], words.join(' '));
    assert.match(printed, said);
  }

  it('status shows instances, here and from elsewhere, as a table and as JSON', async () => {
    for (const where of [here(), there()]) {
      const { status, printed } = await run(['status', ...where]);
      assert.equal(status, 0);
      assert.match(printed, /^test 'c1': \w+\nframework M-0001, connected to /);
      assert.match(printed, /^worker-0 +ready .* c1\.worker-0\.\w+$/m);
      assert.ok(!printed.includes(ESCAPE));
    }
    const { printed } = await ask('status', '--json');
    assert.equal((JSON.parse(printed) as { cluster: string }).cluster, 'c1');
    const painted = await run(['status', ...here()], {
      colours: 'colours',
      columns: 80,
      isInteractive: true,
    });
    assert.ok(painted.printed.includes(`${ESCAPE}[32mready`));
  });

  it('status --watch goes on until it is interrupted, also over a moment without an answer', async () => {
    const controller = new AbortController();
    let text = '';
    const watching = run(['status', '--watch', ...here()], {
      untilInterrupted: () => controller.signal,
      print: (piece) => void (text += piece),
    });
    await eventually('the first report', 5000, () => (text.includes('worker-0 ready') ? true : undefined));
    controller.abort();
    assert.equal((await watching).status, 0);
    const drawn = await run(['status', '--watch', ...here()], { isInteractive: true, columns: 80 });
    assert.ok(drawn.printed.startsWith(`${ESCAPE}[2J${ESCAPE}[H`));
    assert.equal((await run(['status', '--watch', '--state-dir', '/nowhere'])).status, 3);
  });

  it('plan shows each step; explain says what is lacking, of all and of one', async () => {
    await accept(/^elsewhere-0 +pending +launch/m, 'plan');
    await accept(/^\{"phase":/, 'plan', '--json');
    await accept(/^elsewhere-0\n[^]*needs host h99, offered/m, 'explain');
    await accept(/^worker-0\n {2}has its task\n {2}needs cpus 1\.1/, 'explain', 'worker-0');
    await accept(/^\{"name":"worker-0"/, 'explain', 'worker-0', '--json');
  });

  it('orders are given, and what was ordered is said', async () => {
    await accept(/^the plan is paused/, 'pause');
    await accept(/^the plan goes on/, 'resume');
    await accept(/^the plan is paused/, 'plan', '--pause');
    await accept(/^the plan goes on/, 'plan', '--resume');
    await accept(/^worker is to have 3 instances$/m, 'scale', 'worker', '3');
    await accept(/^worker-0 is paused/, 'pause', 'worker-0');
    await accept(/^worker-0 is launched again/, 'resume', 'worker-0');
    await accept(/^worker-0 is restarted$/m, 'restart', 'worker-0');
    await accept(/^every instance of worker is restarted/, 'restart', '--component', 'worker');
    await accept(/^every instance is restarted/, 'restart', '--all');
    await accept(/^worker-1 moves to another host/, 'replace', 'worker-1');
    await accept(/^elsewhere-0 starts anew/, 'forget', 'elsewhere-0');
    await accept(/^elsewhere-0 starts anew/, 'forget', '--instance', 'elsewhere-0');
    await accept(/^h1 is drained/, 'drain', 'h1');
    await accept(/^h1 is used again/, 'undrain', 'h1');
    await accept(/^\{"accepted":true\}$/m, 'drain', 'h2', '--json');
    assert.deepEqual(world.master.callsOf('KILL').length > 0, true);
  });

  it('what is refused says why, with exit status 1, and what may have been meant', async () => {
    const refused = [
      [['restart', 'wroker-0'], /There is no instance 'wroker-0'.*Did you mean 'worker-0'\?$/m],
      [['explain', 'worker-9'], /There is no instance 'worker-9'/],
      [['scale', 'workers', '3'], /There is no component 'workers'.*Did you mean 'worker'\?$/m],
      [['undrain', 'h22'], /Host 'h22' is not drained/],
      [['rollback'], /There is no configuration before/],
      [['plan', '--rollback'], /There is no configuration before/],
      [['plan', '--resume'], /neither paused nor halted/],
    ] as const;
    for (const [words, message] of refused) {
      const { status, complained, printed } = await ask(...words);
      assert.deepEqual([status, printed], [1, ''], words.join(' '));
      assert.match(complained, message);
    }
  });

  it('what cannot be understood is exit status 2, and nobody to ask is 3', async () => {
    for (const words of [
      ['restart'],
      ['scale', 'worker', 'x'],
      ['plan', '--pause', '--resume'],
      ['status', 'x'],
      ['status', '--wacth'],
    ])
      assert.equal((await ask(...words)).status, 2, words.join(' '));
    assert.equal((await run(['status', '--state-dir', join(world.bench.directory, 'none')])).status, 3);
    const [, , ...rest] = there();
    assert.equal((await run(['status', '--api', 'https://127.0.0.1:1', ...rest])).status, 3);
    assert.equal((await run(['status', ...there().slice(0, 4)])).status, 3);
    const wrong = join(world.bench.directory, 'wrong-token');
    writeFileSync(wrong, 'wrong\n');
    const unauthorized = await run(['status', ...there(), '--token-file', wrong]);
    assert.equal(unauthorized.status, 1);
    assert.match(unauthorized.complained, /answered 401: The request has no valid token/);
  });

  it('a process prints plain text into a pipe, and its exit status says what happened', async () => {
    const program = join(ROOT, 'scripts/stevedore.ts');
    const start = (...words: string[]) =>
      readProgram(process.execPath, [program, ...words], AbortSignal.timeout(10_000));
    const shown = await start('status', ...here());
    assert.equal(shown.status, 0);
    assert.ok(shown.lines.some((line) => /^worker-0 .*c1\.worker-0\.\w+$/.test(line)));
    assert.ok(!shown.lines.join('').includes(ESCAPE));
    assert.equal((await start('forget', 'worker-0', ...here())).status, 1);
    assert.equal((await start('status', '--state-dir', '/nowhere')).status, 3);
  });

  it('events follow over a restart of the scheduler, nothing twice', async () => {
    const controller = new AbortController();
    let text = '';
    const following = run(['events', ...here()], {
      untilInterrupted: () => controller.signal,
      print: (piece) => void (text += piece),
    });
    await eventually('events', 5000, () => (text.includes('an operator ordered drain') ? true : undefined));
    const subscribed = () => text.match(/subscribed at/g)?.length ?? 0;
    assert.equal(subscribed(), 1);
    await world.scheduler?.stop();
    await world.start(
      makeSpec(makeComponent({ count: 2 }), makeComponent({ name: 'elsewhere', hostname: 'h99' })),
    );
    await eventually('events of the next one', 10_000, () => (subscribed() === 2 ? true : undefined));
    controller.abort();
    assert.equal((await following).status, 0);
    const lines = text.trim().split('\n');
    assert.equal(new Set(lines).size, lines.length);
    assert.match(lines[0] ?? '', /^\d{4}-\S+Z (?:connection|instance) /);
  });

  it('a teardown is not begun unless somebody said so', async () => {
    const unclear = await run(['teardown', ...there()]);
    assert.equal(unclear.status, 2);
    assert.match(unclear.complained, /--yes is needed/);
    const asked: string[] = [];
    const interactive = (typed: string): Partial<Terminal> => ({
      isInteractive: true,
      ask: async (question) => {
        asked.push(question);
        return typed;
      },
    });
    const mistyped = await run(['teardown', ...here()], interactive('c2'));
    assert.equal(mistyped.status, 1);
    assert.match(mistyped.complained, /what was typed is not the name of the cluster, 'c1'/);
    assert.match(asked[0] ?? '', /^This ends \d+ tasks of 'c1'\. Type its name to go on: $/);
    assert.equal(world.master.callsOf('TEARDOWN').length, 0);
  });

  it('stop-scheduler leaves the tasks, teardown ends them', async () => {
    await accept(/^the scheduler ends; every task keeps running/, 'stop-scheduler');
    assert.equal(await world.scheduler?.exit, 0);
    assert.equal(world.master.callsOf('TEARDOWN').length, 0);
    await world.start(
      makeSpec(makeComponent({ count: 2 }), makeComponent({ name: 'elsewhere', hostname: 'h99' })),
    );
    const ending = run(['teardown', '--yes', '--keep-volumes', ...there()]);
    const isOver = async () => {
      for (const task of world.master.launched) world.master.update(task, 'TASK_KILLED');
      return world.master.callsOf('TEARDOWN')[0];
    };
    await eventually('the teardown', 15_000, isOver);
    assert.match((await ending).printed, /^torn down: framework M-0001$/m);
  });

  it('each was used here', () => {
    assert.deepEqual([...used].toSorted(), Object.keys(OPERATOR_COMMANDS).toSorted());
  });
});
