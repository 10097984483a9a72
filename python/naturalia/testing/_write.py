"""Replies as XML: nothing but text."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from naturalia.testing._exchange import ListPage
    from naturalia.testing._items import Item

OAI = "http://www.openarchives.org/OAI/2.0/"
ROOT = (
    f'<?xml version="1.0" encoding="UTF-8"?>\n<OAI-PMH xmlns="{OAI}" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    f'xsi:schemaLocation="{OAI} {OAI}OAI-PMH.xsd">\n'
)
# Schema and namespace of the formats we know.
FORMATS = {
    "oai_dc": (
        "http://www.openarchives.org/OAI/2.0/oai_dc.xsd",
        "http://www.openarchives.org/OAI/2.0/oai_dc/",
    ),
    "oai_qdc": (
        "http://worldcat.org/xmlschemas/qdc/1.0/qdc-1.0.xsd",
        "http://worldcat.org/xmlschemas/qdc-1.0/",
    ),
    "oai_oi": (
        "http://www.openbeelden.nl/feeds/oai/oai_oi.xsd",
        "http://www.openbeelden.nl/feeds/oai/",
    ),
}


def envelope(date: str, base_url: str, arguments: Iterable[tuple[str, str]], content: str) -> str:
    """A whole reply around its verb element or its errors."""
    echoed = "".join(f" {name}={quoteattr(text)}" for name, text in arguments)
    return (
        f"{ROOT}<responseDate>{date}</responseDate>\n<request{echoed}>{escape(base_url)}</request>\n"
        f"{content}\n</OAI-PMH>\n"
    )


def error(code: str, message: str) -> str:
    """An error element."""
    return f'<error code="{code}">{escape(message)}</error>'


def identify(fields: Mapping[str, str | None]) -> str:
    """The Identify element."""
    return f"<Identify>{elements({k: text for k, text in fields.items() if text is not None})}</Identify>"


def formats(prefixes: Iterable[str]) -> str:
    """The ListMetadataFormats element."""
    found = []
    for prefix in prefixes:
        unknown = (f"http://museum.example/{prefix}.xsd", f"http://museum.example/{prefix}/")
        schema, namespace = FORMATS.get(prefix, unknown)
        fields = {"metadataPrefix": prefix, "schema": schema, "metadataNamespace": namespace}
        found.append(f"<metadataFormat>{elements(fields)}</metadataFormat>")
    return f"<ListMetadataFormats>{''.join(found)}</ListMetadataFormats>"


def sets(names: Iterable[tuple[str, str]], following: str | None, size: int, cursor: int) -> str:
    """The ListSets element."""
    found = "".join(f"<set>{elements({'setSpec': spec, 'setName': name})}</set>" for spec, name in names)
    return f"<ListSets>{found}{token(following, size, cursor, None)}</ListSets>"


def page(listed: ListPage, following: str | None) -> str:
    """The ListRecords or ListIdentifiers element, and the text of its token."""
    if listed.verb == "ListIdentifiers":
        found = [header(item) for item in listed.items]
    else:
        found = [record(item, listed.prefix) for item in listed.items]
    end = token(following, listed.size, listed.cursor, listed.expires)
    return f"<{listed.verb}>\n" + "\n".join(found) + f"\n{end}</{listed.verb}>"


def record(item: Item, prefix: str) -> str:
    """A record element."""
    if item.deleted:
        return f"<record>{header(item)}</record>"
    about = "".join(f"<about>{markup}</about>" for markup in item.about)
    return f"<record>{header(item)}<metadata>{item.metadata[prefix]}</metadata>{about}</record>"


def header(item: Item) -> str:
    """A header element."""
    status = ' status="deleted"' if item.deleted else ""
    specs = "".join(f"<setSpec>{escape(spec)}</setSpec>" for spec in item.sets)
    return (
        f"<header{status}><identifier>{escape(item.identifier)}</identifier>"
        f"<datestamp>{escape(item.datestamp)}</datestamp>{specs}</header>"
    )


def token(text: str | None, size: int | None, cursor: int | None, expires: str | None) -> str:
    """A resumptionToken element; nothing for None."""
    if text is None:
        return ""
    marks = {"expirationDate": expires, "completeListSize": size, "cursor": cursor}
    attributes = "".join(f' {name}="{mark}"' for name, mark in marks.items() if mark is not None)
    return f"<resumptionToken{attributes}>{escape(text)}</resumptionToken>"


def elements(fields: Mapping[str, str]) -> str:
    """Elements of plain text."""
    return "".join(f"<{name}>{escape(text)}</{name}>" for name, text in fields.items())
