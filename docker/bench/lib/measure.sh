# shellcheck shell=bash
# What is measured of one proxy. Each figure becomes a line "case proxy metric value" in BENCH_DIR/figures. Needs bed.sh.

TICKS=$(getconf CLK_TCK)

# tree PID: the process and its descendants.
tree() {
  local child children=()
  printf '%s\n' "$1"
  read -ra children <"/proc/$1/task/$1/children" || true
  for child in "${children[@]}"; do tree "$child"; done
}

# cpu_ticks NAME: user and system time of the proxy's whole process tree so far, in clock ticks.
cpu_ticks() {
  local pid
  for pid in $(tree "${PROXY_PID[$1]}"); do cat "/proc/$pid/stat"; done | awk '{ sub(/.*\) /, ""); sum += $12 + $13 } END { print sum }'
}

# rss_kb NAME: resident memory of the tree; what nginx's processes share is counted once for each of them.
rss_kb() {
  local pid
  for pid in $(tree "${PROXY_PID[$1]}"); do cat "/proc/$pid/status"; done | awk '/^VmRSS/ { sum += $2 } END { print sum }'
}

figure() { printf '%s %s %s %s\n' "$@" >>"$BENCH_DIR/figures"; }

# wrk_run NAME SECONDS CONNECTIONS PATH [SCRIPT]: output in BENCH_DIR/wrk; fails on any answer but 2xx and any socket error.
wrk_run() {
  local name=$1 seconds=$2 connections=$3 path=$4
  shift 4
  wrk -t1 -c"$connections" -d"${seconds}s" --timeout 10s --latency ${1:+-s "$1"} -H "Host: $BENCH_HOST" -H 'User-Agent: wrk' -H 'Accept: */*' \
    -H 'Accept-Encoding: gzip' "http://127.0.0.1:${PORT[$name]}$path" >"$BENCH_DIR/wrk"
  if grep -E 'Non-2xx|Socket errors' "$BENCH_DIR/wrk" >&2; then fail "$name failed requests under $path" "see above"; fi
}

# wrk_milliseconds LABEL: a latency of the last run, in ms.
wrk_milliseconds() {
  awk -v label="$1" '$1 == label { v = $NF; if (label == "Latency") v = $4
    unit = v; sub(/[0-9.]+/, "", unit); n = v + 0
    printf "%.2f", unit == "us" ? n / 1000 : unit == "s" ? n * 1000 : n; exit }' "$BENCH_DIR/wrk"
}

# closed_case CASE NAME SECONDS CONNECTIONS PATH [SCRIPT]: as fast as it goes; CPU seconds per 100 000 requests and what came of it.
closed_case() {
  local case=$1 name=$2 before after requests
  shift 2
  before=$(cpu_ticks "$name")
  wrk_run "$name" "$@"
  after=$(cpu_ticks "$name")
  requests=$(awk '$2 == "requests" { print $1 }' "$BENCH_DIR/wrk")
  figure "$case" "$name" cpu_s_per_100k "$(awk -v t=$((after - before)) -v hz="$TICKS" -v n="$requests" 'BEGIN { printf "%.3f", t / hz / n * 100000 }')"
  figure "$case" "$name" requests_per_s "$(awk '$1 == "Requests/sec:" { print $2 }' "$BENCH_DIR/wrk")"
  figure "$case" "$name" p99_ms "$(wrk_milliseconds 99%)"
}

# closed_round SECONDS: every case of the load, the proxies one after the other inside each case.
closed_round() {
  local name
  for name in "${PROXIES[@]}"; do closed_case get-1k-64 "$name" "$1" 64 /1k; done
  for name in "${PROXIES[@]}"; do closed_case get-1k-512 "$name" "$1" 512 /1k; done
  for name in "${PROXIES[@]}"; do closed_case get-16k-64 "$name" "$1" 64 /16k; done
  for name in "${PROXIES[@]}"; do closed_case post-16k-64 "$name" "$1" 64 /post "$HERE/post.lua"; done
}

