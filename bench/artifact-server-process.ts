/** The artifact server in a process of its own, as the scheduler embeds it: its work must not count as the client's. */
import { createArtifactServer } from '../server/artifact-server.ts';

const [place = '', ...files] = process.argv.slice(2);
const silent = { info: () => {}, warn: () => {}, error: () => {} };
const server = await createArtifactServer({
  storeDirectory: `${place}/store`,
  certificateDirectory: `${place}/certs`,
  bindHost: '127.0.0.1',
  tlsPort: 0,
  advertisedHosts: ['127.0.0.1'],
  authorize: () => false,
  now: Date.now,
  log: silent,
});
const entries = [];
for (const file of files) entries.push(await server.addFile(file, { class: 'public' }));
process.send?.({ url: server.tlsUrl, caPem: server.caPem, entries });
process.once('disconnect', () => void server.close(0));
