"""`naturalia info`: what a file is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from naturalia._cli.cat import inputs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from naturalia import Page
    from naturalia._report import Repair

__all__ = ["info"]


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILES...")
@click.option("--format", "shape", type=click.Choice(["text", "json"]), default="text", show_default=True)
def info(files: tuple[str, ...], *, shape: str) -> None:
    """Tells what saved pages are and what is wrong.

    Verb, format, records, token, problems. FILES are files, globs or folders; - is standard input. A file
    that can't be read is described too.

    \b
    Examples:
      naturalia info page.xml
      naturalia info pages/ --format json
      cat page.xml | naturalia info -
    """
    from naturalia._read import sources

    with inputs(files) as given:
        for source in sources(given):
            for page, repairs in described(source):
                click.echo(as_json(page, repairs) if shape == "json" else as_text(page, repairs))


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
    from naturalia._report import plural, repaired

    records = plural(page.records, "record") + (f", {page.deleted:,} deleted" if page.deleted else "")
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
