"""`naturalia convert`: records to a file of another kind."""

from __future__ import annotations

from typing import Any

import click

from naturalia._cli.cat import inputs, talk
from naturalia._cli.exits import PARTIAL

__all__ = ["convert"]


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="IN...")
@click.argument("out", metavar="OUT", type=click.Path(dir_okay=False))
@click.option(
    "--format",
    "kind",
    metavar="KIND",
    help="csv, tsv, xlsx, parquet, jsonl, json or xml, if OUT does not tell.",
)
@click.option("--columns", metavar="A,B", help="Only these columns.")
@click.option(
    "--lang", metavar="NL,EN|wide", help="Languages in order of preference; wide: a column for each."
)
@click.option(
    "--multi",
    type=click.Choice(["list", "join", "first", "explode"]),
    help="What becomes of several values; by default they are joined in CSV, TSV and XLSX.",
)
@click.option("--sep", default=" | ", show_default=True, help="What stands between joined values.")
@click.option("--excel", is_flag=True, help="CSV for Excel: with a byte order mark, formulas defused.")
@click.option("--bare", is_flag=True, help="XML without the envelope of OAI-PMH.")
@click.option("--valid", is_flag=True, help="Leave out of XML what its schema doesn't allow.")
@click.option("--include-private", is_flag=True, help="Records too that say they are not public.")
@click.option("--no-clobber", is_flag=True, help="Keep a file that is there: exit code 2.")
@click.option("--strict", is_flag=True, help="Refuse what is not well-formed instead of repairing it.")
@click.option(
    "--keep-going", is_flag=True, help="Leave out pages that can't be read; exit code 5 if there are any."
)
@click.option("--salvage", is_flag=True, help="Take the complete records of a page that stops too early.")
def convert(
    files: tuple[str, ...],
    out: str,
    *,
    kind: str | None,
    columns: str | None,
    lang: str | None,
    multi: str | None,
    sep: str,
    excel: bool,
    bare: bool,
    valid: bool,
    include_private: bool,
    no_clobber: bool,
    strict: bool,
    keep_going: bool,
    salvage: bool,
) -> None:
    """Writes the records of IN to the file OUT.

    IN are files, globs or folders of pages, or files that naturalia wrote; - is standard input. The ending of
    OUT tells what to write. OUT is whole or not there: an interrupted run leaves what was there before.

    \b
    Examples:
      naturalia convert pages/*.xml out.xlsx
      naturalia convert pages/ out.csv --lang nl,en --excel
      naturalia convert out.xlsx records.xml
    """
    from naturalia import scan, write

    how: dict[str, Any] = {"lang": lang, "multi": multi, "sep": sep, "columns": columns}
    with inputs(files) as sources:
        query = scan(sources, strict=strict, keep_going=keep_going, salvage=salvage)
        report = write(
            query,
            out,
            format=kind,
            **how,
            excel=excel,
            envelope=not bare,
            valid=valid,
            include_private=include_private,
            overwrite=not no_clobber,
        )
        click.echo(str(report), err=True)
        talk(query.report)
        if query.report.problems:
            raise click.exceptions.Exit(PARTIAL)
