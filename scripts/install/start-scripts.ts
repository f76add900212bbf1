/** The scripts that an Alluxio installation gets, under the paths that its documentation had. */

export interface StartScript {
  /** In the installation. */
  readonly path: string;
  /** The script of ours that it calls. */
  readonly calls: string;
}

export const START_SCRIPTS: readonly StartScript[] = [
  { path: 'integration/mesos/bin/alluxio-mesos-start.sh', calls: 'alluxio-mesos-start.sh' },
  { path: 'integration/mesos/bin/alluxio-mesos-stop.sh', calls: 'alluxio-mesos-stop.sh' },
  { path: 'integration/bin/alluxio-mesos.sh', calls: 'alluxio-mesos-start.sh' },
];

/** A word for /bin/sh that stands for exactly this text. */
function quoteForShell(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** ALLUXIO_HOME is found from the script's own place, as Alluxio's scripts do. */
export function renderStartScript({ path, calls }: StartScript, stevedoreHome: string): string {
  const up = path
    .split('/')
    .slice(1)
    .map(() => '..')
    .join('/');
  return `#!/bin/sh
# Installed by Stevedore; 'stevedore install alluxio ALLUXIO_HOME --uninstall' takes it away again.
ALLUXIO_HOME=$(CDPATH='' cd -- "$(dirname -- "$(readlink -f -- "$0")")/${up}" && pwd)
export ALLUXIO_HOME
exec ${quoteForShell(`${stevedoreHome}/scripts/${calls}`)} "$@"
`;
}
