/** Writes configuration where the service reads it, and a redacted copy where people look. */
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StevedoreError } from '../../../protocol/errors.ts';
import type { FileSpec } from '../../../protocol/launch-spec.ts';
import type { PlaceholderValues } from '../../../protocol/placeholders.ts';
import { renderConfigFile, toConfigPath } from '../../core/delivery/config-file.ts';

/** In the sandbox. */
const COPY_FOLDER = 'conf';

/** @throws StevedoreError ERR_CONFIG_FILE, ERR_PLACEHOLDER_UNKNOWN, ERR_PROPERTIES_ESCAPE */
export async function writeConfigFiles(
  files: readonly FileSpec[],
  values: PlaceholderValues & { readonly config: string; readonly sandbox: string },
): Promise<void> {
  for (const file of files) {
    const path = toConfigPath(file);
    const rendered = renderConfigFile(file, await readOriginal(file, values), values);
    await writeExactly(join(values.config, path), rendered.content, rendered.mode);
    await writeExactly(join(values.sandbox, COPY_FOLDER, path), rendered.redacted, 0o644);
  }
}

async function readOriginal(file: FileSpec, values: PlaceholderValues): Promise<string | undefined> {
  if (file.from === undefined) return undefined;
  const path = values[`file.${file.from}`];
  if (path !== undefined) return await readFile(path, 'utf8');
  throw new StevedoreError('ERR_CONFIG_FILE', {
    file: file.path,
    problem: `it comes from '${file.from}', which is no artifact of format none`,
  });
}

/** The mode as it was asked for, whatever the umask is. */
async function writeExactly(path: string, content: string, mode: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: mode === 0o644 ? 0o755 : 0o700 });
  await writeFile(path, content, { mode: 0o600 });
  await chmod(path, mode);
}
