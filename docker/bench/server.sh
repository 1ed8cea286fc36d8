#!/usr/bin/env bash
# Measures the built server under the beats of a thousand simulated nodes: CPU, the answer to a death, memory. Server, MySQL, Redis and
# the load share a network namespace of their own, in which a whole range of addresses is local, so that each node has one.
set -euo pipefail

PATH=$PATH:/usr/sbin:/sbin
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
for part in steps packages engine images testing; do
  # shellcheck source=/dev/null
  source "$HERE/../lib/$part.sh"
done

usage() {
  cat <<END
usage: $0 [--nodes N] [--apps N] [--seconds N] [--archive FILE] [--java-opts "…"]
  --nodes      simulated nodes (1000); each beats every 5 s
  --apps       apps with three instances each (10000)
  --seconds    how long the quiet phase is measured (60)
  --archive    the server's archive (dinp-server/target/dinp-server-*.tar.gz)
  --java-opts  DINP_JAVA_OPTS of the server ($java_opts, what docs/operations.md says for many nodes)
END
}

nodes=1000 apps=10000 seconds=60 archive='' java_opts='-Xmx384m -XX:TieredStopAtLevel=4 -XX:-UseSerialGC -XX:+UseG1GC -XX:MaxGCPauseMillis=40'
while (($#)); do
  case $1 in
    --nodes) nodes=$2 ;;
    --apps) apps=$2 ;;
    --seconds) seconds=$2 ;;
    --archive) archive=$2 ;;
    --java-opts) java_opts=$2 ;;
    *) usage >&2 && exit 64 ;;
  esac
  shift 2
done

DSN='bench:bench@tcp(127.0.0.1:3306)/dinp'

prepare() {
  packages_need java=openjdk-17-jdk-headless ip=iproute2 nsenter=util-linux redis-cli=redis-tools
  if [[ ! -d $HERE/../../dinp-server/target/test-classes/io/dinp/server/bench ]]; then
    fail "the load is not built" "mvn -pl dinp-server -am package -DskipTests"
  fi
}

find_archive() {
  local found=("$HERE"/../../dinp-server/target/dinp-server-*.tar.gz)
  if [[ ! -e ${found[0]} ]]; then fail "the server is not built" "mvn -pl dinp-server -am package -DskipTests"; fi
  printf '%s' "${found[-1]}"
}

inside() { nsenter -t "$(<"$BENCH_DIR/namespace")" -n "$@"; }

# namespace_start: MySQL's container has no network but its loopback; everybody else joins it there.
namespace_start() {
  docker run -d --network none -e MYSQL_ROOT_PASSWORD=bench -e MYSQL_DATABASE=dinp -e MYSQL_USER=bench -e MYSQL_PASSWORD=bench "${TEST_IMAGE_MYSQL:-mysql:8.4}" mysqld >"$BENCH_DIR/mysql"
  docker run -d --network "container:$(<"$BENCH_DIR/mysql")" "${TEST_IMAGE_REDIS:-redis:7}" redis-server --save '' >"$BENCH_DIR/redis"
  pid_of mysql >"$BENCH_DIR/namespace"
  inside ip route add local 10.64.0.0/10 dev lo
  await 60 mysql_answers || fail "MySQL does not answer" "docker logs $(<"$BENCH_DIR/mysql")"
  await 10 redis_answers || fail "Redis does not answer" "docker logs $(<"$BENCH_DIR/redis")"
}

pid_of() { docker inspect -f '{{.State.Pid}}' "$(<"$BENCH_DIR/$1")"; }

mysql_answers() { inside bash -c 'exec 3<>/dev/tcp/127.0.0.1/3306 && read -r -t 1 -N 5 <&3'; }

redis_answers() { [[ $(inside redis-cli ping) == PONG ]]; }

# load ARG…: the load's program, among the tests, with the classes of the server's archive.
load() { inside java -Xmx512m -cp "$HERE/../../dinp-server/target/test-classes:$HERE/../../dinp-common/target/test-classes:$BENCH_DIR/server/lib/*" io.dinp.server.bench.ServerBench "$@"; }

server_install() {
  local home=$BENCH_DIR/server
  mkdir "$home"
  tar -xzmf "$archive" -C "$home" --strip-components=1
  cat >"$home/cfg.json" <<END
{ "token": "bench-token", "db": { "dsn": "$DSN" }, "redis": { "dsn": "127.0.0.1:6379" } }
END
  inside "$home/bin/dinp-server" -c "$home/cfg.json" migrate || fail "the schema could not be made" "see above"
  load fill "$DSN" "$nodes" "$apps"
}

server_start() {
  DINP_JAVA_OPTS=$java_opts inside "$BENCH_DIR/server/control" start
}

measure() {
  load load "$DSN" "$nodes" "$apps" "$seconds" "$(<"$BENCH_DIR/server/var/app.pid")" "$(pid_of mysql)" "$(pid_of redis)"
}

bench_down() {
  if [[ -x $BENCH_DIR/server/control ]]; then inside "$BENCH_DIR/server/control" stop >/dev/null || true; fi
  for name in redis mysql; do
    if [[ -s $BENCH_DIR/$name ]]; then docker rm -fv "$(<"$BENCH_DIR/$name")" >/dev/null; fi
  done
  rm -rf "$BENCH_DIR"
}

step "Debian packages" prepare
archive=${archive:-$(find_archive)}
BENCH_DIR=$(mktemp -d "${TMPDIR:-/tmp}/dinp-bench.XXXXXX")
trap 'bench_down; rm -rf "$STEP_DIR"' EXIT
step "MySQL and Redis in a namespace" namespace_start
step "$apps apps on $nodes nodes" server_install
step "Server" server_start
printf '%s processors, %s, %s\n' "$(nproc)" "$(date -u +%FT%TZ)" "$(basename "$archive") $java_opts"
measure || { cp "$BENCH_DIR/server/var/app.log" "${TMPDIR:-/tmp}/dinp-bench-server.log" && exit 1; }
