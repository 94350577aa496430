#!/usr/bin/env python3
"""A mouse of the compositor's own (wlr-virtual-pointer), for drags that no program may fake from outside.

Takes lines on standard input: "move X Y", "down", "up". Answers each with "done" once the compositor has
seen it. The mouse is unplugged when the input ends.
"""
import itertools
import os
import socket
import struct
import sys

MANAGER = "zwlr_virtual_pointer_manager_v1"
SCREEN = (1440, 960)
LEFT_BUTTON = 0x110
DISPLAY, REGISTRY = 1, 2

place = os.path.join(os.environ["XDG_RUNTIME_DIR"], os.environ["WAYLAND_DISPLAY"])
compositor = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
compositor.connect(place)
incoming = compositor.makefile("rb")
ids = itertools.count(REGISTRY)
times = itertools.count(1)


def text(value):
    raw = value.encode() + b"\0"
    return struct.pack("=I", len(raw)) + raw + b"\0" * (-len(raw) % 4)


def send(target, opcode, *arguments):
    body = b"".join(one if isinstance(one, bytes) else struct.pack("=I", one) for one in arguments)
    compositor.sendall(struct.pack("=II", target, (8 + len(body)) << 16 | opcode) + body)


def events_until_seen():
    """Asks the compositor to say when it has seen everything so far; what it says until then."""
    callback = next(ids)
    send(DISPLAY, 0, callback)
    while True:
        source, word = struct.unpack("=II", incoming.read(8))
        body = incoming.read((word >> 16) - 8)
        if source == callback:
            return
        if source == DISPLAY and word & 0xFFFF == 0:
            sys.exit(f"the compositor refuses: {body!r}")
        yield source, word & 0xFFFF, body


send(DISPLAY, 1, next(ids))
names = {}
for source, opcode, body in events_until_seen():
    if source == REGISTRY and opcode == 0:
        name, length = struct.unpack("=II", body[:8])
        names[body[8 : 8 + length - 1].decode()] = name
manager, mouse = next(ids), next(ids)
send(REGISTRY, 0, names[MANAGER], text(MANAGER), 1, manager)
send(manager, 0, 0, mouse)

for line in itertools.chain(["move 0 0"], sys.stdin):
    what, *place = line.split()
    if what == "move":
        send(mouse, 1, next(times), int(place[0]), int(place[1]), *SCREEN)
    else:
        send(mouse, 2, next(times), LEFT_BUTTON, int(what == "down"))
    send(mouse, 4)
    for _ in events_until_seen():
        pass
    print("done", flush=True)
