/** The local Mesos against recordings of a real one: the recorded requests are sent, the answers compared byte for byte. */
import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { bodyOf, GOLDEN, headOf, mask, readRecordings, recordsOf } from './golden-files.ts';
import { type GoldenServer, startGoldenServer } from './golden-server.ts';
import { GoldenSession } from './golden-session.ts';
import { type LocalMesos, startLocalMesos, untilTrue } from './local-mesos.ts';
import { exchange, RawConnection } from './raw-http.ts';

describe('the local Mesos, held to recordings of a real one', () => {
  it('says of every recording whether it is replayed, or why not', () => {
    const manifest = JSON.parse(readFileSync(path.join(GOLDEN, 'manifest.json'), 'utf8'));
    const skipped = Object.values<string[]>(manifest.skipped).flat();
    const replayed = new Set<string>(manifest.replayed);
    for (const name of skipped) assert.ok(!replayed.has(name), `${name} is both`);
    for (const directory of ['scheduler', 'non-leading', 'scheduler-auth'])
      for (const { name } of readRecordings(directory)) assert.ok(replayed.has(`${directory}/${name}`), name);
    for (const { name } of readRecordings('scheduler-errors'))
      assert.ok(replayed.has(`scheduler/${name}`), name);
    console.log(`      golden recordings: ${replayed.size} replayed, ${skipped.length} skipped for a reason`);
  });

  describe('requests without a subscription (scheduler/069-124)', () => {
    let mesos: LocalMesos;
    before(async () => {
      mesos = await startLocalMesos();
    });
    after(() => mesos.close());

    /** Ids and ports of this run as the recorded ones. */
    const named = (text: string): string =>
      mask(
        text
          .replaceAll(mesos.master.master.id, 'MASTER')
          .replaceAll(`:${mesos.master.port}`, ':5050')
          .replace(/MASTER-\d{4}/g, 'FRAMEWORK'),
      );
    const recorded = (text: string): string =>
      mask(
        text
          .replaceAll('97e25a26-765e-43ce-936f-ecd8ade6385f', 'MASTER')
          .replace(/MASTER-\d{4}/g, 'FRAMEWORK'),
      );

    for (const recording of readRecordings('scheduler').slice(
      readRecordings('scheduler').findIndex(({ name }) => name.startsWith('069')),
    ))
      it(`answers ${recording.name} as recorded`, async () => {
        const request = Buffer.from(recording.request, 'latin1');
        const connection = await RawConnection.open(mesos.master.port, '127.0.0.1', request);
        try {
          if (recording.response === '') {
            await connection.until('the end', () => connection.ended);
            return assert.equal(connection.text, '');
          }
          const events = recordsOf(recording.response);
          if (events.length === 0) {
            await connection.until('the answer', () => connection.text.length >= recording.response.length);
            return assert.equal(named(connection.text), recorded(recording.response));
          }
          await connection.until('the first event', () => connection.records.length > 0);
          assert.equal(named(connection.head ?? ''), recorded(headOf(recording.response)));
          assert.equal(named(connection.records[0] ?? ''), recorded(events[0] ?? ''));
          if (/"type":"ERROR"/.test(events[0] ?? ''))
            await connection.until('the terminal chunk', () => connection.chunks.terminated);
        } finally {
          connection.close();
        }
      });
  });

  describe('the scheduler session and its executors (scheduler/001-068)', () => {
    let mesos: LocalMesos;
    let files: GoldenServer;
    let session: GoldenSession;
    const recordings = readRecordings('scheduler').filter(({ name }) => name < '067');

    before(async () => {
      files = await startGoldenServer();
      mesos = await startLocalMesos();
      session = new GoldenSession(mesos, files.port, '0001');
    });
    after(async () => {
      await mesos.close();
      await files.close();
    });

    /** What executors do between the scheduler's calls. */
    const reactions: Record<string, () => Promise<void>> = {
      '004-accept-launch-custom-executor': async () => {
        const executor = session.executor('ex1');
        await executor.untilStarted();
        await executor.play((name) => name < '03');
      },
      '007-accept-launch-2nd-task-same-executor': async () => {
        await session.executor('ex1').untilEvent('"name":"task t2"');
        await session.executor('ex1').play((name) => name >= '03' && name < '06');
      },
      '013-message': async () => {
        await session.executor('ex1').untilEvent('"data":"cGluZw=="');
        await session.executor('ex1').play((name) => name >= '06' && name < '07');
      },
      '014-message-errors': async () => {
        await session.executor('ex1').untilEvent('"data":"ZXJyb3Jz"');
        await session.executor('ex1').play((name) => name >= '07' && name < '24');
      },
      // The next call suppresses offers, the one after it declines those that are open.
      '015-acknowledge-TASK_RUNNING': () => session.untilOffer(),
      '039-accept-reserve': () =>
        session.stream.until('what became of it', () =>
          session.stream.records.some((record) => record.includes('OPERATION_FINISHED')),
        ),
      '047-kill': async () => {
        await session.executor('ex1').untilEvent('"type":"KILL"');
        await session.executor('ex1').play((name) => name >= '24');
      },
      '050-accept-task-whose-executor-will-die': () => playAll('exdie'),
      '052-acknowledge-TASK_RUNNING': async () => {
        await session.executor('exdie').untilEvent('"uuid":"XmeTQjRgRh6EhyBDuTgxSw=="');
        session.executor('exdie').exit(7);
      },
      '054-accept-task-for-shutdown': () => playAll('exshut'),
      '057-shutdown-executor': async () => {
        await session.executor('exshut').untilEvent('"type":"SHUTDOWN"');
        session.executor('exshut').exit(0);
      },
      '059-accept-task-for-disconnect': async () => {
        await session.executor('exdisc').untilStarted();
        await session.executor('exdisc').play((name) => name < '03');
      },
      '062-message-disconnect': async () => {
        await session.executor('exdisc').untilEvent('"data":"ZGlzY29ubmVjdA=="');
        await session.executor('exdisc').play((name) => name >= '03' && name < '04');
      },
      '063-message-ping2': async () => {
        await session.executor('exdisc').untilEvent('"data":"YWdhaW4="');
        await session.executor('exdisc').play((name) => name >= '04' && name < '05');
      },
      '064-kill-dc1': async () => {
        await session.executor('exdisc').untilEvent('"type":"KILL"');
        await session.executor('exdisc').play((name) => name >= '05');
      },
    };

    async function playAll(id: string): Promise<void> {
      await session.executor(id).untilStarted();
      await session.executor(id).play(() => true);
    }

    it('answers every call as recorded', async function () {
      this.timeout(40_000);
      const [first, ...calls] = recordings;
      await session.subscribe(first as (typeof recordings)[0]);
      for (const recording of calls) {
        const { expected, actual } = await session.call(recording);
        assert.equal(actual, expected, recording.name);
        await reactions[recording.name]?.();
      }
    });

    it('leaves the connection open after TEARDOWN and its terminal chunk', async () => {
      await session.stream.until('the terminal chunk', () => session.stream.chunks.terminated);
      assert.equal(session.stream.ended, false);
    });

    it('sends the head of the stream as recorded', () => {
      assert.equal(mask(session.stream.head ?? ''), mask(headOf(recordings[0]?.response ?? '')));
    });

    it('sends the recorded events, in their order and byte for byte', () => {
      const recorded = GoldenSession.comparable(recordsOf(recordings[0]?.response ?? ''));
      const ours = GoldenSession.comparable(session.stream.records);
      const expected = recorded.map((record) => session.toRecorded(record));
      assert.deepEqual(
        ours.map((record) => session.toRecorded(record)),
        expected,
      );
    });

    it('makes offers of the recorded shape', () => {
      const plain = (record: string): string =>
        session
          .toRecorded(record)
          .replace(/"name":"(cpus|mem)","type":"SCALAR","scalar":\{"value":[\d.]+\}/g, '"$1"')
          .replace(/"executor_ids":\[(\{"value":"ex\w+"\},?)+\],/, '');
      const isFull = (record: string): boolean =>
        record.startsWith('{"type":"OFFERS"') &&
        record.includes('"disk"') &&
        !record.includes('reservations');
      const recorded = new Set(
        recordsOf(recordings[0]?.response ?? '')
          .filter(isFull)
          .map(plain),
      );
      for (const record of session.stream.records.filter(isFull))
        assert.ok(recorded.has(plain(record)), record);
    });

    it('gives executors the recorded environment, session and sandbox', () => {
      const executor = session.executor('ex1');
      const wanted = readFileSync(path.join(GOLDEN, 'executor/ex1/env.txt'), 'utf8').trim().split('\n');
      assert.equal(executor.environment.length > 0, true);
      const directory = wanted.find((line) => line.startsWith('MESOS_DIRECTORY='))?.split('=')[1] ?? '';
      const ours = executor.environment.map((line) =>
        session.toRecorded(line.replaceAll(executor.directory, directory)),
      );
      // Python sets LC_CTYPE and the shell PWD: neither is Mesos'.
      const expected = wanted.filter((line) => !/^(LC_CTYPE|PWD)=/.test(line));
      assert.deepEqual(ours.sort(), expected.sort());
      assert.equal(executor.session, executor.pid);
      assert.equal(statSync(executor.directory).mode & 0o7777, 0o750);
    });

    for (const id of ['ex1', 'exdie', 'exshut', 'exdisc']) {
      it(`answers every request of the executor ${id} as recorded`, () => {
        assert.ok(session.executor(id).answers.length > 2);
        for (const { name, expected, actual } of session.executor(id).answers)
          assert.equal(actual, expected, name);
      });

      it(`sends the executor ${id} the recorded events`, async () => {
        const executor = session.executor(id);
        const expected = executor.recordedEvents.map((record) => session.toRecorded(record));
        await untilTrue('the last event', () => executor.records.length >= expected.length);
        assert.deepEqual(
          executor.records.map((record) => session.toRecorded(record)),
          expected,
        );
      });
    }

    it('refuses calls and subscriptions of the framework that was torn down', async () => {
      const [call, again] = readRecordings('scheduler').filter(
        ({ name }) => name === '067-call-after-teardown' || name === '068-resubscribe-after-teardown',
      );
      const answer = await session.call(call as (typeof recordings)[0]);
      assert.equal(answer.actual, answer.expected);
      const request = session.toOurs(bodyOf(again?.request ?? ''));
      const stream = await RawConnection.open(
        mesos.master.port,
        '127.0.0.1',
        withLength(headOf(again?.request ?? ''), request),
      );
      await stream.until('the terminal chunk', () => stream.chunks.terminated);
      assert.deepEqual(stream.records, recordsOf(again?.response ?? ''));
      assert.equal(stream.ended, false);
      stream.close();
    });
  });

  it('answers a path that it does not know with 404', async () => {
    const mesos = await startLocalMesos();
    try {
      const answer = await exchange(mesos.master.port, '127.0.0.1', 'GET /nope HTTP/1.1\r\nHost: x\r\n\r\n');
      assert.match(
        answer.head,
        /^HTTP\/1\.1 404 Not Found\r\nDate: .*\r\nContent-Type: text\/plain; charset=utf-8\r\nContent-Length: 14$/,
      );
      assert.equal(answer.body, '404 Not Found.');
    } finally {
      await mesos.close();
    }
  });
});

function withLength(head: string, body: string): string {
  return `${head.replace(/content-length: \d+/i, `Content-Length: ${Buffer.byteLength(body)}`)}\r\n\r\n${body}`;
}
