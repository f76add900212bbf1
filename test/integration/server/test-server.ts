/** A real artifact server in a scratch directory, with everything that the tests look at, and one way to end it all. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ArtifactServer,
  type ArtifactServerOptions,
  createArtifactServer,
  createTaskToken,
  verifyTaskToken,
} from '../../../server/artifact-server.ts';

const CLUSTER_KEY = Buffer.alloc(32, 3);

export interface LogLine {
  readonly level: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly text: string;
}

export function createLog() {
  const lines: LogLine[] = [];
  const at = (level: string) => (fields: object, text: string) =>
    void lines.push({ level, fields: fields as LogLine['fields'], text });
  return { lines, info: at('info'), warn: at('warn'), error: at('error') };
}

export class TestServer {
  readonly directory: string;
  readonly log: ReturnType<typeof createLog>;
  readonly server: ArtifactServer;

  private constructor(directory: string, log: ReturnType<typeof createLog>, server: ArtifactServer) {
    this.directory = directory;
    this.log = log;
    this.server = server;
  }

  /** With `directory`, as a restart in that one. */
  static async start(
    options: Partial<ArtifactServerOptions> & { readonly directory?: string } = {},
  ): Promise<TestServer> {
    const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'stevedore-server-')));
    const log = createLog();
    const server = await createArtifactServer({
      storeDirectory: join(directory, 'store'),
      certificateDirectory: join(directory, 'certs'),
      bindHost: '127.0.0.1',
      tlsPort: 0,
      plainPort: 0,
      advertisedHosts: ['127.0.0.1', 'localhost'],
      authorize: (taskId, sha256, token) => verifyTaskToken(CLUSTER_KEY, taskId, sha256, token),
      now: Date.now,
      log,
      ...options,
    });
    return new TestServer(directory, log, server);
  }

  token(taskId: string, sha256: string): string {
    return createTaskToken(CLUSTER_KEY, taskId, sha256);
  }

  path(...names: string[]): string {
    return join(this.directory, ...names);
  }

  async stop(): Promise<void> {
    await this.server.close(0);
    await rm(this.directory, { recursive: true, force: true });
  }
}
