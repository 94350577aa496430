#!/usr/bin/env python3
"""The part of a Wayland desktop that gives programs global keys (org.freedesktop.portal.GlobalShortcuts).

Prints `bound KEYS` when a program binds its keys; a line on standard input presses them.
"""
import sys
import threading

import dbus
import dbus.mainloop.glib
import dbus.service
from gi.repository import GLib

DESKTOP = "/org/freedesktop/portal/desktop"
SHORTCUTS = "org.freedesktop.portal.GlobalShortcuts"
REQUEST = "org.freedesktop.portal.Request"
SESSION = "org.freedesktop.portal.Session"


class Request(dbus.service.Object):
    @dbus.service.signal(REQUEST, signature="ua{sv}")
    def Response(self, response, results):
        pass


class Session(dbus.service.Object):
    @dbus.service.method(SESSION)
    def Close(self):
        print("closed", flush=True)
        self.remove_from_connection()

    @dbus.service.method(dbus.PROPERTIES_IFACE, in_signature="ss", out_signature="v")
    def Get(self, interface, name):
        return dbus.UInt32(1)


class Portal(dbus.service.Object):
    def __init__(self, bus):
        self.bus = bus
        self.name = dbus.service.BusName("org.freedesktop.portal.Desktop", bus)
        self.session = None
        self.shortcut = None
        super().__init__(bus, DESKTOP)

    def answer(self, kind, sender, options, results):
        who = sender[1:].replace(".", "_")
        path = f"{DESKTOP}/request/{who}/{options['handle_token']}"
        request = Request(self.bus, path)
        GLib.idle_add(lambda: request.Response(dbus.UInt32(0), dbus.Dictionary(results, signature="sv")))
        return dbus.ObjectPath(path)

    @dbus.service.method(SHORTCUTS, in_signature="a{sv}", out_signature="o", sender_keyword="sender")
    def CreateSession(self, options, sender=None):
        who = sender[1:].replace(".", "_")
        self.session = dbus.ObjectPath(f"{DESKTOP}/session/{who}/{options['session_handle_token']}")
        Session(self.bus, self.session)
        return self.answer("session", sender, options, {"session_handle": dbus.String(self.session)})

    @dbus.service.method(
        SHORTCUTS, in_signature="oa(sa{sv})sa{sv}", out_signature="o", sender_keyword="sender"
    )
    def BindShortcuts(self, session, shortcuts, parent, options, sender=None):
        bound = []
        for name, properties in shortcuts:
            keys = str(properties.get("preferred_trigger", ""))
            self.shortcut = name
            described = {"description": properties["description"], "trigger_description": dbus.String(keys)}
            bound.append((name, dbus.Dictionary(described, signature="sv")))
            print(f"bound {keys}", flush=True)
        shortcuts = dbus.Array(bound, signature="(sa{sv})")
        return self.answer("bind", sender, options, {"shortcuts": shortcuts})

    @dbus.service.signal(SHORTCUTS, signature="osta{sv}")
    def Activated(self, session, shortcut, timestamp, options):
        pass

    @dbus.service.method(dbus.PROPERTIES_IFACE, in_signature="ss", out_signature="v")
    def Get(self, interface, name):
        return dbus.UInt32(1)

    @dbus.service.method(dbus.PROPERTIES_IFACE, in_signature="s", out_signature="a{sv}")
    def GetAll(self, interface):
        return {"version": dbus.UInt32(1)}

    def press(self):
        self.Activated(self.session, self.shortcut, dbus.UInt64(0), dbus.Dictionary({}, signature="sv"))


def main():
    dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
    portal = Portal(dbus.SessionBus())
    print("ready", flush=True)

    def hands():
        for _ in sys.stdin:
            GLib.idle_add(portal.press)

    threading.Thread(target=hands, daemon=True).start()
    GLib.MainLoop().run()


main()
