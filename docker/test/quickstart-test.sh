#!/usr/bin/env bash
# Tests docker/quickstart.sh as a person uses it: a taken port, up, up, status, a second clone, down, up, reset. Under a home, name, bridge and
# ports of its own, beside whatever runs on this machine. Prints each check and at the end how many passed.
set -euo pipefail

PATH=$PATH:/usr/sbin:/sbin
clone=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
quickstart=$clone/docker/quickstart.sh
work=$(mktemp -d /var/tmp/dinp-quickstart-test.XXXXXX)

export DINP_HOME=$work/home DINP_CLUSTER=dinp-qstest DINP_BRIDGE=dinpqt0 DINP_NODE_IP=10.216.0.1
export DINP_PORT_MYSQL=15306 DINP_PORT_REDIS=15379 DINP_PORT_REGISTRY=15500
export DINP_PORT_RPC=15970 DINP_PORT_SERVER=15980 DINP_PORT_AGENT=15971 DINP_PORT_HM=15990
export DINP_PORT_BUILDER=15778 DINP_PORT_DASH=15088 DINP_PORT_UIC=15081 DINP_PORT_ROUTER=15888 DINP_PORT_STATUS=15082
app=http://hello.apps.localhost:$DINP_PORT_ROUTER/
passed=0 failed=0

clean() {
  "$quickstart" reset --yes >"$work/clean.log" 2>&1 || cat "$work/clean.log"
  rm -rf "$work"
}

# check NAME COMMAND…: counts; the command's output is shown when it fails.
check() {
  local name=$1
  shift
  if "$@" >"$work/check.log" 2>&1; then
    passed=$((passed + 1))
    printf 'ok      %s\n' "$name"
  else
    failed=$((failed + 1))
    printf 'FAILED  %s\n' "$name"
    tail -n 40 "$work/check.log" | sed 's/^/        | /'
  fi
}

# run LOG ARGUMENT…: the quickstart with its output kept; its status is in the file LOG.rc, its seconds in LOG.seconds.
run() {
  local log=$work/$1 rc=0 began=$SECONDS
  shift
  "$quickstart" "$@" >"$log" 2>&1 </dev/null || rc=$?
  printf '%s' "$rc" >"$log.rc"
  printf '%s' "$((SECONDS - began))" >"$log.seconds"
  printf -- '-- quickstart %s: status %s after %s s\n' "$*" "$rc" "$((SECONDS - began))"
}

ended_with() { [[ $(<"$work/$1.rc") == "$2" ]] || { cat "$work/$1" && false; }; }
within() { (($(<"$work/$1.seconds") <= $2)) || { cat "$work/$1" && false; }; }
says() { grep -qF -- "$2" "$work/$1" || { cat "$work/$1" && false; }; }
silent_about() { ! grep -nF -- "$2" "$work/$1"; }

