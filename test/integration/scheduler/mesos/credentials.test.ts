import assert from 'node:assert/strict';
import { generateKeyPairSync, verify } from 'node:crypto';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FakeMaster } from '../../../support/fake-master.ts';
import { ConnectionBench } from './connection-under-test.ts';

const SUPPRESS = { type: 'SUPPRESS', framework_id: { value: 'M-0001' } } as const;
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const PRIVATE_KEY = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;

/** The login of DC/OS: checks the signature, and gives tokens that are valid as long as the test says. */
class FakeLogin {
  readonly tokens: string[] = [];
  validSeconds: number | undefined = 3600;
  status = 200;
  readonly #server: Server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => void pieces.push(piece));
    request.on('end', () => {
      const { uid, token } = JSON.parse(Buffer.concat(pieces).toString()) as { uid: string; token: string };
      const [head = '', payload = '', signature = ''] = token.split('.');
      const signed = verify(
        'RSA-SHA256',
        Buffer.from(`${head}.${payload}`),
        publicKey,
        Buffer.from(signature, 'base64url'),
      );
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { uid: string; exp: number };
      const isRight = signed && claims.uid === uid && claims.exp * 1000 > Date.now();
      response.writeHead(isRight ? this.status : 401);
      response.end(this.status === 200 && isRight ? JSON.stringify({ token: this.#issue() }) : '');
    });
  });

  #issue(): string {
    const exp =
      this.validSeconds === undefined ? undefined : Math.floor(Date.now() / 1000) + this.validSeconds;
    const claims = Buffer.from(JSON.stringify({ exp, n: this.tokens.length })).toString('base64url');
    this.tokens.push(`e30.${claims}.c2ln`);
    return this.tokens.at(-1) as string;
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/acs/api/v1/auth/login`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

describe('credentials for the master', function () {
  this.timeout(20_000);
  let bench: ConnectionBench;
  let master: FakeMaster;
  let login: FakeLogin;
  let loginUrl: string;

  beforeEach(async () => {
    bench = new ConnectionBench();
    master = await FakeMaster.start();
    login = new FakeLogin();
    loginUrl = await login.start();
  });
  afterEach(async () => {
    await bench.close();
    await master.close();
    login.close();
  });

  const writeAccount = (changes: object = {}) =>
    bench.write(
      'account.json',
      JSON.stringify({
        scheme: 'RS256',
        uid: 'svc',
        private_key: PRIVATE_KEY,
        login_endpoint: loginUrl,
        ...changes,
      }),
    );
  const startAccount = (file: string) =>
    bench.start(master.address, { masterAccess: { credential: { kind: 'service-account', file } } });

  it('a bearer token is read again when the file has another one, also in the middle of a subscription', async () => {
    const tokenFile = bench.write('token', 'one\n');
    let valid = 'Bearer one';
    master.authorize = (header) => header === valid;
    const connection = bench.start(master.address, {
      masterAccess: { credential: { kind: 'bearer', tokenFile } },
    });
    await connection.untilSubscribed();
    valid = 'Bearer two';
    bench.write('token', 'two');
    connection.calls.send(SUPPRESS);
    await master.untilCall('SUPPRESS');
    assert.equal(connection.opened.length, 1);
    assert.ok(!connection.log.join('').includes('two'));
  });

  it('a call that came too early for the new token is sent once more, in the same subscription', async () => {
    const tokenFile = bench.write('token', 'one');
    const connection = bench.start(master.address, {
      masterAccess: { credential: { kind: 'bearer', tokenFile } },
    });
    await connection.untilSubscribed();
    master.authorize = (header) => {
      bench.write('token', 'two');
      return header === 'Bearer two';
    };
    connection.calls.send(SUPPRESS);
    await master.untilCall('SUPPRESS');
    assert.deepEqual(master.authorizations.slice(1), ['Bearer one', 'Bearer two']);
    assert.equal(connection.opened.length, 1);
  });

  it('a secret that was corrected in its file is found without a restart', async () => {
    const secretFile = bench.write('secret', 'old');
    const connection = bench.start(master.address, { framework: { principal: 'me', secretFile } });
    await connection.untilSubscribed();
    master.authorize = (header) => header === `Basic ${Buffer.from('me:new').toString('base64')}`;
    master.cut();
    await connection.until('the refusal', () => connection.logged("refused principal 'me' with 401") > 0);
    bench.write('secret', 'new');
    await connection.untilSubscribed(2);
  });

  it('a service account logs in once, and its token goes with every request', async () => {
    const connection = startAccount(writeAccount());
    await connection.untilSubscribed();
    connection.calls.send(SUPPRESS);
    await master.untilCall('SUPPRESS');
    assert.equal(login.tokens.length, 1);
    assert.deepEqual(new Set(master.authorizations), new Set([`token=${login.tokens[0] ?? ''}`]));
    const said = connection.log.join('');
    assert.ok(!said.includes(login.tokens[0] as string) && !said.includes('PRIVATE'));
  });

  it('a token is renewed before it runs out', async () => {
    login.validSeconds = 0;
    const connection = startAccount(writeAccount());
    await connection.untilSubscribed();
    connection.calls.send(SUPPRESS);
    await master.untilCall('SUPPRESS');
    assert.equal(login.tokens.length, 2);
  });

  it('a login that is away for a moment is waited for', async () => {
    login.status = 503;
    const connection = startAccount(writeAccount());
    await connection.until('the failure', () => connection.logged('answered 503 without a token') > 0);
    login.status = 200;
    await connection.untilSubscribed();
  });

  it('a login that refuses the account ends it, naming the account', async () => {
    login.status = 401;
    const error = (await startAccount(writeAccount()).ended) as Error & { code: string };
    assert.equal(error.code, 'ERR_MASTER_LOGIN');
    assert.match(error.message, /'svc' with 401/);
  });

  it('a fresh token that the master refuses is not asked for over and over', async () => {
    master.authorize = () => false;
    const error = (await startAccount(writeAccount()).ended) as Error & { code: string };
    assert.equal(error.code, 'ERR_MASTER_AUTHENTICATION');
    assert.equal(login.tokens.length, 1);
  });

  it('files are checked at the start, and nothing of them is shown', () => {
    const fails = (file: string, problem: RegExp) =>
      assert.throws(
        () => startAccount(file),
        (error: Error) => problem.test(error.message) && !error.message.includes('PRIVATE'),
      );
    fails(bench.write('a', PRIVATE_KEY), /no JSON object/);
    fails(writeAccount({ uid: undefined }), /'uid' is missing/);
    fails(writeAccount({ private_key: '-----BEGIN PRIVATE KEY-----' }), /no RSA key/);
    fails(writeAccount({ login_endpoint: undefined }), /no URL/);
    fails('/nowhere/account', /ENOENT/);
    const tokenFile = bench.write('tokens', 'two\ntokens');
    assert.throws(
      () => bench.start(master.address, { masterAccess: { credential: { kind: 'bearer', tokenFile } } }),
      { code: 'ERR_MASTER_TOKEN_FILE' },
    );
  });
});
