/** Answers with the recorded bytes of the recorder's file server. */
import { readdirSync, readFileSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import path from 'node:path';
import { GOLDEN } from './golden-files.ts';

export interface GoldenServer {
  readonly port: number;
  /** Whole requests in the order of their coming. */
  readonly requests: string[];
  close(): Promise<void>;
}

/** Recorded answers by request line. */
function readAnswers(): Map<string, Buffer> {
  const directory = path.join(GOLDEN, 'fetcher');
  const requests = readdirSync(directory).filter((name) => name.endsWith('.request.bin'));
  return new Map(
    requests.map((name) => {
      const line = readFileSync(path.join(directory, name), 'latin1').split('\r\n', 1)[0] as string;
      return [line, readFileSync(path.join(directory, name.replace('.request.', '.response.')))];
    }),
  );
}

/** The connection ends where the body's length cannot be told otherwise. */
function endsConnection(answer: Buffer): boolean {
  const head = answer.toString('latin1').split('\r\n\r\n', 1)[0] as string;
  const bodiless = head.startsWith('HTTP/1.1 204');
  return /connection: close/i.test(head) || (!bodiless && !/content-length|transfer-encoding/i.test(head));
}

export async function startGoldenServer(): Promise<GoldenServer> {
  const answers = readAnswers();
  const requests: string[] = [];
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    let text = '';
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
        const request = text.slice(0, end + 4);
        text = text.slice(end + 4);
        requests.push(request);
        const answer = answers.get(request.split('\r\n', 1)[0] as string);
        if (answer !== undefined) socket.write(answer);
        if (answer === undefined || endsConnection(answer)) socket.end();
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return { port, requests, close };
}
