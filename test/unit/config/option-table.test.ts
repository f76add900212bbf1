import assert from 'node:assert/strict';
import {
  renderOptionDump,
  renderOptionHelp,
  renderOptionMarkdown,
} from '../../../config/option-reference.ts';
import { resolveOptions } from '../../../config/option-resolution.ts';
import {
  collectEnvironment,
  type OptionTable,
  type Setting,
  type SettingSources,
} from '../../../config/option-table.ts';
import { bytesType, integerType, portType, stringType } from '../../../config/option-types.ts';

const TABLE = {
  memory: {
    key: 'x.worker.memory',
    type: bytesType,
    default: '1GB',
    deprecated: ['x.worker.mem'],
    environment: ['X_MEMORY', 'X_MEM'],
    section: 'Worker',
    doc: 'Memory of a worker.',
  },
  port: { key: 'x.port', type: portType, aliases: ['x.rpc'], section: 'Ports', doc: 'Where it listens.' },
  count: { key: 'x.count', type: integerType(1), flag: 'count', section: 'Worker', doc: 'How many.' },
  home: { key: 'x.home', type: stringType, default: '/opt/x', section: 'Files', doc: 'Installation.' },
  logs: { key: 'x.logs', type: stringType, default: '${x.home}/logs', section: 'Files', doc: 'Logs.' },
  secret: { key: 'x.secret', type: portType, secret: true, section: 'Login', doc: 'Kept to itself.' },
} satisfies OptionTable;

const setting = (key: string, value: string, origin = `x.properties:1`): Setting => ({ key, value, origin });
const resolve = (sources: Partial<SettingSources>) =>
  resolveOptions(TABLE, { flags: [], environment: [], file: [], ...sources }, ['x.']);

describe('option table', () => {
  it('takes the flag before the environment before the file before the default', () => {
    const file = [setting('x.worker.memory', '1MB')];
    const environment = collectEnvironment(TABLE, { X_MEM: '2MB' });
    const flags = [setting('x.worker.memory', '3MB')];
    assert.equal(resolve({}).values.memory, 1024 ** 3);
    assert.equal(resolve({ file }).values.memory, 1024 ** 2);
    assert.equal(resolve({ file, environment }).values.memory, 2 * 1024 ** 2);
    assert.equal(resolve({ file, environment, flags }).values.memory, 3 * 1024 ** 2);
  });

  it('takes a later setting of a source before an earlier one, and the key before its other names', () => {
    assert.equal(resolve({ file: [setting('x.port', '1'), setting('x.port', '2')] }).values.port, 2);
    assert.equal(resolve({ file: [setting('x.port', '1'), setting('x.rpc', '2')] }).values.port, 1);
  });

  it('prefers an old name in a stronger source', () => {
    const flags = [setting('x.worker.mem', '5')];
    assert.equal(resolve({ file: [setting('x.worker.memory', '6')], flags }).values.memory, 5);
  });

  it('warns of a deprecated key with its place and the new name, and not of an alias', () => {
    assert.deepEqual(resolve({ file: [setting('x.worker.mem', '5'), setting('x.rpc', '2')] }).warnings, [
      'x.worker.mem (x.properties:1) is an old name: write x.worker.memory.',
    ]);
  });

  it('tells set from default, also when both are equal', () => {
    assert.equal(resolve({}).isSet('memory'), false);
    assert.equal(resolve({ file: [setting('x.worker.memory', '1GB')] }).isSet('memory'), true);
  });

  it('replaces references to other keys, whether set or default', () => {
    assert.equal(resolve({}).values.logs, '/opt/x/logs');
    assert.equal(resolve({ file: [setting('x.home', '/y')] }).values.logs, '/y/logs');
    assert.equal(resolve({ file: [setting('x.home', '${x.logs}')] }).values.home.includes('${'), true);
    assert.equal(resolve({ file: [setting('x.home', '${not.ours}/z')] }).values.home, '${not.ours}/z');
  });

  it('reports every problem at once, with key, origin and value', () => {
    const file = [
      setting('x.worker.memory', 'much', 'a:1'),
      setting('x.count', '0', 'a:2'),
      setting('x.prot', '1', 'a:3'),
    ];
    assert.deepEqual(
      resolve({ file }).problems.map((problem) => problem.message.trim()),
      [
        'x.prot (a:3) is no key of ours. Did you mean x.port?',
        "x.worker.memory (a:1): 'much' is no size. Write a number and a unit, as in 512MB or 4GiB (1 KB is 1024 bytes, as Alluxio and Mesos count).",
        "x.count (a:2): '0' cannot be used. Write a whole number of 1 or more.",
      ],
    );
  });

  it('leaves keys outside our name spaces alone', () => {
    assert.deepEqual(resolve({ file: [setting('y.prot', '1')] }).problems, []);
  });

  it('prints a secret nowhere', () => {
    const { options, problems } = resolve({ file: [setting('x.secret', 'hunter2')] });
    assert.match(renderOptionDump(options), /^x\.secret = \(hidden\)  # x\.properties:1$/m);
    assert.doesNotMatch(problems.map((problem) => problem.message).join(), /hunter2/);
  });

  it('prints each value in force with its origin', () => {
    const { options } = resolve({ file: [setting('x.port', '7')] });
    const dump = renderOptionDump(options);
    assert.match(dump, /^x\.port = "7" {2}# x\.properties:1$/m);
    assert.match(dump, /^x\.home = "\/opt\/x" {2}# default$/m);
    assert.doesNotMatch(dump, /x\.count/);
  });

  it('names every option with its default in the help and in the reference', () => {
    const help = renderOptionHelp(TABLE);
    const markdown = renderOptionMarkdown(TABLE);
    for (const { key } of Object.values(TABLE)) {
      assert.ok(help.includes(`  ${key}`));
      assert.ok(markdown.includes(`| \`${key}\` |`));
    }
    assert.match(help, /x\.count, --count \(integer\)/);
    assert.match(
      markdown,
      /\| `x\.worker\.memory` \| size \| `1GB` \| Memory of a worker\. \| `x\.worker\.mem`<br>`X_MEMORY`<br>`X_MEM` \|/,
    );
  });
});
