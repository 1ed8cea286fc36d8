# shellcheck shell=bash
# The bed of the router's benchmark: Redis with the routes, an app that is never the bottleneck, and the proxies to be compared, all on
# the loopback, on free ports, in BENCH_DIR. Everything that is started is noted in BENCH_PIDS and ended by bed_down. Needs steps.sh.

readonly BENCH_HOST=app0.bench.test
PROXIES=(router nginx haproxy)
BENCH_PIDS=()
declare -A PORT PROXY_PID

# bed_dir: a folder of our own, readable for the unprivileged workers of nginx.
bed_dir() {
  BENCH_DIR=$(mktemp -d "${TMPDIR:-/tmp}/dinp-bench.XXXXXX")
  chmod 755 "$BENCH_DIR"
  mkdir "$BENCH_DIR"/{nginx,redis,log}
  chmod 777 "$BENCH_DIR/nginx"
}

# free_ports NAME…: sets PORT[NAME] to ports that nothing listens on now.
free_ports() {
  local name port=21400 taken
  taken=$(ss -Hltn | awk '{ sub(/.*:/, "", $4); print $4 }')
  for name in "$@"; do
    while grep -qx "$port" <<<"$taken"; do ((port += 1)); done
    PORT[$name]=$port
    ((port += 1))
  done
}

# started NAME PID: remembers what has to be ended.
started() {
  PROXY_PID[$1]=$2
  BENCH_PIDS+=("$2")
}

# answers PORT: whether a request for the benchmark's host is answered 200 there.
answers() {
  local line
  { exec 9<>"/dev/tcp/127.0.0.1/$1"; } 2>/dev/null || return 1
  printf 'GET /1k HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n' "$BENCH_HOST" >&9
  read -r -t 2 line <&9 || line=
  exec 9>&-
  [[ $line == "HTTP/1.1 200"* ]]
}

# ---- the app: HAProxy answers from memory and, unlike nginx's `return`, only after it has read the request's body

app_start() {
  head -c 1024 /dev/zero | tr '\0' 'x' >"$BENCH_DIR/1k"
  head -c 16384 /dev/zero | tr '\0' 'x' >"$BENCH_DIR/16k"
  cat >"$BENCH_DIR/app.cfg" <<END
global
  maxconn 8000
  nbthread 2
  tune.bufsize 65536
defaults
  mode http
  timeout client 1h
  timeout http-keep-alive 1h
frontend app
  bind 127.0.0.1:${PORT[app]} backlog 4096
  http-request wait-for-body time 10s if METH_POST
  http-request return status 200 content-type text/plain file $BENCH_DIR/16k hdr Server app hdr Cache-Control no-store if { path /16k }
  http-request return status 200 content-type text/plain file $BENCH_DIR/1k hdr Server app hdr Cache-Control no-store
END
  haproxy -db -f "$BENCH_DIR/app.cfg" >"$BENCH_DIR/log/app" 2>&1 &
  started app $!
  await 5 answers "${PORT[app]}" || fail "the app does not answer" "see $BENCH_DIR/log/app"
}

# ---- Redis: Debian's server has the name of a checking tool in redis-tools, which starts no service when it is installed

# redis_start COUNT: with so many routes.
redis_start() {
  (cd "$BENCH_DIR/redis" && exec -a redis-server redis-check-rdb --port "${PORT[redis]}" --bind 127.0.0.1 --save '' \
    --appendonly no --loglevel warning) >"$BENCH_DIR/log/redis" 2>&1 &
  started redis $!
  await 5 redis_answers || fail "Redis does not answer" "see $BENCH_DIR/log/redis"
  redis_routes "$1"
}

redis_answers() { [[ $(redis-cli -p "${PORT[redis]}" ping 2>/dev/null) == PONG ]]; }

# redis_routes COUNT: apps app0 … each with one endpoint, all the same one, as the server would write them.
redis_routes() {
  awk -v n="$1" -v port="${PORT[app]}" 'BEGIN {
    print "flushall"
    for (i = 0; i < n; i++) print "rpush /rs/app" i ".bench.test 127.0.0.1:" port
    print "set /meta/epoch bench"
    print "set /meta/version 1"
    print "rpush /meta/changes \"1 /meta/apps\""
  }' | redis-cli -p "${PORT[redis]}" --pipe >"$BENCH_DIR/log/routes"
}

# ---- the proxies

# router_install ARCHIVE: unpacks it, and runs it once so that it has its archive of classes like an installed one.
router_install() {
  local home=$BENCH_DIR/router
  mkdir "$home"
  tar -xzmf "$1" -C "$home" --strip-components=1
  cat >"$home/cfg.json" <<END
{
  "addr": "127.0.0.1", "port": ${PORT[router]}, "status": { "addr": "127.0.0.1", "port": ${PORT[status]} },
  "redis_server": "127.0.0.1:${PORT[redis]}", "access_log": "${ACCESS_LOG:+$BENCH_DIR/log/access-router}"
}
END
  router_start
  await 10 answers "${PORT[router]}" || fail "the router does not answer" "see $BENCH_DIR/log/router"
  router_stop
}

