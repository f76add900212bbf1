import assert from 'node:assert/strict';
import { findLeadingNode, parseMasterInfo } from '../../../../scheduler/mesos/master-info.ts';

const parse = (data: string | Uint8Array, protocol: 'http:' | 'https:' = 'http:') =>
  parseMasterInfo(Buffer.from(data as string), protocol);

const JSON_INFO = JSON.stringify({
  address: { hostname: 'm1.example', ip: '10.0.0.1', port: 5050 },
  hostname: 'm1.example',
  id: 'b5e1',
  ip: 16_777_226,
  pid: 'master@10.0.0.1:5050',
  port: 5050,
  version: '1.11.0',
});

/** MasterInfo { id: "m", ip: 16777226, port: 5050, pid: "master@10.0.0.1:5050" } as protobuf writes it. */
const BINARY_INFO = Buffer.concat([
  Buffer.from([0x0a, 1, 0x6d, 0x10, 0x8a, 0x80, 0x80, 0x08, 0x18, 0xba, 0x27, 0x22, 20]),
  Buffer.from('master@10.0.0.1:5050'),
]);

describe('masters in ZooKeeper', () => {
  it('the smallest sequence leads over all labels, and what is no master does not', () => {
    const children = ['json.info_0000000012', 'info_0000000009', 'log_replicas', '0000000010'];
    assert.equal(findLeadingNode(children), 'info_0000000009');
    assert.equal(findLeadingNode(['json.info_0000000100', 'json.info_0000000099']), 'json.info_0000000099');
    assert.equal(findLeadingNode(['log_replicas']), undefined);
    assert.equal(findLeadingNode([]), undefined);
  });

  it('reads JSON: by IP, over TLS by the name that the certificate has', () => {
    assert.deepEqual(parse(JSON_INFO), { protocol: 'http:', hostname: '10.0.0.1', port: 5050 });
    assert.deepEqual(parse(JSON_INFO, 'https:'), { protocol: 'https:', hostname: 'm1.example', port: 5050 });
  });

  it('falls back to the pid, with IPv6', () => {
    assert.deepEqual(parse('{"id":"x","pid":"master@[::1]:5050"}'), {
      protocol: 'http:',
      hostname: '::1',
      port: 5050,
    });
  });

  it('reads the binary form and plain pids of old masters', () => {
    const expected = { protocol: 'http:', hostname: '10.0.0.1', port: 5050 };
    assert.deepEqual(parse(BINARY_INFO), expected);
    assert.deepEqual(parse('master@10.0.0.1:5050'), expected);
  });

  it('prefers the address of a binary MasterInfo to its pid', () => {
    const address = Buffer.concat([
      Buffer.from([0x12, 3]),
      Buffer.from('::1'),
      Buffer.from([0x18, 0xbb, 0x27]),
    ]);
    const info = Buffer.concat([BINARY_INFO, Buffer.from([0x3a, address.length]), address]);
    assert.deepEqual(parse(info), { protocol: 'http:', hostname: '::1', port: 5051 });
  });

  it('refuses anything else and does not hang on it', () => {
    for (const data of ['', '{', '{}', 'hello', BINARY_INFO.subarray(0, 20), Buffer.from([0x07])])
      assert.throws(() => parse(data));
  });
});
