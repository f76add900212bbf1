import assert from 'node:assert/strict';
import { StevedoreError, StevedoreErrors } from '../../../protocol/errors.ts';
import { runCommandLine } from '../../../scripts/command-line.ts';
import type { Main } from '../../../scripts/commands.ts';

async function run(words: readonly string[], main: Main = async () => 0, environment = {}) {
  let [printed, complained] = ['', ''];
  const status = await runCommandLine(words, {
    commands: { teardown: { summary: 'ends it', load: async () => ({ main }) } },
    environment,
    print: (text) => void (printed += text),
    complain: (text) => void (complained += text),
  });
  return { status, printed, complained };
}

describe('the command line', () => {
  it('hands the words after the command to its program and returns its exit status', async () => {
    const seen: string[] = [];
    const result = await run(['teardown', '--state-dir', '/x'], async (argv) => {
      seen.push(...argv);
      return 7;
    });
    assert.deepEqual(seen, ['--state-dir', '/x']);
    assert.equal(result.status, 7);
  });

  it('names the nearest commands for a word that is none, with exit status 2', async () => {
    const { status, complained } = await run(['tearodwn']);
    assert.equal(status, 2);
    assert.match(complained, /'tearodwn' is no command.*Did you mean 'teardown'\?/);
  });

  it('does not take a property of every object for a command', async () => {
    assert.equal((await run(['constructor'])).status, 2);
  });

  it('tells a failure of the catalogue without a stack, with exit status 1', async () => {
    const { status, complained } = await run(['teardown'], async () => {
      throw new StevedoreError('ERR_DURATION_SYNTAX', { value: 'soon' });
    });
    assert.equal(status, 1);
    assert.match(complained, /^stevedore: 'soon' is no duration\./);
    assert.doesNotMatch(complained, /\n {4}at /);
  });

  it('tells several problems one a line', async () => {
    const problem = (value: string) => new StevedoreError('ERR_DURATION_SYNTAX', { value });
    const { complained } = await run(['teardown'], async () => {
      throw new StevedoreErrors([problem('a'), problem('b')]);
    });
    assert.match(complained, /'a' is no duration.*\n'b' is no duration/);
  });

  it('keeps the stack of an unexpected failure for those who ask', async () => {
    const broken: Main = async () => {
      throw new TypeError('x is not a function');
    };
    const quiet = await run(['teardown'], broken);
    assert.equal(quiet.complained.split('\n').length, 2);
    assert.match(quiet.complained, /x is not a function \(STEVEDORE_DEBUG=1 shows where\)/);
    const loud = await run(['teardown'], broken, { STEVEDORE_DEBUG: '1' });
    assert.match(loud.complained, /\n {4}at /);
  });

  it('takes an argument that a program does not know for misuse, with exit status 2', async () => {
    const { status } = await run(['teardown'], async () => {
      throw Object.assign(new TypeError("Unknown option '--x'"), { code: 'ERR_PARSE_ARGS_UNKNOWN_OPTION' });
    });
    assert.equal(status, 2);
  });

  it('lists the commands for help, and asks a command for its own', async () => {
    assert.match((await run(['help'])).printed, /teardown\s+ends it/);
    const asked: string[] = [];
    await run(['help', 'teardown'], async (argv) => {
      asked.push(...argv);
      return 0;
    });
    assert.deepEqual(asked, ['--help']);
  });
});
