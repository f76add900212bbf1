import assert from 'node:assert/strict';
import { JuteWriter } from '../../../../scheduler/zookeeper/jute.ts';
import { SessionObservers } from '../../../../scheduler/zookeeper/session-observers.ts';

function createObservers() {
  const lines: string[] = [];
  const write = (fields: Readonly<Record<string, unknown>>) => void lines.push(String(fields['problem']));
  return { lines, observers: new SessionObservers({ info: write, warn: write }) };
}

describe('those who are told of a ZooKeeper session', () => {
  it('hear every state until they leave', () => {
    const { observers } = createObservers();
    const heard: string[] = [];
    const listener = (state: string) => void heard.push(state);
    const leave = observers.onState(listener);
    const leaveAgain = observers.onState(listener);
    observers.announce('connected');
    leave();
    observers.announce('suspended');
    leaveAgain();
    observers.announce('expired');
    assert.deepEqual(heard, ['connected', 'connected', 'suspended']);
  });

  it('may come and leave while all are told', () => {
    const { observers } = createObservers();
    const heard: string[] = [];
    observers.onState((state) => {
      leave();
      observers.onState((next) => void heard.push(`new ${next}`));
      heard.push(`first ${state}`);
    });
    const leave = observers.onState((state) => void heard.push(`second ${state}`));
    observers.announce('connected');
    assert.deepEqual(heard, ['first connected']);
    observers.announce('suspended');
    assert.deepEqual(heard.slice(1), ['first suspended', 'new suspended']);
  });

  it('are told although another of them fails', () => {
    const { observers, lines } = createObservers();
    const heard: string[] = [];
    const fail = () => {
      throw new Error('broken');
    };
    observers.onState(fail);
    observers.onState((state) => void heard.push(state));
    observers.announce('connected');
    observers.watches.add('data', '/a', fail);
    observers.watches.add('data', '/a', ({ type }) => void heard.push(type));
    observers.notify(new JuteWriter().int(3).int(3).string('/a').finish());
    assert.deepEqual(
      [heard, lines],
      [
        ['connected', 'changed'],
        ['broken', 'broken'],
      ],
    );
  });

  it('are not told what cannot be read', () => {
    const { observers, lines } = createObservers();
    observers.notify(Buffer.alloc(3));
    assert.match(lines.join(), /4 bytes expected where 3 are left/);
  });
});
