import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { renderStartScript, START_SCRIPTS } from '../../../scripts/install/start-scripts.ts';

const SCRIPTS = join(import.meta.dirname, '../../../scripts');

/** Stands for bin/stevedore: tells how it was called, and behaves as the test says. */
const FAKE_STEVEDORE = `#!/bin/sh
echo "called: $*"
echo "ALLUXIO_HOME=$ALLUXIO_HOME ALLUXIO_CONF_DIR=$ALLUXIO_CONF_DIR OPTS=\${ALLUXIO_JAVA_OPTS:-}"
echo $$ >"$FAKE_FOLDER/pid"
. "$FAKE_FOLDER/behaviour"
`;

describe('start and stop scripts of Alluxio', () => {
  let root = '';
  let home = '';

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "stevedore it's "));
    home = join(root, 'alluxio');
    for (const folder of ['stevedore/bin', 'stevedore/scripts', 'alluxio/conf'])
      mkdirSync(join(root, folder), { recursive: true });
    for (const name of ['alluxio-environment.sh', 'alluxio-mesos-start.sh', 'alluxio-mesos-stop.sh'])
      copyFileSync(join(SCRIPTS, name), join(root, 'stevedore/scripts', name));
    writeFileSync(join(root, 'stevedore/bin/stevedore'), FAKE_STEVEDORE, { mode: 0o755 });
    for (const script of START_SCRIPTS) {
      const path = join(home, script.path);
      mkdirSync(join(path, '..'), { recursive: true });
      writeFileSync(path, renderStartScript(script, join(root, 'stevedore')));
      chmodSync(path, 0o755);
    }
  });

  afterEach(() => {
    const pidFile = join(root, 'pid');
    if (existsSync(pidFile))
      try {
        process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGKILL');
      } catch (error) {
        assert.equal((error as NodeJS.ErrnoException).code, 'ESRCH');
      }
    rmSync(root, { recursive: true, force: true });
  });

  const run = (path: string, words: string[], environment: Record<string, string> = {}) =>
    spawnSync(join(home, path), words, {
      encoding: 'utf8',
      timeout: 8000,
      env: { PATH: process.env['PATH'] ?? '', FAKE_FOLDER: root, ...environment },
    });
  const behave = (text: string) => writeFileSync(join(root, 'behaviour'), `${text}\n`);
  const start = (...words: string[]) => run('integration/mesos/bin/alluxio-mesos-start.sh', words);
  const framework = () => readFileSync(join(home, 'logs/framework.out'), 'utf8');

  it('starts in the background and writes to logs/framework.out of the installation', () => {
    behave('echo "INFO New master detected at master@m:5050"; exec sleep 30');
    const { status, stdout } = start('m:5050', 'node1');
    assert.equal(status, 0);
    assert.match(stdout, /connected to Mesos at m:5050; it writes to .*logs\/framework\.out/);
    assert.match(framework(), /^called: alluxio start m:5050 node1\n/);
    assert.ok(framework().includes(`ALLUXIO_HOME=${home} ALLUXIO_CONF_DIR=${home}/conf`));
    process.kill(Number(readFileSync(join(root, 'pid'), 'utf8')), 0);
  });

  it('works under the older path and through a link', () => {
    behave('echo "New master detected"; exec sleep 30');
    symlinkSync(join(home, 'integration/bin/alluxio-mesos.sh'), join(home, 'link.sh'));
    assert.equal(run('link.sh', ['m:5050']).status, 0);
    assert.ok(framework().includes(`ALLUXIO_HOME=${home} `));
  });

  it('tells a start that fails on the terminal, with its exit code and only its own output', () => {
    behave('echo "old failure"; exit 3');
    start('m:5050');
    behave('echo "stevedore: conf is wrong"; exit 7');
    const { status, stderr } = start('m:5050');
    assert.equal(status, 7);
    assert.match(stderr, /conf is wrong/);
    assert.match(stderr, /exit code 7/);
    assert.doesNotMatch(stderr, /old failure/);
  });

  it('tells a framework that Mesos refuses, and hands on that a new one is wanted', () => {
    behave('echo "New master detected"; sleep 0.2; echo "Mesos has removed framework F"; exit 1');
    const { status, stderr } = start('m:5050');
    assert.equal(status, 1);
    assert.match(stderr, /has removed framework F/);
    for (const flag of ['-n', '--new-framework']) {
      start(flag, 'm:5050');
      assert.match(framework(), /^called: alluxio start --new-framework m:5050\n/m);
      writeFileSync(join(home, 'logs/framework.out'), '');
    }
  });

  it('says that it stands by, and why it is not connected yet', () => {
    behave('echo "INFO stands by until it leads"; exec sleep 5');
    assert.match(start('m:5050').stdout, /standing by for the leading scheduler/);
    behave('echo "WARN waits for the Mesos master problem=ECONNREFUSED"; exec sleep 30');
    const path = 'integration/mesos/bin/alluxio-mesos-start.sh';
    const { stdout, stderr } = run(path, ['m:5050'], { ALLUXIO_MESOS_START_WATCH: '5' });
    assert.match(stdout, /not connected to Mesos yet/);
    assert.match(stderr, /ECONNREFUSED/);
  });

  it('waits for the end with -w, and returns its exit code', () => {
    behave('echo "New master detected"; exit 0');
    assert.equal(start('-w', 'm:5050').status, 0);
    behave('exit 4');
    assert.equal(start('-w', 'm:5050').status, 4);
  });

  it('passes a signal on to the framework with -w', async () => {
    behave('trap "echo got TERM; exit 5" TERM; echo "New master detected"; while :; do sleep 0.05; done');
    const script = spawn(join(home, 'integration/mesos/bin/alluxio-mesos-start.sh'), ['-w', 'm:5050'], {
      env: { PATH: process.env['PATH'] ?? '', FAKE_FOLDER: root },
      stdio: 'ignore',
    });
    const ended = once(script, 'exit');
    while (!existsSync(join(home, 'logs/framework.out')) || !framework().includes('New master'))
      await setTimeout(20);
    script.kill('SIGTERM');
    assert.deepEqual(await ended, [5, null]);
    assert.match(framework(), /got TERM/);
  });

  it('prints its usage, and refuses wrong words', () => {
    assert.match(
      start('-h').stdout,
      /Usage: alluxio-mesos-start\.sh \[-hnw\] MESOS_MASTER \[ALLUXIO_MASTER_HOST\]/,
    );
    for (const words of [[], ['a', 'b', 'c'], ['-x', 'a']]) assert.equal(start(...words).status, 2);
  });

  it('reads alluxio-env.sh, and says that Mesos libraries are not needed', () => {
    behave('echo "New master detected"; exec sleep 30');
    writeFileSync(join(home, 'conf/alluxio-env.sh'), 'ALLUXIO_JAVA_OPTS="-Da=b c"\n[[ x == x ]] || exit 9\n');
    const started = run('integration/mesos/bin/alluxio-mesos-start.sh', ['m:5050'], {
      MESOS_LIBRARY_PATH: '/usr/lib',
    });
    assert.equal(started.status, 0);
    assert.match(started.stderr, /MESOS_LIBRARY_PATH is not needed/);
    assert.match(framework(), /OPTS=-Da=b c/);
  });

  it('stops through the scheduler, and says what to do when it cannot', () => {
    behave('exit 0');
    const stop = () => run('integration/mesos/bin/alluxio-mesos-stop.sh', []);
    const { status, stdout } = stop();
    assert.equal(status, 0);
    assert.match(stdout, /called: alluxio stop/);
    behave('exit 1');
    const failed = stop();
    assert.equal(failed.status, 1);
    assert.match(failed.stderr, /could not be ended/);
  });
});
