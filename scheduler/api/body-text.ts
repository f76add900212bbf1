/** The body of a request, up to what any route may want. */
import type { IncomingMessage } from 'node:http';
import { StevedoreError } from '../../protocol/errors.ts';

const MAX_BODY_BYTES = 1 << 20;

function refuseAbove(sizeBytes: number): void {
  if (sizeBytes > MAX_BODY_BYTES)
    throw new StevedoreError('ERR_API_BODY_SIZE', { limitBytes: MAX_BODY_BYTES });
}

/** @throws StevedoreError ERR_API_BODY_SIZE; the connection stays open for the answer */
export async function readBodyText(request: IncomingMessage): Promise<string> {
  refuseAbove(Number(request.headers['content-length'] ?? 0));
  const pieces: Buffer[] = [];
  let sizeBytes = 0;
  for await (const piece of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    sizeBytes += piece.length;
    refuseAbove(sizeBytes);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}
