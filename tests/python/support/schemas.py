"""What other validators say of a page: lxml of its XML, xmlschema of the envelope and of the payloads."""

from copy import deepcopy
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple
from xml.parsers import expat

import naturalia as nat
import xmlschema
from lxml import etree

XSD = Path(__file__).parents[2] / "fixtures" / "xsd"
# Where the envelope has room for other formats.
RECORDS = [f"{verb}/record/{part}" for verb in ("ListRecords", "GetRecord") for part in ("metadata", "about")]
HOLDERS = [*RECORDS, "Identify/description", "ListSets/set/setDescription"]
# Containers by their local name; a namespace that belongs to some other format makes them another thing.
CONTAINERS = {"dc": "oai_dc", "oi": "oai_oi"}
KNOWN = {
    "",
    "www.openarchives.org/oai/2.0",
    "www.openarchives.org/oai/2.0/oai_dc",
    "purl.org/dc/elements/1.1",
    "purl.org/dc/terms",
    "www.openbeelden.nl/oai",
    "www.openbeelden.nl/feeds/oai",
    "www.w3.org/2001/xmlschema-instance",
    "www.w3.org/xml/1998/namespace",
}


# Comments and instructions are no content, but xmlschema takes them for child elements.
SAFE = {
    "resolve_entities": False,
    "no_network": True,
    "huge_tree": True,
    "remove_comments": True,
    "remove_pis": True,
}


class Verdict(NamedTuple):
    """Whether it is XML, whether the envelope is valid, whether all payloads are."""

    xml: bool
    oai: bool | None
    oai_dc: bool | None
    oai_oi: bool | None


@cache
def schema(name: str) -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(str(XSD / f"{name}.xsd"))


def peers(data: bytes, envelope: xmlschema.XMLSchema | None) -> Verdict:
    """The verdict of lxml and xmlschema; of the envelope only where its schema is given."""
    return verdict(
        data, envelope, lambda name: partial(accepts, schema(name)), lambda it: partial(accepts, it)
    )


def libxml2(data: bytes, envelope: xmlschema.XMLSchema | None) -> Verdict:
    """The verdict of libxml2, by the same schemas."""
    return verdict(
        data, envelope, lambda name: compiled(str(XSD / f"{name}.xsd")), lambda it: compiled(it.url)
    )


@cache
def compiled(path: str):
    schema = etree.XMLSchema(etree.parse(path.removeprefix("file://")))

    def validate(element) -> bool:
        try:
            return schema.validate(element)
        except etree.XMLSchemaValidateError:  # an entity that was not resolved
            return False

    return validate


def verdict(data: bytes, envelope, of_format, of_envelope) -> Verdict:
    parser = etree.XMLParser(**SAFE)
    try:
        root = etree.fromstring(data, parser)
        # lxml keeps silent about a faulty namespace when a warning follows it; expat doesn't.
        expat.ParserCreate(namespace_separator=" ").Parse(data, True)
    except (etree.XMLSyntaxError, expat.ExpatError, LookupError):
        return Verdict(False, None, None, None)
    valid = {"oai_dc": True, "oai_oi": True}
    for name, element in payloads(root):
        valid[name] &= of_format(name)(deepcopy(element))
    bare = is_container(root)
    oai = None if envelope is None or bare else of_envelope(envelope)(root)
    return Verdict(True, oai, valid["oai_dc"], valid["oai_oi"])


def accepts(schema: xmlschema.XMLSchema, element) -> bool:
    try:
        return schema.is_valid(element)
    except KeyError:  # an xsi:type that nobody defined
        return False


def payloads(root):
    """The containers that our validation looks into, with the format they are meant to be of."""
    if is_container(root):
        yield CONTAINERS[etree.QName(root).localname], root
        return
    if etree.QName(root).localname != "OAI-PMH":
        return
    for path in HOLDERS:
        found = [root]
        for step in path.split("/"):
            found = [
                child
                for parent in found
                for child in parent
                if isinstance(child.tag, str) and etree.QName(child).localname == step
            ]
        for holder in found:
            first = next((child for child in holder if isinstance(child.tag, str)), None)
            if first is not None and is_container(first):
                yield CONTAINERS[etree.QName(first).localname], first


def is_container(element) -> bool:
    name = etree.QName(element)
    namespace = "".join((name.namespace or "").lower().split())
    plain = namespace.removeprefix("https://").removeprefix("http://").rstrip("/")
    return name.localname in CONTAINERS and plain in KNOWN


def ours(data: bytes) -> Verdict:
    """The verdict of naturalia."""
    found = nat.validate(data, limit=10)
    broken = {(rule.kind, rule.rule.split(".")[0]) for rule in found.rules}
    if any(kind == "xml" for kind, _ in broken):
        return Verdict(False, None, None, None)
    return Verdict(True, *(("schema", name) not in broken for name in ("oai", "oai_dc", "oai_oi")))


def agree(mine: Verdict, theirs: Verdict) -> bool:
    """Whether two verdicts say the same, as far as both say something."""
    return all(a == b for a, b in zip(mine, theirs, strict=True) if a is not None and b is not None)
