"""Rule files in and out: TSV as it is, workbooks sheet by sheet."""

from __future__ import annotations

import os
from typing import Any

from naturalia._arguments.unpack import sheet_texts
from naturalia._arguments.unpack import workbook as opened
from naturalia._output.atomic import atomic
from naturalia._output.escaping import escaped
from naturalia._output.sheets import Page, write_workbook

__all__ = ["rule_text", "write"]

COLUMNS = ("record_id", "nx_src", "nx_dst", "nx_fn", "nx_dir", "nx_when", "nx_loss")


def rule_text(given: Any, source: str, functions: dict[str, Any]) -> list[tuple[str, str]]:
    """Name and text of what is given as rules; functions in it are added to `functions`."""
    if isinstance(given, dict):
        return [from_functions(given, source, functions)]
    path = os.fspath(given)
    if path.lower().endswith((".xlsx", ".xlsm")):
        return from_workbook(path)
    with open(path, encoding="utf-8-sig", newline="") as file:
        return [(os.path.basename(path), file.read())]


def from_functions(given: dict[Any, Any], source: str, functions: dict[str, Any]) -> tuple[str, str]:
    """Rules of a dict: a path in the source, or `(path, path in media)`, to a function."""
    lines = ["\t".join(COLUMNS)]
    for key, function in given.items():
        src, dst = key if isinstance(key, tuple) else (key, key)
        name = f"own.{len(functions) + 1}"
        functions[name] = function
        both = isinstance(function, tuple)
        lines.append("\t".join(["", src, dst, name, "both" if both else "fwd", "", ""]))
    return "rules", f"#subject_source: nx:{source}\n" + "\n".join(lines) + "\n"


def from_workbook(path: str) -> list[tuple[str, str]]:
    """The sheets of a workbook that hold rules, as TSV."""
    with opened(path) as book:
        sheets = [(sheet.title, sheet_texts(sheet, path)) for sheet in book.worksheets]
    texts = []
    for title, rows in sheets:
        headers = next((row for row in rows if "nx_src" in row), None)
        if headers is None:
            continue
        lines = (
            []
            if any(row[0].startswith("#subject_source") for row in rows if row)
            else [f"#subject_source: nx:{title}"]
        )
        lines += [row[0] if row and row[0].startswith("#") else "\t".join(map(quoted, row)) for row in rows]
        texts.append((f"{os.path.basename(path)}:{title}", "\n".join(lines) + "\n"))
    if not texts:
        from naturalia.errors import CrosswalkError

        message = f"{path!r} has no sheet with a column nx_src"
        raise CrosswalkError(
            message, hint="write one with nat.crosswalk(…).write('rules.xlsx') and edit that"
        )
    return texts


def quoted(cell: str) -> str:
    """A cell of a TSV."""
    if any(mark in cell for mark in '\t\n\r"'):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def write(path: str, sheets: list[tuple[str, str]]) -> None:
    """Writes rule files as TSV or as a workbook."""
    end = os.path.splitext(path)[1].lower()
    if end == ".xlsx":
        return workbook(path, sheets)
    if end != ".tsv":
        message = f"rules are written as .xlsx or .tsv, not {escaped(end or 'without an ending')}"
        raise ValueError(message)
    for name, text in sheets:
        own = path
        if len(sheets) > 1:
            stem = path.removesuffix(".tsv").removesuffix(".sssom")
            own = f"{stem}.{name}{path[len(stem) :]}"
        # The names of several files are ours, that of one is the user's.
        with atomic(own, follow=len(sheets) == 1) as out:
            out.write(text.encode())
    return None


def workbook(path: str, sheets: list[tuple[str, str]]) -> None:
    """One sheet a format, the header frozen, everything as text."""
    import csv

    pages = []
    for name, text in sheets:
        body = [line for line in text.splitlines() if not line.startswith("#")]
        rows = list(csv.reader(body, delimiter="\t"))
        pages.append(Page(name, rows, frozen=(1, 1), widths=dict.fromkeys(range(21), 24), bold=True))
    write_workbook(path, pages)
