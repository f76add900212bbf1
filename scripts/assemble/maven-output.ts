/** What Maven's plain output says of its progress. Addresses of registries are in it; they are never repeated. */

export interface MavenProgress {
  readonly downloadedFiles: number;
  readonly downloadedBytes: number;
  readonly copiedJars: number;
  /** The file at hand. */
  readonly current: string;
}

export const NO_MAVEN_PROGRESS: MavenProgress = {
  downloadedFiles: 0,
  downloadedBytes: 0,
  copiedJars: 0,
  current: '',
};

const UNIT_BYTES: Readonly<Record<string, number>> = { B: 1, kB: 1000, MB: 1_000_000, GB: 1_000_000_000 };

/** `Downloaded from ID: ADDRESS/name.jar (1.2 MB at 3.4 MB/s)` and `Copying name.jar to PATH`. */
export function advanceMavenProgress(progress: MavenProgress, line: string): MavenProgress {
  const download = /Downloaded from \S+ \S*?([^/\s]+) \(([\d.]+) (B|kB|MB|GB)\b/.exec(line);
  if (download !== null) {
    const bytes = Number(download[2]) * (UNIT_BYTES[download[3] ?? 'B'] ?? 1);
    return {
      ...progress,
      downloadedFiles: progress.downloadedFiles + 1,
      downloadedBytes: progress.downloadedBytes + Math.round(bytes),
      current: download[1] ?? '',
    };
  }
  const copy = /Copying (\S+\.jar) to /.exec(line);
  if (copy === null) return progress;
  return { ...progress, copiedJars: progress.copiedJars + 1, current: copy[1] ?? '' };
}

/** The first error line, without Maven's marks and without addresses. */
export function selectMavenProblem(lines: readonly string[]): string {
  const line = lines.find((each) => each.includes('ERROR')) ?? lines.at(-1) ?? 'it said nothing';
  return line
    .replace(/^.*?\[?ERROR\]?\s*/, '')
    .replace(/\w+:\/\/\S+/g, '(its registry)')
    .slice(0, 300);
}
