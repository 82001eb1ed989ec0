"""Real, tiny pictures and clips: files that a camera could have sent and that any player opens."""

from __future__ import annotations

import struct


def _segment(marker: int, content: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(content) + 2) + content


# One grey pixel, baseline JPEG: a flat quantisation table, and Huffman tables of the single code that the pixel needs.
_PIXEL = b"".join(
    (
        b"\xff\xd8",
        _segment(0xE0, b"JFIF\0\1\1\1\0\x48\0\x48\0\0"),
        _segment(0xDB, b"\0" + b"\1" * 64),
        _segment(0xC0, b"\x08\0\1\0\1\1\1\x11\0"),
        _segment(0xC4, b"\x00\1" + b"\0" * 15 + b"\0"),
        _segment(0xC4, b"\x10\1" + b"\0" * 15 + b"\0"),
        _segment(0xDA, b"\1\1\0\0\x3f\0"),
        b"\x3f",
        b"\xff\xd9",
    )
)


def jpeg(mark: str = "", size: int = 0) -> bytes:
    """A JPEG picture; `mark` makes its content unlike any other, `size` pads it (as comments) to that many bytes."""
    comment = mark.encode()
    head = len(_PIXEL[:2]) + len(_segment(0xE0, b"\0" * 14))
    content = _PIXEL[:head] + _segment(0xFE, comment) + _PIXEL[head:]
    while len(content) < size:
        missing = size - len(content)
        filling = min(missing - 4, 65_533) if missing >= 4 else 0
        content = content[:head] + _segment(0xFE, b"\0" * filling) + content[head:]
    return content


def _box(kind: bytes, *content: bytes) -> bytes:
    body = b"".join(content)
    return struct.pack(">I", len(body) + 8) + kind + body


def mp4(mark: str = "", size: int = 0) -> bytes:
    """An MP4 clip (ftyp, moov with its movie header, mdat), padded in its media data to at least `size` bytes."""
    matrix = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
    header = struct.pack(">4I", 0, 0, 1000, 1000) + struct.pack(">IH10x", 0x10000, 0x100) + matrix
    movie = _box(b"moov", _box(b"mvhd", b"\0\0\0\0", header, b"\0" * 24, struct.pack(">I", 2)))
    kind = _box(b"ftyp", b"isom", struct.pack(">I", 512), b"isomiso2mp41")
    media = mark.encode()
    return kind + movie + _box(b"mdat", media.ljust(max(0, size - len(kind) - len(movie) - 8), b"\0"))
