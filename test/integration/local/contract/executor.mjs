/** An executor for any Mesos: runs every task at once, and ends them and itself when told to. */
import { randomBytes } from 'node:crypto';
import http from 'node:http';

const env = process.env;
const [host, port] = (env.MESOS_AGENT_ENDPOINT ?? '').split(':');
const ids = {
  executor_id: { value: env.MESOS_EXECUTOR_ID },
  framework_id: { value: env.MESOS_FRAMEWORK_ID },
};

function post(call, onResponse) {
  const headers = { 'Content-Type': 'application/json', Accept: 'application/json' };
  const request = http.request({
    host,
    port,
    method: 'POST',
    path: '/api/v1/executor',
    headers,
    agent: false,
  });
  request.on('response', onResponse);
  request.on('error', () => process.exit(1));
  request.end(JSON.stringify({ ...ids, ...call }));
}

function update(taskId, state) {
  const uuid = randomBytes(16);
  uuid[6] = (uuid[6] & 0x0f) | 0x40;
  const status = {
    task_id: { value: taskId },
    executor_id: ids.executor_id,
    state,
    uuid: uuid.toString('base64'),
    source: 'SOURCE_EXECUTOR',
    timestamp: Date.now() / 1000,
  };
  post({ type: 'UPDATE', update: { status } }, (response) => response.resume());
}

let ending = false;

function react(event) {
  if (event.type === 'LAUNCH') update(event.launch.task.task_id.value, 'TASK_RUNNING');
  if (event.type === 'KILL') {
    ending = true;
    update(event.kill.task_id.value, 'TASK_KILLED');
  }
  if (event.type === 'ACKNOWLEDGED' && ending) setTimeout(() => process.exit(0), 300);
  if (event.type === 'SHUTDOWN') process.exit(0);
}

const subscribe = { unacknowledged_tasks: [], unacknowledged_updates: [] };
post({ type: 'SUBSCRIBE', subscribe }, (response) => {
  let text = '';
  response.setEncoding('utf8');
  response.on('end', () => process.exit(0));
  response.on('data', (chunk) => {
    text += chunk;
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n')) {
      const length = Number(text.slice(0, at));
      if (text.length < at + 1 + length) return;
      react(JSON.parse(text.slice(at + 1, at + 1 + length)));
      text = text.slice(at + 1 + length);
    }
  });
});
