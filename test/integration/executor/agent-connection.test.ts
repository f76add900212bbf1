/** The connection against recorded answers of a real agent, and against one that refuses, restarts or stays away. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { generate } from 'selfsigned';
import { parseAgentEnvironment } from '../../../executor/core/agent-environment.ts';
import { renderUpdate } from '../../../executor/core/status-update.ts';
import { AgentConnection } from '../../../executor/effects/agent/agent-connection.ts';
import { type StevedoreError } from '../../../protocol/errors.ts';
import type { ExecutorEvent } from '../../../protocol/mesos/executor.ts';
import type { TaskInfo } from '../../../protocol/mesos/task.ts';
import { FakeAgent } from './fake-agent.ts';
import { agentEnvironment, makeSandbox, removeSandbox } from './launch-fixture.ts';

const GOLDEN = new URL('../../fixtures/executor/', import.meta.url);
const TASK: TaskInfo = { name: 'x', task_id: { value: 't1' }, agent_id: { value: 'a' } };

function golden(name: string): Buffer {
  return readFileSync(new URL(`${name}.bin`, GOLDEN));
}

/** Header names and values of a raw request, but those that differ by nature. */
function headersThatMatter(request: string): Record<string, string> {
  const lines = request.slice(0, request.indexOf('\r\n\r\n')).split('\r\n').slice(1);
  const pairs = lines.map((line) => /^([^:]+): (.*)$/.exec(line)?.slice(1) as [string, string]);
  const kept = pairs.filter(([name]) => !/^(host|content-length|connection)$/i.test(name));
  return Object.fromEntries(kept.map(([name, value]) => [name.toLowerCase(), value]));
}

function update(byte: number) {
  const content = { taskId: 't1', executorId: 'ex1', state: 'TASK_RUNNING' as const, labels: {} };
  return renderUpdate(content, { uuid: new Uint8Array(16).fill(byte), nowMs: 0 });
}

interface Driven {
  readonly connection: AgentConnection;
  readonly events: ExecutorEvent[];
  readonly drained: () => number;
  /** Resolves to what ended the connection. */
  readonly ended: Promise<StevedoreError | undefined>;
  readonly stop: () => Promise<unknown>;
}

function drive(variables: Record<string, string>): Driven {
  const events: ExecutorEvent[] = [];
  const end = new AbortController();
  let drained = 0;
  const connection = new AgentConnection({
    environment: parseAgentEnvironment(variables),
    onEvent: (event) => void events.push(event),
    onDrained: () => {
      drained += 1;
    },
    random: () => 0.1,
    log: () => undefined,
  });
  const ended = connection.run(end.signal).then(
    () => undefined,
    (error: StevedoreError) => error,
  );
  const stop = () => {
    end.abort();
    return ended;
  };
  return { connection, events, drained: () => drained, ended, stop };
}

async function until(condition: () => boolean): Promise<void> {
  for (let waitedMs = 0; !condition(); waitedMs += 10) {
    assert.ok(waitedMs < 5000, `not within 5 s: ${condition.toString()}`);
    await sleep(10);
  }
}

