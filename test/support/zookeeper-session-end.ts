/**
 * Ends a ZooKeeper session from outside. A server makes a session's password from its id with java.util.Random and a
 * constant (`ZooKeeperServer.generatePasswd`), so that whoever knows the id can take the session over and close it.
 */
import { once } from 'node:events';
import { type Socket, connect } from 'node:net';

const SUPER_SECRET = 0xb3415c00n;
const MULTIPLIER = 0x5deece66dn;
const MASK_48 = (1n << 48n) - 1n;

/** The 16 bytes of `new Random(seed).nextBytes`. */
function generatePassword(sessionId: bigint): Buffer {
  let state = (BigInt.asUintN(64, sessionId) ^ SUPER_SECRET ^ MULTIPLIER) & MASK_48;
  const password = Buffer.alloc(16);
  for (let at = 0; at < 16; at += 4) {
    state = (state * MULTIPLIER + 0xbn) & MASK_48;
    password.writeUInt32LE(Number(state >> 16n), at);
  }
  return password;
}

function renderTakeOver(sessionId: bigint): Buffer {
  const request = Buffer.alloc(4 + 44);
  request.writeInt32BE(44, 0);
  request.writeInt32BE(4000, 16);
  request.writeBigInt64BE(BigInt.asIntN(64, sessionId), 20);
  request.writeInt32BE(16, 28);
  generatePassword(sessionId).copy(request, 32);
  return request;
}

function renderClose(): Buffer {
  const request = Buffer.alloc(12);
  request.writeInt32BE(8, 0);
  request.writeInt32BE(1, 4);
  request.writeInt32BE(-11, 8);
  return request;
}

async function readUntilEnd(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** True when the server did not know the session any more. */
async function closeOnce(port: number, sessionId: bigint): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.setTimeout(5000, () => socket.destroy(new Error('no answer')));
  socket.write(Buffer.concat([renderTakeOver(sessionId), renderClose()]));
  const answer = await readUntilEnd(socket);
  // The negotiated timeout: 0 for a session that is gone.
  return answer.length >= 12 && answer.readInt32BE(8) === 0;
}

/** The client may take its session back in between: asks until the server does not know it. */
export async function endSession(port: number, sessionId: bigint): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    // A reset connection is one that lost the race for the session.
    if (await closeOnce(port, sessionId).catch(() => false)) return;
  }
  throw new Error(`session 0x${sessionId.toString(16)} could not be ended`);
}
