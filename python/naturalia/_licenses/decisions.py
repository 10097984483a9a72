"""The decision sheet: what a column says about rights, for a person to decide what it doesn't say."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from naturalia import _core
from naturalia._arguments.spelling import closest
from naturalia._arguments.unpack import sheet_texts, workbook
from naturalia._output.sheets import unescape_formula

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["FILLED_IN", "KEY", "SHOWN", "applied", "key"]

SHOWN = ("statement", "count", "status", "license", "uri", "suggestion", "warnings")
FILLED_IN = ("decision", "by", "date", "reason")
KEY = "key"


def applied(core: _core.Table, name: str, decisions: Any) -> dict[str, str]:
    """Decisions by exact statement; one remark for those that grant more than the statement."""
    if decisions is None:
        return {}
    from warnings import warn

    from naturalia.errors import NaturaliaWarning

    decided = matching(decisions, [text for text, _ in _core.tally(core, name) if text is not None])
    more = freer(decided)
    if more:
        message = f"decisions that grant more than the statement does: {len(more)}, first on {more[0]!r}"
        warn(message, NaturaliaWarning, stacklevel=4)
    return decided


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
        message = f"a decision sheet is .xlsx or .csv, not {path!r}"
        raise ValueError(message)
    head, *rows = READERS[end](path) or [[]]
    for name in ("statement", "decision"):
        if name not in head:
            message = f"the sheet {path!r} has no column {name!r}{closest(name, head)}"
            raise ValueError(message)
    found = [dict(zip(head, row, strict=False)) for row in rows]
    return [{**row, "decision": row["decision"].strip()} for row in found if row.get("decision", "").strip()]


def read_csv(path: str) -> list[list[str]]:
    """The cells of a CSV; semicolons as Excel writes them in half of Europe are read too."""
    import csv

    with open(path, encoding="utf-8-sig", newline="") as file:
        first = file.readline()
        file.seek(0)
        rows = csv.reader(file, delimiter=";" if first.count(";") > first.count(",") else ",")
        return [[unescape_formula(cell) for cell in row] for row in rows]


def read_xlsx(path: str) -> list[list[str]]:
    """The cells of the first sheet of a workbook, as text."""
    with workbook(path) as book:
        return sheet_texts(book.worksheets[0], path)


READERS = {".xlsx": read_xlsx, ".csv": read_csv}
