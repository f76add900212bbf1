/** The API of one process: opened once, it answers for the scheduler while that leads, and passes on while another does. */
import { rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { openCertificates } from '../../server/artifact-server.ts';
import type { LeaderData } from '../leadership/leader-data.ts';
import { readAccessFile } from './access-token.ts';
import type { ApiRole } from './request-handler.ts';
import type { SchedulerControl } from './scheduler-control.ts';
import { type ApiServer, type TcpOptions, openApiServer } from './server.ts';

/** A listener over TCP; without these the API is on its socket only. */
export interface ApiOptions {
  readonly bindHost: string;
  /** 0: any free one. */
  readonly port: number;
  /** Unset: the name of this host. */
  readonly advertisedHost?: string | undefined;
  /** PEM files of an operator's own certificate; unset: one of a CA in the state directory. */
  readonly certificateFile?: string | undefined;
  readonly keyFile?: string | undefined;
}

export interface Api {
  readonly url: string | undefined;
  /** Of the CA that its certificate is of; undefined: the operator's own. */
  readonly caPem: string | undefined;
  lead(control: SchedulerControl | undefined, token: string | undefined): void;
  standBy(leader: (() => LeaderData | undefined) | undefined): void;
  close(): Promise<void>;
}

interface TcpParts {
  readonly tcp: TcpOptions;
  readonly caPem: string | undefined;
}

async function describeTcp(options: ApiOptions, stateDirectory: string): Promise<TcpParts> {
  const { bindHost, port, advertisedHost = hostname(), certificateFile, keyFile } = options;
  const common = { bindHost, port, advertisedHost };
  if (certificateFile !== undefined && keyFile !== undefined) {
    const certificate = readAccessFile(certificateFile);
    return { tcp: { ...common, certificate, key: readAccessFile(keyFile) }, caPem: undefined };
  }
  const directory = join(stateDirectory, 'api-certs');
  const hosts = [advertisedHost, 'localhost', '127.0.0.1'];
  const { leaf, caPem } = await openCertificates({ directory, hosts, now: Date.now() });
  return { tcp: { ...common, certificate: leaf.cert, key: leaf.key }, caPem };
}

const RENEWAL_CHECK_MS = 86_400_000;

/** Daily: a certificate of ours ends after 90 days, an operator's is replaced in its file. Ends with the process. */
function watchCertificate(server: ApiServer, describe: () => Promise<TcpParts>): NodeJS.Timeout {
  const renew = async () => {
    const { certificate, key } = (await describe()).tcp;
    server.renewCertificate(certificate, key);
  };
  // What cannot be read or used now is tried again; until then the former one is served.
  return setInterval(() => void renew().catch(() => undefined), RENEWAL_CHECK_MS).unref();
}

/** @throws StevedoreError ERR_API_LISTEN, ERR_API_FILE, ERR_CERTIFICATE_FILE */
export async function openApi(stateDirectory: string, options: ApiOptions | undefined): Promise<Api> {
  const noLeader = () => undefined;
  let role: ApiRole = { control: undefined, leader: noLeader, token: undefined };
  const describe = options && (() => describeTcp(options, stateDirectory));
  const described = await describe?.();
  const server: ApiServer = await openApiServer({
    stateDirectory,
    tcp: described?.tcp,
    role: () => role,
  });
  const timer = describe && watchCertificate(server, describe);
  const urlFile = join(stateDirectory, 'api-url');
  if (server.url === undefined) rmSync(urlFile, { force: true });
  // With port 0 nobody else knows it.
  else writeFileSync(urlFile, `${server.url}\n`, { mode: 0o600 });
  return {
    url: server.url,
    caPem: described?.caPem,
    lead: (control, token) => {
      if (role.control !== control) role.control?.events.end();
      role = { ...role, control, token: token ?? role.token };
    },
    standBy: (leader = noLeader) => {
      role = { ...role, leader };
    },
    close: async () => {
      clearInterval(timer);
      await server.close();
      rmSync(urlFile, { force: true });
    },
  };
}
