#!/usr/bin/env bash
# Readies the UI. `scripts/ui.sh packages` installs its packages when package-lock.json changed since the
# last time; `scripts/ui.sh build` builds it too, when something it is built from changed.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

install_packages() {
  local stamp=ui/node_modules/.installed wanted
  wanted="$(sha256sum <ui/package-lock.json) $(node --version)"
  [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && return 0
  say "Installing the UI's packages."
  npm --prefix ui ci --no-audit --no-fund --loglevel=error
  printf '%s\n' "$wanted" >"$stamp"
}

# cargo embeds ui/dist; leaving it alone when nothing changed spares the app a rebuild.
build() {
  local stamp=ui/dist/.built-from wanted
  wanted=$(sources | sha256sum)
  [ -f ui/dist/index.html ] && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && return 0
  say "Building the UI."
  npm --prefix ui run build
  printf '%s\n' "$wanted" >"$stamp"
}

sources() {
  find ui \( -name node_modules -o -name dist -o -path ui/src/paraglide \) -prune -o -type f -print0 |
    LC_ALL=C sort -z | xargs -0 sha256sum
}

case ${1:-} in
  packages) install_packages ;;
  build) install_packages && build ;;
  *) fail "say what: scripts/ui.sh packages, or scripts/ui.sh build" ;;
esac
