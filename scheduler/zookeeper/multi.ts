/** Several changes that happen together or not at all (MultiOperationRecord and MultiResponse of ZooKeeper). */
import { JuteReader, JuteWriter } from './jute.ts';
import {
  OPERATION_TYPES,
  type Operation,
  type PermittedCreate,
  parseStat,
  renderCreate,
  renderPathAndVersion,
  renderSetData,
} from './operations.ts';
import { OK, RUNTIME_INCONSISTENCY, toReplyError } from './reply-code.ts';
import type { MultiOperation } from './zookeeper-client.ts';

/** A part whose permissions are decided. */
export type MultiPart = Exclude<MultiOperation, { kind: 'create' }> | ({ kind: 'create' } & PermittedCreate);

const ERROR = -1;
const TYPES = { ...OPERATION_TYPES, set: OPERATION_TYPES.setData } as const;

function renderPart(part: MultiPart): Buffer {
  switch (part.kind) {
    case 'create':
      return renderCreate(part);
    case 'set':
      return renderSetData(part.path, part.data, part.version);
    case 'delete':
    case 'check':
      return renderPathAndVersion(part.path, part.version);
  }
}

function renderHead(type: number, isLast: boolean): Buffer {
  return new JuteWriter().int(type).bool(isLast).int(-1).finish();
}

function renderMulti(parts: readonly MultiPart[]): Buffer {
  const rendered = parts.flatMap((part) => [renderHead(TYPES[part.kind], false), renderPart(part)]);
  return Buffer.concat([...rendered, renderHead(ERROR, true)]);
}

/** Reads over one part's result. */
function skipResult(type: number, reader: JuteReader): void {
  if (type === TYPES.create) reader.string();
  if (type === TYPES.set) parseStat(reader);
}

/** The code of each part; all OK, or one tells why none happened. */
export function parseMultiCodes(body: Buffer): number[] {
  const reader = new JuteReader(body);
  const codes: number[] = [];
  for (;;) {
    const [type, isLast] = [reader.int(), reader.bool()];
    const code = reader.int();
    if (isLast) return codes;
    codes.push(type === ERROR ? reader.int() : code);
    if (type !== ERROR) skipResult(type, reader);
  }
}

function toFailure(code: number, part: MultiPart | undefined) {
  const operation = part === undefined ? 'multi' : `${part.kind} in a multi`;
  return toReplyError(code, { operation, path: part?.path ?? '' });
}

export function toMulti(parts: readonly MultiPart[]): Operation<void> {
  const parse = (code: number, body: Buffer) => {
    const codes = body.length === 0 ? [] : parseMultiCodes(body);
    const at = codes.findIndex((each) => each !== OK && each !== RUNTIME_INCONSISTENCY);
    if (at >= 0) throw toFailure(codes[at] as number, parts[at]);
    if (code !== OK) throw toFailure(code, parts[0]);
  };
  const path = parts.map((part) => part.path).join(', ');
  return { name: 'multi', path, isRead: false, body: renderMulti(parts), parse };
}
