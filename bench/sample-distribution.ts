/**
 * A distribution of the shape of Flink's: 140 files, 248 MB, nearly all of it in jars, which gzip cannot shrink. Set
 * STEVEDORE_BENCH_ARCHIVE to a real .tgz to measure that one instead.
 */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Distribution {
  readonly tar: string;
  readonly tgz: string;
}

const TOP = 'flink-1.20.5';
const MB = 1_000_000;
const JARS_MB = [...Array<number>(2).fill(45), ...Array<number>(8).fill(12), ...Array<number>(30).fill(1.9)];

export function createDistribution(place: string): Distribution {
  const given = process.env.STEVEDORE_BENCH_ARCHIVE;
  const tar = join(place, 'distribution.tar');
  const tgz = given ?? join(place, 'distribution.tgz');
  if (given === undefined) {
    writeSample(join(place, TOP));
    execFileSync('tar', ['-czf', tgz, '-C', place, TOP]);
  }
  execFileSync('/bin/sh', ['-c', 'gzip -dc "$1" > "$2"', 'sh', tgz, tar]);
  return { tar, tgz };
}

function writeSample(root: string): void {
  for (const folder of ['lib', 'opt', 'conf']) mkdirSync(join(root, folder), { recursive: true });
  for (const [index, megabytes] of JARS_MB.entries())
    writeFileSync(join(root, index < 20 ? 'lib' : 'opt', `${index}.jar`), randomBytes(megabytes * MB));
  for (let index = 0; index < 100; index += 1)
    writeFileSync(
      join(root, 'conf', `${index}.properties`),
      'key.of.some.option: value\n'.repeat(index * 10),
    );
}
