#!/usr/bin/env bash
# make run: readies the machine, builds, and opens the app. Without a display the main job is done here in
# the terminal instead: a sample picture goes to the built-in store and its link comes out.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

scripts/setup.sh
scripts/ui.sh build
cargo build --workspace --bins
binaries=$(target_dir)/debug

if [ "$(uname -s)" != Linux ] || [ -n "${DISPLAY:-}" ] || [ -n "${WAYLAND_DISPLAY:-}" ]; then
  exec "$binaries/picferry-app"
fi

say ""
say "There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set), so no window can open."
say "The same job without one: the built-in store is started, and a sample picture is uploaded to it."
say ""

# A machine without a desktop has no keychain to ask: a file that only this user can read takes its place.
if [ -z "${DBUS_SESSION_BUS_ADDRESS:-}" ] && [ -z "${PICFERRY_SECRETS:-}" ]; then
  export PICFERRY_SECRETS=file
  say "There is no keychain either, so the store's keys are kept in a file that only you can read."
fi

exec {ready}< <(exec "$binaries/picferry" serve)
store=$!
stop() {
  trap - EXIT INT TERM HUP
  kill "$store" 2>/dev/null || true
  while kill -0 "$store" 2>/dev/null; do sleep 0.1; done
}
trap stop EXIT
trap 'stop; say "The store is closed."; exit 0' INT TERM HUP

# Its first line says that it listens.
read -r -t 30 listening <&"$ready" ||
  fail "the built-in store did not start" "Look at what it says: $binaries/picferry serve"
say "$listening"
link=$("$binaries/picferry" upload crates/imaging/assets/sample.jpg --profile "This computer" --format url)
printf '%s\n' "$link"
say ""
say "Open it in a browser on this machine; the store stays up until Ctrl+C."
while kill -0 "$store" 2>/dev/null; do sleep 0.5; done
fail "the built-in store stopped by itself" "Look at what it says: $binaries/picferry serve"
