import assert from 'node:assert/strict';
import { JuteWriter } from '../../../../scheduler/zookeeper/jute.ts';
import { Watches } from '../../../../scheduler/zookeeper/watches.ts';

const CONNECTED = 3;

function notification(type: number, path: string): Buffer {
  return new JuteWriter().int(type).int(CONNECTED).string(path).finish();
}

function createWatches() {
  const watches = new Watches();
  const heard: string[] = [];
  for (const kind of ['data', 'absent', 'children'] as const) {
    watches.add(kind, '/a', ({ type }) => void heard.push(`${kind} ${type}`));
  }
  const tell = (type: number, path = '/a') => {
    for (const call of watches.take(notification(type, path))) call();
    return heard.splice(0).sort();
  };
  return { watches, tell };
}

describe('watches', () => {
  it('end with the events that concern them', () => {
    assert.deepEqual(createWatches().tell(1), ['absent created', 'data created']);
    assert.deepEqual(createWatches().tell(2), ['absent deleted', 'children deleted', 'data deleted']);
    assert.deepEqual(createWatches().tell(3), ['absent changed', 'data changed']);
    assert.deepEqual(createWatches().tell(4), ['children children']);
  });

  it('are called once', () => {
    const { watches, tell } = createWatches();
    assert.equal(tell(4).length, 1);
    assert.deepEqual(tell(4), []);
    assert.deepEqual(watches.paths, { data: ['/a'], absent: ['/a'], children: [] });
  });

  it('call a watcher once that waits for two things of one node', () => {
    const watches = new Watches();
    let calls = 0;
    const watcher = () => void (calls += 1);
    watches.add('data', '/a', watcher);
    watches.add('children', '/a', watcher);
    for (const call of watches.take(notification(2, '/a'))) call();
    assert.equal(calls, 1);
  });

  it('leave other nodes and events of the session alone', () => {
    const { watches, tell } = createWatches();
    assert.deepEqual([tell(3, '/b'), tell(-1, '/a')], [[], []]);
    assert.equal(watches.paths.data.length, 1);
  });

  it('are gone when dropped', () => {
    const { watches, tell } = createWatches();
    watches.clear();
    assert.deepEqual(tell(2), []);
  });
});
