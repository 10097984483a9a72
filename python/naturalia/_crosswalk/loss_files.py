"""The loss report as HTML, CSV and a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from naturalia._crosswalk.outcomes import MEANING, NOT_KEPT
from naturalia._output.atomic import atomic
from naturalia._output.escaping import escaped
from naturalia._output.sheets import Page, write_csv, write_workbook

if TYPE_CHECKING:
    from collections.abc import Callable

    from naturalia._crosswalk.outcomes import Account

__all__ = ["WRITERS", "fragment"]

COLUMNS = ("field", "outcome", "rule", "reason", "values", "records", "examples")
MOST = 200
"""Lines a notebook shows."""


def fragment(loss: Account, most: int = MOST) -> str:
    """The report as HTML: counts as words and bars, then the lines, the worst first."""
    from html import escape

    cell = "padding:2px 10px;text-align:left;vertical-align:top;border-bottom:1px solid rgba(128,128,128,.35)"
    total = max(loss.values, 1)
    bars = []
    for outcome, count in loss.counts.items():
        if not count:
            continue
        mark = "&#9679;" if outcome in NOT_KEPT else "&#9675;"
        share = 100 * count / total
        bars.append(
            f'<tr><td style="{cell}">{mark} {outcome}</td>'
            f'<td style="{cell};text-align:right">{count:,}</td>'
            f'<td style="{cell};width:160px"><div style="height:9px;width:{max(share, 0.5):.1f}%;'
            f'background:currentColor;opacity:.55"></div></td>'
            f'<td style="{cell}">{share:.1f} %</td><td style="{cell}">{MEANING[outcome]}</td></tr>'
        )
    order = {outcome: rank for rank, outcome in enumerate(loss.counts)}
    lines = sorted(loss.lines, key=lambda line: (-order[line.outcome], -line.values))
    rows = []
    for line in lines[:most]:
        examples = "<br>".join(escape(example[:120]) for example in line.examples)
        cells = [line.field, line.outcome, line.rule, line.reason, f"{line.values:,}", f"{line.records:,}"]
        tds = "".join(f'<td style="{cell}">{escape(text)}</td>' for text in cells)
        rows.append(f'<tr>{tds}<td style="{cell}">{examples}</td></tr>')
    more = f"<p>{len(lines) - most:,} more lines; loss.to_pandas() has all.</p>" if len(lines) > most else ""
    head = "".join(f'<th style="{cell}">{name}</th>' for name in COLUMNS)
    notes = "".join(
        f"<p>{text}</p>"
        for count, text in (
            *(
                (count, f"{count:,} records were recognised as {escape(name)} and mapped with that dialect.")
                for name, count in loss.dialects.items()
            ),
            (loss.private, f"{loss.private:,} records are not public and were left out."),
            (loss.deleted, f"{loss.deleted:,} records are deleted and became nothing."),
            (loss.edited, f"{loss.edited:,} values were edited since: the edit won."),
        )
        if count
    )
    direction = f"{loss.records:,} records of {escape(loss.source)} to {escape(loss.target)}"
    table = '<table style="border-collapse:collapse">'
    return (
        f'<div style="font:13px/1.45 system-ui,sans-serif"><p><b>{direction}</b>: {loss.values:,} values. '
        f"A filled dot is a value that the target does not hold; it is kept beside the record.</p>{notes}"
        f"{table}{''.join(bars)}</table><br>{table}<tr>{head}</tr>{''.join(rows)}</table>{more}</div>"
    )


def html(loss: Account, path: str) -> None:
    """One page, without requests to elsewhere."""
    title = f"What became of the values: {loss.source} to {loss.target}"
    page = (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{title}</title><body>{fragment(loss, 100_000)}</body></html>\n"
    )
    with atomic(path) as out:
        out.write(escaped(page).encode("utf-8", "replace"))


def csv(loss: Account, path: str) -> None:
    """One row a line."""
    write_csv(path, lines(loss), mark=False)


def xlsx(loss: Account, path: str) -> None:
    """A sheet of lines and a sheet of counts."""
    counts = [list(pair) for pair in loss.counts.items()]
    write_workbook(path, [Page("lines", lines(loss)), Page("counts", counts, frozen=(0, 0))])


def lines(loss: Account) -> list[list[Any]]:
    """The header and the lines."""
    return [list(COLUMNS), *([row[name] for name in COLUMNS] for row in loss.rows())]


WRITERS: dict[str, Callable[[Account, str], None]] = {".html": html, ".csv": csv, ".xlsx": xlsx}
