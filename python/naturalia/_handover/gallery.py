"""`gallery`: media as small pictures with caption, licence and link, in a notebook or on a contact sheet."""

from __future__ import annotations

import os
from html import escape
from typing import TYPE_CHECKING, Any

from naturalia._arguments.public import public
from naturalia._arguments.spelling import closest, keywords
from naturalia._handover.html_page import html_page
from naturalia._media.media import FIELDS, Media, license_of
from naturalia._media.thumbnails import Pictures, sheet
from naturalia._output.escaping import displayed, escaped
from naturalia._output.html import FAINT, cut, license_chip
from naturalia._output.text import left_out, plural

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Gallery", "gallery", "tile"]

SIDE = 160
TILE = (
    "display:inline-block;vertical-align:top;width:176px;margin:0 8px 10px 0;font-size:12px;line-height:1.35"
)
FRAME = "display:block;width:160px;height:160px;line-height:160px;text-align:center"
BLANK = f"{FRAME};background:rgba(127,127,127,.15);opacity:.8"


@public
@keywords
def gallery(
    data: Any,
    /,
    *,
    n: int = 24,
    group: str | None = None,
    images: Any = None,
    include_private: bool = False,
) -> Gallery:
    """Media as tiles: a small picture, a caption, the licence, a link to the page of the medium.

        >>> import naturalia as nat
        >>> t = nat.read(nat.samples.path("openimages_oai_oi.xml"))
        >>> nat.gallery(t, n=4, group="type")
        <Gallery: 4 of 6 media in 3 groups>

    Pictures come from files on disk; nothing is requested over the network. Without a picture, a tile names
    the kind of the file. Pillow makes the pictures small. Without Pillow, PNG files of at most 256 kB are
    embedded in their own size and without their metadata.

    Args:
        data: media: a table of any format that has a crosswalk to `media`, a query, a harvest, a file, a
            frame.
        n: how many at most; of each group as many as of any other, as far as there are.
        group: a column of `media` to group by, such as `"genus"` or `"license_raw"`.
        images: where the files are: what `fetch` gave, the folder it filled, or a dict of paths by
            `media_id`.
        include_private: show records marked as not public too.

    Raises:
        naturalia.errors.MissingExtra: an image is not a small PNG, and Pillow is not installed.
    """
    if group is not None and group not in FIELDS:
        message = f"no column {group!r} to group by{closest(group, FIELDS)}"
        raise ValueError(message)
    if n < 1:
        message = f"n={n}: it is the number of tiles, 1 or more"
        raise ValueError(message)
    media = Media(data, include_private=include_private)
    return Gallery(list(media.rows()), n, group, Pictures(images), media.private)


@public
@displayed
class Gallery:
    """Tiles of media; a display of notebooks, and a contact sheet for others."""

    def __init__(self, media: list[Any], n: int, group: str | None, pictures: Pictures, private: int) -> None:
        self.private = private
        self._total = len(media)
        self._group = group
        self._pictures = pictures
        self.groups: dict[str, list[Any]] = fair(media, n, group)
        self._sizes = sizes(media, group)

    @property
    def media(self) -> list[Any]:
        """The media that are shown, group by group."""
        return [medium for group in self.groups.values() for medium in group]

    def write(self, path: str | os.PathLike[str]) -> None:
        """Writes a contact sheet: a page (`.html`) or a picture (`.png`, `.jpg`).

        >>> import naturalia as nat
        >>> nat.gallery(nat.samples.nba()).write("sheet.html")

        Raises:
            ValueError: the path has another ending.
            naturalia.errors.MissingExtra: a picture is written and Pillow is not installed.
        """
        end = os.path.splitext(os.fspath(path))[1].lower()
        if end not in (".html", ".png", ".jpg", ".jpeg"):
            message = f"a contact sheet is .html, .png or .jpg, not {escaped(end or 'without an ending')}"
            raise ValueError(message)
        from naturalia._output.atomic import atomic

        if end == ".html":
            page = html_page("Contact sheet", {"": self._repr_html_()})
            with atomic(os.fspath(path)) as file:
                file.write(escaped(page).encode())
            return
        tiles = [
            (self._pictures.small(medium.media_id, 192), caption(medium), licence(medium))
            for medium in self.media
        ]
        with atomic(os.fspath(path)) as file:
            sheet(tiles).save(file, "PNG" if end == ".png" else "JPEG")

    def __len__(self) -> int:
        return len(self.media)

    def __repr__(self) -> str:
        grouped = f" in {plural(len(self.groups), 'group')}" if self._group else ""
        left = f", {left_out(self.private)}" if self.private else ""
        return f"<Gallery: {len(self):,} of {plural(self._total, 'medium', 'media')}{grouped}{left}>"

    def _repr_html_(self) -> str:
        parts = [f"<div><b>{escape(repr(self)[1:-1])}</b></div>"]
        for name, group in self.groups.items():
            if self._group:
                count = plural(self._sizes[name], "medium", "media")
                parts.append(
                    f'<div style="margin:6px 0 2px"><b>{cut(name, 80)}</b> '
                    f'<span style="{FAINT}">{count}</span></div>'
                )
            parts.append("<div>" + "".join(tile(medium, self._pictures) for medium in group) + "</div>")
        return "".join(parts)


def tile(medium: Any, pictures: Pictures) -> str:
    """A medium as a figure of inline styles."""
    picture = pictures.data_url(medium.media_id, SIDE)
    title = caption(medium)
    if picture is None:
        shown = f'<span style="{BLANK}">{cut(medium.format or medium.type or "no file", 20)}</span>'
    else:
        shown = (
            f'<span style="{FRAME}"><img src="{picture}" alt="{cut(title, 120)}" '
            f'style="max-width:160px;max-height:160px;vertical-align:middle"></span>'
        )
    link = medium.landing_page or medium.media_url
    if link and link.startswith(("https://", "http://")):
        shown = f'<a href="{escape(link)}" style="text-decoration:none;color:inherit">{shown}</a>'
    return (
        f'<figure style="{TILE}">{shown}<figcaption>'
        f'<span title="{cut(title, 300)}">{cut(title, 40)}</span><br>'
        f"{license_chip(license_of(medium)._core)}</figcaption></figure>"
    )


def caption(medium: Any) -> str:
    """What a tile is called."""
    from naturalia._output.text import text_of

    return text_of(medium.scientific_name or medium.title or medium.media_id) or "without name"


def licence(medium: Any) -> str:
    """The licence in a few words."""
    rights = license_of(medium)
    return rights.label or ("not stated" if rights.status == "none" else rights.raw)


def fair(media: Iterable[Any], n: int, group: str | None) -> dict[str, list[Any]]:
    """At most `n` media, from each group as many as from any other as far as there are."""
    found: dict[str, list[Any]] = {}
    for medium in media:
        found.setdefault(group_of(medium, group), []).append(medium)
    shares = dict.fromkeys(found, 0)
    left = n
    while left and any(shares[name] < len(own) for name, own in found.items()):
        for name, own in found.items():
            if left and shares[name] < len(own):
                shares[name] += 1
                left -= 1
    return {name: found[name][:share] for name, share in shares.items() if share}


def sizes(media: Iterable[Any], group: str | None) -> dict[str, int]:
    """How many media each group has."""
    found: dict[str, int] = {}
    for medium in media:
        name = group_of(medium, group)
        found[name] = found.get(name, 0) + 1
    return found


def group_of(medium: Any, group: str | None) -> str:
    """The group a medium is in."""
    return str(getattr(medium, group) or "not stated") if group else ""
