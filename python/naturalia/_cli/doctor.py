"""`naturalia doctor`: what this installation has, lacks, and what to do about it."""

from __future__ import annotations

import sys

import click

from naturalia._cli.exits import GATE
from naturalia._cli.output import echo, echo_json

__all__ = ["doctor"]

OPEN_IMAGES = "https://www.openbeelden.nl/feeds/oai/"
MARKS = {"ok": ("✓ ok   ", "green"), "look": ("~ look ", "yellow"), "wrong": ("✗ wrong", "red")}


@click.command()
@click.argument("folder", default=".", type=click.Path())
@click.option("--live", is_flag=True, help="Ask a service too: --url, or Open Images.")
@click.option("--url", help="The provider of OAI-PMH that --live asks.")
@click.option("--format", "shape", type=click.Choice(["text", "jsonl"]), help="Text unless in a pipe.")
def doctor(folder: str, *, live: bool, url: str | None, shape: str | None) -> None:
    """Looks at the installation and says what to do.

    FOLDER is where files will be written; the current one if not given.
    Nothing goes out to the network without --live.

    \b
    Examples:
      naturalia doctor
      naturalia doctor /srv/harvests
      naturalia doctor --live --url https://museum.example/oai
    """
    from naturalia._cli.diagnosis import examine, reach

    shape = shape or ("text" if sys.stdout.isatty() else "jsonl")
    wrong = 0
    findings = list(examine(folder))
    if live or url:
        findings.append(reach(url or OPEN_IMAGES))
    for finding in findings:
        wrong += finding.state == "wrong"
        if shape == "jsonl":
            echo_json(finding._asdict())
            continue
        mark, colour = MARKS[finding.state]
        click.secho(mark, fg=colour, nl=False)
        echo(f"  {finding.subject}: {finding.found}")
        if finding.do:
            echo(f"         → {finding.do}")
    if wrong:
        raise click.exceptions.Exit(GATE)
