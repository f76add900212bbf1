/** What masters of a real Mesos sent while they restarted and while they refused, byte for byte. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type AddressInfo, type Server, type Socket, createServer } from 'node:net';
import { join } from 'node:path';
import { ConnectionBench } from './connection-under-test.ts';

const FIXTURES = join(import.meta.dirname, '../../../fixtures/golden-masters');
const RECORDED_MASTER = '127.0.0.1:5050';

describe('recorded masters', function () {
  this.timeout(20_000);
  let bench: ConnectionBench;
  let server: Server;
  let answers: (string | undefined)[];
  let requests: number;
  const sockets: Socket[] = [];

  beforeEach(async () => {
    bench = new ConnectionBench();
    answers = [];
    requests = 0;
    server = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => undefined);
      socket.once('data', () => answer(socket));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    await bench.close();
    for (const socket of sockets.splice(0)) socket.destroy();
    server.close();
  });

  const address = () => `127.0.0.1:${(server.address() as AddressInfo).port}`;

  /** The connection stays open afterwards, as a real master leaves it; no name cuts it, as a killed one does. */
  function answer(socket: Socket): void {
    requests += 1;
    const name = answers.shift();
    if (name === undefined) return void socket.destroy();
    const recorded = readFileSync(join(FIXTURES, `${name}.response.bin`)).toString('latin1');
    const text = recorded.replace(`//${RECORDED_MASTER}/`, `//${address()}/`);
    for (let at = 0; at < text.length; at += 997)
      socket.write(Buffer.from(text.slice(at, at + 997), 'latin1'));
  }

  it('a master that restarts redirects to itself, is gone, and takes the framework back', async () => {
    answers.push(
      'redirect-to-itself',
      'redirect-to-itself',
      undefined,
      'redirect-to-itself',
      'subscribed-again',
    );
    const connection = bench.start(address());
    await connection.untilSubscribed();
    assert.ok(requests >= 5);
    assert.equal(connection.logged('it leads in a circle'), 1);
    await connection.until('the end of the recording', () => connection.closed.length > 0);
    const types = connection.events.map(({ type }) => type);
    assert.deepEqual(types.slice(0, 2), ['SUBSCRIBED', 'HEARTBEAT']);
    assert.ok(types.includes('UPDATE') && types.includes('OFFERS'));
  });

  it('a wrong principal and a missing credential are named', async () => {
    answers.push('principal-mismatch');
    const mismatch = (await bench.start(address()).ended) as Error;
    assert.match(mismatch.message, /400 .*principal 'me' does not match principal 'other'/);
    answers.push('no-authorization');
    const missing = (await bench.start(address(), { framework: { principal: 'me' } }).ended) as Error;
    assert.match(missing.message, /refused principal 'me' with 401/);
  });
});
