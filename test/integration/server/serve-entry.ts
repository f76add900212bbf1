/** `stevedore serve` as a process of its own. */
import { main } from '../../../server/main.ts';

process.exitCode = await main(process.argv.slice(2));
