#!/usr/bin/env bash
# Takes both forms that Docker Hub's redis image takes: `redis-server --requirepass x` and `--requirepass x`.
set -euo pipefail

if [[ ${1:-} == redis-cli ]]; then exec "$@"; fi
if [[ ${1:-} == redis-server ]]; then shift; fi
chown redis: /data
exec setpriv --reuid=redis --regid=redis --clear-groups \
  redis-server --bind 0.0.0.0 --protected-mode no --dir /data "$@"
