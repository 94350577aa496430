#!/bin/bash
# headless.sh COMMAND…: a desktop of its own for one command, torn down when the command ends.
#
# X server, session bus, window manager, unlocked keychain and tray, with private XDG folders.
# WITHOUT_TRAY=1 leaves the tray out. Needs: xvfb xauth dbus openbox gnome-keyring python3-gi
# python3-dbus.
set -u
KIT=$(cd "$(dirname "$0")" && pwd)
PRIVATE=$(mktemp -d)
export KIT PRIVATE
export XDG_RUNTIME_DIR=$PRIVATE/run XDG_CONFIG_HOME=$PRIVATE/config XDG_DATA_HOME=$PRIVATE/data
export XDG_CACHE_HOME=$PRIVATE/cache XDG_STATE_HOME=$PRIVATE/state
export GDK_BACKEND=x11 NO_AT_BRIDGE=1 XDG_SESSION_TYPE=x11
unset WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS
mkdir -p "$XDG_RUNTIME_DIR" "$XDG_CONFIG_HOME" "$XDG_DATA_HOME" "$XDG_CACHE_HOME" "$XDG_STATE_HOME"
chmod 700 "$XDG_RUNTIME_DIR"
trap 'rm -rf "$PRIVATE"' EXIT

xvfb-run -a -s "-screen 0 1440x960x24 -noreset" dbus-run-session -- bash -c '
  openbox >/dev/null 2>&1 &
  # The empty line is the password of a keychain that nobody else sees.
  printf "\n" >"$PRIVATE/password"
  gnome-keyring-daemon --foreground --unlock --components=secrets <"$PRIVATE/password" >/dev/null 2>&1 &
  if [ -z "${WITHOUT_TRAY:-}" ]; then
    /usr/bin/python3 "$KIT/sni_host.py" serve >/dev/null 2>&1 &
  fi
  for _ in $(seq 100); do
    gdbus call --session -d org.freedesktop.DBus -o /org/freedesktop/DBus \
      -m org.freedesktop.DBus.NameHasOwner org.freedesktop.secrets 2>/dev/null | grep -q true && break
    sleep 0.05
  done
  "$@"
  code=$?
  kill $(jobs -p) 2>/dev/null
  wait 2>/dev/null
  exit $code' headless "$@"
