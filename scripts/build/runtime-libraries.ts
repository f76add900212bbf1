/** What an executable needs at run time, put beside it, so that an agent's own C library does not matter. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { StevedoreError } from '../../protocol/errors.ts';

const run = promisify(execFile);

/** Loaded by the C library itself when a name is looked up; `ldd` does not list them. */
const NAME_SERVICE = ['libnss_files.so.2', 'libnss_dns.so.2', 'libresolv.so.2'];

interface Runtime {
  readonly loader: string;
  readonly libraries: readonly string[];
}

/**
 * Reads `libm.so.6 => /lib/libm.so.6 (0x…)` and, without an arrow, the loader.
 * @throws StevedoreError ERR_BUNDLE_LIBRARY, ERR_BUNDLE_LOADER
 */
export function parseLdd(text: string): Runtime {
  const missing = /(\S+) => not found/.exec(text)?.[1];
  if (missing !== undefined) throw new StevedoreError('ERR_BUNDLE_LIBRARY', { library: missing });
  const libraries = [...text.matchAll(/=> (\/\S+) \(/g)].map((match) => match[1] as string);
  const loader = /^\s*(\/\S+\/ld-linux\S*) \(/m.exec(text)?.[1];
  if (loader === undefined) throw new StevedoreError('ERR_BUNDLE_LOADER', { text: text.trim() });
  return { loader, libraries };
}

function listNameService(libraries: readonly string[]): string[] {
  const folder = dirname(libraries.find((path) => basename(path) === 'libc.so.6') ?? '/');
  return NAME_SERVICE.map((name) => join(folder, name)).filter((path) => existsSync(path));
}

/**
 * Starts the executor by the bundle's own loader, in the sandbox. The agent's preloads and Node settings are for other
 * programs.
 */
function renderRunScript(loader: string): string {
  return `#!/bin/sh
here=$(cd "\${0%/*}" && pwd -P) || exit 1
cd "\${MESOS_SANDBOX:-\${MESOS_DIRECTORY:-$here}}" || exit 1
unset LD_PRELOAD LD_LIBRARY_PATH NODE_OPTIONS
exec "$here/lib/${loader}" --library-path "$here/lib" "$here/executor" "$@"
`;
}

/** Writes `lib/` and `run` into the bundle's folder. */
export async function copyRuntime(executable: string, folder: string): Promise<void> {
  const { stdout } = await run('ldd', [executable]);
  const { loader, libraries } = parseLdd(stdout);
  await mkdir(join(folder, 'lib'));
  for (const path of new Set([loader, ...libraries, ...listNameService(libraries)]))
    await copyFile(path, join(folder, 'lib', basename(path)));
  await chmod(join(folder, 'lib', basename(loader)), 0o755);
  await writeFile(join(folder, 'run'), renderRunScript(basename(loader)), { mode: 0o755 });
}
