"""Decisions of a person about rights statements, and the sheet in which they are made."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from naturalia import _core
from naturalia._arguments.spelling import closest
from naturalia._arguments.unpack import sheet_texts, workbook
from naturalia._output.sheets import unescape_formula
from naturalia._output.text import plural

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Given = Mapping[str, Any] | str | os.PathLike[str]
    CoreDecision = tuple[bool, str, str, str | None, str | None, str | None]

__all__ = [
    "CHOICES",
    "FILLED_IN",
    "INSTRUCTIONS",
    "SHOWN",
    "Decision",
    "check_occurrence",
    "core_decisions",
    "decisions_on",
    "read_decisions",
    "statement_key",
    "warn_of_freer",
]

SHOWN = ("statement", "count", "status", "license", "uri", "suggestion", "warnings", "unread", "example")
FILLED_IN = ("decision", "by", "date", "reason")

CHOICES = (
    "CC0 1.0",
    "Public Domain Mark 1.0",
    *(
        f"CC {unit} {version}"
        for version in ("4.0", "3.0")
        for unit in ("BY", "BY-SA", "BY-NC", "BY-NC-SA", "BY-ND", "BY-NC-ND")
    ),
    "http://rightsstatements.org/vocab/InC/1.0/",
    "http://rightsstatements.org/vocab/NoC-NC/1.0/",
    "http://rightsstatements.org/vocab/CNE/1.0/",
    "http://rightsstatements.org/vocab/UND/1.0/",
    "All rights reserved",
)
"""The licences that the drop-down of a decision sheet offers; others can be typed."""

INSTRUCTIONS = (
    "How to fill in the sheet 'decisions'",
    "Each row is one rights statement, as the records contain it. 'count' is the number of values.",
    "1. Read the statement, and look at the record in 'example'.",
    "2. Choose a licence in the column 'decision', or type another: CC BY-SA 3.0 NL, or its address.",
    "3. Fill in who decided (by), when (date) and why (reason). They are kept with the records.",
    "4. Leave 'decision' empty if you do not know: the statement then stays as it is.",
    "Do not change the column 'statement': a decision applies to exactly that text.",
    "A decision that grants more than its statement is marked with the warning decided-freer.",
    "This is information, not legal advice.",
)

ESCAPE = re.compile("_x00[01][0-9A-Fa-f]_")
"""Control characters as workbooks write them (ECMA-376, ST_Xstring)."""
STATUSES = ("exact", "unversioned", "statement")
"""The statuses of what a decision can name."""


class Decision(NamedTuple):
    """A decision and its place.

    Attributes:
        statement: the statement.
        license: the licence or statement that a person decided on.
        by: who decided.
        date: when.
        reason: why.
        place: the row of the sheet, in words; "" outside sheets.
    """

    statement: str
    license: str
    by: str | None = None
    date: str | None = None
    reason: str | None = None
    place: str = ""

    def core(self, *, record: bool) -> CoreDecision:
        """The decision as the core takes it."""
        return (record, self.statement, self.license, self.by, self.date, self.reason)


def statement_key(statement: str) -> str:
    """The statement as a person sees it: blanks, line ends and control characters are one blank."""
    return _core.statement_key(statement)


def read_decisions(given: Given | None) -> list[Decision]:
    """The decisions of a sheet, or of a dict from statement to licence.

    A value of a dict can be another dict, with `decision` and any of `by`, `date` and `reason`.

    Raises:
        ValueError: the sheet has no column for statements or decisions; a decision names no licence; or two
            decisions on one statement differ. The message names all such rows.
    """
    if given is None:
        return []
    if isinstance(given, (str, os.PathLike)):
        rows, problems = sheet_decisions(os.fspath(given))
    else:
        rows, problems = [dict_decision(statement, value) for statement, value in given.items()], []
    by_key: dict[str, Decision] = {}
    for row in rows:
        problem = problem_of(row)
        other = by_key.setdefault(statement_key(row.statement), row)
        if problem is None and other.license != row.license:
            problem = (
                f"{row.statement!r} is decided as {row.license!r}, and as {other.license!r} in {other.place}"
            )
        if problem is not None:
            problems.append(f"{row.place}: {problem}" if row.place else problem)
    if problems:
        source = f"{os.fspath(given)}: " if isinstance(given, (str, os.PathLike)) else ""
        message = f"{source}{plural(len(problems), 'decision')} can't be applied: {'; '.join(problems)}"
        raise ValueError(message)
    return list(by_key.values())


def dict_decision(statement: str, value: Any) -> Decision:
    """The decision of an item of a dict."""
    if isinstance(value, str):
        return Decision(statement, value)
    if not isinstance(value, dict) or "decision" not in value:
        message = f"decisions[{statement!r}] is a licence, or a dict with {', '.join(FILLED_IN)}"
        raise TypeError(message)
    unknown = [name for name in value if name not in FILLED_IN]
    if unknown:
        message = f"decisions[{statement!r}] has no {unknown[0]!r}{closest(unknown[0], FILLED_IN)}"
        raise ValueError(message)
    by, date, reason = (value.get(name) for name in FILLED_IN[1:])
    return Decision(statement, str(value["decision"]), by, date, reason)


def problem_of(decision: Decision) -> str | None:
    """Why a decision can't be applied."""
    read = _core.License(decision.license)
    if read.status in STATUSES:
        return None
    near = f": did you mean {read.suggestions[0]!r}?" if read.suggestions else ""
    return f"the decision {decision.license!r} on {decision.statement!r} names no licence or statement{near}"


