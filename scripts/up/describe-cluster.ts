/** What a person can do with the cluster that is ready: addresses to open, commands to copy. */
import { relative } from 'node:path';
import type { InstanceStatus, StatusReport } from '../../scheduler/api/status.ts';
import type { Cluster } from './cluster.ts';
import { CHECKOUT } from './layout.ts';
import { readStatus } from './wait-until-ready.ts';

export interface ClientPlace {
  /** The program, as it is typed. */
  readonly program: string;
  /** Unset when the program finds this Java by itself. */
  readonly javaHome?: string;
}

/** Commands that put a file into Alluxio, list it, and print it. */
export function renderClientCommands(master: InstanceStatus, place: ClientPlace): string[] {
  const java = place.javaHome === undefined ? '' : `JAVA_HOME=${place.javaHome} `;
  const address = `-Dalluxio.master.hostname=${master.host} -Dalluxio.master.rpc.port=${master.ports.rpc}`;
  const run = `${java}${place.program} fs ${address}`;
  return [`${run} copyFromLocal package.json /package.json`, `${run} ls /`, `${run} cat /package.json`];
}

/** One line of each address: `master-0  http://127.0.0.2:19999`. */
export function listAddresses(instances: readonly InstanceStatus[]): string[] {
  const width = Math.max(...instances.map(({ name }) => name.length));
  return instances.map(({ name, host, ports }) => {
    const web = ports.web === undefined ? undefined : `http://${host}:${ports.web}`;
    const path = name.startsWith('master') ? '/api/v1/master/info' : '/metrics/prometheus/';
    const others = Object.entries(ports).map(([port, number]) => `${port} ${host}:${number}`);
    return `  ${name.padEnd(width)}  ${web === undefined ? others.join(', ') : web + path}`;
  });
}

function placeClient({ distribution, javaHome }: Cluster): ClientPlace {
  const program = `${relative(CHECKOUT, distribution ?? '')}/bin/alluxio`;
  const isFound = javaHome === process.env.JAVA_HOME || (javaHome ?? '').startsWith('/usr/lib/jvm/');
  return isFound || javaHome === undefined ? { program } : { program, javaHome };
}

function listCommands(cluster: Cluster, status: StatusReport): string[] {
  const master = status.instances.find(({ name }) => name === 'master-0');
  if (cluster.distribution === undefined || master === undefined) return [];
  const commands = renderClientCommands(master, placeClient(cluster)).map((command) => `  ${command}`);
  return ['', `Write a file, list it, read it (in ${CHECKOUT}):`, ...commands];
}

export async function describeCluster(cluster: Cluster): Promise<string> {
  const status = await readStatus(cluster);
  if (status === undefined) return 'The scheduler does not answer just now: see `make status`.';
  return [
    `  Mesos     http://${cluster.master}/state`,
    ...listAddresses(status.instances),
    ...listCommands(cluster, status),
    '',
  ].join('\n');
}
