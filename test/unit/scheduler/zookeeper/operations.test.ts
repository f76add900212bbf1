import assert from 'node:assert/strict';
import { JuteReader, JuteWriter } from '../../../../scheduler/zookeeper/jute.ts';
import { parseMultiCodes, toMulti } from '../../../../scheduler/zookeeper/multi.ts';
import {
  toCreate,
  toDelete,
  toExists,
  toGetChildren,
  toGetData,
  toSetData,
} from '../../../../scheduler/zookeeper/operations.ts';

const STAT = { czxid: 1n, mzxid: 2n, version: 5, childrenVersion: 6, ephemeralOwner: -8n };
const ACL = [{ scheme: 'world', id: 'anyone', permissions: 31 }];

function writeStat(writer: JuteWriter): JuteWriter {
  writer.long(1n).long(2n).long(3n).long(4n).int(5).int(6).int(7).long(-8n);
  return writer.int(9).int(10).long(11n);
}

const PARSED_STAT = { ...STAT, dataLength: 9, childrenCount: 10 };

describe('operations of ZooKeeper', () => {
  it('read data, children and existence', () => {
    const data = writeStat(new JuteWriter().string('text')).finish();
    assert.deepEqual(toGetData('/a', false).parse(0, data), {
      data: new TextEncoder().encode('text'),
      stat: PARSED_STAT,
    });
    assert.deepEqual(toExists('/a', false).parse(0, writeStat(new JuteWriter()).finish()), PARSED_STAT);
    const writer = new JuteWriter();
    const children = writeStat(writer.vector(['x', 'y'], (name) => writer.string(name))).finish();
    assert.deepEqual(toGetChildren('/a', true).parse(0, children), ['x', 'y']);
  });

  it('read an absent node as undefined, and do not write to one', () => {
    const nothing = Buffer.alloc(0);
    for (const read of [toGetData('/a', true), toGetChildren('/a', true), toExists('/a', true)]) {
      assert.equal(read.parse(-101, nothing), undefined);
      assert.throws(() => read.parse(-102, nothing), { code: 'ERR_ZOOKEEPER_AUTH' });
    }
    const write = () => toSetData('/a', nothing, 1).parse(-101, nothing);
    assert.throws(write, { code: 'ERR_ZOOKEEPER_NO_NODE', message: /setData of \/a/ });
  });

  it('say what a server refuses', () => {
    const refuse = (code: number) => () => toDelete('/a/b', 3).parse(code, Buffer.alloc(0));
    assert.throws(refuse(-103), { code: 'ERR_ZOOKEEPER_BAD_VERSION', message: /delete of \/a\/b/ });
    assert.throws(refuse(-110), { code: 'ERR_ZOOKEEPER_NODE_EXISTS' });
    assert.throws(refuse(-111), { code: 'ERR_ZOOKEEPER_NOT_EMPTY' });
    assert.throws(refuse(-125), { code: 'ERR_ZOOKEEPER_REFUSED', message: /a quota is exceeded/ });
    assert.throws(refuse(-99), { code: 'ERR_ZOOKEEPER_REFUSED', message: /error -99/ });
  });

  it('tell which may be sent again', () => {
    const create = toCreate({ path: '/a', data: Buffer.alloc(0), mode: 'persistent', acl: ACL });
    const writes = [create, toSetData('/a', Buffer.alloc(0), 1), toDelete('/a', 1), toMulti([])];
    assert.ok(writes.every(({ isRead }) => !isRead));
    assert.ok([toExists('/a', false), toGetData('/a', false)].every(({ isRead }) => isRead));
  });

  it('create with permissions and mode', () => {
    const data = Buffer.from('d');
    const { body } = toCreate({ path: '/a', data, mode: 'ephemeral-sequential', acl: ACL });
    const reader = new JuteReader(body);
    assert.deepEqual([reader.string(), reader.buffer().toString(), reader.int()], ['/a', 'd', 1]);
    assert.deepEqual([reader.int(), reader.string(), reader.string()], [31, 'world', 'anyone']);
    assert.deepEqual([reader.int(), reader.remaining], [3, 0]);
  });
});

describe('multi', () => {
  const check = { kind: 'check', path: '/c', version: 2 } as const;
  const set = { kind: 'set', path: '/s', data: Buffer.from('x'), version: -1 } as const;

  it('writes each part behind its type, and an end', () => {
    const hex = toMulti([check]).body.toString('hex');
    assert.equal(hex, `0000000d00ffffffff${'000000022f63'}00000002${'ffffffff01ffffffff'}`);
  });

  it('passes over the results of every kind', () => {
    const writer = new JuteWriter().int(1).bool(false).int(0).string('/a');
    writeStat(writer.int(5).bool(false).int(0)).int(2).bool(false).int(0).int(13).bool(false).int(0);
    assert.deepEqual(parseMultiCodes(writer.int(-1).bool(true).int(-1).finish()), [0, 0, 0, 0]);
  });

  it('fails with the part that was the reason', () => {
    const writer = new JuteWriter();
    for (const code of [0, -103]) writer.int(-1).bool(false).int(code).int(code);
    const body = writer.int(-1).bool(true).int(-1).finish();
    const parse = () => toMulti([check, set]).parse(0, body);
    assert.throws(parse, { code: 'ERR_ZOOKEEPER_BAD_VERSION', message: /set in a multi of \/s/ });
    const whole = () => toMulti([check, set]).parse(-112, Buffer.alloc(0));
    assert.throws(whole, { code: 'ERR_ZOOKEEPER_SESSION_EXPIRED' });
  });
});
