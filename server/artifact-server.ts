/** The artifact server as the scheduler embeds it. All else in this folder is its inside. */
import type { Authorize } from './artifact-handler.ts';
import type { Intake } from './artifact-intake.ts';
import { ArtifactStore } from './artifact-store.ts';
import type { AuthorityStore } from './authority-store.ts';
import { BufferPool } from './buffer-pool.ts';
import { type Listeners, openListeners, type TlsListener } from './listeners.ts';
import type { Logger } from './logger.ts';
import { type ArtifactIntake, createIntake, toArtifactIntake } from './open-intake.ts';

export { openCertificates } from './certificates.ts';
export { type AuthorityName, type AuthorityStore, createAuthorityDirectory } from './authority-store.ts';
export type { Logger } from './logger.ts';
export { type ArtifactIntake, openArtifactIntake } from './open-intake.ts';
export type { WorkOptions } from './progress.ts';
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

function assemble(intake: Intake, listeners: Listeners, tls: TlsListener): ArtifactServer {
  const { register, packer, pullThrough } = intake;
  return {
    ...toArtifactIntake(intake),
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
