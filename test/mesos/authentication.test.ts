/** A real master that wants HTTP Basic of its frameworks. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeComponent, makeSpec } from '../support/engine-world.ts';
import { eventually } from '../support/eventually.ts';
import { SchedulerBench } from '../support/scheduler-under-test.ts';
import { RealMesos, mesosIsAvailable } from './real-mesos.ts';

const SECRET = 'correct-horse-battery';

describe('authentication at a real Mesos master', function () {
  this.timeout(120_000);
  let directory: string;
  let mesos: RealMesos;
  let bench: SchedulerBench;

  before(async function () {
    if (!mesosIsAvailable()) return this.skip();
    directory = mkdtempSync(join(tmpdir(), 'stevedore-mesos-'));
    const credentials = join(directory, 'credentials.json');
    writeFileSync(credentials, JSON.stringify({ credentials: [{ principal: 'ops', secret: SECRET }] }));
    mesos = await RealMesos.start(directory, [
      '--authenticate_http_frameworks',
      '--http_framework_authenticators=basic',
      `--credentials=file://${credentials}`,
    ]);
  });

  after(async () => {
    if (directory === undefined) return;
    await mesos?.close();
    rmSync(directory, { recursive: true, force: true });
  });

  beforeEach(() => {
    bench = new SchedulerBench();
  });
  afterEach(() => bench.close());

  function start(secret: string) {
    const framework = {
      name: 'test',
      roles: ['r'] as const,
      user: 'root',
      principal: 'ops',
      secret,
      failoverTimeoutSeconds: 60,
    };
    const spec = makeSpec(makeComponent({ resources: { cpusMilli: 1_000_000, memMiB: 1, diskMiB: 0 } }));
    return bench.start(bench.makeOptions(mesos.master, spec, { framework }));
  }

  it('takes the right secret', async () => {
    const scheduler = start(SECRET);
    await eventually('subscribed', 30_000, () =>
      scheduler.log.some((line) => line.includes('subscribed frameworkId=')) ? true : undefined,
    );
    assert.equal(await scheduler.stop(), 0);
    assert.ok(!scheduler.log.join('').includes(SECRET));
  });

  it('refuses a wrong one: status 1, and a message that names the principal and not the secret', async () => {
    const scheduler = start('wrong-secret');
    assert.equal(await scheduler.exit, 1);
    assert.match(scheduler.log.join(''), /refused principal 'ops' with 401/);
    assert.ok(!scheduler.log.join('').includes('wrong-secret'));
  });
});
