/** Several real ZooKeeper servers that elect a leader, for tests. */
import { type ZooKeeperServer, findFreePort, prepareZooKeeper } from './zookeeper-server.ts';

const SIZE = 3;

async function renderMembers(): Promise<string[]> {
  const lines = ['initLimit=20', 'syncLimit=5'];
  for (let id = 1; id <= SIZE; id += 1) {
    lines.push(`server.${id}=127.0.0.1:${await findFreePort()}:${await findFreePort()}`);
  }
  return lines;
}

/** Started and with a leader; the caller closes each of them. */
export async function startZooKeeperEnsemble(): Promise<ZooKeeperServer[]> {
  const lines = await renderMembers();
  const servers: ZooKeeperServer[] = [];
  for (let id = 1; id <= SIZE; id += 1) servers.push(await prepareZooKeeper({ ensemble: { lines, id } }));
  try {
    await Promise.all(servers.map((server) => server.start()));
  } catch (error) {
    await Promise.all(servers.map((server) => server.close()));
    throw error;
  }
  return servers;
}

export async function findLeader(servers: readonly ZooKeeperServer[]): Promise<ZooKeeperServer> {
  for (const server of servers) {
    if ((await server.ask('srvr').catch(() => '')).includes('Mode: leader')) return server;
  }
  throw new Error('no server leads');
}
