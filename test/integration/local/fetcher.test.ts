/** The fetcher where recordings do not reach: TLS, the cache shared by containers that start together, users. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { generate } from 'selfsigned';
import { type ContainerSpec, fetchUris } from '../../../local/agent/container.ts';
import { FetcherCache } from '../../../local/agent/fetcher-cache.ts';
import { createSandbox } from '../../../local/agent/sandbox.ts';

describe('the fetcher', () => {
  let root: string;
  let server: http.Server | https.Server | undefined;
  const seen: string[] = [];

  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'stevedore-fetch-'));
    seen.length = 0;
  });
  afterEach(async () => {
    server?.closeAllConnections();
    await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
    rmSync(root, { recursive: true, force: true });
  });

  const answer: http.RequestListener = (request, response) => {
    seen.push(`${request.method} ${request.url}`);
    response.setHeader('Content-Length', '5');
    setTimeout(() => response.end(request.method === 'HEAD' ? undefined : 'bytes'), 20);
  };
  const listen = async (created: http.Server | https.Server): Promise<number> => {
    server = created;
    await new Promise<void>((resolve) => created.listen(0, '127.0.0.1', resolve));
    return (created.address() as AddressInfo).port;
  };
  const specOf = (name: string, value: string): ContainerSpec => {
    const directory = path.join(root, name);
    createSandbox(directory, undefined);
    const command = { uris: [{ value, cache: true, extract: false }] };
    return {
      containerId: name,
      directory,
      user: 'root',
      ids: undefined,
      command,
      environment: {},
      program: undefined,
    };
  };

  it('trusts no certificate that the system does not trust', async () => {
    const { cert, private: key } = await generate([{ name: 'commonName', value: '127.0.0.1' }]);
    const port = await listen(https.createServer({ cert, key }, answer));
    const spec = specOf('one', `https://127.0.0.1:${port}/file`);
    const failing = fetchUris(spec, new FetcherCache(path.join(root, 'cache')), new AbortController().signal);
    await assert.rejects(failing, /Failed to fetch all URIs for container 'one': exited with status 1/);
    assert.match(
      readFileSync(path.join(spec.directory, 'stderr'), 'utf8'),
      /SSL peer certificate or SSH remote key was not OK/,
    );
    assert.deepEqual(seen, []);
  });

  it('downloads once for containers that start together', async () => {
    const port = await listen(http.createServer(answer));
    const cache = new FetcherCache(path.join(root, 'cache'));
    const specs = ['one', 'two', 'three'].map((name) => specOf(name, `http://127.0.0.1:${port}/file`));
    await Promise.all(specs.map((spec) => fetchUris(spec, cache, new AbortController().signal)));
    assert.equal(seen.filter((line) => line === 'GET /file').length, 1);
    for (const { directory } of specs)
      assert.equal(readFileSync(path.join(directory, 'file'), 'utf8'), 'bytes');
  });

  it('stops when the container is not wanted any more', async () => {
    const port = await listen(http.createServer(() => undefined));
    const spec = {
      ...specOf('one', `http://127.0.0.1:${port}/file`),
      command: { uris: [{ value: `http://127.0.0.1:${port}/file` }] },
    };
    const abort = new AbortController();
    const fetching = fetchUris(spec, new FetcherCache(path.join(root, 'cache')), abort.signal);
    setTimeout(() => abort.abort(), 300);
    await assert.rejects(fetching, /Failed to fetch all URIs/);
  });
});
