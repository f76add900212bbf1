/** The bundle in a root that holds a shell, sha256sum and nothing else: no C library, no loader, no /usr. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  openSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extract } from 'tar';
import { BUNDLE_FOLDER, type BundleManifest, renderBundleCommand } from '../../../protocol/bundle.ts';
import type { LaunchSpec } from '../../../protocol/launch-spec.ts';
import { main as buildBundle } from '../../../scripts/build/bundle.ts';
import { FakeAgent } from './fake-agent.ts';
import { agentEnvironment, findFreePort, fixtureSpec, toTask } from './launch-fixture.ts';

const BUILD = join(import.meta.dirname, '../../../build');
const PATH = '/usr/sbin:/usr/bin:/sbin:/bin';
const BUSYBOX = '/bin/busybox';

/** Undefined when the test can run. */
function findObstacle(): string | undefined {
  if (process.getuid?.() !== 0) return 'chroot needs root';
  if (!existsSync(BUSYBOX)) return `no ${BUSYBOX} (Debian: apt-get install busybox-static)`;
  if (spawnSync('unshare', ['--mount', 'true']).status !== 0) return 'no mount namespace is permitted';
  const linked = spawnSync('ldd', [BUSYBOX]).status === 0;
  return linked ? `${BUSYBOX} is not linked statically` : undefined;
}

function makeEmptyRoot(): string {
  const root = mkdtempSync(join(tmpdir(), 'stevedore-root-'));
  for (const folder of ['bin', 'dev', 'proc', 'sandbox']) mkdirSync(join(root, folder));
  // What the operator prepares for tasks that keep state outside the sandbox.
  mkdirSync(join(root, 'var/lib/stevedore'), { recursive: true, mode: 0o755 });
  copyFileSync(BUSYBOX, join(root, 'bin/busybox'));
  for (const name of ['sh', 'sha256sum']) symlinkSync('busybox', join(root, 'bin', name));
  // Every Linux has it; a shell opens it for a process in the background.
  spawnSync('mknod', [join(root, 'dev/null'), 'c', '1', '3']);
  return root;
}

describe('executor bundle', function () {
  this.timeout(180_000);
  let manifest: BundleManifest;
  let root: string;
  let agent: FakeAgent;

  before(async function () {
    const obstacle = findObstacle();
    if (obstacle !== undefined) {
      console.log(`    skipped: ${obstacle}`);
      this.skip();
    }
    assert.equal(await buildBundle([]), 0);
    manifest = JSON.parse(readFileSync(join(BUILD, 'executor-bundle.json'), 'utf8'));
  });

  beforeEach(async () => {
    agent = await new FakeAgent().listen();
    root = makeEmptyRoot();
    await extract({ file: join(BUILD, manifest.fileName), cwd: join(root, 'sandbox') });
  });

  afterEach(async () => {
    await agent?.close();
    if (root !== undefined) rmSync(root, { recursive: true, force: true });
  });

  /** As an agent runs a shell command: in the sandbox, by /bin/sh -c. */
  function start() {
    const { value = '' } = renderBundleCommand(manifest, 'http://unused/');
    const [stdout, stderr] = ['stdout', 'stderr'].map((name) => openSync(join(root, 'sandbox', name), 'a'));
    const env = { ...agentEnvironment(agent, '/sandbox'), NODE_OPTIONS: '--no-such-option', PATH };
    // The kernel's own /proc, in a mount namespace that goes with the process.
    const enter = 'mount -t proc proc "$0/proc" && exec chroot "$0" /bin/sh -c "$1"';
    const argv = ['--mount', '/bin/sh', '-c', enter, root, `cd /sandbox && ${value}`];
    const options = { env, detached: true, stdio: ['ignore', stdout, stderr] as never };
    const child = spawn('/usr/bin/unshare', argv, options);
    return { child, exit: once(child, 'exit').then(([code]) => code as number | null) };
  }

  function busyboxService(port: number): LaunchSpec {
    const argv = ['/bin/busybox', 'httpd', '-f', '-p', `127.0.0.1:${port}`, '-h', '@{sandbox}/logs'];
    return fixtureSpec(port, [], { command: { choices: [{ argv }] } });
  }

  it('runs a task on an agent that has nothing', async () => {
    const { child, exit } = start();
    try {
      await agent.untilSubscribed();
      agent.launch(toTask(busyboxService(await findFreePort())));
      await agent.untilStatus('TASK_RUNNING');
      agent.kill('t1');
      await agent.untilStatus('TASK_KILLED');
      assert.equal(await exit, 0);
    } catch (error) {
      console.log(readFileSync(join(root, 'sandbox/stderr'), 'utf8'));
      throw error;
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('refuses to run when a file of it was changed', async () => {
    appendFileSync(join(root, 'sandbox', BUNDLE_FOLDER, 'lib/libm.so.6'), 'x');
    assert.equal(await start().exit, 1);
    assert.match(readFileSync(join(root, 'sandbox/stderr'), 'utf8'), /digests differ/);
    assert.deepEqual(agent.received, []);
  });

  it('stays below what the agent has time to fetch', () => {
    assert.ok(manifest.sizeBytes <= 45_000_000, String(manifest.sizeBytes));
  });

  it('is not built again when nothing changed', async () => {
    const before = readFileSync(join(BUILD, 'executor-bundle.json'), 'utf8');
    const startedMs = performance.now();
    assert.equal(await buildBundle([]), 0);
    assert.equal(readFileSync(join(BUILD, 'executor-bundle.json'), 'utf8'), before);
    assert.ok(performance.now() - startedMs < 5000);
  });
});
