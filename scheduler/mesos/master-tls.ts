/** What TLS takes from files, read anew for each subscription so that renewed certificates are found. */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { StevedoreError, messageOf } from '../../protocol/errors.ts';
import type { TlsFiles } from './master-options.ts';

/** PEM texts. */
export interface TlsTexts {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

function toError(what: string, path: string, error: unknown): StevedoreError {
  const problem = messageOf(error);
  return new StevedoreError('ERR_MASTER_CERTIFICATE', { what, path, problem }, { cause: error });
}

function readPem(what: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw toError(what, path, error);
  }
}

/** Node ignores what is no certificate; then nothing would be trusted, and nobody told why. */
function readAuthorities(path: string): string {
  const pem = readPem('authority', path);
  try {
    new X509Certificate(pem);
  } catch (error) {
    throw toError('authority', path, error);
  }
  return pem;
}

function readClientCertificate(options: TlsFiles): TlsTexts {
  const { clientCertificate, clientKey } = options;
  if (clientCertificate === undefined && clientKey === undefined) return {};
  if (clientCertificate === undefined || clientKey === undefined)
    throw toError('client certificate', clientCertificate ?? clientKey ?? '', 'its other half is not named');
  const pair = {
    cert: readPem('client certificate', clientCertificate),
    key: readPem('client key', clientKey),
  };
  try {
    createSecureContext(pair);
  } catch (error) {
    throw toError('client certificate', clientCertificate, error);
  }
  return pair;
}

/** @throws StevedoreError ERR_MASTER_CERTIFICATE */
export function readTlsFiles(files: TlsFiles): TlsTexts {
  return {
    ...(files.ca !== undefined && { ca: readAuthorities(files.ca) }),
    ...readClientCertificate(files),
  };
}
