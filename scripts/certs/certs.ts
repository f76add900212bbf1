/** `stevedore certs`: makes the CA and the certificate of the artifact server, or shows those that are there. */
import { X509Certificate } from 'node:crypto';
import { parseArgs } from 'node:util';
import { messageOf, StevedoreError } from '../../protocol/errors.ts';
import { findAdvertisedHosts } from '../../server/advertised-hosts.ts';
import { openCertificates } from '../../server/certificates.ts';

const USAGE = `Usage: stevedore certs [--certs DIR] [--advertise HOST …]

Makes what is missing or due in DIR (certs) and shows it: a CA that clients trust, and the artifact server's certificate.

  --certs DIR       where they lie (certs)
  --advertise HOST  name or address in the certificate; may be repeated (those of this host)
  --help            show this`;

const FLAGS = {
  certs: { type: 'string', default: 'certs' },
  advertise: { type: 'string', multiple: true, default: [] as string[] },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

function parseFlags(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: FLAGS }).values;
  } catch (error) {
    const problem = (messageOf(error).split('. ')[0] as string).replace(/\.$/, '');
    throw new StevedoreError('ERR_COMMAND_USAGE', { problem, usage: 'See stevedore certs --help.' });
  }
}

function renderCertificate(title: string, pem: string, now: number): string {
  const certificate = new X509Certificate(pem);
  const end = new Date(certificate.validTo);
  return [
    title,
    `  subject  ${certificate.subject.replaceAll('\n', ', ')}`,
    ...(certificate.subjectAltName === undefined ? [] : [`  for      ${certificate.subjectAltName}`]),
    `  until    ${end.toISOString()} (in ${Math.floor((end.getTime() - now) / 86_400_000)} days)`,
    `  SHA-256  ${certificate.fingerprint256}`,
  ].join('\n');
}

async function show(directory: string, advertised: readonly string[]): Promise<string> {
  const now = Date.now();
  const hosts = advertised.length > 0 ? advertised : findAdvertisedHosts('0.0.0.0');
  const { caPem, caPath, leaf, isNew } = await openCertificates({ directory, hosts, now });
  return [
    renderCertificate(`CA, ${caPath}`, caPem, now),
    renderCertificate(`Artifact server${isNew ? ' (new)' : ''}`, leaf.cert, now),
  ].join('\n');
}

export async function main(argv: readonly string[]): Promise<number> {
  try {
    const flags = parseFlags(argv);
    process.stdout.write(`${flags.help ? USAGE : await show(flags.certs, flags.advertise)}\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`stevedore certs: ${messageOf(error)}\n`);
    return 1;
  }
}
