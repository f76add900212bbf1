/**
 * UUIDs of status updates as Mesos takes them: 16 bytes in base64 that also carry a version (RFC 9562, octet 6). 16 random
 * bytes are none: an agent answers them with 400 "Not a valid UUID".
 */

const UUID_BYTES = 16;
const VERSION_OCTET = 6;
/** What Mesos' library knows; the newer versions 6 to 8 are unknown to it. */
const LAST_KNOWN_VERSION = 5;

/** The bytes of a UUID in its text form, as `crypto.randomUUID` gives it. */
export function parseUuid(text: string): Buffer {
  return Buffer.from(text.replaceAll('-', ''), 'hex');
}

/** Whether Mesos takes these bytes, in base64, as a UUID. */
export function isUuid(base64: string): boolean {
  const bytes = Buffer.from(base64, 'base64');
  const version = (bytes[VERSION_OCTET] ?? 0) >> 4;
  return bytes.length === UUID_BYTES && version >= 1 && version <= LAST_KNOWN_VERSION;
}
