# shellcheck shell=bash
# A Docker engine on this machine: the one that answers, or a started one. Needs steps.sh and packages.sh.

ENGINE_LOG=${DINP_ENGINE_LOG:-/var/log/dinp-dockerd.log}

engine_answers() { timeout 10 docker version --format '{{.Server.Version}}' >/dev/null 2>&1; }

# engine_up: installs Docker when it is missing and starts it when it does not answer. An engine that runs is never touched.
engine_up() {
  engine_packages
  if engine_answers; then
    note "Docker $(docker version --format '{{.Server.Version}}') answers"
    return 0
  fi
  (
    # Two scripts at once must not start two engines.
    flock -w 60 9 || fail "another script has been starting Docker for a minute" "look at $ENGINE_LOG"
    if ! engine_answers; then engine_start; fi
  ) 9>/run/lock/dinp-engine.lock
}

engine_packages() {
  local needs=(docker=docker.io dockerd=docker.io iptables=iptables ip=iproute2 ss=iproute2)
  # With AppArmor in the kernel, Docker loads a profile for its containers and cannot do without the parser.
  if [[ $(cat /sys/module/apparmor/parameters/enabled 2>/dev/null) == Y ]]; then needs+=(apparmor_parser=apparmor); fi
  # Debian starts the engine at its installation: its configuration has to lie there before.
  if ! command -v dockerd >/dev/null; then engine_configure; fi
  packages_need "${needs[@]}"
}

engine_start() {
  evidence "$ENGINE_LOG"
  engine_configure
  if [[ -d /run/systemd/system ]]; then
    systemctl start docker || fail "systemd could not start Docker" "journalctl -u docker"
  else
    # Its own session: an engine must outlive the shell that needed it.
    setsid dockerd --host unix:///var/run/docker.sock --log-level warn >>"$ENGINE_LOG" 2>&1 </dev/null 3>&- 9>&- &
  fi
  await 30 engine_answers || fail "Docker did not answer within 30 s" "read $ENGINE_LOG; try: dockerd --debug"
  note "started Docker $(docker version --format '{{.Server.Version}}')"
}

# The userland proxy accepts connections for an app that does not listen; an engine that is ours goes without it.
engine_configure() {
  if [[ -e /etc/docker/daemon.json ]]; then return 0; fi
  mkdir -p /etc/docker
  printf '{ "userland-proxy": false }\n' >/etc/docker/daemon.json
}
