/** How one that stands by waits: for the candidate before it and for what the leader says of itself, and for nobody else. */
import type { BoundSession } from './bound-session.ts';
import type { Standing } from './candidates.ts';
import type { ElectionNodes } from './election-nodes.ts';
import type { LeaderData } from './leader-data.ts';

export interface ChangeOptions {
  readonly nodes: ElectionNodes;
  readonly standing: Standing;
  readonly session: BoundSession;
  readonly signal: AbortSignal;
  readonly onLeader: (data: LeaderData | undefined) => void;
}

/** False: one of the two is gone already. */
async function watchBoth({ nodes, standing, onLeader }: ChangeOptions, wake: () => void): Promise<boolean> {
  const [leader, predecessor] = [standing.leader as string, standing.predecessor as string];
  const before = leader === predecessor || (await nodes.watch(predecessor, wake));
  const first = await nodes.watchLeader(leader, wake);
  onLeader(first?.data);
  return before && first !== undefined;
}

/** Resolves when the candidates are worth another look. */
export async function waitForChange(options: ChangeOptions): Promise<void> {
  const { session, signal } = options;
  const { promise, resolve } = Promise.withResolvers<void>();
  const wake = () => resolve();
  const isWatched = await watchBoth(options, wake);
  const off = session.onOver(wake);
  signal.addEventListener('abort', wake);
  if (!isWatched || signal.aborted || session.isOver) wake();
  await promise;
  off();
  signal.removeEventListener('abort', wake);
}
