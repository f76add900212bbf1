import assert from 'node:assert/strict';
import { parseAlluxioArguments, renderAlluxioHelp } from '../../../scheduler/alluxio/arguments.ts';

describe('arguments of stevedore alluxio', () => {
  it('are the Mesos master, the host of the Alluxio master, and properties', () => {
    const parsed = parseAlluxioArguments([
      'start',
      'm:5050',
      'node1',
      '-Da=b=c',
      '-D',
      'd=',
      '--state-dir=/s',
    ]);
    assert.equal(parsed.action, 'start');
    assert.deepEqual(
      parsed.settings.map(({ key, value }) => [key, value]),
      [
        ['a', 'b=c'],
        ['d', ''],
        ['alluxio.integration.mesos.state.dir', '/s'],
        ['alluxio.integration.mesos.masters', 'm:5050'],
        ['alluxio.integration.mesos.master.hostname', 'node1'],
      ],
    );
  });

  it('are refused with what is wrong', () => {
    const refused =
      (...argv: string[]) =>
      () =>
        parseAlluxioArguments(argv);
    assert.throws(refused(), /What shall be done/);
    assert.throws(refused('begin'), /'begin' is none of/);
    assert.throws(refused('start', 'm:5050', 'a', 'b'), /'b' is one word too many/);
    assert.throws(refused('stop', 'x'), /one word too many/);
    assert.throws(refused('start', 'm:5050', '-Dnothing'), /-Dkey=value/);
    assert.throws(refused('start', 'm:5050', '--nothing'), { code: 'ERR_PARSE_ARGS_UNKNOWN_OPTION' });
  });

  it('may leave the Mesos master to its key, and take flags without a value', () => {
    const { settings } = parseAlluxioArguments(['start', '--state-unprotected']);
    assert.deepEqual(settings, [
      {
        key: 'alluxio.integration.mesos.state.unprotected',
        value: 'true',
        origin: '--state-unprotected',
      },
    ]);
  });

  it('ask for help, which lists every flag', () => {
    assert.equal(parseAlluxioArguments(['start', '--help']).action, 'help');
    assert.match(renderAlluxioHelp(), /alluxio\.integration\.mesos\.state\.dir, --state-dir/);
  });
});
