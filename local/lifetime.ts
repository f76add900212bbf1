/** How long a program of ours runs: until a signal asks it to end, or until whoever started it is gone. */

/**
 * Resolves on SIGTERM or SIGINT; with `stdinToo` also when standard input ends, as it does with the parent process; and
 * with `done`.
 */
export async function untilAsked(stdinToo: boolean, done?: Promise<void>): Promise<void> {
  await new Promise<void>((resolve) => {
    void done?.then(resolve);
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
    if (stdinToo) process.stdin.resume().once('end', resolve).once('error', resolve);
  });
  process.stdin.destroy();
}
