import assert from 'node:assert/strict';
import { compareAspects } from '../../../../../scheduler/core/rollout/configuration-difference.ts';
import { describeConfiguration } from '../../../../../scheduler/core/rollout/configuration-description.ts';
import {
  findFormer,
  keepVersions,
  listKeptSnapshots,
} from '../../../../../scheduler/core/rollout/configuration-version.ts';
import type {
  ComponentSpec,
  PlacedInstance,
  ServiceSpec,
} from '../../../../../scheduler/core/service-spec.ts';
import { makeComponent, makeSpec } from '../../../../support/engine-world.ts';
import { describeSpec, hash } from './rollout-world.ts';

const launch = makeComponent().launch({} as PlacedInstance);

function describe1(component: ComponentSpec, changes: Partial<ServiceSpec> = {}, digests = {}) {
  const spec = { ...makeSpec(component), ...changes };
  return describeConfiguration(component, spec, { snapshot: 's', user: 'u', artifactDigests: digests, hash });
}

describe('description of a configuration', () => {
  it('holds no value of a secret and none of a launch', () => {
    const component = makeComponent({
      secretSettings: { 'aws.secretKey': 'hunter2' },
      launch: () => ({
        ...launch,
        environment: { TOKEN: 'hunter2' },
        files: [{ path: 'f', format: 'properties', set: { password: 'hunter2' } }],
        command: { choices: [{ argv: ['run', 'hunter2'] }] },
      }),
    });
    assert.doesNotMatch(JSON.stringify(describe1(component)), /hunter2/);
  });

  it('is the same wherever the instance is placed, whatever ports it would get', () => {
    const rendered: PlacedInstance[] = [];
    const component = (preferred: number) =>
      makeComponent({
        ports: [{ name: 'web', preferred, required: false, key: 'k' }],
        launch: (placed) => {
          rendered.push(placed);
          return { ...launch, environment: { PORT: String(placed.ports['web']) } };
        },
      });
    const [one, other] = [describe1(component(1)), describe1(component(2))];
    assert.equal(one.aspects['launch.environment PORT'], other.aspects['launch.environment PORT']);
    assert.deepEqual(rendered[0], rendered[1]);
    assert.deepEqual(rendered[0]?.formatted, []);
  });

  it('gives a launch one peer of each component that it waits for', () => {
    let peers: PlacedInstance['peers'] = {};
    const worker = makeComponent({ after: ['master'], launch: (placed) => ((peers = placed.peers), launch) });
    describeSpec(
      makeSpec(makeComponent({ name: 'master', count: 3 }), makeComponent({ name: 'other' }), worker),
    );
    assert.deepEqual(
      Object.entries(peers).map(([name, list]) => [name, list.length]),
      [
        ['master', 1],
        ['other', 0],
        ['worker', 0],
      ],
    );
  });

  it('counts an artifact by its digest, and one that is made of settings not at all', () => {
    const component = makeComponent({ launch: () => ({ ...launch, artifacts: ['tree', 'site'] }) });
    const bytes = { kind: 'bytes', fileName: 'f', bytes: new Uint8Array() } as const;
    const artifacts = [
      { name: 'tree', class: 'public', source: { kind: 'file', path: '/t' } },
      { name: 'site', class: 'secret', source: bytes, fromSettings: true },
    ] as const;
    const digestsOf = (tree: string, site: string) => describe1(component, { artifacts }, { tree, site });
    assert.equal(digestsOf('a', 'b').digest, digestsOf('a', 'c').digest);
    const differences = compareAspects(digestsOf('a', 'b').aspects, digestsOf('x', 'b').aspects);
    assert.deepEqual(
      differences.map(({ text, effect }) => [text, effect]),
      [['artifact tree changed', 'restart']],
    );
    const unknown = describe1(component, { artifacts }, {});
    assert.deepEqual(compareAspects(digestsOf('a', 'b').aspects, unknown.aspects), [], 'not fetched yet');
  });

  it('survives a service that cannot render a launch', () => {
    const broken = (text: string) =>
      makeComponent({
        launch: () => {
          throw new Error(text);
        },
      });
    assert.notEqual(describe1(broken('one')).digest, describe1(broken('two')).digest);
  });
});

describe('kept versions', () => {
  const versions = ['a', 'b', 'b', 'c', 'd', 'd'].map((snapshot, index) => ({
    ...describeSpec(makeSpec(makeComponent({ settings: { index: String(index) } })), snapshot),
    sinceMs: index,
  }));

  it('snapshots: the last three different ones, the newest first', () => {
    assert.deepEqual(listKeptSnapshots(versions), ['d', 'c', 'b']);
  });

  it('the one before is the last with another snapshot', () => {
    assert.equal(findFormer(versions)?.snapshot, 'c');
    assert.equal(findFormer(versions.slice(0, 1)), undefined);
    assert.equal(findFormer(undefined), undefined);
  });

  it('ten, and those that a task runs under', () => {
    const many = [...versions, ...versions];
    const used = versions[1]?.components['worker']?.digest;
    const instance = { component: 'worker', task: { configuration: used } } as never;
    assert.deepEqual(keepVersions(many, []), many.slice(2));
    assert.deepEqual(keepVersions(many, [instance]), [many[1], ...many.slice(2)]);
  });
});
