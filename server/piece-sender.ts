/**
 * Sends a part of an open file in large pieces: while one is written, the next is read, so a transfer holds two buffers
 * and never more, however slow its client is.
 */
import type { FileHandle } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { type BufferPool, PIECE_BYTES } from './buffer-pool.ts';

export interface FilePart {
  readonly handle: FileHandle;
  readonly offset: number;
  readonly length: number;
  /** Asked before the last piece leaves; throws when the file is no longer the one that was hashed. */
  readonly confirm: () => Promise<void>;
}

/** The client went away, or was too slow; nobody's fault. */
export class ClientGoneError extends Error {
  override readonly name = 'ClientGoneError';
}

/** Settles when the socket has taken the piece. A response without a socket never calls back, so its end counts, too. */
function writePiece(response: ServerResponse, piece: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const onClose = () => reject(new ClientGoneError());
    if (response.destroyed) return onClose();
    response.once('close', onClose);
    response.write(piece, (error) => {
      response.off('close', onClose);
      if (error) onClose();
      else resolve();
    });
  });
}

async function readPiece(part: FilePart, sent: number, buffer: Buffer): Promise<Uint8Array> {
  const wanted = Math.min(PIECE_BYTES, part.length - sent);
  const { bytesRead } = await part.handle.read(buffer, 0, wanted, part.offset + sent);
  if (sent + bytesRead >= part.length || bytesRead === 0) await part.confirm();
  return buffer.subarray(0, bytesRead);
}

/** Headers are sent by then. @throws ClientGoneError, or what `confirm` throws */
export async function sendFilePart(
  response: ServerResponse,
  part: FilePart,
  pool: BufferPool,
): Promise<void> {
  let written = Promise.resolve();
  for (let sent = 0; sent < part.length; ) {
    const buffer = pool.take();
    const piece = await readPiece(part, sent, buffer);
    await written;
    written = writePiece(response, piece).then(() => pool.giveBack(buffer));
    // Awaited one round later; until then a failure must not count as unhandled.
    written.catch(() => undefined);
    sent += piece.length;
  }
  await written;
  response.end();
}
