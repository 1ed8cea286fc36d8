# shellcheck shell=bash
# The project's build, skipped while nothing that goes into it has changed. Needs steps.sh, packages.sh and installation.sh.

build_packages() { packages_need javac=openjdk-17-jdk-headless mvn=maven curl=curl; }

# sources_hash: over every file that the archives are made from.
sources_hash() {
  (
    cd "$CLONE" || exit
    find pom.xml dinp-*/pom.xml dinp-*/src/main dinp-*/conf docker/assembly -type f -print0 \
      | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c1-16
  )
}

archives() {
  local name module
  for name in "${DAEMONS[@]}"; do
    module=${name/#uic/dash}
    printf '%s\n' "$CLONE/dinp-$module/target/dinp-$name-$(project_version).tar.gz"
  done
}

project_version() { sed -n 's|^  <version>\(.*\)</version>|\1|p' "$CLONE/pom.xml" | head -n 1; }

# build_ready: `mvn package`, unless the archives of just these sources lie there already.
build_ready() {
  local hash
  build_packages
  hash=$(sources_hash)
  if [[ $(cat "$CLONE/target/dinp-sources" 2>/dev/null) == "$hash" ]] && archives | xargs ls >/dev/null 2>&1; then
    note "the sources are unchanged"
    return 0
  fi
  mvn -B -ntp -q -f "$CLONE/pom.xml" -DskipTests -pl '!docker/e2e' package || fail "mvn package failed" "cd $CLONE && mvn package"
  build_record "$hash"
}

# build_record HASH: the archives that now lie in target were made from these sources.
build_record() {
  mkdir -p "$CLONE/target"
  printf '%s\n' "$1" >"$CLONE/target/dinp-sources"
}
