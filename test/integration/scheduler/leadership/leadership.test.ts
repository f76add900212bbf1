import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createLayout } from '../../../../scheduler/state/zookeeper-layout.ts';
import { readSnapshot } from '../../../../scheduler/state/zookeeper-snapshot.ts';
import { eventually } from '../../../support/eventually.ts';
import { connectZooKeeper } from '../../../support/zookeeper-leader.ts';
import {
  type ZooKeeperServer,
  startZooKeeper,
  zookeeperIsAvailable,
} from '../../../support/zookeeper-server.ts';

interface Line {
  readonly event: string;
  readonly pid: number;
  readonly value?: number;
  readonly code?: string;
  readonly leader?: number;
  readonly message?: string;
}

const SESSION_MS = 2000;
const MEMBER = join(import.meta.dirname, 'election-member.ts');

class Member {
  readonly lines: Line[] = [];
  readonly child: ChildProcess;

  constructor(server: ZooKeeperServer, path: string) {
    const args = [MEMBER, server.address, path, String(SESSION_MS)];
    this.child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines = createInterface({ input: this.child.stdout as NodeJS.ReadableStream });
    lines.on('line', (line) => this.lines.push(JSON.parse(line) as Line));
  }

  get pid(): number {
    return this.child.pid as number;
  }

  select(event: string, from = 0): Line[] {
    return this.lines.slice(from).filter((line) => line.event === event);
  }

  until(event: string, from = 0): Promise<Line> {
    return eventually(`${event} by ${this.pid}`, 15_000, () => this.select(event, from)[0]);
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill(signal);
    await ended;
  }
}

describe('leadership', function () {
  this.timeout(90_000);
  let server: ZooKeeperServer;
  let path: string;
  let members: Member[] = [];

  before(async function () {
    if (!(await zookeeperIsAvailable())) return this.skip();
    server = await startZooKeeper();
  });
  after(() => server?.close());
  beforeEach(() => {
    path = `/test-${randomBytes(4).toString('hex')}`;
    members = [];
  });
  afterEach(async () => {
    server?.thaw();
    for (const member of members) await member.end('SIGKILL');
  });

  function start(): Member {
    const member = new Member(server, path);
    members.push(member);
    return member;
  }

  async function startLeader(): Promise<Member> {
    const member = start();
    await member.until('acted');
    return member;
  }

  async function startStandby(): Promise<Member> {
    const member = start();
    await member.until('standby');
    return member;
  }

  /** Every step was made by one member, and what it said to have done is what is stored. Ends all: they write without a pause. */
  async function checkSteps(): Promise<void> {
    for (const member of members) await member.end('SIGKILL');
    const client = await connectZooKeeper(server.address);
    try {
      const records = (await readSnapshot(client, createLayout(path, 'c1')))?.records ?? new Map();
      const valueOf = (name: string) =>
        (JSON.parse(Buffer.from(records.get(name) ?? '{}').toString()) as { value?: number }).value;
      const acted = members.flatMap((member) => member.select('acted'));
      assert.equal(new Set(acted.map(({ value }) => value)).size, acted.length, 'a step was made twice');
      for (const { value, pid } of acted) assert.equal(valueOf(`steps/${value}`), pid);
      const count = valueOf('count') ?? 0;
      for (let step = 1; step <= count; step += 1)
        assert.ok(valueOf(`steps/${step}`), `step ${step} is lost`);
    } finally {
      await client.close();
    }
  }

  it('passes on within the session when leaders are killed, one after the other', async () => {
    let leader = await startLeader();
    for (let round = 0; round < 2; round += 1) {
      const standby = await startStandby();
      assert.equal(
        (
          await eventually('the leader is known', 5000, () =>
            standby.select('standby').find(({ leader }) => leader !== undefined),
          )
        )?.leader,
        leader.pid,
      );
      const killedAt = performance.now();
      await leader.end('SIGKILL');
      await standby.until('acted');
      assert.ok(performance.now() - killedAt < SESSION_MS + 2500, 'it took too long');
      leader = standby;
    }
    await checkSteps();
  });

  it('passes on at once when the leader is stopped', async () => {
    const leader = await startLeader();
    const standby = await startStandby();
    const stoppedAt = performance.now();
    await leader.end('SIGTERM');
    assert.equal(leader.child.exitCode, 0);
    assert.match(leader.select('warn')[0]?.message ?? '', /everybody who reaches ZooKeeper/);
    await standby.until('acted');
    assert.ok(performance.now() - stoppedAt < SESSION_MS, 'it waited for the session to end');
    await checkSteps();
  });

  it('is found lost by a leader that slept, before it does anything', async () => {
    const leader = await startLeader();
    const standby = await startStandby();
    leader.child.kill('SIGSTOP');
    await standby.until('acted');
    const from = leader.lines.length;
    leader.child.kill('SIGCONT');
    await leader.until('standby', from);
    assert.deepEqual(leader.select('acted', from), []);
    assert.ok(leader.select('ended', from).length === 1);
    await standby.end('SIGKILL');
    await leader.until('acted', from);
    await checkSteps();
  });

  it('ends by the leader’s own clock while no server answers, and comes back with one leader', async () => {
    const leader = await startLeader();
    const standby = await startStandby();
    server.freeze();
    await leader.until('ended');
    const from = members.map(({ lines }) => lines.length);
    server.thaw();
    await eventually('somebody leads again', 15_000, () =>
      members.find((member, i) => member.select('acted', from[i]).length > 0),
    );
    assert.ok(standby.lines.length > 0);
    await checkSteps();
  });

  it('survives a restart of the server within the session', async () => {
    const leader = await startLeader();
    await server.restart();
    const from = leader.lines.length;
    await leader.until('acted', from);
    await checkSteps();
  });
});
