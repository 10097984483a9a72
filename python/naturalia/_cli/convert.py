"""`naturalia convert`: records to a file of another kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from naturalia._cli.decisions import decided, decision_options
from naturalia._cli.dialects import dialect_option
from naturalia._cli.exits import PARTIAL
from naturalia._cli.input import inputs, talk
from naturalia._cli.output import echo, standard_output
from naturalia._cli.privacy import private_option

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from naturalia import Table

__all__ = ["Crossed", "convert"]


def pairs(context: click.Context, option: click.Parameter, given: tuple[str, ...]) -> dict[str, str] | None:
    """The pairs NAME=TEXT of an option."""
    found = {}
    for text in given:
        name, mark, value = text.partition("=")
        if not mark:
            message = f"{text!r} is not NAME=TEXT"
            raise click.BadParameter(message, ctx=context, param=option)
        found[name] = value
    return found or None


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
@click.option("--to", metavar="FORMAT", help="Map the records to another format first: nba, oai_dc, media …")
@click.option(
    "--rules", type=click.Path(exists=True, dir_okay=False), help="Rules laid over ours: .tsv or .xlsx."
)
@dialect_option
@click.option("--source-code", metavar="CODE", help="The code of the source system, for --to nba.")
@click.option(
    "--taxa-from", metavar="FIELD", help="A field whose certain names of taxa become identifications."
)
@click.option("--unit-from", metavar="FIELD", help="A field with the identifiers of units, for --to nba.")
@click.option("--institution-from", metavar="FIELD", help="A field that names the institution, for --to nba.")
@click.option("--places", type=click.Choice(["gathering"]), help="Whose places they are, for --to nba.")
@click.option(
    "--constant",
    "constants",
    metavar="PATH=TEXT",
    multiple=True,
    callback=pairs,
    help="A text for a field of the target that would be empty; can be repeated.",
)
@click.option(
    "--set",
    "sets",
    metavar="SPEC=theme:TEXT",
    multiple=True,
    callback=pairs,
    help="What a set means: theme:TEXT or collection:TEXT; can be repeated.",
)
@click.option(
    "--loss",
    metavar="FILE",
    type=click.Path(dir_okay=False),
    help="Write the loss report: .html, .csv, .xlsx.",
)
@click.option(
    "--max-dropped", type=float, metavar="N", help="Exit code 6 if more values were dropped; below 1 a share."
)
@click.option("--max-rejected", type=float, metavar="N", help="Exit code 6 if more values were rejected.")
@click.option("--bare", is_flag=True, help="XML without the envelope of OAI-PMH.")
@click.option("--valid", is_flag=True, help="Leave out of XML what its schema doesn't allow.")
@decision_options
@private_option
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
    to: str | None,
    rules: str | None,
    dialect: str | None,
    source_code: str | None,
    taxa_from: str | None,
    unit_from: str | None,
    institution_from: str | None,
    places: str | None,
    constants: dict[str, str] | None,
    sets: dict[str, str] | None,
    loss: str | None,
    max_dropped: float | None,
    max_rejected: float | None,
    bare: bool,
    valid: bool,
    decisions: str | None,
    record_decisions: str | None,
    include_private: bool,
    no_clobber: bool,
    strict: bool,
    keep_going: bool,
    salvage: bool,
) -> None:
    """Writes the records of IN to the file OUT.

    IN are files, globs or folders of pages, or files that naturalia wrote; - is standard input. The ending
    of OUT tells what to write; - is standard output, and needs --format. OUT is whole or not there: an
    interrupted run leaves what was there before.

    \b
    Examples:
      naturalia convert pages/*.xml out.xlsx
      naturalia convert pages/ out.csv --lang nl,en --excel
      naturalia convert out.xlsx records.xml
      naturalia convert pages/*.xml out.ndjson --to nba --loss loss.html --max-dropped 0
    """
    from naturalia import scan, write

    how: dict[str, Any] = {"lang": lang, "multi": multi, "sep": sep, "columns": columns}
    if out == "-" and kind is None:
        message = "standard output does not tell what to write: give --format"
        raise click.UsageError(message)
    with inputs(files) as sources:
        query = scan(sources, strict=strict, keep_going=keep_going, salvage=salvage)
        given: Any = query
        if to is not None:
            options: dict[str, Any] = {
                "rules": rules,
                "dialect": dialect,
                "source_code": source_code,
                "taxa_from": taxa_from,
            }
            options |= {"unit_from": unit_from, "institution_from": institution_from, "places": places}
            meant = {spec: tuple(text.partition(":")[::2]) for spec, text in (sets or {}).items()}
            options |= {"constants": constants, "sets": meant or None}
            options |= {"decisions": decisions, "record_decisions": record_decisions}
            given = Crossed(given, to, {**options, "include_private": include_private})
        elif loss or max_dropped is not None or max_rejected is not None or rules:
            message = "--loss, --max-dropped, --max-rejected and --rules need --to"
            raise click.UsageError(message)
        else:
            given = decided(given, decisions, record_decisions, include_private=include_private)
        report = write(
            given,
            standard_output(json=kind in ("json", "jsonl")) if out == "-" else out,
            format=kind,
            **how,
            excel=excel,
            envelope=not bare,
            valid=valid,
            include_private=include_private,
            overwrite=not no_clobber,
        )
        echo(str(report), err=True)
        if isinstance(given, Crossed):
            given.told(loss, {"dropped": max_dropped, "rejected": max_rejected})
        talk(query.report)
        if query.report.problems:
            raise click.exceptions.Exit(PARTIAL)


class Crossed:
    """Tables mapped to another format on their way, and the account of it."""

    def __init__(self, given: Iterable[Table], to: str, options: dict[str, Any]) -> None:
        self.given = given
        self.to = to
        self.options = options
        self.losses: list[Any] = []
        self.ways: dict[str, Any] = {}

    def __iter__(self) -> Iterator[Table]:
        yield from map(self.mapped, self.given)
        self.check_decisions()

    def check_decisions(self) -> None:
        """Refuses decisions on statements that no record had."""
        from naturalia._licenses.decisions import check_occurrence, read_decisions

        for name, of_record in (("decisions", False), ("record_decisions", True)):
            keys = [key for loss in self.losses for record, key in loss.decision_keys if record == of_record]
            check_occurrence(read_decisions(self.options.get(name)), keys)

    def mapped(self, table: Table) -> Table:
        """The table in the other format; what it has no place for stays behind."""
        from naturalia import crosswalk
        from naturalia._table.table import wrap

        if table.format == self.to:
            return table
        if table.format not in self.ways:
            self.ways[table.format] = crosswalk(table.format, self.to, **self.options)
        made, loss = self.ways[table.format].apply(table)
        self.losses.append(loss)
        return wrap(made._core.without("residue"))

    def collect(self) -> Table:
        """All of it."""
        from naturalia import concat

        whole = getattr(self.given, "collect", lambda: concat(list(self.given)))
        mapped = self.mapped(whole())
        self.check_decisions()
        return mapped

    def told(self, path: str | None, limits: dict[str, float | None]) -> None:
        """Says what became of the values, writes the report, holds the limits."""
        from naturalia._crosswalk.loss import Loss

        if not self.losses:
            return
        loss = Loss.joined(self.losses)
        echo(loss.summary(), err=True)
        if path:
            loss.write(path)
        loss.assert_max(**{name: limit for name, limit in limits.items() if limit is not None})
