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

# shellcheck source=scripts/alluxio-environment.sh
. "$(dirname -- "$(readlink -f -- "$0")")/alluxio-environment.sh"

if "$home/bin/stevedore" alluxio stop; then
  echo "Ended the Alluxio cluster."
  exit 0
fi
echo "alluxio-mesos-stop.sh: the cluster could not be ended. If its scheduler is not running, start it again with
alluxio-mesos-start.sh and then stop; tasks keep running until the failover timeout." >&2
exit 1
