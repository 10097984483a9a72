"""`open` and `sources`: the services naturalia knows by name, and what pasted addresses ask."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from naturalia import _core
from naturalia._arguments.public import public
from naturalia._arguments.spelling import closest
from naturalia._sources.nhm.urls import doi_in
from naturalia._table.table import Table, wrap

if TYPE_CHECKING:
    from typing import TypeAlias

    from naturalia._query.query import Query
    from naturalia._sources.atom import AtomFeed
    from naturalia._sources.nba.client import Nba
    from naturalia._sources.nhm.client import NhmPortal
    from naturalia._sources.nhm.datasets import Dataset
    from naturalia._sources.oai import OaiPmh
    from naturalia._table.record import Record

    Opened: TypeAlias = OaiPmh | Nba | NhmPortal | AtomFeed | Query | Dataset | Record

__all__ = ["open", "source_named", "sources"]


class Source(NamedTuple):
    """A service that has a name here."""

    kind: str
    url: str
    what: str


SOURCES = {
    "naturalis": Source(
        "Nba",
        "https://api.biodiversitydata.nl/v2",
        "Netherlands Biodiversity API: media, specimens and taxa of Naturalis and its partners",
    ),
    "nhm": Source(
        "NhmPortal",
        "https://data.nhm.ac.uk",
        "data portal of the Natural History Museum, London: specimens, index lots, artefacts, data sets",
    ),
    "openbeelden": Source(
        "OaiPmh",
        "https://www.openbeelden.nl/feeds/oai/",
        "Open Images of the Netherlands Institute for Sound and Vision: films and sounds, over OAI-PMH",
    ),
    "openbeelden-atom": Source(
        "AtomFeed",
        "https://www.openbeelden.nl/feeds/atom/",
        "what is newest at Open Images, or fits a search",
    ),
}
# The classes of services, and the modules of this package that have them.
CLIENTS = {"AtomFeed": "atom", "Nba": "nba.client", "NhmPortal": "nhm.client", "OaiPmh": "oai"}
OTHER = {
    "nba": "naturalis",
    "biodiversitydata": "naturalis",
    "open-images": "openbeelden",
    "openimages": "openbeelden",
    "open images": "openbeelden",
    "atom": "openbeelden-atom",
}
PAGES = ("openbeelden.nl", "openimages.eu")  # hosts whose pages are /media/<number>
PORTAL = "data.nhm.ac.uk"
LISTS = {"ListRecords": "records", "ListIdentifiers": "identifiers"}


@public
def open(what: str, /, **options: Any) -> Opened:  # noqa: A001 — the word of the field
    """A service by its name, or what a pasted address asks of one.

        >>> import naturalia as nat
        >>> nat.open("openbeelden", contact="me@museum.example")
        <OaiPmh https://www.openbeelden.nl/feeds/oai/>
        >>> asked = "https://www.openbeelden.nl/feeds/oai/?verb=ListRecords&metadataPrefix=oai_oi&from=2010-01-01"
        >>> nat.open(asked, contact="me@museum.example")
        <Query: ListRecords of https://www.openbeelden.nl/feeds/oai/, not yet read>

    | address | gives |
    | --- | --- |
    | `"naturalis"`, `"nhm"`, `"openbeelden"` | the service; `sources()` lists them |
    | `…/multimedia/query?…`, `…/specimen/find/…` and kin | a query of the NBA |
    | `…/oai?verb=ListRecords&…` | a query of that provider; for GetRecord the record, asked for at once |
    | `https://www.openbeelden.nl/media/47540` | the record of that film, asked for at once |
    | pages of data.nhm.ac.uk, DOIs of its data sets and searches | a query, or a data set |
    | an Atom feed | a query of its entries |
    | the base URL of an OAI-PMH provider | the provider |

    Args:
        what: a name, or an address.
        **options: those of the service, such as `contact` and `rate`; `today=True` asks at today's address of
            the NBA where an old one was pasted, and says so.

    Raises:
        ValueError: it is neither, with what was probably meant.
    """
    text = what.strip()
    name = OTHER.get(text.lower(), text.lower())
    if name in SOURCES:
        source: Opened = source_named(name, **options)
        return source
    if doi_in(text):
        return of_doi(text, options)
    if "://" not in text:
        message = f"{what!r} is no service{closest(text, SOURCES)}; or paste an address, https://…"
        raise ValueError(message)
    return of_address(text, options)


def source_named(name: str, url: str | None = None, **options: Any) -> Any:
    """The service of a name, at its own address or another one."""
    from importlib import import_module

    source = SOURCES[OTHER.get(name, name)]
    client = getattr(import_module(f"naturalia._sources.{CLIENTS[source.kind]}"), source.kind)
    return client(url or source.url, **options)


@public
def sources() -> Table:
    """The services that have a name here: name, class, url, what.

    >>> import naturalia as nat
    >>> nat.sources()["name"]
    ['naturalis', 'nhm', 'openbeelden', 'openbeelden-atom']
    """
    rows = [{"name": name, "class": k.kind, "url": k.url, "what": k.what} for name, k in SOURCES.items()]
    return wrap(_core.Table.from_rows(rows, ["name", "class", "url", "what"]))


def of_doi(text: str, options: dict[str, Any]) -> Opened:
    """What a DOI of the NHM leads to."""
    from naturalia._sources.nhm.client import NhmPortal

    doi = doi_in(text) or ""
    if not doi.startswith("10.5519/"):
        message = f"{doi!r} is no DOI of the NHM (10.5519/…); paste the address it leads to"
        raise ValueError(message)
    return NhmPortal.from_url(f"https://doi.org/{doi}", **options)


def of_address(url: str, options: dict[str, Any]) -> Opened:
    """What an address asks, by its shape first and by its host where that does not tell."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    steps = [step for step in parts.path.lower().split("/") if step]
    if any(name.lower() == "verb" for name, _ in parse_qsl(parts.query)):
        return of_request(url, options)
    if host in PAGES and steps[:1] == ["media"] and len(steps) > 1:
        item = f"oai:openimages.eu:{steps[1]}"
        found: Record = source_named("openbeelden", **options).record(item, prefix="oai_oi")
        return found
    if is_nba(host, steps):
        return of_nba(url, steps, options)
    if host == PORTAL or steps[-2:-1] == ["action"] or (host == "127.0.0.1" and is_portal(url)):
        from naturalia._sources.nhm.client import NhmPortal

        return NhmPortal.from_url(url, **options) if steps else NhmPortal(url, **options)
    if any("atom" in step for step in steps) or parts.path.lower().endswith((".rss", "/feed")):
        from naturalia._sources.atom import AtomFeed

        return AtomFeed(url, **options).entries()
    if any("oai" in step for step in [*steps, *host.split(".")]):
        from naturalia._sources.oai import OaiPmh

        return OaiPmh(url, **options)
    message = (
        f"what {url!r} leads to can't be told from its address: nat.OaiPmh(url) asks a provider of OAI-PMH, "
    )
    raise ValueError(message + "nat.AtomFeed(url) a feed, nat.Nba(url) and nat.NhmPortal(url) their services")


