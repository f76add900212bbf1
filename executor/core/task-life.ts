/** The words of a task's life: its states, what can happen to it, and what is then to be done. */
import type { ProcessEnd } from './exit-explanation.ts';

/** How a task ends, as its last update says it. */
export interface Verdict {
  readonly state: 'TASK_FINISHED' | 'TASK_FAILED' | 'TASK_KILLED';
  readonly message: string;
}

interface Launched {
  readonly taskId: string;
  /** The framework has the capability TASK_KILLING_STATE. */
  readonly announceKilling: boolean;
  /** How long the last update may wait for its acknowledgement; unset: as long as the agent lives. */
  readonly drainLimitMs?: number;
}

export type TaskLife =
  | { readonly kind: 'idle' }
  | (Launched & { readonly kind: 'provisioning' })
  | (Launched & { readonly kind: 'preparing' })
  /** The service runs, its probe did not succeed yet. */
  | (Launched & { readonly kind: 'starting' })
  | (Launched & { readonly kind: 'running' })
  /** Asked to end; `deadlineMs` is when it is forced. */
  | (Launched & { readonly kind: 'killing'; readonly verdict: Verdict; readonly deadlineMs: number })
  /** Nothing of the task runs; configuration, ramdisk and scratch are being removed. */
  | (Launched & { readonly kind: 'releasing'; readonly verdict: Verdict })
  /** The last update waits for its acknowledgement. */
  | (Launched & { readonly kind: 'draining' })
  | { readonly kind: 'done' };

export type TaskEvent =
  /** `problem`: why the task cannot be run at all. */
  | {
      readonly kind: 'launch';
      readonly taskId: string;
      readonly announceKilling: boolean;
      readonly problem?: string;
    }
  | { readonly kind: 'provisioned' }
  | { readonly kind: 'prepared' }
  | { readonly kind: 'ready' }
  /** Provisioning, preparing or the start failed, or was cut short by a stop; no process is left of it. */
  | { readonly kind: 'failed'; readonly message: string }
  /** The probe's deadline is over; the service still runs. */
  | { readonly kind: 'not-ready'; readonly message: string }
  /** The service's whole process group is gone. */
  | { readonly kind: 'exited'; readonly end: ProcessEnd }
  | { readonly kind: 'kill'; readonly graceMs: number }
  | { readonly kind: 'shutdown'; readonly graceMs: number }
  /** The agent did not come back, or knows this executor no more. */
  | { readonly kind: 'agent-lost'; readonly message: string; readonly graceMs: number }
  | { readonly kind: 'grace-elapsed' }
  | { readonly kind: 'released' }
  /** The agent has acknowledged every update. */
  | { readonly kind: 'drained' }
  | { readonly kind: 'drain-elapsed' };

export type Effect =
  | {
      readonly kind: 'update';
      readonly state: 'TASK_STARTING' | 'TASK_RUNNING' | 'TASK_KILLING' | Verdict['state'];
      readonly message?: string;
      readonly healthy?: boolean;
    }
  /** Another task was sent to this executor: it fails, the first is not touched. */
  | { readonly kind: 'refuse'; readonly taskId: string }
  | { readonly kind: 'provision' }
  | { readonly kind: 'prepare' }
  | { readonly kind: 'start' }
  /** TERM to what runs, and an end to what is being fetched. */
  | { readonly kind: 'stop' }
  | { readonly kind: 'force' }
  | { readonly kind: 'set-kill-timer'; readonly delayMs: number }
  | { readonly kind: 'release' }
  | { readonly kind: 'set-drain-timer'; readonly delayMs: number }
  | { readonly kind: 'exit'; readonly code: number };

export interface Transition {
  readonly state: TaskLife;
  /** In the order in which they are performed. */
  readonly effects: readonly Effect[];
}
