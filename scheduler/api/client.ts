/** Asks a running scheduler over the socket in its state directory. */
import { request } from 'node:http';
import { StevedoreError, messageOf } from '../../protocol/errors.ts';
import { openSocketPath } from './socket-path.ts';

interface Answer {
  readonly status: number;
  readonly text: string;
}

function exchange(path: string, method: string, socketPath: string, signal?: AbortSignal): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const outgoing = request(
    { socketPath, path, method, agent: false, ...(signal && { signal }) },
    (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (piece: string) => {
        text += piece;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      response.on('error', reject);
    },
  );
  outgoing.on('error', reject);
  outgoing.end();
  return promise;
}

function readTitle(text: string): string {
  try {
    return (JSON.parse(text) as { title?: string }).title ?? text;
  } catch {
    return text;
  }
}

/**
 * The parsed JSON of a 2xx answer; the caller knows its shape (`api/status.ts`).
 * @throws StevedoreError ERR_API_UNREACHABLE; ERR_API_REFUSED with the scheduler's own words
 */
export async function callApi<T = unknown>(
  stateDirectory: string,
  method: 'GET' | 'POST',
  path: string,
  signal?: AbortSignal,
): Promise<T> {
  let answer: Answer;
  try {
    const socket = openSocketPath(stateDirectory);
    answer = await exchange(path, method, socket.path, signal).finally(() => socket.release());
  } catch (error) {
    const problem = messageOf(error);
    throw new StevedoreError('ERR_API_UNREACHABLE', { directory: stateDirectory, problem }, { cause: error });
  }
  if (answer.status >= 400)
    throw new StevedoreError('ERR_API_REFUSED', { status: answer.status, problem: readTitle(answer.text) });
  return JSON.parse(answer.text) as T;
}
