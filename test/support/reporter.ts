/** Mocha reporter: the readable spec tree, then the one line that tools read: `N passed, N failed, N skipped`. */
import { appendFileSync } from 'node:fs';
import Mocha from 'mocha';

export default class PlainCountReporter extends Mocha.reporters.Spec {
  override epilogue(): void {
    super.epilogue();
    const { passes, failures, pending } = this.stats;
    const line = `${passes} passed, ${failures} failed, ${pending} skipped`;
    const counts = process.env.TEST_COUNTS_FILE;
    if (counts !== undefined) appendFileSync(counts, `${line}\n`);
    console.log(line);
  }
}
