import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseMasterSpec, renderMasterSpec } from '../../../../scheduler/mesos/master-spec.ts';

describe('master option', () => {
  it('reads one address, several, ZooKeeper and a file', () => {
    const one = { protocol: 'http:', hostname: 'm1', port: 5050 } as const;
    assert.deepEqual(parseMasterSpec(' m1:5050\n'), { kind: 'addresses', addresses: [one] });
    assert.deepEqual(parseMasterSpec('m1:5050, https://[::1]:5051'), {
      kind: 'addresses',
      addresses: [one, { protocol: 'https:', hostname: '::1', port: 5051 }],
    });
    assert.deepEqual(parseMasterSpec('zk://z1:2181,z2/mesos/'), {
      kind: 'zookeeper',
      address: { servers: ['z1:2181', 'z2:2181'], path: '/mesos' },
    });
    assert.deepEqual(parseMasterSpec('file:///etc/mesos/zk'), { kind: 'file', path: '/etc/mesos/zk' });
  });

  it('takes https for every address without a scheme when the options say so', () => {
    const spec = parseMasterSpec('a:1,http://b:2', 'https:');
    assert.ok(spec.kind === 'addresses');
    assert.deepEqual(
      spec.addresses.map(({ protocol }) => protocol),
      ['https:', 'http:'],
    );
  });

  it('refuses each form where it is wrong', () => {
    assert.throws(() => parseMasterSpec('m1:5050,,m2:5050'), /an address is empty/);
    assert.throws(() => parseMasterSpec('m1:5050,m2'), /'m2' has no port/);
    assert.throws(() => parseMasterSpec('file://etc/zk'), /three slashes/);
    assert.throws(() => parseMasterSpec('zk://z1:2181'), { code: 'ERR_ZOOKEEPER_SYNTAX' });
  });

  it('shows no password, whatever is written around it', () => {
    const form = fc.constantFrom(
      'zk://u:PW@h:1/p',
      'zk://u:PW@h',
      'http://u:PW@h:1',
      'u:PW@h:1',
      'file://u:PW@x',
    );
    fc.assert(
      fc.property(form, fc.stringMatching(/^[\w@/:,]{0,12}$/), (text, noise) => {
        const password = `s3cr3t${noise}s3cr3t`;
        const shown = (() => {
          try {
            return renderMasterSpec(parseMasterSpec(text.replace('PW', password)));
          } catch (error) {
            return (error as Error).message;
          }
        })();
        assert.doesNotMatch(shown, /s3cr3t/);
      }),
    );
  });
});
