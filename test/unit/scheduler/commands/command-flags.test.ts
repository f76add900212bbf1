import assert from 'node:assert/strict';
import { parseCommandFlags, parseCommandWords } from '../../../../scheduler/commands/command-flags.ts';

const OPTIONS = { 'state-dir': { type: 'string' }, json: { type: 'boolean' } } as const;

describe('the flags of a command', () => {
  it('are read in both forms', () => {
    assert.equal(parseCommandFlags(['--state-dir', '/x'], OPTIONS, 'u')['state-dir'], '/x');
    assert.equal(parseCommandFlags(['--state-dir=/x', '--json'], OPTIONS, 'u').json, true);
    assert.deepEqual(parseCommandWords(['a', '--json', 'b'], OPTIONS, 'u').positionals, ['a', 'b']);
  });

  it('are refused with the nearest name and the usage', () => {
    const refuse = (argv: string[], message: RegExp) =>
      assert.throws(() => parseCommandFlags(argv, OPTIONS, 'Usage: u'), {
        code: 'ERR_COMMAND_LINE',
        message,
      });
    refuse(['--josn'], /^Unknown option '--josn'; did you mean '--json'\?\. Usage: u$/);
    refuse(['--other'], /^Unknown option '--other'\. Usage: u$/);
    refuse(['--state-dir'], /argument missing/);
    refuse(['word'], /^Unexpected argument 'word'\. Usage: u$/);
  });
});
