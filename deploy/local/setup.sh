#!/bin/sh
# Brings what the tree needs: git, the pinned Node and pnpm, the packages, a nats-server.
# Everything lands in .tools/ and node_modules/; only user caches are touched outside the tree.
# Safe to run at any time and by anybody; with nothing to do it takes a few hundredths of a second.
set -eu
cd "$(dirname "$0")/../.."

oldest_node=24
oldest_pnpm=12
oldest_git=2.39
toolchain=deploy/local/toolchain
stamps=.tools/stamps
lock=.tools/setup.lock
lock_wait_seconds=900

main() {
  need_git
  [ "${1:-}" != test ] || need_what_tests_need
  bring_sandbox "${1:-}"
  if is_complete; then return 0; fi
  mkdir -p "$stamps" .tools/bin
  take_lock
  toolchain_is_ready || bring_toolchain
  nats_server_is_ready || fetch_nats_server &
  nats_server_job=$!
  packages_are_ready || install_packages
  shell_is_ready || build_shell
  wait "$nats_server_job" || exit 1
}

is_complete() { toolchain_is_ready && packages_are_ready && nats_server_is_ready && shell_is_ready; }

# --- Node and pnpm: pinned npm packages on Linux, otherwise what is found on PATH

toolchain_key() { cksum "$toolchain/package-lock.json"; }
toolchain_is_ready() { is_stamped toolchain "$(toolchain_key)" && [ -x .tools/bin/node ] && [ -x .tools/bin/pnpm ]; }

bring_toolchain() {
  link_pinned_toolchain || link_toolchain_from_path || explain_missing_toolchain
  stamp toolchain "$(toolchain_key)"
}

link_pinned_toolchain() {
  [ "$(uname -s)" = Linux ] && command -v npm >/dev/null || return 1
  case "$(uname -m)" in
    x86_64) arch=x64 ;;
    aarch64 | arm64) arch=arm64 ;;
    *) return 1 ;;
  esac
  cp "$toolchain/package.json" "$toolchain/package-lock.json" .tools/
  try_quietly "Node and pnpm" npm ci --prefix .tools --ignore-scripts --no-audit --no-fund --loglevel=http || return 1
  node=.tools/node_modules/node-linux-$arch/bin/node
  pnpm=.tools/node_modules/@pnpm/exe.linux-$arch/pnpm
  "$node" --version >/dev/null 2>&1 && "$pnpm" --version >/dev/null 2>&1 || return 1
  ln -sf "../${node#.tools/}" .tools/bin/node
  ln -sf "../${pnpm#.tools/}" .tools/bin/pnpm
}

link_toolchain_from_path() {
  has_major node "$oldest_node" && has_major pnpm "$oldest_pnpm" || return 1
  ln -sf "$(command -v node)" .tools/bin/node
  ln -sf "$(command -v pnpm)" .tools/bin/pnpm
}

has_major() {
  command -v "$1" >/dev/null || return 1
  version=$("$1" --version 2>/dev/null | sed 's/^v//; s/\..*//')
  [ "${version:-0}" -ge "$2" ] 2>/dev/null
}

