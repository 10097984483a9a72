"""The decision sheet: what a column says about rights, for a person to decide what it doesn't say."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from naturalia import _core
from naturalia._arguments.spelling import closest, keywords
from naturalia._licenses.license import applied, texts_of
from naturalia._table.table import wrap

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["LicenseReport", "license_report"]

SHOWN = ("statement", "count", "status", "license", "uri", "suggestion", "warnings")
FILLED_IN = ("decision", "by", "date", "reason")
KEY = "key"
CELL = 32_767
"""Characters that a cell of Excel holds."""


class LicenseReport:
    """The distinct statements of a column: how often each stands there and what it was read as.

    Decisions that grant more than their statement come first, then what is not exact, the commonest first.
    """

    __slots__ = ("_decided", "rows")

    def __init__(self, rows: list[dict[str, Any]], decided: dict[str, str]) -> None:
        self.rows = rows
        self._decided = decided

    @property
    def unclear(self) -> list[dict[str, Any]]:
        """The rows a person should look at: everything that is not exact."""
        return [row for row in self.rows if row["status"] != "exact"]

    def write(self, path: str | os.PathLike[str]) -> None:
        """Writes the sheet, `.xlsx` or `.csv`, with empty columns for decision, by, date and reason."""
        end = os.path.splitext(os.fspath(path))[1].lower()
        if end not in WRITERS:
            message = f"a decision sheet is .xlsx or .csv, not {end or 'without an ending'}"
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
        WRITERS[end](os.fspath(path), [[*SHOWN, *FILLED_IN, KEY], *cells])

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        return f"<LicenseReport: {len(self.rows):,} different statements, {len(self.unclear):,} not exact>"

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


@keywords
def license_report(
    data: Any, *, column: str | None = None, decisions: Any = None, assume_version: str | None = None
) -> LicenseReport:
    """The distinct rights statements of a list or a column, with what each says.

    >>> import naturalia as nat
    >>> rep = nat.license_report(["CC BY 4.0", "ask us", "ask us"])
    >>> rep
    <LicenseReport: 2 different statements, 1 not exact>
    >>> rep.rows[0]["statement"], rep.rows[0]["count"]
    ('ask us', 2)
    >>> rep.write("decide.csv")
    """
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
    return LicenseReport(rows, decided)


def key(statement: str) -> str:
    """A short name of the exact statement: spreadsheets change blanks and line ends."""
    from hashlib import sha256

    return sha256(statement.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def matching(
    decisions: Mapping[str, str] | str | os.PathLike[str], statements: Iterable[str]
) -> dict[str, str]:
    """The decisions on these statements, each a licence that exists."""
    if isinstance(decisions, (str, os.PathLike)):
        rows = sheet(os.fspath(decisions))
        by_key = {row[KEY]: row["decision"] for row in rows if row.get(KEY)}
        by_text = {row["statement"]: row["decision"] for row in rows if not row.get(KEY)}
    else:
        by_key, by_text = {}, dict(decisions)
    found = {}
    for statement in statements:
        decision = by_text.get(statement) or by_key.get(key(statement))
        if decision:
            found[statement] = checked(decision, statement)
    return found


def checked(decision: str, statement: str) -> str:
    """The decision, if it names something that exists."""
    read = _core.License(decision)
    if read.status not in ("exact", "unversioned", "statement"):
        near = f": did you mean {read.suggestions[0]!r}?" if read.suggestions else ""
        message = f"the decision {decision!r} on {statement!r} names no licence or statement{near}"
        raise ValueError(message)
    return decision


def freer(decided: Mapping[str, str]) -> list[str]:
    """The statements whose decision grants more than they do."""
    return [
        statement
        for statement, decision in decided.items()
        if "decided-freer" in _core.License(statement, decision=decision).warnings
    ]


def sheet(path: str) -> list[dict[str, str]]:
    """The filled rows of a decision sheet."""
    end = os.path.splitext(path)[1].lower()
    if end not in READERS:
        message = f"a decision sheet is .xlsx or .csv, not {path}"
        raise ValueError(message)
    head, *rows = READERS[end](path) or [[]]
    for name in ("statement", "decision"):
        if name not in head:
            message = f"the sheet {path} has no column {name!r}{closest(name, head)}"
            raise ValueError(message)
    found = [dict(zip(head, row, strict=False)) for row in rows]
    return [{**row, "decision": row["decision"].strip()} for row in found if row.get("decision", "").strip()]


def write_csv(path: str, cells: list[list[Any]]) -> None:
    """The sheet as CSV that Excel opens as UTF-8."""
    import csv

    with open(path, "w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(cells)


def read_csv(path: str) -> list[list[str]]:
    """The cells of a CSV; semicolons as Excel writes them in half of Europe are read too."""
    import csv

    with open(path, encoding="utf-8-sig", newline="") as file:
        first = file.readline()
        file.seek(0)
        return list(csv.reader(file, delimiter=";" if first.count(";") > first.count(",") else ","))


def write_xlsx(path: str, cells: list[list[Any]]) -> None:
    """The sheet as a workbook: statements are text whatever they begin with, the key is out of sight."""
    from xlsxwriter import Workbook

    with Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        page = book.add_worksheet("decisions")
        for number, row in enumerate(cells):
            for at, value in enumerate(row):
                if isinstance(value, int):
                    page.write_number(number, at, value)
                else:
                    page.write_string(number, at, value[:CELL])
        page.freeze_panes(1, 1)
        page.autofilter(0, 0, max(len(cells) - 1, 1), len(cells[0]) - 1)
        page.set_column(0, 0, 60)
        page.set_column(1, len(SHOWN) - 1, 16)
        page.set_column(len(SHOWN), len(SHOWN) + len(FILLED_IN) - 1, 20)
        page.set_column(len(cells[0]) - 1, len(cells[0]) - 1, None, None, {"hidden": True})


def read_xlsx(path: str) -> list[list[str]]:
    """The cells of the first sheet of a workbook, as text."""
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True, data_only=True)
    try:
        rows = book.worksheets[0].iter_rows(values_only=True)
        return [["" if value is None else str(value) for value in row] for row in rows]
    finally:
        book.close()


WRITERS = {".xlsx": write_xlsx, ".csv": write_csv}
READERS = {".xlsx": read_xlsx, ".csv": read_csv}
