/** The checks that the scheduler API and the executor API share, in Mesos' order: method, Content-Type, JSON, Accept. */
import { isUuid } from '../../protocol/mesos/uuid.ts';
import type { Schema } from '../wire/proto-schema.ts';
import { ConversionError, readJson, readMessage } from '../wire/read-json.ts';
import { answerText, answerWrongMethod } from './answer.ts';
import type { Exchange } from './server.ts';

const MEDIA_TYPES = "Expecting 'Content-Type' of application/json or application/x-protobuf";
const NOT_ACCEPTABLE = "Expecting 'Accept' to allow 'application/x-protobuf' or 'application/json'";

/** A refusal in the words of Mesos' validation; answered as 400. */
export class ValidationError extends Error {}

function readBody(exchange: Exchange, schema: Schema): unknown {
  return readMessage(schema, 'Call', readJson(exchange.body.toString('utf8')));
}

/** The call, or undefined when the request was answered with what is wrong about it. */
export function readCall(exchange: Exchange, schema: Schema): unknown {
  const { request, response } = exchange;
  const type = request.headers['content-type'];
  if (request.method !== 'POST') return answerWrongMethod(response, request.method ?? '');
  if (type === undefined) return answerText(response, 400, "Expecting 'Content-Type' to be present");
  if (type !== 'application/json') return answerText(response, 415, MEDIA_TYPES);
  try {
    return readBody(exchange, schema);
  } catch (error) {
    if (!(error instanceof ConversionError)) throw error;
    return answerText(response, 400, error.message);
  }
}

/** True if JSON may be sent. A missing header accepts anything. */
export function acceptsJson(accept: string | undefined): boolean {
  if (accept === undefined) return true;
  return accept.split(',').some((entry) => {
    const [range, ...parameters] = entry.split(';').map((part) => part.trim());
    if (parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))) return false;
    return ['*/*', 'application/*', 'application/json'].includes(range as string);
  });
}

export function answerNotAcceptable(exchange: Exchange): void {
  answerText(exchange.response, 406, NOT_ACCEPTABLE);
}

/** @throws ValidationError when the bytes are no UUID to Mesos. */
export function requireUuid(uuid: string): void {
  if (!isUuid(uuid)) throw new ValidationError('Not a valid UUID');
}

/** @throws ValidationError */
export function requirePresent(value: unknown, name: string): void {
  if (value === undefined) throw new ValidationError(`Expecting '${name}' to be present`);
}
