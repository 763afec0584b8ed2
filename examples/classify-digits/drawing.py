"""Draws the weights of the classifier as a PNG, without any library."""

import struct
import zlib

SIDE = 8
SCALE = 12
GAP = 8
COLUMNS = 5
PAPER = (255, 255, 255)


def write_weights(path, weights):
    """One square for each class: blue where a bright pixel speaks for it, red where it speaks against it."""
    strongest = max(abs(weight) for row in weights for weight in row) or 1.0
    square = SIDE * SCALE
    rows = -(-len(weights) // COLUMNS)
    width = COLUMNS * (square + GAP) + GAP
    height = rows * (square + GAP) + GAP
    canvas = [[PAPER] * width for _ in range(height)]
    for label, row in enumerate(weights):
        top = GAP + label // COLUMNS * (square + GAP)
        left = GAP + label % COLUMNS * (square + GAP)
        for y in range(square):
            for x in range(square):
                canvas[top + y][left + x] = colour(row[y // SCALE * SIDE + x // SCALE] / strongest)
    write_png(path, canvas)


def colour(strength):
    """White at 0, blue towards 1, red towards -1."""
    fade = int(255 * (1 - min(abs(strength), 1.0)))
    return (fade, fade, 255) if strength > 0 else (255, fade, fade)


def write_png(path, canvas):
    """Writes rows of (red, green, blue) as a PNG of 8 bits a channel."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    lines = b"".join(b"\0" + bytes(channel for pixel in row for channel in pixel) for row in canvas)
    header = struct.pack(">IIBBBBB", len(canvas[0]), len(canvas), 8, 2, 0, 0, 0)
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n")
        file.write(chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(lines, 9)) + chunk(b"IEND", b""))
