/** The executor program: started by an agent, ends when its one task has ended. */
import { messageOf } from '../protocol/errors.ts';
import { parseAgentEnvironment } from './core/agent-environment.ts';
import { provision } from './effects/delivery/provision.ts';
import { log } from './effects/log.ts';
import { Executor } from './executor.ts';

async function main(): Promise<number> {
  const environment = parseAgentEnvironment(process.env);
  // Nothing that is started from here may inherit it.
  delete process.env.MESOS_EXECUTOR_AUTHENTICATION_TOKEN;
  const executor = new Executor({ environment, provision, log });
  for (const name of ['SIGTERM', 'SIGINT'] as const)
    process.on(name, () => {
      log(`${name}: the executor is to end`);
      executor.shutdown();
    });
  return executor.run();
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    log(messageOf(error));
    process.exit(1);
  },
);
