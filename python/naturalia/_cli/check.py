"""`naturalia check`: may these media, or rights statements, be used for something?"""

from __future__ import annotations

import sys

import click

from naturalia._cli.decisions import decided_media, decision_options
from naturalia._cli.exits import GATE
from naturalia._cli.input import inputs
from naturalia._cli.license import column_of, one_line
from naturalia._cli.output import echo, standard_output
from naturalia._cli.privacy import private_option

__all__ = ["check"]


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--for", "use", required=True, metavar="TARGET", help="commons, europeana, gbif; with --column more."
)
@click.option("--column", metavar="C", help="Check the rights statements of this column of a CSV alone.")
@decision_options
@click.option(
    "--format",
    "shape",
    type=click.Choice(["text", "jsonl", "csv"]),
    help="By default text on a terminal, JSON lines in a pipe.",
)
@click.option(
    "--report", "page", type=click.Path(dir_okay=False), metavar="HTML", help="Write a report here too."
)
@private_option
def check(
    files: tuple[str, ...],
    *,
    use: str,
    column: str | None,
    decisions: str | None,
    record_decisions: str | None,
    shape: str | None,
    page: str | None,
    include_private: bool,
) -> None:
    """Checks which media a target takes, and says why not the others.

    FILE are harvest files, pages, or files that naturalia wrote. Prints the counts and reasons, or one JSON
    line a medium in a pipe. Exit code 6 if a medium does not pass.

    \b
    Examples:
      naturalia check larus.sqlite --for commons
      naturalia check media.parquet --for europeana --format csv > why.csv
      naturalia check rights.csv --column rights --for open
    """
    if column is not None:
        if len(files) != 1:
            message = "--column is a column of one CSV"
            raise click.UsageError(message)
        statements(files[0], column, use, decisions, include_private=include_private)
        return
    import naturalia

    with inputs(files) as given:
        query = decided_media(given, decisions, record_decisions, include_private=include_private)
        found = naturalia.check(query, use, include_private=include_private)
        if page:
            command = f"naturalia check {' '.join(files)} --for {use} --report {page}"
            naturalia.report(query, page, include_private=include_private, command=command)
    shape = shape or ("text" if sys.stdout.isatty() else "jsonl")
    if shape == "text":
        echo(str(found))
        for verdict, code, _, advice in found.reasons:
            if verdict != "yes" and advice:
                echo(f"  → {code}: {one_line(advice)}")
    else:
        core = found.table._core
        out = standard_output(json=shape == "jsonl")
        out.write(core.jsonl() if shape == "jsonl" else core.csv())
        out.flush()
        echo(found.line(), err=True)
    if not found:
        raise click.exceptions.Exit(GATE)


def statements(file: str, column: str, use: str, decisions: str | None, *, include_private: bool) -> None:
    """Checks every statement of a column; prints what does not pass with the reason."""
    from collections import Counter

    from naturalia import licenses

    found = licenses(column_of(file, column, include_private=include_private), check=use, decisions=decisions)
    name = found.columns[-2]
    rows = zip(found[name], found[f"{name}_reason"], found["license_raw"], strict=True)
    failed = [(key, count) for key, count in Counter(rows).most_common() if key[0] != "yes"]
    for (verdict, reason, raw), count in failed:
        echo(f"{count:>8,}  {verdict:<11}  {reason:<28}  {one_line(raw) or '(blank)'}")
    bad = sum(count for _, count in failed)
    echo(f"{len(found) - bad:,} of {len(found):,} rows pass {use}", err=True)
    if failed:
        raise click.exceptions.Exit(GATE)
