/** Loaded by mocha before the files: what is missing on this machine is told once, however many processes test it. */
import { announceMissingProgram } from './zookeeper-server.ts';

export async function mochaGlobalSetup(): Promise<void> {
  await announceMissingProgram();
}
