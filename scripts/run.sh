#!/usr/bin/env bash
# make run: readies the machine, builds, and opens the app. Without a display the main job is done here in
# the terminal instead: a sample picture goes to the built-in store and its link comes out.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

scripts/setup.sh
scripts/ui.sh build
cargo build --workspace --bins
binaries=$(target_dir)/debug

has_display() {
  [ "$(uname -s)" != Linux ] || [ -n "${DISPLAY:-}" ] || [ -n "${WAYLAND_DISPLAY:-}" ]
}

if has_display; then
  exec "$binaries/picferry-app"
fi

say ""
say "There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set), so no window can open."
say "The same job without one: the built-in store is started, and a sample picture is uploaded to it."
say ""

# No keychain to ask on a machine without a desktop: a file that only this user can read takes its place.
[ -n "${DBUS_SESSION_BUS_ADDRESS:-}" ] || export PICFERRY_SECRETS=${PICFERRY_SECRETS:-file}

"$binaries/picferry" serve &
store=$!
stop() {
  trap - EXIT INT TERM
  kill "$store" 2>/dev/null || true
  wait "$store" 2>/dev/null || true
}
trap stop EXIT
trap 'stop; say ""; say "The store is closed."; exit 0' INT TERM

link=
for _ in {1..50}; do
  kill -0 "$store" 2>/dev/null || fail "the built-in store did not start" "Run: $binaries/picferry serve"
  if link=$("$binaries/picferry" upload crates/imaging/assets/sample.jpg --profile "This computer" --format url 2>"$root/target/upload.log"); then break; fi
  link=
  sleep 0.2
done
