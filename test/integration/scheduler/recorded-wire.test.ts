/** What a real Mesos sent, byte for byte, against our client; and what our client sends beside what Mesos accepted. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type AddressInfo, type Server, type Socket, createServer } from 'node:net';
import { join } from 'node:path';
import type { SchedulerCall, SchedulerEvent } from '../../../protocol/mesos/scheduler.ts';
import { createLogger } from '../../../scheduler/log.ts';
import { toSubscribeCall } from '../../../scheduler/mesos/framework-info.ts';
import { parseMasterAddress } from '../../../scheduler/mesos/master-address.ts';
import { DEFAULT_CONNECTION_TIMING } from '../../../scheduler/mesos/connection-timing.ts';
import { openMasterAccess } from '../../../scheduler/mesos/master-access.ts';
import type { FrameworkOptions } from '../../../scheduler/scheduler-options.ts';
import { SchedulerStream, openSchedulerStream } from '../../../scheduler/mesos/scheduler-stream.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures');
const FRAMEWORK: FrameworkOptions = {
  name: 'golden',
  roles: ['golden'],
  user: 'root',
  failoverTimeoutSeconds: 60,
};
const CALL: SchedulerCall = toSubscribeCall(FRAMEWORK, undefined, undefined);
const access = openMasterAccess(
  FRAMEWORK,
  {},
  createLogger(() => undefined),
);

function readRecording(name: string): Buffer {
  return readFileSync(join(FIXTURES, name));
}

describe('scheduler client and a recorded Mesos', () => {
  let server: Server;
  let requests: string[];
  let answers: Buffer[];
  const sockets: Socket[] = [];
  const controller = new AbortController();

  beforeEach(async () => {
    requests = [];
    answers = [];
    server = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => undefined);
      // The answer goes out in odd pieces, and the connection stays open, as a real master leaves it.
      socket.once('data', (request) => {
        requests.push(request.toString('utf8'));
        const answer = answers.shift() ?? Buffer.from('');
        for (let at = 0; at < answer.length; at += 997) socket.write(answer.subarray(at, at + 997));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
    server.close();
  });

  const address = () => `127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function subscribe(recording: string) {
    answers.push(readRecording(recording));
    const master = parseMasterAddress(address());
    return await openSchedulerStream({
      master,
      access,
      timing: DEFAULT_CONNECTION_TIMING,
      call: CALL,
      signal: controller.signal,
    });
  }

  async function collect(recording: string): Promise<SchedulerEvent[]> {
    const stream = await subscribe(recording);
    assert.ok(stream instanceof SchedulerStream);
    const events: SchedulerEvent[] = [];
    for await (const event of stream.events()) events.push(event);
    stream.close();
    return events;
  }

  it('reads every event of a long session, up to a terminal chunk without an end of file', async () => {
    const events = await collect('golden/scheduler/001-subscribe-json.response.bin');
    const decoded = readRecording('golden-scheduler/session.events.jsonl')
      .toString('utf8')
      .trim()
      .split('\n');
    assert.deepEqual(
      events,
      decoded.map((line) => JSON.parse(line) as unknown),
    );
    const [first] = events;
    assert.equal(first?.type === 'SUBSCRIBED' && first.subscribed.heartbeat_interval_seconds, 15);
  });

  it('reads the refusal of a removed framework', async () => {
    const events = await collect('golden/scheduler/068-resubscribe-after-teardown.response.bin');
    assert.deepEqual(events, [{ type: 'ERROR', error: { message: 'Framework has been removed' } }]);
  });

  it('takes 401 and 307 for what they are', async () => {
    const refused = await subscribe('golden-scheduler/no-authorization.response.bin');
    assert.ok(!(refused instanceof SchedulerStream));
    assert.deepEqual([refused.status, refused.body], [401, '401 Unauthorized.']);
    const moved = await subscribe('golden-scheduler/non-leading.response.bin');
    assert.ok(!(moved instanceof SchedulerStream));
    assert.deepEqual([moved.status, moved.location], [307, '//127.0.0.1:5050/master/api/v1/scheduler']);
  });

  it('subscribes with the headers and fields that Mesos accepted', async () => {
    await collect('golden/scheduler/068-resubscribe-after-teardown.response.bin');
    const recorded = readRecording('golden/scheduler/001-subscribe-json.request.bin').toString('utf8');
    const parse = (request: string) => {
      const [head = '', body = ''] = request.split('\r\n\r\n');
      const [line, ...headers] = head.split('\r\n');
      const names = headers.filter((header) => /^(Content-Type|Accept):/i.test(header)).sort();
      const { subscribe: inner } = JSON.parse(body) as Extract<SchedulerCall, { type: 'SUBSCRIBE' }>;
      return { line, names, inner };
    };
    const [ours, theirs] = [parse(requests[0] as string), parse(recorded)];
    assert.deepEqual([ours.line, ours.names], [theirs.line, theirs.names]);
    assert.doesNotMatch(requests[0] as string, /mesos-stream-id/i);
    const accepted = Object.keys(theirs.inner.framework_info);
    for (const field of Object.keys(ours.inner.framework_info)) assert.ok(accepted.includes(field), field);
  });
});
