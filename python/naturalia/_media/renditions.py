"""Which of the files of a medium is the one to fetch."""

from __future__ import annotations

import os
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from naturalia._output.text import cell_text

__all__ = ["Access", "choose"]

QUALITY = ("original", "best", "source", "full", "large", "good", "hd", "image", "medium", "sd")
"""Words for the quality of a file, best first; `variant` is searched for them."""
WORSE = ("lower", "low", "small", "preview", "trailer")
PLAYLISTS = ("mpegurl", "dash+xml", "smil", "ms-sstr")
TYPES = {"jpg": "jpeg", "tif": "tiff", "mp3": "mpeg", "ogv": "ogg", "oga": "ogg", "m4v": "mp4", "mpg": "mpeg"}


class Access(NamedTuple):
    """A file of a medium: its address, MIME type, quality and size in pixels."""

    uri: str
    format: str | None = None
    variant: str | None = None
    pixels: int = 0

    @property
    def path(self) -> str:
        """The path of the address, in small letters."""
        return urlsplit(self.uri).path.lower()

    @property
    def aside(self) -> str | None:
        """What it is, if it is not the medium itself: a playlist, a segment or a thumbnail."""
        variant, kind = (self.variant or "").lower(), (self.format or "").lower()
        if variant.startswith("playlist") or any(word in kind for word in PLAYLISTS):
            return "playlist"
        if self.path.endswith((".m3u8", ".m3u", ".mpd", ".pls", ".ism/manifest")):
            return "playlist"
        if kind == "video/mp2t" or "segment" in variant or self.path.endswith((".ts", ".m4s")):
            return "segment"
        if "thumb" in variant or self.path.rstrip("/").endswith("/thumbnail"):
            return "thumbnail"
        return None

    @property
    def rank(self) -> tuple[int, int]:
        """The better, the smaller."""
        variant = (self.variant or "").lower()
        for place, word in enumerate(QUALITY):
            if word in variant:
                return place, -self.pixels
        return len(QUALITY) + any(word in variant for word in WORSE), -self.pixels

    def has(self, formats: list[str]) -> bool:
        """Whether it is of one of these types, by what is said of it or by the end of its address."""
        declared = (self.format or "").lower().partition(";")[0].strip()
        ending = os.path.splitext(self.path)[1][1:]
        kind = declared or ending
        names = {kind, kind.partition("/")[2].removeprefix("x-"), kind.partition("/")[0]}
        names |= {TYPES[name] for name in names if name in TYPES}
        return bool(kind) and any(wanted in names or TYPES.get(wanted) in names for wanted in formats)


def choose(  # noqa: PLR0911 - each way to have no file has its reason
    row: dict[str, Any], variant: str, formats: list[str]
) -> tuple[Access | None, str | None, str | None]:
    """The file to fetch; or None, why, as a code, and in words.

    Args:
        row: `media_url`, `format`, `variant` and `access` of a medium.
        variant: "best", or the word for a quality.
        formats: MIME types or their second halves; none for any.
    """
    address = cell_text(row.get("media_url"))
    first = Access(address, cell_text(row.get("format")), cell_text(row.get("variant"))) if address else None
    found = [
        Access(point["uri"], point.get("format"), point.get("variant"), area(point))
        for point in row.get("access") or []
        if point and cell_text(point.get("uri"))
    ]
    if first and all(point.uri != first.uri for point in found):
        found.insert(0, first)
    if not found:
        return None, "no-address", "the record names no file"
    wanted = [point for point in found if not formats or point.has(formats)]
    if not wanted:
        present = ", ".join(sorted({point.format or "unknown" for point in found}))
        return None, "no-format", f"there is {present}"
    if variant != "best":
        matching = [point for point in wanted if variant in (point.variant or point.aside or "").lower()]
        if not matching:
            present = ", ".join(sorted({point.variant or "unnamed" for point in wanted}))
            return None, "no-variant", f"there is {present}"
        return min(matching, key=lambda point: point.rank), None, None
    matching = [point for point in wanted if not point.aside]
    if not matching:
        return None, f"only-{wanted[0].aside}", f"all there is is a {wanted[0].aside}"
    if first in matching and not formats:
        return first, None, None  # the table has chosen
    return min(matching, key=lambda point: point.rank), None, None


def area(point: dict[str, Any]) -> int:
    """Its pixels, as far as they are known."""
    return int(point.get("width") or 0) * int(point.get("height") or 0)
