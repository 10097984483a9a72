"""Small pictures that are like no others, for servers of media."""

from __future__ import annotations

import base64
import hashlib
import random
import struct
import zlib
from dataclasses import dataclass, field

__all__ = ["PDF", "MediaFile", "jpeg", "png"]

# A grey picture of 8 by 8 pixels.
JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAFA3PEY8MlBGQUZaVVBfeMiCeG5uePWvuZHI///////////////////////////////////"
    "/////////////////wAALCAAIAAgBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAAP/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD"
    "8AP//Z"
)
HEAD = 4
"""Bytes before what a segment of a JPEG holds."""
PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


@dataclass
class MediaFile:
    """A file that is served.

    Attributes:
        name: the last part of its address.
        body: its bytes; they may be changed while the server runs, and the tag changes with them.
        type: its MIME type.
        wrong: what goes wrong with it, one of `WRONGS`; None for nothing.
        times: how often that happens; None for always.
        asked: how often it was asked for.
    """

    name: str
    body: bytes
    type: str
    wrong: str | None = None
    times: int | None = None
    asked: int = field(default=0, compare=False)

    @property
    def sha256(self) -> str:
        """The digest of its bytes."""
        return hashlib.sha256(self.body).hexdigest()

    @property
    def etag(self) -> str:
        """The tag of its version."""
        return f'"{self.sha256[:16]}"'


def jpeg(number: int, size: int) -> bytes:
    """A small picture that is like no other, of so many bytes, if they are enough."""
    room = max(size - len(JPEG), 12)
    noise = random.Random(number).randbytes(room)  # noqa: S311 - no secret
    parts = []
    while room > HEAD:
        taken = min(room - HEAD, 65_000)
        parts.append(b"\xff\xfe" + struct.pack(">H", taken + 2) + noise[room - taken : room])
        room -= taken + HEAD
    comments = b"".join(parts)
    return JPEG[:20] + comments + JPEG[20:]  # after the header


def png(number: int, size: int) -> bytes:
    """The same as PNG, of about so many bytes."""
    noise = random.Random(number).randbytes(max(size - 70, 8))  # noqa: S311 - no secret

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0\x80"))
        + chunk(b"noiS", noise)
        + chunk(b"IEND", b"")
    )
