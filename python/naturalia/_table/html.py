"""How tables look in a notebook."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from naturalia._output.html import COLOURS, FAINT, chip, cut, grid, kind_of, lines, within, words_of
from naturalia._output.text import left_out, plural
from naturalia._table.preview import Grid, columns_of

if TYPE_CHECKING:
    from naturalia._table.preview import Rows

__all__ = ["of_table"]

CHIPS = 6
SAMPLE = 20_000
"""Licences and gaps of larger tables are counted on their first records, and the display says so."""


def of_table(table: Rows) -> str:
    """Counts, licences, gaps and the first rows."""
    sample, _ = table[:SAMPLE]._public_rows()

    def build(rows: int, characters: int) -> str:
        head, private = table.head(rows)._public_rows()
        cells = columns_of(head)
        shown = Grid(head, 150)
        body = [[cells[name][row] for name in shown.widths] for row in range(len(head))]
        left = len(table) - rows
        remarks = [left_out(private, "not shown"), plural(left, "more row") if left > 0 else "", shown.rest()]
        return lines(
            f"<b>{cut(repr(table)[1:-1], 200)}</b>",
            licences(sample, len(table)),
            f'<span style="{FAINT}">{escape(gaps(sample, len(table)))}</span>',
            grid(list(shown.widths), body, characters) if body else "no rows",
            f'<span style="{FAINT}">{cut("; ".join(filter(None, remarks)), 300)}</span>',
        )

    return within(build)


def licences(sample: Rows, total: int) -> str:
    """How many of the first records of a table have which licence, as a bar and in words."""
    try:
        found = sample.licenses(check="open")
    except ValueError:  # a format without rights elements
        return ""
    counts: dict[tuple[str, str], int] = {}
    columns = (found[f"license_{name}"] for name in ("status", "label", "id", "open"))
    for status, label, name, free in zip(*columns, strict=True):
        key = words_of(status, label), kind_of(status, name, free)
        counts[key] = counts.get(key, 0) + 1
    if not counts:
        return ""
    common = sorted(counts.items(), key=lambda item: -item[1])
    bars = "".join(
        f'<span style="display:inline-block;height:8px;width:{100 * count / len(found):.1f}%;'
        f'background:{COLOURS[kind]}" title="{cut(label, 60)}"></span>'
        for (label, kind), count in common[: 2 * CHIPS]
    )
    named = " ".join(f"{chip(label, kind)} {count:,}" for (label, kind), count in common[:CHIPS])
    rest = f" and {plural(len(common) - CHIPS, 'other')}" if len(common) > CHIPS else ""
    bar = f'<div style="width:360px;max-width:100%;white-space:nowrap;overflow:hidden">{bars}</div>'
    return f"{bar}<div>licences{sampled(total)}: {named}{rest}</div>"


def sampled(total: int) -> str:
    """A remark if not all records were counted."""
    return f" of the first {SAMPLE:,} records" if total > SAMPLE else ""


def gaps(part: Rows, total: int) -> str:
    """Which of the columns that people look for are not filled everywhere in the first records of a table."""
    missing = []
    for name in ("title", "creator", "date", "rights", "license", "media_url", "license_uri"):
        if name in part.columns:
            empty = sum(not value for value in part[name])
            missing += [f"{name} {empty / len(part):.1%}"] if empty else []
    return f"without{sampled(total)}: {' · '.join(missing)}" if missing and len(part) else ""
