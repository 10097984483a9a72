"""`naturalia cite` and `naturalia report`: what goes to others with the media."""

from __future__ import annotations

from typing import Any

import click

from naturalia._cli.decisions import decided_media, decision_options
from naturalia._cli.input import inputs
from naturalia._cli.output import echo
from naturalia._cli.privacy import private_option, report_left_out

__all__ = ["cite", "report"]


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--style",
    type=click.Choice(["apa", "bibtex", "csl-json", "attribution"]),
    default="apa",
    show_default=True,
    help="How they are written.",
)
@click.option("--modified", is_flag=True, help="The media were changed: attributions say so.")
@click.option("--out", type=click.Path(dir_okay=False), metavar="PATH", help="Write to this file.")
@decision_options
@private_option
def cite(
    files: tuple[str, ...],
    *,
    style: str,
    modified: bool,
    out: str | None,
    decisions: str | None,
    record_decisions: str | None,
    include_private: bool,
) -> None:
    """Prints how to cite media.

    FILE are harvest files, pages, or files that naturalia wrote; - is standard input. What a citation lacks
    is said on standard error.

    \b
    Examples:
      naturalia cite larus.sqlite --style bibtex > larus.bib
      naturalia cite media.parquet --style attribution
      naturalia cite larus.sqlite --style csl-json --out larus.json
    """
    import naturalia

    with inputs(files) as given:
        found = naturalia.cite(
            decided_media(given, decisions, record_decisions, include_private=include_private),
            style=style,
            modified=modified,
            include_private=include_private,
        )
    if out:
        found.write(out)
    elif len(found):
        echo(found._text(), json=style == "csl-json")
    said(found)


def said(found: Any) -> None:
    """What the citations lack, and whom to cite besides."""
    from collections import Counter

    from naturalia._output.text import plural

    lacking = Counter(name for citation in found for name in citation.missing)
    if lacking:
        counts = ", ".join(f"{name} in {count:,}" for name, count in lacking.most_common())
        echo(f"{plural(len(found), 'citation')}; missing: {counts}", err=True)
    for text in found.datasets:
        echo(f"data set: {text}", err=True)
    report_left_out(found.private)


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.argument("out", metavar="OUT.html", type=click.Path(dir_okay=False))
@click.option("--title", metavar="TEXT", help="The heading.")
@click.option(
    "--images",
    type=click.Path(exists=True, file_okay=False),
    metavar="DIR",
    help="A folder that fetch filled.",
)
@decision_options
@private_option
def report(
    files: tuple[str, ...],
    out: str,
    *,
    title: str | None,
    images: str | None,
    decisions: str | None,
    record_decisions: str | None,
    include_private: bool,
) -> None:
    """Writes one HTML page about media that can be sent on.

    Counts, licences with the statements they were read from, completeness, what stands in the way, a contact
    sheet, how to cite. No script, no request to elsewhere.

    \b
    Examples:
      naturalia report larus.sqlite larus.html
      naturalia report media.parquet media.html --title "Gulls" --images img/
      naturalia report pages/*.xml report.html
    """
    import shlex

    import naturalia

    named = {"--title": title, "--images": images, "--decisions": decisions}
    named["--record-decisions"] = record_decisions
    options = [part for name, text in named.items() if text for part in (name, text)]
    command = shlex.join(["naturalia", "report", *files, out, *options])
    with inputs(files) as given:
        summary = naturalia.report(
            decided_media(given, decisions, record_decisions, include_private=include_private),
            out,
            title=title,
            images=images,
            command=command,
            include_private=include_private,
        )
    echo(f"{summary.count:,} media in {out}", err=True)
    report_left_out(summary.private)
