import assert from 'node:assert/strict';
import { JuteReader } from '../../../../scheduler/zookeeper/jute.ts';
import {
  parseReply,
  parseWelcome,
  renderAuth,
  renderClose,
  renderGreeting,
  renderPing,
  renderWatches,
} from '../../../../scheduler/zookeeper/session-messages.ts';

function readSetWatches(message: Buffer): { head: [number, number, bigint]; paths: string[][] } {
  const reader = new JuteReader(message);
  const head: [number, number, bigint] = [reader.int(), reader.int(), reader.long()];
  return { head, paths: [1, 2, 3].map(() => reader.vector(() => reader.string())) };
}

describe('messages of a session', () => {
  it('greet with the last transaction, the wish and the session', () => {
    const password = Buffer.alloc(16, 0xab);
    const greeting = renderGreeting({ lastZxid: 5n, timeoutMs: 2000, sessionId: 0x1_0000n, password });
    const fields = ['00000000', '0000000000000005', '000007d0', '0000000000010000', '00000010'];
    assert.equal(greeting.toString('hex'), `${fields.join('')}${'ab'.repeat(16)}00`);
  });

  it('read a welcome with and without the byte of newer servers', () => {
    const hex = `00000000${'000007d0'}${'ff00000000000001'}00000002abcd`;
    const welcome = { timeoutMs: 2000, sessionId: -0xffffffffffffffn, password: Buffer.from('abcd', 'hex') };
    assert.deepEqual(parseWelcome(Buffer.from(hex, 'hex')), welcome);
    assert.deepEqual(parseWelcome(Buffer.from(`${hex}00`, 'hex')), welcome);
  });

  it('are those of the protocol', () => {
    assert.equal(renderPing().toString('hex'), 'fffffffe0000000b');
    assert.equal(renderClose(7).toString('hex'), '00000007fffffff5');
    const auth = `fffffffc00000064${'00000000'}00000006${Buffer.from('digest').toString('hex')}`;
    assert.equal(renderAuth('u:p').toString('hex'), `${auth}00000003${Buffer.from('u:p').toString('hex')}`);
  });

  it('give a reply its head and its body', () => {
    const message = Buffer.from('000000020000000000000009ffffff9bbeef', 'hex');
    assert.deepEqual(parseReply(message), { xid: 2, zxid: 9n, code: -101, body: Buffer.from([0xbe, 0xef]) });
  });

  it('set watches again by kind, from the last transaction on', () => {
    const [message, ...others] = renderWatches(9n, { data: ['/d'], absent: ['/a', '/b'], children: ['/c'] });
    assert.deepEqual(others, []);
    const expected = { head: [-8, 101, 9n], paths: [['/d'], ['/a', '/b'], ['/c']] };
    assert.deepEqual(readSetWatches(message as Buffer), expected);
    assert.deepEqual(renderWatches(9n, { data: [], absent: [], children: [] }), []);
  });

  it('split many watches, since a server takes no message above a mebibyte', () => {
    const data = Array.from({ length: 5000 }, (_, index) => `/${'x'.repeat(300)}${index}`);
    const messages = renderWatches(1n, { data, absent: ['/a'], children: [] });
    assert.ok(messages.length > 5);
    assert.ok(messages.every(({ length }) => length < 140_000));
    const read = messages.map((message) => readSetWatches(message).paths);
    assert.deepEqual(
      read.flatMap(([paths]) => paths),
      data,
    );
    assert.deepEqual(
      read.flatMap(([, paths]) => paths),
      ['/a'],
    );
  });
});
