"""Rows under a header of terms, written as they were read: Audiovisual Core, Simple Multimedia."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from naturalia._files.stream import Job
    from naturalia._output.atomic import Counted
    from naturalia._table.table import Table

__all__ = ["write_terms"]

FORMATS = ("ac", "simple_multimedia")


def write_terms(job: Job, out: Counted, *, tabs: bool) -> dict[str, Any]:
    """Each cell under the term it stood under, spelled as it was; terms in the order of the format."""
    header: list[str] = []
    for table in job.tables(again=True):
        if table.format not in FORMATS:
            message = f"layout='exact' of rows is for {' and '.join(FORMATS)}, not {table.format}"
            raise ValueError(message)
        for row in records(table):
            merge(header, row)
    job.report.counts.clear()  # the rows are read a second time
    out.write(cells([header], tabs=tabs))
    for table in job.tables():
        out.write(cells(([row.get(term, "") for term in header] for row in records(table)), tabs=tabs))
        job.counted(table)
    return job.facts(kind="tsv" if tabs else "csv", guarded=False, layout="exact", names=header)


def cells(rows: Iterable[list[str]], *, tabs: bool) -> bytes:
    """Rows as text; between tabs a quote is a letter like any other."""
    if not tabs:
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\n").writerows(rows)
        return text.getvalue().encode()
    lines = []
    for row in rows:
        wrong = next((cell for cell in row if any(sign in cell for sign in "\t\r\n")), None)
        if wrong is not None:
            message = f"a cell between tabs holds no tab and no line end, as {wrong[:40]!r} does: write .csv"
            raise ValueError(message)
        lines.append("\t".join(row) + "\n")
    return "".join(lines).encode()


def records(table: Table) -> Iterator[dict[str, str]]:
    """The records, as terms and cells."""
    for line in table._core.json("lines").splitlines():
        yield json.loads(line)


def merge(header: list[str], terms: Iterable[str]) -> None:
    """Adds terms that are new after the one that stands before them in the record."""
    known, at = set(header), 0
    for term in terms:
        if term in known:
            at = header.index(term) + 1
        else:
            header.insert(at, term)
            known.add(term)
            at += 1
