import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ProcessOptions, startGuarded } from '../../../executor/effects/process/guarded-process.ts';

function start(argv: readonly string[], changes: Partial<ProcessOptions> = {}) {
  let output = '';
  const process = startGuarded({
    argv,
    cwd: '/',
    environment: {},
    limits: {},
    graceMs: 1000,
    onOutput: (_target, chunk) => {
      output += chunk.toString();
    },
    ...changes,
  });
  return { process, output: () => output, end: async () => ({ ...(await process.ended), output }) };
}

function sh(script: string, changes: Partial<ProcessOptions> = {}) {
  return start(['/bin/sh', '-c', script], changes);
}

describe('guarded process', () => {
  it('reports exit codes and signals as they are', async () => {
    const coded = await sh('exit 143').end();
    assert.deepEqual([coded.code, coded.signal], [143, undefined]);
    const killed = await sh('kill -TERM $$').end();
    assert.deepEqual([killed.code, killed.signal], [undefined, 'SIGTERM']);
  });

  it('is the process whose pid is told, and hands on no descriptor of the guard', async () => {
    const { process, end } = sh('echo $$; readlink /proc/$$/fd/3 /proc/$$/fd/4');
    assert.equal((await end()).output, `${process.pid}\n`);
  });

  it('applies the limits', async () => {
    const { output } = await sh('ulimit -n; umask', { limits: { openFiles: 300, umask: '027' } }).end();
    assert.equal(output, '300\n0027\n');
  });

  it('says which limit was refused instead of running without it', async () => {
    const { problem, output } = await sh('echo ran', { limits: { openFiles: 2 ** 40 } }).end();
    assert.match(problem ?? '', /open files 1099511627776.*: .*limit/);
    assert.equal(output, '');
  });

  it('passes arguments and variables through unchanged', async () => {
    const tricky = ['a b', '$HOME', "it's", '', '*', '"', '\\', 'ü\n'];
    const print = `for word; do printf '<%s>' "$word"; done; printf '[%s]' "$VALUE"`;
    const { output } = await start(['/bin/sh', '-c', print, 'sh', ...tricky], {
      environment: { VALUE: '$(id) `id` ; "' },
    }).end();
    assert.equal(output, `${tricky.map((word) => `<${word}>`).join('')}[$(id) \`id\` ; "]`);
  });

  it('ends what the service leaves behind in its group, before it says that it has ended', async () => {
    const { code, output } = await sh('sleep 300 & echo $!; exit 3').end();
    assert.equal(code, 3);
    assert.ok(!existsSync(`/proc/${output.trim()}/fd/0`));
  });

  it('gives the service no child that it did not start, since some programs wait for all of theirs', async () => {
    const { output } = await sh('sleep 0.1; cat /proc/$$/task/$$/children').end();
    assert.equal(output.trim().split(' ').length, 1, output);
  });

  it('sends signals to the whole group', async () => {
    const child = `(trap 'echo child; exit 0' TERM; echo ready; sleep 300 & wait) &`;
    const { process, output, end } = sh(`trap 'wait; exit 9' TERM; ${child} wait`);
    while (!output().includes('ready')) await sleep(10);
    process.signal('SIGTERM');
    const { code, ranMs } = await end();
    assert.deepEqual([code, output()], [9, 'ready\nchild\n']);
    assert.ok(ranMs < 5000);
  });

  it('says that it could not be started', async () => {
    const missing = await start(['/nowhere/program']).end();
    assert.equal(missing.code, 127);
    assert.match(missing.lastLines.join(' '), /\/nowhere\/program.*not found/);
    const lost = await sh('exit 0', { cwd: '/nowhere' }).end();
    assert.match(lost.problem ?? '', /ENOENT/);
  });
});
