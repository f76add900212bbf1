/**
 * The guard: a constant shell script that becomes the service and leaves a watcher in its process group. Node can
 * neither set limits nor ask for a parent-death signal, so the watcher holds a pipe from the executor; its end of file,
 * which comes even when the executor is killed with -9, ends the whole group.
 */
import type { LaunchSpec } from '../../../protocol/launch-spec.ts';

/**
 * $1 open files or empty, $2 umask or empty, $3 seconds of grace, $4 variables to unset, then the command.
 * Fd 3 is read until end of file. Fd 4 is held open by the watcher, so its end tells that the group is gone; what a
 * refused limit says goes there too. The watcher is no child of the service (forked twice), which may wait for its
 * own, and ignores TERM so that it can see the group's end. `exec` keeps pid, exit code and signal true.
 * Shells put some variables of their own into the environment; only bash's SHLVL cannot be kept out.
 */
const GUARD_SCRIPT = `
[ -z "$1" ] || ulimit -n "$1" 2>&4 || exit 125
[ -z "$2" ] || umask "$2" 2>&4 || exit 125
( (
  trap '' HUP INT TERM
  exec <&3 3<&- >&- 2>&-
  PATH=/usr/bin:/bin:/usr/sbin:/sbin
  while read -r line; do :; done
  kill -TERM "-$$"
  left=$3
  while [ "$left" -gt 0 ] && kill -0 "$$"; do
    sleep 1 || break
    left=$((left - 1))
  done
  kill -KILL "-$$"
) & )
unset $4
shift 4
exec "$@" 3<&- 4>&-
`;

/** What shells export on their own. */
const SHELL_VARIABLES = ['PATH', 'PWD', 'OLDPWD', 'SHLVL', '_'];

export interface GuardOptions {
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly limits: NonNullable<LaunchSpec['limits']>;
  readonly graceMs: number;
}

export function renderGuardArguments(options: GuardOptions): string[] {
  const foreign = SHELL_VARIABLES.filter((name) => !(name in options.environment));
  return [
    '-c',
    GUARD_SCRIPT,
    'stevedore-guard',
    String(options.limits.openFiles ?? ''),
    options.limits.umask ?? '',
    String(Math.ceil(options.graceMs / 1000)),
    foreign.join(' '),
    ...options.argv,
  ];
}
