/** Takes an upstream's URL apart: what is asked, what pins it, what it is called here, and what may be shown of it. */
import { StevedoreError } from '../protocol/errors.ts';
import { parseDigest } from './artifact-format.ts';

export interface Upstream {
  /** Without credentials, fragment and pin. */
  readonly url: string;
  /** For errors and logs: without the query, too, in which signatures travel. */
  readonly shown: string;
  readonly host: string;
  readonly fileName: string;
  readonly isLocal: boolean;
  /** Basic authorization of the URL's user and password. */
  readonly authorization?: string | undefined;
  readonly sha256?: string | undefined;
}

interface Naming {
  readonly fileName?: string | undefined;
  readonly sha256?: string | undefined;
}

function refuse(url: string, problem: string): StevedoreError {
  return new StevedoreError('ERR_UPSTREAM_URL', { url, problem });
}

function parseUrl(text: string): URL {
  if (!URL.canParse(text)) throw refuse(text.replace(/\/\/[^/]*@/, '//…@'), 'it is no URL');
  const url = new URL(text);
  if (['http:', 'https:', 'file:'].includes(url.protocol)) return url;
  throw refuse(`${url.protocol}//${url.host}${url.pathname}`, `${url.protocol} is not supported`);
}

function renderAuthorization(url: URL): string | undefined {
  if (url.username === '') return undefined;
  const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}

function selectPin(url: URL, shown: string, given: string | undefined): string | undefined {
  const written = /^#sha256=(.+)$/.exec(url.hash)?.[1];
  const pins = [given, written].filter((pin) => pin !== undefined).map(parseDigest);
  if (new Set(pins).size > 1) throw refuse(shown, 'two different digests pin it');
  return pins[0];
}

function selectFileName(url: URL, shown: string, given: string | undefined): string {
  const last = url.pathname.split('/').at(-1) as string;
  try {
    const fileName = given ?? decodeURIComponent(last);
    if (fileName !== '') return fileName;
  } catch {
    // A stray % in it; then it is no name either.
  }
  throw refuse(shown, 'its path does not end in a file name');
}

/** @throws StevedoreError ERR_UPSTREAM_URL, ERR_ARTIFACT_DIGEST_SYNTAX */
export function parseUpstream(text: string, naming: Naming = {}): Upstream {
  const url = parseUrl(text);
  const shown = `${url.protocol}//${url.host}${url.pathname}`;
  const sha256 = selectPin(url, shown, naming.sha256);
  const fileName = selectFileName(url, shown, naming.fileName);
  const authorization = renderAuthorization(url);
  const isLocal = url.protocol === 'file:';
  const host = isLocal ? 'this host' : url.host;
  url.username = '';
  url.password = '';
  url.hash = '';
  return { url: url.href, shown, host, fileName, isLocal, authorization, sha256 };
}
