/** A service account of DC/OS: a key that signs logins, and the token that a login gives until it runs out. */
import type * as http from 'node:http';
import { StevedoreError } from '../../protocol/errors.ts';
import type { Credential } from './credential.ts';
import { createLoginToken, parseObject, readExpiryMs } from './login-token.ts';
import { post, readText } from './master-request.ts';
import { type ServiceAccount, ServiceAccountFile } from './service-account-file.ts';

const LOGIN_TIMEOUT_MS = 30_000;
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

interface Token {
  readonly header: string;
  readonly issuedAtMs: number;
  readonly renewAtMs: number;
}

class ServiceAccountCredential implements Credential {
  readonly #options: ServiceAccountOptions;
  readonly #file: ServiceAccountFile;
  #token: Token | undefined;

  constructor(options: ServiceAccountOptions) {
    this.#options = options;
    this.#file = new ServiceAccountFile(options.file, options.loginUrl);
    this.#file.read();
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

  async #login(signal: AbortSignal): Promise<Token> {
    const account = this.#file.read();
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

  async #postLogin({ uid, privateKey, loginUrl }: ServiceAccount, signal: AbortSignal) {
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
