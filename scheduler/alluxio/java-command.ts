/** The command line of an Alluxio process: java itself, so that any packaging of Alluxio runs, on the java that was asked for. */
import type { CommandSpec } from '../../protocol/launch-spec.ts';

export interface JavaCommand {
  /** The installation; may be a placeholder. */
  readonly home: string;
  readonly javaCandidates: readonly string[];
  readonly logger: string;
  readonly options: readonly string[];
  readonly mainClass: string;
  readonly arguments?: readonly string[];
}

/**
 * The class path is Alluxio's own: configuration, then the server jar, whose name holds a version. Not `assembly/*`,
 * where the client's jar would come too; nor `lib/*`, which Alluxio loads itself, each jar apart.
 */
const LAUNCH = `home=$1 java=$2 conf=$3; shift 3
for jar in "$home"/assembly/alluxio-server-*.jar; do :; done
[ -e "$jar" ] || { echo "stevedore: $home is no Alluxio installation: no assembly/alluxio-server-*.jar in it" >&2; exit 127; }
exec "$java" -cp "$conf/:$jar" "$@"`;

export const SERVICE_ENVIRONMENT: Readonly<Record<string, string>> = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LANG: 'C.UTF-8',
};

function renderSystemProperties({ home, logger }: JavaCommand): string[] {
  return [
    `-Dalluxio.home=${home}`,
    '-Dalluxio.conf.dir=@{config}',
    '-Dalluxio.logs.dir=@{sandbox}/logs',
    '-Dalluxio.user.logs.dir=@{sandbox}/logs/user',
    '-Dlog4j.configuration=file:@{config}/log4j.properties',
    `-Dalluxio.logger.type=${logger}`,
    '-Dalluxio.master.audit.logger.type=MASTER_AUDIT_LOGGER',
    '-Dorg.apache.jasper.compiler.disablejsr199=true',
    '-Dorg.apache.ratis.thirdparty.io.netty.allocator.useCacheForAllThreads=false',
  ];
}

/** One choice for each java; the executor takes the first that exists. */
export function renderJavaCommand(command: JavaCommand): CommandSpec {
  const tail = [
    ...renderSystemProperties(command),
    ...command.options,
    command.mainClass,
    ...(command.arguments ?? []),
  ];
  return {
    choices: command.javaCandidates.map((java) => ({
      requires: java,
      argv: ['/bin/sh', '-c', LAUNCH, 'alluxio', command.home, java, '@{config}', ...tail],
    })),
    cwd: '@{sandbox}',
  };
}
