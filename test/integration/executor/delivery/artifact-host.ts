/** A TLS artifact server that answers as a test says, faults included. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { generate } from 'selfsigned';
import type { ArtifactClass, ArtifactFormat, ArtifactRef } from '../../../../protocol/artifact.ts';
import { toSha256 } from './raw-tar.ts';

export interface Authority {
  readonly cert: string;
  readonly private: string;
}

export interface SeenRequest {
  readonly path: string;
  readonly range: string | undefined;
  readonly authorization: string | undefined;
}

/** Returns true if it answered itself. */
export type Fault = (seen: SeenRequest, response: ServerResponse, bytes: Buffer) => boolean;

export async function createAuthority(name: string): Promise<Authority> {
  const made = await generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, digitalSignature: true, critical: true },
    ],
  });
  return { cert: made.cert, private: made.private };
}

async function issueLeaf(authority: Authority, ip: string): Promise<{ key: string; cert: string }> {
  const leaf = await generate([{ name: 'commonName', value: 'artifact host' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    ca: { key: authority.private, cert: authority.cert },
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip }] }],
  });
  return { key: leaf.private, cert: leaf.cert };
}

export class ArtifactHost {
  readonly seen: SeenRequest[] = [];
  fault: Fault = () => false;
  readonly #files = new Map<string, Buffer>();
  readonly #server: Server;

  private constructor(identity: { key: string; cert: string }) {
    this.#server = createServer(identity, (request, response) => this.#answer(request, response));
  }

  /** `ip`: what the certificate is for. */
  static async start(authority: Authority, ip = '127.0.0.1'): Promise<ArtifactHost> {
    const host = new ArtifactHost(await issueLeaf(authority, ip));
    await new Promise<void>((resolve) => host.#server.listen(0, '127.0.0.1', resolve));
    return host;
  }

  get url(): string {
    return `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  add(
    name: string,
    bytes: Buffer,
    kind: { format?: ArtifactFormat; class?: ArtifactClass } = {},
  ): ArtifactRef {
    const sha256 = toSha256(bytes);
    this.#files.set(sha256, bytes);
    const artifact = {
      name,
      sha256,
      sizeBytes: bytes.length,
      fileName: `${name}.bin`,
      class: kind.class ?? 'public',
      format: kind.format ?? 'tar',
    };
    return kind.class === 'secret' ? { ...artifact, token: `token-of-${name}` } : artifact;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { range, authorization } = request.headers;
    const seen = { path: request.url ?? '', range, authorization };
    this.seen.push(seen);
    const bytes = this.#files.get(seen.path.split('/')[2] ?? '');
    if (bytes === undefined) return void response.writeHead(404).end();
    if (this.fault(seen, response, bytes)) return;
    const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
    const headers = { 'content-length': bytes.length - from };
    if (range === undefined) return void response.writeHead(200, headers).end(bytes);
    const contentRange = `bytes ${from}-${bytes.length - 1}/${bytes.length}`;
    response.writeHead(206, { ...headers, 'content-range': contentRange }).end(bytes.subarray(from));
  }
}

/** Sends the first bytes of what was promised, then cuts the connection. */
export function cutAfter(length: number): Fault {
  return (seen, response, bytes) => {
    if (seen.range !== undefined) return false;
    response.writeHead(200, { 'content-length': bytes.length });
    response.write(bytes.subarray(0, length), () => setTimeout(() => response.destroy(), 20));
    return true;
  };
}
