# shellcheck shell=bash
# Debian packages that the scripts need, installed only when their command is missing. Needs steps.sh.

# packages_need COMMAND=PACKAGE…: a command (or the file of an absolute path) that is there already is left alone, whoever brought it.
packages_need() {
  local pair wanted missing=()
  for pair in "$@"; do
    wanted=${pair%%=*}
    if [[ $wanted == /* && -e $wanted ]] || command -v "$wanted" >/dev/null; then continue; fi
    if [[ " ${missing[*]} " != *" ${pair#*=} "* ]]; then missing+=("${pair#*=}"); fi
  done
  if ((${#missing[@]} == 0)); then return 0; fi
  if ((EUID != 0)); then
    fail "missing Debian packages: ${missing[*]}" "run as root, or install them: apt-get install ${missing[*]}"
  fi
  note "installing ${missing[*]}"
  packages_install "${missing[@]}"
}

packages_install() {
  export DEBIAN_FRONTEND=noninteractive
  # A machine's first install has no package lists, a later one has old ones: both are cured by the update.
  apt-get -q update || fail "apt-get update failed" "check the machine's apt sources and its network"
  apt-get -q -y -o Dpkg::Use-Pty=0 install --no-install-recommends "$@" \
    || fail "apt-get could not install $*" "run: apt-get install $*"
}