def decisions_on(decisions: Iterable[Decision], statements: Iterable[str]) -> dict[str, str]:
    """The licences that were decided on, by exact statement."""
    by_key = {statement_key(decision.statement): decision.license for decision in decisions}
    keyed = ((statement, by_key.get(statement_key(statement))) for statement in statements)
    return {statement: decided for statement, decided in keyed if decided is not None}


def check_occurrence(decisions: Iterable[Decision], keys: Iterable[str]) -> None:
    """Raises `ValueError` for decisions on statements that do not occur; `keys` are those that do."""
    occurring = set(keys)
    missing = [decision for decision in decisions if statement_key(decision.statement) not in occurring]
    if missing:
        named = ((f"{each.place}: " if each.place else "", each.statement) for each in missing)
        places = [f"{place}{statement!r}" for place, statement in named]
        message = (
            f"{plural(len(missing), 'decision')} on a statement that does not occur: {'; '.join(places)}; "
            "compare with nat.license_report() of the data, or delete these rows"
        )
        raise ValueError(message)


def core_decisions(given: Given | None, of_records: Given | None) -> list[CoreDecision]:
    """Decisions on media and on records as the core takes them; one warning for those that grant more."""
    media_decisions, others = read_decisions(given), read_decisions(of_records)
    warn_of_freer({each.statement: each.license for each in [*media_decisions, *others]})
    return [each.core(record=False) for each in media_decisions] + [each.core(record=True) for each in others]


def warn_of_freer(decided: Mapping[str, str], stacklevel: int = 5) -> None:
    """One warning for the decisions that grant more than their statements do."""
    more = [
        statement
        for statement, decision in decided.items()
        if "decided-freer" in _core.License(statement, decision=decision).warnings
    ]
    if more:
        from warnings import warn

        from naturalia.errors import NaturaliaWarning

        message = f"decisions that grant more than the statement does: {len(more)}, first on {more[0]!r}"
        warn(message, NaturaliaWarning, stacklevel=stacklevel)


def sheet_decisions(path: str) -> tuple[list[Decision], list[str]]:
    """The filled rows of a decision sheet, and the rows whose cells have no value."""
    end = os.path.splitext(path)[1].lower()
    if end not in READERS:
        message = f"a decision sheet is .xlsx or .csv, not {path!r}"
        raise ValueError(message)
    rows, problems = READERS[end](path)
    head = [cell.strip() for cell in rows[0]] if rows else []
    for name in ("statement", "decision"):
        if name not in head:
            message = f"the sheet {path!r} has no column {name!r}{closest(name, head)}"
            raise ValueError(message)
    found = []
    for number, row in enumerate(rows[1:], 2):
        cells = dict(zip(head, row, strict=False))
        decided, by, date, reason = (cells.get(name, "").strip() or None for name in FILLED_IN)
        if decided is not None:
            found.append(Decision(cells["statement"], decided, by, date, reason, f"row {number}"))
    return found, problems


def read_csv(path: str) -> tuple[list[list[str]], list[str]]:
    """The cells of a CSV; semicolons as Excel writes them in half of Europe are read too."""
    import csv

    with open(path, encoding="utf-8-sig", newline="") as file:
        first = file.readline()
        file.seek(0)
        rows = csv.reader(file, delimiter=";" if first.count(";") > first.count(",") else ",")
        return [[unescape_formula(cell) for cell in row] for row in rows], []


def read_xlsx(path: str) -> tuple[list[list[str]], list[str]]:
    """The cells of the first sheet of a workbook, as text, and the formulas in it that have no value."""
    with workbook(path) as book:
        rows = sheet_texts(book.worksheets[0], path)
    with workbook(path, formulas=True) as book:
        formulas = sheet_texts(book.worksheets[0], path)
    problems = [
        f"row {number}: the formula {formula!r} has no value: save the sheet again with a spreadsheet program"
        for number, (row, formula_row) in enumerate(zip(rows, formulas, strict=False), 1)
        for cell, formula in zip(row, formula_row, strict=False)
        if not cell and formula.startswith("=")
    ]
    return [[cell_value(cell) for cell in row] for row in rows], problems


def cell_value(cell: str) -> str:
    """The text of a cell: a date is a day, and control characters, which a workbook escapes, are blanks."""
    return ESCAPE.sub(" ", cell.removesuffix(" 00:00:00"))


READERS = {".xlsx": read_xlsx, ".csv": read_csv}
