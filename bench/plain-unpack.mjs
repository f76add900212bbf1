/**
 * The peer of executor-peak: Node's own HTTPS client piped into the package `tar`, nothing checked. JavaScript, since
 * Node's stripping of types takes memory of its own. Arguments: URL, CA file, target. Prints its VmHWM in KiB.
 */
import { readFileSync } from 'node:fs';
import { get } from 'node:https';
import { pipeline } from 'node:stream/promises';
import { extract } from 'tar';

const [url, ca, cwd] = process.argv.slice(2);
get(url, { ca: readFileSync(ca) }, async (response) => {
  if (response.statusCode !== 200) throw new Error(`${url} answers ${response.statusCode}`);
  await pipeline(response, extract({ cwd }));
  console.log(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
});
