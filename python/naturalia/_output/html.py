"""How things look in a notebook.

Inline styles only, translucent greys for both themes, every text escaped, at most 60 kB: notebooks take
style sheets, scripts and drawings out of output they don't trust. Colour is never the only signal.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from naturalia._output.terminal import Grid, columns_of, text_of
from naturalia._table.reports import plural

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from naturalia._licenses.license import License
    from naturalia._table.record import Record
    from naturalia._table.reports import Report
    from naturalia._table.table import Table

__all__ = ["chip", "grid", "lines", "of_license", "of_record", "of_report", "of_table", "within"]

MOST_BYTES = 60_000
ROWS = 5
CHIPS = 6
SAMPLE = 20_000
"""Licences and gaps of larger tables are counted on their first records, and the display says so."""

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


def chip_of(license: License) -> str:
    """The chip of a licence, the statement it was read from as its title."""
    kind = kind_of(license.status, license.id, license.check("open").verdict)
    return chip(words_of(license.status, license.label or license.claimed, license.raw), kind, license.raw)


def of_license(license: License) -> str:
    """The chip of a licence, and what it permits."""
    label = chip_of(license)
    linked = f'<a href="{escape(license.uri)}">{label}</a>' if license.uri else label
    grants = license.permissions
    permits = " · ".join(
        f"{name}: {grants[name]}" for name in ("redistribution", "derivatives", "commercial")
    )
    return lines(
        f"{linked} {escape(license.status)}",
        escape(permits),
        f'<span style="{FAINT}">from: {cut(license.raw, 200)}</span>' if license.raw else "",
        escape(" · ".join(license.warnings)),
        escape("perhaps " + ", ".join(license.suggestions)) if license.suggestions else "",
    )


def licences(table: Table) -> str:
    """How many records have which licence, as a bar and in words."""
    try:
        found = table[:SAMPLE].licenses(check="open")
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
    return f"{bar}<div>licences{sampled(table)}: {named}{rest}</div>"


def sampled(table: Table) -> str:
    """A remark where not all records were looked at."""
    return f" of the first {SAMPLE:,} records" if len(table) > SAMPLE else ""


def gaps(table: Table) -> str:
    """Which of the columns that people look for are not filled everywhere."""
    missing = []
    part = table[:SAMPLE]
    for name in ("title", "creator", "date", "rights", "license", "media_url", "license_uri"):
        if name in part.columns:
            empty = sum(not value for value in part[name])
            missing += [f"{name} {empty / len(part):.1%}"] if empty else []
    return f"without{sampled(table)}: {' · '.join(missing)}" if missing and len(part) else ""


def of_table(table: Table) -> str:
    """Counts, licences, gaps and the first rows."""

    def build(rows: int, characters: int) -> str:
        head = table.head(rows)
        cells = columns_of(head)
        shown = Grid(head, 150)
        body = [[cells[name][row] for name in shown.widths] for row in range(len(head))]
        left = len(table) - len(head)
        remarks = [plural(left, "more row") if left > 0 else "", shown.rest()]
        return lines(
            f"<b>{cut(repr(table)[1:-1], 200)}</b>",
            licences(table),
            f'<span style="{FAINT}">{escape(gaps(table))}</span>',
            grid(list(shown.widths), body, characters) if body else "no rows",
            f'<span style="{FAINT}">{cut("; ".join(filter(None, remarks)), 300)}</span>',
        )

    return within(build)


def of_record(record: Record) -> str:
    """Title, identifier, licence, and every value folded away."""

    def build(rows: int, characters: int) -> str:
        fields = record.fields
        title = next(iter(fields.get("title", [])), None) or record.identifier or "without identifier"
        head = " · ".join(filter(None, [record.identifier, record.datestamp, *record.sets]))
        every = [[value.element, value.lang or "", text_of(value.value)] for value in record.values]
        cap = rows * 40
        rest = f"<div>{plural(len(every) - cap, 'more value')}</div>" if len(every) > cap else ""
        values = grid(("element", "lang", "value"), every[:cap], characters) + rest
        return lines(
            f"<b>{cut(text_of(title), 300)}</b>",
            f'<span style="{FAINT}">{cut(head, 300)}</span>',
            "deleted" if record.deleted else rights(fields),
            more(plural(len(every), "value"), values) if every else "",
        )

    return within(build)


def rights(fields: dict[str, list[str]]) -> str:
    """The chip of what the rights elements of a record state."""
    from naturalia._licenses.license import license

    stated = [text for name in ("license", "rights") for text in fields.get(name, ())]
    if not stated:
        return chip("not stated", "unknown")
    return " ".join(chip_of(license(text)) for text in stated[:3])


def of_report(report: Report) -> str:
    """The counts, and every repair and problem folded away."""

    def build(rows: int, characters: int) -> str:
        def some(found: Sequence[Any]) -> str:
            if not found:
                return ""
            names = found[0]._fields
            body = [["" if cell is None else text_of(cell) for cell in each] for each in found[: rows * 4]]
            return grid(names, body, characters)

        return lines(
            f"<b>{cut(report.line(), 300)}</b>",
            *(cut(f"{kind}: {text}", 300) for kind, text in report.oddities.items()),
            more(plural(len(report.problems), "problem"), some(report.problems)),
            more(plural(len(report.repairs), "repair"), some(report.repairs)),
            more(plural(len(report.errors), "error reply"), some(report.errors)),
        )

    return within(build)
