/**
 * Zip archives (APPNOTE 6.3.10, without Zip64 and encryption): read, select, write. Entries keep their packed bytes, so
 * dropping some of a jar's costs no compression. A jar and a Python wheel are zip archives.
 */
import { crc32, inflateRawSync } from 'node:zlib';
import { StevedoreError } from '../../protocol/errors.ts';

const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END_RECORD = 0x06054b50;
const END_RECORD_BYTES = 22;
const STORED = 0;
const DEFLATED = 8;
const HOST_UNIX = 3 << 8;

export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  /** Unpacked. */
  readonly sizeBytes: number;
  /** Unix mode in the upper 16 bits, where a Unix program wrote the archive. */
  readonly attributes: number;
  /** As it lies in the archive. */
  readonly packed: Uint8Array;
}

function findEndRecord(archive: Buffer): number {
  for (let at = archive.length - END_RECORD_BYTES; at >= 0; at -= 1) {
    if (archive.readUInt32LE(at) === END_RECORD) return at;
  }
  throw new RangeError('it has no end record');
}

function readCentralHeader(archive: Buffer, at: number): { entry: ZipEntry; next: number } {
  if (archive.readUInt32LE(at) !== CENTRAL_HEADER) throw new RangeError(`no entry at byte ${at}`);
  const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((field) => archive.readUInt16LE(at + field));
  const nameEnd = at + 46 + (nameBytes ?? 0);
  const local = archive.readUInt32LE(at + 42);
  const data = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
  const entry: ZipEntry = {
    name: archive.toString('utf8', at + 46, nameEnd),
    method: archive.readUInt16LE(at + 10),
    crc: archive.readUInt32LE(at + 16),
    sizeBytes: archive.readUInt32LE(at + 24),
    attributes: archive.readUInt32LE(at + 38),
    packed: archive.subarray(data, data + archive.readUInt32LE(at + 20)),
  };
  return { entry, next: nameEnd + (extraBytes ?? 0) + (commentBytes ?? 0) };
}

/** @throws StevedoreError ERR_ZIP_INVALID with this name of the archive. */
export function parseZip(name: string, archive: Buffer): ZipEntry[] {
  try {
    const end = findEndRecord(archive);
    const entries: ZipEntry[] = [];
    let at = archive.readUInt32LE(end + 16);
    for (let left = archive.readUInt16LE(end + 10); left > 0; left -= 1) {
      const { entry, next } = readCentralHeader(archive, at);
      entries.push(entry);
      at = next;
    }
    return entries;
  } catch (cause) {
    throw new StevedoreError('ERR_ZIP_INVALID', { name, problem: String(cause) }, { cause });
  }
}

/** The bytes of one entry, checked. @throws StevedoreError ERR_ZIP_INVALID */
export function unpackZipEntry(archiveName: string, entry: ZipEntry): Uint8Array {
  const known = entry.method === STORED || entry.method === DEFLATED;
  const bytes = entry.method === DEFLATED ? inflateRawSync(entry.packed) : entry.packed;
  if (known && bytes.length === entry.sizeBytes && crc32(bytes) === entry.crc) return bytes;
  throw new StevedoreError('ERR_ZIP_INVALID', { name: archiveName, problem: `${entry.name} is damaged` });
}

/** An entry that is stored as it is. */
export function createZipEntry(name: string, content: string): ZipEntry {
  const packed = Buffer.from(content);
  return { name, method: STORED, crc: crc32(packed), sizeBytes: packed.length, attributes: 0, packed };
}

/** What local and central header share: version, flags (UTF-8 names), method, a fixed time, digest, sizes, name. */
function renderSharedFields(entry: ZipEntry): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(0x0800, 2);
  fields.writeUInt16LE(entry.method, 4);
  fields.writeUInt32LE(0x00210000, 6);
  fields.writeUInt32LE(entry.crc, 10);
  fields.writeUInt32LE(entry.packed.length, 14);
  fields.writeUInt32LE(entry.sizeBytes, 18);
  fields.writeUInt16LE(Buffer.byteLength(entry.name), 22);
  return fields;
}

function renderCentralHeader(entry: ZipEntry, offset: number): Buffer {
  const [start, tail] = [Buffer.alloc(6), Buffer.alloc(14)];
  start.writeUInt32LE(CENTRAL_HEADER, 0);
  start.writeUInt16LE(20 | HOST_UNIX, 4);
  tail.writeUInt32LE(entry.attributes, 6);
  tail.writeUInt32LE(offset, 10);
  return Buffer.concat([start, renderSharedFields(entry), tail, Buffer.from(entry.name)]);
}

function renderEndRecord(count: number, sizeBytes: number, offset: number): Buffer {
  const end = Buffer.alloc(END_RECORD_BYTES);
  end.writeUInt32LE(END_RECORD, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(sizeBytes, 12);
  end.writeUInt32LE(offset, 16);
  return end;
}

/** Writes an archive of these entries, in this order, with the same bytes every time. */
export function renderZip(entries: readonly ZipEntry[]): Buffer {
  const local = Buffer.alloc(4);
  local.writeUInt32LE(LOCAL_HEADER);
  const [bodies, headers]: [Uint8Array[], Buffer[]] = [[], []];
  let offset = 0;
  for (const entry of entries) {
    headers.push(renderCentralHeader(entry, offset));
    const body = Buffer.concat([local, renderSharedFields(entry), Buffer.from(entry.name), entry.packed]);
    bodies.push(body);
    offset += body.length;
  }
  const directory = Buffer.concat(headers);
  return Buffer.concat([...bodies, directory, renderEndRecord(entries.length, directory.length, offset)]);
}
