/** What `stevedore serve` tells the person who started it. On a terminal one line shows the hashing; elsewhere lines only. */
import { relative } from 'node:path';
import { styleText } from 'node:util';
import type { ArtifactManifestEntry } from '../protocol/artifact.ts';
import { renderByteSize } from '../protocol/byte-size.ts';
import { renderFetcherUri } from './fetcher-uri.ts';
import type { Listeners } from './listeners.ts';
import type { FolderObserver } from './served-folder.ts';

export interface OutputStream extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

const CLEAR_LINE = '\r\u001b[2K';

function renderStatus(name: string, doneBytes: number, totalBytes: number | undefined): string {
  const total = totalBytes === undefined ? '' : ` of ${renderByteSize(totalBytes)}`;
  return `hashing ${name}: ${renderByteSize(doneBytes)}${total}`;
}

export class ServeOutput implements FolderObserver {
  readonly #stream: OutputStream;
  readonly #folder: string;
  #baseUrl: string | undefined;
  readonly #waiting: [string, ArtifactManifestEntry][] = [];

  constructor(stream: OutputStream, folder: string) {
    this.#stream = stream;
    this.#folder = folder;
  }

  hashing = (path: string) => {
    const name = relative(this.#folder, path);
    return (doneBytes: number, totalBytes: number | undefined): void => {
      if (this.#stream.isTTY) this.#showStatus(renderStatus(name, doneBytes, totalBytes));
      else if (doneBytes === totalBytes) this.#print(`hashed ${name}, ${renderByteSize(doneBytes)}`);
    };
  };

  /** Before the ports are known there is no URL to print. */
  added = (path: string, entry: ArtifactManifestEntry): void => {
    if (this.#baseUrl === undefined) this.#waiting.push([path, entry]);
    else this.#printArtifact(path, entry, this.#baseUrl);
  };

  removed = (path: string, entry: ArtifactManifestEntry): void => {
    this.#print(`no longer served: ${relative(this.#folder, path)} (${entry.sha256})`);
  };

  failed = (path: string, problem: string): void => {
    this.#print(`not served: ${relative(this.#folder, path)}: ${problem}`);
  };

  listening(listeners: Listeners): void {
    const { plainUrl, tls } = listeners;
    this.#baseUrl = plainUrl ?? tls?.url;
    for (const [path, entry] of this.#waiting) this.#printArtifact(path, entry, this.#baseUrl as string);
    if (tls !== undefined) this.#print(`TLS    ${tls.url}  (clients trust ${tls.caPath})`);
    if (plainUrl !== undefined) this.#print(`plain  ${plainUrl}`);
    if (plainUrl !== undefined && tls !== undefined) {
      this.#print('The URIs above are plain: Mesos agents trust only the CAs of their system.');
    }
    if (this.#waiting.length === 0) this.#print('The folder is empty; files that come are served.');
  }

  #printArtifact(path: string, entry: ArtifactManifestEntry, baseUrl: string): void {
    const name = this.#style('bold', relative(this.#folder, path));
    this.#print(`${name}  ${renderByteSize(entry.sizeBytes)}  sha256 ${entry.sha256}`);
    this.#print(`  ${JSON.stringify(renderFetcherUri(entry, baseUrl))}`);
  }

  /** Cut to the width: a line that wraps could not be written over. */
  #showStatus(text: string): void {
    this.#stream.write(`${CLEAR_LINE}${text.slice(0, (this.#stream.columns ?? 80) - 1)}`);
  }

  /** Plain where it is no terminal, or NO_COLOR is set. */
  #style(style: 'bold', text: string): string {
    return styleText(style, text, { stream: this.#stream as NodeJS.WriteStream });
  }

  #print(line: string): void {
    this.#stream.write(`${this.#stream.isTTY ? CLEAR_LINE : ''}${line}\n`);
  }
}
