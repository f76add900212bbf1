/** Holds the import table of CONTRIBUTING.md, the purity of the cores, and the naming rule. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const PROGRAM_FOLDERS = ['protocol', 'config', 'server', 'scheduler', 'executor', 'local', 'scripts'];

/** The longest prefix of a file's path names its area; an area may import itself and what it lists. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  config: ['protocol'],
  server: ['protocol', 'config'],
  'scheduler/core': ['protocol', 'config'],
  'scheduler/options': ['protocol', 'config', 'scheduler/core'],
  'scheduler/alluxio': ['protocol', 'config', 'scheduler/core', 'scheduler/options'],
  'scheduler/flink': ['protocol', 'config', 'scheduler/core', 'scheduler/options'],
  'scheduler/fixture': ['protocol', 'config', 'scheduler/core'],
  scheduler: [
    'protocol',
    'config',
    'server',
    'scheduler/core',
    'scheduler/options',
    'scheduler/alluxio',
    'scheduler/flink',
    'scheduler/fixture',
  ],
  'executor/core': ['protocol', 'config'],
  executor: ['protocol', 'config', 'executor/core'],
  local: ['protocol', 'config'],
  scripts: ['protocol', 'config', 'server', 'scheduler', 'executor', 'local'],
};
/** All that the scheduler may see of the artifact server. */
const SERVER_SURFACE = 'server/artifact-server.ts';
const PURE = [
  'protocol',
  'config',
  'scheduler/core',
  'scheduler/options',
  'scheduler/alluxio',
  'scheduler/flink',
  'executor/core',
];
const IMPURE =
  /from '(?:node:)?(?:fs|net|tls|http|https|child_process|os|sqlite)\b|\bDate\.now\(|\bMath\.random\(|\bprocess\.(?:env|argv|exit|cwd|pid)\b|\bnew Date\(\)|\bset(?:Timeout|Interval)\(/;

function listSources(folder: string): string[] {
  if (!existsSync(join(ROOT, folder))) return [];
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));
}

function areaOf(file: string): string {
  const parts = file.split('/');
  const nested = parts.slice(0, 2).join('/');
  return nested in MAY_IMPORT ? nested : (parts[0] as string);
}

function importsOf(file: string): string[] {
  const source = readFileSync(join(ROOT, file), 'utf8');
  const matches = source.matchAll(/(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+)'/g);
  return [...matches].map((match) => normalize(join(dirname(file), match[1] as string)));
}

function isAllowed(from: string, to: string): boolean {
  const [own, other] = [areaOf(from), areaOf(to)];
  if (own === other) return true;
  if (own === 'scheduler' && other === 'server') return to === SERVER_SURFACE;
  const allowed = MAY_IMPORT[own] ?? [];
  return allowed.includes(other) || (own === 'scripts' && allowed.includes(other.split('/')[0] as string));
}

const sources = PROGRAM_FOLDERS.flatMap(listSources);

describe('architecture', () => {
  it('finds the program', () => assert.ok(sources.length > 20));

  it('imports go one way', () => {
    const wrong = sources.flatMap((file) =>
      importsOf(file)
        .filter((target) => !isAllowed(file, target))
        .map((target) => `${file} imports ${target}`),
    );
    assert.deepEqual(wrong, []);
  });

  it('no file leaves the program through its imports', () => {
    const lost = sources.flatMap((file) =>
      importsOf(file).filter(
        (target) => relative('.', target).startsWith('..') || !existsSync(join(ROOT, target)),
      ),
    );
    assert.deepEqual(lost, []);
  });

  it('pure code reads no clock, chance, file, socket or process', () => {
    const impure = sources
      .filter((file) => PURE.some((folder) => file.startsWith(`${folder}/`)))
      .filter((file) => IMPURE.test(readFileSync(join(ROOT, file), 'utf8')));
    assert.deepEqual(impure, []);
  });

  it('files are named for what they hold', () => {
    const vague = sources.filter((file) =>
      /(?:^|[/-])(?:utils?|helpers?|common|misc|manager|impl)(?:[/.-]|$)/i.test(file),
    );
    assert.deepEqual(vague, []);
    const odd = sources.filter((file) => !/^[a-z0-9/.-]+$/.test(file));
    assert.deepEqual(odd, []);
  });
});
