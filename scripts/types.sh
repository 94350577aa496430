#!/usr/bin/env bash
# Writes ui/src/generated from the command table in crates/rpc. A test fails when the two differ.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
PICFERRY_WRITE_TYPES=1 cargo test --workspace --quiet --lib typescript::
git --no-pager diff --stat -- ui/src/generated
