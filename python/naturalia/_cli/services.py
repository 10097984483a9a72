"""The services with a name on the command line: what `info` tells of them, what `harvest` asks them."""

from __future__ import annotations

import re
from operator import ge, gt, le, lt, ne
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Iterable

    from naturalia import Nba, NhmPortal, Query

__all__ = ["facts", "queried", "text"]

PAGE = 1000  # records in a reply of either service
CONDITION = re.compile(r"([\w.\[\]]+)\s*(<=|>=|!=|=|<|>)\s*(.*)", re.DOTALL)
LISTS = {
    "naturalis": ("multimedia", "specimens", "taxa"),
    "nhm": ("specimens", "index_lots", "artefacts"),
}
# Words on the command line that are no text in Python.
PLAIN = {"true": True, "false": False}


def facts(name: str, source: Any) -> dict[str, Any]:
    """What a service with a name says about itself: a handful of requests."""
    known = of_nba(source) if name == "naturalis" else of_nhm(source)
    rate = source._settings["rate"]
    known["requests"] = sum(-(-count // PAGE) for count in known["records"].values())
    known["seconds"] = known["requests"] / rate if rate else None
    return {"name": name, **known}


def of_nba(nba: Nba) -> dict[str, Any]:
    """The documents of the NBA, and whose they are."""
    return {
        "url": nba.base_url,
        "records": {each: getattr(nba, each)().count() for each in LISTS["naturalis"]},
        "systems": sorted({str(code) for code in nba.sources()["code"]}),
    }


def of_nhm(nhm: NhmPortal) -> dict[str, Any]:
    """The collections of the portal, its data sets, and how new they are."""
    return {
        "url": nhm.url,
        "records": {each: nhm.records(each).count() for each in LISTS["nhm"]},
        "datasets": nhm.action("package_search", rows=0)["count"],
        "version": nhm.versions("specimens")["moment"][-1],
        "grammar": nhm.action("vds_schema_latest"),
    }


def text(known: dict[str, Any]) -> str:
    """The facts in a few lines."""
    from naturalia._cli.provider import spoken
    from naturalia._output.text import plural

    seconds = known["seconds"]
    pace = f", {spoken(seconds)} at least at this pace" if seconds and seconds >= 1 else ""
    rows = [
        *((name.replace("_", " "), f"{count:,}") for name, count in known["records"].items()),
        ("systems", ", ".join(known.get("systems", []))),
        ("data sets", f"{known['datasets']:,}" if "datasets" in known else ""),
        ("as of", known.get("version", "")),
        ("grammar", known.get("grammar", "")),
        ("all of it", f"{plural(known['requests'], 'request')}{pace}"),
    ]
    return "\n".join([known["url"], *(f"  {name:<10} {value}" for name, value in rows if value)])


def queried(
    url: str, at: str | None, what: str | None, where: tuple[str, ...], how: dict[str, Any]
) -> Query | None:
    """The query of a name with its conditions, or of a pasted address; None for a provider of OAI-PMH."""
    import naturalia
    from naturalia._sources.document_query import DocumentQuery
    from naturalia._sources.open import OTHER, source_named

    options = {name: how[name] for name in ("contact", "rate", "auth") if how[name]}
    if "auth" in options:
        options["auth"] = tuple(options["auth"].partition(":")[::2])
    name = OTHER.get(url, url)
    if name in LISTS:
        return asked(name, source_named(name, at, **options), what, where)
    if where or what or at:
        message = f"--where, --what and --at are for {' and '.join(LISTS)}, not for {url}"
        raise click.UsageError(message)
    try:
        opened = naturalia.open(url, **options) if "verb=" not in url else None
    except ValueError:
        return None  # the provider says what is wrong with it
    return (
        opened
        if isinstance(opened, naturalia.Query) and isinstance(opened._question, DocumentQuery)
        else None
    )


def asked(name: str, source: Any, what: str | None, where: Iterable[str]) -> Query:
    """The query that `--what` and `--where` put to a service with a name."""
    lists = LISTS[name]
    wanted = what or lists[0]
    if wanted not in lists and name == "naturalis":
        from naturalia._arguments.spelling import closest

        message = f"--what {wanted!r}{closest(wanted, lists)}"
        raise click.UsageError(message)
    keywords, condition = conditions(where)
    if condition is not None:
        keywords["where"] = condition
    make = getattr(source, wanted) if wanted in lists else lambda **rest: source.records(wanted, **rest)
    query: Query = make(**keywords)
    return query


def conditions(where: Iterable[str]) -> tuple[dict[str, Any], Any]:
    """`genus=Larus` as keywords, of which several of a name are a list; `year<1900` as conditions."""
    import naturalia

    keywords: dict[str, Any] = {}
    joined: Any = None
    for each in where:
        found = CONDITION.fullmatch(each.strip())
        if found is None:
            message = f"--where {each!r}: write genus=Larus, year<1900 or country!=Italy"
            raise click.UsageError(message)
        name, sign, value = found.groups()
        if sign == "=":
            plain = PLAIN.get(value.lower(), value)
            keywords[name] = plain if name not in keywords else [*listed(keywords[name]), plain]
            continue
        compare = {"!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}[sign]
        made = compare(naturalia.field(name), value if sign == "!=" else number_in(value))
        joined = made if joined is None else joined & made
    return keywords, joined


def listed(value: Any) -> list[Any]:
    """A value as a list."""
    return value if isinstance(value, list) else [value]


def number_in(value: str) -> Any:
    """A number where it is one, else the text, such as a date."""
    try:
        return int(value)
    except ValueError:
        try:
            return float(value)
        except ValueError:
            return value
