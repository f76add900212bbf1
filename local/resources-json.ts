/** `--resources` in its JSON form: Mesos' own messages, so that reservations and disks can be written. */
import { StevedoreError } from '../protocol/errors.ts';
import type { Resource } from '../protocol/mesos/resource.ts';
import { sumResources } from '../protocol/resources.ts';
import { findResourceProblem } from './resource-validation.ts';
import { SCHEDULER_API } from './wire/api-proto.ts';
import { ConversionError, readJson, readMessage } from './wire/read-json.ts';
import { upgradeResource } from './legacy-resources.ts';

function fail(text: string, problem: string): never {
  throw new StevedoreError('ERR_LOCAL_RESOURCES_JSON', { text, problem });
}

function readResource(text: string, entry: unknown): Resource {
  const resource = upgradeResource(readMessage(SCHEDULER_API, 'Resource', entry) as Resource);
  const dynamic = resource.reservations?.some(({ type }) => type !== 'STATIC') ?? false;
  if (dynamic) fail(text, 'a flag makes STATIC reservations only');
  if (resource.disk?.persistence !== undefined) fail(text, 'a flag makes no persistent volumes');
  const problem = findResourceProblem(resource);
  return problem === undefined ? resource : fail(text, problem);
}

/** @throws StevedoreError ERR_LOCAL_RESOURCES_JSON */
export function parseResourcesJson(text: string): Resource[] {
  try {
    const json = readJson(text);
    if (!Array.isArray(json)) fail(text, 'it is no list');
    return sumResources((json as unknown[]).map((entry) => readResource(text, entry)));
  } catch (error) {
    if (!(error instanceof ConversionError)) throw error;
    return fail(text, error.message);
  }
}
