/** Strong entity tags: an artifact's tag is its digest, so it never changes under one address (RFC 9110, section 8.8.3). */

export function renderEntityTag(sha256: string): string {
  return `"${sha256}"`;
}

/** If-None-Match compares weakly: `W/"x"` names the same bytes as `"x"` here. */
export function isNoneMatchHit(header: string | undefined, entityTag: string): boolean {
  if (header === undefined) return false;
  if (header.trim() === '*') return true;
  return header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === entityTag);
}

/** If-Range compares strongly; a date never matches, since artifacts carry none. */
export function isRangeStillValid(ifRange: string | undefined, entityTag: string): boolean {
  return ifRange === undefined || ifRange.trim() === entityTag;
}
