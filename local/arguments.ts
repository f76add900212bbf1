/** The command line of `stevedore local`. */
import path from 'node:path';
import { AGENT_TIMES, type AgentOptions } from './agent/agent.ts';
import { parseFlags, parseWhole } from './flags.ts';
import { readCredentials } from './master/authentication.ts';
import { MASTER_DEFAULTS, type MasterOptions } from './master/master-info.ts';
import { parseDomain } from './domain-syntax.ts';
import { parseAttributes, parseResources } from './resources-syntax.ts';
import { StevedoreError } from '../protocol/errors.ts';

export interface SupervisorOptions {
  readonly agents: number;
  readonly workDir: string;
  readonly port: number;
  /** Per agent. */
  readonly cpus: string;
  readonly mem: string;
  readonly disk: string;
  /** NAME=VALUE a line, for all agents. */
  readonly executorEnvironment: string;
}

export type Arguments =
  | { program: 'master'; options: MasterOptions; port: number; untilStdinEnds: boolean }
  | { program: 'agent'; options: AgentOptions; port: number; untilStdinEnds: boolean }
  | { program: 'supervisor'; options: SupervisorOptions };

const LAST_PORT = 65_535;

const MASTER_FLAGS = {
  ip: '127.0.0.1',
  hostname: '',
  port: '5050',
  'work-dir': '/var/lib/stevedore-local/master',
  credentials: '',
  domain: '',
  /** `HOST:PORT` of the master that leads, for one that does not. */
  'redirect-to': '',
  certificate: '',
  key: '',
  'until-stdin-ends': 'false',
};

const AGENT_FLAGS = {
  master: '127.0.0.1:5050',
  ip: '127.0.0.1',
  hostname: '',
  port: '5051',
  'work-dir': '/var/lib/stevedore-local/agent',
  resources: 'cpus:4;mem:8192;disk:20000;ports:[31000-32000]',
  attributes: '',
  domain: '',
  'fetcher-cache-dir': '',
  /** NAME=VALUE, any number of times. */
  'executor-environment': '',
  'executor-registration-timeout': '60000',
  'until-stdin-ends': 'false',
};

const SUPERVISOR_FLAGS = {
  agents: '2',
  'work-dir': '/var/lib/stevedore-local',
  port: '5050',
  cpus: '4',
  mem: '8192',
  disk: '20000',
  'executor-environment': '',
};

function tlsFiles(certificate: string, key: string): MasterOptions['tls'] {
  if (certificate === '' && key === '') return undefined;
  if (certificate !== '' && key !== '') return { certificate, key };
  const [flag, other] = certificate === '' ? ['--certificate', '--key'] : ['--key', '--certificate'];
  throw new StevedoreError('ERR_LOCAL_FLAG_VALUE', { flag, value: '', expected: `a file, as with ${other}` });
}

function parseMaster(args: readonly string[]): Arguments {
  const flags = parseFlags('local master', args, MASTER_FLAGS) as typeof MASTER_FLAGS;
  const credentials = flags.credentials === '' ? undefined : readCredentials(flags.credentials);
  const options: MasterOptions = {
    ...MASTER_DEFAULTS,
    ip: flags.ip,
    hostname: flags.hostname || flags.ip,
    credentials,
    domain: parseDomain(flags.domain),
    leader: flags['redirect-to'] || undefined,
    tls: tlsFiles(flags.certificate, flags.key),
  };
  const port = parseWhole('port', flags.port, LAST_PORT);
  return { program: 'master', options, port, untilStdinEnds: flags['until-stdin-ends'] === 'true' };
}

function parseEnvironment(lines: string): Record<string, string> {
  const pairs = lines.split('\n').filter((line) => line.includes('='));
  return Object.fromEntries(
    pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );
}

function optionalDomain(text: string): Pick<AgentOptions, 'domain'> {
  const domain = parseDomain(text);
  return domain === undefined ? {} : { domain };
}

function parseAgent(args: readonly string[]): Arguments {
  const flags = parseFlags('local agent', args, AGENT_FLAGS) as typeof AGENT_FLAGS;
  const workDir = path.resolve(flags['work-dir']);
  const timeout = parseWhole(
    'executor-registration-timeout',
    flags['executor-registration-timeout'],
    86_400_000,
  );
  const options: AgentOptions = {
    ...AGENT_TIMES,
    registrationTimeoutMs: timeout,
    master: flags.master,
    ip: flags.ip,
    hostname: flags.hostname || flags.ip,
    workDir,
    resources: parseResources(flags.resources),
    attributes: parseAttributes(flags.attributes),
    ...optionalDomain(flags.domain),
    fetcherCacheDir: path.resolve(flags['fetcher-cache-dir'] || path.join(workDir, 'fetch')),
    executorEnvironment: parseEnvironment(flags['executor-environment']),
  };
  const port = parseWhole('port', flags.port, LAST_PORT);
  return { program: 'agent', options, port, untilStdinEnds: flags['until-stdin-ends'] === 'true' };
}

function parseSupervisor(args: readonly string[]): Arguments {
  const flags = parseFlags('local', args, SUPERVISOR_FLAGS) as typeof SUPERVISOR_FLAGS;
  const options: SupervisorOptions = {
    agents: parseWhole('agents', flags.agents, 50),
    workDir: path.resolve(flags['work-dir']),
    port: parseWhole('port', flags.port, LAST_PORT),
    cpus: flags.cpus,
    mem: flags.mem,
    disk: flags.disk,
    executorEnvironment: flags['executor-environment'],
  };
  return { program: 'supervisor', options };
}

/**
 * @throws StevedoreError ERR_LOCAL_FLAG_UNKNOWN, ERR_LOCAL_FLAG_VALUE, ERR_LOCAL_RESOURCES_SYNTAX,
 * ERR_LOCAL_RESOURCES_JSON, ERR_LOCAL_DOMAIN, ERR_LOCAL_CREDENTIALS
 */
export function parseArgs(argv: readonly string[]): Arguments {
  const [word, ...rest] = argv;
  if (word === 'master') return parseMaster(rest);
  if (word === 'agent') return parseAgent(rest);
  return parseSupervisor(argv);
}
