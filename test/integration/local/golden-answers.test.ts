/** Recorded answers that need no executor: to strange calls, to strangers, and of a master that does not lead. */
import assert from 'node:assert/strict';
import { type Recording, readRecordings } from './golden-files.ts';
import { GoldenReplay } from './golden-replay.ts';
import { type LocalMesos, startLocalMesos, untilTrue } from './local-mesos.ts';
import type { MasterOptions } from '../../../local/master/master-info.ts';

interface Session {
  readonly directory: string;
  readonly master: Partial<MasterOptions>;
  /** The recorded master's port, where a Location names it. */
  readonly recordedPort: string;
  /** Before these requests the recorder had closed its stream. */
  readonly disconnected: readonly string[];
}

const SESSIONS: readonly Session[] = [
  {
    directory: 'scheduler-errors',
    master: {},
    recordedPort: ':5050',
    disconnected: ['149-call-while-disconnected', '155-resubscribe-failover-0-after-disconnect'],
  },
  {
    directory: 'scheduler-auth',
    master: {
      credentials: new Map([
        ['me', 'secret'],
        ['other', 's2'],
      ]),
    },
    recordedPort: ':5050',
    disconnected: [],
  },
  { directory: 'non-leading', master: { leader: '127.0.0.1:5050' }, recordedPort: ':5060', disconnected: [] },
];

for (const { directory, master, recordedPort, disconnected } of SESSIONS)
  describe(`recorded answers: ${directory}`, () => {
    let mesos: LocalMesos;
    let replay: GoldenReplay;
    before(async () => {
      mesos = await startLocalMesos({ master });
      replay = new GoldenReplay(mesos.master.port);
      replay.learn(recordedPort, `:${mesos.master.port}`);
      replay.learn('"port":5050', `"port":${mesos.master.port}`);
    });
    after(async () => {
      replay.close();
      await mesos.close();
    });

    async function disconnect(): Promise<void> {
      replay.streams.at(-1)?.close();
      const frameworks = mesos.master.master.frameworks;
      await untilTrue('the end of the stream', () =>
        [...frameworks.values()].every((framework) => framework.stream === undefined),
      );
    }

    for (const recording of readRecordings(directory) as Recording[])
      it(`answers ${recording.name} as recorded`, async () => {
        if (disconnected.includes(recording.name)) await disconnect();
        const { expected, actual } = await replay.play(recording);
        assert.equal(actual, expected);
      });
  });
