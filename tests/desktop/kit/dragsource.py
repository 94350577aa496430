#!/usr/bin/env python3
"""A real source of an XDND drag: a window that offers the given files or addresses as text/uri-list, or,
after --text, one text."""
import pathlib
import sys

import gi

gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import Gdk, Gtk

is_text = sys.argv[1:2] == ["--text"]
uris = [path if "://" in path else pathlib.Path(path).resolve().as_uri() for path in sys.argv[1:]]


def give(_widget, _context, data, *_):
    if is_text:
        data.set_text(sys.argv[2], -1)
    else:
        data.set_uris(uris)


def begin(_widget, context):
    context.connect("action-changed", lambda _context, action: print(f"DRAG_OVER {int(action)}", flush=True))


window = Gtk.Window(title="dragsource")
window.set_default_size(160, 100)
window.move(0, 0)
handle = Gtk.EventBox()
handle.add(Gtk.Label(label="DRAG ME"))
handle.drag_source_set(Gdk.ModifierType.BUTTON1_MASK, [], Gdk.DragAction.COPY)
if is_text:
    handle.drag_source_add_text_targets()
else:
    handle.drag_source_add_uri_targets()
handle.connect("drag-data-get", give)
handle.connect("drag-begin", begin)
handle.connect("drag-failed", lambda *_: print("DRAG_FAILED", flush=True))
handle.connect("drag-end", lambda *_: print("DRAG_END", flush=True))
window.add(handle)
window.connect("destroy", Gtk.main_quit)
window.show_all()
Gtk.main()
