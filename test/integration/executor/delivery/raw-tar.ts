/** Tar archives written header by header, so that a test can say things that no packer would. */
import { createHash } from 'node:crypto';

export interface RawEntry {
  readonly path: string;
  /** `0` file, `1` hard link, `2` symlink, `3` device, `5` directory, `6` fifo, `x` pax header, `L` long name. */
  readonly type?: string;
  readonly content?: string | Buffer;
  readonly mode?: number;
  readonly link?: string;
  /** What the header claims, if that is not the length of the content. */
  readonly claimedSize?: number;
}

const BLOCK = 512;

function renderHeader(entry: RawEntry, size: number): Buffer {
  const header = Buffer.alloc(BLOCK);
  header.write(entry.path, 0, 100);
  header.write((entry.mode ?? 0o644).toString(8).padStart(7, '0'), 100);
  header.write('0000000\0' + '0000000\0', 108);
  header.write(`${(entry.claimedSize ?? size).toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.write('        ', 148);
  header.write(entry.type ?? '0', 156);
  header.write(entry.link ?? '', 157, 100);
  header.write('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

export function renderTar(entries: readonly RawEntry[]): Buffer {
  const parts = entries.flatMap((entry) => {
    const content = Buffer.from((entry.content ?? '') as Buffer);
    const padding = Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK);
    return [renderHeader(entry, content.length), content, padding];
  });
  return Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)]);
}

/** A pax record that sets one field of the entry after it. */
export function renderPaxRecord(field: string, value: string): string {
  const body = ` ${field}=${value}\n`;
  let length = body.length + 1;
  while (`${length}`.length + body.length !== length) length += 1;
  return `${length}${body}`;
}

export function toSha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
