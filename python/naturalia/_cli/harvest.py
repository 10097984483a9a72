"""`naturalia harvest` and `naturalia update`: a list of a service into a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from naturalia._cli.exits import NOTHING_NEW, PARTIAL
from naturalia._cli.output import echo, echo_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from naturalia import Harvest

__all__ = ["harvest", "update"]


def options(command: Callable[..., None]) -> Callable[..., None]:
    """The options that both verbs have."""
    for option in (
        click.option("--log-json", is_flag=True, help="Progress and tally as JSON lines on standard error."),
        click.option("--quiet", "-q", is_flag=True, help="No progress, no tally; errors only."),
        click.option(
            "--reconcile",
            metavar="AGE",
            default="monthly",
            show_default=True,
            help="How often to compare with the whole list: daily, weekly, monthly, now, never.",
        ),
        click.option(
            "--overlap",
            metavar="TIME",
            help="How far an update looks back: 90m, 2h, 1d.  [default: 1h, or 1d, or as learnt]",
        ),
        click.option(
            "--accept-removals",
            is_flag=True,
            help="Remove records that the list lacks, however many they are.",
        ),
        click.option("--verify/--no-verify", default=True, help="A second look where counts prove nothing."),
        click.option(
            "--windows",
            type=click.IntRange(min=1),
            default=1,
            metavar="N",
            help="Parts of the list to read side by side.",
        ),
        click.option("--auth", metavar="USER:PASSWORD", help="Basic authentication; it is not kept."),
        click.option("--rate", metavar="N/s", help="Requests a second: 2, 5/s, 30/min.  [default: 2; NHM 1]"),
        click.option(
            "--contact", metavar="MAIL", help="Whom the provider may write to; else NATURALIA_CONTACT."
        ),
    ):
        command = option(command)
    return command


@click.command()
@click.argument("url", metavar="URL|NAME")
@click.argument("file", metavar="FILE", type=click.Path(dir_okay=False))
@click.option("--prefix", metavar="P", help="The metadataPrefix.  [default: oai_dc]")
@click.option("--set", "spec", metavar="S", help="A setSpec.")
@click.option("--since", metavar="D", help="Changed since: 2010-01-01, 2010, 30d.")
@click.option("--until", metavar="D", help="Changed until; a day includes all of itself.")
@click.option(
    "--where",
    multiple=True,
    metavar="F=V",
    help="Of naturalis and nhm: genus=Larus, year<1900; again for more.",
)
@click.option("--what", metavar="W", help="Of naturalis: multimedia, specimens, taxa; of nhm a resource.")
@click.option("--at", metavar="URL", help="Of naturalis and nhm: where to ask, if not at their own address.")
@click.option("--dry-run", is_flag=True, help="Say what would be asked; ask and write nothing.")
@options
def harvest(
    url: str,
    file: str,
    *,
    prefix: str | None,
    spec: str | None,
    since: str | None,
    until: str | None,
    where: tuple[str, ...],
    what: str | None,
    at: str | None,
    dry_run: bool,
    **how: Any,
) -> None:
    """Harvests a list of a service into FILE, or brings FILE up to date.

    URL is that of an OAI-PMH provider, or a question to the NBA, the NHM Data Portal or an Atom feed as it
    was pasted; NAME is naturalis, nhm or openbeelden. Interrupted or killed, it goes on where it was when it
    is run again. Standard error has the tally.

    \b
    Examples:
      naturalia harvest https://www.openbeelden.nl/feeds/oai/ oi.sqlite --prefix oai_oi
      naturalia harvest https://museum.example/oai m.sqlite --since 2020 --windows 4 --rate 5/s
      naturalia harvest naturalis larus.sqlite --where genus=Larus --where collection_type=Aves
      naturalia cat m.sqlite | head
    """
    import os

    import naturalia
    from naturalia._cli.services import queried
    from naturalia._sources.open import SOURCES

    query = queried(url, at, what, where, how)
    asked: dict[str, Any] = {"prefix": prefix, "set": spec, "since": since, "until": until}
    asked = {name: value for name, value in asked.items() if value is not None}
    if query is not None and asked:
        message = f"--{next(iter(asked))} is for OAI-PMH; --where says what is asked of this service"
        raise click.UsageError(message)
    if query is None and url == "openbeelden":
        url = SOURCES[url].url
    if dry_run:
        shown = query or naturalia.OaiPmh(url, contact=how["contact"]).records(**asked)
        into = f"goes on with {file}" if os.path.exists(file) else f"makes {file}"
        echo(f"{shown.explain()}\n{into}", err=True)
        return
    source = query or provider(url, how)
    finish(lambda **more: naturalia.harvest(source, file, **asked, **more), file, how)


@click.command()
@click.argument("file", metavar="FILE", type=click.Path(exists=True, dir_okay=False))
@click.option("--fail-if-empty", is_flag=True, help="Exit code 7 if nothing has changed.")
@click.option("--dry-run", is_flag=True, help="Say what would be asked; ask and write nothing.")
@options
def update(file: str, *, fail_if_empty: bool, dry_run: bool, **how: Any) -> None:
    """Goes on with the harvest in FILE, or fetches what has changed since.

    The NBA, the NHM Data Portal and feeds can't tell what has changed: everything is asked for again and
    compared; how many requests that is, is said first.

    \b
    Examples:
      naturalia update oi.sqlite --quiet
      naturalia update oi.sqlite && naturalia cat oi.sqlite --changed last
    """
    import naturalia

    found = naturalia.Harvest(file)
    if dry_run or not (how["quiet"] or how["log_json"]):
        echo(found.explain(), err=True)
    if dry_run:
        return
    more: dict[str, Any] = {name: how[name] for name in ("contact", "rate") if how[name]}
    if how["auth"]:
        more = {"source": source(found, how)}
    done = finish(lambda **rest: found.update(**more, **rest), file, how)
    tally = done.tally
    if fail_if_empty and not tally.new + tally.changed + tally.gone:
        raise click.exceptions.Exit(NOTHING_NEW)


def source(found: Harvest, how: dict[str, Any]) -> Any:
    """What the file asks, of a service that wants to know who asks."""
    from naturalia import Query
    from naturalia._harvest.resume import load_query

    facts = found._facts()
    if facts["kind"] == "oai-pmh":
        return provider(found.question["url"], how)
    return Query(
        load_query(facts, contact=how["contact"], rate=how["rate"] or "polite", auth=credentials(how))
    )


def credentials(how: dict[str, Any]) -> tuple[str, str] | None:
    """User and password, where they are given."""
    user, colon, password = (how["auth"] or "").partition(":")
    if how["auth"] and not colon:
        message = "--auth is USER:PASSWORD"
        raise click.UsageError(message)
    return (user, password) if colon else None


def provider(url: str, how: dict[str, Any]) -> Any:
    """The provider, asked as the options say."""
    from naturalia import OaiPmh

    return OaiPmh(url, contact=how["contact"], rate=how["rate"] or "polite", auth=credentials(how))


def finish(work: Callable[..., Harvest], file: str, how: dict[str, Any]) -> Harvest:
    """Harvests, talks about it, and ends with the code for what came of it."""
    reconcile = {"now": True, "never": None}.get(how["reconcile"], how["reconcile"])
    say = log if how["log_json"] else None
    shown: Any = say or (False if how["quiet"] else None)
    try:
        done = work(
            windows=how["windows"],
            verify=how["verify"],
            reconcile=reconcile,
            overlap=how["overlap"],
            accept_removals=how["accept_removals"],
            progress=shown,
        )
    except KeyboardInterrupt:
        if not how["quiet"]:
            echo(f"what has come is in {file}: naturalia update goes on with it", err=True)
        raise
    if say:
        log({"phase": "done", "state": done.tally.state, "tally": done.tally._asdict()})
    elif not how["quiet"]:
        echo(str(done), err=True)
    if done.tally.state.startswith(("incomplete", "unconfirmed")):
        raise click.exceptions.Exit(PARTIAL)
    return done


def log(facts: dict[str, Any]) -> None:
    """One line of JSON on standard error."""
    echo_json(facts, err=True)
