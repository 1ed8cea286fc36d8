# shellcheck shell=bash
# One installation on this machine: where it lives, its names, addresses and secrets. Needs steps.sh.
#
# Everything can be set by environment, so that a second installation runs beside the first. What the first `up` used is kept in
# DINP_HOME and holds for every later call, from whichever clone.

# shellcheck disable=SC2034  # the first three are read by the files that are sourced beside this one
CLONE=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
DAEMONS=(server agent uic builder dash router hm)
INFRASTRUCTURE=(mysql redis registry)

declare -A SETTING_DEFAULTS=(
  [DINP_CLUSTER]=dinp
  [DINP_BRIDGE]=dinp0 [DINP_NODE_IP]=10.213.0.1
  [DINP_DOMAIN]=apps.localhost
  [DINP_PORT_MYSQL]=3306 [DINP_PORT_REDIS]=6379 [DINP_PORT_REGISTRY]=5000
  [DINP_PORT_RPC]=1970 [DINP_PORT_SERVER]=1980 [DINP_PORT_AGENT]=1971 [DINP_PORT_HM]=1990
  [DINP_PORT_BUILDER]=7788 [DINP_PORT_DASH]=8088 [DINP_PORT_UIC]=8081
  [DINP_PORT_ROUTER]=8888 [DINP_PORT_STATUS]=8082
)

# settings_load: environment over what the installation has recorded over the defaults.
settings_load() {
  local name recorded
  export DINP_HOME=${DINP_HOME:-/var/lib/dinp}
  for name in "${!SETTING_DEFAULTS[@]}"; do
    recorded=$(sed -n "s/^$name=//p" "$DINP_HOME/installation" 2>/dev/null || true)
    if [[ -z ${!name:-} ]]; then printf -v "$name" '%s' "${recorded:-${SETTING_DEFAULTS[$name]}}"; fi
    export "${name?}"
  done
  SECRETS=$DINP_HOME/secrets
  # shellcheck disable=SC2034  # read by the files that are sourced beside this one
  REGISTRY=127.0.0.1:$DINP_PORT_REGISTRY
}

settings_record() {
  local name
  mkdir -p "$DINP_HOME"
  for name in $(printf '%s\n' "${!SETTING_DEFAULTS[@]}" | sort); do
    printf '%s=%s\n' "$name" "${!name}"
  done >"$DINP_HOME/installation.new"
  mv "$DINP_HOME/installation.new" "$DINP_HOME/installation"
}

installation_exists() { [[ -e $DINP_HOME/installation ]]; }

# secret NAME: its text; made at first use, readable by root alone.
secret() {
  local file=$SECRETS/$1
  if [[ ! -s $file ]]; then
    mkdir -p "$SECRETS"
    chmod 700 "$SECRETS"
    (umask 077 && od -An -tx1 -N16 /dev/urandom | tr -d ' \n' >"$file.new" && mv "$file.new" "$file")
  fi
  cat "$file"
}

secrets_ready() {
  local name
  for name in mysql-root mysql redis registry uic-token server-token agent-token root-password; do secret "$name" >/dev/null; done
}

container() { printf '%s-%s' "$DINP_CLUSTER" "$1"; }

daemon_home() { printf '%s/daemons/dinp-%s' "$DINP_HOME" "$1"; }

daemon_log() { printf '%s/var/app.log' "$(daemon_home "$1")"; }
