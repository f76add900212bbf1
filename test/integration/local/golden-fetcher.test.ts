/** The fetcher against the recorded cases of Mesos' own: what it asks the server for, what it leaves, what it logs. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { messageOf } from '../../../protocol/errors.ts';
import type { CommandUri } from '../../../protocol/mesos/task.ts';
import { type ContainerSpec, fetchUris } from '../../../local/agent/container.ts';
import { FetcherCache } from '../../../local/agent/fetcher-cache.ts';
import { createSandbox } from '../../../local/agent/sandbox.ts';
import { GOLDEN } from './golden-files.ts';
import { type GoldenServer, startGoldenServer } from './golden-server.ts';

interface FetchCase {
  readonly name: string;
  readonly uris: readonly CommandUri[];
  /** The agent's message, without the container's id; undefined when the task ran. */
  readonly failure: string | undefined;
  /** `GET /path`, as the server saw them. */
  readonly requests: readonly string[];
  /** `mode name size` of all in the sandbox but `stderr` and directories' sizes. */
  readonly sandbox: readonly string[];
}

const SEEN = /server: conn \d+ req \d+ (\S+ \S+) ->/g;
const LISTED =
  /sandbox: ([-d]\S{9}) +\d+ 0 0 +(\d+) \w+ +\d+ [\d:]+ (\S+)$|sandbox: \.\/(\S+):$|sandbox: (\.):$/gm;

function readListing(text: string): string[] {
  let directory = '';
  return [...text.matchAll(LISTED)].flatMap(([, mode, size, name, below, top]) => {
    if (below !== undefined || top !== undefined) {
      directory = below === undefined ? '' : `${below}/`;
      return [];
    }
    if (name === '.' || name === '..' || name === 'stderr' || name === 'stdout') return [];
    return [`${mode} ${directory}${name} ${mode?.startsWith('d') ? '' : size}`];
  });
}

