/** The files of a ZooKeeper server for tests. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** PEM texts. A server with them has a second port that speaks TLS and asks clients for a certificate of `ca`. */
interface ZooKeeperTls {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

export interface ZooKeeperSetup {
  /** Sessions last from 2 to 20 of these; unset: 500, for short ones. Operators have 2000. */
  readonly tickTimeMs?: number;
  readonly tls?: ZooKeeperTls;
  /** Of an ensemble: the `server.N=` lines, and which of them it is. */
  readonly ensemble?: { readonly lines: readonly string[]; readonly id: number };
}

function renderConfiguration(directory: string, port: number, tickTimeMs: number): string[] {
  return [
    `tickTime=${tickTimeMs}`,
    `dataDir=${join(directory, 'data')}`,
    'clientPortAddress=127.0.0.1',
    `clientPort=${port}`,
    'admin.enableServer=false',
    'maxClientCnxns=0',
    'preAllocSize=1024',
    '4lw.commands.whitelist=*',
  ];
}

async function writeTlsFiles(directory: string, tls: ZooKeeperTls, port: number): Promise<string[]> {
  const [keyStore, trustStore] = [join(directory, 'server.pem'), join(directory, 'ca.pem')];
  await writeFile(keyStore, `${tls.key}\n${tls.cert}\n`, { mode: 0o600 });
  await writeFile(trustStore, tls.ca);
  return [
    `secureClientPort=${port}`,
    'secureClientPortAddress=127.0.0.1',
    `ssl.keyStore.location=${keyStore}`,
    'ssl.keyStore.type=PEM',
    `ssl.trustStore.location=${trustStore}`,
    'ssl.trustStore.type=PEM',
  ];
}

/** Writes zoo.cfg and what it names. */
export async function writeConfiguration(
  directory: string,
  { tls, ensemble, tickTimeMs = 500 }: ZooKeeperSetup,
  { port, tlsPort }: { readonly port: number; readonly tlsPort: number },
): Promise<void> {
  const tlsLines = tls === undefined ? [] : await writeTlsFiles(directory, tls, tlsPort);
  const lines = [
    ...renderConfiguration(directory, port, tickTimeMs),
    ...tlsLines,
    ...(ensemble?.lines ?? []),
  ];
  await writeFile(join(directory, 'zoo.cfg'), `${lines.join('\n')}\n`);
  await mkdir(join(directory, 'data'));
  await writeFile(join(directory, 'data', 'myid'), String(ensemble?.id ?? 1));
}
