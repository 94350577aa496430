#!/usr/bin/env bash
# make bench: the benches of the crates, then whole programs: the command line, alone and beside PicGo, and the
# window.
# Everything is built with optimisation, as in a release but without link-time optimisation.
# Usage: scripts/bench.sh [benches] [cli] [picgo] [window]; all of them by default.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

parts="${*:-benches cli picgo window}"
scripts/setup.sh --tests
scripts/ui.sh build
cargo build --workspace --locked --release --bins --examples
binaries=$(target_dir)/release

wants() { [[ " $parts " == *" $1 "* ]]; }

if wants benches; then
  mapfile -t benches < <(targets_of_kind bench)
  cargo bench --workspace --locked "${benches[@]}"
fi
say ""
if wants cli || wants picgo; then
  # The command line as it is in the packages.
  PICFERRY_LINK_ARGS=$(scripts/order-functions.sh release)
  export PICFERRY_LINK_ARGS
  cargo build --workspace --locked --release --bins
fi
if wants cli; then
  node scripts/bench/cli.mjs "$binaries"
fi
if wants picgo; then
  npm ci --prefix scripts/bench/picgo --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
  node scripts/bench/picgo/main.mjs "$binaries"
fi
if wants window; then
  # A display of its own: nothing else draws on it, and the measurement does not depend on who is logged in.
  # What the bus and the portals have to say while they start is kept out of the table.
  xvfb-run -a -s "-screen 0 1280x900x24 -noreset" dbus-run-session -- \
    bash -c 'exec node scripts/bench/window.mjs "$1" 2>&3' window "$binaries" 3>&2 2>/dev/null
fi
