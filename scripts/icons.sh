#!/usr/bin/env bash
# Draws every icon from icons/source: PNGs with rsvg-convert, then the containers of Windows and macOS.
# Up to 32 px the drawing for small sizes is used, because the large one blurs there.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
scripts/setup.sh --icons

drawn=$(mktemp -d)
trap 'rm -rf "$drawn"' EXIT

draw() { rsvg-convert --width "$2" --height "$2" "$1" --output "$3"; }

for size in 16 24 32; do draw icons/source/app-icon-small.svg $size "$drawn/$size.png"; done
for size in 48 64 128 256 512 1024; do draw icons/source/app-icon.svg $size "$drawn/$size.png"; done

cp "$drawn/32.png" icons/32x32.png
cp "$drawn/128.png" icons/128x128.png
cp "$drawn/256.png" icons/128x128@2x.png
cp "$drawn/512.png" icons/icon.png
python3 scripts/icon-containers.py "$drawn" icons

# The tray: black for light panels and macOS, which tints it; white for dark panels.
mkdir -p icons/tray
for state in ready busy problem; do
  sed 's/#000/#fff/g' "icons/source/tray-$state.svg" >"$drawn/$state-white.svg"
  for size in 16 32; do
    draw "icons/source/tray-$state.svg" $size "icons/tray/$state-$size.png"
    draw "$drawn/$state-white.svg" $size "icons/tray/$state-white-$size.png"
  done
done
say "Icons are drawn into icons/. Look at them before you commit them."
