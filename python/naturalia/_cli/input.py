"""The input of the verbs, and the remarks on it on standard error."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from naturalia._cli.output import echo

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from naturalia import Report

__all__ = ["inputs", "talk"]

# More than this from a pipe goes to a temporary file, which is read in pieces.
IN_MEMORY = 8 << 20


@contextmanager
def inputs(files: Iterable[str]) -> Iterator[list[Any]]:
    """The files, with standard input where there is a `-`."""
    import shutil
    from tempfile import NamedTemporaryFile

    start = b""
    if "-" in files:
        start = sys.stdin.buffer.read(IN_MEMORY)
    if len(start) < IN_MEMORY:
        yield [("<stdin>", start) if file == "-" else file for file in files]
        return
    with NamedTemporaryFile(prefix="naturalia-stdin-") as spooled:
        spooled.write(start)
        shutil.copyfileobj(sys.stdin.buffer, spooled)
        spooled.flush()
        yield [spooled.name if file == "-" else file for file in files]


def talk(report: Report) -> None:
    """What is worth knowing beside the data; nothing if nothing was odd."""
    from naturalia._output.text import plural
    from naturalia._table.reports import place, tally

    kinds = tally(repair.kind for repair in report.repairs)
    if kinds:
        each = ", ".join(f"{kind} {count:,}" for kind, count in kinds.items())
        echo(f"{plural(len(report.repairs), 'repair')} ({each}); naturalia info lists them", err=True)
    for problem in report.problems:
        echo(f"not read: {problem.message}\n  in {place(problem)}", err=True)
