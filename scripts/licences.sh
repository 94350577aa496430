#!/usr/bin/env bash
# Collects the licence texts of everything that is shipped into one file, which the packages carry.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
scripts/ui.sh packages
mkdir -p target
cargo metadata --format-version 1 --locked | node scripts/licences.mjs >target/THIRD-PARTY.txt
say "target/THIRD-PARTY.txt: $(grep -c '^## ' target/THIRD-PARTY.txt) texts."
