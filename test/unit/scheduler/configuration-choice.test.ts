import assert from 'node:assert/strict';
import { StevedoreError, StevedoreErrors } from '../../../protocol/errors.ts';
import { type ChosenConfiguration, chooseConfiguration } from '../../../scheduler/configuration-choice.ts';
import { createConfigurationHash, describeUnprepared } from '../../../scheduler/configuration-digest.ts';
import type { ServiceSpec } from '../../../scheduler/core/service-spec.ts';
import type { RolloutFacts } from '../../../scheduler/core/rollout/rollout-facts.ts';
import type { FrameworkOptions } from '../../../scheduler/scheduler-options.ts';
import type { RecordStore } from '../../../scheduler/state/record-store.ts';
import { SchedulerState } from '../../../scheduler/state/scheduler-state.ts';
import { makeComponent, makeSpec } from '../../support/engine-world.ts';

const KEY = Buffer.alloc(32, 7);
const hash = createConfigurationHash(KEY);
const framework: FrameworkOptions = { name: 'f', roles: ['r'], user: 'alice', failoverTimeoutSeconds: 1 };

/** A snapshot is a count of instances with state. */
function build(snapshot: string): ServiceSpec {
  if (snapshot === 'broken')
    throw new StevedoreErrors([new StevedoreError('ERR_COMMAND_LINE', { problem: 'no count', usage: '' })]);
  return makeSpec(makeComponent({ pinned: true, count: Number(snapshot) }));
}

/** A state whose target is the first of these snapshots. */
function makeState(snapshots: readonly string[], rollback?: RolloutFacts['rollback']): SchedulerState {
  const text = (value: unknown) => Buffer.from(JSON.stringify(value));
  const records = new Map<string, Uint8Array>([['keys/cluster', KEY]]);
  const state = () => new SchedulerState({} as RecordStore, records);
  for (const snapshot of snapshots) records.set(`protected/configuration/${hash(snapshot)}`, text(snapshot));
  const [target = ''] = snapshots;
  const description = describeUnprepared({ framework, state: state(), snapshot: target }, build(target));
  records.set('facts/versions', text([{ ...description, sinceMs: 0 }]));
  if (rollback !== undefined) records.set('facts/rollback', text(rollback));
  return state();
}

function choose(snapshot: string, state: SchedulerState, user = 'alice'): ChosenConfiguration {
  const source = { cluster: 'c1', snapshot, build };
  return chooseConfiguration({ source, framework: { ...framework, user }, state });
}

describe('choice of the configuration', () => {
  it('the given one, when it may be used', () => {
    const { snapshot, refused, digest } = choose('5', makeState(['3']));
    assert.deepEqual([snapshot, refused, digest], ['5', undefined, hash('5')]);
  });

  it('a first one is not compared with anything', () => {
    const state = new SchedulerState({} as RecordStore, new Map([['keys/cluster', KEY]]));
    assert.equal(choose('1', state).snapshot, '1');
  });

  it('the stored one, with the reasons, when the given one cannot be made safely', () => {
    const { snapshot, refused } = choose('2', makeState(['3']));
    assert.equal(snapshot, '3');
    assert.match(refused?.join() ?? '', /worker cannot shrink from 3 to 2/);
  });

  it('the stored one when the given one cannot be built', () => {
    const { snapshot, refused } = choose('broken', makeState(['3']));
    assert.equal(snapshot, '3');
    assert.match(refused?.join() ?? '', /no count/);
  });

  it('the user that the tasks had, when another one is refused', () => {
    const chosen = choose('3', makeState(['3']), 'bob');
    assert.equal(chosen.framework.user, 'alice');
    assert.match(chosen.refused?.join() ?? '', /user of the tasks cannot change from alice to bob/);
  });

  it('the one that an operator went back to, until another one is given', () => {
    const state = makeState(['3', '4'], { from: hash('4'), to: hash('3') });
    assert.match(choose('4', state).refused?.join() ?? '', /rolled back/);
    assert.equal(choose('4', state).snapshot, '3');
    assert.equal(choose('5', state).snapshot, '5');
  });

  it('an order to roll back counts before the target', () => {
    const state = makeState(['4', '3'], { from: hash('4'), to: hash('3') });
    assert.equal(choose('4', state).snapshot, '3');
  });

  it('the one that was left, when the one that an operator went back to cannot be built any more', () => {
    const state = makeState(['4'], { from: hash('4'), to: hash('broken') });
    state.snapshots.set(hash('broken'), 'broken');
    assert.equal(choose('4', state).snapshot, '4');
  });

  it('the target, when a standby read its own before that came into force', () => {
    const parts = (readAtMs: number, snapshot: string) => ({
      source: { cluster: 'c1', snapshot, readAtMs, build },
      framework,
      state: makeState(['3']),
    });
    const older = chooseConfiguration(parts(-1, '5'));
    assert.equal(older.snapshot, '3');
    assert.match(older.refused?.join() ?? '', /came into force since/);
    assert.equal(chooseConfiguration(parts(1, '5')).snapshot, '5');
    assert.equal(chooseConfiguration(parts(-1, '3')).refused, undefined);
  });

  it('none: with the reasons of both', () => {
    const state = makeState(['3']);
    state.snapshots.clear();
    assert.throws(() => choose('2', state), { code: 'ERR_CONFIGURATION_UNUSABLE', message: /cannot shrink/ });
  });

  it('names of snapshots cannot be guessed without the key', () => {
    assert.notEqual(hash('3'), createConfigurationHash(Buffer.alloc(32, 8))('3'));
  });
});
