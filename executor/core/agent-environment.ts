/** What the agent tells an executor through its environment (docs/executor-http-api.md of Mesos). */
import { parseDurationMs } from '../../protocol/duration.ts';
import { StevedoreError } from '../../protocol/errors.ts';

export interface AgentEnvironment {
  readonly frameworkId: string;
  readonly executorId: string;
  /** `ip:port` of the agent. */
  readonly endpoint: string;
  /** A Unix socket that the agent prefers to its port. */
  readonly domainSocket?: string;
  /** The agent does not say whether it speaks TLS; libprocess' own variables do. */
  readonly tls: boolean;
  readonly tlsCaFile?: string;
  readonly tlsVerify: boolean;
  readonly authenticationToken?: string;
  readonly sandbox: string;
  /** False: an executor does not outlive its agent's connection. */
  readonly checkpoint: boolean;
  readonly recoveryTimeoutMs: number;
  readonly subscriptionBackoffMaxMs: number;
  readonly shutdownGraceMs: number;
}

type Variables = Readonly<Record<string, string | undefined>>;

/** Mesos' own defaults. */
const DEFAULTS = { recoveryTimeout: '15mins', backoffMax: '2secs', shutdownGrace: '5secs' };

const REQUIRED = [
  'MESOS_FRAMEWORK_ID',
  'MESOS_EXECUTOR_ID',
  'MESOS_AGENT_ENDPOINT',
  'MESOS_SANDBOX',
] as const;

function isTrue(value: string | undefined): boolean {
  return value === '1' || value === 'true';
}

/** `MESOS_SANDBOX` is the path inside a container with an image; old agents only know `MESOS_DIRECTORY`. */
function withSandbox(variables: Variables): Variables {
  return { ...variables, MESOS_SANDBOX: variables.MESOS_SANDBOX ?? variables.MESOS_DIRECTORY };
}

function requireAll(variables: Variables): Record<(typeof REQUIRED)[number], string> {
  const missing = REQUIRED.filter((name) => !variables[name]);
  if (missing.length > 0) throw new StevedoreError('ERR_AGENT_ENVIRONMENT', { names: missing.join(', ') });
  return variables as Record<(typeof REQUIRED)[number], string>;
}

function readTransport(variables: Variables) {
  const { MESOS_DOMAIN_SOCKET, MESOS_EXECUTOR_AUTHENTICATION_TOKEN, LIBPROCESS_SSL_CA_FILE } = variables;
  return {
    ...(MESOS_DOMAIN_SOCKET ? { domainSocket: MESOS_DOMAIN_SOCKET } : {}),
    ...(MESOS_EXECUTOR_AUTHENTICATION_TOKEN
      ? { authenticationToken: MESOS_EXECUTOR_AUTHENTICATION_TOKEN }
      : {}),
    ...(LIBPROCESS_SSL_CA_FILE ? { tlsCaFile: LIBPROCESS_SSL_CA_FILE } : {}),
    tls: isTrue(variables.LIBPROCESS_SSL_ENABLED),
    tlsVerify: isTrue(variables.LIBPROCESS_SSL_VERIFY_SERVER_CERT ?? variables.LIBPROCESS_SSL_VERIFY_CERT),
  };
}

/** @throws StevedoreError ERR_AGENT_ENVIRONMENT naming all that is missing, ERR_DURATION_SYNTAX */
export function parseAgentEnvironment(variables: Variables): AgentEnvironment {
  const required = requireAll(withSandbox(variables));
  return {
    frameworkId: required.MESOS_FRAMEWORK_ID,
    executorId: required.MESOS_EXECUTOR_ID,
    endpoint: required.MESOS_AGENT_ENDPOINT,
    sandbox: required.MESOS_SANDBOX,
    checkpoint: isTrue(variables.MESOS_CHECKPOINT),
    recoveryTimeoutMs: parseDurationMs(variables.MESOS_RECOVERY_TIMEOUT ?? DEFAULTS.recoveryTimeout),
    subscriptionBackoffMaxMs: parseDurationMs(
      variables.MESOS_SUBSCRIPTION_BACKOFF_MAX ?? DEFAULTS.backoffMax,
    ),
    shutdownGraceMs: parseDurationMs(
      variables.MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD ?? DEFAULTS.shutdownGrace,
    ),
    ...readTransport(variables),
  };
}