# warm_up SECONDS: the compiler has seen all paths before anything counts; the two in C need none, only their connections.
warm_up() {
  local name seconds
  for name in "${PROXIES[@]}"; do
    if [[ $name == router ]]; then seconds=$1; else seconds=1; fi
    wrk_run "$name" "$seconds" 64 /1k
    wrk_run "$name" "$seconds" 512 /1k
    wrk_run "$name" "$seconds" 64 /16k
    wrk_run "$name" "$seconds" 64 /post "$HERE/post.lua"
  done
}

# half_load: requests per second that are half of what nginx (else the first proxy) does at 64 connections.
half_load() {
  local name=nginx
  if [[ " ${PROXIES[*]} " != *" nginx "* ]]; then name=${PROXIES[0]}; fi
  wrk_run "$name" 2 64 /1k
  awk '$1 == "Requests/sec:" { printf "%d", $2 / 2 }' "$BENCH_DIR/wrk"
}

# open_load SECONDS ROUNDS [SUFFIX]: requests come by the clock whatever the answers do; latency counts from when each was due.
open_load() {
  local name rate targets=()
  rate=$(half_load)
  for name in "${PROXIES[@]}"; do targets+=("$name=${PORT[$name]}"); done
  java -XX:+UseSerialGC "$HERE/OpenLoad.java" pace "$BENCH_HOST" "$rate" 64 "$1" "$2" "${targets[@]}" >"$BENCH_DIR/open"
  while read -r name p50 p99 worst; do
    figure "open${3:-}-$rate/s" "$name" p50_ms "$p50"
    figure "open${3:-}-$rate/s" "$name" p99_ms "$p99"
    figure "open${3:-}-$rate/s" "$name" worst_ms "$worst"
  done <"$BENCH_DIR/open"
}

# memory_case NAME: a fresh process under 64 connections, then 512 idle ones more.
memory_case() {
  local name=$1 before hold
  before=$(rss_kb "$name")
  figure memory "$name" fresh_mb "$((before / 1024))"
  wrk_run "$name" 10 64 /1k
  before=$(rss_kb "$name")
  figure memory "$name" at_64_mb "$((before / 1024))"
  coproc IDLE { exec java -XX:+UseSerialGC "$HERE/OpenLoad.java" idle "$BENCH_HOST" 512 "${PORT[$name]}"; }
  read -r _ <&"${IDLE[0]}"
  figure memory "$name" 512_idle_more_mb "$(awk -v d=$(($(rss_kb "$name") - before)) 'BEGIN { printf "%.1f", d / 1024 }')"
  hold=${IDLE[1]}
  exec {hold}>&-
  wait "$IDLE_PID"
}

# table_case SECONDS ROUNDS: how long a change of one route takes to show, and what 50 changes a second cost the others' latencies.
table_case() {
  local shown name p50 p99 worst
  while read -r shown; do
    figure table router change_shown_ms "$shown"
  done < <(java -XX:+UseSerialGC "$HERE/TableChange.java" "${PORT[redis]}" "${PORT[router]}" "${PORT[app]}" 200)
  java -XX:+UseSerialGC "$HERE/TableChange.java" "${PORT[redis]}" - "${PORT[app]}" $((($1 + 1) * ($2 + 1) * ${#PROXIES[@]} + 5)) &
  BENCH_PIDS+=("$!")
  open_load "$1" "$2" -churn
}

# start_case NAME: from the command to the first answer through the proxy.
start_case() {
  local name=$1 began launching
  proxy_stop "$name"
  began=$(now_ms)
  if [[ $name == router ]]; then
    setsid "$BENCH_DIR/router/bin/dinp-router" -c "$BENCH_DIR/router/cfg.json" >>"$BENCH_DIR/log/router" 2>&1 &
    started router $!
  else
    "${name}_start"
  fi
  launching=${PROXY_PID[$name]}
  until answers "${PORT[$name]}"; do
    kill -0 "$launching" 2>/dev/null || fail "$name ended at its start" "see $BENCH_DIR/log/$name"
    sleep 0.01
  done
  figure start "$name" first_answer_ms $(($(now_ms) - began))
}
