"""Packs drawn PNGs into icon.ico (Windows) and icon.icns (macOS).

Usage: icon-containers.py FOLDER_WITH_SIZE.png OUTPUT_FOLDER
"""

import struct
import sys
import zlib
from pathlib import Path

# Windows' own tools take compressed entries at 256 px only; the others are bitmaps.
# 32 px comes first because the toolkit takes the first entry for the window.
ICO_SIZES = [32, 16, 24, 48, 64, 256]

# Type → pixels. The last four are the double-density ones.
ICNS_TYPES = {
    b"ic07": 128, b"ic08": 256, b"ic09": 512, b"ic10": 1024,
    b"ic11": 32, b"ic12": 64, b"ic13": 256, b"ic14": 512,
}


def png_chunks(data):
    position = 8
    while position < len(data):
        length, kind = struct.unpack_from(">I4s", data, position)
        yield kind, data[position + 8 : position + 8 + length]
        position += 12 + length


def unfilter(kind, line, above):
    """Undoes one scanline's PNG filter; four bytes a pixel."""
    out = bytearray(line)
    for i, value in enumerate(line):
        left = out[i - 4] if i >= 4 else 0
        up = above[i]
        corner = above[i - 4] if i >= 4 else 0
        if kind == 0:
            guess = 0
        elif kind == 1:
            guess = left
        elif kind == 2:
            guess = up
        elif kind == 3:
            guess = (left + up) // 2
        else:
            estimate = left + up - corner
            guess = min((left, up, corner), key=lambda one: abs(estimate - one))
        out[i] = (value + guess) & 255
    return out


def pixels(data):
    """Rows of RGBA from an 8-bit RGBA PNG, as rsvg-convert writes them."""
    chunks = list(png_chunks(data))
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", chunks[0][1])
    if (depth, colour, interlaced) != (8, 6, 0):
        sys.exit("error: expected an 8-bit RGBA PNG without interlacing")
    raw = zlib.decompress(b"".join(body for kind, body in chunks if kind == b"IDAT"))
    stride = width * 4
    rows, above = [], bytearray(stride)
    for row in range(height):
        start = row * (stride + 1)
        above = unfilter(raw[start], raw[start + 1 : start + 1 + stride], above)
        rows.append(above)
    return width, height, rows


def bitmap(data):
    """A 32-bit DIB with its (empty) mask, the form that icon entries have."""
    width, height, rows = pixels(data)
    header = struct.pack("<IiiHHIIiiII", 40, width, height * 2, 1, 32, 0, 0, 0, 0, 0, 0)
    body = bytearray()
    for row in reversed(rows):
        for i in range(0, len(row), 4):
            red, green, blue, alpha = row[i : i + 4]
            body += bytes((blue, green, red, alpha))
    mask = bytes(((width + 31) // 32) * 4 * height)
    return header + bytes(body) + mask


def ico(drawn):
    entries = [(size, drawn[size] if size == 256 else bitmap(drawn[size])) for size in ICO_SIZES]
    offset = 6 + 16 * len(entries)
    directory, bodies = struct.pack("<HHH", 0, 1, len(entries)), b""
    for size, body in entries:
        shown = size % 256
        directory += struct.pack("<BBBBHHII", shown, shown, 0, 0, 1, 32, len(body), offset)
        bodies += body
        offset += len(body)
    return directory + bodies


def icns(drawn):
    body = b"".join(
        struct.pack(">4sI", kind, len(drawn[size]) + 8) + drawn[size] for kind, size in ICNS_TYPES.items()
    )
    return struct.pack(">4sI", b"icns", len(body) + 8) + body


def main():
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    sizes = set(ICO_SIZES) | set(ICNS_TYPES.values())
    drawn = {size: (source / f"{size}.png").read_bytes() for size in sizes}
    (target / "icon.ico").write_bytes(ico(drawn))
    (target / "icon.icns").write_bytes(icns(drawn))


main()
