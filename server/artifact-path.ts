/** Reads the target of a request. Nothing here touches a file: a request can only ever name what is registered. */

export interface ArtifactAddress {
  readonly sha256: string;
  readonly fileName: string;
}

/** The path of a request target: without query, and without the authority of an absolute form (RFC 9112, section 3.2.2). */
export function toRequestPath(target: string): string {
  return target.replace(/^https?:\/\/[^/?#]*/i, '').split(/[?#]/, 1)[0] as string;
}

function decodeSegment(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

/** `/artifacts/<sha256>/<name>`, or undefined for anything else. */
export function parseArtifactPath(path: string): ArtifactAddress | undefined {
  const match = /^\/artifacts\/([0-9a-f]{64})\/([^/]+)$/.exec(path);
  const fileName = decodeSegment(match?.[2] ?? '');
  if (match === null || fileName === undefined) return undefined;
  return { sha256: match[1] as string, fileName };
}
