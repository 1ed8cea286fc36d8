#!/usr/bin/env bash
# Every test: unit, integration and end to end by Maven, then the quickstart itself. Installs what they need on a bare Debian 12,
# can be run again at any time, and leaves an installation that runs on this machine alone.
set -euo pipefail

PATH=$PATH:/usr/sbin:/sbin
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
for part in steps packages engine images installation build testing; do
  # shellcheck source=/dev/null
  source "$here/lib/$part.sh"
done
cd "$CLONE"
began=$(now_ms)

# phase NAME COMMAND…: like a step, but its output is the report and is shown as it comes.
phase() {
  local name=$1 start rc=0
  shift
  start=$(now_ms)
  printf '\n=== %s\n' "$name"
  "$@" </dev/null || rc=$?
  printf '=== %s: %s, %s\n' "$name" "$( ((rc == 0)) && echo passed || echo FAILED)" "$(seconds_since "$start")"
  return "$rc"
}

maven_verify() {
  local hash
  hash=$(sources_hash)
  mvn -B -ntp -fae -T 2 verify || return 1
  # The quickstart's test takes the archives that were just made.
  build_record "$hash"
}

step "Debian packages" testing_packages
step "Docker engine" engine_up
step "Images" testing_images
testing_environment

failed=()
phase "Unit, integration and end-to-end tests" maven_verify || failed+=("mvn verify")
phase "Quickstart" "$here/test/quickstart-test.sh" || failed+=("the quickstart's test")

printf '\nAll of it took %s\n' "$(seconds_since "$began")"
if ((${#failed[@]})); then
  printf 'FAILED: %s\n' "${failed[@]}"
  exit 1
fi
rm -rf "$STEP_DIR"
