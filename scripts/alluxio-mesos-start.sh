#!/bin/sh
# Starts Alluxio on a Mesos cluster, with the words of the script that Alluxio had until 2.0.
set -eu

usage='Usage: alluxio-mesos-start.sh [-hnw] MESOS_MASTER [ALLUXIO_MASTER_HOST]

Starts a framework that runs Alluxio on Mesos, in the background; it writes to
$ALLUXIO_LOGS_DIR/framework.out.

  MESOS_MASTER         host:port of the Mesos master, several of them with commas,
                       zk://host:port/path, or file:///path that holds one of these
  ALLUXIO_MASTER_HOST  the only agent that the Alluxio master may run on
  -n, --new-framework  run under a new framework id, after Mesos has removed the former one
  -w                   wait for the framework to end instead of returning
  -h                   print this

Configuration: conf/alluxio-site.properties and conf/alluxio-env.sh of ALLUXIO_HOME,
or of ALLUXIO_CONF_DIR. alluxio-mesos-stop.sh ends the cluster.'

# How long a start that fails is told here rather than in the log only, in tenths of a second.
WATCH=${ALLUXIO_MESOS_START_WATCH:-100}

complain() {
  echo "alluxio-mesos-start.sh: $*" >&2
}

wait_for_end=false
new_framework=
# `-:` takes words that begin with two dashes.
while getopts hnw-: flag; do
  [ "$flag" != - ] || flag=$OPTARG
  case $flag in
    h | help)
      echo "$usage"
      exit 0
      ;;
    n | new-framework) new_framework=--new-framework ;;
    w) wait_for_end=true ;;
    *)
      echo "$usage" >&2
      exit 2
      ;;
  esac
done
words=$((OPTIND - 1))
if [ $(($# - words)) -lt 1 ] || [ $(($# - words)) -gt 2 ]; then
  complain "one or two arguments are needed"
  echo "$usage" >&2
  exit 2
fi

# shellcheck source=scripts/alluxio-environment.sh
. "$(dirname -- "$(readlink -f -- "$0")")/alluxio-environment.sh"

shift "$words"
for variable in MESOS_LIBRARY_PATH MESOS_NATIVE_JAVA_LIBRARY; do
  eval "value=\${$variable:-}"
  # shellcheck disable=SC2154 # set by eval
  [ -z "$value" ] || complain "$variable is not needed any more: no Mesos library is loaded"
done

logs=${ALLUXIO_LOGS_DIR:-${ALLUXIO_HOME:-$home}/logs}
mkdir -p "$logs"
out=$logs/framework.out
# What this start writes begins after what is there.
offset=$(($(wc -c 2>/dev/null <"$out" || echo 0) + 1))

show_output() {
  tail -c "+$offset" "$out" 2>/dev/null || true
}

# setsid: Ctrl-C at this terminal, and its end, are none of the framework's business.
detach=$(command -v setsid || echo nohup)
# shellcheck disable=SC2086 # none or one word
"$detach" "$home/bin/stevedore" alluxio start $new_framework "$@" >>"$out" 2>&1 </dev/null &
pid=$!

fail() {
  show_output | tail -n 20 >&2
  complain "the framework ended with exit code $1; all of its output is in $out"
  exit "$1"
}

if $wait_for_end; then
  # A signal goes on to the framework, which leaves the cluster running; the second wait gets its exit code.
  trap 'kill -TERM "$pid" 2>/dev/null || true' INT TERM HUP
  code=0
  wait "$pid" || code=$?
  while kill -0 "$pid" 2>/dev/null; do
    code=0
    wait "$pid" || code=$?
  done
  [ "$code" -eq 0 ] || fail "$code"
  exit 0
fi

fail_if_ended() {
  if ! kill -0 "$pid" 2>/dev/null; then
    code=0
    wait "$pid" || code=$?
    fail "$code"
  fi
}

tenths=0
stood=0
state="not connected to Mesos yet"
while [ "$tenths" -lt "$WATCH" ]; do
  fail_if_ended
  if show_output | grep -q 'New master detected'; then
    state="connected to Mesos"
    # A master that is found may refuse the framework, which ends then.
    sleep 0.5
    fail_if_ended
    break
  fi
  # One that leads says this as well, for a moment.
  if show_output | grep -q 'stands by until it leads'; then
    stood=$((stood + 1))
    if [ "$stood" -ge 20 ] && ! show_output | grep -q ' leads '; then
      state="standing by for the leading scheduler"
      break
    fi
  fi
  sleep 0.1
  tenths=$((tenths + 1))
done
# Why, as it said last.
[ "$state" != "not connected to Mesos yet" ] || show_output | tail -n 1 >&2
echo "Started the Alluxio framework (pid $pid), $state at $1; it writes to $out"
