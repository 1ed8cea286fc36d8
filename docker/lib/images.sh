# shellcheck shell=bash
# Images of the infrastructure and base images of the apps. Needs steps.sh, packages.sh and an engine.
#
# Every installation tags images under its own name (<cluster>/mysql, …), so that removing one installation takes
# nothing from another: layers are shared, and Docker counts who still refers to them.

IMAGES_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
CONTENT_LABEL=io.dinp.content
DEBIAN_BASE=debian:bookworm-slim

# Where the same thing comes from when Docker Hub answers.
declare -A HUB_IMAGE=([base]=$DEBIAN_BASE [mysql]=mysql:8.4 [redis]=redis:7 [registry]=registry:2)

image_tag() { printf '%s/%s:1' "$DINP_CLUSTER" "$1"; }

image_exists() { docker image inspect "$1" >/dev/null 2>&1; }

image_content() { docker image inspect --format "{{index .Config.Labels \"$CONTENT_LABEL\"}}" "$1" 2>/dev/null || true; }

# hub_answers: asks the engine itself, since it is the engine that would pull. Asked once per run; a black hole costs 5 s.
hub_answers() {
  if [[ ! -e $STEP_DIR/hub ]]; then
    curl -sf -m 5 --unix-socket /var/run/docker.sock http://docker/distribution/redis:7/json >/dev/null \
      && echo yes >"$STEP_DIR/hub" || echo no >"$STEP_DIR/hub"
  fi
  [[ $(<"$STEP_DIR/hub") == yes ]]
}

# content_hash DIRECTORY [MORE]: changes when a file of the image's directory, or what it is built on, changes.
content_hash() {
  (cd "$1" && find . -type f -printf '%P %m\0' | LC_ALL=C sort -z | xargs -0 printf '%s\n' \
    && find . -type f -print0 | LC_ALL=C sort -z | xargs -0 cat && printf '%s' "${2:-}") | sha256sum | cut -c1-16
}

# images_ready: everything an installation needs, made at the first run and kept ever after.
images_ready() {
  local name
  packages_need curl=curl
  for name in base mysql redis registry; do infrastructure_image "$name"; done
  for name in binary gunicorn; do app_base_image "$name"; done
}

# infrastructure_image NAME: an installation stays with what it began with, Hub or own: MariaDB's files are none for MySQL.
infrastructure_image() {
  local name=$1 tag hash
  tag=$(image_tag "$name")
  hash=$(infrastructure_hash "$name")
  if image_exists "$tag"; then
    case $(image_content "$tag") in "" | "$hash") return 0 ;; esac
  elif image_from_hub "$name" "$tag"; then
    return 0
  fi
  image_from_other "$hash" "$tag" || "make_$name" "$tag" "$hash"
}

infrastructure_hash() {
  if [[ $1 == base ]]; then
    content_hash "$IMAGES_DIR/images/base"
  else
    content_hash "$IMAGES_DIR/images/$1" "$(content_hash "$IMAGES_DIR/images/base")"
  fi
}

image_from_hub() {
  hub_answers || return 1
  docker pull -q "${HUB_IMAGE[$1]}" || return 1
  docker tag "${HUB_IMAGE[$1]}" "$2"
  note "$1: ${HUB_IMAGE[$1]} from Docker Hub"
}

# image_from_other HASH TAG: another installation, or the tests, may have made just this one.
image_from_other() {
  local id
  id=$(docker images -q --filter "label=$CONTENT_LABEL=$1" | head -n 1)
  if [[ -z $id ]]; then return 1; fi
  docker tag "$id" "$2"
}

make_base() {
  packages_need debootstrap=debootstrap
  "$IMAGES_DIR/images/base/make.sh" "$1" "$CONTENT_LABEL=$2"
  # Dockerfiles of people name it; where the Hub does not answer, this is what they get.
  if ! image_exists "$DEBIAN_BASE" || [[ -n $(image_content "$DEBIAN_BASE") ]]; then docker tag "$1" "$DEBIAN_BASE"; fi
  note "base: made by debootstrap"
}

make_mysql() { build_image "$IMAGES_DIR/images/mysql" "$@" && note "mysql: MariaDB from Debian packages"; }
make_redis() { build_image "$IMAGES_DIR/images/redis" "$@" && note "redis: from Debian packages"; }
make_registry() { build_image "$IMAGES_DIR/images/registry" "$@" && note "registry: from Debian packages"; }

# app_base_image NAME: what the builder's templates name in FROM; ours wherever the base under it came from.
app_base_image() {
  local dir=$IMAGES_DIR/bases/$1 tag hash
  tag=$(image_tag "$1")
  hash=$(content_hash "$dir" "$(docker image inspect --format '{{.Id}}' "$(image_tag base)")")
  if [[ $(image_content "$tag") == "$hash" ]] || image_from_other "$hash" "$tag"; then return 0; fi
  build_image "$dir" "$tag" "$hash"
  note "$1: base image for apps built"
}

# build_image DIRECTORY TAG HASH: by the classic builder, since Debian's Docker has no other.
build_image() {
  DOCKER_BUILDKIT=0 docker build -q --build-arg "BASE=$(image_tag base)" --label "$CONTENT_LABEL=$3" -t "$2" "$1" \
    || fail "the image $2 could not be built from $1" "docker build --build-arg BASE=$(image_tag base) $1"
}

# images_remove: takes this installation's tags away, and the stand-in for Debian's base when nobody else uses it.
images_remove() {
  local tags
  mapfile -t tags < <(docker images --format '{{.Repository}}:{{.Tag}}' "$DINP_CLUSTER/*")
  if ((${#tags[@]})); then docker rmi "${tags[@]}"; fi
  if [[ -n $(image_content "$DEBIAN_BASE") && $(image_tag_count "$DEBIAN_BASE") == 1 ]]; then docker rmi "$DEBIAN_BASE"; fi
}

image_tag_count() { docker image inspect --format '{{len .RepoTags}}' "$1"; }
