#!/bin/sh
# Makes base/secrets/: a password for each bus user, and a certificate for https by kubectl port-forward.
# Safe to run again: what is there stays; a new service only gets what it lacks.
set -eu
umask 077
cd "$(dirname "$0")"
secrets=base/secrets

main() {
  command -v openssl >/dev/null || fail "openssl is missing: install it and run this again"
  mkdir -p "$secrets"
  touch "$secrets/passwords"
  for template in secrets.example/*.env; do
    complete "$template" "$secrets/$(basename "$template")"
  done
  [ -f "$secrets/tls.key" ] || make_certificate
  echo "ready: write the model key into $secrets/kernel.env, then kubectl apply -k overlays/single-node"
}

# complete <template> <file>: adds the lines that the file lacks.
complete() {
  touch "$2"
  while IFS='=' read -r name value; do
    grep -q "^$name=" "$2" && continue
    case "$value" in
      @*@) value=$(password_of "$(echo "$value" | tr -d @)") ;;
    esac
    echo "$name=$value" >>"$2"
  done <"$1"
}

# A letter first: the broker would read some all-digit values as numbers.
password_of() {
  grep -q "^$1=" "$secrets/passwords" || echo "$1=p$(openssl rand -hex 24)" >>"$secrets/passwords"
  sed -n "s/^$1=//p" "$secrets/passwords"
}

make_certificate() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 825 -subj "/CN=Matrix OS" \
    -addext "subjectAltName=DNS:localhost,IP:127.0.0.1,DNS:gateway.matrix-os.svc" \
    -keyout "$secrets/tls.key" -out "$secrets/tls.crt" 2>/dev/null
}

fail() {
  echo "make-secrets: $1" >&2
  exit 1
}

main
