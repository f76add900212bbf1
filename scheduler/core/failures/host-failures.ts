/**
 * Failures by host, whatever agent id it has: a host on which tasks keep failing is avoided for a while, longer each
 * time. Kept as a fact, so that a new scheduler does not go through them again.
 */
import { renderDuration } from '../../../protocol/duration.ts';
import { type Timing, toBackoffMs } from '../timing.ts';

export interface HostFailures {
  /** Within the window, oldest first. */
  readonly ends: readonly { readonly atMs: number; readonly instance: string }[];
  /** How often it was avoided without a quiet time between. */
  readonly avoidances: number;
  /** Until when it is avoided. */
  readonly untilMs?: number | undefined;
}

export type FailuresByHost = Readonly<Record<string, HostFailures>>;

const ENDS = 3;
const KEPT = 10;

function isOver({ ends, untilMs = 0 }: HostFailures, nowMs: number, timing: Timing): boolean {
  const lastMs = Math.max(untilMs, ends.at(-1)?.atMs ?? 0);
  return nowMs - lastMs >= Math.max(timing.agentWindowMs, timing.agentBackoffMaxMs);
}

function prune(hosts: FailuresByHost, nowMs: number, timing: Timing): FailuresByHost {
  return Object.fromEntries(Object.entries(hosts).filter(([, host]) => !isOver(host, nowMs, timing)));
}

export function isAvoided(host: HostFailures | undefined, nowMs: number): boolean {
  return (host?.untilMs ?? 0) > nowMs;
}

interface HostEnd {
  readonly hostname: string;
  readonly instance: string;
}

/** One that was avoided before is avoided again at its first failure, until it has been quiet for long. */
export function noteHostFailure(
  hosts: FailuresByHost,
  { hostname, instance }: HostEnd,
  { nowMs, chance, timing }: { nowMs: number; chance: number; timing: Timing },
): FailuresByHost {
  const current = prune(hosts, nowMs, timing);
  const { ends: before, avoidances, untilMs } = current[hostname] ?? { ends: [], avoidances: 0 };
  const recent = before.filter(({ atMs }) => nowMs - atMs < timing.agentWindowMs);
  const ends = [...recent, { atMs: nowMs, instance }].slice(-KEPT);
  const host = { ends, avoidances, untilMs };
  const isDue = !isAvoided(host, nowMs) && (avoidances > 0 || ends.length >= ENDS);
  if (!isDue) return { ...current, [hostname]: host };
  const limits = { baseMs: timing.agentBackoffBaseMs, maxMs: timing.agentBackoffMaxMs };
  const avoidedMs = toBackoffMs(avoidances + 1, chance, limits);
  return { ...current, [hostname]: { ends, avoidances: avoidances + 1, untilMs: nowMs + avoidedMs } };
}

/** `host h1 failed 3 tasks in 10min 0s, avoided for 4min 0s` */
export function renderAvoided(hostname: string, { ends, untilMs = 0 }: HostFailures, nowMs: number): string {
  const span = renderDuration((ends.at(-1)?.atMs ?? 0) - (ends[0]?.atMs ?? 0));
  const failed = ends.length === 1 ? 'a task again' : `${ends.length} tasks in ${span}`;
  return `host ${hostname} failed ${failed}, avoided for ${renderDuration(untilMs - nowMs)}`;
}

/**
 * The hosts to avoid now. When that would be more than half of all, the hosts are not to blame: a service that fails
 * everywhere has its own delay.
 */
export function listAvoided(hosts: FailuresByHost, known: ReadonlySet<string>, nowMs: number): string[] {
  const avoided = Object.keys(hosts).filter((hostname) => isAvoided(hosts[hostname], nowMs));
  const all = new Set([...known, ...avoided]).size;
  return avoided.length * 2 > all ? [] : avoided;
}