function readCases(): FetchCase[] {
  const manifest = JSON.parse(readFileSync(path.join(GOLDEN, 'manifest.json'), 'utf8'));
  const text = readFileSync(path.join(GOLDEN, 'fetcher/cases.txt'), 'utf8');
  const cases = text
    .split(/^## /m)
    .slice(1)
    .map((block): FetchCase => {
      const [, name, uris] = /^(\S+) uris=(.*) cmd=/.exec(block) as unknown as [string, string, string];
      const failure = /REASON_CONTAINER_LAUNCH_FAILED \| Failed to launch container: (.*) \([\d.]+s\)$/m.exec(
        block,
      )?.[1];
      return {
        name,
        uris: JSON.parse(uris) as CommandUri[],
        failure: failure?.replace(/'[0-9a-f-]{36}'/, "'CONTAINER'"),
        requests: [...block.matchAll(SEEN)].map((match) => match[1] as string),
        sandbox: readListing(block).sort(),
      };
    });
  return cases.filter(({ name }) => (manifest.replayed as string[]).includes(`fetcher/${name}`));
}

function listSandbox(root: string, below = ''): string[] {
  return readdirSync(path.join(root, below), { withFileTypes: true }).flatMap((entry) => {
    const name = path.posix.join(below, entry.name);
    const stats = statSync(path.join(root, name));
    const letters = 'rwxrwxrwx'
      .split('')
      .map((letter, index) => (stats.mode & (1 << (8 - index)) ? letter : '-'));
    const mode = (entry.isDirectory() ? 'd' : '-') + letters.join('');
    if (name === 'stderr' || name === 'stdout') return [];
    if (entry.isDirectory()) return [`${mode} ${name} `, ...listSandbox(root, name)];
    return [`${mode} ${name} ${stats.size}`];
  });
}

/** Lines of the fetcher, with places and times as words; a run of another fetcher has others. */
function readLog(text: string, places: readonly (readonly [string | RegExp, string])[]): string[] {
  const lines = text.split('\n').filter((line) => line.includes(' fetcher.cpp:'));
  return lines.map((line) =>
    places.reduce(
      (result: string, [from, to]) => result.replaceAll(from, to),
      line.replace(/^([IWE])\d{8} \d\d:\d\d:\d\d\.\d{6} +\d+ /, '$1 '),
    ),
  );
}

describe('the fetcher, held to recordings of a real one', () => {
  let server: GoldenServer;
  let cache: FetcherCache;
  let root: string;

  before(async () => {
    root = mkdtempSync(path.join(tmpdir(), 'stevedore-fetcher-'));
    cache = new FetcherCache(path.join(root, 'cache'));
    server = await startGoldenServer();
  });
  after(async () => {
    await server.close();
    rmSync(root, { recursive: true, force: true });
  });

  /** Files of the recorder's machine, which are in the archive that it served. */
  const local = (uri: string): string =>
    uri
      .replace('127.0.0.1:8099', `127.0.0.1:${server.port}`)
      .replace('/srv/executor-test-tool/files', path.join(root, 'files'));

  before(() => {
    mkdirSync(path.join(root, 'files'));
    serveFiles(root);
  });

  for (const recorded of readCases())
    it(`${recorded.name}: asks, leaves and logs as recorded`, async () => {
      const directory = path.join(root, recorded.name);
      const spec: ContainerSpec = {
        containerId: 'CONTAINER',
        directory,
        user: 'root',
        ids: undefined,
        command: { uris: recorded.uris.map((uri) => ({ ...uri, value: local(uri.value) })) },
        environment: {},
        program: undefined,
      };
      createSandbox(directory, undefined);
      server.requests.length = 0;
      const failure = await fetchUris(spec, cache, new AbortController().signal).then(
        () => undefined,
        (error: unknown) => messageOf(error),
      );
      assert.equal(failure, recorded.failure);
      assert.deepEqual(
        server.requests.map((request) => request.split(' ', 2).join(' ')),
        recorded.requests,
      );
      for (const request of server.requests)
        assert.match(
          request.replace(/Authorization: Basic \S+\r\n/, ''),
          /^\S+ \S+ HTTP\/1\.1\r\nHost: 127\.0\.0\.1:\d+\r\nAccept: \*\/\*\r\n\r\n$/,
        );
      assert.deepEqual(listSandbox(directory).sort(), recorded.sandbox);
      const before = [
        [/\/var\/lib\/mesos-a\/\S*?\/runs\/[0-9a-f-]{36}/g, 'SANDBOX'],
        ['/var/mesos/fetch/root', 'CACHE'],
        [/c\d+-/g, 'cN-'],
      ] as const;
      const ours = [
        [`127.0.0.1:${server.port}`, '127.0.0.1:8099'],
        [directory, 'SANDBOX'],
        [path.join(root, 'cache/root'), 'CACHE'],
        [path.join(root, 'files'), '/srv/executor-test-tool/files'],
        [/c\d+-/g, 'cN-'],
      ] as const;
      const expected = readLog(
        readFileSync(path.join(GOLDEN, `fetcher/case-${recorded.name}.stderr.txt`), 'utf8'),
        before,
      );
      assert.deepEqual(readLog(readFileSync(path.join(directory, 'stderr'), 'utf8'), ours), expected);
    });
});

/** The files that the recorder had on disk, out of what it served. */
function serveFiles(root: string): void {
  for (const name of ['pkg.tar.gz', 'plain.txt']) {
    const file = readdirSync(path.join(GOLDEN, 'fetcher')).find((entry) =>
      entry.endsWith(`GET-files_${name}.response.bin`),
    );
    const bytes = readFileSync(path.join(GOLDEN, 'fetcher', file ?? ''));
    writeFileSync(path.join(root, 'files', name), bytes.subarray(bytes.indexOf('\r\n\r\n') + 4));
  }
}