explain_missing_toolchain() {
  cat >&2 <<MESSAGE
setup: this needs Node >= $oldest_node and pnpm >= $oldest_pnpm.
  found: node $(node --version 2>/dev/null || echo none), pnpm $(pnpm --version 2>/dev/null || echo none), npm $(npm --version 2>/dev/null || echo none)
  Linux (x64, arm64, glibc): any Node with npm is enough, the pinned versions then come from the npm registry (what went wrong: .tools/setup.log)
  elsewhere: install Node $oldest_node or newer, then \`npm install --global pnpm@$oldest_pnpm\`, and run make again.
MESSAGE
  exit 1
}

# --- Packages

packages_key() { cat pnpm-lock.yaml pnpm-workspace.yaml | cksum; }
packages_are_ready() { is_stamped packages "$(packages_key)" && [ -d node_modules/.pnpm ]; }

install_packages() {
  PATH="$PWD/.tools/bin:$PATH" CI=true try_quietly "packages" .tools/bin/pnpm install --frozen-lockfile || fail_with_log
  stamp packages "$(packages_key)"
}

# --- The web desktop

shell_key() { find services/shell contracts/src -type f -not -path '*/node_modules/*' -not -path '*/dist/*' -not -path '*/test/*' -exec cksum {} + | sort | cksum; }
shell_is_ready() { is_stamped shell "$(shell_key)" && [ -f services/shell/dist/index.html ]; }

build_shell() {
  PATH="$PWD/.tools/bin:$PATH" try_quietly "web desktop" .tools/bin/pnpm --dir services/shell run build || fail_with_log
  stamp shell "$(shell_key)"
}

# --- The broker

nats_server_key() { cksum deploy/local/nats-server/pins.ts; }
nats_server_is_ready() { is_stamped nats-server "$(nats_server_key)" && [ -x .tools/bin/nats-server ]; }

fetch_nats_server() {
  .tools/bin/node deploy/local/fetch-nats-server.ts >&2 || return 1
  stamp nats-server "$(nats_server_key)"
}

# --- What the system brings

need_git() {
  need_debian_package git git
  version=$(git --version | sed 's/^git version //; s/^\([0-9]*\.[0-9]*\).*/\1/')
  lowest=$(printf '%s\n%s\n' "$version" "$oldest_git" | sort -t. -k1,1n -k2,2n | head -n 1)
  [ "$lowest" = "$oldest_git" ] && return 0
  echo "setup: git $version is too old, git >= $oldest_git is needed: please update it." >&2
  exit 1
}

# A browser, a program that makes certificates, one that stops another at its nth system call: only tests use them.
need_what_tests_need() {
  need_debian_package chromium chromium
  need_debian_package openssl openssl
  if [ "$(uname -s)" = Linux ]; then need_debian_package strace strace; fi
}

# Commands of the model run in bubblewrap. Without it everything else works: only tests insist on it.
bring_sandbox() {
  if [ "$(uname -s)" != Linux ] || command -v bwrap >/dev/null; then return 0; fi
  if [ "$1" = test ]; then need_debian_package bubblewrap bwrap && return 0; fi
  (need_debian_package bubblewrap bwrap) || echo "setup: going on without it; commands are refused until it is there." >&2
}

# need_debian_package <package> <command>: the command is there afterwards, or one message says how to get it.
need_debian_package() {
  command -v "$2" >/dev/null && return 0
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    mkdir -p .tools
    try_quietly "package lists" apt-get update -qq || true
    DEBIAN_FRONTEND=noninteractive try_quietly "$1" apt-get install -y -qq --no-install-recommends "$1" || fail_with_log
    command -v "$2" >/dev/null && return 0
  fi
  echo "setup: \`$2\` is missing. On Debian: sudo apt-get install $1; elsewhere install the package that brings \`$2\`." >&2
  exit 1
}

# --- Small change

is_stamped() { [ -f "$stamps/$1" ] && [ "$(cat "$stamps/$1")" = "$2" ]; }
stamp() { printf '%s\n' "$2" >"$stamps/$1"; }

try_quietly() {
  label=$1
  shift
  echo "setup: $label" >&2
  "$@" >.tools/setup.log 2>&1
}

fail_with_log() {
  cat .tools/setup.log >&2
  exit 1
}

# Two runs at once would step on each other: the second waits, then finds everything done.
take_lock() {
  waited=0
  until mkdir "$lock" 2>/dev/null; do
    owner=$(cat "$lock/pid" 2>/dev/null || true)
    if [ -n "$owner" ] && ! kill -0 "$owner" 2>/dev/null && [ ! -d "/proc/$owner" ]; then
      rm -rf "$lock"
      continue
    fi
    waited=$((waited + 1))
    if [ "$waited" -gt "$lock_wait_seconds" ]; then
      echo "setup: another setup holds $lock for too long; remove that folder if none is running." >&2
      exit 1
    fi
    sleep 1
  done
  echo $$ >"$lock/pid"
  trap 'rm -rf "$lock"' EXIT
  trap 'exit 130' INT TERM
}

main "$@"
