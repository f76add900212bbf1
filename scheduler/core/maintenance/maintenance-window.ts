/** When hosts will be down, as offers and inverse offers say (maintenance primitives of Mesos). */
import { renderDuration } from '../../../protocol/duration.ts';
import type { Offer, Unavailability } from '../../../protocol/mesos/framework.ts';

export interface MaintenanceWindow {
  readonly startMs: number;
  /** Unset: for an unknown time. */
  readonly endMs?: number | undefined;
  /** The request to leave; unset: only offers have told. */
  readonly inverseOfferId?: string | undefined;
}

export type WindowsByHost = Readonly<Record<string, MaintenanceWindow>>;

export function toWindow({ start, duration }: Unavailability): MaintenanceWindow {
  const startMs = Math.round(start.nanoseconds / 1e6);
  return { startMs, endMs: duration && startMs + Math.round(duration.nanoseconds / 1e6) };
}

function isSame(a: MaintenanceWindow | undefined, b: MaintenanceWindow): boolean {
  return a?.startMs === b.startMs && a.endMs === b.endMs;
}

/** Each offer says whether its host has a window; a host without one any more is forgotten. Same object: no change. */
export function noteWindows(windows: WindowsByHost, offers: readonly Offer[]): WindowsByHost {
  let next = windows;
  for (const { hostname, unavailability } of offers) {
    const known = next[hostname];
    const told = unavailability && toWindow(unavailability);
    if (told !== undefined && !isSame(known, told)) next = { ...next, [hostname]: { ...known, ...told } };
    if (told === undefined && known !== undefined) {
      const { [hostname]: _over, ...others } = next;
      next = others;
    }
  }
  return next;
}

/** True from the lead time before its start until its end. */
export function isComing(window: MaintenanceWindow | undefined, nowMs: number, leadMs: number): boolean {
  if (window === undefined) return false;
  return window.startMs - nowMs <= leadMs && (window.endMs ?? Number.POSITIVE_INFINITY) > nowMs;
}

/** `host h1 goes into maintenance in 12min 0s` */
export function renderWindow(hostname: string, { startMs, endMs }: MaintenanceWindow, nowMs: number): string {
  if (startMs > nowMs) return `host ${hostname} goes into maintenance in ${renderDuration(startMs - nowMs)}`;
  const rest = endMs === undefined ? '' : ` for another ${renderDuration(endMs - nowMs)}`;
  return `host ${hostname} is in maintenance${rest}`;
}
