import assert from 'node:assert/strict';
import {
  parseMasterAddress,
  parseRedirect,
  renderMasterAddress,
} from '../../../../scheduler/mesos/master-detector.ts';

describe('master address', () => {
  it('reads what it writes', () => {
    for (const text of ['mesos-master:5050', '10.0.0.1:80', '[::1]:5050'])
      assert.equal(renderMasterAddress(parseMasterAddress(text)), text);
    assert.equal(parseMasterAddress('https://m:5050').protocol, 'https:');
  });

  it('refuses what is no host and port, with the value', () => {
    for (const text of ['', 'mesos', 'mesos:0', 'mesos:70000', 'zk://a:2181/mesos', 'a b:5050'])
      assert.throws(() => parseMasterAddress(text), { code: 'ERR_MASTER_SYNTAX' });
  });

  it('resolves redirects without scheme, with one, and bare ones', () => {
    const from = { protocol: 'https:', hostname: 'a', port: 5050 } as const;
    const to = { protocol: 'https:', hostname: 'b', port: 5051 };
    assert.deepEqual(parseRedirect('//b:5051/master/api/v1/scheduler', from), to);
    assert.deepEqual(parseRedirect('b:5051', from), to);
    assert.deepEqual(parseRedirect('http://[::1]:5051/x', from), {
      ...to,
      protocol: 'http:',
      hostname: '::1',
    });
    assert.equal(parseRedirect('ftp://b:5051', from), undefined);
    assert.equal(parseRedirect('//', from), undefined);
  });
});
