/** Decides what a permitted request for one artifact is answered with. Pure: the handler performs it. */
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import type { ArtifactManifestEntry } from '../protocol/artifact.ts';
import { type ByteRange, parseByteRange } from './byte-range.ts';
import { isNoneMatchHit, isRangeStillValid, renderEntityTag } from './entity-tag.ts';

export type ResponsePlan =
  /** Headers only: 304, or the answer to HEAD. */
  | { readonly kind: 'empty'; readonly status: number; readonly headers: OutgoingHttpHeaders }
  | {
      readonly kind: 'bytes';
      readonly status: 200 | 206;
      readonly headers: OutgoingHttpHeaders;
      readonly offset: number;
      readonly length: number;
    }
  | { readonly kind: 'unsatisfiable'; readonly headers: OutgoingHttpHeaders };

export interface ArtifactRequest {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
}

const CACHE_CONTROL = { public: 'public, max-age=31536000, immutable', secret: 'no-store' } as const;

function renderBaseHeaders(entry: ArtifactManifestEntry): OutgoingHttpHeaders {
  return {
    ETag: renderEntityTag(entry.sha256),
    'Repr-Digest': `sha-256=:${Buffer.from(entry.sha256, 'hex').toString('base64')}:`,
    'Cache-Control': CACHE_CONTROL[entry.class],
    'Accept-Ranges': 'bytes',
  };
}

function renderBodyHeaders(entry: ArtifactManifestEntry, length: number): OutgoingHttpHeaders {
  return {
    ...renderBaseHeaders(entry),
    'Content-Type': 'application/octet-stream',
    'Content-Length': length,
    'X-Content-Type-Options': 'nosniff',
  };
}

/** A range counts for GET only (RFC 9110, section 14.2), and only while If-Range names the same bytes. */
function selectRange(request: ArtifactRequest, entry: ArtifactManifestEntry): ByteRange {
  const isAsked =
    request.method === 'GET' &&
    isRangeStillValid(request.headers['if-range'] as string | undefined, renderEntityTag(entry.sha256));
  return isAsked ? parseByteRange(request.headers.range, entry.sizeBytes) : { kind: 'whole' };
}

function planPart(entry: ArtifactManifestEntry, range: { first: number; last: number }): ResponsePlan {
  const length = range.last - range.first + 1;
  const headers = {
    ...renderBodyHeaders(entry, length),
    'Content-Range': `bytes ${range.first}-${range.last}/${entry.sizeBytes}`,
  };
  return { kind: 'bytes', status: 206, headers, offset: range.first, length };
}

export function planResponse(request: ArtifactRequest, entry: ArtifactManifestEntry): ResponsePlan {
  if (isNoneMatchHit(request.headers['if-none-match'], renderEntityTag(entry.sha256))) {
    return { kind: 'empty', status: 304, headers: renderBaseHeaders(entry) };
  }
  const headers = renderBodyHeaders(entry, entry.sizeBytes);
  if (request.method === 'HEAD') return { kind: 'empty', status: 200, headers };
  const range = selectRange(request, entry);
  switch (range.kind) {
    case 'whole':
      return { kind: 'bytes', status: 200, headers, offset: 0, length: entry.sizeBytes };
    case 'part':
      return planPart(entry, range);
    case 'unsatisfiable':
      return { kind: 'unsatisfiable', headers: { 'Content-Range': `bytes */${entry.sizeBytes}` } };
  }
}
