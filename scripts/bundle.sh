#!/usr/bin/env bash
# make bundle: builds what people install and puts it into target/bundles.
# Usage: scripts/bundle.sh [--profile NAME] [--bundles LIST] [--targets "TRIPLE TRIPLE"]
# With two targets (macOS) their binaries are joined into universal ones.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

profile=dist bundles= targets= cli=@tauri-apps/cli@2.12.5
while [ $# -gt 0 ]; do
  case $1 in
    --profile) profile=$2 ;;
    --bundles) bundles=$2 ;;
    --targets) targets=$2 ;;
    *) fail "unknown option $1" "The options are --profile, --bundles and --targets." ;;
  esac
  shift 2
done
case $(uname -s) in
  Linux) bundles=${bundles:-deb,rpm} exe= ;;
  Darwin) bundles=${bundles:-app,dmg} exe= ;;
  *) bundles=${bundles:-nsis,msi} exe=.exe ;;
esac

scripts/setup.sh
[ -f ui/dist/index.html ] && [ -n "${PICFERRY_UI_IS_BUILT:-}" ] || scripts/ui.sh build
[ -f target/THIRD-PARTY.txt ] && [ -n "${PICFERRY_UI_IS_BUILT:-}" ] || scripts/licences.sh

built=$(target_dir)
folder=$profile
[ "$profile" != dev ] || folder=debug
host=$(rustc -vV | sed -n 's/^host: //p')
triple=$host
staged=$root/target/bundles
rm -rf "$staged"
mkdir -p "$staged"

# The bundler looks for a release build; it gets one with our profile's binaries, in a folder of its own.
if [ -z "$targets" ]; then
  PICFERRY_LINK_ARGS=$(scripts/order-functions.sh "$profile")
  export PICFERRY_LINK_ARGS
  cargo build --workspace --bins --locked --profile "$profile"
  release=$staged/release
  mkdir -p "$release"
  cp "$built/$folder/picferry-app$exe" "$built/$folder/picferry$exe" "$release/"
else
  for target in $targets; do
    cargo build --workspace --bins --locked --profile "$profile" --target "$target"
  done
  triple=universal-apple-darwin
  release=$staged/$triple/release
  mkdir -p "$release"
  for binary in picferry-app picferry; do
    lipo -create -output "$release/$binary" $(for target in $targets; do echo "$built/$target/$folder/$binary"; done)
  done
fi

# The command line travels beside the app; the bundler wants the platform in such a file's name.
cp "$release/picferry$exe" "$staged/picferry-$triple$exe"
# Distributions have a place for manuals and for what shells need to complete a command line.
if [ "$(uname -s)" = Linux ]; then
  mkdir -p "$staged/man" "$staged/completions"
  "$release/picferry" man --into "$staged/man"
  gzip --best --no-name "$staged"/man/*
  for shell in bash zsh fish; do "$release/picferry" completions "$shell" >"$staged/completions/$shell"; done
fi
# Windows signs with whatever command it is told; Apple's certificate comes from the environment.
node -e '
  const { existsSync, readdirSync } = require("node:fs");
  const [staged] = process.argv.slice(1);
  const bundle = {
    externalBin: ["target/bundles/picferry"],
    resources: Object.fromEntries(
      ["target/THIRD-PARTY.txt", "LICENSE-MIT", "LICENSE-APACHE"].map((file) => [file, file.replace("target/", "")]),
    ),
  };
  if (existsSync(`${staged}/man`)) {
    const manuals = readdirSync(`${staged}/man`).map((page) => [`/usr/share/man/man1/${page}`, `${staged}/man/${page}`]);
    const files = (zsh) => ({
      ...Object.fromEntries(manuals),
      "/usr/share/bash-completion/completions/picferry": `${staged}/completions/bash`,
      [`/usr/share/zsh/${zsh}/_picferry`]: `${staged}/completions/zsh`,
      "/usr/share/fish/vendor_completions.d/picferry.fish": `${staged}/completions/fish`,
    });
    bundle.linux = { deb: { files: files("vendor-completions") }, rpm: { files: files("site-functions") } };
  }
  const command = process.env.WINDOWS_SIGN_COMMAND;
  if (command) bundle.windows = { signCommand: command };
  console.log(JSON.stringify({ bundle }, null, 2));' "$staged" >"$staged/bundle.json"

arguments=(bundle --ci --bundles "$bundles" --config "$staged/bundle.json")
[ -z "$targets" ] || arguments+=(--target "$triple")
# Without a certificate the packages are unsigned; the bundler must not look for one.
[ -n "${APPLE_CERTIFICATE:-}${WINDOWS_SIGN_COMMAND:-}" ] || arguments+=(--no-sign)
CARGO_TARGET_DIR=$staged npx --yes "$cli" "${arguments[@]}"

say ""
say "Built:"
find "$release/bundle" -type f \( -name '*.deb' -o -name '*.rpm' -o -name '*.AppImage' -o -name '*.dmg' \
  -o -name '*-setup.exe' -o -name '*.msi' \) -print
