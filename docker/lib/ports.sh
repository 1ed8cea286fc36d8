# shellcheck shell=bash
# Ports: taken ones are named with their holder before anything is started. Needs steps.sh and installation.sh.

# ports_free: fails when a port of this installation is held by something that is not part of it.
ports_free() {
  local name holder taken=() names=() used=()
  # Looked at once: a port and its holder for all that listens and all that is published.
  ss -Hltnp >"$STEP_DIR/listeners"
  docker ps --format '{{.Names}} {{.Ports}}' >"$STEP_DIR/published" 2>/dev/null || true
  for name in $(printf '%s\n' "${!SETTING_DEFAULTS[@]}" | grep '^DINP_PORT_' | sort); do
    holder=$(port_holder "${!name}")
    if [[ " ${used[*]} " == *" ${!name} "* ]]; then holder="another setting of this installation"; fi
    used+=("${!name}")
    if [[ -n $holder ]]; then
      taken+=("port ${!name} is held by $holder")
      names+=("$name=<free port>")
    fi
  done
  if ((${#taken[@]})); then
    fail "$(printf '%s\n' "${taken[@]}" | paste -sd '\n' | sed '2,$s/^/        /')" "stop the holder, or choose another port: ${names[*]} $0"
  fi
}

# port_holder PORT: who listens there, empty when nobody does or when it is one of ours.
port_holder() {
  local container listener pid
  container=$(grep -m 1 -E "[ :]$1->" "$STEP_DIR/published" | cut -d' ' -f1) || true
  if [[ -n $container ]]; then
    if ! is_our_container "$container"; then printf 'the container %s' "$container"; fi
    return 0
  fi
  listener=$(awk -v port=":$1" 'substr($4, length($4) - length(port) + 1) == port { print; exit }' "$STEP_DIR/listeners")
  if [[ -z $listener ]]; then return 0; fi
  pid=$(grep -o 'pid=[0-9]*' <<<"$listener" | head -n 1 | cut -d= -f2) || true
  if [[ -z $pid ]]; then
    printf 'a process that this user may not see'
  elif ! is_our_process "$pid"; then
    printf 'pid %s: %s' "$pid" "$(tr '\0' ' ' <"/proc/$pid/cmdline" | cut -c1-100)"
  fi
}

is_our_container() { [[ " ${INFRASTRUCTURE[*]/#/$DINP_CLUSTER-} " == *" $1 "* ]]; }

is_our_process() { tr '\0' '\n' <"/proc/$1/cmdline" | grep -qF "$DINP_HOME/daemons/"; }
