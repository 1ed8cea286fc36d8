#!/usr/bin/env bash
# DINP on one machine: docker/quickstart.sh [up|down|status|reset --yes]
#
#   up      (default) everything: engine, images, build, infrastructure, seven daemons, a sample app. Safe to run again.
#   down    daemons, then infrastructure; the apps' containers go on.
#   status  what runs, and where. 0 all is well, 1 something is not, 3 nothing is installed.
#   reset   --yes: removes the installation: daemons, apps, data, images of ours.
#
# The installation lives in DINP_HOME (/var/lib/dinp). A second one runs beside it under another DINP_HOME, DINP_CLUSTER, DINP_BRIDGE,
# DINP_NODE_IP and other ports (DINP_PORT_*); see docker/lib/installation.sh.
set -euo pipefail

PATH=$PATH:/usr/sbin:/sbin
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
for part in steps packages engine images installation ports infrastructure build daemons tour; do
  # shellcheck source=/dev/null
  source "$here/lib/$part.sh"
done

up() {
  printf 'DINP in %s, from %s\n' "$DINP_HOME" "$CLONE"
  step "Debian packages" packages_ready
  step "Ports" ports_free
  step "Docker engine" engine_up
  step "Images" images_ready
  step "Build" build_ready
  step "The node's address, $DINP_NODE_IP" network_up
  step "Secrets" installation_begin
  step "MySQL, Redis, registry" infrastructure_up
  step "Programs" daemons_install
  step "Configurations" daemons_configure
  step "Database schema" schema_migrate
  step "Seven daemons" daemons_start
  step "All healthy" daemons_healthy
  step "The user root" root_user
  step "Base images of the apps" app_bases_push
  # From here on the platform itself stands; a sample that fails takes nothing down.
  rm -f "$STEP_DIR/started"
  tour
  addresses
  password_once
}

packages_ready() {
  packages_need curl=curl ss=iproute2 ip=iproute2 htpasswd=apache2-utils flock=util-linux
  build_packages
}

installation_begin() {
  settings_record
  secrets_ready
}

# finish: after a failure, what this run has started is stopped again; what ran before goes on. Logs of a failure are kept.
finish() {
  local status=$?
  if ((status != 0)) && [[ -s $STEP_DIR/started ]]; then undo; fi
  if ((status == 0)) || [[ ! -e $STEP_DIR/output ]]; then rm -rf "$STEP_DIR"; fi
  return "$status"
}

undo() {
  local kind name
  printf '\nStopping what this run had started:\n' >&2
  for kind in daemon container; do
    while read -r name; do
      printf '  %s %s\n' "$kind" "$name" >&2
      "stop_$kind" "$name" >/dev/null 2>&1 &
    done < <(sed -n "s/^$kind //p" "$STEP_DIR/started")
    wait
  done
}

stop_daemon() { "$(daemon_home "$1")/control" stop; }

stop_container() { docker stop "$1"; }

addresses() {
  printf '\n%-11s http://127.0.0.1:%s/\n' "dashboard" "$DINP_PORT_DASH"
  printf '%-11s http://127.0.0.1:%s/\n' "builder" "$DINP_PORT_BUILDER"
  printf '%-11s http://<app>.%s:%s/\n' "apps" "$DINP_DOMAIN" "$DINP_PORT_ROUTER"
  printf '%-11s http://127.0.0.1:%s/routes (user dinp, password in %s/server-token)\n' "routes" "$DINP_PORT_STATUS" "$SECRETS"
}

# password_once: shown by the run that made it, afterwards only in its file.
password_once() {
  printf '%-11s user root, ' "sign in"
  if [[ -e $SECRETS/root-password.shown ]]; then
    printf 'password in %s/root-password\n' "$SECRETS"
  else
    printf 'password %s (kept in %s/root-password)\n' "$(secret root-password)" "$SECRETS"
    touch "$SECRETS/root-password.shown"
  fi
}

down() {
  step "Daemons" daemons_down
  if engine_answers; then step "Registry, Redis, MySQL" infrastructure_down; fi
  printf 'The apps go on. Start again: %s up\n' "$0"
}

status() {
  local name worst=0
  if ! installation_exists; then
    printf 'Nothing is installed in %s\n' "$DINP_HOME"
    return 3
  fi
  for name in "${DAEMONS[@]}"; do
    "$(daemon_home "$name")/control" status || worst=1
  done
  for name in "${INFRASTRUCTURE[@]}"; do
    if "${name}_answers" >/dev/null 2>&1; then
      printf '%s runs, container %s\n' "$name" "$(container "$name")"
    else
      printf '%s does not answer, container %s\n' "$name" "$(container "$name")"
      worst=1
    fi
  done
  addresses
  return "$worst"
}

reset() {
  if [[ ${1:-} != --yes ]]; then
    printf 'reset removes every app, all data and the images of %s. To do so: %s reset --yes\n' "$DINP_HOME" "$0" >&2
    return 64
  fi
  step "Daemons" daemons_down
  step "Docker engine" engine_up
  step "Apps" apps_remove
  step "MySQL, Redis, registry and their data" infrastructure_remove
  step "Images" installation_images_remove
  step "The node's address" network_down
  step "$DINP_HOME" rm -rf "$DINP_HOME"
}

apps_remove() {
  docker ps -aq --filter "label=io.dinp.cluster=$DINP_CLUSTER" | xargs -r docker rm -f -v
}

# By reference, never by id: an id may be another installation's too. An image that lost its tag to a newer one has its digest.
installation_images_remove() {
  docker images --digests --format '{{.Repository}}{{if eq .Tag "<none>"}}@{{.Digest}}{{else}}:{{.Tag}}{{end}}' "$REGISTRY/*/*" \
    | sort -u | xargs -r docker rmi -f
  images_remove
}

# One script at a time for one installation; descriptor 8 is its lock.
alone() {
  local lock
  lock=/run/lock/dinp-$(printf '%s' "$DINP_HOME" | cksum | cut -d' ' -f1).lock
  exec 8>"$lock"
  if ! flock -n 8; then
    printf 'Another %s works on %s; wait for it.\n' "$0" "$DINP_HOME" >&2
    exit 1
  fi
}

trap finish EXIT
command=${1:-up}
if [[ ! $command =~ ^(up|down|status|reset)$ ]]; then
  sed -n '2,11s/^# \{0,1\}//p' "$0" >&2
  exit 64
fi
if ((EUID != 0)); then
  printf '%s needs root: it starts Docker and containers\n' "$0" >&2
  exit 1
fi
settings_load
if [[ $command != status ]]; then alone; fi
"$command" "${@:2}"
