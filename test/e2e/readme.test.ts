/** The commands of the README as a newcomer types them, and those that `make up` prints. */
import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { StatusReport } from '../../scheduler/api/status.ts';
import { eventually } from '../support/eventually.ts';

const ROOT = join(import.meta.dirname, '../..');
const run = promisify(execFile);

/** The shell blocks of the README, in order. */
function listCommands(): string[] {
  const blocks = readFileSync(join(ROOT, 'README.md'), 'utf8').matchAll(/^```sh\n([\s\S]*?)^```/gm);
  return [...blocks].map((block) => (block[1] as string).trim());
}

async function runShell(command: string): Promise<string> {
  const { stdout } = await run('sh', ['-c', command], { cwd: ROOT, timeout: 60_000 });
  return stdout;
}

describe('README', function () {
  this.timeout(420_000);
  let up: ChildProcess | undefined;
  let output = '';

  after(async () => {
    if (up?.exitCode === null) await runShell('make down');
  });

  it('begins with the two commands, one that runs it and one that tests it', () => {
    assert.deepEqual(listCommands().slice(0, 2), ['make up', 'make test']);
  });

  it('names only commands of stevedore that exist', async () => {
    const help = await runShell('bin/stevedore help');
    const words = listCommands().flatMap((block) => [...block.matchAll(/bin\/stevedore (\w+)/g)]);
    for (const [, word] of words) assert.match(help, new RegExp(`^  ${word} `, 'm'));
  });

  it('brings the cluster up with the first of them', async () => {
    up = spawn('sh', ['-c', listCommands()[0] as string], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [up.stdout, up.stderr])
      stream?.on('data', (piece) => void (output += String(piece)));
    await eventually('the cluster', 360_000, () => {
      if (up?.exitCode !== null) throw new Error(output);
      return output.includes('Ctrl-C ends it') ? true : undefined;
    });
    assert.match(output, /cluster is ready after/);
  });

  it('prints URLs that answer', async () => {
    const urls = [...output.matchAll(/^ {2}\S+ +(http:\/\/\S+)$/gm)].map((match) => match[1] as string);
    assert.ok(urls.length >= 4, output);
    for (const url of urls) assert.equal((await fetch(url)).status, 200, url);
  });

  it('prints commands that write a file into the cluster, list it and read it', async () => {
    const commands = [...output.matchAll(/^ {2}(\S+ fs .*)$/gm)].map((match) => match[1] as string);
    assert.equal(commands.length, 3, output);
    const answers: string[] = [];
    for (const command of commands) answers.push(await runShell(command));
    assert.match(answers[1] as string, /package\.json/);
    assert.equal(answers[2], readFileSync(join(ROOT, 'package.json'), 'utf8'));
  });

  it('shows it and restarts an instance with the commands for another shell', async () => {
    const block = listCommands().find((commands) => commands.startsWith('bin/stevedore status')) ?? '';
    assert.ok(block.includes('restart worker-0'), block);
    const readTask = async () => {
      const { instances } = JSON.parse(await runShell('bin/stevedore status --json')) as StatusReport;
      return instances.find(({ name, phase }) => name === 'worker-0' && phase === 'ready')?.taskId;
    };
    const first = await readTask();
    for (const command of block.split('\n')) await runShell(command);
    await eventually('the restarted worker', 120_000, async () => {
      const task = await readTask();
      return task !== undefined && task !== first ? true : undefined;
    });
  });

  it('takes it away again with `make down`', async () => {
    await runShell('make down');
    if (up?.exitCode === null) await once(up, 'exit');
    assert.equal(up?.exitCode, 0, output);
  });
});
