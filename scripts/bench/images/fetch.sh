#!/usr/bin/env bash
# Brings what the picture benches need into the cache, by package name: pictures, the tools to compare with.
# Usage: fetch.sh CACHE. Nothing is installed; packages are unpacked.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../../lib.sh"

cache=$1
mkdir -p "$cache"/{deb,x,bin,made}
have apt-get && have dpkg || fail "the pictures come out of Debian packages, and apt-get is not there" "Run this on Debian or Ubuntu."

# unpack PACKAGE…: into $cache/x/PACKAGE, unless it is there.
unpack() {
  local name
  for name in "$@"; do
    [ -e "$cache/x/$name/.done" ] && continue
    say "Fetching $name."
    (cd "$cache/deb" && apt-get download -qq "$name" 2>/dev/null) || fail "the package $name cannot be fetched" "Try: apt-get update"
    rm -rf "${cache:?}/x/$name"
    dpkg -x "$cache/deb/$name"_*.deb "$cache/x/$name"
    touch "$cache/x/$name/.done"
  done
}

# tool NAME PACKAGE [LIBRARY-PACKAGE…]: $cache/bin/NAME starts the one that is installed, or the one of the package.
tool() {
  local name=$1 package=$2 libraries= one
  shift 2
  [ -x "$cache/bin/$name" ] && return
  if have "$name"; then
    ln -sf "$(command -v "$name")" "$cache/bin/$name"
    return
  fi
  unpack "$package" "$@"
  for one in "$@"; do libraries+=:$(echo "$cache/x/$one"/usr/lib/*/); done
  printf '#!/bin/sh\nLD_LIBRARY_PATH=%s exec %s "$@"\n' "${libraries#:}" "$cache/x/$package/usr/bin/$name" >"$cache/bin/$name"
  chmod +x "$cache/bin/$name"
  if LD_LIBRARY_PATH=${libraries#:} ldd "$cache/x/$package/usr/bin/$name" | grep -q 'not found'; then
    rm "$cache/bin/$name"
    fail "$name needs libraries that are not installed" "apt-get install $package"
  fi
}

unpack lomiri-wallpapers-16.04 lomiri-wallpapers-20.04 mate-backgrounds kicad-doc-en qtcreator-doc gimp-help-en
tool pngquant pngquant libimagequant0
tool cwebp webp
tool avifenc libavif-bin
tool avifdec libavif-bin

if [ ! -e "$cache/x/scikit-image/.done" ]; then
  say "Fetching scikit-image."
  mkdir -p "$cache/py"
  python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: --dest "$cache/py" scikit-image
  mkdir -p "$cache/x/scikit-image"
  python3 -m zipfile -e "$(ls "$cache"/py/scikit_image-*.whl | tail -1)" "$cache/x/scikit-image"
  touch "$cache/x/scikit-image/.done"
fi

oxipng=10.2.1
if [ ! -x "$cache/bin/oxipng" ]; then
  say "Building oxipng $oxipng."
  CARGO_TARGET_DIR=$cache/oxipng-target cargo install --quiet --locked --root "$cache" --version "$oxipng" oxipng
fi
