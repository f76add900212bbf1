/** `bin/alluxio` of an assembled distribution: the client commands of Alluxio's own, for /bin/sh. */

/** Commands and the Java classes that answer them. */
const COMMAND_CLASSES: Readonly<Record<string, string>> = {
  fs: 'alluxio.cli.fs.FileSystemShell',
  fsadmin: 'alluxio.cli.fsadmin.FileSystemAdminShell',
  getConf: 'alluxio.cli.GetConf',
  job: 'alluxio.cli.job.JobShell',
  version: 'alluxio.cli.Version',
};

function renderCases(): string {
  return Object.entries(COMMAND_CLASSES)
    .map(([command, className]) => `  ${command}) class=${className} ;;`)
    .join('\n');
}

/** `-D` and `-X` words go to Java wherever they stand, as with Alluxio's own script. */
export function renderAlluxioScript(version: string): string {
  return `#!/bin/sh
# Client commands of Alluxio ${version}: alluxio COMMAND [-Dkey=value ...] [ARGUMENTS]
home=$(CDPATH='' cd -- "$(dirname -- "$(readlink -f -- "$0")")/.." && pwd)
conf=\${ALLUXIO_CONF_DIR:-$home/conf}
logs=\${ALLUXIO_LOGS_DIR:-$home/logs}
if [ -n "\${JAVA_HOME:-}" ]; then java=$JAVA_HOME/bin/java; else java=$(command -v java); fi
if [ ! -x "$java" ]; then
  echo "alluxio: no Java: set JAVA_HOME, or put java on the PATH." >&2
  exit 1
fi
case \${1:-} in
${renderCases()}
  *) echo "Usage: alluxio ${Object.keys(COMMAND_CLASSES).join('|')} [-Dkey=value ...] [ARGUMENTS]" >&2; exit 2 ;;
esac
shift
# Java's options, the class, everything else: each word stays whole, since it only moves from the front to the back.
count=$#
set -- "$@" "$@"
left=$count
while [ "$left" -gt 0 ]; do
  case $1 in -D*|-X*) set -- "$@" "$1" ;; esac
  shift
  left=$((left - 1))
done
set -- "$@" "$class"
left=$count
while [ "$left" -gt 0 ]; do
  case $1 in -D*|-X*) ;; *) set -- "$@" "$1" ;; esac
  shift
  left=$((left - 1))
done
exec "$java" -cp "$conf:$home/assembly/alluxio-client-${version}.jar:$home/lib/*" \\
  -Dalluxio.home="$home" -Dalluxio.conf.dir="$conf" -Dalluxio.logs.dir="$logs" -Dalluxio.user.logs.dir="$logs/user" \\
  -Dlog4j.configuration="file:$home/conf/log4j.properties" -Dalluxio.logger.type=USER_LOGGER \\
  \${ALLUXIO_JAVA_OPTS:-} \${ALLUXIO_USER_JAVA_OPTS:-} "$@"
`;
}
