"""`naturalia validate`: what the standards would refuse."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from naturalia._cli.exits import GATE
from naturalia._cli.input import inputs
from naturalia._cli.output import echo, echo_json, standard_output

if TYPE_CHECKING:
    from naturalia import Validation

__all__ = ["validate"]

# Findings of a rule that are shown on a terminal.
EXAMPLES = 3


@click.command()
@click.argument("files", nargs=-1, metavar="FILES...")
@click.option(
    "--format",
    "shape",
    type=click.Choice(["text", "jsonl", "csv"]),
    help="By default text on a terminal, JSON lines in a pipe.",
)
@click.option("--limit", type=click.IntRange(min=0), metavar="N", help="At most this many findings a rule.")
@click.option("--warnings", is_flag=True, help="Warnings fail too.")
@click.option("--rules", is_flag=True, help="List all rules and their sources; no FILES needed.")
def validate(
    files: tuple[str, ...], *, shape: str | None, limit: int | None, warnings: bool, rules: bool
) -> None:
    """Says what the standards would refuse of saved pages.

    Checks that they are XML, what the schemas of OAI-PMH, oai_dc and oai_oi ask, and what the protocol asks
    beyond them. Nothing is repaired. Exit code 6 if there is an error. FILES are files, globs or folders;
    - is standard input.

    \b
    Examples:
      naturalia validate page.xml || echo "look at it"
      naturalia validate pages/ --format jsonl | jq .message
      naturalia validate --rules
    """
    import naturalia

    if rules:
        list_rules(shape)
        return
    if not files:
        message = "no FILES: give files, folders, - for standard input, or --rules"
        raise click.UsageError(message)
    shape = shape or ("text" if sys.stdout.isatty() else "jsonl")
    with inputs(files) as given:
        found = naturalia.validate(
            given, limit=limit if limit is not None else None if shape != "text" else 1000
        )
    if shape == "text":
        write_text(found)
    else:
        core = found.findings._core
        out = standard_output(json=shape == "jsonl")
        out.write(core.jsonl() if shape == "jsonl" else core.csv())
        out.flush()
    echo(found.line(), err=True)
    if found.left_out:
        echo(f"{found.left_out:,} findings more are counted, not listed: --limit", err=True)
    if not found.ok or (warnings and found.warnings):
        raise click.exceptions.Exit(GATE)


def list_rules(shape: str | None) -> None:
    """Every rule, its source and what is right."""
    from naturalia import _core

    shape = shape or ("text" if sys.stdout.isatty() else "jsonl")
    if shape == "csv":
        message = "rules are listed as text or jsonl"
        raise click.UsageError(message)
    for rule in _core.rules():
        if shape == "jsonl":
            echo_json(rule)
        else:
            echo(f"{rule['rule']}  ({rule['severity']}, {rule['reference']})\n  {rule['title']}")


def write_text(found: Validation) -> None:
    """The broken rules, errors first, each with its first places and what to do."""
    from naturalia._output.terminal import console
    from naturalia._output.text import text_of, wrapped

    width = console().width
    order = sorted(found.rules, key=lambda rule: (rule.severity != "error", -rule.count))
    places: dict[str, list[str]] = {rule.rule: [] for rule in order}
    for row in found:
        if len(places[row.rule]) < EXAMPLES:
            where = f"{row.source}:{row.line}:{row.column}" if row.line else f"{row.source or '<table>'}"
            record = f" [{row.record}]" if row.record else ""
            places[row.rule].append(text_of(f"{where}: {row.message}{record}"))
    for rule in order:
        for line in wrapped(f"{rule.severity}: {rule.title} ({rule.rule}, {rule.count:,} ×)", width):
            echo(line)
        for place in places[rule.rule]:
            for line in wrapped(f"  {place}", width):
                echo(line)
        if rule.count > len(places[rule.rule]):
            echo(f"  … and {rule.count - len(places[rule.rule]):,} more")
        for line in wrapped(f"  → {rule.advice}", width):
            echo(line)
