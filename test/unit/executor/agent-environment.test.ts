import assert from 'node:assert/strict';
import { parseAgentEnvironment } from '../../../executor/core/agent-environment.ts';

/** As recorded from a real agent (golden/executor/ex1/env.txt). */
const RECORDED = {
  MESOS_AGENT_ENDPOINT: '127.0.0.1:5051',
  MESOS_CHECKPOINT: '1',
  MESOS_DIRECTORY: '/var/lib/mesos/runs/1',
  MESOS_SANDBOX: '/mnt/mesos/sandbox',
  MESOS_EXECUTOR_ID: 'ex1',
  MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD: '5secs',
  MESOS_FRAMEWORK_ID: 'f-0001',
  MESOS_RECOVERY_TIMEOUT: '15mins',
  MESOS_SUBSCRIPTION_BACKOFF_MAX: '1.5secs',
};

describe('agent environment', () => {
  it('reads what a real agent sets', () => {
    assert.deepEqual(parseAgentEnvironment(RECORDED), {
      frameworkId: 'f-0001',
      executorId: 'ex1',
      endpoint: '127.0.0.1:5051',
      sandbox: '/mnt/mesos/sandbox',
      checkpoint: true,
      recoveryTimeoutMs: 900_000,
      subscriptionBackoffMaxMs: 1500,
      shutdownGraceMs: 5000,
      tls: false,
      tlsVerify: false,
    });
  });

  it('names everything that is missing at once', () => {
    const { MESOS_EXECUTOR_ID: _id, MESOS_AGENT_ENDPOINT: _endpoint, ...rest } = RECORDED;
    assert.throws(() => parseAgentEnvironment(rest), {
      code: 'ERR_AGENT_ENVIRONMENT',
      message: /lacks MESOS_EXECUTOR_ID, MESOS_AGENT_ENDPOINT\./,
    });
  });

  it('falls back to MESOS_DIRECTORY, which older agents set alone', () => {
    const { MESOS_SANDBOX: _sandbox, ...rest } = RECORDED;
    assert.equal(parseAgentEnvironment(rest).sandbox, '/var/lib/mesos/runs/1');
  });

  it('takes token, domain socket and TLS when the agent gives them', () => {
    const environment = parseAgentEnvironment({
      ...RECORDED,
      MESOS_EXECUTOR_AUTHENTICATION_TOKEN: 'jwt',
      MESOS_DOMAIN_SOCKET: '/run/agent.sock',
      LIBPROCESS_SSL_ENABLED: 'true',
      LIBPROCESS_SSL_CA_FILE: '/ca.pem',
      LIBPROCESS_SSL_VERIFY_SERVER_CERT: '1',
    });
    const { authenticationToken, domainSocket, tls, tlsCaFile, tlsVerify } = environment;
    assert.deepEqual(
      [authenticationToken, domainSocket, tls, tlsCaFile, tlsVerify],
      ['jwt', '/run/agent.sock', true, '/ca.pem', true],
    );
  });
});
