import assert from 'node:assert/strict';
import { renderConfigFile, toConfigPath } from '../../../../executor/core/delivery/config-file.ts';

const SITE = [
  '# written by the operator',
  'alluxio.master.hostname=example',
  'zz.unknown.key=kept as it is',
  'alluxio.master.mount.table.root.option.s3a.secretKey=planted-secret-1',
  'path=C:\\\\temp\\u00e9',
  '',
].join('\n');

describe('configuration file', () => {
  const file = {
    path: 'alluxio-site.properties',
    format: 'properties' as const,
    from: 'site',
    set: {
      'alluxio.master.hostname': 'agent-1',
      'alluxio.worker.tieredstore.level0.dirs.path': '@{ramdisk}',
    },
  };

  it('keeps the keys of the operator in their order, and puts ours in place of theirs', () => {
    const { content, mode } = renderConfigFile(file, SITE, { ramdisk: '/dev/shm/x' });
    assert.deepEqual(content.trimEnd().split('\n'), [
      'zz.unknown.key=kept as it is',
      'alluxio.master.mount.table.root.option.s3a.secretKey=planted-secret-1',
      'path=C\\:\\\\temp\\u00e9',
      'alluxio.master.hostname=agent-1',
      'alluxio.worker.tieredstore.level0.dirs.path=/dev/shm/x',
    ]);
    assert.equal(mode, 0o600);
  });

  it('resolves placeholders in our values only: an operator may write the same signs', () => {
    const { content } = renderConfigFile({ ...file, set: {} }, 'a=@{ramdisk}\n', { ramdisk: 'x' });
    assert.equal(content, 'a=@{ramdisk}\n');
    assert.throws(() => renderConfigFile(file, SITE, {}), { code: 'ERR_PLACEHOLDER_UNKNOWN' });
  });

  const shown: [string, string, boolean][] = [
    ['a.enabled', 'true', true],
    ['a.size', '4GB', true],
    ['a.size', '1.5 MiB', true],
    ['a.timeout', '5min', true],
    ['a.port', '19998', true],
    ['a.type', 'MUST_CACHE', true],
    ['a.type', 'must_cache', false],
    ['a.pin', '1234hunter', false],
    ['a.password', '1234', false],
    ['fs.s3a.accessKeyId', 'AKIA', false],
    ['a.Token', 'true', false],
    ['a.user', 'MixedCase', false],
    ['a.url', 'hdfs://u:p@h', false],
    ['a.empty', '', false],
  ];
  for (const [key, value, visible] of shown) {
    it(`${visible ? 'shows' : 'hides'} ${key}=${value} in the copy for people`, () => {
      const { redacted } = renderConfigFile({ ...file, set: {} }, `${key}=${value}\n`, {});
      assert.equal(redacted.includes(`=${value}\n`), visible);
      assert.equal(redacted.includes('(hidden)'), !visible);
    });
  }

  it('shows what placement decided', () => {
    const { redacted } = renderConfigFile(file, SITE, { ramdisk: '/r' });
    assert.match(redacted, /alluxio\.master\.hostname=agent-1/);
    assert.doesNotMatch(redacted, /planted|temp|kept/);
  });

  it('shows a text of ours, and nothing of a text of the operator', () => {
    const text = {
      path: 'log4j.properties',
      format: 'text' as const,
      text: 'dir=@{sandbox}\n',
      mode: '0644',
    };
    const ours = renderConfigFile(text, undefined, { sandbox: '/s' });
    assert.deepEqual(ours, { content: 'dir=/s\n', redacted: 'dir=/s\n', mode: 0o644 });
    const theirs = renderConfigFile({ ...text, from: 'x' }, 'planted-secret', {});
    assert.equal(theirs.content, 'planted-secret');
    assert.equal(theirs.redacted, "(hidden): 14 bytes of the operator's own\n");
  });

  it('refuses a malformed escape with its line, and a mode that is none', () => {
    assert.throws(() => renderConfigFile(file, 'a=1\nb=\\u12\n', { ramdisk: '' }), {
      code: 'ERR_PROPERTIES_ESCAPE',
    });
    assert.throws(() => renderConfigFile({ ...file, mode: '9' }, '', { ramdisk: '' }), {
      code: 'ERR_CONFIG_FILE',
    });
  });

  it('takes relative paths inside the configuration directory only', () => {
    assert.equal(toConfigPath({ ...file, path: './a//b' }), 'a/b');
    for (const path of ['', '.', '..', '../x', 'a/../../x', '/etc/passwd', 'a/', 'a\0b'])
      assert.throws(() => toConfigPath({ ...file, path }), { code: 'ERR_CONFIG_FILE' }, path);
  });
});
