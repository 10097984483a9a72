"""Every rule is broken by a page that breaks it, and by no right page."""

import naturalia as nat
import pytest
from naturalia import _core

XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
OAI = "http://www.openarchives.org/OAI/2.0/"
OAI_DC = f"{OAI}oai_dc/"
OAI_OI = "http://www.openbeelden.nl/feeds/oai/"
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'
DC = (
    f'<oai_dc:dc xmlns:oai_dc="{OAI_DC}" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    f' xsi:schemaLocation="{OAI_DC} x">'
    '<dc:title xml:lang="en">Larus</dc:title></oai_dc:dc>'
)
OI = (
    f'<oai_oi:oi xmlns:oai_oi="{OAI_OI}" xmlns:oi="http://www.openbeelden.nl/oai/"'
    f' xsi:schemaLocation="{OAI_OI} x">'
    '<oi:title xml:lang="nl">Meeuw</oi:title><oi:date>1976-01-01</oi:date><oi:extent>PT1M</oi:extent>'
    '<oi:medium format="hd">https://a.example/1.mp4</oi:medium><oi:location>+52.3+4.9/</oi:location></oai_oi:oi>'
)
HEADER = (
    "<header><identifier>oai:museum.example:1</identifier><datestamp>2026-01-05</datestamp>"
    "<setSpec>birds</setSpec></header>"
)


def reply(verb: str, content: str, arguments: str = "") -> str:
    return (
        f'{DECLARATION}<OAI-PMH xmlns="{OAI}" {XSI} xsi:schemaLocation="{OAI} x">'
        "<responseDate>2026-02-01T12:00:00Z</responseDate>"
        f'<request verb="{verb}"{arguments}>https://museum.example/oai</request>{content}</OAI-PMH>'
    )


def list_records(payload: str, prefix: str) -> str:
    record = f"<record>{HEADER}<metadata>{payload}</metadata></record>"
    about = 'expirationDate="2026-02-01T13:00:00Z" completeListSize="9" cursor="0"'
    token = f"<resumptionToken {about}>t2</resumptionToken>"
    arguments = f' metadataPrefix="{prefix}" from="2026-01-01" until="2026-01-31" set="birds"'
    return reply("ListRecords", f"<ListRecords>{record}{token}</ListRecords>", arguments)


SET = "<set><setSpec>birds</setSpec><setName>Birds</setName></set>"
FORMAT = (
    "<metadataFormat><metadataPrefix>oai_dc</metadataPrefix><schema>http://a.example/x</schema>"
    f"<metadataNamespace>{OAI_DC}</metadataNamespace></metadataFormat>"
)
PAGES = {
    "records": list_records(DC, "oai_dc"),
    "oi": list_records(OI, "oai_oi"),
    "last": reply(
        "ListIdentifiers",
        f"<ListIdentifiers>{HEADER}<resumptionToken/></ListIdentifiers>",
        ' resumptionToken="t2"',
    ),
    "record": reply(
        "GetRecord",
        f"<GetRecord><record>{HEADER}<metadata>{DC}</metadata></record></GetRecord>",
        ' identifier="oai:museum.example:1" metadataPrefix="oai_dc"',
    ),
    "identify": reply(
        "Identify",
        "<Identify><repositoryName>Museum</repositoryName><baseURL>https://museum.example/oai</baseURL>"
        "<protocolVersion>2.0</protocolVersion><adminEmail>a@museum.example</adminEmail>"
        "<earliestDatestamp>2000-01-01</earliestDatestamp><deletedRecord>no</deletedRecord>"
        "<granularity>YYYY-MM-DD</granularity><compression>gzip</compression></Identify>",
    ),
    "formats": reply("ListMetadataFormats", f"<ListMetadataFormats>{FORMAT}</ListMetadataFormats>"),
    "sets": reply(
        "ListSets", "<ListSets><set><setSpec>birds</setSpec><setName>Birds</setName></set></ListSets>"
    ),
    "error": reply(
        "GetRecord", '<error code="idDoesNotExist">none</error>', ' identifier="x:1" metadataPrefix="oai_dc"'
    ),
}

