/** `--domain` as Mesos' flags take it: a DomainInfo in JSON. */
import { StevedoreError } from '../protocol/errors.ts';
import type { Domain } from '../protocol/mesos/framework.ts';
import { SCHEDULER_API } from './wire/api-proto.ts';
import { ConversionError, readJson, readMessage } from './wire/read-json.ts';

/** @throws StevedoreError ERR_LOCAL_DOMAIN */
export function parseDomain(text: string): Domain | undefined {
  if (text === '') return undefined;
  try {
    return readMessage(SCHEDULER_API, 'DomainInfo', readJson(text)) as Domain;
  } catch (error) {
    if (!(error instanceof ConversionError)) throw error;
    throw new StevedoreError('ERR_LOCAL_DOMAIN', { text, problem: error.message }, { cause: error });
  }
}
