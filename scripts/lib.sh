# Shared by the scripts: where the project is, and how they speak. Source it, do not run it.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

say() { printf '%s\n' "$*" >&2; }
fail() { printf 'error: %s\n' "$1" >&2; [ $# -lt 2 ] || printf 'hint: %s\n' "$2" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# True when version $1 is at least $2 (1.95.0 against 1.95).
at_least() {
  local IFS=. i
  local -a got=($1) wanted=($2)
  for i in 0 1 2; do
    local a=${got[i]:-0} b=${wanted[i]:-0}
    a=${a%%[!0-9]*} b=${b%%[!0-9]*}
    ((10#${a:-0} > 10#${b:-0})) && return 0
    ((10#${a:-0} < 10#${b:-0})) && return 1
  done
  return 0
}

# Where cargo puts what it builds, whoever decided that: the variable, a cargo configuration, the default.
target_dir() {
  if [ -n "${CARGO_TARGET_DIR:-}" ]; then
    printf '%s\n' "$CARGO_TARGET_DIR"
  else
    cargo metadata --no-deps --format-version 1 | node -p 'JSON.parse(require("fs").readFileSync(0)).target_directory'
  fi
}

# The options that name every target of a kind in the workspace (`--test journeys --test house`), but not those
# of the names that follow. Naming them leaves out the others, which cargo would build as well.
targets_of_kind() {
  cargo metadata --no-deps --format-version 1 | node -e '
    const [kind, ...but] = process.argv.slice(1);
    const { packages } = JSON.parse(require("fs").readFileSync(0));
    const targets = packages.flatMap((one) => one.targets);
    for (const { name } of targets.filter((one) => one.kind.includes(kind) && !but.includes(one.name))) {
      console.log(`--${kind}\n${name}`);
    }' "$@"
}

# Where the test tools that are not system packages live (scripts/test-tools.sh).
test_tools=${PICFERRY_TEST_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/picferry/test-tools}
