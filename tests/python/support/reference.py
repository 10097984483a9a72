"""What strict lxml says an OAI-PMH page holds. It shares nothing with the package.

Every value is taken untrimmed, in document order, with its own xml:lang and attributes. Names are
written the way the package writes them: a known prefix, or the Clark form `{uri}local`.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from lxml import etree

OAI = "http://www.openarchives.org/OAI/2.0/"
PREFIXES = {
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://www.openbeelden.nl/oai/": "oi",
    "http://www.w3.org/XML/1998/namespace": "xml",
    "http://www.w3.org/2001/XMLSchema-instance": "xsi",
    "http://www.openarchives.org/OAI/2.0/": "oai",
    "http://www.openarchives.org/OAI/2.0/oai_dc/": "oai_dc",
}
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
CONTAINERS = {
    "{http://www.openarchives.org/OAI/2.0/oai_dc/}dc": "oai_dc",
    "{http://worldcat.org/xmlschemas/qdc-1.0/}qualifieddc": "oai_qdc",
    "{http://www.openbeelden.nl/feeds/oai/}oi": "oai_oi",
}
VERBS = (
    "Identify",
    "ListMetadataFormats",
    "ListSets",
    "ListIdentifiers",
    "ListRecords",
    "GetRecord",
)


@dataclass(frozen=True)
class Value:
    """One metadata value: its element, its place among its siblings, its exact text."""

    element: str
    position: int
    text: str
    lang: str | None
    attributes: tuple[tuple[str, str], ...]
    has_children: bool


@dataclass
class Record:
    """One record, or one header of ListIdentifiers."""

    identifier: str | None
    datestamp: str | None
    deleted: bool
    sets: list[str]
    format: str
    values: list[Value] = field(default_factory=list)
    payload: etree._Element | None = None
    abouts: list[etree._Element] = field(default_factory=list)

    @property
    def fields(self) -> dict[str, list[str]]:
        """The texts by element, elements in order of first appearance."""
        found: dict[str, list[str]] = {}
        for value in self.values:
            found.setdefault(value.element, []).append(value.text)
        return found


@dataclass
class Page:
    """One reply."""

    verb: str | None
    response_date: str | None
    request: dict[str, str]
    errors: list[tuple[str, str]]
    token: dict[str, str] | None
    records: list[Record]
    entries: list[etree._Element]
    """Children of the verb element of Identify, ListSets and ListMetadataFormats."""


def parse(data: bytes, *, recover: bool = False) -> etree._Element:
    """The root element; raises etree.XMLSyntaxError unless told to recover."""
    parser = etree.XMLParser(
        recover=recover, huge_tree=True, resolve_entities=False, no_network=True, load_dtd=False
    )
    return etree.fromstring(data, parser)


def read(data: bytes) -> Page:
    """Reads a well-formed page or bare record."""
    return read_root(parse(data))


def read_root(root: etree._Element) -> Page:
    """Reads what a parser made of a page."""
    if local(root) == "record":
        return Page(None, None, {}, [], None, [_record(root)], [])
    page = Page(None, _text(_child(root, "responseDate")), {}, [], None, [], [])
    for child in _elements(root):
        name = local(child)
        if name == "request":
            page.request = {"url": text(child), **child.attrib}
        elif name == "error":
            page.errors.append((child.get("code", ""), text(child)))
        elif name in VERBS:
            page.verb = name
            _fill(page, child)
    return page


def _fill(page: Page, verb: etree._Element) -> None:
    for child in _elements(verb):
        name = local(child)
        if name == "resumptionToken":
            page.token = {"value": text(child), **child.attrib}
        elif name == "record":
            page.records.append(_record(child))
        elif name == "header":
            page.records.append(_header(child))
        else:
            page.entries.append(child)


def _header(element: etree._Element | None) -> Record:
    if element is None:
        return Record(None, None, False, [], "header")
    return Record(
        identifier=_text(_child(element, "identifier")),
        datestamp=_text(_child(element, "datestamp")),
        deleted=element.get("status", "").strip().lower() == "deleted",
        sets=[text(e).strip() for e in _elements(element) if local(e) == "setSpec"],
        format="header",
    )


def _record(element: etree._Element) -> Record:
    record = _header(_child(element, "header"))
    record.format = "none"
    for part in _elements(element):
        if local(part) == "about":
            record.abouts.append(part)
        elif local(part) in CONTAINERS_BY_LOCAL:
            _payload(record, part)
        elif local(part) == "metadata":
            for payload in _elements(part):
                _payload(record, payload)
    return record


def _payload(record: Record, payload: etree._Element) -> None:
    record.format = CONTAINERS.get(payload.tag, "xml")
    record.payload = payload
    if record.format == "xml":
        return
    record.values = [value(child, at) for at, child in enumerate(_elements(payload))]


CONTAINERS_BY_LOCAL = {name.rpartition("}")[2] for name in CONTAINERS}


def value(element: etree._Element, position: int) -> Value:
    """The value an element of a Dublin Core or Open Images container holds."""
    others = {name(k): v for k, v in element.attrib.items() if k != LANG}
    return Value(
        element=name(element.tag),
        position=position,
        text=text(element),
        lang=element.get(LANG),
        attributes=tuple(sorted(others.items())),
        has_children=bool(_elements(element)),
    )


def text(element: etree._Element) -> str:
    """All descendant text; comments and processing instructions say nothing."""
    parts = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str):
            parts.append(text(child))
        elif child.tag is etree.Entity:
            parts.append(child.text)
        parts.append(child.tail or "")
    return "".join(parts)


def name(tag: str) -> str:
    """`dc:title` for a known namespace, `{uri}local` for another, `local` for none."""
    uri, _, local_name = tag.rpartition("}")
    uri = uri.removeprefix("{")
    if not uri:
        return local_name
    prefix = PREFIXES.get(uri)
    return f"{prefix}:{local_name}" if prefix else f"{{{uri}}}{local_name}"


def canonical(element: etree._Element | str | bytes) -> bytes:
    """Exclusive canonical XML: equal for elements that say the same."""
    if not isinstance(element, etree._Element):
        element = parse(element.encode() if isinstance(element, str) else element)
    return etree.tostring(element, method="c14n", exclusive=True, with_comments=True)


def instant(datestamp: str | None) -> datetime | None:
    """The instant of a datestamp in one of the two forms of the protocol."""
    for form in ("%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ"):
        try:
            return datetime.strptime(datestamp or "", form).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None


def local(element: etree._Element) -> str:
    """The name without its namespace."""
    return etree.QName(element).localname


def _elements(parent: etree._Element) -> list[etree._Element]:
    return [e for e in parent if isinstance(e.tag, str)]


def _child(parent: etree._Element, wanted: str) -> etree._Element | None:
    return next((e for e in _elements(parent) if local(e) == wanted), None)


def _text(element: etree._Element | None) -> str | None:
    return None if element is None else text(element).strip()
