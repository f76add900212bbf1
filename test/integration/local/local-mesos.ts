/** A master and one agent in this process, as the recorded Mesos was set up, with the waiting times of a test. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { AGENT_TIMES, type AgentOptions } from '../../../local/agent/agent.ts';
import { destroy } from '../../../local/agent/lifecycle.ts';
import { type RunningAgent, startAgent } from '../../../local/agent/server.ts';
import { MASTER_DEFAULTS, type MasterOptions } from '../../../local/master/master-info.ts';
import { type RunningMaster, startMaster } from '../../../local/master/server.ts';
import { parseAttributes, parseResources } from '../../../local/resources-syntax.ts';

const RESOURCES = 'cpus:4;mem:16384;disk:20000;ports:[19998-20010,29998-30010,31000-32000]';

export interface LocalMesos {
  readonly workDir: string;
  master: RunningMaster;
  agent: RunningAgent;
  readonly agentOptions: AgentOptions;
  readonly masterOptions: MasterOptions;
  /** Ends both and every container. */
  close(): Promise<void>;
}

export async function untilTrue(what: string, condition: () => boolean, timeoutMs = 8000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export async function startLocalMesos(
  options: { agent?: Partial<AgentOptions>; master?: Partial<MasterOptions> } = {},
): Promise<LocalMesos> {
  const workDir = mkdtempSync(path.join(tmpdir(), 'stevedore-local-'));
  const masterOptions = { ...MASTER_DEFAULTS, allocationMs: 100, ...options.master };
  const master = await startMaster(masterOptions, 0);
  const agentOptions: AgentOptions = {
    ...AGENT_TIMES,
    reconnectMs: 50,
    master: `127.0.0.1:${master.port}`,
    ip: '127.0.0.1',
    hostname: 'localhost',
    workDir,
    resources: parseResources(RESOURCES),
    attributes: parseAttributes('rack:r1;zone:z1'),
    fetcherCacheDir: path.join(workDir, 'fetch'),
    executorEnvironment: {},
    ...options.agent,
  };
  const agent = await startAgent(agentOptions, 0);
  if (masterOptions.leader === undefined)
    await untilTrue('the agent to register', () => master.master.agents.size === 1);
  const mesos: LocalMesos = {
    workDir,
    master,
    agent,
    agentOptions,
    masterOptions,
    close: async () => {
      await Promise.all(mesos.agent.agent.executors.map((executor) => destroy(executor)));
      await mesos.agent.close();
      await mesos.master.close();
      rmSync(workDir, { recursive: true, force: true });
    },
  };
  return mesos;
}
