/** The local Mesos is asked what a real one was asked, and must answer the same. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseAttributes, parseResources } from '../../../../local/resources-syntax.ts';
import { type LocalMesos, startLocalMesos } from '../local-mesos.ts';
import { Conversation } from './conversation.ts';
import { SCENARIOS, transcriptFile } from './scenarios.ts';
import { SETUP } from './setup.ts';

describe('the local Mesos, asked what a real one was asked', () => {
  for (const [name, play] of Object.entries(SCENARIOS))
    describe(name, () => {
      let mesos: LocalMesos;
      let root: string;
      before(async () => {
        root = mkdtempSync(path.join(tmpdir(), 'stevedore-path-'));
        const { attributes, domain } = SETUP;
        mesos = await startLocalMesos({
          master: { domain },
          agent: {
            hostname: '127.0.0.1',
            attributes: parseAttributes(attributes),
            resources: parseResources(JSON.stringify(SETUP.resources(root))),
            domain,
          },
        });
      });
      after(async () => {
        await mesos.close();
        rmSync(root, { recursive: true, force: true });
      });

      it('says the same', async function () {
        this.timeout(90_000);
        const target = { host: '127.0.0.1', port: mesos.master.port, agentPort: mesos.agent.port, pace: 5 };
        const conversation = new Conversation(target);
        await play(conversation);
        await conversation.finish();
        const recorded = readFileSync(transcriptFile(name), 'utf8').trimEnd().split('\n');
        assert.deepEqual(conversation.lines, recorded);
      });
    });
});
