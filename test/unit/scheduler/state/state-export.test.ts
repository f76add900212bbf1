import assert from 'node:assert/strict';
import { RecordCipher } from '../../../../scheduler/state/record-cipher.ts';
import { exportState, parseExport, toReplacement } from '../../../../scheduler/state/state-export.ts';
import { decodeRecords } from '../../../../scheduler/state/state-verification.ts';
import { RecordVersions } from '../../../../scheduler/state/record-versions.ts';

const text = (value: string) => Buffer.from(value);
const cipher = new RecordCipher({
  key: Buffer.alloc(32, 1),
  cluster: 'c1',
  nonce: () => Buffer.alloc(12, 2),
});
const RECORDS = new Map([
  ['cluster', text('{"version":1,"value":"c1"}')],
  ['instances/w-0', text('{"version":1,"value":{"name":"w-0"}}')],
  ['keys/cluster', text('{"version":1,"value":"AAEC"}')],
]);

function toTexts(records: ReadonlyMap<string, Uint8Array | null>): Record<string, string | null> {
  return Object.fromEntries(
    [...records].map(([name, value]) => [name, value && Buffer.from(value).toString()]),
  );
}

describe('export of a state', () => {
  it('comes back, with its keys sealed', () => {
    const exported = exportState(RECORDS, { cluster: 'c1', withKeys: true, cipher });
    const json = JSON.stringify(exported);
    assert.doesNotMatch(json, /AAEC/);
    const { cluster, records } = parseExport(json, 'f');
    assert.equal(cluster, 'c1');
    const opened = decodeRecords(records, { cluster, place: 'f', codecs: [new RecordVersions(), cipher] });
    assert.deepEqual([...(opened.get('keys/cluster') ?? [])], [0, 1, 2]);
    assert.equal(Buffer.from(opened.get('instances/w-0') ?? '').toString(), '{"name":"w-0"}');
    assert.deepEqual(exportState(records, { cluster, withKeys: true, cipher: undefined }), exported);
  });

  it('leaves keys out, or refuses to show them', () => {
    const plain = exportState(RECORDS, { cluster: 'c1', withKeys: false, cipher: undefined });
    assert.deepEqual(Object.keys(plain.records), ['cluster', 'instances/w-0']);
    assert.throws(() => exportState(RECORDS, { cluster: 'c1', withKeys: true, cipher: undefined }), {
      code: 'ERR_STATE_EXPORT_KEYS',
    });
  });

  it('is refused when it is something else, newer, or of another cluster', () => {
    for (const json of ['', 'null', '[]', '{}', '{"stevedoreState":1,"cluster":"c"}'])
      assert.throws(() => parseExport(json, '/f'), { code: 'ERR_STATE_EXPORT_SYNTAX', message: /\/f/ });
    const newer = '{"stevedoreState":2,"cluster":"c","records":{}}';
    assert.throws(() => parseExport(newer, '/f'), { code: 'ERR_STATE_VERSION' });
    const expected = { cluster: 'c2', place: 'f', codecs: [new RecordVersions()] };
    assert.throws(() => decodeRecords(RECORDS, expected), { code: 'ERR_STATE_CLUSTER' });
  });

  it('replaces everything that was there', () => {
    const replaced = toReplacement(['old', 'cluster'], new Map([['cluster', text('c')]]));
    assert.deepEqual(toTexts(replaced), { old: null, cluster: 'c' });
  });
});
