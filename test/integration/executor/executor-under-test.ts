/**
 * The executor's sources with a delivery that fetches nothing; state directories that are not formatted count
 * as empty, and the service `undeliverable` is fetched until that is stopped.
 */
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAgentEnvironment } from '../../../executor/core/agent-environment.ts';
import type { provision } from '../../../executor/effects/delivery/provision.ts';
import { log } from '../../../executor/effects/log.ts';
import { Executor } from '../../../executor/executor.ts';

const deliver: typeof provision = async (spec, { sandbox, signal, step }) => {
  const note = (line: string) => appendFileSync(join(sandbox, 'delivery'), `${line}\n`);
  if (spec.service === 'undeliverable') await once(signal, 'abort');
  signal.throwIfAborted();
  step('fetch.nothing', 1.6);
  return {
    placeholders: { sandbox, config: join(sandbox, 'config') },
    labels: { 'stevedore.store': '/nowhere' },
    enter: [],
    unformatted: spec.directories.filter(({ formatted }) => formatted === false).map(({ name }) => name),
    formatting: async (name) => note(`formatting ${name}`),
    formatted: async (name) => note(`formatted ${name}`),
    release: async () => note('released'),
  };
};

const executor = new Executor({ environment: parseAgentEnvironment(process.env), provision: deliver, log });
process.on('SIGTERM', () => executor.shutdown());
process.exit(await executor.run());
