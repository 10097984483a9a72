"""`naturalia fetch`: media files into a folder."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from naturalia._cli.decisions import decided, decision_options
from naturalia._cli.exits import PARTIAL
from naturalia._cli.input import inputs
from naturalia._cli.output import echo, echo_json
from naturalia._cli.privacy import private_option
from naturalia._sources.settings import FETCH_CONNECTIONS, FETCH_MAX_BYTES, FETCH_RATE, FETCH_RETRIES, TIMEOUT

if TYPE_CHECKING:
    from naturalia import FetchJob

__all__ = ["fetch"]


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILES... FOLDER")
@click.option(
    "--name",
    default="{unit_id}_{n}",
    show_default=True,
    metavar="T",
    help="What files are called: columns in braces, / for folders, {n} or {n:03} counts.",
)
@click.option("--fields", is_flag=True, help="Print the columns that --name can use, and fetch nothing.")
@click.option(
    "--license",
    default="open",
    show_default=True,
    metavar="USE",
    help="open, commons, …, or any for no gate.",
)
@click.option(
    "--allow",
    type=click.Choice(["conditional"]),
    help="Also what is open on a condition, as without a version.",
)
@click.option("--variant", default="best", show_default=True, metavar="WORD", help="Which quality of a file.")
@click.option("--format", metavar="A,B", help="Only these types: jpeg, video/mp4.")
@click.option("--limit", type=click.IntRange(min=0), metavar="N", help="At most this many files.")
@click.option(
    "--rate", default=FETCH_RATE, show_default=True, metavar="N/s", help="Requests a second to a host."
)
@click.option(
    "--connections",
    type=click.IntRange(min=1),
    default=FETCH_CONNECTIONS,
    show_default=True,
    help="To one host.",
)
@click.option(
    "--update", type=click.Choice(["check", "replace"]), help="Ask again for files that are there already."
)
@decision_options
@private_option
@click.option("--sidecars/--no-sidecars", default=True, show_default=True, help="A JSON beside each file.")
@click.option(
    "--max-bytes", default=FETCH_MAX_BYTES, show_default=True, metavar="SIZE", help="The largest file."
)
@click.option("--inside", multiple=True, metavar="HOST:PORT", help="A host of a private network to ask.")
@click.option("--contact", metavar="MAIL", help="Whom the services may write to; else NATURALIA_CONTACT.")
@click.option("--timeout", type=float, default=TIMEOUT, show_default=True, help="Seconds without a byte.")
@click.option(
    "--retries",
    type=click.IntRange(min=0),
    default=FETCH_RETRIES,
    show_default=True,
    help="After passing faults.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be fetched; ask nobody, write nothing.")
@click.option("--log-json", is_flag=True, help="Progress and counts as JSON lines on standard error.")
@click.option("--quiet", "-q", is_flag=True, help="No progress, no counts; errors only.")
def fetch(files: tuple[str, ...], **how: Any) -> None:
    """Fetches the media of records into FOLDER, or goes on with it.

    FILES are files, globs or folders, harvest files too; - is standard input. What is kept in the folder:
    the files, a JSON beside each, ATTRIBUTION.csv, and manifest.sqlite. Standard output has a row a medium:
    a table on a terminal, JSON lines in a pipe. Interrupted or killed, it goes on when it is run again.

    \b
    Examples:
      naturalia fetch larus.sqlite img/ --dry-run
      naturalia fetch larus.sqlite img/ --license open --name '{unit_id}_{n}'
      naturalia fetch media.csv img/ --name '{genus}/{unit_id}_{n:03}' --rate 4/s

    \b
    Exit codes: 0 all there, 5 something failed (it is listed), 130
    interrupted: run it again.
    """
    import naturalia

    fields, quiet, log_json = (how.pop(name) for name in ("fields", "quiet", "log_json"))
    sheets = (how.pop("decisions"), how.pop("record_decisions"))
    *sources, folder = files
    if not sources:
        message = "records and a folder are needed: naturalia fetch larus.sqlite img/"
        raise click.UsageError(message)
    how["inside"] = list(how["inside"]) or None
    how["rate"] = None if how["rate"] == "none" else how["rate"]
    with inputs(sources) as found:
        query = naturalia.scan(found)
        if fields:
            show_fields(query)
            return
        shown: Any = log if log_json else (False if quiet else None)
        try:
            given = decided(query, *sheets, include_private=how["include_private"], as_media=True)
            job = naturalia.fetch(given, folder, progress=shown, **how)
        except KeyboardInterrupt:
            if not quiet and not how["dry_run"]:
                echo(f"what has come is in {folder}: the same command goes on with it", err=True)
            raise
    say(job, quiet=quiet, log_json=log_json)
    if not job.complete and not job.dry_run and how["limit"] is None:
        raise click.exceptions.Exit(PARTIAL)
    if job.counts["failed"] or job.counts["unchecked"]:
        raise click.exceptions.Exit(PARTIAL)


def show_fields(query: Any) -> None:
    """The columns a name can use, of the first records."""
    from naturalia._media.media import MediaMapping

    table, _ = MediaMapping(include_private=False).map(query.first())
    for name in [*table.columns, "n"]:
        cell = table[name][0] if name != "n" and len(table) else None
        if not isinstance(cell, (list, dict)):
            echo(f"{{{name}}}")


def say(job: FetchJob, *, quiet: bool, log_json: bool) -> None:
    """The rows on standard output, the counts on standard error."""
    if log_json:
        log({"phase": "done", "folder": job.folder, "counts": job.counts, "bytes": job.bytes})
    elif not quiet:
        echo(str(job), err=True)
    if sys.stdout.isatty():
        if not quiet:
            show_table(job)
        return
    from naturalia._cli.cat import write_jsonl

    write_jsonl([job.manifest])


def show_table(job: FetchJob) -> None:
    """What was not fetched, or in a dry run what would be."""
    from naturalia._cli.cat import write_table

    rows = job.manifest if job.dry_run else job.failed
    names = ["media_id", "name" if job.dry_run else "status", "reason", "detail"]
    if len(rows):
        write_table([rows.view(columns=names)], all_columns=True)


def log(facts: dict[str, Any]) -> None:
    """One line of JSON on standard error."""
    echo_json(facts, err=True)
