/** HTTP Basic of a framework. The secret is read from a file and goes into a header, nowhere else. */
import { readFileSync } from 'node:fs';
import { StevedoreError, messageOf } from '../../protocol/errors.ts';
import type { FrameworkOptions } from '../scheduler-options.ts';

function readSecret(path: string, principal: string): string {
  let secret: string;
  try {
    secret = readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    throw new StevedoreError(
      'ERR_SECRET_FILE',
      { path, principal, problem: messageOf(error) },
      { cause: error },
    );
  }
  if (secret === '' || secret.includes(':'))
    throw new StevedoreError('ERR_SECRET_FILE', {
      path,
      principal,
      problem: secret === '' ? 'it is empty' : "it holds a ':', which Mesos cannot take",
    });
  return secret;
}

/** The `Authorization` header, or undefined for a framework without a secret. @throws StevedoreError ERR_SECRET_FILE */
export function readAuthorization(framework: FrameworkOptions): string | undefined {
  const { principal, secretFile } = framework;
  if (principal === undefined) return undefined;
  const secret = framework.secret ?? (secretFile && readSecret(secretFile, principal));
  if (secret === undefined) return undefined;
  return `Basic ${Buffer.from(`${principal}:${secret}`).toString('base64')}`;
}
