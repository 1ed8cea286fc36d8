#!/usr/bin/env bash
# Measures the built router beside nginx and HAProxy on this machine, interleaved in one run, and prints ratios to nginx.
# CPU seconds per 100 000 requests are the robust measure; throughput and latencies on a busy machine are not.
set -euo pipefail

PATH=$PATH:/usr/sbin:/sbin
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
for part in ../lib/steps ../lib/packages lib/bed lib/measure; do
  # shellcheck source=/dev/null
  source "$HERE/$part.sh"
done

usage() {
  cat <<END
usage: $0 [--short] [--only PART[,PART]] [--proxies NAME[,NAME]] [--rounds N] [--seconds N] [--routes N] [--access-log] [--archive FILE] [--keep FILE]
  --short       about 80 s: the load only, 2 rounds of 2 s
  --only        load (CPU, throughput, p99), open (p50, p99 at half load), memory, start, table (a change of routes, and open under 50
                changes a second); all of them by default
  --proxies     router, nginx, haproxy; all of them by default
  --rounds      how often each case is measured (5)
  --seconds     for how long each time (4)
  --routes      how many apps are in Redis (10); the load asks for the first
  --access-log  the router and nginx write one
  --archive     the router's archive (dinp-router/target/dinp-router-*.tar.gz)
  --keep        where to leave the figures, one a line: case proxy metric value
END
}

parts=load,open,table,memory,start rounds=5 seconds=4 warm=8 routes=10 archive='' keep=''
export ACCESS_LOG=''
while (($#)); do
  case $1 in
    --short) parts=load rounds=2 seconds=2 warm=3 ;;
    --only) parts=$2 && shift ;;
    --proxies) IFS=, read -ra PROXIES <<<"$2" && shift ;;
    --rounds) rounds=$2 && shift ;;
    --seconds) seconds=$2 && shift ;;
    --routes) routes=$2 && shift ;;
    --access-log) ACCESS_LOG=yes ;;
    --archive) archive=$2 && shift ;;
    --keep) keep=$2 && shift ;;
    *) usage >&2 && exit 64 ;;
  esac
  shift
done

wants() { [[ ,$parts, == *,$1,* ]]; }

prepare() {
  packages_need java=openjdk-17-jdk-headless nginx=nginx-light haproxy=haproxy wrk=wrk redis-cli=redis-tools ss=iproute2
}

find_archive() {
  local found=("$HERE"/../../dinp-router/target/dinp-router-*.tar.gz)
  if [[ ! -e ${found[0]} ]]; then fail "the router is not built" "mvn -pl dinp-router -am package -DskipTests"; fi
  printf '%s' "${found[-1]}"
}

# said TEXT COMMAND…: the command, its time and nothing else; not a step, since later ones need what it sets.
said() {
  local began
  began=$(now_ms)
  printf '%-46s' "$1 …"
  "${@:2}"
  printf ' %s\n' "$(seconds_since "$began")"
}

load() {
  local round
  for ((round = 0; round < rounds; round++)); do closed_round "$seconds"; done
}

memory() {
  local name
  for name in "${PROXIES[@]}"; do
    proxy_stop "$name"
    "${name}_start"
    await 10 answers "${PORT[$name]}" || fail "$name does not answer" "see $BENCH_DIR/log/$name"
    memory_case "$name"
  done
}

start_times() {
  local round name
  for ((round = 0; round < rounds; round++)); do
    for name in "${PROXIES[@]}"; do start_case "$name"; done
  done
}

# ended STATUS: outside of a step nobody else reports a failure.
ended() {
  if (($1 != 0)); then report_failure "the benchmark" "$1"; fi
  report
  bed_down
  rm -rf "$STEP_DIR"
}

# report: also of what was measured before a failure.
report() {
  if [[ ! -s $BENCH_DIR/figures ]]; then return 0; fi
  printf '\n%s\n' "$(nproc) processors, $(date -u +%FT%TZ), $(basename "$archive")"
  awk -f "$HERE/lib/report.awk" "$BENCH_DIR/figures"
  if [[ -n $keep ]]; then cp "$BENCH_DIR/figures" "$keep"; fi
}

step "Debian packages" prepare
archive=${archive:-$(find_archive)}
bed_dir
trap 'ended $?' EXIT
free_ports app redis router status nginx haproxy
said "Backend" app_start
said "Redis with $routes routes" redis_start "$routes"
if [[ " ${PROXIES[*]} " == *" router "* ]]; then said "Router, first start" router_install "$archive"; fi
said "Proxies" proxies_start
if wants load || wants open || wants table; then said "Warm-up" warm_up "$warm"; fi
if wants load; then said "Load, $rounds rounds of $seconds s" load; fi
if wants open; then said "Half load by the clock" open_load "$seconds" "$rounds"; fi
if wants table; then said "Changes of routes" table_case "$seconds" "$rounds"; fi
if wants memory; then said "Memory" memory; fi
if wants start; then said "Start" start_times; fi
