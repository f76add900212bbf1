/**
 * Builds the executor bundle: `build/stevedore-executor-linux-<arch>.tar.gz` and its manifest. Needs no network, and does
 * nothing when the same sources and the same Node were built before.
 */
import { access, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BUNDLE_FOLDER, type BundleManifest } from '../../protocol/bundle.ts';
import { renderByteSize } from '../../protocol/byte-size.ts';
import { messageOf } from '../../protocol/errors.ts';
import { packBundle, writeSums } from './bundle-archive.ts';
import { buildExecutable, PINNED_NODE } from './executable.ts';
import { digestInputs } from './input-digest.ts';
import { copyRuntime } from './runtime-libraries.ts';

const ROOT = join(import.meta.dirname, '../..');
const BUILD = join(ROOT, 'build');
const MANIFEST = join(BUILD, 'executor-bundle.json');
/** Digest of what the bundle in `build/` was made from. */
const INPUTS = join(BUILD, 'executor-bundle.inputs');

function report(line: string): void {
  console.log(`${new Date().toISOString().slice(11, 19)} executor bundle: ${line}`);
}

async function isCurrent(digest: string): Promise<boolean> {
  try {
    const { fileName } = JSON.parse(await readFile(MANIFEST, 'utf8')) as BundleManifest;
    await access(join(BUILD, fileName));
    return (await readFile(INPUTS, 'utf8')) === digest;
  } catch {
    return false;
  }
}

async function buildInto(scratch: string): Promise<BundleManifest> {
  const folder = join(scratch, BUNDLE_FOLDER);
  await mkdir(folder, { mode: 0o755 });
  report('compiling the executor into a copy of Node');
  await buildExecutable(ROOT, scratch, join(folder, 'executor'));
  await copyRuntime(PINNED_NODE, folder);
  const sumsSha256 = await writeSums(folder);
  report('packing');
  return packBundle(scratch, BUILD, sumsSha256);
}

async function build(digest: string): Promise<void> {
  await mkdir(BUILD, { recursive: true });
  await rm(INPUTS, { force: true });
  const scratch = await mkdtemp(join(BUILD, 'bundle-'));
  try {
    const manifest = await buildInto(scratch);
    await writeFile(MANIFEST, `${JSON.stringify(manifest, null, 2)}\n`);
    await writeFile(INPUTS, digest);
    report(`build/${manifest.fileName}, ${renderByteSize(manifest.sizeBytes)}`);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** `--force` builds although nothing changed. */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    const digest = await digestInputs(ROOT, PINNED_NODE);
    if (!argv.includes('--force') && (await isCurrent(digest))) report('is up to date');
    else await build(digest);
    return 0;
  } catch (error) {
    report(messageOf(error));
    return 1;
  }
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
