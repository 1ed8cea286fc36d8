#!/usr/bin/env bash
# Honours the variables of Docker Hub's mysql image: MYSQL_ROOT_PASSWORD, MYSQL_DATABASE, MYSQL_USER, MYSQL_PASSWORD.
set -euo pipefail

data=/var/lib/mysql

# One statement a line: all that `mariadbd --bootstrap` understands.
grants() {
  echo "FLUSH PRIVILEGES;"
  echo "ALTER USER 'root'@'localhost' IDENTIFIED BY '$(quoted "${MYSQL_ROOT_PASSWORD:-}")';"
  echo "CREATE USER 'root'@'%' IDENTIFIED BY '$(quoted "${MYSQL_ROOT_PASSWORD:-}")';"
  echo "GRANT ALL ON *.* TO 'root'@'%' WITH GRANT OPTION;"
  if [[ -n ${MYSQL_DATABASE:-} ]]; then echo "CREATE DATABASE \`$MYSQL_DATABASE\`;"; fi
  if [[ -n ${MYSQL_USER:-} && $MYSQL_USER != root ]]; then
    echo "CREATE USER '$MYSQL_USER'@'%' IDENTIFIED BY '$(quoted "${MYSQL_PASSWORD:-}")';"
    if [[ -n ${MYSQL_DATABASE:-} ]]; then echo "GRANT ALL ON \`$MYSQL_DATABASE\`.* TO '$MYSQL_USER'@'%';"; fi
  fi
}

quoted() { printf '%s' "${1//\'/\'\'}"; }

if [[ ! -e $data/.ready ]]; then
  # A start that was cut off leaves half a database: begin again.
  find "$data" -mindepth 1 -delete
  chown mysql: "$data"
  mariadb-install-db --user=mysql --datadir="$data" --skip-test-db --auth-root-authentication-method=normal >/dev/null
  grants | mariadbd --user=mysql --datadir="$data" --bootstrap
  touch "$data/.ready"
fi

if [[ ${1:-} == mysqld || ${1:-} == mariadbd ]]; then shift; fi
exec mariadbd --user=mysql --datadir="$data" "$@"
