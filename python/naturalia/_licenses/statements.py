"""`license_report`: the rights statements of a column, for a person to decide what is not clear."""

from __future__ import annotations

import os
from typing import Any

from naturalia import _core
from naturalia._arguments.public import public
from naturalia._arguments.spelling import keywords
from naturalia._licenses.decisions import FILLED_IN, KEY, SHOWN, applied, key
from naturalia._licenses.tables import texts_of
from naturalia._output.escaping import displayed, escaped
from naturalia._output.sheets import Page, write_csv, write_workbook
from naturalia._output.text import left_out
from naturalia._table.publicity import public_part
from naturalia._table.table import wrap

__all__ = ["LicenseReport", "license_report"]


@public
@displayed
class LicenseReport:
    """The distinct statements of a column: how often each stands there and what it was read as.

    Decisions that grant more than their statement come first, then what is not exact, the commonest first.
    """

    __slots__ = ("_decided", "private", "rows")

    def __init__(self, rows: list[dict[str, Any]], decided: dict[str, str], private: int = 0) -> None:
        self.private = private
        self.rows = rows
        self._decided = decided

    @property
    def unclear(self) -> list[dict[str, Any]]:
        """The rows a person should look at: everything that is not exact."""
        return [row for row in self.rows if row["status"] != "exact"]

    def write(self, path: str | os.PathLike[str]) -> None:
        """Writes the sheet, `.xlsx` or `.csv`, with empty columns for decision, by, date and reason."""
        end = os.path.splitext(os.fspath(path))[1].lower()
        if end not in (".xlsx", ".csv"):
            message = f"a decision sheet is .xlsx or .csv, not {escaped(end or 'without an ending')}"
            raise ValueError(message)
        cells = [
            [
                *(row[name] for name in SHOWN),
                self._decided.get(row["statement"], ""),
                "",
                "",
                "",
                key(row["statement"]),
            ]
            for row in self.rows
        ]
        rows = [[*SHOWN, *FILLED_IN, KEY], *cells]
        if end == ".csv":
            write_csv(os.fspath(path), rows)
            return
        widths = {0: 60, **dict.fromkeys(range(1, len(SHOWN)), 16)}
        widths |= dict.fromkeys(range(len(SHOWN), len(SHOWN) + len(FILLED_IN)), 20)
        page = Page("decisions", rows, frozen=(1, 1), widths=widths, hidden=len(rows[0]) - 1, filters=True)
        write_workbook(os.fspath(path), [page])

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        left = f", {left_out(self.private)}" if self.private else ""
        counts = f"{len(self.rows):,} different statements, {len(self.unclear):,} not exact"
        return f"<LicenseReport: {counts}{left}>"

    def __str__(self) -> str:
        lines = [repr(self)]
        lines += [
            f"{row['count']:>8,}  {row['status']:<11}  {row['statement'][:60]}" for row in self.rows[:20]
        ]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        from naturalia._output.html import grid, lines, within

        def build(rows: int, characters: int) -> str:
            names = SHOWN[:4]
            body = [[str(row[name]) for name in names] for row in self.rows[: rows * 4]]
            left = len(self.rows) - len(body)
            rest = f"{left:,} more, in `rows`" if left else ""
            return lines(f"<b>{repr(self)[1:-1]}</b>", grid(names, body, characters) if body else "", rest)

        return within(build)


@public
@keywords
def license_report(
    data: Any,
    *,
    column: str | None = None,
    decisions: Any = None,
    assume_version: str | None = None,
    include_private: bool = False,
) -> LicenseReport:
    """The distinct rights statements of a list or a column, with their licences.

    >>> import naturalia as nat
    >>> rep = nat.license_report(["CC BY 4.0", "ask us", "ask us"])
    >>> rep
    <LicenseReport: 2 different statements, 1 not exact>
    >>> rep.rows[0]["statement"], rep.rows[0]["count"]
    ('ask us', 2)
    >>> rep.write("decide.csv")

    Args:
        data: a list of statements, a table, or a frame.
        column: the column of a table or frame that has the statements.
        decisions: a sheet that `write` wrote and a person filled in, or a dict from exact statement to
            licence.
        assume_version: the version to take if none is stated; such answers have the basis `assumed`.
        include_private: report on statements of records marked as not public too.
    """
    private = 0
    if column is not None and not include_private:
        data, private = public_part(data)
    core, name = texts_of(data, column)
    decided = applied(core, name, decisions)
    counts = {text or "": 0 for text, _ in _core.tally(core, name)}
    for text, count in _core.tally(core, name):
        counts[text or ""] += count
    distinct = _core.Table.from_texts(list(counts), "raw")
    found = wrap(
        _core.licenses(
            distinct,
            [("raw", True)],
            checks=[],
            decisions=decided,
            assume_version=assume_version,
            constant=False,
            metadata=None,
        )
    )
    names = ("status", "label", "uri", "suggestions", "warnings")
    columns = [found[f"license_{each}"] for each in names]
    rows = [
        dict(zip(SHOWN, (text, count, *(value or "" for value in row)), strict=True))
        for (text, count), *row in zip(counts.items(), *columns, strict=True)
    ]
    rows.sort(
        key=lambda row: ("decided-freer" not in row["warnings"], row["status"] == "exact", -row["count"])
    )
    return LicenseReport(rows, decided, private)