def is_nba(host: str, steps: list[str]) -> bool:
    """Whether an address is one of the NBA: by its host, or by document and service in its path."""
    documents = {"multimedia", "specimen", "taxon", "geo"}
    services = {"query", "download", "count", "find", "findbyids", "findbyunitid"}
    named = any(one in documents and other in services for one, other in pairwise(steps))
    return named or host.endswith("biodiversitydata.nl")


def of_nba(url: str, steps: list[str], options: dict[str, Any]) -> Opened:
    """A query of the NBA, or the NBA where the address is its base."""
    from naturalia._sources.nba.client import Nba

    if len(steps) > 1:
        return Nba.from_url(url, **options)
    options.pop("today", None)
    return Nba(url if steps else SOURCES["naturalis"].url, **options)


def is_portal(url: str) -> bool:
    """Whether an address has the shape of one of the portal."""
    from naturalia._sources.nhm.urls import place_in

    try:
        place_in(url)
    except ValueError:
        return False
    return True


def of_request(url: str, options: dict[str, Any]) -> Opened:
    """What a request of OAI-PMH asks."""
    from naturalia._sources.oai import ARGUMENTS, OaiPmh

    parts = urlsplit(url)
    standard = {name.lower(): name for name in ARGUMENTS}
    pairs = parse_qsl(parts.query)
    given = {standard[name.lower()]: value for name, value in pairs if name.lower() in standard}
    # Some providers spell arguments in their own way, and pasted requests of theirs show it.
    spelled = {standard[name.lower()]: name for name, _ in pairs if name.lower() in standard}
    options["spelling"] = {name: spelling for name, spelling in spelled.items() if name != spelling}
    rest = urlencode([(name, value) for name, value in pairs if name.lower() not in standard])
    verb, provider = given["verb"], OaiPmh(parts._replace(query=rest, fragment="").geturl(), **options)
    if verb in LISTS:
        if "resumptionToken" in given:
            message = (
                f"{url!r} goes on with a list by a token, which is good once and for a short time: paste "
            )
            raise ValueError(message + "the request the list began with")
        names = {"metadataPrefix": "prefix", "from": "since", "until": "until", "set": "set"}
        arguments: dict[str, Any] = {names[name]: value for name, value in given.items() if name in names}
        query: Query = getattr(provider, LISTS[verb])(**arguments)
        return query
    if verb == "GetRecord":
        return provider.record(given.get("identifier", ""), prefix=given.get("metadataPrefix", "oai_dc"))
    return provider
