/** The artifact server as the scheduler embeds it. All else in this folder is its inside. */
import { resolve } from 'node:path';
import type { ArtifactClass, ArtifactManifestEntry } from '../protocol/artifact.ts';
import type { Authorize } from './artifact-handler.ts';
import {
  addBytes,
  addDirectory,
  addUrl,
  type DirectoryOptions,
  type Intake,
  type UrlOptions,
} from './artifact-intake.ts';
import { ArtifactStore } from './artifact-store.ts';
import type { AuthorityStore } from './authority-store.ts';
import { BufferPool } from './buffer-pool.ts';
import { DirectoryPacker } from './directory-packer.ts';
import { type Listeners, openListeners, type TlsListener } from './listeners.ts';
import type { Logger } from './logger.ts';
import { PullThrough } from './pull-through.ts';
import { type FileOptions, registerFile } from './register-file.ts';
import { ArtifactRegister } from './register.ts';

export { openCertificates } from './certificates.ts';
export type { DirectoryOptions, UrlOptions } from './artifact-intake.ts';
export { type AuthorityName, type AuthorityStore, createAuthorityDirectory } from './authority-store.ts';
export type { Logger } from './logger.ts';
export type { Progress, WorkOptions } from './progress.ts';
export type { FileOptions } from './register-file.ts';
export { createTaskToken, verifyTaskToken } from './task-token.ts';

export interface ArtifactServerOptions {
  /** Packed and pulled artifacts by digest; they survive restarts. */
  readonly storeDirectory: string;
  /** CA and leaf; made on first use. */
  readonly certificateDirectory: string;
  /** Where the CA is kept instead, so that whoever serves next is trusted by the same clients. */
  readonly authority?: AuthorityStore | undefined;
  readonly bindHost: string;
  /** 0: any free one. */
  readonly tlsPort: number;
  /** 0: any free one; undefined: no plain listener. */
  readonly plainPort?: number | undefined;
  /** Names and addresses of this host. The first stands in URLs, all are in the certificate. */
  readonly advertisedHosts: readonly string[];
  /** Asked for every request of a secret artifact. */
  readonly authorize: Authorize;
  /** Clients of a server before this one are told to ask again (503), until `complete` is called. */
  readonly takesOver?: boolean | undefined;
  readonly now: () => number;
  readonly log: Logger;
  /** How long a connection may rest, default 60 s. */
  readonly idleTimeoutMs?: number | undefined;
  /** How long an upstream may send nothing, default 60 s. */
  readonly stallTimeoutMs?: number | undefined;
}

/** Ways for artifacts into a server. */
export interface ArtifactIntake {
  /** Served where it lies; once it changes it is refused, never served under the old digest. @throws ERR_ARTIFACT_FILE */
  addFile(path: string, options: FileOptions): Promise<ArtifactManifestEntry>;
  /** Kept in memory only. @throws ERR_ARTIFACT_NAME */
  addBytes(fileName: string, bytes: Uint8Array, artifactClass: ArtifactClass): ArtifactManifestEntry;
  /** Packed as a plain .tar, again only after a change. @throws ERR_DIRECTORY_* */
  addDirectory(path: string, options: DirectoryOptions): Promise<ArtifactManifestEntry>;
  /** http:, https: or file:. The upstream is asked once, also across restarts. @throws ERR_UPSTREAM_* */
  addUrl(url: string, options: UrlOptions): Promise<ArtifactManifestEntry>;
}

export interface ArtifactServer extends ArtifactIntake {
  readonly tlsUrl: string;
  readonly plainUrl: string | undefined;
  /** What clients pin. */
  readonly caPem: string;
  /** What clients may trust: the CA, then those before it. */
  readonly trustPems: readonly string[];
  remove(sha256: string): void;
  /** All that the clients of a server before this one know has been added: what is not found is not there. */
  complete(): void;
  /** Replaces the certificate if it is due; happens daily by itself. True when there is a new one. */
  renewCertificate(): Promise<boolean>;
  /** Transfers under way get `graceMs` (default 5 s) to end; fetching and packing end at once. */
  close(graceMs?: number): Promise<void>;
}

const CLOSE_GRACE_MS = 5000;

function toIntake(intake: Intake): ArtifactIntake {
  const { register } = intake;
  return {
    addFile: (path, options) => registerFile(register, resolve(path), options),
    addBytes: (fileName, bytes, artifactClass) =>
      addBytes(register, bytes, { fileName, class: artifactClass }),
    addDirectory: (path, options) => addDirectory(intake, path, options),
    addUrl: (url, options) => addUrl(intake, url, options),
  };
}

function createIntake(
  store: ArtifactStore,
  { log, stallTimeoutMs }: Pick<ArtifactServerOptions, 'log' | 'stallTimeoutMs'>,
): Intake {
  return {
    register: new ArtifactRegister(),
    packer: new DirectoryPacker(store, log),
    pullThrough: new PullThrough(store, log, stallTimeoutMs),
  };
}

/** Fills a store and serves nothing: a server that opens on it later finds what was packed and pulled. */
export async function openArtifactIntake(
  options: Pick<ArtifactServerOptions, 'storeDirectory' | 'log' | 'stallTimeoutMs'>,
): Promise<ArtifactIntake & { close(): void }> {
  const intake = createIntake(await ArtifactStore.open(options.storeDirectory), options);
  const close = () => {
    intake.pullThrough.close();
    intake.packer.close();
  };
  return { ...toIntake(intake), close };
}

function assemble(intake: Intake, listeners: Listeners, tls: TlsListener): ArtifactServer {
  const { register, packer, pullThrough } = intake;
  return {
    ...toIntake(intake),
    tlsUrl: tls.url,
    plainUrl: listeners.plainUrl,
    caPem: tls.caPem,
    trustPems: [tls.caPem, ...tls.formerCaPems],
    remove: (sha256) => register.remove(sha256),
    complete: () => {
      register.isComplete = true;
    },
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
  const { certificateDirectory, authority, tlsPort, plainPort } = options;
  const [firstHost = options.bindHost, ...otherHosts] = options.advertisedHosts;
  const store = await ArtifactStore.open(options.storeDirectory);
  const intake = createIntake(store, options);
  const { register } = intake;
  register.isComplete = options.takesOver !== true;
  const listeners = await openListeners({
    ...options,
    register,
    pool: new BufferPool(),
    advertisedHosts: [firstHost, ...otherHosts],
    tls: { port: tlsPort, certificateDirectory, authority },
    plain: plainPort === undefined ? undefined : { port: plainPort },
  });
  return assemble(intake, listeners, listeners.tls as TlsListener);
}
