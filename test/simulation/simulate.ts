/** One script against the engine, or a broken one. */
import type { Script } from './script.ts';
import { SimulatedCluster, type SimulationStep } from './simulated-cluster.ts';

export async function simulate(script: Script, step?: SimulationStep): Promise<SimulatedCluster> {
  const cluster = new SimulatedCluster(script, step);
  await cluster.play();
  return cluster;
}
