/** One provisioning in a fresh process, as in an executor: from the call to the tree that the service can use. */
import { readFileSync } from 'node:fs';
import { provision } from '../executor/effects/delivery/provision.ts';
import type { LaunchSpec } from '../protocol/launch-spec.ts';

process.once('message', (order: { spec: LaunchSpec; sandbox: string }) => void run(order));

async function run({ spec, sandbox }: { spec: LaunchSpec; sandbox: string }): Promise<void> {
  const startedAt = performance.now();
  const provisioned = await provision(spec, {
    sandbox,
    signal: new AbortController().signal,
    step: () => {},
    log: () => {},
  });
  const seconds = (performance.now() - startedAt) / 1000;
  const peakKib = Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
  await provisioned.release();
  process.send?.({ seconds, peakMb: peakKib / 1000 }, () => process.disconnect());
}
