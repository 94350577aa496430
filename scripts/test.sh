#!/usr/bin/env bash
# make test: every check and every test. With --fast (make check): what takes seconds once built.
# A step that fails does not stop the others, so that one run tells everything; the exit code tells all.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

fast=
[ "${1:-}" = --fast ] && fast=yes
log=$(mktemp)
trap 'rm -f "$log"' EXIT
failed_steps=()
export CARGO_TERM_COLOR=${CARGO_TERM_COLOR:-auto}
export PICFERRY_TEST_TOOLS=$test_tools

# step NAME COMMAND…: runs it, says how long it took, remembers a failure and goes on.
step() {
  local name=$1 began=$SECONDS status=0
  shift
  say "── $name"
  "$@" 2>&1 | tee -a "$log" || status=$?
  if [ "$status" -eq 0 ]; then
    say "── $name: $((SECONDS - began)) s"
  else
    say "── $name: FAILED (exit code $status)"
    failed_steps+=("$name")
  fi
}

# What the runners counted, from their own closing lines.
summary() {
  sed 's/\x1b\[[0-9;]*m//g' "$log" | awk '
    /^test result: / { passed += $4; failed += $6 }
    /^ +Tests +[0-9]/ { for (i = 2; i <= NF; i++) { if ($i == "passed") passed += $(i - 1); if ($i == "failed") failed += $(i - 1) } }
    END { printf "%d passed, %d failed\n", passed, failed }'
}

if [ -n "$fast" ]; then
  scripts/setup.sh
else
  scripts/setup.sh --tests
  scripts/test-tools.sh
  tests/editors/unchanged/install.sh
fi
scripts/ui.sh packages

step "Rust formatting" cargo fmt --all --check
step "UI: formatting, lints, types, messages" npm --prefix ui run check
step "UI: tests" npm --prefix ui run test
scripts/ui.sh build
step "Rust lints" cargo clippy --workspace --all-targets --locked -- -D warnings

if [ -n "$fast" ]; then
  step "Unit tests" cargo test --workspace --locked --no-fail-fast --lib --bins
  step "Rules of the house" cargo test --workspace --locked --no-fail-fast --test house
else
  # The window has steps of its own: its tests share one pointer, keyboard and clipboard.
  mapfile -t targets < <(targets_of_kind test desktop wayland)
  # The journeys start the real binaries, and everything below runs what this builds.
  step "Build" cargo build --workspace --locked --bins --tests
  step "Unit, contract and journey tests" cargo test --workspace --locked --no-fail-fast --lib --bins "${targets[@]}"
  step "Examples in the documentation" cargo test --workspace --locked --no-fail-fast --doc
  step "The real window" cargo test --workspace --locked --no-fail-fast --test desktop -- --test-threads=1
  step "The real window on Wayland" cargo test --workspace --locked --no-fail-fast --test wayland -- --test-threads=1
fi

if [ ${#failed_steps[@]} -gt 0 ]; then
  say ""
  say "These steps failed:"
  for name in "${failed_steps[@]}"; do say "  $name"; done
fi
summary
[ ${#failed_steps[@]} -eq 0 ]
