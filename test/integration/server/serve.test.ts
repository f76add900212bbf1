import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from './http-client.ts';

const ENTRY = join(import.meta.dirname, 'serve-entry.ts');
const URI = /\{"value":.*\}/g;

class Serve {
  readonly process: ChildProcess;
  stdout = '';
  stderr = '';

  constructor(argv: readonly string[]) {
    this.process = spawn(process.execPath, [ENTRY, ...argv], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.process.stdout?.on('data', (text) => (this.stdout += text));
    this.process.stderr?.on('data', (text) => (this.stderr += text));
  }

  async until(pattern: RegExp): Promise<void> {
    for (let waited = 0; waited < 15_000; waited += 20) {
      if (pattern.test(this.stdout)) return;
      if (this.process.exitCode !== null) break;
      await sleep(20);
    }
    assert.match(this.stdout + this.stderr, pattern);
  }

  async exit(): Promise<number | null> {
    if (this.process.exitCode === null) await once(this.process, 'exit');
    return this.process.exitCode;
  }

  uris(): { value: string; output_file?: string }[] {
    return [...this.stdout.matchAll(URI)].map(([json]) => JSON.parse(json));
  }
}

describe('stevedore serve', () => {
  let directory: string;
  let serves: Serve[];
  const start = (...argv: string[]) => {
    const serve = new Serve(argv);
    serves.push(serve);
    return serve;
  };
  const options = () => [
    '--port',
    '0',
    '--plain-port',
    '0',
    '--bind',
    '127.0.0.1',
    '--certs',
    join(directory, 'certs'),
  ];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'stevedore-serve-'));
    serves = [];
  });
  afterEach(async () => {
    for (const { process: child } of serves) {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
    }
    await rm(directory, { recursive: true, force: true });
  });

  it('prints a URI per file that works as it is, and ends with 0', async () => {
    await mkdir(join(directory, 'below'));
    await writeFile(join(directory, 'flink.tgz'), 'top');
    await writeFile(join(directory, 'below/my app.jar'), 'deep');
    const serve = start(directory, ...options());
    await serve.until(/plain {2}http/);
    const bodies = await Promise.all(
      serve.uris().map(async ({ value }) => (await ask(value)).body.toString()),
    );
    assert.deepEqual(bodies.sort(), ['deep', 'top']);
    assert.match(serve.stdout, /^hashed flink\.tgz, 3 B$/m);
    assert.match(serve.stdout, /agents trust only the CAs of their system/);
    // oxlint-disable-next-line no-control-regex -- no colours and no cursor movements outside a terminal
    assert.doesNotMatch(serve.stdout, /\u001b|\r/);
    serve.process.kill('SIGTERM');
    assert.equal(await serve.exit(), 0);
    assert.equal(serve.stderr, '');
  });

  it('serves over TLS under the CA that it names', async () => {
    await writeFile(join(directory, 'a.tar'), 'content');
    const serve = start(directory, ...options(), '--no-plain', '--advertise', 'localhost');
    await serve.until(/^TLS .*clients trust/m);
    const ca = await readFile(/clients trust (.*)\)/.exec(serve.stdout)?.[1] as string, 'utf8');
    const [uri] = serve.uris();
    assert.match(uri?.value as string, /^https:\/\/localhost:/);
    assert.equal((await ask(uri?.value as string, { ca })).body.toString(), 'content');
  });

  it('needs no certificates without TLS', async () => {
    await writeFile(join(directory, 'a.tar'), 'content');
    const serve = start(directory, ...options(), '--no-tls');
    await serve.until(/plain {2}http/);
    await assert.rejects(readFile(join(directory, 'certs/ca.pem')), { code: 'ENOENT' });
  });

  it('serves no link, no hidden file and none of its own keys', async () => {
    await writeFile(join(directory, '.hidden'), 'x');
    await symlink('/etc/passwd', join(directory, 'link'));
    const serve = start(directory, ...options());
    await serve.until(/plain {2}http/);
    await sleep(1500);
    assert.deepEqual(serve.uris(), []);
    assert.match(serve.stdout, /The folder is empty/);
  });

  it('notices files that come, change and go', async () => {
    const path = join(directory, 'late.tgz');
    const serve = start(directory, ...options());
    await serve.until(/plain {2}http/);
    await writeFile(path, 'first');
    await serve.until(/late\.tgz {2}5 B/);
    await writeFile(path, 'second');
    await serve.until(/no longer served: late\.tgz[^]*late\.tgz {2}6 B/);
    const [first, second] = serve.uris();
    assert.equal((await ask(first?.value as string)).status, 404);
    assert.equal((await ask(second?.value as string)).body.toString(), 'second');
    await rm(path);
    await serve.until(/(?:no longer served[^]*){2}/);
    assert.equal((await ask(second?.value as string)).status, 404);
  });

  it('finishes a transfer that is under way when it is told to stop', async () => {
    const size = 48 * 1024 * 1024;
    await writeFile(join(directory, 'large'), Buffer.alloc(size));
    const serve = start(directory, ...options());
    await serve.until(/plain {2}http/);
    const { port, pathname } = new URL(serve.uris()[0]?.value as string);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(`GET ${pathname} HTTP/1.1\r\nHost: x\r\n\r\n`);
    await once(socket, 'readable');
    serve.process.kill('SIGTERM');
    await sleep(300);
    assert.equal(serve.process.exitCode, null);
    let received = 0;
    socket.on('data', (piece: Buffer) => (received += piece.length));
    await once(socket, 'close');
    assert.ok(received > size, `${received} bytes came`);
    assert.equal(await serve.exit(), 0);
  });

  it('stays small while 64 clients fetch over TLS', async () => {
    await writeFile(join(directory, 'large'), Buffer.alloc(6 * 1024 * 1024));
    const serve = start(directory, ...options(), '--no-plain');
    await serve.until(/^TLS/m);
    const ca = await readFile(join(directory, 'certs/ca.pem'), 'utf8');
    const { value } = serve.uris()[0] as { value: string };
    const sizes = await Promise.all(
      Array.from({ length: 64 }, () => ask(value, { ca }).then(({ body }) => body.length)),
    );
    assert.deepEqual(new Set(sizes), new Set([6 * 1024 * 1024]));
    const status = await readFile(`/proc/${serve.process.pid}/status`, 'utf8');
    const peakMiB = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024;
    assert.ok(peakMiB < 250, `${peakMiB} MiB at its peak`);
  }).timeout(60_000);

  it('says in one line that a port is taken, and ends with 1', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const serve = start(directory, ...options(), '--plain-port', String(port));
    assert.equal(await serve.exit(), 1);
    assert.match(
      serve.stderr,
      new RegExp(`^stevedore serve: .*127\\.0\\.0\\.1, port ${port}.*another program.*\n$`),
    );
    other.close();
  });

  const wrong: [string, RegExp][] = [
    ['/nowhere', /'\/nowhere' cannot be served: it does not exist/],
    ['/etc/passwd', /'\/etc\/passwd' cannot be served: it, or a part of its path, is no directory/],
  ];
  for (const [folder, message] of wrong) {
    it(`says in one line why ${folder} cannot be served, and ends with 1`, async () => {
      const serve = start(folder, ...options());
      assert.equal(await serve.exit(), 1);
      assert.match(serve.stderr, message);
      assert.equal(serve.stderr.trimEnd().split('\n').length, 1);
    });
  }
});
