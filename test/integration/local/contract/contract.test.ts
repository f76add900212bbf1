/**
 * The local Mesos is asked what a real one was asked, and must answer the same. To ask a real one instead that is set up
 * as setup.ts says: STEVEDORE_REAL_MESOS=HOST:MASTERPORT/AGENTPORT, and STEVEDORE_RECORD=1 to write down what it says.
 * `outage` and `goneness` end the agent; ask these alone (-g).
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseAttributes, parseResources } from '../../../../local/resources-syntax.ts';
import { startLocalMesos } from '../local-mesos.ts';
import { Conversation, type Target } from './conversation.ts';
import { SCENARIOS, transcriptFile } from './scenarios.ts';
import { SETUP } from './setup.ts';

interface Asked {
  readonly target: Target;
  close(): Promise<void>;
}

function findReal(): Asked | undefined {
  const match = /^(.+):(\d+)\/(\d+)$/.exec(process.env['STEVEDORE_REAL_MESOS'] ?? '');
  if (match === null) return undefined;
  const [, host = '', port, agentPort] = match;
  const target = { host, port: Number(port), agentPort: Number(agentPort), pace: 1 };
  return { target, close: () => Promise.resolve() };
}

async function startLocal(): Promise<Asked> {
  const root = mkdtempSync(path.join(tmpdir(), 'stevedore-path-'));
  const { domain } = SETUP;
  const mesos = await startLocalMesos({
    master: { domain },
    agent: {
      hostname: '127.0.0.1',
      attributes: parseAttributes(SETUP.attributes),
      resources: parseResources(JSON.stringify(SETUP.resources(root))),
      domain,
    },
  });
  const target = { host: '127.0.0.1', port: mesos.master.port, agentPort: mesos.agent.port, pace: 5 };
  const close = async (): Promise<void> => {
    await mesos.close();
    rmSync(root, { recursive: true, force: true });
  };
  return { target, close };
}

describe('the local Mesos, asked what a real one was asked', () => {
  for (const [name, play] of Object.entries(SCENARIOS))
    describe(name, () => {
      let asked: Asked;
      before(async () => {
        asked = findReal() ?? (await startLocal());
      });
      after(() => asked.close());

      it('says the same', async function () {
        this.timeout(90_000);
        const conversation = new Conversation(asked.target);
        await play(conversation);
        await conversation.finish();
        const recording = process.env['STEVEDORE_RECORD'] === '1' && findReal() !== undefined;
        if (recording) writeFileSync(transcriptFile(name), `${conversation.lines.join('\n')}\n`);
        const recorded = readFileSync(transcriptFile(name), 'utf8').trimEnd().split('\n');
        assert.deepEqual(conversation.lines, recorded);
      });
    });
});
