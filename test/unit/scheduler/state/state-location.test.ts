import assert from 'node:assert/strict';
import { toStateLocation } from '../../../../scheduler/commands/state-flags.ts';
import { listStateWarnings, parseStateLocation } from '../../../../scheduler/state/state-location.ts';

const STATE = 'zk://h1:2181,h2:2182/stevedore';

describe('location of the state', () => {
  it('is a directory for one scheduler', () => {
    assert.deepEqual(parseStateLocation({ directory: '/d' }), {
      kind: 'sqlite',
      directory: '/d',
      keyFile: undefined,
    });
  });

  it('is ZooKeeper for several, whose directory then holds other things', () => {
    const location = parseStateLocation({ directory: '/d', state: STATE, keyFile: '/k' });
    assert.ok(location.kind === 'zookeeper');
    assert.deepEqual(location.address.servers, ['h1:2181', 'h2:2182']);
    assert.equal(location.address.path, '/stevedore');
    assert.equal(location.sessionTimeoutMs, 6000);
    assert.equal(location.keyFile, '/k');
  });

  it('must be said, and only once', () => {
    assert.throws(() => parseStateLocation({}), /neither --state-dir nor --state/);
    assert.throws(() => parseStateLocation({ state: 'etcd://h/p' }), { code: 'ERR_ZOOKEEPER_SYNTAX' });
    const twice = { state: 'zk://u:p@h/p', credentialsFile: '/c' };
    assert.throws(() => parseStateLocation(twice), /both in --state and in --state-zk-credentials/);
  });

  it('refuses options of ZooKeeper that would do nothing', () => {
    for (const flags of [{ credentialsFile: '/c' }, { unprotected: true }, { sessionTimeoutMs: 1 }])
      assert.throws(
        () => parseStateLocation({ directory: '/d', ...flags }),
        /has no meaning without --state/,
      );
    parseStateLocation({ directory: '/d', unprotected: false });
  });

  it('warns of a password that everybody sees, without showing it', () => {
    const warnings = listStateWarnings(parseStateLocation({ state: 'zk://u:secret@h/p', unprotected: true }));
    assert.match(warnings.join(), /--state-zk-credentials.*everybody/);
    assert.doesNotMatch(warnings.join(), /secret@|u:secret/);
    assert.deepEqual(listStateWarnings(parseStateLocation({ state: STATE })), []);
    assert.deepEqual(listStateWarnings(parseStateLocation({ directory: '/d' })), []);
  });

  it('comes from flags, durations with their unit', () => {
    const location = toStateLocation({ state: STATE, 'state-zk-session-timeout': '10s' });
    assert.equal(location.kind === 'zookeeper' && location.sessionTimeoutMs, 10_000);
  });
});
