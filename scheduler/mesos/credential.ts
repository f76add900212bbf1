/** Who we are to the master: HTTP Basic of a principal, or a bearer token. The secret goes into a header, nowhere else. */
import { StevedoreError } from '../../protocol/errors.ts';
import type { FrameworkOptions } from '../scheduler-options.ts';
import { SecretFile } from './secret-file.ts';

export interface Credential {
  /** The `Authorization` header of the next request. @throws StevedoreError, or Error when a login cannot be had now */
  authorize(signal: AbortSignal): Promise<string>;
  /** The master refused this header with 401: whether `authorize` gives another one now. */
  refuse(header: string): boolean;
}

/** A credential whose header follows from what is in memory and files. @throws what `render` throws */
function createRendered(render: () => string): Credential {
  render();
  return {
    authorize: (signal) => {
      signal.throwIfAborted();
      return Promise.resolve(render());
    },
    refuse: (header) => render() !== header,
  };
}

function renderBasic(principal: string, secret: string, toError: (problem: string) => Error): string {
  if (secret.includes(':')) throw toError("it holds a ':', which Mesos cannot take");
  return `Basic ${Buffer.from(`${principal}:${secret}`).toString('base64')}`;
}

/** Undefined for a framework without a secret. @throws StevedoreError ERR_SECRET_FILE */
export function createBasicCredential(framework: FrameworkOptions): Credential | undefined {
  const { principal, secret, secretFile } = framework;
  if (principal === undefined) return undefined;
  const toError = (problem: string) =>
    new StevedoreError('ERR_SECRET_FILE', { path: secretFile ?? 'the configuration', principal, problem });
  if (secret !== undefined) return createRendered(() => renderBasic(principal, secret, toError));
  if (secretFile === undefined) return undefined;
  const file = new SecretFile(secretFile, toError);
  return createRendered(() => renderBasic(principal, file.read(), toError));
}

/** @throws StevedoreError ERR_MASTER_TOKEN_FILE */
export function createBearerCredential(path: string): Credential {
  const toError = (problem: string) => new StevedoreError('ERR_MASTER_TOKEN_FILE', { path, problem });
  const file = new SecretFile(path, toError);
  return createRendered(() => {
    const token = file.read().trim();
    if (/[^\x21-\x7e]/.test(token)) throw toError('it holds more than one token');
    return `Bearer ${token}`;
  });
}
