/**
 * Where this agent keeps what outlives a task: one directory per user, since a tree that one user owns and another one
 * executes is a way in. Chosen at every start, first that fits; the choice is reported.
 */
import { mkdir, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { StevedoreError } from '../../../protocol/errors.ts';
import { parseMounts, selectMount } from '../../core/delivery/mount-table.ts';
import { codeOf } from './disk-errors.ts';
import { judgeComponents, openOwnedDirectory } from './owned-directory.ts';

/** An agent may set it for all executors, by --executor_environment_variables. */
export const AGENT_ROOT_VARIABLE = 'STEVEDORE_AGENT_ROOT';

export interface AgentRoot {
  /** Ours alone: `<root>/u<uid>`. */
  readonly path: string;
  /** False for the last resort, the sandbox: it goes with the task, and anybody may read it. */
  readonly durable: boolean;
}

interface Candidate {
  readonly base: string;
  readonly directory: string;
  /** The base may be made. */
  readonly make: boolean;
}

const uid = (): number => process.getuid?.() ?? 0;

function listCandidates(): Candidate[] {
  const own = `u${uid()}`;
  return [
    { base: '/var/lib/stevedore', directory: `/var/lib/stevedore/${own}`, make: true },
    // Shared by all users, so the user is in the name right here.
    { base: '/var/tmp', directory: `/var/tmp/stevedore-${own}`, make: false },
  ];
}

/** @throws StevedoreError ERR_AGENT_ROOT when the configured root is unfit: it is never passed over silently. */
export async function openAgentRoot(
  configured: string | undefined,
  sandbox: string,
  log: (line: string) => void,
): Promise<AgentRoot> {
  if (configured !== undefined && configured !== '') return await openConfigured(configured);
  for (const candidate of listCandidates()) {
    const problem = await openCandidate(candidate);
    if (problem === undefined) return { path: candidate.directory, durable: true };
    log(`not used as agent root: ${problem}`);
  }
  const path = join(sandbox, '.stevedore');
  const problem = await openOwnedDirectory(path);
  if (problem !== undefined) throw new StevedoreError('ERR_AGENT_ROOT', { path, problem });
  return { path, durable: false };
}

async function openConfigured(base: string): Promise<AgentRoot> {
  const directory = join(base, `u${uid()}`);
  const problem = base.startsWith('/')
    ? await openCandidate({ base, directory, make: true })
    : 'it is no absolute path';
  if (problem !== undefined) throw new StevedoreError('ERR_AGENT_ROOT', { path: base, problem });
  return { path: directory, durable: true };
}

async function openCandidate({ base, directory, make }: Candidate): Promise<string | undefined> {
  try {
    if (make) await mkdir(base, { recursive: true, mode: 0o755 });
    return (await judgeComponents(base)) ?? (await judgeMount(base)) ?? (await openOwnedDirectory(directory));
  } catch (error) {
    return `${base} cannot be used (${codeOf(error) ?? String(error)})`;
  }
}

/** What is unpacked there is executed, and it must not eat the memory of the agent. */
async function judgeMount(path: string): Promise<string | undefined> {
  const mount = selectMount(parseMounts(await readFile('/proc/self/mounts', 'utf8')), await realpath(path));
  if (mount?.options.includes('noexec')) return `${path} lies on ${mount.point}, which is mounted noexec`;
  if (mount?.options.includes('ro')) return `${path} lies on ${mount.point}, which is read-only`;
  return undefined;
}
