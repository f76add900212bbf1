#!/bin/sh
# Ends the Alluxio cluster that alluxio-mesos-start.sh started: kills its tasks and its framework.
set -eu

usage='Usage: alluxio-mesos-stop.sh [-h]

Ends the Alluxio cluster: the tasks are killed, Mesos forgets the framework. Journals and
storage tiers stay on the agents, and a later start takes them up again.'

case ${1:-} in
  -h | --help)
    echo "$usage"
    exit 0
    ;;
  '') ;;
  *)
    echo "$usage" >&2
    exit 2
    ;;
esac

home=$(CDPATH='' cd -- "$(dirname -- "$(readlink -f -- "$0")")/.." && pwd)
if [ -n "${ALLUXIO_HOME:-}" ]; then
  ALLUXIO_CONF_DIR=${ALLUXIO_CONF_DIR:-$ALLUXIO_HOME/conf}
  export ALLUXIO_HOME ALLUXIO_CONF_DIR
fi

env_file=${ALLUXIO_CONF_DIR:-}/alluxio-env.sh
if [ -n "${ALLUXIO_CONF_DIR:-}" ] && [ -f "$env_file" ] && [ -z "${STEVEDORE_ENV_READ:-}" ]; then
  shell=$(command -v bash || echo /bin/sh)
  # shellcheck disable=SC2016 # the new shell expands it
  exec "$shell" -c 'set -a; . "$1"; STEVEDORE_ENV_READ=1; set +a; shift; exec "$@"' sh "$env_file" "$0" "$@"
fi
unset STEVEDORE_ENV_READ

if "$home/bin/stevedore" alluxio stop; then
  echo "Ended the Alluxio cluster."
  exit 0
fi
echo "alluxio-mesos-stop.sh: the cluster could not be ended. If its scheduler is not running, start it again with
alluxio-mesos-start.sh and then stop; tasks keep running until the failover timeout." >&2
exit 1
