#!/usr/bin/env bash
# Runs one DINP daemon in the foreground: bin/dinp-<x> -c cfg.json. Which one it is, its own file name tells.
set -euo pipefail

# Heaps are small because a node belongs to the apps. Only the router is worth the optimising compiler.
control_plane="-XX:TieredStopAtLevel=1"
case $(basename "$0") in
  dinp-server) main=io.dinp.server.ServerMain flags="-Xmx96m $control_plane" ;;
  dinp-agent) main=io.dinp.agent.AgentMain flags="-Xmx64m $control_plane" ;;
  dinp-builder) main=io.dinp.builder.BuilderMain flags="-Xmx96m $control_plane" ;;
  dinp-dash) main=io.dinp.dash.DashMain flags="-Xmx64m $control_plane" ;;
  dinp-uic) main=io.dinp.uic.UicMain flags="-Xmx64m $control_plane" ;;
  # Netty's events for the flight recorder cost a fifth of the start, recorded or not.
  dinp-router) main=io.dinp.router.RouterMain flags="-Xmx128m -XX:MaxDirectMemorySize=256m -Dio.netty.jfr.enabled=false" ;;
  dinp-hm) main=io.dinp.hm.HmMain flags="-Xmx64m $control_plane" ;;
  *) echo "$0: no daemon of this name" >&2 && exit 64 ;;
esac
home=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)

# java_major JAVA: read from the JDK's release file, which is a JVM start cheaper than asking.
java_major() {
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$(dirname "$(readlink -f "$1")")/../release" 2>/dev/null
}

find_java() {
  local java
  for java in "${JAVA_HOME:-/none}/bin/java" "$(command -v java || true)" /usr/lib/jvm/*/bin/java; do
    if [[ -x $java && $(java_major "$java") -ge 17 ]]; then
      printf '%s' "$java"
      return 0
    fi
  done
  echo "$0: needs Java 17 or newer; looked at JAVA_HOME, PATH and /usr/lib/jvm" >&2
  return 1
}

# A class-data archive fits one JDK, one place and one set of jars: its name is their checksum. By content: file times in
# our archives are fixed, so the JVM's own look at time and size could take an old archive for a new jar.
archive() {
  local key
  key=$({ cat "$(dirname "$(readlink -f "$java")")/../release"; cat "$home"/lib/*.jar; echo "$home"; } | cksum)
  printf '%s/var/classes-%s.jsa' "$home" "${key%% *}"
}

java=$(find_java)
# Netty and others use memory and libraries of their own: newer JDKs want that allowed, and without it Netty's allocator costs twice as much.
if (($(java_major "$java") >= 24)); then
  flags+=" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"
fi
archive=$(archive)
if [[ -s $archive ]]; then
  flags+=" -XX:SharedArchiveFile=$archive"
elif [[ -n ${DINP_RECORD_CLASSES:-} ]]; then
  # Written when the daemon ends; `control` puts it in place once that went well.
  flags+=" -XX:ArchiveClassesAtExit=$archive.new"
fi

export MALLOC_ARENA_MAX=2
# shellcheck disable=SC2086  # lists of flags
exec "$java" $flags -XX:+UseSerialGC -Xss512k -XX:-UsePerfData -XX:+ExitOnOutOfMemoryError -Xshare:auto '-Xlog:cds*=off' \
  -Dfile.encoding=UTF-8 -Djava.awt.headless=true ${DINP_JAVA_OPTS:-} -cp "$home/lib/*" "$main" "$@"
