/** A scheduler that only counts: `node election-member.ts SERVER PATH SESSION_MS`. Each line on stdout is what it saw, as JSON. */
import { setTimeout as sleep } from 'node:timers/promises';
import { StevedoreError } from '../../../../protocol/errors.ts';
import type { Term } from '../../../../scheduler/leadership/leadership.ts';
import { runWithLeadership } from '../../../../scheduler/leadership/run-with-leadership.ts';
import { parseStateLocation } from '../../../../scheduler/state/state-location.ts';

const [server, path, sessionMs] = process.argv.slice(2) as [string, string, string];
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());

function say(event: string, fields: object = {}): void {
  process.stdout.write(`${JSON.stringify({ event, pid: process.pid, ...fields })}\n`);
}

async function readCount({ records }: Term): Promise<number> {
  const stored = (await records.read()).get('count');
  return stored === undefined ? 0 : Number(Buffer.from(stored).toString());
}

/** Every write is one step; each step is said after it is stored, as a scheduler acts after it. */
async function count(term: Term): Promise<number> {
  let value = await readCount(term);
  say('leads', { value });
  while (!term.signal.aborted) {
    value += 1;
    const record = new Map([
      ['count', Buffer.from(String(value))],
      [`steps/${value}`, Buffer.from(String(process.pid))],
    ]);
    await term.records.write(record);
    if (await term.confirmLeadership()) say('acted', { value });
    await sleep(20);
  }
  return 0;
}

async function run(term: Term): Promise<number> {
  try {
    return await count(term);
  } catch (error) {
    say('failed', { code: error instanceof StevedoreError ? error.code : String(error) });
    throw error;
  } finally {
    say('ended');
  }
}

const log = (text: string) => (fields: object, message: string) => say(text, { message, ...fields });
const status = await runWithLeadership(
  {
    location: parseStateLocation({
      state: `zk://${server}${path}`,
      unprotected: true,
      sessionTimeoutMs: Number(sessionMs),
    }),
    cluster: 'c1',
    apiUrl: `http://member/${process.pid}`,
    host: 'here',
  },
  {
    log: { info: log('info'), warn: log('warn'), error: log('error') },
    signal: stop.signal,
    openStandby: async (leader) => {
      const timer = setInterval(() => say('standby', { leader: leader()?.pid }), 100);
      return { close: async () => clearInterval(timer) };
    },
  },
  run,
);
process.exit(status);
