#!/usr/bin/env python3
"""A tray without a screen: a StatusNotifier watcher and host, and hands for its menus.

  sni_host.py serve               be the tray until killed
  sni_host.py dump                the first item with its whole menu, as JSON
  sni_host.py click PATH          choose an entry: "Quit", or "Destination*/Blog" inside a submenu
"""
import fnmatch
import json
import sys

import dbus
import dbus.mainloop.glib
import dbus.service
from gi.repository import GLib

WATCHER = "org.kde.StatusNotifierWatcher"
ITEM = "org.kde.StatusNotifierItem"


class Watcher(dbus.service.Object):
    """Knows the items on the bus, and says that somebody shows them."""

    def __init__(self, bus):
        self.items = []
        self.name = dbus.service.BusName(WATCHER, bus)
        super().__init__(bus, "/StatusNotifierWatcher")
        bus.add_signal_receiver(self.owner_changed, "NameOwnerChanged", "org.freedesktop.DBus")

    def owner_changed(self, name, old, new):
        if new:
            return
        for item in [item for item in self.items if item.split("/")[0] in (name, old)]:
            self.items.remove(item)
            self.StatusNotifierItemUnregistered(item)

    @dbus.service.method(WATCHER, in_signature="s", sender_keyword="sender")
    def RegisterStatusNotifierItem(self, service, sender=None):
        item = sender + service if service.startswith("/") else service + "/StatusNotifierItem"
        if item not in self.items:
            self.items.append(item)
        self.StatusNotifierItemRegistered(item)

    @dbus.service.method(WATCHER, in_signature="s")
    def RegisterStatusNotifierHost(self, service):
        self.StatusNotifierHostRegistered()

    @dbus.service.signal(WATCHER, signature="s")
    def StatusNotifierItemRegistered(self, item):
        pass

    @dbus.service.signal(WATCHER, signature="s")
    def StatusNotifierItemUnregistered(self, item):
        pass

    @dbus.service.signal(WATCHER)
    def StatusNotifierHostRegistered(self):
        pass

    def properties(self):
        return {
            "RegisteredStatusNotifierItems": dbus.Array(self.items, signature="s"),
            "IsStatusNotifierHostRegistered": dbus.Boolean(True),
            "ProtocolVersion": dbus.Int32(0),
        }

    @dbus.service.method(dbus.PROPERTIES_IFACE, in_signature="ss", out_signature="v")
    def Get(self, interface, name):
        return self.properties()[name]

    @dbus.service.method(dbus.PROPERTIES_IFACE, in_signature="s", out_signature="a{sv}")
    def GetAll(self, interface):
        return self.properties()


class Item:
    """The first item in the tray."""

    def __init__(self, bus):
        watcher = dbus.Interface(bus.get_object(WATCHER, "/StatusNotifierWatcher"), dbus.PROPERTIES_IFACE)
        items = watcher.Get(WATCHER, "RegisteredStatusNotifierItems")
        if not items:
            sys.exit("the tray is empty")
        service, path = str(items[0]).split("/", 1)
        self.properties = dbus.Interface(bus.get_object(service, "/" + path), dbus.PROPERTIES_IFACE)
        menu = self.properties.Get(ITEM, "Menu")
        self.menu = dbus.Interface(bus.get_object(service, menu), "com.canonical.dbusmenu")

    def entries(self):
        self.menu.AboutToShow(0)
        _, layout = self.menu.GetLayout(0, -1, dbus.Array([], signature="s"))
        return [self.entry(child) for child in layout[2]]

    def entry(self, layout):
        number, properties, children = layout
        return {
            "id": int(number),
            # Two underscores are one; a single one marks a letter to type.
            "label": str(properties.get("label", "")).replace("__", "\0").replace("_", "").replace("\0", "_"),
            "enabled": bool(properties.get("enabled", True)),
            "checked": int(properties.get("toggle-state", 0)) == 1,
            "has_icon": bytes(properties.get("icon-data", [])).startswith(b"\x89PNG"),
            "children": [self.entry(child) for child in children],
        }

    def dump(self):
        icons = self.properties.Get(ITEM, "IconPixmap")
        tip = self.properties.Get(ITEM, "ToolTip")
        return {
            "id": str(self.properties.Get(ITEM, "Id")),
            "title": str(self.properties.Get(ITEM, "Title")),
            "status": str(tip[3]),
            "icon": [[int(icon[0]), int(icon[1]), len(icon[2])] for icon in icons],
            "menu": self.entries(),
        }

    def click(self, path):
        entries = self.entries()
        for label in path.split("/"):
            # A star at the end stands for the rest of a label.
            found = [entry for entry in entries if fnmatch.fnmatchcase(entry["label"], label)]
            if not found:
                sys.exit(f"no entry {label!r} in {[entry['label'] for entry in entries]}")
            entries = found[0]["children"]
        if not found[0]["enabled"]:
            sys.exit(f"the entry {path!r} is greyed out")
        nothing = dbus.String("", variant_level=1)
        self.menu.Event(found[0]["id"], "clicked", nothing, dbus.UInt32(0))


def main():
    dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
    bus = dbus.SessionBus()
    if sys.argv[1] == "serve":
        Watcher(bus)
        GLib.MainLoop().run()
    elif sys.argv[1] == "dump":
        print(json.dumps(Item(bus).dump()))
    else:
        Item(bus).click(sys.argv[2])


main()
