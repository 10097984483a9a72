"""How things look in a notebook.

Inline styles only, translucent greys for both themes, every text escaped, at most 60 kB: notebooks take
style sheets, scripts and drawings out of output they don't trust. Colour is never the only signal.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from naturalia import _core

__all__ = ["FAINT", "chip", "cut", "grid", "license_chip", "lines", "more", "within"]

MOST_BYTES = 60_000
ROWS = 5

BOX = "font-size:13px;line-height:1.5"
FAINT = "opacity:.75"
CELL = "text-align:left;vertical-align:top;padding:2px 8px;border-bottom:1px solid rgba(127,127,127,.3)"
COLOURS = {"open": "#1b5e20", "limited": "#8a5300", "reserved": "#8e1b1b", "unknown": "#5f6368"}


def within(build: Callable[[int, int], str]) -> str:
    """The display with as many rows, and as much of each cell, as 60 kB hold."""
    for rows, characters in ((ROWS, 160), (ROWS, 60), (3, 40), (1, 20)):
        html = build(rows, characters)
        if len(html.encode("utf-8", "replace")) <= MOST_BYTES:
            break
    return html


def cut(text: str, characters: int) -> str:
    """The text escaped, its end left out where it is long; the whole of it is in the data."""
    return escape(text if len(text) <= characters else text[: characters - 1] + "…")


def grid(names: Sequence[str], rows: Iterable[Sequence[str]], characters: int = 160) -> str:
    """A small table."""
    head = "".join(f'<th style="{CELL}">{cut(name, 60)}</th>' for name in names)
    body = "".join(
        "<tr>" + "".join(f'<td style="{CELL}">{cut(cell, characters)}</td>' for cell in row) + "</tr>"
        for row in rows
    )
    return (
        f'<table style="border-collapse:collapse"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
    )


def lines(*parts: str) -> str:
    """The parts, one under the other."""
    return f'<div style="{BOX}">{"".join(f"<div>{part}</div>" for part in parts if part)}</div>'


def more(title: str, inner: str) -> str:
    """What is folded away until somebody asks for it."""
    return f"<details><summary>{escape(title)}</summary>{inner}</details>" if inner else ""


def chip(label: str, kind: str, title: str = "") -> str:
    """A licence in a coloured box, its name in words."""
    box = "color:#fff;border-radius:3px;padding:1px 6px;font-size:11px;font-weight:600;white-space:nowrap"
    return f'<span style="background:{COLOURS[kind]};{box}" title="{cut(title, 200)}">{cut(label, 60)}</span>'


def kind_of(status: str, name: str | None, free: str) -> str:
    """Which colour a licence has: open, limited, reserved or unknown."""
    if free == "yes":
        return "open"
    if name == "all-rights-reserved":
        return "reserved"
    return "limited" if status in {"exact", "unversioned", "choice", "conflict"} else "unknown"


def words_of(status: str, label: str | None, raw: str = "") -> str:
    """What stands in the chip of an answer."""
    if status == "none":
        return "not stated"
    if status == "invalid" and raw:
        return f"{raw[:30]} (no such licence)"
    return label or status


def license_chip(license: _core.License) -> str:
    """The chip of a licence, the statement it was read from as its title."""
    kind = kind_of(license.status, license.id, license.check("open")[0])
    return chip(words_of(license.status, license.label or license.claimed, license.raw), kind, license.raw)
