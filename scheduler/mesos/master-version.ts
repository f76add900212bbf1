/** Versions of Mesos as masters tell them: `1.11.0`, `1.12.0-dev`, and those of its fork. */

/** Undefined when the text is no version, or there is none (before 1.1). */
function parseMasterVersion(text: string | undefined): readonly [number, number] | undefined {
  const match = /^(\d+)\.(\d+)/.exec(text ?? '');
  return match === null ? undefined : [Number(match[1]), Number(match[2])];
}

/** False also for a version that nobody knows. */
export function isAtLeast(version: string | undefined, major: number, minor: number): boolean {
  const [foundMajor, foundMinor] = parseMasterVersion(version) ?? [0, 0];
  return foundMajor > major || (foundMajor === major && foundMinor >= minor);
}
