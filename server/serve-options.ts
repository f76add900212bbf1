/** The command line of `stevedore serve`. */
import { parseArgs } from 'node:util';
import { messageOf, StevedoreError } from '../protocol/errors.ts';

export const SERVE_USAGE = `Usage: stevedore serve FOLDER [options]

Serves every file of FOLDER, and of the folders below it, under the SHA-256 of its content, for Mesos' fetcher and others.
Files that come, change or go later are noticed. Hidden files and symbolic links are left out.

  --port N          port of the TLS listener (8443; 0: any free one)
  --plain-port N    port of the plain HTTP listener (8080; 0: any free one)
  --bind HOST       address to listen on (0.0.0.0)
  --advertise HOST  name or address under which others reach this host; may be repeated, the first stands in URLs
                    (an address of this host)
  --certs DIR       where CA and certificate lie (certs)
  --no-tls          plain HTTP only
  --no-plain        TLS only
  --help            show this`;

export interface ServeOptions {
  readonly folder: string;
  readonly bindHost: string;
  /** Empty: found by looking at this host. */
  readonly advertisedHosts: readonly string[];
  readonly certificateDirectory: string;
  readonly tlsPort: number | undefined;
  readonly plainPort: number | undefined;
}

const FLAGS = {
  port: { type: 'string', default: '8443' },
  'plain-port': { type: 'string', default: '8080' },
  bind: { type: 'string', default: '0.0.0.0' },
  advertise: { type: 'string', multiple: true, default: [] as string[] },
  certs: { type: 'string', default: 'certs' },
  'no-tls': { type: 'boolean', default: false },
  'no-plain': { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

function refuse(problem: string): StevedoreError {
  return new StevedoreError('ERR_COMMAND_USAGE', { problem, usage: 'See stevedore serve --help.' });
}

function parsePort(flag: string, text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw refuse(`${flag} is '${text}', which is no port number`);
}

function parseFlags(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: FLAGS, allowPositionals: true });
  } catch (error) {
    throw refuse((messageOf(error).split('. ')[0] as string).replace(/\.$/, ''));
  }
}

/** Undefined when help was asked for. @throws StevedoreError ERR_COMMAND_USAGE */
export function parseServeOptions(argv: readonly string[]): ServeOptions | undefined {
  const { values, positionals } = parseFlags(argv);
  if (values.help) return undefined;
  const [folder, ...others] = positionals;
  if (folder === undefined || others.length > 0) throw refuse('Give one folder');
  if (values['no-tls'] && values['no-plain'])
    throw refuse('--no-tls and --no-plain leave nothing to listen on');
  return {
    folder,
    bindHost: values.bind,
    advertisedHosts: values.advertise,
    certificateDirectory: values.certs,
    tlsPort: values['no-tls'] ? undefined : parsePort('--port', values.port),
    plainPort: values['no-plain'] ? undefined : parsePort('--plain-port', values['plain-port']),
  };
}
