#!/bin/bash
# headless.sh COMMAND…: a Wayland desktop of its own for one command, torn down when the command ends.
#
# Compositor without a screen and without X11, session bus, keyboard and tray, with private XDG folders.
# Needs: sway wtype dbus python3-gi python3-dbus.
set -u
KIT=$(cd "$(dirname "$0")" && pwd)
PRIVATE=$(mktemp -d) || exit 1
export KIT PRIVATE
export XDG_RUNTIME_DIR=$PRIVATE/run XDG_CONFIG_HOME=$PRIVATE/config XDG_DATA_HOME=$PRIVATE/data
export XDG_CACHE_HOME=$PRIVATE/cache XDG_STATE_HOME=$PRIVATE/state
export GDK_BACKEND=wayland NO_AT_BRIDGE=1 XDG_SESSION_TYPE=wayland PICFERRY_SECRETS=file
export WLR_BACKENDS=headless WLR_RENDERER=pixman WLR_LIBINPUT_NO_DEVICES=1
unset DISPLAY WAYLAND_DISPLAY SWAYSOCK DBUS_SESSION_BUS_ADDRESS
mkdir -p "$XDG_RUNTIME_DIR" "$XDG_CONFIG_HOME" "$XDG_DATA_HOME" "$XDG_CACHE_HOME" "$XDG_STATE_HOME"
chmod 700 "$XDG_RUNTIME_DIR"

# Whatever still runs on this desktop ends with it, also when the tests were killed; it is known by the private
# folder in its environment, which nothing else has.
tear_down() {
  local one
  for one in $(grep -lzx "PRIVATE=$PRIVATE" /proc/[0-9]*/environ 2>/dev/null | cut -d/ -f3); do
    kill -KILL "$one" 2>/dev/null
  done
  rm -rf "$PRIVATE"
}
trap tear_down EXIT

AS_NOBODY=
if [ "$(id -u)" -eq 0 ]; then
  # sway 1.7 does not run as root. Root reaches the sockets of whoever it runs as instead.
  AS_NOBODY="setpriv --reuid=65534 --regid=65534 --clear-groups"
  chmod 711 "$PRIVATE"
  chown 65534:65534 "$XDG_RUNTIME_DIR"
fi
export AS_NOBODY

cat >"$PRIVATE/sway" <<'CONFIG'
xwayland disable
output HEADLESS-1 resolution 1440x960
default_border none
for_window [title=".*"] floating enable
CONFIG

dbus-run-session -- bash -c '
  $AS_NOBODY sway -c "$PRIVATE/sway" >"$PRIVATE/sway.log" 2>&1 &
  for _ in $(seq 200); do
    export SWAYSOCK=$(echo "$XDG_RUNTIME_DIR"/sway-ipc.*.sock)
    export WAYLAND_DISPLAY=$(cd "$XDG_RUNTIME_DIR" && ls | grep -x "wayland-[0-9]*")
    [ -n "$WAYLAND_DISPLAY" ] && swaymsg -t get_outputs 2>/dev/null | grep -q 1440 && break
    sleep 0.05
  done
  # A keyboard that nobody types on: a window learns of a keyboard that is just plugged in too late for its
  # first key.
  wtype -s 3600000 >/dev/null 2>&1 &
  if [ -z "${WITHOUT_TRAY:-}" ]; then
    /usr/bin/python3 "$KIT/../../desktop/kit/sni_host.py" serve >/dev/null 2>&1 &
  fi
  "$@"
  code=$?
  kill $(jobs -p) 2>/dev/null
  wait 2>/dev/null
  exit $code' headless "$@"
