#!/usr/bin/env bash
# Finds out which functions of the command line run in ordinary use, and prints the options with which the
# linker puts them side by side. The system brings a program into memory in pieces of 64 kB around each function
# that runs; scattered over 40 MB of code, those of one upload touch half of all pieces.
# Usage: export PICFERRY_LINK_ARGS=$(scripts/order-functions.sh PROFILE), and build once more.
# Prints nothing where the linker cannot do that: it is a matter of memory, not of what the program does.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

profile=${1:?a profile of Cargo.toml}
[ "$(rustc -vV | sed -n 's/^host: //p')" = x86_64-unknown-linux-gnu ] || exit 0
scripts/setup.sh --order >&2

# With the names of its functions, which the finished program does without.
cargo build --workspace --bin picferry --locked --profile "$profile" \
  --config "profile.$profile.package.picferry-cli.strip=false" >&2
binary=$(target_dir)/$profile/picferry
readelf --string-dump .comment "$binary" | grep -q LLD || exit 0

order=$(node scripts/order/trace.mjs "$binary" "$(target_dir)")
arguments="-Wl,--symbol-ordering-file=$order -Wl,--no-warn-symbol-ordering"
# Addresses that are set at the start take a tenth of the space in this form. Older systems cannot read it,
# and programs built on them are for them.
at_least "$(getconf GNU_LIBC_VERSION | cut -d' ' -f2)" 2.36 && arguments+=" -Wl,-z,pack-relative-relocs"
printf '%s\n' "$arguments"
