"""Small real pictures and clips: a baseline JPEG of a bin's inside, and the shell of an MP4. No two are alike."""

from random import Random
from struct import pack

#: Twelve size categories of four bits each and one AC symbol (end of block) of one bit: the shortest tables that
#: decode.
_DC_LENGTHS = bytes([0, 0, 0, 12] + [0] * 12)
_AC_LENGTHS = bytes([1] + [0] * 15)


def _segment(marker: int, body: bytes) -> bytes:
    return pack(">BBH", 0xFF, marker, len(body) + 2) + body


class _Bits:
    def __init__(self) -> None:
        self.out, self.held, self.count = bytearray(), 0, 0

    def put(self, value: int, width: int) -> None:
        self.held, self.count = self.held << width | value, self.count + width
        while self.count >= 8:
            self.count -= 8
            byte = self.held >> self.count & 0xFF
            self.out += b"\xff\x00" if byte == 0xFF else bytes([byte])
        self.held &= (1 << self.count) - 1


def jpeg(name: str, columns: int = 40, rows: int = 30) -> bytes:
    """A grey picture of a filled bin, ``columns`` × ``rows`` blocks of 8 × 8, different for every ``name``.

    Each block has one brightness, so only DC coefficients are coded (ITU-T T.81, baseline)."""
    rng = Random(name)
    level = rng.uniform(0.45, 0.6)
    bits, before = _Bits(), 0
    for row in range(rows):
        for _ in range(columns):
            # Walls above the grain line, grain below it, brighter towards the lamp at the front.
            shade = 180 - 60 * row / rows if row < rows * level else 95 + 70 * row / rows
            value = int(shade + rng.gauss(0, 5)) - 128
            step, before = value - before, value
            size = abs(step).bit_length()
            bits.put(size, 4)
            if size:
                bits.put(step if step > 0 else step + (1 << size) - 1, size)
            bits.put(0, 1)
    if bits.count:
        bits.put((1 << 8 - bits.count) - 1, 8 - bits.count)
    return b"".join((
        b"\xff\xd8", _segment(0xE0, b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"),
        _segment(0xDB, b"\x00" + b"\x08" * 64), _segment(0xC0,
                                                         pack(">BHHB", 8, rows * 8, columns * 8, 1) + b"\x01\x11\x00"),
        _segment(0xC4, b"\x00" + _DC_LENGTHS + bytes(range(12))), _segment(0xC4, b"\x10" + _AC_LENGTHS + b"\x00"),
        _segment(0xDA, b"\x01\x01\x00\x00\x3f\x00"), bytes(bits.out), b"\xff\xd9"))


def _box(kind: bytes, body: bytes) -> bytes:
    return pack(">I4s", len(body) + 8, kind) + body


def mp4(name: str) -> bytes:
    """A clip without a track: file type, movie header, and some bytes of its own."""
    header = pack(">IIIII", 0, 0, 0, 1000, 15000) + pack(">iH", 0x10000, 0x100) + bytes(10)
    header += pack(">9i", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000) + bytes(24) + pack(">I", 1)
    return (_box(b"ftyp", b"isom\x00\x00\x02\x00isommp41") + _box(b"moov", _box(b"mvhd", header))
            + _box(b"mdat", Random(name).randbytes(256)))
