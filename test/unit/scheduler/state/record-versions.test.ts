import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import {
  RECORD_KINDS,
  type RecordKind,
  RecordVersions,
} from '../../../../scheduler/state/record-versions.ts';

const FIXTURES = join(import.meta.dirname, '../../../fixtures/state/record-versions.json');

const text = (value: unknown) => Buffer.from(JSON.stringify(value));
const toValue = (bytes: Uint8Array): unknown => JSON.parse(Buffer.from(bytes).toString('utf8'));

/** A kind with a history: it was a number, then a list, then an object. */
const KINDS: readonly RecordKind[] = [
  { prefix: '', encoding: 'json', migrations: [] },
  {
    prefix: 'facts/',
    encoding: 'json',
    migrations: [(value) => [value], (value) => ({ all: value })],
  },
];

describe('record versions', () => {
  it('give back JSON and keys as they were', () => {
    const versions = new RecordVersions();
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        assert.deepEqual(
          toValue(versions.decode('facts/a', versions.encode('facts/a', text(value)))),
          toValue(text(value)),
        );
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array(), (key) => {
        assert.deepEqual([...versions.decode('keys/a', versions.encode('keys/a', key))], [...key]);
      }),
    );
  });

  it('read every version that there was, and write the last one', () => {
    const versions = new RecordVersions(KINDS);
    const stored = [
      { version: 1, value: 5 },
      { version: 2, value: [5] },
      { version: 3, value: { all: [5] } },
    ];
    for (const envelope of stored)
      assert.deepEqual(toValue(versions.decode('facts/a', text(envelope))), { all: [5] });
    assert.deepEqual(toValue(versions.encode('facts/a', text({ all: [] }))), {
      version: 3,
      value: { all: [] },
    });
    assert.deepEqual(toValue(versions.encode('other', text(1))), { version: 1, value: 1 });
  });

  it('refuse a version from the future, with both numbers', () => {
    assert.throws(() => new RecordVersions(KINDS).decode('facts/a', text({ version: 4, value: 5 })), {
      code: 'ERR_STATE_RECORD_VERSION',
      message: /'facts\/a' has version 4; .* up to 3/,
    });
  });

  it('refuse what has no version, naming the record', () => {
    for (const stored of [
      '',
      '{}',
      '5',
      'null',
      '{"version":0,"value":1}',
      '{"version":1}',
      '{"version":"1","value":1}',
    ])
      assert.throws(() => new RecordVersions().decode('facts/a', Buffer.from(stored)), {
        code: 'ERR_STATE_DAMAGED',
        message: /'facts\/a'/,
      });
  });

  it('quote nothing of a damaged record, which may be a key', () => {
    const damaged = Buffer.from('{"version":1,"value":c2VjcmV0}');
    assert.throws(
      () => new RecordVersions().decode('keys/cluster', damaged),
      (error: Error) => {
        assert.doesNotMatch(`${error.message} ${String(error.cause)}`, /c2Vj/);
        return true;
      },
    );
  });

  it('have a fixture of each kind in each of its versions', () => {
    const fixtures = JSON.parse(readFileSync(FIXTURES, 'utf8')) as Record<
      string,
      { version: number; value: unknown; now: unknown }[]
    >;
    const versions = new RecordVersions();
    for (const { prefix, migrations } of RECORD_KINDS) {
      const found = fixtures[prefix] ?? [];
      assert.deepEqual(
        found.map(({ version }) => version),
        Array.from({ length: migrations.length + 1 }, (_, i) => i + 1),
        `versions of '${prefix}'`,
      );
      for (const { version, value, now } of found) {
        const decoded = versions.decode(`${prefix}x`, text({ version, value }));
        const seen = prefix === 'keys/' ? Buffer.from(decoded).toString('hex') : toValue(decoded);
        assert.deepEqual(seen, now);
      }
    }
  });
});
