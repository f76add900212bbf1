/** Everything that a connection to a master takes besides its address. */
import * as http from 'node:http';
import * as https from 'node:https';
import type { Logger } from '../log.ts';
import type { FrameworkOptions } from '../scheduler-options.ts';
import { type Credential, createBasicCredential, createBearerCredential } from './credential.ts';
import type { MasterProtocol } from './master-address.ts';
import type { MasterAccessOptions } from './master-options.ts';
import { readTlsFiles } from './master-tls.ts';
import { readProxyEnvironment } from './proxy.ts';
import { createServiceAccountCredential } from './service-account.ts';

/** Idle connections for calls are given up before load balancers cut them, which would look like a lost call. */
const IDLE_MS = 30_000;

export interface MasterAccess {
  readonly credential: Credential | undefined;
  /** An agent with one connection. @throws StevedoreError ERR_MASTER_CERTIFICATE, ERR_MASTER_PROXY */
  createAgent(protocol: MasterProtocol): http.Agent;
}

function createAgentFor(options: MasterAccessOptions, protocol: MasterProtocol): http.Agent {
  const proxyEnv = options.proxy && { ...readProxyEnvironment(options.proxy) };
  const agentOptions = { keepAlive: true, maxSockets: 1, timeout: IDLE_MS, ...(proxyEnv && { proxyEnv }) };
  if (protocol === 'http:') return new http.Agent(agentOptions);
  const rejectUnauthorized = options.insecure !== true;
  return new https.Agent({ ...agentOptions, ...readTlsFiles(options), rejectUnauthorized });
}

function createCredential(
  framework: FrameworkOptions,
  options: MasterAccessOptions,
  createAgent: (protocol: MasterProtocol) => http.Agent,
): Credential | undefined {
  const { credential } = options;
  if (credential === undefined) return createBasicCredential(framework);
  if (credential.kind === 'bearer') return createBearerCredential(credential.tokenFile);
  return createServiceAccountCredential({ ...credential, createAgent, now: Date.now });
}

/**
 * Reads every file once, so that what is wrong is said at the start.
 * @throws StevedoreError ERR_SECRET_FILE, ERR_MASTER_TOKEN_FILE, ERR_MASTER_SERVICE_ACCOUNT, ERR_MASTER_CERTIFICATE,
 * ERR_MASTER_PROXY
 */
export function openMasterAccess(
  framework: FrameworkOptions,
  options: MasterAccessOptions,
  log: Logger,
): MasterAccess {
  const createAgent = (protocol: MasterProtocol) => createAgentFor(options, protocol);
  createAgent('https:').destroy();
  if (options.insecure === true)
    log.warn(
      {},
      'the certificate of the Mesos master is not checked: whoever is in between can read secrets',
    );
  return { credential: createCredential(framework, options, createAgent), createAgent };
}
