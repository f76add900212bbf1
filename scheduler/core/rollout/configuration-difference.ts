/** What differs between two configurations of a component, in an operator's words. */
import { type AspectEffect, toAspectEffect } from './aspect-effect.ts';
import type { ComponentConfiguration } from './configuration-version.ts';

export interface Difference {
  readonly aspect: string;
  readonly effect: AspectEffect;
  /** `memory 1024 -> 2048 MiB`. */
  readonly text: string;
}

function renderChange(subject: string, before: string | undefined, after: string | undefined): string {
  if (before === undefined) return `${subject} set to ${after}`;
  if (after === undefined) return `${subject} ${before} -> unset`;
  const [from, unit] = before.split(' ');
  const sameUnit = unit !== undefined && after.endsWith(` ${unit}`) && before === `${from} ${unit}`;
  return `${subject} ${sameUnit ? from : before} -> ${after}`;
}

function renderPresence(subject: string, before: string | undefined, after: string | undefined): string {
  if (before === undefined) return `${subject} is new`;
  return after === undefined ? `${subject} is gone` : `${subject} changed`;
}

/** Kinds whose values are hashes, or would be no help to a person. */
const HIDDEN: readonly (readonly [string, string])[] = [
  ['secrets.', 'secret '],
  ['artifacts.', 'artifact '],
  ['sources.', 'source of '],
  ['launch.', 'launch: '],
];
const OPAQUE = new Set(['launch', 'readiness', 'placement', 'volumes', 'resources.others']);
const SHOWN: readonly (readonly [string, string])[] = [
  ['settings.', ''],
  ['resources.', ''],
  ['ports.', 'port '],
  ['grace', 'kill grace'],
];

function nameAspect(aspect: string, names: typeof SHOWN): string | undefined {
  const found = names.find(([prefix]) => aspect.startsWith(prefix));
  return found === undefined ? undefined : `${found[1]}${aspect.slice(found[0].length)}`;
}

function renderDifference(aspect: string, before: string | undefined, after: string | undefined): string {
  const hidden = nameAspect(aspect, HIDDEN) ?? (OPAQUE.has(aspect) ? aspect : undefined);
  if (hidden !== undefined) return renderPresence(hidden, before, after);
  return renderChange(nameAspect(aspect, SHOWN) ?? aspect, before, after);
}

type Aspects = ComponentConfiguration['aspects'];

/**
 * An artifact whose digest is not known yet (of a plan before its bytes were fetched) counts as unchanged when its source
 * is the same.
 */
function isUnknownArtifact(aspect: string, before: Aspects, after: Aspects): boolean {
  const source = aspect.replace(/^artifacts\./, 'sources.');
  return aspect !== source && after[aspect] === undefined && after[source] === before[source];
}

export function compareAspects(before: Aspects, after: Aspects): Difference[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((aspect) => before[aspect] !== after[aspect] && !isUnknownArtifact(aspect, before, after))
    .map((aspect) => ({
      aspect,
      effect: toAspectEffect(aspect),
      text: renderDifference(aspect, before[aspect], after[aspect]),
    }));
}

const MOST_REASONS = 12;

/** Why a restart, the operator's own words first: what a launch says beyond them only repeats it. */
export function renderRestartReasons(differences: readonly Difference[]): string[] {
  const restarting = differences.filter(({ effect }) => effect === 'restart');
  const isOfLaunch = ({ aspect }: Difference): boolean => aspect.startsWith('launch');
  const written = restarting.filter((difference) => !isOfLaunch(difference));
  const shown = (written.length > 0 ? written : restarting).map(({ text }) => text);
  if (shown.length <= MOST_REASONS) return shown;
  return [...shown.slice(0, MOST_REASONS), `and ${shown.length - MOST_REASONS} more`];
}
