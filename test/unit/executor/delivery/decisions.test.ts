import assert from 'node:assert/strict';
import fc from 'fast-check';
import { toDirectoryName } from '../../../../executor/core/delivery/directory-name.ts';
import { judgeDirectory } from '../../../../executor/core/delivery/directory-trust.ts';
import { evaluateAnswer } from '../../../../executor/core/delivery/fetch-answer.ts';
import { judgeState } from '../../../../executor/core/delivery/formatted-state.ts';
import { parseMounts, selectMount } from '../../../../executor/core/delivery/mount-table.ts';
import { toRetryDelayMs } from '../../../../executor/core/delivery/retry-delay.ts';

describe('retry delay', () => {
  it('doubles from a quarter of a second to ten seconds, half of it by chance', () => {
    const bounds = [0, 1, 2, 10, 1000].map((attempt) => [
      toRetryDelayMs(attempt, 0),
      toRetryDelayMs(attempt, 1),
    ]);
    assert.deepEqual(bounds, [
      [125, 250],
      [250, 500],
      [500, 1000],
      [5000, 10_000],
      [5000, 10_000],
    ]);
  });
});

describe('answer of an artifact server', () => {
  const answer = (status: number, fields: { contentLength?: string; contentRange?: string } = {}) => ({
    status,
    contentLength: fields.contentLength ?? null,
    contentRange: fields.contentRange ?? null,
  });
  it('is taken from the offset on, when it is a 200 to a request for the rest', () => {
    assert.deepEqual(evaluateAnswer(answer(200, { contentLength: '100' }), 40, 100), {
      kind: 'bytes',
      skipBytes: 40,
    });
  });
  it('is refused when another size is announced', () => {
    assert.equal(evaluateAnswer(answer(200, { contentLength: '99' }), 0, 100).kind, 'refused');
  });
  it('is taken as a 206 only for exactly the range that was asked for', () => {
    const judge = (contentRange: string, offset = 40) =>
      evaluateAnswer(answer(206, { contentRange }), offset, 100).kind;
    assert.equal(judge('bytes 40-99/100'), 'bytes');
    for (const other of ['bytes 41-99/100', 'bytes 40-98/100', 'bytes 40-99/101', 'bytes 40-99/*', ''])
      assert.equal(judge(other), 'refused', other);
    assert.equal(judge('bytes 0-99/100', 0), 'refused');
  });
  const kinds: Record<number, string> = {
    204: 'refused',
    301: 'refused',
    401: 'refused',
    403: 'refused',
    404: 'refused',
    408: 'later',
    416: 'refused',
    429: 'later',
    500: 'later',
    503: 'later',
  };
  for (const [status, kind] of Object.entries(kinds)) {
    it(`${status} is ${kind === 'later' ? 'worth another try' : 'a refusal'}`, () =>
      assert.equal(evaluateAnswer(answer(Number(status)), 0, 100).kind, kind));
  }
});

describe('state directory', () => {
  const facts = [true, false].flatMap((empty) =>
    [true, false].map((interrupted) => ({ empty, interrupted })),
  );
  const table: [boolean | undefined, string[]][] = [
    // empty+interrupted, empty, filled+interrupted, filled
    [undefined, ['keep', 'keep', 'keep', 'keep']],
    [true, ['lost', 'lost', 'keep', 'keep']],
    [false, ['restart', 'empty', 'restart', 'keep']],
  ];
  for (const [formatted, verdicts] of table) {
    it(`that our store calls ${formatted} is ${verdicts.join(', ')}`, () =>
      assert.deepEqual(
        facts.map((fact) => judgeState({ formatted, ...fact })),
        verdicts,
      ));
  }
});

describe('trust in a directory', () => {
  const facts = { path: '/x', isDirectory: true, uid: 1000, mode: 0o755 };
  const cases: [string, object, RegExp | undefined][] = [
    ['ours', {}, undefined],
    ['root owns', { uid: 0 }, undefined],
    ['everybody may write but only to what is theirs', { uid: 0, mode: 0o1777 }, undefined],
    ['everybody may write', { mode: 0o777 }, /writable by others \(mode 777\)/],
    ['a group may write', { uid: 0, mode: 0o775 }, /writable by others/],
    ['a stranger owns', { uid: 1001 }, /belongs to user 1001/],
    ['is none', { isDirectory: false }, /no directory/],
  ];
  for (const [what, fields, problem] of cases) {
    it(`that ${what}: ${problem === undefined ? 'yes' : 'no'}`, () => {
      const found = judgeDirectory({ ...facts, ...fields }, 1000);
      if (problem === undefined) assert.equal(found, undefined);
      else assert.match(found ?? '', problem);
    });
  }
});

describe('mount table', () => {
  const mounts = parseMounts(
    [
      '/dev/vda / ext4 rw,relatime 0 0',
      'tmpfs /var/tmp tmpfs rw,noexec 0 0',
      '/dev/vdb /var/tmp ext4 rw 0 0',
      '/dev/vdc /mnt/with\\040space xfs ro 0 0',
    ].join('\n'),
  );
  it('finds the deepest mount, and the last of several on one point', () => {
    assert.equal(selectMount(mounts, '/var/tmpfile')?.type, 'ext4');
    assert.equal(selectMount(mounts, '/var/tmpfile')?.point, '/');
    assert.deepEqual(selectMount(mounts, '/var/tmp/a')?.options, ['rw']);
    assert.equal(selectMount(mounts, '/mnt/with space')?.type, 'xfs');
  });
});

describe('directory name', () => {
  it('keeps a harmless id and digests every other, so that none is a path', () => {
    assert.equal(toDirectoryName('alluxio.master-0_1'), 'alluxio.master-0_1');
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.constantFrom('.', '..', '../x', 'a/b', '', 'a@lock')), (id) => {
        const name = toDirectoryName(id);
        assert.match(name, /^\w[\w.-]*$/);
        assert.ok(name.length <= 100);
      }),
    );
  });
});
