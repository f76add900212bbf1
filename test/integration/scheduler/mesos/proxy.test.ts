import assert from 'node:assert/strict';
import { type Server, createServer, request as httpRequest } from 'node:http';
import { type AddressInfo, type Socket, connect } from 'node:net';
import type { ProxyOptions } from '../../../../scheduler/mesos/master-options.ts';
import { FakeMaster } from '../../../support/fake-master.ts';
import { ConnectionBench, makeCertificate } from './connection-under-test.ts';

/** A forward proxy: CONNECT and absolute form, and what it was asked. */
class FakeProxy {
  readonly asked: string[] = [];
  readonly credentials: (string | undefined)[] = [];
  refuses = false;
  readonly #sockets = new Set<Socket>();
  readonly #server: Server = createServer((request, response) => {
    this.asked.push(`${request.method} ${request.url}`);
    this.credentials.push(request.headers['proxy-authorization']);
    const { hostname, port, pathname } = new URL(request.url as string);
    const { headers } = request;
    const onward = httpRequest(
      { hostname, port, path: pathname, method: request.method, headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 0, answer.headers);
        answer.on('error', () => response.destroy()).pipe(response);
      },
    );
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });

  async start(): Promise<string> {
    this.#server.on('connect', (request, client: Socket) => this.#tunnel(request.url ?? '', client));
    this.#server.on(
      'connect',
      (request) => void this.credentials.push(request.headers['proxy-authorization']),
    );
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #tunnel(target: string, client: Socket): void {
    this.asked.push(`CONNECT ${target}`);
    client.on('error', () => undefined);
    if (this.refuses) return void client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    const [host, port] = target.split(':');
    const master = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      master.pipe(client).pipe(master);
    });
    master.on('error', () => client.destroy());
    for (const socket of [client, master]) this.#sockets.add(socket);
  }
}

describe('masters behind a proxy', function () {
  this.timeout(20_000);
  let bench: ConnectionBench;
  let proxy: FakeProxy;
  let url: string;
  let certificate: { cert: string; key: string };
  const masters: FakeMaster[] = [];

  before(async () => {
    certificate = await makeCertificate();
  });
  beforeEach(async () => {
    bench = new ConnectionBench();
    proxy = new FakeProxy();
    url = await proxy.start();
  });
  afterEach(async () => {
    await bench.close();
    await Promise.all(masters.splice(0).map((master) => master.close()));
    proxy.close();
  });

  async function subscribe(scheme: 'http' | 'https', options: Partial<ProxyOptions> = {}) {
    const master = await FakeMaster.start(scheme === 'https' ? { tls: certificate } : {});
    masters.push(master);
    const ca = bench.write('ca.pem', certificate.cert);
    const masterAccess = { ca, proxy: { url, ...options } };
    const connection = bench.start(`${scheme}://${master.address}`, { masterAccess });
    return { connection, master };
  }

  it('tunnels https, so that the proxy sees neither credential nor call', async () => {
    const { connection, master } = await subscribe('https');
    await connection.untilSubscribed();
    assert.deepEqual(proxy.asked, [`CONNECT ${master.address}`]);
    connection.calls.send({ type: 'SUPPRESS', framework_id: { value: 'M-0001' } });
    await master.untilCall('SUPPRESS');
  });

  it('sends plain http through it', async () => {
    const { connection, master } = await subscribe('http');
    await connection.untilSubscribed();
    assert.deepEqual(proxy.asked, [`POST http://${master.address}/api/v1/scheduler`]);
  });

  it('logs in with the credential of its file, and shows it to nobody', async () => {
    const credentialFile = bench.write('proxy', 'me:p@ss/word\n');
    const { connection } = await subscribe('https', { credentialFile });
    await connection.untilSubscribed();
    assert.equal(proxy.credentials[0], `Basic ${Buffer.from('me:p@ss/word').toString('base64')}`);
    assert.ok(!connection.log.join('').includes('word'));
  });

  it('goes past it where it is told', async () => {
    const { connection } = await subscribe('http', { except: ['127.0.0.1'] });
    await connection.untilSubscribed();
    assert.deepEqual(proxy.asked, []);
  });

  it('says what the proxy answered when it refuses', async () => {
    proxy.refuses = true;
    const { connection } = await subscribe('https');
    await connection.until('the refusal', () => connection.logged('407') > 0);
  });

  it('refuses a proxy that is no URL, or holds a credential, which is not shown', async () => {
    await assert.rejects(subscribe('http', { url: 'proxy:3128' }), { code: 'ERR_MASTER_PROXY' });
    await assert.rejects(
      subscribe('http', { url: 'http://me:s3cr3t@proxy:3128' }),
      (error: Error) => error.message.includes('holds a credential') && !error.message.includes('s3cr3t'),
    );
  });
});
