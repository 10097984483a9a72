"""`naturalia cat`: records to standard output."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import click

from naturalia._cli.decisions import decided, decision_options
from naturalia._cli.exits import PARTIAL
from naturalia._cli.input import inputs, talk
from naturalia._cli.output import echo, standard_output
from naturalia._cli.privacy import PublicTables, private_option, report_left_out
from naturalia._output.progress import hushed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from naturalia import Table

__all__ = ["cat"]


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILES...")
@click.option(
    "--format",
    "shape",
    type=click.Choice(["table", "jsonl", "json", "csv", "tsv", "xml"]),
    help="By default a table on a terminal, JSON lines in a pipe.",
)
@click.option(
    "--as", "target", metavar="FORMAT", help="Map the records to another format first: media, nba …"
)
@click.option("--columns", metavar="A,B", help="Only these columns.")
@click.option("--limit", type=click.IntRange(min=0), metavar="N", help="At most this many records.")
@click.option(
    "--long", "long_form", is_flag=True, help="A row for each value: exact text, language, attributes."
)
@click.option(
    "--lang", metavar="NL,EN|wide", help="Languages in order of preference; wide: a column for each."
)
@click.option(
    "--multi",
    type=click.Choice(["list", "join", "first", "explode"]),
    help="What becomes of several values; by default a list, joined in CSV and TSV.",
)
@click.option("--sep", default=" | ", show_default=True, help="What stands between joined values.")
@click.option(
    "--changed",
    metavar="last|D",
    help="Of a harvest file: what is new, changed or deleted.",
)
@decision_options
@private_option
@click.option("--strict", is_flag=True, help="Refuse what is not well-formed instead of repairing it.")
@click.option(
    "--keep-going", is_flag=True, help="Leave out pages that can't be read; exit code 5 if there are any."
)
@click.option("--salvage", is_flag=True, help="Take the complete records of a page that stops too early.")
def cat(
    files: tuple[str, ...],
    *,
    shape: str | None,
    target: str | None,
    columns: str | None,
    limit: int | None,
    long_form: bool,
    lang: str | None,
    multi: str | None,
    sep: str,
    changed: str | None,
    decisions: str | None,
    record_decisions: str | None,
    include_private: bool,
    strict: bool,
    keep_going: bool,
    salvage: bool,
) -> None:
    """Prints the records of saved pages, or of a harvest file.

    FILES are files, globs or folders; - is standard input. Of a harvest file it is the records as they are
    now, or with --changed last what the last run brought. With --as media all sources have the same columns.

    \b
    Examples:
      naturalia cat pages/
      naturalia cat pages/*.xml --columns identifier,title --lang nl,en
      naturalia cat pages/*.xml --format csv > records.csv
    """
    from naturalia import scan, write
    from naturalia._cli.convert import Crossed

    shape = shape or ("table" if sys.stdout.isatty() else "jsonl")
    if long_form and (lang or multi or columns):
        message = "--long shows every value as it is: it takes no --lang, --multi or --columns"
        raise click.UsageError(message)
    if shape == "xml" and (long_form or lang or multi or columns):
        message = "XML holds records as they are: it takes no --long, --lang, --multi or --columns"
        raise click.UsageError(message)

    # A bar and a table on one terminal would write over each other.
    quiet = hushed() if sys.stdout.isatty() else nullcontext()
    with inputs(files) as sources, quiet:
        query = scan(sources, strict=strict, keep_going=keep_going, salvage=salvage)
        public = PublicTables(
            changes(sources, changed) if changed else query, include_private=include_private
        )
        parts: Iterable[Table] = decided(public, decisions, record_decisions, include_private=include_private)
        parts = limited(parts, limit)
        crossed = Crossed(parts, target, {"include_private": include_private}) if target else None
        parts = crossed or parts
        how: dict[str, Any] = {"lang": lang, "multi": multi, "sep": sep, "columns": columns}
        if long_form:
            parts, how = (part.long() for part in parts), {}
        if shape in ("table", "jsonl"):
            # These may change their columns on the way.
            how["multi"] = multi or "list"
            forms = (part.view(**how) if not long_form else part for part in parts)
            (write_table(forms, all_columns=bool(columns)) if shape == "table" else write_jsonl(forms))
        else:
            how["layout"] = "columns" if shape == "json" else None
            write(
                parts,
                standard_output(json=shape == "json"),
                format=shape,
                include_private=include_private,
                **how,
            )
        talk(query.report)
        report_left_out(public.private)
        if crossed:
            crossed.told(None, {})
        if query.report.problems:
            raise click.exceptions.Exit(PARTIAL)


def changes(sources: list[Any], since: str) -> Iterator[Table]:
    """What has changed in harvest files."""
    from naturalia import Harvest

    for source in sources:
        yield from Harvest(source).changes(since)


def limited(parts: Iterable[Table], limit: int | None) -> Iterator[Table]:
    """The parts until `limit` records have been seen."""
    left = limit
    for part in parts:
        if left is None:
            yield part
            continue
        yield part[:left]
        left -= len(part)
        if left <= 0:
            return


def write_jsonl(parts: Iterable[Table]) -> None:
    """One JSON object a line."""
    out = standard_output(json=True)
    for part in parts:
        out.write(part._core.jsonl())


def write_table(parts: Iterable[Table], *, all_columns: bool) -> None:
    """Lines that fit the terminal; the first part decides the columns of its format."""
    from rich.text import Text

    from naturalia._output.terminal import console
    from naturalia._output.text import wrapped
    from naturalia._table.preview import Grid, card

    screen = console()
    grids: dict[tuple[str, ...], Grid] = {}
    for part in parts:
        if not len(part):
            continue
        if part.format == "identify":
            echo("\n".join(card(part, screen.width)))
            continue
        key = tuple(part.columns)
        if key not in grids:
            grids[key] = Grid(part, screen.width, all_columns=all_columns)
            screen.print(Text(grids[key].header(), style="bold"))
        for line, deleted in grids[key].lines(part):
            screen.print(Text(line, style="dim" if deleted else ""))
    for grid in grids.values():
        remark = grid.rest()
        for line in wrapped(f"{remark}: --columns A,B or --format jsonl", screen.width) if remark else []:
            echo(line, err=True)
