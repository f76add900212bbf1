/** What a scheduler says of itself in its election node, so that those that stand by can pass requests on. Pure. */

export interface LeaderData {
  /** Where its API answers. */
  readonly apiUrl: string;
  /** PEM of the CA of that URL's certificate; unset: those of the system. */
  readonly caPem?: string | undefined;
  readonly pid: number;
  readonly host: string;
  /** Where agents reach the artifact server that it opens when it leads, on the ports of the one before; unset: not known. */
  readonly artifactHost?: string | undefined;
  /** When it joined the election. */
  readonly sinceMs: number;
}

export function renderLeaderData(data: LeaderData): Uint8Array {
  return Buffer.from(JSON.stringify(data));
}

/** Undefined when it is none of ours: nobody is stopped from leading by what cannot be read. */
export function parseLeaderData(bytes: Uint8Array): LeaderData | undefined {
  try {
    const data = JSON.parse(Buffer.from(bytes).toString('utf8')) as LeaderData;
    const { apiUrl, caPem, pid, host, sinceMs, artifactHost } = data;
    if (typeof apiUrl !== 'string' || typeof pid !== 'number' || typeof host !== 'string') return undefined;
    return {
      apiUrl,
      pid,
      host,
      sinceMs,
      ...(typeof caPem === 'string' && { caPem }),
      ...(typeof artifactHost === 'string' && { artifactHost }),
    };
  } catch {
    return undefined;
  }
}
