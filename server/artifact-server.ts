/** The artifact server as the scheduler embeds it. All else in this folder is its inside. */
import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ArtifactClass, ArtifactManifestEntry } from '../protocol/artifact.ts';
import { checkFileName, formatOf } from './artifact-format.ts';
import type { Authorize } from './artifact-handler.ts';
import { ArtifactStore, type StoredArtifact } from './artifact-store.ts';
import { BufferPool } from './buffer-pool.ts';
import { type DirectoryOptions, DirectoryPacker } from './directory-packer.ts';
import { type Listeners, openListeners, type TlsListener } from './listeners.ts';
import type { Logger } from './logger.ts';
import type { WorkOptions } from './progress.ts';
import { PullThrough } from './pull-through.ts';
import { type FileOptions, registerFile } from './register-file.ts';
import { ArtifactRegister } from './register.ts';
import { parseUpstream, type Upstream } from './upstream-url.ts';

export type { DirectoryOptions } from './directory-packer.ts';
export type { Logger } from './logger.ts';
export type { Progress, WorkOptions } from './progress.ts';
export type { FileOptions } from './register-file.ts';
export { createTaskToken, verifyTaskToken } from './task-token.ts';

export interface ArtifactServerOptions {
  /** Packed and pulled artifacts by digest; they survive restarts. */
  readonly storeDirectory: string;
  /** CA and leaf; made on first use. */
  readonly certificateDirectory: string;
  readonly bindHost: string;
  /** 0: any free one. */
  readonly tlsPort: number;
  /** 0: any free one; undefined: no plain listener. */
  readonly plainPort?: number | undefined;
  /** Names and addresses of this host. The first stands in URLs, all are in the certificate. */
  readonly advertisedHosts: readonly string[];
  /** Asked for every request of a secret artifact. */
  readonly authorize: Authorize;
  readonly now: () => number;
  readonly log: Logger;
  /** How long a connection may rest, default 60 s. */
  readonly idleTimeoutMs?: number | undefined;
  /** How long an upstream may send nothing, default 60 s. */
  readonly stallTimeoutMs?: number | undefined;
}

export interface UrlOptions extends WorkOptions {
  /** Pins the content, as `#sha256=…` in the URL does. */
  readonly sha256?: string | undefined;
  readonly fileName?: string | undefined;
}

export interface ArtifactServer {
  readonly tlsUrl: string;
  readonly plainUrl: string | undefined;
  /** What clients pin. */
  readonly caPem: string;
  /** Served where it lies; once it changes it is refused, never served under the old digest. @throws ERR_ARTIFACT_FILE */
  addFile(path: string, options: FileOptions): Promise<ArtifactManifestEntry>;
  /** Kept in memory only. @throws ERR_ARTIFACT_NAME */
  addBytes(fileName: string, bytes: Uint8Array, artifactClass: ArtifactClass): ArtifactManifestEntry;
  /** Public; packed as a plain .tar, again only after a change. @throws ERR_DIRECTORY_* */
  addDirectory(path: string, options: DirectoryOptions): Promise<ArtifactManifestEntry>;
  /** Public; http:, https: or file:. The upstream is asked once, also across restarts. @throws ERR_UPSTREAM_* */
  addUrl(url: string, options: UrlOptions): Promise<ArtifactManifestEntry>;
  remove(sha256: string): void;
  /** Replaces the certificate if it is due; happens daily by itself. True when there is a new one. */
  renewCertificate(): Promise<boolean>;
  /** Transfers under way get `graceMs` (default 5 s) to end; fetching and packing end at once. */
  close(graceMs?: number): Promise<void>;
}

const CLOSE_GRACE_MS = 5000;

interface Parts {
  readonly register: ArtifactRegister;
  readonly packer: DirectoryPacker;
  readonly pullThrough: PullThrough;
}

function addStored(
  register: ArtifactRegister,
  stored: StoredArtifact,
  fileName: string,
): ArtifactManifestEntry {
  const { sha256, path, identity } = stored;
  const format = formatOf(fileName);
  const entry = { sha256, sizeBytes: identity.sizeBytes, fileName, class: 'public', format } as const;
  return register.add({ entry, content: { kind: 'file', path, identity } });
}

function addBytes(
  register: ArtifactRegister,
  bytes: Uint8Array,
  named: { fileName: string; class: ArtifactClass },
) {
  // A copy, so that what the caller does to its bytes cannot change what the digest names.
  const copy = Uint8Array.from(bytes);
  const sha256 = createHash('sha256').update(copy).digest('hex');
  const entry = { ...named, sha256, sizeBytes: copy.length, format: formatOf(named.fileName) };
  return register.add({ entry, content: { kind: 'memory', bytes: copy } });
}

function addLocal(register: ArtifactRegister, upstream: Upstream, work: WorkOptions) {
  const { fileName, sha256: expected } = upstream;
  return registerFile(register, fileURLToPath(upstream.url), {
    ...work,
    class: 'public',
    fileName,
    expected,
  });
}

async function addUrl(parts: Parts, url: string, options: UrlOptions): Promise<ArtifactManifestEntry> {
  const upstream = parseUpstream(url, options);
  checkFileName(upstream.fileName);
  if (upstream.isLocal) return addLocal(parts.register, upstream, options);
  return addStored(parts.register, await parts.pullThrough.pull(upstream, options), upstream.fileName);
}

async function addDirectory(parts: Parts, path: string, options: DirectoryOptions) {
  const fileName = checkFileName(`${options.topFolder}.tar`);
  return addStored(parts.register, await parts.packer.pack(resolve(path), options), fileName);
}

function assemble(parts: Parts, listeners: Listeners, tls: TlsListener): ArtifactServer {
  const { register, packer, pullThrough } = parts;
  return {
    tlsUrl: tls.url,
    plainUrl: listeners.plainUrl,
    caPem: tls.caPem,
    addFile: (path, options) => registerFile(register, resolve(path), options),
    addBytes: (fileName, bytes, artifactClass) =>
      addBytes(register, bytes, { fileName, class: artifactClass }),
    addDirectory: (path, options) => addDirectory(parts, path, options),
    addUrl: (url, options) => addUrl(parts, url, options),
    remove: (sha256) => register.remove(sha256),
    renewCertificate: () => tls.renewCertificate(),
    close: async (graceMs = CLOSE_GRACE_MS) => {
      pullThrough.close();
      packer.close();
      await listeners.close(graceMs);
    },
  };
}

/** Listens when it resolves. @throws StevedoreError ERR_SERVER_LISTEN, ERR_CERTIFICATE_FILE, ERR_STORE_WRITE */
export async function createArtifactServer(options: ArtifactServerOptions): Promise<ArtifactServer> {
  const { log, certificateDirectory, tlsPort, plainPort, stallTimeoutMs } = options;
  const [firstHost = options.bindHost, ...otherHosts] = options.advertisedHosts;
  const store = await ArtifactStore.open(options.storeDirectory);
  const register = new ArtifactRegister();
  const listeners = await openListeners({
    ...options,
    register,
    pool: new BufferPool(),
    advertisedHosts: [firstHost, ...otherHosts],
    tls: { port: tlsPort, certificateDirectory },
    plain: plainPort === undefined ? undefined : { port: plainPort },
  });
  const parts = {
    register,
    packer: new DirectoryPacker(store, log),
    pullThrough: new PullThrough(store, log, stallTimeoutMs),
  };
  return assemble(parts, listeners, listeners.tls as TlsListener);
}
