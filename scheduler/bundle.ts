/** Finds the executor bundle that the build made. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import type { BundleManifest } from '../protocol/bundle.ts';
import { StevedoreError, messageOf } from '../protocol/errors.ts';
import type { BundleOptions } from './scheduler-options.ts';

const digest = z.string().check(z.regex(/^[0-9a-f]{64}$/));
const manifestShape = z.object({
  fileName: z.string(),
  sizeBytes: z.number(),
  sha256: digest,
  sumsSha256: digest,
});

async function readManifest(path: string): Promise<BundleManifest> {
  return z.parse(manifestShape, JSON.parse(await readFile(path, 'utf8')));
}

/** @throws StevedoreError ERR_BUNDLE_MISSING when it was not built or only half of it is there. */
export async function readBundle(directory: string): Promise<BundleOptions> {
  try {
    const manifest = await readManifest(join(directory, 'executor-bundle.json'));
    const archivePath = join(directory, manifest.fileName);
    const { size } = await stat(archivePath);
    if (size !== manifest.sizeBytes)
      throw new Error(`${manifest.fileName} has ${size} bytes instead of ${manifest.sizeBytes}`);
    return { archivePath, manifest };
  } catch (error) {
    throw new StevedoreError(
      'ERR_BUNDLE_MISSING',
      { directory, problem: messageOf(error) },
      { cause: error },
    );
  }
}
