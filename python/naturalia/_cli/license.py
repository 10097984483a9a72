"""`naturalia license`: what rights statements say."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from naturalia._cli.output import echo, standard_output
from naturalia._cli.privacy import private_option

if TYPE_CHECKING:
    from naturalia import Table

__all__ = ["column_of", "license", "one_line"]

SHOWN = ("label", "uri", "status", "warnings", "suggestions")


@click.command()
@click.argument("texts", nargs=-1, metavar="TEXT...")
@click.option("--unknown-only", is_flag=True, help="Only what is not exact.")
@click.option(
    "--format",
    "shape",
    type=click.Choice(["text", "jsonl", "csv"]),
    help="By default text on a terminal, JSON lines in a pipe.",
)
@click.option("--report", "file", type=click.Path(exists=True, dir_okay=False), help="Report on this CSV.")
@click.option("--column", metavar="C", help="The column of the CSV with the rights statements.")
@private_option
@click.option("--out", type=click.Path(dir_okay=False), metavar="FILE", help="Write the decision sheet here.")
def license(  # noqa: A001
    texts: tuple[str, ...],
    *,
    unknown_only: bool,
    shape: str | None,
    file: str | None,
    column: str | None,
    include_private: bool,
    out: str | None,
) -> None:
    """Says which licence a rights statement names, or why that can't be said.

    Each TEXT is a statement; - reads one a line from standard input. Information, not legal advice.

    \b
    Examples:
      naturalia license "CC-BY-SA 3.0 NL"
      naturalia license - --unknown-only < rights.txt
      naturalia license --report rights.csv --column rights --out decide.xlsx
    """
    from naturalia import license_report, licenses

    if file is not None:
        report = license_report(column_of(file, column, include_private=include_private))
        if out:
            report.write(out)
            echo(f"{report!r} written to {out}", err=True)
        else:
            echo(str(report))
        return
    if not texts:
        message = "no TEXT: give a statement, - for standard input, or --report FILE --column C"
        raise click.UsageError(message)
    lines = [line for text in texts for line in (stdin_lines() if text == "-" else [text])]
    found = licenses(lines)
    if unknown_only:
        found = found[[status != "exact" for status in found["license_status"]]]
    shape = shape or ("text" if sys.stdout.isatty() else "jsonl")
    if shape == "text":
        write_text(found)
    else:
        stream = standard_output(json=shape == "jsonl")
        stream.write(found._core.jsonl() if shape == "jsonl" else found._core.csv())


def stdin_lines() -> list[str]:
    """The lines of standard input."""
    return sys.stdin.buffer.read().decode("utf-8-sig", "replace").splitlines()


def column_of(file: str, column: str | None, *, include_private: bool) -> list[str]:
    """A column of a CSV, without the rows of records that are not public."""
    import csv

    from naturalia import _core
    from naturalia._arguments.spelling import closest
    from naturalia._cli.privacy import report_left_out
    from naturalia._table.table import wrap

    if column is None:
        message = "--column names the column with the rights statements"
        raise click.UsageError(message)
    with open(file, encoding="utf-8-sig", newline="") as opened:
        rows = csv.DictReader(opened)
        known = list(rows.fieldnames or [])
        if column not in known:
            message = f"no column {column!r} in {file}{closest(column, known)}"
            raise click.UsageError(message)
        cells = [{name: row[name] for name in known} for row in rows]
    table, private = wrap(_core.Table.from_rows(cells, known)), 0
    if not include_private:
        table, private = table._public_rows()
    report_left_out(private)
    return [text or "" for text in table[column]]


def one_line(text: Any) -> str:
    """A statement as it fits in a line."""
    from naturalia._output.text import text_of

    return text_of(text)[:120]


def write_text(found: Table) -> None:
    """A few lines for each statement; what is not there is not mentioned."""
    for row in found:
        echo(one_line(row.license_raw) or "(blank)")
        for name in SHOWN:
            value = getattr(row, f"license_{name}")
            if value:
                echo(f"  {name:<11} {one_line(value)}")
