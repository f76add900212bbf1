/** Compiles the executor into one executable: esbuild, then a single executable application of the pinned Node. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { StevedoreError } from '../../protocol/errors.ts';

const run = promisify(execFile);

/** The Node of package.json, not the one that happens to run this. */
export const PINNED_NODE = join(
  import.meta.dirname,
  `../../node_modules/node-linux-${process.arch}/bin/node`,
);

/** By which Node recognizes that something was injected (docs: single executable applications). */
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

/** The executor's container has 160 MiB: the collector has to start before that. */
const NODE_OPTIONS = [
  '--max-old-space-size=112',
  '--max-semi-space-size=4',
  '--disable-warning=ExperimentalWarning',
];

async function compile(root: string, outfile: string): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: ['executor/main.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node24',
    minify: true,
    keepNames: true,
    legalComments: 'none',
    logLevel: 'warning',
  });
}

/** As a process of its own: its library warns about sections of Node's file that nobody can help. */
async function inject(root: string, executable: string, blob: string): Promise<void> {
  const postject = join(root, 'node_modules/postject/dist/cli.js');
  const options = [executable, 'NODE_SEA_BLOB', blob, '--sentinel-fuse', FUSE];
  await run(process.execPath, [postject, ...options]);
}

/** The blob holds V8's code cache, so it has to be made by the Node that will run it. */
async function makeBlob(scratch: string, main: string): Promise<string> {
  const config = join(scratch, 'sea-config.json');
  const output = join(scratch, 'sea.blob');
  const settings = {
    main,
    output,
    disableExperimentalSEAWarning: true,
    useCodeCache: true,
    execArgv: NODE_OPTIONS,
    // An agent's NODE_OPTIONS must not reach into the executor.
    execArgvExtension: 'none',
  };
  await writeFile(config, JSON.stringify(settings));
  await run(PINNED_NODE, ['--experimental-sea-config', config]);
  return output;
}

/** Symbols are a fifth of the file and of its transfer; a machine without binutils keeps them. */
async function stripSymbols(executable: string): Promise<void> {
  try {
    await run('strip', [executable]);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** @throws StevedoreError ERR_BUNDLE_NODE */
export async function buildExecutable(root: string, scratch: string, executable: string): Promise<void> {
  if (!existsSync(PINNED_NODE)) throw new StevedoreError('ERR_BUNDLE_NODE', { path: PINNED_NODE });
  const main = join(scratch, 'main.cjs');
  await compile(root, main);
  const blob = await makeBlob(scratch, main);
  await copyFile(PINNED_NODE, executable);
  await stripSymbols(executable);
  await inject(root, executable, blob);
}
