/** Which Java versions Alluxio 2.x runs on. */

const SUPPORTED = [8, 11, 17];

/** The feature release in the output of `java -version`: 8 for 1.8.0_392, 17 for 17.0.15. */
export function parseJavaVersion(output: string): number | undefined {
  const match = /version "(?:1\.)?(\d+)/.exec(output);
  return match === null ? undefined : Number(match[1]);
}

export function isSupportedJava(version: number | undefined): boolean {
  return version !== undefined && SUPPORTED.includes(version);
}
