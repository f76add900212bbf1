/** A distribution on our artifact server over TLS, which runs in a process of its own. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ArtifactManifestEntry } from '../protocol/artifact.ts';
import { createDistribution } from './sample-distribution.ts';

export interface Served {
  readonly url: string;
  readonly caPem: string;
  /** `caPem`, as a file. */
  readonly caFile: string;
  readonly tar: ArtifactManifestEntry;
  readonly tgz: ArtifactManifestEntry;
  readonly close: () => void;
}

interface Told {
  readonly url: string;
  readonly caPem: string;
  readonly entries: readonly [ArtifactManifestEntry, ArtifactManifestEntry];
}

export async function serveDistribution(place: string): Promise<Served> {
  const files = createDistribution(place);
  const program = new URL('./artifact-server-process.ts', import.meta.url);
  const execArgv = ['--disable-warning=ExperimentalWarning'];
  const server = fork(program, [place, files.tar, files.tgz], { execArgv });
  const [{ url, caPem, entries }] = (await once(server, 'message')) as [Told];
  const caFile = join(place, 'ca.pem');
  writeFileSync(caFile, caPem);
  const [tar, tgz] = entries;
  return { url, caPem, caFile, tar, tgz, close: () => server.disconnect() };
}
