#!/usr/bin/env bash
# Makes a machine ready: installs the system packages that are missing, and checks Rust and Node.
# Usage: scripts/setup.sh [--tests] [--icons] [--order]
# Safe to run again and again; with nothing missing it says nothing and takes a moment.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

least_rust=1.95
least_node=20.19

# What the app is built with, and what it needs to run. Without nasm the codecs would be built several times
# slower than they can be, and say nothing; cmake builds the one for AVIF.
packages=(build-essential cmake nasm pkg-config libwebkit2gtk-4.1-dev xdg-utils)
purpose="to build and run Picferry"

browser_package() {
  if grep -qs '^ID=ubuntu' /etc/os-release; then echo chromium-browser; else echo chromium; fi
}

for option in "$@"; do
  case $option in
    --tests)
      # A private X server, window manager, session bus, keychain and clipboard for the tests of the real
      # window; a private Wayland compositor with keyboard, clipboard and screenshots for the same there;
      # WebKit's driver; exiftool to check what stripping left; fonts so that Chinese is drawn.
      packages+=(xvfb xauth xdotool xclip x11-utils openbox imagemagick dbus dbus-x11 webkit2gtk-driver
        gnome-keyring libsecret-tools python3-gi gir1.2-gtk-3.0 python3-dbus python3-venv
        fonts-noto-cjk fonts-dejavu-core libimage-exiftool-perl procps libglib2.0-bin
        sway wtype wl-clipboard grim)
      # A client of PicGo needs Python 3.11; Ubuntu 22.04's own is older.
      grep -qs '^VERSION_ID="22.04"' /etc/os-release && packages+=(python3.11-venv)
      # A hostile page is opened in a real browser; Chrome, where it is, does as well.
      have google-chrome || have chromium-browser || packages+=("$(browser_package)")
      purpose="to build and test Picferry"
      ;;
    --icons) packages+=(librsvg2-bin); purpose="to draw Picferry's icons" ;;
    # Runs a program step by step and notes which of its functions ran, and reads what the linker noted.
    --order) packages+=(valgrind binutils); purpose="to put Picferry's functions in order" ;;
    *) fail "unknown option $option" "The options are --tests, --icons and --order." ;;
  esac
done

missing_packages() {
  # Asked once for all: packages that dpkg has never heard of are not listed at all.
  local installed
  installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' "${packages[@]}" 2>/dev/null || true)
  local package
  for package in "${packages[@]}"; do
    grep -qx "installed $package" <<<"$installed" || printf '%s\n' "$package"
  done
}

install_packages() {
  local -a as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    have sudo || fail "these packages are missing and there is no sudo here: $*" \
      "As root: apt-get install --no-install-recommends $*"
    as_root=(sudo)
    if ! sudo -n true 2>/dev/null; then
      [ -t 0 ] || fail "sudo needs a password, and there is no terminal to ask on" \
        "Run this first: sudo apt-get install --no-install-recommends $*"
      say "Installing needs root, so sudo asks for your password."
    fi
  fi
  local -a apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive DEBCONF_NOWARNINGS=yes apt-get -qq -o DPkg::Lock::Timeout=300)
  "${apt[@]}" update || say "The package lists could not be refreshed; trying with the ones at hand."
  "${apt[@]}" install -y --no-install-recommends "$@" >/dev/null ||
    fail "apt-get could not install: $*" "Debian 12 or Ubuntu 22.04 and newer have all of them."
}

check_system() {
  [ "$(uname -s)" = Linux ] || return 0
  if ! have apt-get || ! have dpkg-query; then
    say "This is not Debian or Ubuntu, so nothing is installed for you. Under Debian's names, this is needed $purpose:"
    say "  ${packages[*]}"
    return 0
  fi
  local -a missing
  mapfile -t missing < <(missing_packages)
  [ ${#missing[@]} -eq 0 ] && return 0
  say "Installing what is missing $purpose: ${missing[*]}"
  install_packages "${missing[@]}"
}

check_rust() {
  have cargo && have rustc || fail "Rust is not installed" \
    "Install it with rustup (rustup.rs), version $least_rust or newer, open a new terminal, and run this again."
  local version
  version=$(rustc --version | cut -d' ' -f2)
  at_least "$version" "$least_rust" || fail "Rust $version is too old; Picferry needs $least_rust" \
    "With rustup: rustup update stable"
}

check_node() {
  have node && have npm || fail "Node.js is not installed" \
    "Install version $least_node or newer with npm (nodejs.org, or your version manager), and run this again."
  local version
  version=$(node --version)
  version=${version#v}
  at_least "$version" "$least_node" || fail "Node.js $version is too old; Picferry needs $least_node" \
    "The current long-term version from nodejs.org, or from your version manager, will do."
}

# What cannot be installed from here first, so that nobody waits for packages in vain.
check_rust
check_node
check_system
