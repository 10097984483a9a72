"""`naturalia info`: what a file is, or a service."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from naturalia._cli.exits import PROTOCOL
from naturalia._cli.input import inputs
from naturalia._cli.output import echo, echo_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from naturalia import Page
    from naturalia._table.reports import Repair

__all__ = ["info"]


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILES|URL|NAME...")
@click.option("--format", "shape", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--prefix", metavar="P", help="Of a service: the metadata format to tell the cost of.")
@click.option("--contact", metavar="MAIL", help="Of a service: whom it may write to about these requests.")
@click.option("--at", metavar="URL", help="Of naturalis and nhm: where to ask, if not at their own address.")
def info(
    files: tuple[str, ...], *, shape: str, prefix: str | None, contact: str | None, at: str | None
) -> None:
    """Tells what saved pages or a harvest file are and what is wrong, or what a service offers.

    Of pages: verb, format, records, token, problems. FILES are files, globs or folders; - is standard input.
    A file that can't be read is described too. Of a service (naturalia info https://…/oai): formats, sets,
    deletion policy, granularity, and what a full harvest would cost. Services that have
    a name need no address: naturalia info nhm, naturalis or openbeelden.

    \b
    Examples:
      naturalia info page.xml
      naturalia info pages/ --format json
      cat page.xml | naturalia info -
    """
    from naturalia._files.read import sources

    names = [name for name in files if is_name(name)]
    for name in names:
        tell_named(name, at, shape=shape, prefix=prefix, contact=contact)
    services = [url for url in files if url.startswith(("https://", "http://"))]
    for url in services:
        tell(url, shape=shape, prefix=prefix, contact=contact)
    files = tuple(file for file in files if file not in services and file not in names)
    harvests = [file for file in files if is_harvest(file)]
    for file in harvests:
        tell_harvest(file, shape=shape)
    files = tuple(file for file in files if file not in harvests)
    if not files:
        return
    with inputs(files) as given:
        for source in sources(given):
            for page, repairs in described(source):
                echo(as_json(page, repairs), json=True) if shape == "json" else echo(as_text(page, repairs))


def is_name(file: str) -> bool:
    """Whether this is the name of a service, and not of a file."""
    import os

    from naturalia._sources.open import OTHER, SOURCES

    return (file in SOURCES or file in OTHER) and not os.path.exists(file)


def tell_named(name: str, at: str | None, *, shape: str, prefix: str | None, contact: str | None) -> None:
    """What a service with a name offers."""
    from naturalia._cli.services import LISTS, facts, text
    from naturalia._sources.open import OTHER, SOURCES, source_named

    name = OTHER.get(name, name)
    if name not in LISTS:
        tell(at or SOURCES["openbeelden"].url, shape=shape, prefix=prefix, contact=contact)
        return
    known = facts(name, source_named(name, at, contact=contact))
    echo_json(known) if shape == "json" else echo(text(known))


def tell(url: str, *, shape: str, prefix: str | None, contact: str | None) -> None:
    """What a service offers."""
    from naturalia import OaiPmh
    from naturalia._cli.provider import facts, text

    known = facts(OaiPmh(url, contact=contact), prefix)
    echo_json(known) if shape == "json" else echo(text(known))
    if "problem" in known:
        raise click.exceptions.Exit(PROTOCOL)


def is_harvest(file: str) -> bool:
    """Whether a file is one that SQLite made."""
    import os

    if not os.path.isfile(file):
        return False
    with open(file, "rb") as opened:
        return opened.read(16) == b"SQLite format 3\0"


def tell_harvest(file: str, *, shape: str) -> None:
    """What a harvest file holds, and what its runs did."""
    from naturalia import Harvest

    found = Harvest(file)
    if shape == "text":
        echo(str(found))
        return
    gone = found.deletions
    facts = {
        "path": file,
        "question": found.question,
        "format": found.format,
        "records": len(found),
        "complete": found.complete,
        "deletions": gone._asdict(),
        "runs": [tally._asdict() for tally in found.tallies],
    }
    echo_json(facts)


def described(source: str | tuple[str, bytes]) -> Iterator[tuple[Page, list[Repair]]]:
    """The pages of a source, whatever is wrong with them; with the last one, the repairs of all."""
    from naturalia import Page, _core, scan

    pages = [Page.of(facts) for facts in _core.inspect(source)]
    repairs: list[Repair] = []
    if any(page.repairs for page in pages):
        query = scan(source, keep_going=True)
        query.count()
        repairs = query.report.repairs
    for number, page in enumerate(pages, 1):
        yield page, repairs if number == len(pages) else []


def as_json(page: Page, repairs: list[Repair]) -> str:
    """The page as one line of JSON."""
    import json

    facts = page._asdict()
    facts["token"] = page.token and page.token._asdict()
    facts["problem"] = page.problem and page.problem._asdict()
    facts["errors"] = [error._asdict() for error in page.errors]
    facts["repairs"] = [repair._asdict() for repair in repairs]
    return json.dumps(facts, ensure_ascii=False)


def as_text(page: Page, repairs: list[Repair]) -> str:
    """The page in a few lines; what it does not have is not mentioned."""
    from naturalia._output.text import plural
    from naturalia._table.reports import repaired

    records = plural(page.records, "record") + (f", {page.deleted:,} deleted" if page.deleted else "")
    if page.total is not None:
        records += f" of {page.total:,} in all"
    size = f"{page.bytes:,} bytes" + (f", {page.encoding}" if page.encoding else "")
    facts = [
        ("verb", page.verb),
        ("format", page.format),
        ("records", records if page.records or page.verb in RECORD_VERBS else None),
        ("asked", page.request.get("url")),
        ("answered", page.responseDate),
        ("token", token_text(page)),
        ("size", size if page.bytes else None),
        *(("error", f"{error.code}: {error.message}") for error in page.errors),
        *(("repaired", line) for line in repaired(repairs)),
    ]
    if page.problem:
        places = (("line", page.problem.line), ("byte", page.problem.offset))
        where = ", ".join(f"{name} {number:,}" for name, number in places if number is not None)
        facts.append(("problem", page.problem.message))
        facts.append(("", f"at {where}" if where else None))
        facts.append(("", page.problem.hint))
    lines = [page.source or "<bytes>"]
    lines += [f"  {name:<9} {value}" for name, value in facts if value is not None]
    return "\n".join(lines)


RECORD_VERBS = ("ListRecords", "ListIdentifiers", "GetRecord")


def token_text(page: Page) -> str | None:
    """Whether the list goes on, and how long it is."""
    token = page.token
    if token is None:
        return None
    parts = [token.value.strip() or "none: this is the last page"]
    if token.cursor is not None:
        parts.append(f"starts at {token.cursor:,}")
    if token.completeListSize is not None:
        parts.append(f"{token.completeListSize:,} in all")
    return ", ".join(parts)
