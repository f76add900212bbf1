import assert from 'node:assert/strict';
import { sortCandidates, toStanding } from '../../../../scheduler/leadership/candidates.ts';
import { parseLeaderData, renderLeaderData } from '../../../../scheduler/leadership/leader-data.ts';

describe('candidates', () => {
  const nodes = ['b-0000000012', 'a-0000000013', 'c-0000000009'];

  it('stand in the order of their sequence, whatever their ids are', () => {
    assert.deepEqual(sortCandidates(nodes), ['c-0000000009', 'b-0000000012', 'a-0000000013']);
  });

  it('look at the one before them and at the leader', () => {
    const standing = { leader: 'c-0000000009', surplus: [] };
    assert.deepEqual(toStanding(nodes, 'c'), { ...standing, predecessor: undefined, own: 'c-0000000009' });
    assert.deepEqual(toStanding(nodes, 'b'), {
      ...standing,
      predecessor: 'c-0000000009',
      own: 'b-0000000012',
    });
    assert.deepEqual(toStanding(nodes, 'a'), {
      ...standing,
      predecessor: 'b-0000000012',
      own: 'a-0000000013',
    });
  });

  it('know when they are none', () => {
    assert.equal(toStanding(nodes, 'd').own, undefined);
    assert.equal(toStanding(nodes, '').own, undefined);
    assert.equal(toStanding([], 'a').leader, undefined);
  });

  it('find what a creation left that was tried twice', () => {
    const twice = [...nodes, 'b-0000000014'];
    assert.deepEqual(toStanding(twice, 'b').surplus, ['b-0000000014']);
    assert.equal(toStanding(twice, 'b').own, 'b-0000000012');
  });

  it('are not what others put beside them', () => {
    assert.deepEqual(sortCandidates(['lock', 'x-12', ...nodes]).length, 3);
  });
});

describe('leader data', () => {
  it('comes back, and is nothing when it is of somebody else', () => {
    const data = { apiUrl: 'http://h:1', pid: 5, host: 'h', sinceMs: 7 };
    for (const given of [data, { ...data, caPem: 'PEM' }])
      assert.deepEqual(parseLeaderData(renderLeaderData(given)), given);
    for (const text of ['', '{}', 'null', '{"apiUrl":5}'])
      assert.equal(parseLeaderData(Buffer.from(text)), undefined);
  });
});
