"""What `naturalia info` tells of a service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from naturalia import OaiPmh

__all__ = ["facts", "text"]

DELETED = {
    "persistent": "announced, for good",
    "transient": "announced for a while: an update has to compare with the list of identifiers now and then",
    "no": "never announced: an update has to compare with the list of identifiers",
}
# As many names as a person reads.
SHOWN = 12
MEGABYTE = 1_000_000


def facts(oi: OaiPmh, prefix: str | None) -> dict[str, Any]:
    """What the provider says about itself, and what a harvest of one format would cost: four requests."""
    from naturalia.errors import OaiError

    identity = oi.identify()
    formats = list(oi.formats()["metadataPrefix"])
    wanted = prefix or ("oai_dc" if "oai_dc" in formats or not formats else formats[0])
    known: dict[str, Any] = {
        "url": oi.base_url,
        **{name: getattr(identity, name) for name in IDENTITY},
        "formats": formats,
        "prefix": wanted,
    }
    try:
        sets = next(oi._pages("ListSets", []))
        known["sets"] = list(sets.column("setSpec"))
        known["more_sets"] = goes_on(sets)
    except OaiError as error:
        known["sets"], known["more_sets"] = [], False
        known["no_sets"] = error.code
    arguments = [("metadataPrefix", wanted)]
    try:
        pages = oi._pages("ListRecords", arguments, empty=wanted)
        page = next(pages)
    except OaiError as error:
        known["problem"] = error.message
        return known
    declared = pages.report["declared"]
    known |= {"page": len(page), "page_bytes": page.pages[0]["bytes"]}
    known["records"] = declared if goes_on(page) else len(page)
    if known["records"] is not None and len(page):
        known["requests"] = -(-known["records"] // len(page))
        known["bytes"] = known["records"] * known["page_bytes"] // len(page)
        rate = oi._settings["rate"]
        known["seconds"] = known["requests"] / rate if rate else None
    return known


IDENTITY = ("repositoryName", "baseURL", "adminEmail", "earliestDatestamp", "deletedRecord", "granularity")


def goes_on(table: Any) -> bool:
    """Whether a page has a token for another one."""
    token = table.pages[0]["token"]
    return bool(token and token["value"])


def text(known: dict[str, Any]) -> str:
    """The facts in a few lines; what is not known is not mentioned."""
    day = "" if "s" in (known["granularity"] or "").lower() else ": from and until are days"
    formats = [f"{name}{' (taken here)' if name == known['prefix'] else ''}" for name in known["formats"]]
    rows = [
        ("name", known["repositoryName"]),
        ("contact", ", ".join(known["adminEmail"] or [])),
        ("earliest", known["earliestDatestamp"]),
        ("dates", f"{known['granularity']}{day}" if known["granularity"] else None),
        ("deletions", deletions(known["deletedRecord"])),
        ("formats", some(formats, more=False)),
        ("sets", sets_of(known)),
        ("records", records(known)),
        ("harvest", cost(known)),
        ("note", moved(known)),
        ("problem", known.get("problem")),
    ]
    return "\n".join([known["url"], *(f"  {name:<10} {value}" for name, value in rows if value)])


def deletions(stated: str | None) -> str | None:
    """The policy with what it means."""
    meaning = DELETED.get((stated or "").strip().lower())
    return f"{stated}: {meaning}" if meaning else stated


def some(names: list[str], *, more: bool) -> str:
    """How many, and the first of them by name."""
    shown = ", ".join(names[:SHOWN])
    rest = "…" if more or len(names) > SHOWN else ""
    return f"{len(names):,}{'+' if more else ''}: {shown}{', ' if rest else ''}{rest}" if names else "none"


def sets_of(known: dict[str, Any]) -> str:
    """The sets, or why there are none."""
    if "no_sets" in known and known["no_sets"] != "noSetHierarchy":
        return f"refused ({known['no_sets']})"
    return some(known["sets"], more=known["more_sets"])


def records(known: dict[str, Any]) -> str | None:
    """How many records there are, as far as the provider says."""
    if "page" not in known:
        return None
    if known["records"] is None:
        return f"not said; {known['page']:,} a page"
    said = "" if known["records"] == known["page"] else f" by its own account, {known['page']:,} a page"
    return f"{known['records']:,}{said}"


def cost(known: dict[str, Any]) -> str | None:
    """What a full harvest would take."""
    if "requests" not in known:
        return None
    from naturalia._output.text import plural

    size = known["bytes"]
    amount = f"{size / 1e6:,.1f} MB" if size >= MEGABYTE else f"{size / 1e3:,.0f} kB"
    time = known["seconds"]
    pace = f", {spoken(time)} at least at this pace" if time and time >= 1 else ""
    return f"{plural(known['requests'], 'request')}, about {amount}{pace}"


def spoken(seconds: float) -> str:
    """A time as people say it."""
    for unit, length in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:,.0f} {unit}"
    return f"{seconds:,.0f} s"


def moved(known: dict[str, Any]) -> str | None:
    """A base URL of its own that is not the one asked."""
    own = (known["baseURL"] or "").strip()
    if not own or own.rstrip("/?") == known["url"].rstrip("/?"):
        return None
    return f"it calls itself {own}; this address works, so stay with it"
