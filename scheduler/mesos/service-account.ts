/** A service account of DC/OS: a key that signs logins, and the token that a login gives until it runs out. */
import { createPrivateKey, sign } from 'node:crypto';
import type * as http from 'node:http';
import { StevedoreError } from '../../protocol/errors.ts';
import type { Credential } from './credential.ts';
import { post, readText } from './master-request.ts';
import { SecretFile } from './secret-file.ts';

const LOGIN_TIMEOUT_MS = 30_000;
/** How long a login request may be on its way. */
const LOGIN_VALID_SECONDS = 300;
/** Of a token that does not tell. */
const DEFAULT_VALID_MS = 3_600_000;
/** A token this young that is refused would be refused again. */
const FRESH_MS = 30_000;

export interface ServiceAccountOptions {
  readonly file: string;
  readonly loginUrl?: string | undefined;
  readonly createAgent: (protocol: 'http:' | 'https:') => http.Agent;
  readonly now: () => number;
}

interface Account {
  readonly uid: string;
  readonly privateKey: string;
  readonly loginUrl: URL;
}

interface Token {
  readonly header: string;
  readonly issuedAtMs: number;
  readonly renewAtMs: number;
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** The JSON Web Token (RFC 7519, RS256) that logs in as `uid`. */
function createLoginToken(uid: string, privateKey: string, nowMs: number): string {
  const exp = Math.floor(nowMs / 1000) + LOGIN_VALID_SECONDS;
  const signed = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode({ uid, exp })}`;
  return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), privateKey).toString('base64url')}`;
}

/** Undefined unless the text is a JSON object; the parser's own message would show what is in it. */
function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** When a token runs out by its own words, unverified: that is the master's business. */
function readExpiryMs(token: string): number | undefined {
  const payload = parseObject(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
  return typeof payload?.exp === 'number' ? payload.exp * 1000 : undefined;
}

function isPrivateKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'rsa';
  } catch {
    return false;
  }
}

class ServiceAccountCredential implements Credential {
  readonly #options: ServiceAccountOptions;
  readonly #file: SecretFile;
  #token: Token | undefined;

  constructor(options: ServiceAccountOptions) {
    this.#options = options;
    this.#file = new SecretFile(options.file, (problem) => this.#toError(problem));
    this.#readAccount();
  }

  async authorize(signal: AbortSignal): Promise<string> {
    const isCurrent = this.#token !== undefined && this.#options.now() < this.#token.renewAtMs;
    if (!isCurrent) this.#token = await this.#login(signal);
    return (this.#token as Token).header;
  }

  refuse(header: string): boolean {
    if (this.#token?.header !== header) return true;
    const isFresh = this.#options.now() - this.#token.issuedAtMs < FRESH_MS;
    this.#token = undefined;
    return !isFresh;
  }

  #toError(problem: string): StevedoreError {
    return new StevedoreError('ERR_MASTER_SERVICE_ACCOUNT', { path: this.#options.file, problem });
  }

  #readAccount(): Account {
    const account = parseObject(this.#file.read());
    if (account === undefined) throw this.#toError('it is no JSON object');
    const { uid, private_key: privateKey, login_endpoint: endpoint } = account;
    if (typeof uid !== 'string') throw this.#toError("'uid' is missing");
    if (typeof privateKey !== 'string' || !isPrivateKey(privateKey))
      throw this.#toError("'private_key' is no RSA key in PEM");
    const loginUrl = URL.parse(this.#options.loginUrl ?? String(endpoint));
    if (loginUrl === null || !/^https?:$/.test(loginUrl.protocol))
      throw this.#toError("'login_endpoint' is no URL");
    return { uid, privateKey, loginUrl };
  }

  async #login(signal: AbortSignal): Promise<Token> {
    const account = this.#readAccount();
    const { uid, loginUrl } = account;
    const issuedAtMs = this.#options.now();
    const { status, text } = await this.#postLogin(account, signal);
    const where = `${loginUrl.origin}${loginUrl.pathname}`;
    if (status === 401 || status === 403)
      throw new StevedoreError('ERR_MASTER_LOGIN', { uid, url: where, status });
    const token = parseObject(text)?.token;
    if (status !== 200 || typeof token !== 'string')
      throw new Error(`the login at ${where} answered ${status} without a token`);
    const validMs = (readExpiryMs(token) ?? issuedAtMs + DEFAULT_VALID_MS) - issuedAtMs;
    return { header: `token=${token}`, issuedAtMs, renewAtMs: issuedAtMs + validMs * 0.9 };
  }

  async #postLogin({ uid, privateKey, loginUrl }: Account, signal: AbortSignal) {
    const protocol = loginUrl.protocol as 'http:' | 'https:';
    const agent = this.#options.createAgent(protocol);
    const token = createLoginToken(uid, privateKey, this.#options.now());
    try {
      const response = await post({
        protocol,
        hostname: loginUrl.hostname.replace(/^\[|\]$/g, ''),
        port: Number(loginUrl.port) || (protocol === 'https:' ? 443 : 80),
        path: `${loginUrl.pathname}${loginUrl.search}`,
        headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
        agent,
        body: JSON.stringify({ uid, token }),
        timeoutMs: LOGIN_TIMEOUT_MS,
        signal,
      });
      return { status: response.statusCode ?? 0, text: await readText(response, LOGIN_TIMEOUT_MS) };
    } finally {
      agent.destroy();
    }
  }
}

/** @throws StevedoreError ERR_MASTER_SERVICE_ACCOUNT; later ERR_MASTER_LOGIN */
export function createServiceAccountCredential(options: ServiceAccountOptions): Credential {
  return new ServiceAccountCredential(options);
}
