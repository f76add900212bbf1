# Read by the start and stop scripts, not run: which Stevedore this is, and the environment of the Alluxio installation.
# Reads $0 and "$@" of the script that reads it.

home=$(CDPATH='' cd -- "$(dirname -- "$(readlink -f -- "$0")")/.." && pwd)
if [ -n "${ALLUXIO_HOME:-}" ]; then
  ALLUXIO_CONF_DIR=${ALLUXIO_CONF_DIR:-$ALLUXIO_HOME/conf}
  export ALLUXIO_HOME ALLUXIO_CONF_DIR
fi

# alluxio-env.sh is written for bash, and sets variables without exporting them.
env_file=${ALLUXIO_CONF_DIR:-}/alluxio-env.sh
if [ -n "${ALLUXIO_CONF_DIR:-}" ] && [ -f "$env_file" ] && [ -z "${STEVEDORE_ENV_READ:-}" ]; then
  shell=$(command -v bash || echo /bin/sh)
  # shellcheck disable=SC2016 # the new shell expands it
  exec "$shell" -c 'set -a; . "$1"; STEVEDORE_ENV_READ=1; set +a; shift; exec "$@"' sh "$env_file" "$0" "$@"
fi
unset STEVEDORE_ENV_READ
