import assert from 'node:assert/strict';
import { parseMasterAddress } from '../../../../scheduler/mesos/master-address.ts';
import { judgeRejection } from '../../../../scheduler/mesos/rejection.ts';

const [a, b] = ['a:5050', 'b:5050'].map((text) => parseMasterAddress(text)) as [never, never];
const secure = parseMasterAddress('https://a:5050');
const judge = (status: number, location?: string, chain = [a]) => judgeRejection({ status, location }, chain);
const problemOf = (location: string, chain = [a]) => {
  const verdict = judge(307, location, chain);
  return verdict.kind === 'misdirected' ? verdict.problem : verdict.kind;
};

describe('answers other than 200', () => {
  it('follows to the leader, also from https to https', () => {
    assert.deepEqual(judge(307, '//b:5050/master/api/v1/scheduler'), { kind: 'moved', to: b });
    assert.equal(problemOf('//b:5050/x', [secure as never]), 'moved');
  });

  it('stops at once where a redirect leads back, to itself or in a circle', () => {
    assert.match(problemOf('//a:5050/x'), /circle/);
    assert.match(problemOf('//a:5050/x', [a, b]), /circle/);
  });

  it('never follows from https to plain http, and not for ever', () => {
    assert.match(problemOf('http://b:5050/x', [secure as never]), /plain http/);
    const chain = [1, 2, 3, 4, 5, 6].map((port) => parseMasterAddress(`a:${port}`)) as never[];
    assert.match(problemOf('//b:5050', chain), /too many/);
    assert.match(problemOf('ftp://b'), /no address/);
  });

  it('waits for what passes, and gives up on what a person must correct', () => {
    for (const status of [404, 429, 500, 502, 503, 504]) assert.equal(judge(status).kind, 'not-ready');
    for (const status of [400, 403, 405, 406, 415]) assert.equal(judge(status).kind, 'refused');
    assert.equal(judge(401).kind, 'unauthenticated');
    assert.equal(judge(307).kind, 'refused');
  });
});
