"""`naturalia crosswalk`: the rules from one format to another."""

from __future__ import annotations

import sys

import click

from naturalia._cli.dialects import dialect_option
from naturalia._cli.output import echo, echo_json

__all__ = ["crosswalk"]


@click.command()
@click.argument("source", metavar="SRC")
@click.argument("target", metavar="DST")
@click.option("--explain", "field", metavar="FIELD", help="What happens to one field.")
@click.option(
    "--write", "path", metavar="FILE", type=click.Path(dir_okay=False), help="Write them: .xlsx or .tsv."
)
@click.option(
    "--rules", type=click.Path(exists=True, dir_okay=False), help="Rules laid over ours: .tsv or .xlsx."
)
@dialect_option
@click.option(
    "--format", "kind", type=click.Choice(["table", "jsonl"]), help="By default a table on a terminal."
)
def crosswalk(
    source: str,
    target: str,
    *,
    field: str | None,
    path: str | None,
    rules: str | None,
    dialect: str | None,
    kind: str | None,
) -> None:
    """Shows the rules that map the format SRC to the format DST.

    \b
    Examples:
      naturalia crosswalk oai_dc nba
      naturalia crosswalk oai_oi nba --explain date
      naturalia crosswalk oai_dc nba --write rules.xlsx
      naturalia crosswalk oai_dc nba --dialect dspace --explain relation
    """
    from naturalia._crosswalk.crosswalk import crosswalk as between
    from naturalia._crosswalk.crosswalk import shown
    from naturalia._crosswalk.explain import described

    try:
        found = between(source, target, rules=rules, dialect=dialect)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    if path is not None:
        found.write(path)
        echo(f"{len(found.rules):,} rules written to {path}", err=True)
        return
    if field is not None:
        try:
            echo(found.explain(field))
        except ValueError as error:
            raise click.UsageError(str(error)) from error
        return
    if kind == "jsonl" or (kind is None and not sys.stdout.isatty()):
        for rule in found.rules:
            echo_json(shown(rule))
        return
    for rule in found.rules:
        echo(described(rule))
