/** What every delivery test needs: a place of its own, a launch spec, and everything gone afterwards. */
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeTree } from '../../../../executor/effects/delivery/tree-removal.ts';
import type { ProvisionContext } from '../../../../executor/effects/delivery/provision.ts';
import type { LaunchSpec } from '../../../../protocol/launch-spec.ts';

export class DeliveryPlace {
  readonly path = mkdtempSync(join(tmpdir(), 'stevedore-delivery-'));
  readonly lines: string[] = [];
  readonly steps: string[] = [];
  readonly #before = process.env.STEVEDORE_AGENT_ROOT;

  constructor() {
    process.env.STEVEDORE_AGENT_ROOT = this.agentRoot;
  }

  get agentRoot(): string {
    return join(this.path, 'agent');
  }

  get own(): string {
    return join(this.agentRoot, `u${process.getuid?.() ?? 0}`);
  }

  toContext(name: string, signal: AbortSignal = new AbortController().signal): ProvisionContext {
    const sandbox = join(this.path, `sandbox-${name}`);
    mkdirSync(sandbox, { recursive: true });
    const log = (line: string) => void this.lines.push(line);
    return { sandbox, signal, step: (step) => void this.steps.push(step), log };
  }

  async remove(): Promise<void> {
    if (this.#before === undefined) delete process.env.STEVEDORE_AGENT_ROOT;
    else process.env.STEVEDORE_AGENT_ROOT = this.#before;
    await removeTree(this.path);
  }
}

export function toSpec(fields: Partial<LaunchSpec>): LaunchSpec {
  return {
    version: 1,
    cluster: `test-${process.pid}`,
    service: 'alluxio',
    component: 'master',
    instance: 'master-0',
    taskId: 'master-0.1',
    servers: [],
    trust: [],
    artifacts: [],
    files: [],
    directories: [],
    ports: {},
    addresses: {},
    environment: {},
    prepare: [],
    command: { choices: [{ argv: ['true'] }] },
    readiness: { kind: 'tcp', host: '127.0.0.1', port: 1, intervalMs: 1, timeoutMs: 1, deadlineMs: 1 },
    killGraceMs: 1,
    ...fields,
  };
}
