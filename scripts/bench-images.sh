#!/usr/bin/env bash
# make bench-images: the image engine side by side with sharp, the codecs of Squoosh and the usual tools.
# Writes docs/benchmarks.md. Usage: scripts/bench-images.sh [--quick] [--rounds N] [--only SECTION,… [--write]]
# --quick: one round, three pictures, prints instead of writing; --only prints too, unless --write puts its
# figures in the place of those that stand.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

export PICFERRY_BENCH_IMAGES=${PICFERRY_BENCH_IMAGES:-${XDG_CACHE_HOME:-$HOME/.cache}/picferry/bench-images}
have node || fail "Node is not installed" "scripts/setup.sh installs what is missing."
scripts/bench/images/fetch.sh "$PICFERRY_BENCH_IMAGES"

folder=scripts/bench/images
if ! cmp -s "$folder/package-lock.json" "$folder/node_modules/.lock"; then
  say "Installing the packages to compare with."
  npm --prefix "$folder" ci --silent --no-audit --no-fund
  cp "$folder/package-lock.json" "$folder/node_modules/.lock"
fi

cargo build --locked --release --workspace --example bench_images
driver=$(target_dir)/release/examples/bench_images
PATH=$PICFERRY_BENCH_IMAGES/bin:$PATH exec node "$folder/main.mjs" "$driver" "$@"
