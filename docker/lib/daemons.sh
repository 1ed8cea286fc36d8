# shellcheck shell=bash
# The seven daemons: unpacked under DINP_HOME, configured, started by their own `control`. Needs steps.sh, installation.sh, build.sh.

# daemons_install: an archive that is installed already is left alone, so a second `up` restarts nothing.
daemons_install() {
  local archive name changed=()
  for archive in $(archives); do
    name=$(basename "$archive" | sed 's/^dinp-\([a-z]*\)-.*/\1/')
    if [[ $(cat "$(daemon_home "$name")/.archive" 2>/dev/null) != "$(archive_sum "$archive")" ]]; then changed+=("$name=$archive"); fi
  done
  if ((${#changed[@]} == 0)); then return 0; fi
  daemons_stop "${changed[@]%%=*}"
  for archive in "${changed[@]}"; do daemon_unpack "${archive%%=*}" "${archive#*=}"; done
}

archive_sum() { sha256sum <"$1" | cut -c1-16; }

daemon_unpack() {
  local home
  home=$(daemon_home "$1")
  mkdir -p "$home"
  rm -rf "${home:?}"/{bin,lib,conf,control,.archive}
  tar -xzmf "$2" -C "$home" --strip-components=1
  archive_sum "$2" >"$home/.archive"
  note "dinp-$1 installed in $home"
}

# daemons_stop NAME…: together, since each one may take its time to end well.
daemons_stop() {
  local name
  for name in "$@"; do
    if [[ -x $(daemon_home "$name")/control ]]; then "$(daemon_home "$name")/control" stop & fi
  done
  wait
}

# daemons_configure: a changed configuration stops its daemon, so that the start that follows reads it.
daemons_configure() {
  local name file
  for name in "${DAEMONS[@]}"; do
    file=$(daemon_home "$name")/cfg.json
    (umask 077 && "config_$name" >"$file.new")
    if cmp -s "$file.new" "$file"; then
      rm "$file.new"
      continue
    fi
    "$(daemon_home "$name")/bin/dinp-$name" -c "$file.new" --check-config \
      || fail "dinp-$name refuses its configuration" "compare $file.new with $(daemon_home "$name")/conf/cfg.example.json"
    "$(daemon_home "$name")/control" stop
    mv "$file.new" "$file"
  done
}

dsn() { printf 'dinp:%s@tcp(127.0.0.1:%s)/dinp' "$(secret mysql)" "$DINP_PORT_MYSQL"; }

local_url() { printf 'http://127.0.0.1:%s' "$1"; }

config_server() {
  cat <<END
{
  "cluster": "$DINP_CLUSTER",
  "domain": "$DINP_DOMAIN",
  "token": "$(secret server-token)",
  "agentToken": "$(secret agent-token)",
  "db": { "dsn": "$(dsn)" },
  "redis": { "dsn": "127.0.0.1:$DINP_PORT_REDIS", "password": "$(secret redis)" },
  "http": { "addr": "127.0.0.1", "port": $DINP_PORT_SERVER },
  "rpc": { "addr": "127.0.0.1", "port": $DINP_PORT_RPC }
}
END
}

config_agent() {
  cat <<END
{
  "localIp": "$DINP_NODE_IP",
  "cluster": "$DINP_CLUSTER",
  "servers": ["127.0.0.1:$DINP_PORT_RPC"],
  "token": "$(secret agent-token)",
  "stateDir": "$DINP_HOME/agent",
  "registries": [{ "registry": "$REGISTRY", "user": "dinp", "password": "$(secret registry)" }],
  "http": { "addr": "$DINP_NODE_IP", "port": $DINP_PORT_AGENT }
}
END
}

config_uic() {
  cat <<END
{
  "http": { "addr": "127.0.0.1", "port": $DINP_PORT_UIC },
  "db": { "dsn": "$(dsn)" },
  "callbacks": ["$(local_url "$DINP_PORT_DASH")", "$(local_url "$DINP_PORT_BUILDER")"],
  "token": "$(secret uic-token)"
}
END
}

config_builder() {
  cat <<END
{
  "httpaddr": "127.0.0.1",
  "httpport": $DINP_PORT_BUILDER,
  "external": "$(local_url "$DINP_PORT_BUILDER")",
  "dbuser": "dinp",
  "dbpass": "$(secret mysql)",
  "dbhost": "127.0.0.1",
  "dbport": $DINP_PORT_MYSQL,
  "dbname": "dinp",
  "tmpdir": "$DINP_HOME/builder/tmp",
  "logdir": "$DINP_HOME/builder/log",
  "registry": "$REGISTRY",
  "registryUser": "dinp",
  "registryPassword": "$(secret registry)",
  "uicinternal": "$(local_url "$DINP_PORT_UIC")",
  "uicexternal": "$(local_url "$DINP_PORT_UIC")",
  "token": "$(secret uic-token)"
}
END
}

config_dash() {
  cat <<END
{
  "http": { "addr": "127.0.0.1", "port": $DINP_PORT_DASH },
  "external": "$(local_url "$DINP_PORT_DASH")",
  "db": { "dsn": "$(dsn)" },
  "uicInternal": "$(local_url "$DINP_PORT_UIC")",
  "uicExternal": "$(local_url "$DINP_PORT_UIC")",
  "builder": "$(local_url "$DINP_PORT_BUILDER")",
  "server": "$(local_url "$DINP_PORT_SERVER")",
  "serverToken": "$(secret server-token)",
  "paasDomain": "$DINP_DOMAIN",
  "appsPort": $DINP_PORT_ROUTER,
  "token": "$(secret uic-token)"
}
END
}

config_router() {
  cat <<END
{
  "port": $DINP_PORT_ROUTER,
  "redis_server": "127.0.0.1:$DINP_PORT_REDIS",
  "redis_password": "$(secret redis)",
  "domain": "$DINP_DOMAIN",
  "state_dir": "$DINP_HOME/router",
  "status": { "addr": "127.0.0.1", "port": $DINP_PORT_STATUS, "user": "dinp", "pass": "$(secret server-token)" }
}
END
}

config_hm() {
  cat <<END
{
  "server_http_api": "$(local_url "$DINP_PORT_SERVER")/real",
  "token": "$(secret server-token)",
  "db": { "dsn": "$(dsn)" },
  "http": { "addr": "127.0.0.1", "port": $DINP_PORT_HM }
}
END
}

# schema_migrate: once for each server program; the server looks again at each of its own starts.
schema_migrate() {
  if cmp -s "$(daemon_home server)/.archive" "$DINP_HOME/migrated"; then return 0; fi
  "$(daemon_home server)/bin/dinp-server" -c "$(daemon_home server)/cfg.json" migrate \
    || fail "the schema could not be migrated" "docker logs $(container mysql)"
  cp "$(daemon_home server)/.archive" "$DINP_HOME/migrated"
}

# daemons_start: all at once; each control waits until its daemon answers or has died.
daemons_start() {
  local name pids=() rc=0
  for name in "${DAEMONS[@]}"; do
    if "$(daemon_home "$name")/control" status >/dev/null; then continue; fi
    printf 'daemon %s\n' "$name" >>"$STEP_DIR/started"
    # Without the terminal's descriptor: whoever waits for this script's output must not wait for the daemons.
    "$(daemon_home "$name")/control" start 3>&- &
    pids+=("$!:$name")
  done
  for name in "${pids[@]}"; do
    wait "${name%%:*}" || { rc=1 && evidence "$(daemon_log "${name#*:}")" && broken=${name#*:}; }
  done
  if ((rc)); then fail "dinp-$broken did not start" "read $(daemon_log "$broken")"; fi
}

# daemons_healthy: they may wait for each other for a moment, but not for long.
daemons_healthy() {
  local name
  for name in "${DAEMONS[@]}"; do
    await 30 "$(daemon_home "$name")/control" status >"$STEP_DIR/health" || {
      evidence "$(daemon_log "$name")"
      fail "$(tail -n 1 "$STEP_DIR/health")" "read $(daemon_log "$name")"
    }
  done
}

daemons_down() { daemons_stop hm router dash builder uic server agent; }

root_user() {
  if [[ $(mysql_query "select count(*) from user where name = 'root'") == 1 ]]; then return 0; fi
  "$(daemon_home uic)/bin/dinp-uic" -c "$(daemon_home uic)/cfg.json" create-user root --role root --password-stdin \
    <"$SECRETS/root-password" || fail "the user root could not be created" "read $(daemon_log uic)"
}
