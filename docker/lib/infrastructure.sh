# shellcheck shell=bash
# MySQL, Redis and the registry as containers with named volumes and passwords, published on the loopback only; and the
# interface whose address is the node's. Needs steps.sh, installation.sh and images.sh.

# network_up: the node's address lives on an interface of ours, so an installation depends on no network of the machine.
network_up() {
  if ! ip link show "$DINP_BRIDGE" >/dev/null 2>&1; then
    if [[ -n $(ip -o address show to "$DINP_NODE_IP/24") ]]; then
      fail "$DINP_NODE_IP lies in a network of this machine: $(ip -o address show to "$DINP_NODE_IP/24" | awk '{ print $2, $4; exit }')" \
        "choose another one: DINP_NODE_IP=10.214.0.1 $0"
    fi
    ip link add "$DINP_BRIDGE" type bridge
  fi
  ip address replace "$DINP_NODE_IP/24" dev "$DINP_BRIDGE"
  ip link set "$DINP_BRIDGE" up
}

network_down() {
  if ip link show "$DINP_BRIDGE" >/dev/null 2>&1; then ip link delete "$DINP_BRIDGE"; fi
}

infrastructure_up() {
  local name
  for name in "${INFRASTRUCTURE[@]}"; do container_up "$name"; done
  for name in "${INFRASTRUCTURE[@]}"; do
    await 60 "${name}_answers" || {
      docker logs --tail 50 "$(container "$name")" >"$STEP_DIR/container.log" 2>&1
      evidence "$STEP_DIR/container.log"
      fail "$name does not answer after 60 s" "docker logs $(container "$name")"
    }
  done
}

# container_up NAME: starts what is there; made anew only for another port or image. The data are in volumes and outlive both.
container_up() {
  local name
  name=$(container "$1")
  if ! container_fits "$1" "$name"; then docker rm -f "$name" || true; fi
  case $(docker inspect --format '{{.State.Running}}' "$name" 2>/dev/null) in
    true) return 0 ;;
    false) docker start "$name" ;;
    *) "run_$1" --detach --name "$name" --restart unless-stopped --label "io.dinp.installation=$DINP_CLUSTER" ;;
  esac
  printf 'container %s\n' "$name" >>"$STEP_DIR/started"
}

container_fits() {
  local port=DINP_PORT_${1^^} made
  made=$(docker inspect --format '{{.Image}} {{json .HostConfig.PortBindings}}' "$2" 2>/dev/null) || return 0
  [[ $made == "$(image_id "$(image_tag "$1")") "* && $made == *"\"HostPort\":\"${!port}\""* ]]
}

run_mysql() {
  docker run "$@" --publish "127.0.0.1:$DINP_PORT_MYSQL:3306" --volume "$(container mysql):/var/lib/mysql" \
    --env "MYSQL_ROOT_PASSWORD=$(secret mysql-root)" --env MYSQL_DATABASE=dinp \
    --env MYSQL_USER=dinp --env "MYSQL_PASSWORD=$(secret mysql)" "$(image_tag mysql)"
}

run_redis() {
  docker run "$@" --publish "127.0.0.1:$DINP_PORT_REDIS:6379" --volume "$(container redis):/data" \
    "$(image_tag redis)" redis-server --requirepass "$(secret redis)"
}

run_registry() {
  local htpasswd
  htpasswd=$(htpasswd -Bin dinp <<<"$(secret registry)")
  docker run --rm --entrypoint sh --volume "$(container registry-auth):/auth" "$(image_tag base)" \
    -c 'printf "%s\n" "$0" >/auth/htpasswd' "$htpasswd"
  docker run "$@" --publish "$REGISTRY:5000" --volume "$(container registry):/var/lib/registry" \
    --volume "$(container registry-auth):/auth:ro" --env REGISTRY_STORAGE_DELETE_ENABLED=true \
    --env REGISTRY_AUTH=htpasswd --env REGISTRY_AUTH_HTPASSWD_REALM=dinp --env REGISTRY_AUTH_HTPASSWD_PATH=/auth/htpasswd \
    "$(image_tag registry)"
}

mysql_answers() { mysql_query 'select 1'; }

# mysql_query SQL: over TCP, since the Hub's image runs a first, private server while it makes its database.
mysql_query() {
  MYSQL_PWD=$(secret mysql) docker exec --env MYSQL_PWD "$(container mysql)" \
    mysql --protocol=tcp -h 127.0.0.1 -u dinp -N -e "$1" dinp
}

redis_answers() {
  [[ $(REDISCLI_AUTH=$(secret redis) docker exec --env REDISCLI_AUTH "$(container redis)" redis-cli ping) == PONG ]]
}

registry_answers() {
  curl -sf -m 2 -o /dev/null -K - "http://$REGISTRY/v2/" <<<"user = \"dinp:$(secret registry)\""
}

infrastructure_down() {
  local name running=()
  for name in "${INFRASTRUCTURE[@]}"; do
    if [[ $(docker inspect --format '{{.State.Running}}' "$(container "$name")" 2>/dev/null) == true ]]; then
      running+=("$(container "$name")")
    fi
  done
  if ((${#running[@]})); then docker stop "${running[@]}"; fi
}

infrastructure_remove() {
  local name
  for name in "${INFRASTRUCTURE[@]}"; do
    if docker inspect "$(container "$name")" >/dev/null 2>&1; then docker rm -f "$(container "$name")"; fi
  done
  for name in mysql redis registry registry-auth; do docker volume rm -f "$(container "$name")"; done
}

# app_bases_push: the builder's templates take their bases from the installation's own registry.
app_bases_push() {
  local name image
  registry_login
  for name in binary gunicorn; do
    image=$REGISTRY/dinp/$name:1
    if [[ $(image_id "$image") == "$(image_id "$(image_tag "$name")")" ]] && registry_has "dinp/$name"; then continue; fi
    docker tag "$(image_tag "$name")" "$image"
    docker --config "$SECRETS/docker" push -q "$image"
    note "$image pushed"
  done
}

image_id() { docker image inspect --format '{{.Id}}' "$1" 2>/dev/null || true; }

registry_has() {
  curl -sf -m 5 -o /dev/null -K - "http://$REGISTRY/v2/$1/tags/list" <<<"user = \"dinp:$(secret registry)\""
}

registry_login() {
  mkdir -p "$SECRETS/docker"
  printf '{"auths":{"%s":{"auth":"%s"}}}\n' "$REGISTRY" "$(printf 'dinp:%s' "$(secret registry)" | base64 -w 0)" \
    >"$SECRETS/docker/config.json"
  chmod 600 "$SECRETS/docker/config.json"
}
