/** What a scheduler must still know after it was killed. Written before Mesos hears of it. */
import type { InstanceRecord } from '../core/instance.ts';

export interface ServedPorts {
  readonly tls: number;
  readonly plain: number;
}

export interface StoredState {
  readonly frameworkId: string | undefined;
  /** 32 bytes that task tokens are made with. */
  readonly clusterKey: Uint8Array;
  /** Digest of the configuration that the last scheduler ran. */
  readonly desiredDigest: string | undefined;
  /** Ports that the artifact server had. */
  readonly servedPorts: ServedPorts | undefined;
  readonly instances: readonly InstanceRecord[];
}

export interface StateChange {
  /** null forgets it. */
  readonly frameworkId: string | null;
  readonly changed: readonly InstanceRecord[];
  readonly removed: readonly string[];
}

export interface StateStore {
  read(): StoredState;
  /** All of it or nothing, on disk when this returns. */
  persist(change: StateChange): void;
  persistDesiredDigest(digest: string): void;
  persistServedPorts(ports: ServedPorts): void;
  close(): void;
}
