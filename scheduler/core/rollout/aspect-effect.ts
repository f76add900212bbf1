/** What a change of one aspect asks for. */

export type AspectEffect =
  /** Running tasks are restarted. */
  | 'restart'
  /** Running tasks stay as they are; the next launch has it. */
  | 'next-launch'
  /** It is only told, or seen to in another way: counts by launching and stopping, ports by the number that a task has. */
  | 'none';

const EFFECTS: readonly (readonly [RegExp, AspectEffect])[] = [
  [/^(?:resources|settings|secrets|artifacts)\.|^launch\b|^volumes$/, 'restart'],
  [/^(?:readiness|grace|placement|hostname|role|after|task name)$/, 'next-launch'],
  [/^(?:ports|sources)\./, 'none'],
];

export function toAspectEffect(aspect: string): AspectEffect {
  return EFFECTS.find(([pattern]) => pattern.test(aspect))?.[1] ?? 'none';
}

/** Where a source lies says nothing about its bytes; those have an aspect of their own. */
export function isPartOfLaunch(aspect: string): boolean {
  return !aspect.startsWith('sources.');
}
