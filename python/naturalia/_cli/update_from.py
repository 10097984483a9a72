"""`naturalia diff` and `naturalia update-from`: the changes of a person in a file."""

from __future__ import annotations

from typing import Any

import click

from naturalia._cli.exits import GATE
from naturalia._cli.input import inputs
from naturalia._cli.output import echo, standard_output
from naturalia._cli.privacy import private_option, report_left_out

__all__ = ["diff", "update_from"]

key_option = click.option(
    "--on", "key", metavar="COLUMN", help="The column that records are found by; else media_id or identifier."
)


@click.command()
@click.argument("records")
@click.argument("edited", type=click.Path(exists=True, dir_okay=False))
@key_option
@click.option(
    "--format",
    "shape",
    type=click.Choice(["text", "jsonl", "csv"]),
    default="text",
    show_default=True,
    help="How the changes are printed.",
)
@private_option
def diff(records: str, edited: str, *, key: str | None, shape: str, include_private: bool) -> None:
    """Prints what a person changed in EDITED, a file that was written from RECORDS.

    One line for each cell: record, column, value before, value after. Exit code 6 if a record was changed in
    the file, and in RECORDS since the file was written.

    \b
    Examples:
      naturalia diff pages/ records.xlsx
      naturalia diff media.parquet media.xlsx --format csv > changes.csv
    """
    found = read_records(records).diff(edited, on=key)
    if not include_private:
        found, private = found._public_rows()
        report_left_out(private)
    if shape == "text":
        for record, position, column, before, after, kind in found:
            place = f"{record} ({int(position) + 1})" if position != "0" else record
            echo(f"{place}  {column}: {before!r} -> {after!r}" + ("" if kind == "edited" else f"  [{kind}]"))
    else:
        stream = standard_output(json=shape == "jsonl")
        stream.write(found._core.jsonl() if shape == "jsonl" else found._core.csv())
        stream.flush()
    kinds = found["kind"]
    counts = ", ".join(f"{kinds.count(kind):,} {kind}" for kind in dict.fromkeys(kinds))
    echo(counts or "no changes", err=True)
    if "conflict" in kinds:
        raise click.exceptions.Exit(GATE)


@click.command("update-from")
@click.argument("records")
@click.argument("edited", type=click.Path(exists=True, dir_okay=False))
@click.argument("out", type=click.Path(dir_okay=False))
@key_option
@click.option(
    "--cleared",
    type=click.Choice(["keep", "delete"]),
    default="keep",
    show_default=True,
    help="What an emptied cell means.",
)
@private_option
def update_from(
    records: str, edited: str, out: str, *, key: str | None, cleared: str, include_private: bool
) -> None:
    """Writes RECORDS with the values that a person changed in EDITED to OUT.

    EDITED was written from RECORDS. Languages, attributes and order stay, and records that EDITED does not
    have. Exit code 6, and no file, if a record was changed in both.

    \b
    Examples:
      naturalia update-from pages/ records.xlsx updated.xml
      naturalia update-from media.parquet media.xlsx media2.parquet --cleared delete
    """
    import warnings

    with warnings.catch_warnings(record=True) as remarks:
        warnings.simplefilter("always")
        updated = read_records(records).update(edited, on=key, cleared=cleared)
    for remark in remarks:
        echo(str(remark.message), err=True)
    echo(str(updated.write(out, include_private=include_private)), err=True)


def read_records(records: str) -> Any:
    """The records of a file, glob or folder, or of standard input."""
    from naturalia import read

    with inputs([records]) as given:
        return read(given)