answers() { curl -sf -m 5 "$app"; }
app_containers() { docker ps -q --no-trunc --filter "label=io.dinp.cluster=$DINP_CLUSTER" | sort; }
infrastructure() { docker ps -q --no-trunc --filter "name=^$DINP_CLUSTER-" | sort; }
daemons() { cat "$DINP_HOME"/daemons/*/var/app.pid | sort; }
same() { diff <(printf '%s\n' "$1") <(printf '%s\n' "$2"); }
is_empty() { [[ -z $1 ]] || { printf '%s\n' "$1" && false; }; }
count_is() { [[ $(printf '%s' "$2" | grep -c .) == "$1" ]] || { printf '%s\n' "$2" && false; }; }
mode_is() { [[ $(stat -c %a "$2") == "$1" ]] || { stat "$2" && false; }; }

taken_port() {
  perl -MIO::Socket::INET -e 'my $s = IO::Socket::INET->new(LocalAddr => "127.0.0.1:$ARGV[0]", Listen => 1) or die; sleep 600' \
    "$DINP_PORT_DASH" &
  local holder=$!
  until [[ -n $(ss -Hltn "sport = :$DINP_PORT_DASH") ]]; do sleep 0.1; done
  run taken up
  kill "$holder"
  wait "$holder" 2>/dev/null || true
  check "a taken port ends the run" ended_with taken 1
  check "the taken port's holder is named" says taken "port $DINP_PORT_DASH is held by pid $holder: perl"
  check "the remedy names the setting" says taken "DINP_PORT_DASH=<free port>"
  check "nothing was started" is_empty "$(infrastructure)$(ls "$DINP_HOME/daemons" 2>/dev/null)"
}

first_up() {
  run first up
  check "the first up succeeds" ended_with first 0
  check "it prints the curl line" says first "curl $app"
  check "it prints what the app answered" says first "Hello from hello 1.0 on "
  check "it prints root's password" says first "password $(cat "$DINP_HOME/secrets/root-password")"
  check "the password's file is root's alone" mode_is 600 "$DINP_HOME/secrets/root-password"
  check "seven daemons run" count_is 7 "$(daemons)"
  check "two instances run" count_is 2 "$(app_containers)"
  check "the sample answers through the router" answers
}

second_up() {
  local before_daemons before_infrastructure before_apps
  before_daemons=$(daemons) before_infrastructure=$(infrastructure) before_apps=$(app_containers)
  run second up
  check "the second up succeeds" ended_with second 0
  check "it takes at most 20 s" within second 20
  check "it shows no password" silent_about second "$(cat "$DINP_HOME/secrets/root-password")"
  check "the daemons are the same processes" same "$before_daemons" "$(daemons)"
  check "the infrastructure is the same" same "$before_infrastructure" "$(infrastructure)"
  check "the app's containers are the same" same "$before_apps" "$(app_containers)"
}

status_and_second_clone() {
  run status status
  check "status says that all is well" ended_with status 0
  git clone -q "$clone" "$work/clone"
  check "a second clone finds the same installation" \
    env -i "PATH=$PATH" "HOME=$HOME" "DINP_HOME=$DINP_HOME" "$work/clone/docker/quickstart.sh" status
}

# What an operator does on a node, with the one daemon that nobody misses for a second.
control_of_a_daemon() {
  local control=$DINP_HOME/daemons/dinp-hm/control before after
  before=$(<"$DINP_HOME/daemons/dinp-hm/var/app.pid")
  check "control status says healthy" "$control" status
  check "control start leaves a running daemon alone" "$control" start
  check "it is the same process" same "$before" "$(<"$DINP_HOME/daemons/dinp-hm/var/app.pid")"
  timeout 2 "$control" tail >"$work/tail" 2>&1 || true
  check "control tail shows the daemon's log" says tail "Daemon dinp-hm runs"
  check "control restart succeeds" "$control" restart
  after=$(<"$DINP_HOME/daemons/dinp-hm/var/app.pid")
  check "it is another process" test "$before" != "$after"
  check "control stop succeeds" "$control" stop
  check "the process has ended" test ! -e "/proc/$after"
  "$control" status >"$work/stopped" 2>&1 && printf '0' >"$work/stopped.rc" || printf '%s' "$?" >"$work/stopped.rc"
  check "control status says that it does not run" ended_with stopped 3
  check "control start starts it" "$control" start
}

down_and_up() {
  local apps
  apps=$(app_containers)
  run down down
  check "down succeeds" ended_with down 0
  check "no daemon is left" is_empty "$(daemons 2>/dev/null)"
  check "no infrastructure is left" is_empty "$(infrastructure)"
  check "the app's containers go on" same "$apps" "$(app_containers)"
  run statusdown status
  check "status says that something is missing" ended_with statusdown 1
  run again up
  check "up after down succeeds" ended_with again 0
  check "the sample answers again" answers
  check "the app's containers were not replaced" same "$apps" "$(app_containers)"
}

reset_all() {
  run refused reset
  check "reset without --yes is refused" ended_with refused 64
  check "and has removed nothing" answers
  run reset reset --yes
  check "reset succeeds" ended_with reset 0
  check "no container is left" is_empty "$(docker ps -aq --filter "label=io.dinp.cluster=$DINP_CLUSTER")$(docker ps -aq --filter "name=^$DINP_CLUSTER-")"
  check "no volume is left" is_empty "$(docker volume ls -q --filter "name=^$DINP_CLUSTER-")"
  check "no image is left" is_empty "$(docker images -q "$DINP_CLUSTER/*")$(docker images -q "127.0.0.1:$DINP_PORT_REGISTRY/*/*")"
  check "the home is gone" test ! -e "$DINP_HOME"
  check "the bridge is gone" test ! -e "/sys/class/net/$DINP_BRIDGE"
  run nothing status
  check "status says that nothing is installed" ended_with nothing 3
}

trap clean EXIT
# A run that was cut off has left containers and volumes whose passwords nobody knows any more.
run leftovers reset --yes
taken_port
first_up
if ((failed == 0)); then
  second_up
  status_and_second_clone
  control_of_a_daemon
  down_and_up
fi
reset_all
printf '%d passed, %d failed\n' "$passed" "$failed"
((failed == 0))