router_start() {
  "$BENCH_DIR/router/control" start >"$BENCH_DIR/log/router" 2>&1 || fail "the router does not start" "see $BENCH_DIR/log/router"
  started router "$(<"$BENCH_DIR/router/var/app.pid")"
}

router_stop() { "$BENCH_DIR/router/control" stop >>"$BENCH_DIR/log/router" 2>&1; }

nginx_start() {
  local log=off
  if [[ -n $ACCESS_LOG ]]; then log="$BENCH_DIR/log/access-nginx combined buffer=64k flush=1s"; fi
  cat >"$BENCH_DIR/nginx.conf" <<END
worker_processes 2;
worker_rlimit_nofile 20000;
pid $BENCH_DIR/nginx/pid;
error_log $BENCH_DIR/log/nginx-errors;
events { worker_connections 8192; }
http {
  access_log $log;
  keepalive_timeout 1h;
  keepalive_requests 1000000000;
  client_body_buffer_size 64k; # its default would write the 16 KiB bodies to disk
  client_body_temp_path $BENCH_DIR/nginx/body;
  proxy_temp_path $BENCH_DIR/nginx/proxy;
  fastcgi_temp_path $BENCH_DIR/nginx/fastcgi;
  uwsgi_temp_path $BENCH_DIR/nginx/uwsgi;
  scgi_temp_path $BENCH_DIR/nginx/scgi;
  upstream app {
    server 127.0.0.1:${PORT[app]};
    keepalive 512;
    keepalive_requests 1000000000;
    keepalive_timeout 1h;
  }
  server {
    listen 127.0.0.1:${PORT[nginx]} backlog=4096;
    server_name $BENCH_HOST;
    location / {
      proxy_pass http://app;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host \$http_host;
      proxy_set_header X-Forwarded-For \$remote_addr;
      proxy_set_header X-Forwarded-Proto \$scheme;
      proxy_set_header X-Forwarded-Host \$http_host;
      proxy_set_header X-Real-IP \$remote_addr;
      proxy_set_header X-Request-Id \$request_id;
    }
  }
}
END
  nginx -c "$BENCH_DIR/nginx.conf" -g 'daemon off;' >"$BENCH_DIR/log/nginx" 2>&1 &
  started nginx $!
}

haproxy_start() {
  cat >"$BENCH_DIR/haproxy.cfg" <<END
global
  maxconn 8000
  nbthread 2
defaults
  mode http
  timeout connect 1s
  timeout client 1h
  timeout server 1h
  timeout http-keep-alive 1h
  unique-id-format %{+X}o%ci%cp%fi%fp%Ts%rt%pid
  unique-id-header X-Request-Id
frontend proxy
  bind 127.0.0.1:${PORT[haproxy]} backlog 4096
  http-request set-header X-Forwarded-For %[src]
  http-request set-header X-Forwarded-Proto http
  http-request set-header X-Forwarded-Host %[req.hdr(Host)]
  http-request set-header X-Real-IP %[src]
  default_backend app
backend app
  http-reuse always
  server app 127.0.0.1:${PORT[app]} pool-max-conn 512
END
  haproxy -db -f "$BENCH_DIR/haproxy.cfg" >"$BENCH_DIR/log/haproxy" 2>&1 &
  started haproxy $!
}

# proxies_start: each one, and each one proven to answer.
proxies_start() {
  local name
  for name in "${PROXIES[@]}"; do
    "${name}_start"
    await 10 answers "${PORT[$name]}" || fail "$name does not answer" "see $BENCH_DIR/log/$name"
  done
}

# proxy_stop NAME: and waits for its end, so that its port is free again.
proxy_stop() {
  if [[ $1 == router ]]; then router_stop; fi
  # A router that control did not start is unknown to control.
  kill "${PROXY_PID[$1]}" 2>/dev/null || true
  wait "${PROXY_PID[$1]}" 2>/dev/null || true
}

# bed_down: ends what was started, by pid, and only while the pid is still that child or the router that control started.
bed_down() {
  local pid
  if [[ -x $BENCH_DIR/router/control ]]; then router_stop || true; fi
  for pid in "${BENCH_PIDS[@]}"; do
    if [[ $(tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline") == *"$BENCH_DIR"* || $pid == "${PROXY_PID[redis]:-}" ]]; then
      kill "$pid" 2>/dev/null || true
    fi
  done
  wait
  rm -rf "$BENCH_DIR"
}
