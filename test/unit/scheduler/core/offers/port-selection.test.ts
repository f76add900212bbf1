import assert from 'node:assert/strict';
import { selectPorts } from '../../../../../scheduler/core/offers/port-selection.ts';
import type { PortRequest } from '../../../../../scheduler/core/service-spec.ts';

const RANGES = [
  { begin: 19998, end: 19999 },
  { begin: 31000, end: 31009 },
];
const rpc: PortRequest = { name: 'rpc', preferred: 19998, required: false, key: 'alluxio.master.rpc.port' };
const journal: PortRequest = {
  name: 'journal',
  preferred: 19200,
  required: false,
  key: 'journal.port',
  partOfState: true,
};

function select(requests: readonly PortRequest[], kept: Readonly<Record<string, number>> = {}) {
  return selectPorts(RANGES, { requests, kept, avoided: new Set([19998]) });
}

describe('port selection', () => {
  it('gives the preferred number when it is offered, and moves one that is not', () => {
    assert.deepEqual(select([rpc, journal]).ports, { rpc: 19998, journal: 31000 });
  });

  it('refuses an offer without a port that the operator set', () => {
    const { problem } = select([{ ...journal, required: true }]);
    assert.equal(problem, 'needs port 19200 (journal.port), offered 19998-19999, 31000-31009');
  });

  it('asks again for the number that the instance had, and moves when that is gone', () => {
    assert.deepEqual(select([rpc], { rpc: 31005 }).ports, { rpc: 31005 });
    assert.deepEqual(select([rpc], { rpc: 40000 }).ports, { rpc: 31000 });
  });

  it('never moves a port that the state of the instance holds', () => {
    assert.deepEqual(select([journal], { journal: 31007 }).ports, { journal: 31007 });
    assert.match(select([journal], { journal: 40000 }).problem ?? '', /needs port 40000 \(journal\.port\)/);
  });
});
