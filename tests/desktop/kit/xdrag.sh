#!/bin/bash
# xdrag.sh WINDOW_NAME X Y [hold SECONDS] FILE…: a real drag of the files onto a place of the window;
# addresses instead of files are links, and `--text WORDS` drags a text.
#
# With `hold` the button stays down over the window for that long before the drop.
set -eu
KIT=$(cd "$(dirname "$0")" && pwd)
NAME=$1 OFFSET_X=$2 OFFSET_Y=$3
shift 3
HOLD=0.3
if [ "$1" = hold ]; then HOLD=$2; shift 2; fi

LOG=$(mktemp)
/usr/bin/python3 "$KIT/dragsource.py" "$@" >"$LOG" 2>&1 &
SOURCE_PID=$!
trap 'kill $SOURCE_PID 2>/dev/null; rm -f "$LOG"' EXIT

# --onlyvisible: GTK makes small invisible windows with the same title.
SOURCE=$(timeout 15 xdotool search --sync --onlyvisible --name '^dragsource$' | head -1)
[ -n "$SOURCE" ] || { cat "$LOG" >&2; exit 1; }
TARGET=$(timeout 15 xdotool search --sync --onlyvisible --name "$NAME" | head -1)
timeout 3 xdotool windowmove --sync "$SOURCE" 0 0 || true
timeout 3 xdotool windowmove --sync "$TARGET" 300 150 || true
xdotool windowraise "$SOURCE"
sleep 0.3
eval "$(xdotool getwindowgeometry --shell "$SOURCE")"
FROM_X=$((X + 80)) FROM_Y=$((Y + 50))
eval "$(xdotool getwindowgeometry --shell "$TARGET")"
TO_X=$((X + OFFSET_X)) TO_Y=$((Y + OFFSET_Y))

xdotool mousemove $FROM_X $FROM_Y
sleep 0.2
xdotool mousedown 1
sleep 0.2
for step in $(seq 1 16); do
  xdotool mousemove $((FROM_X + (TO_X - FROM_X) * step / 16)) $((FROM_Y + (TO_Y - FROM_Y) * step / 16))
  sleep 0.05
done
xdotool mousemove $((TO_X + 2)) $((TO_Y + 2))
sleep "$HOLD"
xdotool mouseup 1
for _ in $(seq 40); do grep -q DRAG_END "$LOG" && break; sleep 0.05; done
if grep -q DRAG_FAILED "$LOG" || ! grep -q DRAG_END "$LOG"; then
  echo "the drop was refused: $(cat "$LOG")" >&2
  exit 1
fi
