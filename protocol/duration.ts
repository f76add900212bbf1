/** Durations as Mesos, Alluxio and Flink write them; past this door they are whole milliseconds. */
import { StevedoreError } from './errors.ts';

const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  ms: 1,
  millisecond: 1,
  milliseconds: 1,
  s: 1000,
  sec: 1000,
  secs: 1000,
  second: 1000,
  seconds: 1000,
  m: 60_000,
  min: 60_000,
  mins: 60_000,
  minute: 60_000,
  minutes: 60_000,
  h: 3_600_000,
  hr: 3_600_000,
  hrs: 3_600_000,
  hour: 3_600_000,
  hours: 3_600_000,
  d: 86_400_000,
  day: 86_400_000,
  days: 86_400_000,
  week: 604_800_000,
  weeks: 604_800_000,
};

/**
 * Reads `30s`, `5min`, `1.5mins`, `2 hours`, or a bare number of milliseconds (Alluxio's and Flink's own rule).
 * @throws StevedoreError ERR_DURATION_SYNTAX
 */
export function parseDurationMs(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/.exec(text.trim().toLowerCase());
  const unit = match?.[2] === '' ? 1 : UNIT_MS[match?.[2] ?? '?'];
  if (match === null || unit === undefined) throw new StevedoreError('ERR_DURATION_SYNTAX', { value: text });
  return Math.round(Number(match[1]) * unit);
}

/** Writes milliseconds for people: `850ms`, `3.2s`, `4min 10s`, `2h 5min`. */
export function renderDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)}ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)}s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)}min ${seconds % 60}s`;
  return `${Math.floor(seconds / 3600)}h ${Math.floor((seconds % 3600) / 60)}min`;
}
