/** A ramdisk as its ways of being made hand it over. */
import type { AgentRoot } from './agent-root.ts';

export interface Ramdisk {
  readonly path: string;
  /** What the label `stevedore.ramdisk` says. */
  readonly label: 'private-shm' | 'private-tmpfs' | 'shared-shm' | 'host';
  /** Put before the argv of whatever must see it. */
  readonly enter: readonly string[];
  readonly release: () => Promise<void>;
}

export interface RamdiskContext {
  readonly root: AgentRoot;
  /** Of the directory: unique for this task. */
  readonly name: string;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
  readonly shmPath?: string;
}
