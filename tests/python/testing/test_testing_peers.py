"""The testing provider by the word of the schema, and the independent providers by the word of sickle."""

import re
from functools import cache
from urllib.parse import urlencode
from urllib.request import urlopen
from xml.etree.ElementTree import canonicalize

import pytest
from conftest import corpus_root
from naturalia import testing
from naturalia.testing import items_of
from support import peers

REQUESTS = [
    {"verb": "Identify"},
    {"verb": "ListMetadataFormats"},
    {"verb": "ListMetadataFormats", "identifier": "oai:museum.example:3"},
    {"verb": "ListSets"},
    {"verb": "ListIdentifiers", "metadataPrefix": "oai_dc", "from": "2020-01-01", "set": "birds"},
    {"verb": "ListRecords", "metadataPrefix": "oai_dc"},
    {"verb": "ListRecords", "metadataPrefix": "oai_oi", "until": "1999-01-01"},
    {"verb": "GetRecord", "metadataPrefix": "oai_oi", "identifier": "oai:museum.example:3"},
    {"verb": "GetRecord", "metadataPrefix": "oai_oi", "identifier": "oai:museum.example:5"},
    {"verb": "ListRecords", "resumptionToken": "nothing"},
    {"verb": "ListRecords", "metadataPrefix": "marc21"},
    {"verb": "Illegal"},
    {},
]


@cache
def schema():
    """The schema of the envelope as the Open Archives Initiative publishes it."""
    xmlschema = pytest.importorskip("xmlschema")
    return xmlschema.XMLSchema10(str(corpus_root() / "oai" / "xsd" / "OAI-PMH.xsd"))


def without_metadata(reply: bytes) -> str:
    """The reply with a placeholder for each payload: the schemas of the formats are not at hand."""
    put = rb'<metadata><x xmlns="http://x.example/"/></metadata>'
    return re.sub(rb"<metadata>.*?</metadata>", put, reply, flags=re.DOTALL).decode()


@pytest.mark.corpus
@pytest.mark.parametrize("granularity", ["seconds", "days"])
@pytest.mark.parametrize("arguments", REQUESTS, ids=lambda arguments: urlencode(arguments) or "nothing")
def test_every_reply_is_valid(arguments, granularity):
    source = testing.generate(12, deleted=5)
    with (
        testing.serve(source, page_size=2, granularity=granularity) as server,
        urlopen(f"{server.url}?{urlencode(arguments)}") as reply,
    ):
        assert [error.reason for error in schema().iter_errors(without_metadata(reply.read()))] == []


@pytest.mark.corpus
def test_every_page_of_a_list_is_valid():
    with testing.serve(testing.generate(9, deleted=4), page_size=4) as server:
        token, pages = "", 0
        arguments = {"verb": "ListRecords", "metadataPrefix": "oai_dc"}
        while token or not pages:
            with urlopen(f"{server.url}?{urlencode(arguments)}") as reply:
                body = reply.read()
            assert schema().is_valid(without_metadata(body))
            token = re.search(rb"<resumptionToken[^>]*>([^<]*)<", body)[1].decode()
            arguments = {"verb": "ListRecords", "resumptionToken": token}
            pages += 1
        assert pages == 3


def canonical(markup: str) -> str:
    """Markup with its prefixes renamed, so that only what it says counts."""
    return canonicalize(markup, rewrite_prefixes=True)


@pytest.mark.corpus
def test_the_payloads_of_recorded_pages_are_the_recorded_ones():
    etree = pytest.importorskip("lxml.etree")
    oai = "{http://www.openarchives.org/OAI/2.0/}"
    compared = 0
    for path in peers.corpus_files("responses/*/ListRecords*.xml"):
        try:
            items = {item.identifier: item for item in items_of(path)}
        except ValueError:
            continue
        for record in etree.parse(str(path)).iter(f"{oai}record"):
            identifier = record.findtext(f"{oai}header/{oai}identifier")
            payload = record.find(f"{oai}metadata/*")
            held = items.get((identifier or "").strip())
            if held is None or payload is None or held.deleted:
                continue
            (markup,) = held.metadata.values()
            recorded = etree.tostring(payload, with_tail=False, encoding="unicode")
            assert canonical(markup) == canonical(recorded)
            compared += 1
    assert compared > 2500


@pytest.mark.corpus
@pytest.mark.parametrize("provider", [peers.oaipmh_provider, peers.oai_repo_provider])
def test_the_independent_providers_hold_all_real_records(provider):
    sickle = pytest.importorskip("sickle")
    pytest.importorskip("oaipmh" if provider is peers.oaipmh_provider else "oai_repo")
    items = peers.real_items()
    with provider(items, page_size=200) as running:
        listed = sickle.Sickle(running.url).ListIdentifiers(metadataPrefix="oai_dc")
        found = [header.identifier for header in listed]
    living = {item.identifier for item in items if not item.deleted}
    assert living <= set(found) <= {item.identifier for item in items}
    assert len(found) == len(set(found))
