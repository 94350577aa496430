#!/usr/bin/env bash
# Installs the clients of tests/editors/unchanged.rs, as their registries have them, beside the other test tools.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../../../scripts/lib.sh"

folder=tests/editors/unchanged
clients=$(dirname "$test_tools")/unchanged
stamp=$clients/.installed
wanted=$(cat "$folder"/{package-lock.json,requirements.txt} | sha256sum)
[ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && [ -x "$clients/python/bin/imp" ] && exit 0

# The system's Python where it is new enough for image-migrate-picgo; another one otherwise.
python=
for candidate in /usr/bin/python3 python3 python3.13 python3.12 python3.11; do
  if "$candidate" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    python=$candidate
    break
  fi
done
[ -n "$python" ] || fail "no Python 3.11 or newer that can make a virtual environment" \
  "On Debian: apt-get install python3-venv. On Ubuntu 22.04: apt-get install python3.11-venv"

say "Installing the clients that the server for editors is tested with into $clients."
rm -rf "$clients"
mkdir -p "$clients"
cp "$folder"/package{,-lock}.json "$clients"
# universal-picgo is one file that holds all it runs, so its entry in the lock names none of what it was built from.
npm --prefix "$clients" ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
"$python" -m venv "$clients/python"
"$clients/python/bin/pip" install --quiet --disable-pip-version-check --no-input -r "$folder/requirements.txt"
printf '%s\n' "$wanted" >"$stamp"
