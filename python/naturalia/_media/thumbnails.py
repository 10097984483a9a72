"""Small pictures of media that were fetched, for displays and reports without network requests."""

from __future__ import annotations

import os
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from naturalia import _core
from naturalia._arguments.optional import need
from naturalia._media.job import MANIFEST

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Pictures", "sheet"]

SIDE, QUALITY = 128, 70
# Pillow refuses pictures that would take this many pixels of memory; so do we, and go on without.
PNG_BYTES = 256 * 1024
"""The largest PNG that is embedded without being made smaller."""
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
PNG_CHUNKS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}
SAFE = (OSError, ValueError, SyntaxError, ArithmeticError, EOFError)


class Pictures:
    """Where the files of media lie: what `fetch` gave, the folder it filled, or paths by `media_id`.

    A file that can't be opened as a picture is none: its medium is shown without. The names in a manifest are
    those of regular files in its folder: a link there, or a name that leads out of it, is no file either.
    """

    def __init__(self, given: Any) -> None:
        self._folder: str | None = None
        self._paths: Mapping[str, Any] = {}
        if given is None or hasattr(given, "keys"):
            self._paths = given or {}
        else:
            self._folder = os.fspath(getattr(given, "folder", given))
            self._paths = paths_of(self._folder)

    def path(self, media_id: str | None) -> str | None:
        """The file of a medium, if there is one."""
        path = self._paths.get(media_id or "")
        if path and self._folder is not None:
            found = _core.find_file(self._folder, path)
            return None if found is None else os.fspath(found)
        return os.fspath(path) if path and os.path.isfile(path) else None

    def small(self, media_id: str | None, side: int = SIDE) -> Any:
        """A small picture of it, or None."""
        path = self.path(media_id)
        if path is None:
            return None
        image = need("PIL.Image", "images")
        try:
            with image.open(path) as opened:
                opened.draft("RGB", (side * 2, side * 2))
                turned = need("PIL.ImageOps", "images").exif_transpose(opened)
                turned.thumbnail((side, side))
                return turned.convert("RGB")
        except (image.DecompressionBombError, *SAFE):
            return None

    def data_url(self, media_id: str | None, side: int = SIDE) -> str | None:
        """The picture as a URL that contains it, or None.

        Pillow makes it small. Without Pillow, a small PNG is embedded in its own size; any other file raises
        `MissingExtra`.
        """
        path = self.path(media_id)
        if path is not None and find_spec("PIL") is None:
            with open(path, "rb") as file:
                content = plain_png(file.read(PNG_BYTES + 1))
            if content is not None:
                return encoded("png", content)
        picture = self.small(media_id, side)
        return None if picture is None else data_url(picture)


def plain_png(data: bytes) -> bytes | None:
    """A PNG (ISO/IEC 15948) without its metadata; None if it is incomplete, too large, or another format."""
    if len(data) > PNG_BYTES or not data.startswith(PNG_SIGNATURE):
        return None
    parts, start = [PNG_SIGNATURE], len(PNG_SIGNATURE)
    while start < len(data):
        end = start + 12 + int.from_bytes(data[start : start + 4], "big")
        kind = data[start + 4 : start + 8]
        if end > len(data):
            return None
        if kind in PNG_CHUNKS:
            parts.append(data[start:end])
        if kind == b"IEND":
            return b"".join(parts)
        start = end
    return None


def paths_of(folder: str) -> Mapping[str, str]:
    """Paths in the folder by `media_id`, as its manifest has them."""
    manifest = os.path.join(folder, MANIFEST)
    if not os.path.isfile(manifest):
        from errno import ENOENT

        message = "the folder has no manifest: fetch() makes one"
        raise FileNotFoundError(ENOENT, message, manifest)
    return dict(_core.fetched_files(folder))


def data_url(picture: Any) -> str:
    """The picture as an address that holds it."""
    from io import BytesIO

    out = BytesIO()
    picture.save(out, "JPEG", quality=QUALITY)
    return encoded("jpeg", out.getvalue())


def encoded(kind: str, content: bytes) -> str:
    """The bytes of an image as a URL that contains them (RFC 2397)."""
    from base64 import b64encode

    return f"data:image/{kind};base64," + b64encode(content).decode()


def sheet(tiles: list[tuple[Any, str, str]], columns: int = 6, side: int = 192) -> Any:
    """A contact sheet: pictures in rows, each with its caption and licence below it."""
    image, draw_on, fonts = (need(f"PIL.{name}", "images") for name in ("Image", "ImageDraw", "ImageFont"))
    font = fonts.load_default(12)
    margin, lines = 12, 34
    rows = max(-(-len(tiles) // columns), 1)
    whole = image.new(
        "RGB",
        (columns * (side + margin) + margin, rows * (side + lines + margin) + margin),
        "white",
    )
    draw = draw_on.Draw(whole)
    for number, (picture, caption, rights) in enumerate(tiles):
        left = margin + number % columns * (side + margin)
        top = margin + number // columns * (side + lines + margin)
        if picture is not None:
            at = (left + (side - picture.width) // 2, top + (side - picture.height) // 2)
            whole.paste(picture, at)
        else:
            draw.rectangle((left, top, left + side, top + side), outline="#9aa0a6")
        for line, text in enumerate((caption, rights)):
            draw.text((left, top + side + 2 + 15 * line), fitting(draw, text, font, side), "black", font)
    return whole


def fitting(draw: Any, text: str, font: Any, width: int) -> str:
    """As much of the text as there is room for."""
    if draw.textlength(text, font) <= width:
        return text
    while text and draw.textlength(text + "…", font) > width:
        text = text[:-1]
    return text + "…"
