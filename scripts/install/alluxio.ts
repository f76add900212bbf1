/** `stevedore install alluxio ALLUXIO_HOME [--uninstall]` */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { StevedoreError } from '../../protocol/errors.ts';
import { installFiles, uninstallFiles } from './installation.ts';
import { renderStartScript, START_SCRIPTS } from './start-scripts.ts';

const STEVEDORE_HOME = join(import.meta.dirname, '../..');

const USAGE = `Usage: stevedore install alluxio ALLUXIO_HOME [--uninstall]

Puts the start scripts of the Mesos integration into an Alluxio installation:
${START_SCRIPTS.map(({ path }) => `  ${path}`).join('\n')}
A file that is there already is kept beside, and --uninstall brings it back.
`;

/** @throws StevedoreError ERR_ALLUXIO_INSTALL_HOME */
function checkInstallation(path: string): void {
  for (const missing of ['assembly', 'conf'])
    if (!existsSync(join(path, missing)))
      throw new StevedoreError('ERR_ALLUXIO_INSTALL_HOME', { path, missing });
}

async function install(home: string): Promise<void> {
  checkInstallation(home);
  const files = START_SCRIPTS.map(
    (script) => [script.path, renderStartScript(script, STEVEDORE_HOME)] as const,
  );
  await installFiles(home, new Map(files));
  for (const { path } of START_SCRIPTS) process.stdout.write(`installed ${join(home, path)}\n`);
}

async function uninstall(home: string): Promise<void> {
  const count = await uninstallFiles(home);
  process.stdout.write(
    count === 0 ? `nothing of ours is in ${home}\n` : `took ${count} files out of ${home}\n`,
  );
}

export async function main(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { uninstall: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  });
  const [service, home, ...rest] = positionals;
  if (values.help === true) {
    process.stdout.write(USAGE);
    return 0;
  }
  if (service !== 'alluxio' || home === undefined || rest.length > 0) {
    process.stderr.write(USAGE);
    return 2;
  }
  await (values.uninstall === true ? uninstall(resolve(home)) : install(resolve(home)));
  return 0;
}
