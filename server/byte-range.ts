/** The Range header, as far as the server honours it: one range of bytes (RFC 9110, section 14). */

export type ByteRange =
  /** No range, several, or one of another form: the whole is answered, as the RFC allows. */
  | { readonly kind: 'whole' }
  /** Both ends inclusive. */
  | { readonly kind: 'part'; readonly first: number; readonly last: number }
  | { readonly kind: 'unsatisfiable' };

const WHOLE: ByteRange = { kind: 'whole' };
const UNSATISFIABLE: ByteRange = { kind: 'unsatisfiable' };

function selectSuffix(length: number, sizeBytes: number): ByteRange {
  if (length === 0 || sizeBytes === 0) return UNSATISFIABLE;
  return { kind: 'part', first: Math.max(0, sizeBytes - length), last: sizeBytes - 1 };
}

export function parseByteRange(header: string | undefined, sizeBytes: number): ByteRange {
  const match = /^bytes=[ \t]*(\d*)-(\d*)[ \t]*$/i.exec(header ?? '');
  const [, from = '', to = ''] = match ?? [];
  if (match === null || (from === '' && to === '')) return WHOLE;
  if (from === '') return selectSuffix(Number(to), sizeBytes);
  const first = Number(from);
  const last = to === '' ? sizeBytes - 1 : Math.min(Number(to), sizeBytes - 1);
  if (to !== '' && Number(to) < first) return WHOLE;
  return first >= sizeBytes ? UNSATISFIABLE : { kind: 'part', first, last };
}
