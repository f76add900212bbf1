/** Fenzo 1.0.1, the placement library that Flink used on Mesos: fetched by Maven, compiled, and run in a JVM of its own. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { PassSample } from './placement-input.ts';

const SOURCES = join(import.meta.dirname, 'fenzo');
const FETCH_TIMEOUT_MS = 300_000;

export interface Fenzo {
  readonly classPath: string;
}

/** @param place a directory to work in */
export function buildFenzo(place: string): Fenzo {
  const libraries = join(place, 'libraries');
  const classes = join(place, 'classes');
  const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${libraries}`];
  const options = {
    timeout: FETCH_TIMEOUT_MS,
    stdio: 'pipe' as const,
  };
  execFileSync('mvn', ['-q', '-B', '-Dstyle.color=never', '-f', join(SOURCES, 'pom.xml'), ...goal], options);
  const source = join(SOURCES, 'FenzoPlacement.java');
  execFileSync('javac', ['-d', classes, '-cp', join(libraries, '*'), source], options);
  return { classPath: `${classes}:${join(libraries, '*')}` };
}

export function runFenzo({ classPath }: Fenzo, warmUp: string, input: string): PassSample {
  const argv = ['-cp', classPath, 'FenzoPlacement', warmUp, input];
  const output = execFileSync('java', argv, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const [milliseconds, placed, peakKib] = output.trim().split(' ').map(Number);
  return {
    milliseconds: milliseconds ?? Number.NaN,
    placed: placed ?? 0,
    peakMib: (peakKib ?? Number.NaN) / 1024,
  };
}
