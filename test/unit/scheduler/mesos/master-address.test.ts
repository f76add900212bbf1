import assert from 'node:assert/strict';
import {
  parseMasterAddress,
  parseRedirect,
  renderMasterAddress,
} from '../../../../scheduler/mesos/master-address.ts';

function problemOf(text: string): string {
  try {
    parseMasterAddress(text);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error(`'${text}' was taken`);
}

describe('master address', () => {
  it('reads what it writes', () => {
    for (const text of ['mesos-master:5050', '10.0.0.1:80', '[::1]:5050'])
      assert.equal(renderMasterAddress(parseMasterAddress(text)), text);
    assert.equal(parseMasterAddress('https://m:5050').protocol, 'https:');
  });

  it('takes the protocol of the options only where none is written', () => {
    assert.equal(parseMasterAddress('m:5050', 'https:').protocol, 'https:');
    assert.equal(parseMasterAddress('HTTP://m:5050', 'https:').protocol, 'http:');
  });

  it('refuses what is no host and port, and names the part that is wrong', () => {
    assert.match(problemOf(''), /an address is empty/);
    assert.match(problemOf('mesos'), /'mesos' has no port/);
    assert.match(problemOf('mesos:0'), /the port 0 is not between/);
    assert.match(problemOf('mesos:70000'), /the port 70000 is not between/);
    assert.match(problemOf('ftp://a:5050'), /scheme 'ftp'/);
    assert.match(problemOf('::1:5050'), /IPv6 without brackets/);
    assert.match(problemOf('[::x]:5050'), /no valid host/);
    assert.match(problemOf('a:5050/mesos'), /nothing may follow the port/);
    assert.match(problemOf('a b:5050'), /no valid host/);
  });

  it('never shows a password that was written into it', () => {
    for (const text of ['http://me:s3cr3t@m:5050', 'me:s3cr3t@m:5050', 'me:s3/cr3t@x@m:5050'])
      assert.doesNotMatch(problemOf(text), /s3/);
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