TITLE = '<dc:title xml:lang="en">'
STAMP = "<datestamp>2026-01-05"
IDENTIFIER = "oai:museum.example:1<"
SECONDS = HEADER.replace("2026-01-05", "2026-01-05T00:00:00Z").replace(":1<", ":2<")
RECORD = f"<record>{HEADER}<metadata>{DC}</metadata></record>"
# Rule, page, what stands there, what breaks the rule in its place.
BREAKS = [
    ("xml.empty", "records", PAGES["records"], "{}"),
    ("xml.cut", "records", "</OAI-PMH>", ""),
    ("xml.encoding", "records", "Larus", "\udce9"),
    ("xml.character", "records", "Larus", "\x0b"),
    ("xml.reference", "records", "Larus", "&#11;"),
    ("xml.ampersand", "records", "Larus", "a & b"),
    ("xml.entity", "records", "Larus", "&nbsp;"),
    ("xml.markup", "records", "Larus", "]]>"),
    ("xml.attribute", "records", 'xml:lang="en"', "xml:lang=en"),
    ("xml.name", "records", "Larus", "<a:b:c/>"),
    ("xml.end_tag", "records", "</dc:title>", ""),
    ("xml.prefix", "records", "Larus", "<x:y/>"),
    ("xml.namespace", "records", XSI, XSI + ' xmlns:x=""'),
    ("xml.declaration", "records", DECLARATION, "\n" + DECLARATION),
    ("xml.leading", "records", DECLARATION, "Notice: x" + DECLARATION),
    ("xml.trailing", "records", "</OAI-PMH>", "</OAI-PMH>Notice"),
    ("xml.limit", "records", "Larus", "<x>" * 250 + "</x>" * 250),
    ("oai.root", "records", f'xmlns="{OAI}"', 'xmlns="http://openarchives.org/"'),
    ("oai.namespace", "records", "<record>", '<record xmlns="http://a.example/">'),
    ("oai.element", "records", "<setSpec>birds</setSpec>", "<source>birds</source>"),
    ("oai.missing", "records", f"{STAMP}</datestamp>", ""),
    ("oai.repeated", "records", f"{STAMP}</datestamp>", f"{STAMP}</datestamp>" * 2),
    ("oai.order", "identify", "<repositoryName>Museum</repositoryName>", ""),
    ("oai.text", "records", "<record>", "<record>x"),
    ("oai.markup", "records", STAMP, "<datestamp><b/>2026-01-05"),
    ("oai.attribute", "records", "<record>", '<record id="1">'),
    ("oai.error.code_missing", "error", ' code="idDoesNotExist"', ""),
    ("oai.payload", "records", DC, ""),
    ("oai.responseDate", "records", "2026-02-01T12:00:00Z", "today"),
    ("oai.request.url", "records", "https://museum.example/oai<", "a%zz<"),
    ("oai.request.verb", "records", 'verb="ListRecords"', 'verb="List"'),
    ("oai.request.identifier", "error", 'identifier="x:1"', 'identifier="%"'),
    ("oai.request.metadataPrefix", "records", 'metadataPrefix="oai_dc"', 'metadataPrefix="oai dc"'),
    ("oai.request.date", "records", 'from="2026-01-01"', 'from="once"'),
    ("oai.request.set", "records", 'set="birds"', 'set="a b"'),
    ("oai.error.code", "error", "idDoesNotExist", "oops"),
    ("oai.Identify.baseURL", "identify", "<baseURL>https", "<baseURL>%https"),
    ("oai.Identify.protocolVersion", "identify", ">2.0<", ">1.1<"),
    ("oai.Identify.adminEmail", "identify", "a@museum.example", "nobody"),
    ("oai.Identify.earliestDatestamp", "identify", "2000-01-01", "2000"),
    ("oai.Identify.deletedRecord", "identify", ">no<", ">never<"),
    ("oai.Identify.granularity", "identify", "YYYY-MM-DD", "day"),
    ("oai.format.metadataPrefix", "formats", ">oai_dc<", ">oai dc<"),
    ("oai.format.schema", "formats", "http://a.example/x", "a#b#c"),
    ("oai.format.metadataNamespace", "formats", OAI_DC, "a#b#c"),
    ("oai.header.identifier", "records", IDENTIFIER, "a%zz<"),
    ("oai.header.datestamp", "records", STAMP, "<datestamp>5.1.2026"),
    ("oai.header.status", "records", "<header>", '<header status="gone">'),
    ("oai.setSpec", "sets", ">birds<", ">birds of prey<"),
    ("oai.token.expirationDate", "records", "2026-02-01T13:00:00Z", "soon"),
    ("oai.token.completeListSize", "records", 'completeListSize="9"', 'completeListSize="0"'),
    ("oai.token.cursor", "records", 'cursor="0"', 'cursor="-1"'),
    ("oai.xsi", "records", "<record>", '<record xsi:type="x">'),
    ("oai.declaration", "records", DECLARATION, ""),
    ("oai.doctype", "records", DECLARATION, DECLARATION + "<!DOCTYPE x>"),
    ("oai.schemaLocation", "records", f'xsi:schemaLocation="{OAI} x"', ""),
    ("oai.responseDate.utc", "records", "2026-02-01T12:00:00Z", "2026-02-01T12:00:00+02:00"),
    ("oai.request.query", "records", "museum.example/oai<", "museum.example/oai?verb=ListRecords<"),
    ("oai.request.arguments", "error", "idDoesNotExist", "badArgument"),
    ("oai.request.verb_missing", "records", ' verb="ListRecords"', ""),
    ("oai.request.verb_differs", "records", 'verb="ListRecords"', 'verb="ListIdentifiers"'),
    ("oai.request.prefix_missing", "records", ' metadataPrefix="oai_dc"', ""),
    ("oai.request.exclusive", "last", ' resumptionToken="t2"', ' resumptionToken="t2" set="birds"'),
    ("oai.request.granularity", "records", 'until="2026-01-31"', 'until="2026-01-31T00:00:00Z"'),
    ("oai.request.range", "records", 'until="2026-01-31"', 'until="2025-01-31"'),
    ("oai.request.illegal", "sets", 'verb="ListSets"', 'verb="ListSets" set="birds"'),
    ("oai.error.fits", "error", "idDoesNotExist", "noRecordsMatch"),
    (
        "oai.Identify.address",
        "identify",
        "<baseURL>https://museum.example/oai",
        "<baseURL>https://museum.example/",
    ),
    ("oai.Identify.earliest_form", "identify", "2000-01-01", "2000-01-01T00:00:00Z"),
    ("oai.Identify.identity", "identify", "gzip", "identity"),
    ("oai.formats.oai_dc", "formats", ">oai_dc<", ">mods<"),
    ("oai.formats.oai_dc_namespace", "formats", OAI_DC, "http://a.example/"),
    ("oai.formats.twice", "formats", FORMAT, FORMAT * 2),
    ("oai.sets.twice", "sets", SET, SET * 2),
    ("oai.header.identifier_scheme", "records", IDENTIFIER, "1234<"),
    ("oai.header.oai_identifier", "records", IDENTIFIER, "oai:museum:1<"),
    ("oai.header.identifier_twice", "records", RECORD, RECORD * 2),
    ("oai.header.datestamp_form", "records", STAMP, "<datestamp>2026-01-05T00:00:00.5Z"),
    ("oai.header.granularity", "last", HEADER, HEADER + SECONDS),
    ("oai.header.future", "last", STAMP, "<datestamp>2027-01-05"),
    ("oai.header.range", "records", STAMP, "<datestamp>2025-12-31"),
    ("oai.header.set", "records", "<setSpec>birds", "<setSpec>birdsong"),
    ("oai.header.set_twice", "records", "<setSpec>birds</setSpec>", "<setSpec>birds</setSpec>" * 2),
    ("oai.header.deleted", "records", "<header>", '<header status="deleted">'),
    ("oai.record.metadata", "records", f"<metadata>{DC}</metadata>", ""),
    ("oai.record.identifier", "record", 'identifier="oai:museum.example:1"', 'identifier="a:2"'),
    ("oai.record.format", "records", DC, '<mods xmlns="http://a.example/"/>'),
    ("oai.token.utc", "records", "2026-02-01T13:00:00Z", "2026-02-01T13:00:00"),
    ("oai.token.expired", "records", "2026-02-01T13:00:00Z", "2026-01-01T13:00:00Z"),
    ("oai.token.blank", "last", "<resumptionToken/>", "<resumptionToken> </resumptionToken>"),
    ("oai.token.missing", "last", "<resumptionToken/>", ""),
    ("oai.token.needless", "records", ">t2<", "><"),
    ("oai.token.repeated", "last", "<resumptionToken/>", "<resumptionToken>t2</resumptionToken>"),
    ("oai.token.cursor_start", "records", 'cursor="0"', 'cursor="1"'),
    ("oai.token.size", "records", 'cursor="0"', 'cursor="9"'),
    ("oai_dc.namespace", "records", f'xmlns:oai_dc="{OAI_DC}"', f'xmlns:oai_dc="{OAI_DC[:-1]}"'),
    ("oai_dc.element", "records", TITLE, f"<dc:mediator/>{TITLE}"),
    ("oai_dc.element_namespace", "records", "elements/1.1/", "elements/1.1"),
    ("oai_dc.markup", "records", "Larus", "<i>Larus</i>"),
    ("oai_dc.text", "records", TITLE, f"x{TITLE}"),
    ("oai_dc.attribute", "records", TITLE, '<dc:title scheme="x">'),
    ("oai_dc.lang", "records", 'xml:lang="en"', 'xml:lang="en_US"'),
    ("oai_dc.xsi", "records", TITLE, '<dc:title xsi:type="dc:x">'),
    ("oai_dc.schemaLocation", "records", f' xsi:schemaLocation="{OAI_DC} x"', ""),
    ("oai_oi.namespace", "oi", f'xmlns:oai_oi="{OAI_OI}"', f'xmlns:oai_oi="{OAI_DC}"'),
    ("oai_oi.element", "oi", "<oi:date>", "<oi:extend/><oi:date>"),
    ("oai_oi.element_namespace", "oi", 'xmlns:oi="http:', 'xmlns:oi="https:'),
    ("oai_oi.markup", "oi", "Meeuw", "<i>Meeuw</i>"),
    ("oai_oi.text", "oi", "<oi:date>", "x<oi:date>"),
    ("oai_oi.attribute", "oi", "<oi:date>", '<oi:date format="x">'),
    ("oai_oi.lang", "oi", 'xml:lang="nl"', 'xml:lang="nl_NL"'),
    ("oai_oi.date", "oi", "1976-01-01", "1976"),
    ("oai_oi.extent", "oi", "PT1M", "1:00"),
    ("oai_oi.url", "oi", "https://a.example/1.mp4", "https://a.example/%.mp4"),
    ("oai_oi.location", "oi", "+52.3+4.9/", "52.3, 4.9"),
    ("oai_oi.xsi", "oi", "<oi:date>", '<oi:date xsi:nil="true">'),
    ("oai_oi.schemaLocation", "oi", f' xsi:schemaLocation="{OAI_OI} x"', ""),
]
# A rule about two pages has its test in test_validation.py.
TWO_PAGES = {"oai.header.granularity_identify"}


def changed(rule: str, page: str, old: str, new: str) -> bytes:
    text = PAGES[page]
    assert old in text, old
    text = text.replace(old, new, 1)
    if rule == "oai.order":
        text = text.replace("<compression>", f"{old}<compression>", 1)
    return text.encode("utf-8", "surrogateescape")


@pytest.mark.parametrize("name", PAGES)
def test_a_right_page_breaks_no_rule(name):
    assert nat.validate(PAGES[name].encode()).counts == {}


@pytest.mark.parametrize(("rule", "page", "old", "new"), BREAKS, ids=[row[0] for row in BREAKS])
def test_a_page_that_breaks_a_rule_is_told_so(rule, page, old, new):
    found = nat.validate(changed(rule, page, old, new))
    assert rule in found.counts, found
    row = next(row for row in found if row.rule == rule)
    assert row.line >= 1
    assert row.column >= 1
    assert "{" not in row.message or "{" in new
    assert row.severity == next(known["severity"] for known in _core.rules() if known["rule"] == rule)


def test_every_rule_has_its_page():
    assert {row[0] for row in BREAKS} | TWO_PAGES == {rule["rule"] for rule in _core.rules()}
