/**
 * Writes what a real Mesos answers to the scenarios: `node record.ts HOST:MASTERPORT AGENTPORT [SCENARIO…]`. Its agent has
 * the resources, attributes and domain of setup.ts; `outage` and `goneness` each end it.
 */
import { writeFileSync } from 'node:fs';
import { Conversation } from './conversation.ts';
import { SCENARIOS, transcriptFile } from './scenarios.ts';

const [address = '', agentPort = '', ...chosen] = process.argv.slice(2);
const [host = '', port = ''] = address.split(':');

for (const [name, play] of Object.entries(SCENARIOS)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  const conversation = new Conversation({ host, port: Number(port), agentPort: Number(agentPort), pace: 1 });
  try {
    await play(conversation);
    await conversation.finish();
    writeFileSync(transcriptFile(name), `${conversation.lines.join('\n')}\n`);
    console.log(`${name}: ${conversation.lines.length} lines`);
  } catch (error) {
    console.log(conversation.lines.join('\n'));
    console.log(error);
  }
}
process.exit();
