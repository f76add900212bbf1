/** The file that DC/OS makes for a service account: who it is, its key, and where it logs in. */
import { createPrivateKey } from 'node:crypto';
import { StevedoreError } from '../../protocol/errors.ts';
import { parseObject } from './login-token.ts';
import { SecretFile } from './secret-file.ts';

export interface ServiceAccount {
  readonly uid: string;
  readonly privateKey: string;
  readonly loginUrl: URL;
}

function isPrivateKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'rsa';
  } catch {
    return false;
  }
}

export class ServiceAccountFile {
  readonly #file: SecretFile;
  readonly #path: string;
  readonly #loginUrl: string | undefined;

  /** @param loginUrl in place of the file's `login_endpoint`. */
  constructor(path: string, loginUrl: string | undefined) {
    this.#path = path;
    this.#loginUrl = loginUrl;
    this.#file = new SecretFile(path, (problem) => this.#toError(problem));
  }

  /** @throws StevedoreError ERR_MASTER_SERVICE_ACCOUNT, which shows nothing of the file. */
  read(): ServiceAccount {
    const account = parseObject(this.#file.read());
    if (account === undefined) throw this.#toError('it is no JSON object');
    const { uid, private_key: privateKey, login_endpoint: endpoint } = account;
    if (typeof uid !== 'string') throw this.#toError("'uid' is missing");
    if (typeof privateKey !== 'string' || !isPrivateKey(privateKey))
      throw this.#toError("'private_key' is no RSA key in PEM");
    const loginUrl = URL.parse(this.#loginUrl ?? String(endpoint));
    if (loginUrl === null || !/^https?:$/.test(loginUrl.protocol))
      throw this.#toError("'login_endpoint' is no URL");
    return { uid, privateKey, loginUrl };
  }

  #toError(problem: string): StevedoreError {
    return new StevedoreError('ERR_MASTER_SERVICE_ACCOUNT', { path: this.#path, problem });
  }
}
