/** The executor bundle, from the options and the folder that it was built into. */
import { readBundle } from '../bundle.ts';
import type { BundleOptions } from '../scheduler-options.ts';
import type { ConfiguredOptions } from './configured-options.ts';

/** @throws StevedoreError ERR_BUNDLE_MISSING */
export async function describeBundle(
  { bundleUrl }: Pick<ConfiguredOptions['values'], 'bundleUrl'>,
  directory: string,
): Promise<BundleOptions> {
  const bundle = await readBundle(directory);
  return { ...bundle, ...(bundleUrl !== undefined && { url: bundleUrl }) };
}
