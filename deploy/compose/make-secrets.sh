#!/bin/sh
# Makes .env with a password for each bus user, the folders, and a certificate for https on this machine.
# Safe to run again: what is there stays; a new service only gets what it lacks.
set -eu
umask 077
cd "$(dirname "$0")"

main() {
  command -v openssl >/dev/null || fail "openssl is missing: install it and run this again"
  [ -f .env ] || cp .env.example .env
  chmod 600 .env
  add_new_names
  fill MATRIX_UID "$(user_id)"
  fill MATRIX_GID "$(group_id)"
  for name in $(sed -n 's/^\(BUS_PASSWORD_[A-Z_]*\)=$/\1/p' .env); do
    # A letter first: the broker would read some all-digit values as numbers.
    fill "$name" "p$(openssl rand -hex 24)"
  done
  make_folders
  [ -f tls/tls.key ] || make_certificate
  give_to_user
  echo "ready: docker compose up -d --build"
}

# Containers never run as root: for root's own checkout the image's user takes its place.
user_id() { if [ "$(id -u)" = 0 ]; then echo 10001; else id -u; fi; }
group_id() { if [ "$(id -u)" = 0 ]; then echo 10001; else id -g; fi; }

# An older .env lacks the lines of services that came later.
add_new_names() {
  sed -n 's/^\([A-Z_]*\)=.*/\1/p' .env.example | while read -r name; do
    grep -q "^$name=" .env || grep "^$name=" .env.example >>.env
  done
}

fill() {
  grep -q "^$1=$" .env || return 0
  sed "s|^$1=\$|$1=$2|" .env >.env.new
  mv .env.new .env
}

value_of() { sed -n "s/^$1=//p" .env; }

make_folders() {
  mkdir -p "$(value_of MATRIX_HOME_DIR)" "$(value_of MATRIX_BROKER_DIR)" tls
  for service in $(sed -n 's/^.*\${MATRIX_STATE_DIR:-.\/state}\/\([a-z-]*\):.*$/\1/p' compose.yaml); do
    mkdir -p "$(value_of MATRIX_STATE_DIR)/$service"
  done
}

make_certificate() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 825 -subj "/CN=Matrix OS" \
    -addext "subjectAltName=DNS:localhost,IP:127.0.0.1" -keyout tls/tls.key -out tls/tls.crt 2>/dev/null
}

give_to_user() {
  [ "$(id -u)" = 0 ] || return 0
  chown -R "$(value_of MATRIX_UID):$(value_of MATRIX_GID)" \
    tls "$(value_of MATRIX_HOME_DIR)" "$(value_of MATRIX_STATE_DIR)" "$(value_of MATRIX_BROKER_DIR)"
}

fail() {
  echo "make-secrets: $1" >&2
  exit 1
}

main
