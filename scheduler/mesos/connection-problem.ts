/** What a failed connection to a master means for a person, where the error itself tells it in words of a library. */
import { messageOf } from '../../protocol/errors.ts';
import type { MasterProtocol } from './master-address.ts';

const UNTRUSTED = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

function explain(code: string, message: string, protocol: MasterProtocol | undefined): string | undefined {
  if (UNTRUSTED.has(code))
    return 'no authority that is trusted has signed its certificate; name one for masters';
  if (code === 'CERT_HAS_EXPIRED') return 'its certificate has expired';
  if (/ALERT_CERTIFICATE_REQUIRED|ALERT_HANDSHAKE_FAILURE/.test(code))
    return 'it wants a client certificate that it knows';
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG/.test(code) || /wrong version number/.test(message))
    return 'it does not speak TLS on this port; write http://';
  if (code === 'ECONNRESET' && protocol === 'http:')
    return 'it ended the connection without an answer; if it speaks TLS, write https://';
  return undefined;
}

/** The error's own words stay in it, for whoever looks them up. */
export function describeConnectionProblem(error: unknown, protocol: MasterProtocol | undefined): string {
  const message = messageOf(error);
  const { code = '' } = error as { code?: unknown };
  const meaning = explain(String(code), message, protocol);
  return meaning === undefined ? message : `${meaning} (${String(code)})`;
}
