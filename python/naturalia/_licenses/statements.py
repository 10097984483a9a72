"""`license_report`: the rights statements of a column, for a person to decide what is not clear."""

from __future__ import annotations

import os
from typing import Any

from naturalia import _core
from naturalia._arguments.public import public
from naturalia._arguments.spelling import keywords
from naturalia._licenses.decisions import (
    CHOICES,
    FILLED_IN,
    INSTRUCTIONS,
    SHOWN,
    Decision,
    check_occurrence,
    decisions_on,
    read_decisions,
    statement_key,
    warn_of_freer,
)
from naturalia._licenses.tables import frame_columns, texts_of
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

    def __init__(self, rows: list[dict[str, Any]], decided: list[Decision], private: int = 0) -> None:
        self.private = private
        self.rows = rows
        self._decided = {statement_key(each.statement): each for each in decided}

    @property
    def unclear(self) -> list[dict[str, Any]]:
        """The rows a person should look at: everything that is not exact."""
        return [row for row in self.rows if row["status"] != "exact"]

    def write(self, path: str | os.PathLike[str]) -> None:
        """Writes the sheet, `.xlsx` or `.csv`, with columns for decision, by, date and reason.

        They contain the decisions that the report was given. The column `decision` of a workbook has a
        drop-down, and a second sheet explains how to fill it in.
        """
        end = os.path.splitext(os.fspath(path))[1].lower()
        if end not in (".xlsx", ".csv"):
            message = f"a decision sheet is .xlsx or .csv, not {escaped(end or 'without an ending')}"
            raise ValueError(message)
        cells = [[*(row[name] for name in SHOWN), *self._filled_in(row["statement"])] for row in self.rows]
        rows = [[*SHOWN, *FILLED_IN], *cells]
        if end == ".csv":
            write_csv(os.fspath(path), rows)
            return
        widths = {0: 60, **dict.fromkeys(range(1, len(SHOWN)), 16)}
        widths |= dict.fromkeys(range(len(SHOWN), len(SHOWN) + len(FILLED_IN)), 20)
        page = Page(
            "decisions", rows, frozen=(1, 1), widths=widths, filters=True, choices={len(SHOWN): CHOICES}
        )
        help_page = Page(
            "instructions", [[line] for line in INSTRUCTIONS], frozen=(0, 0), widths={0: 100}, bold=True
        )
        write_workbook(os.fspath(path), [page, help_page])

    def _filled_in(self, statement: str) -> list[str]:
        decision = self._decided.get(statement_key(statement))
        if decision is None:
            return [""] * len(FILLED_IN)
        return [decision.license, decision.by or "", decision.date or "", decision.reason or ""]

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        left = f", {left_out(self.private)}" if self.private else ""
        counts = f"{len(self.rows):,} different statements, {len(self.unclear):,} not exact"
        return f"<LicenseReport: {counts}{left}>"

    def __str__(self) -> str:
        lines = [repr(self)]
        # The number is that of the row in the sheet, whose first row has the names of the columns.
        for number, row in enumerate(self.rows[:20], 2):
            words = f"  unread: {row['unread']}" if row["unread"] else ""
            count = f"{row['count']:>8,}  {row['status']:<11}  {row['statement'][:60]}"
            lines.append(f"row {number:<4} {count}{words}")
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
        decisions: a sheet that `write` wrote and a person filled in, or a dict from statement to licence.
        assume_version: the version to take if none is stated; such answers have the basis `assumed`.
        include_private: report on statements of records marked as not public too.
    """
    private = 0
    if column is not None and not include_private:
        data, private = public_part(data)
    core, name = texts_of(data, column)
    decided = read_decisions(decisions)
    counts: dict[str, int] = {}
    seen: dict[str, str] = {}
    for text, count in _core.tally(core, name):
        # Statements that look the same in a sheet are one row there.
        statement = seen.setdefault(statement_key(text or ""), text or "")
        counts[statement] = counts.get(statement, 0) + count
    check_occurrence(decided, seen)
    licenses = decisions_on(decided, counts)
    warn_of_freer(licenses, stacklevel=4)
    examples = example_records(data, column, set(counts))
    distinct = _core.Table.from_texts(list(counts), "raw")
    found = wrap(
        _core.licenses(
            distinct,
            [("raw", True)],
            checks=[],
            decisions=licenses,
            assume_version=assume_version,
            constant=False,
            metadata=None,
        )
    )
    names = ("status", "label", "uri", "suggestions", "warnings")
    columns = [found[f"license_{each}"] for each in names]
    rows = [
        dict(
            zip(
                SHOWN,
                (text, count, *(value or "" for value in row), unread_words(text), examples.get(text, "")),
                strict=True,
            )
        )
        for (text, count), *row in zip(counts.items(), *columns, strict=True)
    ]
    rows.sort(
        key=lambda row: ("decided-freer" not in row["warnings"], row["status"] == "exact", -row["count"])
    )
    return LicenseReport(rows, decided, private)


def example_records(data: Any, column: str | None, statements: set[str]) -> dict[str, str]:
    """For each statement the key of the first record that has it, if the data have keys."""
    columns = frame_columns(data)
    key = next((name for name in ("media_id", "identifier", "id") if name in columns), None)
    if column is None or key is None:
        return {}
    found: dict[str, str] = {}
    for text, identifier in zip(data[column], data[key], strict=True):
        if text in statements and text not in found:
            found[text] = str(identifier or "")
            if len(found) == len(statements):
                break
    return found


def unread_words(statement: str) -> str:
    """The words for which the licence of a statement is unclear, or that limit it to a part of the item."""
    found = _core.License(statement)
    return "; ".join(found.unread) or found.scope or ""
