import assert from 'node:assert/strict';
import type { Resource } from '../../../protocol/mesos/resource.ts';
import { convert, conversionsOf, holdsResources, undoOperations } from '../../../local/operations.ts';
import { findOperationProblem, type OperationContext } from '../../../local/master/operation-validation.ts';
import { renderResources } from '../../../local/master/resource-text.ts';
import { parseResources } from '../../../local/resources-syntax.ts';

const dynamic = { type: 'DYNAMIC' as const, role: 'r' };
const owned = { ...dynamic, principal: 'p', labels: { labels: [{ key: 'k', value: 'v' }, { key: 'x' }] } };
const allocated = { allocation_info: { role: 'r' } };
const disk = (value: number, more: Partial<Resource> = {}): Resource => ({
  name: 'disk',
  type: 'SCALAR',
  scalar: { value },
  ...more,
});
const volume = (id: string, more: Partial<Resource> = {}): Resource =>
  disk(64, {
    reservations: [dynamic],
    disk: { persistence: { id }, volume: { mode: 'RW', container_path: 'data' } },
    ...more,
  });

describe('operations on resources', () => {
  it('reserve and unreserve the same quantity', () => {
    const reserve = {
      type: 'RESERVE' as const,
      reserve: { resources: [disk(10, { reservations: [dynamic] })] },
    };
    const [there] = conversionsOf(reserve);
    const reserved = convert([disk(30)], there as never) as Resource[];
    assert.equal(renderResources(reserved), 'disk:20; disk(reservations: [(DYNAMIC,r)]):10');
    const [back] = conversionsOf({ type: 'UNRESERVE', unreserve: reserve.reserve });
    assert.deepEqual(convert(reserved, back as never), [disk(30)]);
  });

  it('make a volume of reserved disk, also of one with a source, and take it apart again', () => {
    const source = { type: 'PATH', path: { root: '/d' } };
    const raw = disk(64, { reservations: [dynamic], disk: { source } });
    const made = {
      ...raw,
      disk: { source, persistence: { id: 'v' }, volume: { mode: 'RW' as const, container_path: 'c' } },
    };
    const [create] = conversionsOf({ type: 'CREATE', create: { volumes: [made] } });
    assert.deepEqual(convert([raw], create as never), [made]);
    const [destroy] = conversionsOf({ type: 'DESTROY', destroy: { volumes: [made] } });
    assert.deepEqual(convert([made], destroy as never), [raw]);
    assert.deepEqual(undoOperations(made), disk(64, { disk: { source } }));
  });

  it('take what is there, and mounts and volumes only as a whole', () => {
    const [conversion] = conversionsOf({ type: 'CREATE', create: { volumes: [volume('v')] } });
    assert.equal(convert([disk(64)], conversion as never), undefined);
    const mount = disk(100, { disk: { source: { type: 'MOUNT', mount: { root: '/m' } } } });
    assert.equal(holdsResources([mount], [{ ...mount, scalar: { value: 50 } }]), false);
    assert.equal(holdsResources([mount], [mount]), true);
  });

  it('re-reserve what a source names', () => {
    const source = [disk(10, { reservations: [dynamic] })];
    const resources = [disk(10, { reservations: [{ ...dynamic, role: 'r/s' }] })];
    const [conversion] = conversionsOf({ type: 'RESERVE', reserve: { source, resources } });
    assert.deepEqual(convert(source, conversion as never), resources);
  });

  it('are written as Mesos writes them', () => {
    assert.equal(
      renderResources([volume('v', { reservations: [owned], ...allocated })]),
      'disk(allocated: r)(reservations: [(DYNAMIC,r,p,{k: v, x})])[v:data]:64',
    );
  });
});

describe('what the local master says of operations', () => {
  const context: OperationContext = { roles: ['r'], principal: 'p', total: [volume('taken')], used: [] };
  const reserve = (entry: object) =>
    findOperationProblem(
      {
        type: 'RESERVE',
        reserve: { resources: [disk(1, { reservations: [entry as never], ...allocated })] },
      },
      context,
    );

  it('the principal of a reservation is that of the framework', () => {
    assert.equal(reserve({ ...dynamic, principal: 'p' }), undefined);
    assert.match(reserve(dynamic) ?? '', /with no principal set$/);
    assert.match(reserve({ ...dynamic, principal: 'q' }) ?? '', /with principal 'q'$/);
  });

  it('a volume has an owner, too, and an id of its own in the role', () => {
    const create = (made: Resource) =>
      findOperationProblem({ type: 'CREATE', create: { volumes: [made] } }, context);
    const withOwner = (id: string, principal: string): Resource => {
      const made = volume(id);
      return { ...made, disk: { ...made.disk, persistence: { id, principal } } };
    };
    assert.equal(create(withOwner('new', 'p')), undefined);
    assert.match(create(volume('new')) ?? '', /no principal set in 'disk.persistence'/);
    assert.match(create(withOwner('new', 'q')) ?? '', /does not match a volume/);
    assert.equal(create(withOwner('taken', 'p')), "Persistence ID 'taken' is not unique");
  });

  it('a volume that is used is not destroyed', () => {
    const destroy = (used: readonly Resource[]) =>
      findOperationProblem(
        { type: 'DESTROY', destroy: { volumes: [volume('taken')] } },
        { ...context, used },
      );
    assert.equal(destroy([]), undefined);
    assert.equal(destroy([{ ...volume('taken'), ...allocated }]), 'Persistent volumes in use');
  });
});

describe('the resources of an agent', () => {
  it('are read with the roles that they are reserved for', () => {
    assert.deepEqual(parseResources('cpus(a/b):2;disk(*):5'), [
      { name: 'cpus', type: 'SCALAR', scalar: { value: 2 }, reservations: [{ type: 'STATIC', role: 'a/b' }] },
      disk(5),
    ]);
  });

  it('are read from JSON, old roles and all', () => {
    const text = JSON.stringify([
      { name: 'disk', type: 'SCALAR', scalar: { value: 5 }, role: 'a' },
      {
        name: 'disk',
        type: 'SCALAR',
        scalar: { value: 9 },
        disk: { source: { type: 'MOUNT', mount: { root: '/m' } } },
      },
    ]);
    assert.deepEqual(parseResources(text), [
      disk(5, { reservations: [{ type: 'STATIC', role: 'a' }] }),
      disk(9, { disk: { source: { type: 'MOUNT', mount: { root: '/m' } } } }),
    ]);
  });

  it('are refused when only an operation may make them so, or nothing', () => {
    const json = (resource: object) => () => parseResources(JSON.stringify([resource]));
    assert.throws(json(disk(5, { reservations: [dynamic] })), /STATIC reservations only/);
    assert.throws(
      json(volume('v', { reservations: [{ ...dynamic, type: 'STATIC' }] })),
      /no persistent volumes/,
    );
    assert.throws(json({ name: 'disk', type: 'SCALAR' }), /Invalid scalar resource/);
    assert.throws(() => parseResources('cpus(a//b):1'), { code: 'ERR_LOCAL_RESOURCES_SYNTAX' });
    assert.throws(() => parseResources('[1'), { code: 'ERR_LOCAL_RESOURCES_JSON' });
  });
});
