/** Opens the TLS and the plain listener over one register, and keeps the certificate of the first fresh. */
import { type ArtifactHandlerOptions } from './artifact-handler.ts';
import type { AuthorityStore } from './authority-store.ts';
import { createApp } from './app.ts';
import { type Certificates, openCertificates } from './certificates.ts';
import {
  closeListener,
  createPlainListener,
  createTlsListener,
  IDLE_TIMEOUT_MS,
  listen,
  renderBaseUrl,
} from './listener.ts';
import { messageOf } from '../protocol/errors.ts';

export interface TlsOptions {
  readonly port: number;
  readonly certificateDirectory: string;
  /** Where the CA is kept; default: the directory. */
  readonly authority?: AuthorityStore | undefined;
}

export interface ListenersOptions extends Omit<ArtifactHandlerOptions, 'isTls'> {
  readonly bindHost: string;
  /** The first one stands in URLs; all are in the certificate. */
  readonly advertisedHosts: readonly [string, ...string[]];
  readonly tls?: TlsOptions | undefined;
  readonly plain?: { readonly port: number } | undefined;
  readonly now: () => number;
  readonly idleTimeoutMs?: number | undefined;
}

export interface TlsListener {
  readonly url: string;
  readonly caPem: string;
  readonly caPath: string;
  /** CAs before this one. */
  readonly formerCaPems: readonly string[];
  /** Checks the certificate now; true when a new one was made and is in use. */
  renewCertificate(): Promise<boolean>;
}

export interface Listeners {
  readonly tls: TlsListener | undefined;
  readonly plainUrl: string | undefined;
  close(graceMs: number): Promise<void>;
}

const RENEWAL_CHECK_MS = 86_400_000;

type Closer = (graceMs: number) => Promise<void>;

async function openTls(options: ListenersOptions, baseUrl: () => string, closers: Closer[]) {
  if (options.tls === undefined) return undefined;
  const { certificateDirectory: directory, authority, port } = options.tls;
  const open = (): Promise<Certificates> =>
    openCertificates({ directory, authority, hosts: options.advertisedHosts, now: options.now() });
  const { leaf, caPem, caPath, formerCaPems } = await open();
  const app = createApp({ ...options, isTls: true, baseUrl });
  const server = createTlsListener(app, leaf, options.idleTimeoutMs ?? IDLE_TIMEOUT_MS);
  const bound = await listen(server, { host: options.bindHost, port });
  closers.push((graceMs) => closeListener(server, graceMs));
  const renewCertificate = async () => {
    const { leaf: fresh, isNew } = await open();
    if (isNew) server.setSecureContext({ ...fresh, minVersion: 'TLSv1.2' });
    return isNew;
  };
  const url = renderBaseUrl('https', options.advertisedHosts[0], bound);
  return { url, caPem, caPath, formerCaPems, renewCertificate };
}

async function openPlain(options: ListenersOptions, baseUrl: () => string, closers: Closer[]) {
  if (options.plain === undefined) return undefined;
  const app = createApp({ ...options, isTls: false, baseUrl });
  const server = createPlainListener(app, options.idleTimeoutMs ?? IDLE_TIMEOUT_MS);
  const bound = await listen(server, { host: options.bindHost, port: options.plain.port });
  closers.push((graceMs) => closeListener(server, graceMs));
  return renderBaseUrl('http', options.advertisedHosts[0], bound);
}

/** Daily; ends with the process or by the closer. */
function watchCertificate(tls: TlsListener, log: ListenersOptions['log']): Closer {
  const timer = setInterval(() => {
    tls
      .renewCertificate()
      .then((isNew) => isNew && log.info({ url: tls.url }, 'server certificate renewed'))
      .catch((error: unknown) => log.error({ error: messageOf(error) }, 'server certificate not renewed'));
  }, RENEWAL_CHECK_MS).unref();
  return async () => clearInterval(timer);
}

/** @throws StevedoreError ERR_SERVER_LISTEN, ERR_CERTIFICATE_FILE; then nothing is left open */
export async function openListeners(given: ListenersOptions): Promise<Listeners> {
  const [first, ...others] = given.advertisedHosts.map((host) => host.replace(/^\[|\]$/g, ''));
  const options = { ...given, advertisedHosts: [first as string, ...others] } as const;
  const closers: Closer[] = [];
  const urls: string[] = [];
  const baseUrl = () => urls[0] as string;
  const close: Closer = async (graceMs) => {
    await Promise.all(closers.map((closer) => closer(graceMs)));
  };
  try {
    const plainUrl = await openPlain(options, baseUrl, closers);
    const tls = await openTls(options, baseUrl, closers);
    urls.push(...[plainUrl, tls?.url].filter((url) => url !== undefined));
    if (tls !== undefined) closers.push(watchCertificate(tls, options.log));
    return { tls, plainUrl, close };
  } catch (error) {
    await close(0);
    throw error;
  }
}
