/**
 * An executor's provisioning in a process of its own: it begins every format, tells what it got, and releases it when its
 * input ends.
 */
import { type ProvisionContext, provision } from '../../../../executor/effects/delivery/provision.ts';
import { parseLaunchSpec } from '../../../../protocol/launch-spec.ts';

const [, , spec, sandbox = ''] = process.argv;
const lines: string[] = [];
const context: ProvisionContext = {
  sandbox,
  signal: new AbortController().signal,
  step: () => {},
  log: (line) => void lines.push(line),
};
try {
  const { release, formatting, ...told } = await provision(parseLaunchSpec(spec), context);
  for (const name of told.unformatted) await formatting(name);
  console.log(JSON.stringify({ ...told, lines }));
  for await (const _ of process.stdin);
  await release();
} catch (error) {
  const { code, message } = error as { code?: string; message: string };
  console.log(JSON.stringify({ code, message, lines }));
}