/** Answers the first request with these bytes, in this cut, and keeps what was asked. */
async function replay(response: Buffer, cut: number): Promise<{ server: Server; requests: string[] }> {
  const requests: string[] = [];
  const server = createServer((socket: Socket) => {
    socket.on('error', () => undefined);
    socket.once('data', async (chunk) => {
      requests.push(chunk.toString('utf8'));
      for (let at = 0; at < response.length && !socket.destroyed; at += cut) {
        socket.write(response.subarray(at, at + cut));
        if (cut < 200) await sleep(0);
      }
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, requests };
}

describe('agent connection', () => {
  let agent: FakeAgent;
  let driven: Driven;

  beforeEach(async () => {
    agent = await new FakeAgent().listen();
  });

  afterEach(async () => {
    await driven.stop();
    await agent.close();
  });

  for (const [name, types] of [
    ['ex1', ['SUBSCRIBED', 'LAUNCH', 'ACKNOWLEDGED', 'ACKNOWLEDGED', 'LAUNCH']],
    ['exck', ['SUBSCRIBED', 'LAUNCH', 'ACKNOWLEDGED', 'ACKNOWLEDGED']],
    ['exdisc', ['SUBSCRIBED', 'LAUNCH', 'ACKNOWLEDGED', 'ACKNOWLEDGED', 'MESSAGE']],
    ['exshut', ['SUBSCRIBED', 'LAUNCH', 'ACKNOWLEDGED', 'ACKNOWLEDGED', 'SHUTDOWN']],
  ] as const)
    for (const cut of [7, 100_000])
      it(`understands the recorded stream ${name} in pieces of ${cut} bytes, and asks as was recorded`, async () => {
        const { server, requests } = await replay(golden(`${name}/00-subscribe.response`), cut);
        const { port } = server.address() as { port: number };
        const { MESOS_EXECUTOR_AUTHENTICATION_TOKEN: _token, ...variables } = agentEnvironment(agent, '/x');
        driven = drive({ ...variables, MESOS_AGENT_ENDPOINT: `127.0.0.1:${port}` });
        await until(() => driven.events.length >= types.length);
        server.close();
        assert.deepEqual(
          driven.events.slice(0, types.length).map(({ type }) => type),
          types,
        );
        const recorded = golden(`${name}/00-subscribe.request`).toString('utf8');
        assert.deepEqual(headersThatMatter(requests[0] as string), headersThatMatter(recorded));
      });

  it('repeats an update that the agent does not take', async () => {
    driven = drive(agentEnvironment(agent, '/x'));
    await agent.untilSubscribed();
    agent.refusals.push({ status: 503, body: 'Agent has not finished recovery' });
    driven.connection.send(update(1));
    await until(() => driven.drained() === 1);
    assert.equal(agent.statuses.length, 1);
  });

  it('sends updates in the order in which they were made', async () => {
    driven = drive(agentEnvironment(agent, '/x'));
    for (const byte of [1, 2, 3]) driven.connection.send(update(byte));
    await until(() => driven.drained() >= 1 && agent.subscriptions.length === 1);
    const inSubscribe = agent.subscriptions[0]?.subscribe.unacknowledged_updates ?? [];
    const sent = [...inSubscribe.map(({ status }) => status), ...agent.statuses];
    const order = [...new Set(sent.map(({ uuid = '' }) => Buffer.from(uuid, 'base64')[0]))];
    assert.deepEqual(order, [1, 2, 3]);
  });

  it('subscribes again when an agent that recovers answers 503', async () => {
    agent.refusals.push({ status: 503, body: 'Agent has not finished recovery' });
    driven = drive(agentEnvironment(agent, '/x'));
    await agent.untilSubscribed();
  });

  it('finds its agent again after a restart, with the task that nobody acknowledged', async () => {
    driven = drive(agentEnvironment(agent, '/x'));
    await agent.untilSubscribed();
    const { port } = agent;
    driven.connection.addTask(TASK);
    await agent.close();
    await sleep(100);
    agent = await new FakeAgent().listen(port);
    await agent.untilSubscribed();
    assert.deepEqual(agent.subscriptions[0]?.subscribe.unacknowledged_tasks, [TASK]);
  });

  it('prefers the Unix socket that the agent names', async () => {
    const sandbox = makeSandbox();
    const variables = agentEnvironment(agent, sandbox);
    await agent.close();
    const domainSocket = join(sandbox, 'agent.sock');
    agent = await new FakeAgent().listen(domainSocket);
    driven = drive({ ...variables, MESOS_DOMAIN_SOCKET: domainSocket });
    await agent.untilSubscribed();
    driven.connection.send(update(1));
    await until(() => driven.drained() === 1);
    removeSandbox(sandbox);
  });

  it('speaks TLS to an agent that does, and only to one that it is told to trust', async () => {
    const sandbox = makeSandbox();
    const certificate = await generate([{ name: 'commonName', value: 'agent' }], {
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
    });
    const trusted = join(sandbox, 'ca.pem');
    writeFileSync(trusted, certificate.cert);
    await agent.close();
    agent = await new FakeAgent({ key: certificate.private, cert: certificate.cert }).listen();
    const tls = {
      ...agentEnvironment(agent, sandbox),
      LIBPROCESS_SSL_ENABLED: 'true',
      LIBPROCESS_SSL_VERIFY_SERVER_CERT: 'true',
      MESOS_RECOVERY_TIMEOUT: '0.2secs',
    };
    const stranger = drive(tls);
    assert.match((await stranger.ended)?.message ?? '', /self-signed certificate/);
    assert.deepEqual(agent.received, []);
    driven = drive({ ...tls, LIBPROCESS_SSL_CA_FILE: trusted });
    await agent.untilSubscribed();
    removeSandbox(sandbox);
  });

  it('gives up when its agent stays away for the recovery timeout', async () => {
    driven = drive({ ...agentEnvironment(agent, '/x'), MESOS_RECOVERY_TIMEOUT: '0.3secs' });
    await agent.untilSubscribed();
    await agent.close();
    assert.equal((await driven.ended)?.code, 'ERR_AGENT_LOST');
    agent = await new FakeAgent().listen();
  });

  it('gives up at once without checkpointing', async () => {
    driven = drive({ ...agentEnvironment(agent, '/x'), MESOS_CHECKPOINT: '0' });
    await agent.untilSubscribed();
    agent.dropStream();
    assert.equal((await driven.ended)?.code, 'ERR_AGENT_GONE');
    assert.equal(agent.subscriptions.length, 1);
  });

  it('gives up when the agent does not know it', async () => {
    agent.refusals.push({ status: 400, body: 'Executor cannot be found' });
    driven = drive(agentEnvironment(agent, '/x'));
    const error = await driven.ended;
    assert.equal(error?.code, 'ERR_AGENT_REFUSED');
    assert.match(error?.message ?? '', /400 Executor cannot be found/);
  });
});
