#!/usr/bin/env bash
# Makes the archive that a user would upload: pack.sh hello|static VERSION FILE.tar.gz
# The same sample and version give the same bytes. `static` needs gcc and libc6-dev.
set -euo pipefail

sample=$1 version=$2 archive=$3
source=$(cd "$(dirname "$0")/$sample" && pwd)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
chmod 755 "$tree"

install -m 755 "$source/control" "$tree/control"
case $sample in
  hello)
    install -m 644 "$source/app.py" "$tree/app.py"
    printf '%s\n' "$version" >"$tree/VERSION"
    ;;
  static) gcc -static -Os -Wall -Wextra -DVERSION="\"$version\"" -o "$tree/server" "$source/server.c" ;;
  *) echo "no sample $sample" >&2 && exit 64 ;;
esac
tar -C "$tree" --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 -c . | gzip -n >"$archive"
