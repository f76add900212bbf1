/** What a real Mesos was asked, and what the local one is asked in the same words. */
import path from 'node:path';
import { GOLDEN } from '../golden-files.ts';
import type { Conversation } from './conversation.ts';
import { playDraining } from './scenarios/draining.ts';
import { playFramework } from './scenarios/framework.ts';
import { playGoneness } from './scenarios/goneness.ts';
import { playMaintenance } from './scenarios/maintenance.ts';
import { playOperations } from './scenarios/operations.ts';
import { playOutage } from './scenarios/outage.ts';
import { playPrincipal } from './scenarios/principal.ts';
import { playRefusals } from './scenarios/refusals.ts';
import { playRoles } from './scenarios/roles.ts';
import { playSharing } from './scenarios/sharing.ts';
import { playTasks } from './scenarios/tasks.ts';
import { playVolumes } from './scenarios/volumes.ts';

export const SCENARIOS: Readonly<Record<string, (conversation: Conversation) => Promise<void>>> = {
  operations: playOperations,
  volumes: playVolumes,
  roles: playRoles,
  framework: playFramework,
  maintenance: playMaintenance,
  draining: playDraining,
  refusals: playRefusals,
  principal: playPrincipal,
  tasks: playTasks,
  sharing: playSharing,
  outage: playOutage,
  goneness: playGoneness,
};

export function transcriptFile(name: string): string {
  return path.join(GOLDEN, 'contract', `${name}.txt`);
}
