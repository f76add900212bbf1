/** Just enough of protobuf (encoding: protobuf.dev/programming-guides/encoding) for the MasterInfo of masters before 0.24. */

/** As far as it says where the master is. */
export interface MasterLocation {
  readonly pid?: string | undefined;
  readonly hostname?: string | undefined;
  readonly port?: number | undefined;
  readonly address?: { readonly hostname?: string; readonly ip?: string; readonly port?: number } | undefined;
}

interface Field {
  readonly number: number;
  readonly value: number | Buffer;
}

const [PORT, PID, HOSTNAME, ADDRESS] = [3, 4, 5, 7];
const [ADDRESS_HOSTNAME, ADDRESS_IP, ADDRESS_PORT] = [1, 2, 3];

class ProtobufReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes);
  }

  fields(): Map<number, Field['value']> {
    const fields = new Map<number, Field['value']>();
    while (this.#at < this.#bytes.length) {
      const { number, value } = this.#readField();
      fields.set(number, value);
    }
    return fields;
  }

  #readField(): Field {
    const tag = this.#readVarint();
    const [number, wireType] = [Math.floor(tag / 8), tag % 8];
    if (wireType === 0) return { number, value: this.#readVarint() };
    if (wireType === 1) return { number, value: this.#readBytes(8) };
    if (wireType === 2) return { number, value: this.#readBytes(this.#readVarint()) };
    if (wireType === 5) return { number, value: this.#readBytes(4) };
    throw new Error('it is neither JSON, nor a pid, nor a binary MasterInfo');
  }

  #readVarint(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const [byte] = this.#readBytes(1);
      value += ((byte as number) & 0x7f) * factor;
      if ((byte as number) < 0x80) return value;
    }
  }

  #readBytes(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new Error('the binary MasterInfo is cut off');
    const bytes = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return bytes;
  }
}

function toText(value: Field['value'] | undefined): string | undefined {
  return Buffer.isBuffer(value) ? value.toString('utf8') : undefined;
}

function toPort(value: Field['value'] | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function toAddress(bytes: Field['value'] | undefined): MasterLocation['address'] {
  if (!Buffer.isBuffer(bytes)) return undefined;
  const fields = new ProtobufReader(bytes).fields();
  const [hostname, ip] = [toText(fields.get(ADDRESS_HOSTNAME)), toText(fields.get(ADDRESS_IP))];
  const port = toPort(fields.get(ADDRESS_PORT));
  return {
    ...(hostname !== undefined && { hostname }),
    ...(ip !== undefined && { ip }),
    ...(port !== undefined && { port }),
  };
}

/** @throws Error when the bytes are no protobuf message. */
export function readBinaryMasterInfo(data: Uint8Array): MasterLocation {
  const fields = new ProtobufReader(data).fields();
  return {
    pid: toText(fields.get(PID)),
    hostname: toText(fields.get(HOSTNAME)),
    port: toPort(fields.get(PORT)),
    address: toAddress(fields.get(ADDRESS)),
  };
}
