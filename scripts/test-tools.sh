#!/usr/bin/env bash
# Installs the test tools that no system package brings: moto, a second S3 server that is not ours.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

list=scripts/test-tools.txt
stamp=$test_tools/.installed
wanted=$(sha256sum <"$list")
[ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && [ -x "$test_tools/bin/moto_server" ] && exit 0

# The system's Python where it can make an environment; another one otherwise.
python=
for candidate in /usr/bin/python3 python3; do
  if "$candidate" -c 'import venv, ensurepip' 2>/dev/null; then python=$candidate; break; fi
done
[ -n "$python" ] || fail "no Python 3 that can make a virtual environment" "On Debian and Ubuntu: apt-get install python3-venv"

say "Installing the test tools into $test_tools."
rm -rf "$test_tools"
"$python" -m venv "$test_tools"
"$test_tools/bin/pip" install --quiet --disable-pip-version-check --no-input -r "$list"
printf '%s\n' "$wanted" >"$stamp"
