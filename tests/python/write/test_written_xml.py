"""Written XML: valid by the schemas, and equal to its source in the eyes of others."""

import re
from functools import cache

import naturalia as nat
import pyarrow as pa
import pytest
from conftest import corpus_files, corpus_root
from lxml import etree
from support import reference
from support.building import dc, header, oi, page, qdc, record, title

OAI = "{http://www.openarchives.org/OAI/2.0/}"
NAMES = "title creator subject description publisher contributor date type format identifier source language"
NAMES = [*NAMES.split(), "relation", "coverage", "rights"]

# Ours, from the facts of the protocol's guidelines for repositories and of DCMI's simple Dublin Core.
ELEMENTS = "".join(f'<xs:element ref="dc:{name}"/>' for name in NAMES)
OAI_DC_XSD = f"""
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:dc="http://purl.org/dc/elements/1.1/"
    targetNamespace="http://www.openarchives.org/OAI/2.0/oai_dc/" elementFormDefault="qualified">
  <xs:import namespace="http://purl.org/dc/elements/1.1/" schemaLocation="dc.xsd"/>
  <xs:element name="dc"><xs:complexType>
    <xs:choice minOccurs="0" maxOccurs="unbounded">{ELEMENTS}</xs:choice>
  </xs:complexType></xs:element>
</xs:schema>"""
DC_XSD = f"""
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="http://purl.org/dc/elements/1.1/"
    targetNamespace="http://purl.org/dc/elements/1.1/" elementFormDefault="qualified">
  <xs:import namespace="http://www.w3.org/XML/1998/namespace" schemaLocation="xml.xsd"/>
  <xs:complexType name="text"><xs:simpleContent><xs:extension base="xs:string">
    <xs:attribute ref="xml:lang"/>
  </xs:extension></xs:simpleContent></xs:complexType>
  {"".join(f'<xs:element name="{name}" type="text"/>' for name in NAMES)}
</xs:schema>"""
XML_XSD = """
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.w3.org/XML/1998/namespace">
  <xs:attribute name="lang"><xs:simpleType><xs:union memberTypes="xs:language">
    <xs:simpleType><xs:restriction base="xs:string">
      <xs:enumeration value=""/>
    </xs:restriction></xs:simpleType>
  </xs:union></xs:simpleType></xs:attribute>
</xs:schema>"""


@pytest.fixture(scope="module")
def container_schema(tmp_path_factory):
    folder = tmp_path_factory.mktemp("schemas")
    for name, text in (("oai_dc.xsd", OAI_DC_XSD), ("dc.xsd", DC_XSD), ("xml.xsd", XML_XSD)):
        (folder / name).write_text(text)
    return etree.XMLSchema(etree.parse(folder / "oai_dc.xsd"))


@cache
def envelope_schema():
    xmlschema = pytest.importorskip("xmlschema")
    return xmlschema.XMLSchema10(str(corpus_root() / "oai" / "xsd" / "OAI-PMH.xsd"))


def containers(root):
    return root.iter("{http://www.openarchives.org/OAI/2.0/oai_dc/}dc")


ODD = page(
    record(dc(title("x", 'xml:lang="nl_NL"'), "<dc:mediator>m</dc:mediator>", title("<b>y</b>")), 1),
    record(dc('<dc:date xsi:type="t" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">1</dc:date>'), 2),
    record(dc(title("z")), 3, head=header(3, datestamp="2008-07-15 12:00:00", sets=("a b", "c"))),
    record(None, 4, head=header(4, status="deleted")),
)


def test_what_was_valid_is_written_valid(container_schema, tmp_path):
    table = nat.read(page(record(dc(title("a", 'xml:lang="en-GB"'), title(" b "))), record(dc(), 2)))
    report = table.write(tmp_path / "out.xml")
    assert "outside" not in report.counts
    root = etree.parse(tmp_path / "out.xml").getroot()
    assert all(map(container_schema.validate, containers(root)))


def test_what_the_schema_does_not_allow_is_counted_and_left_out_where_asked(container_schema, tmp_path):
    table = nat.read(ODD)
    report = table.write(tmp_path / "out.xml")
    # A language, an element, markup, an attribute, a datestamp, a set.
    assert report.counts == {"outside": 6}
    root = etree.parse(tmp_path / "out.xml").getroot()
    assert [container_schema.validate(c) for c in containers(root)] == [False, False, True]
    report = table.write(tmp_path / "valid.xml", valid=True)
    assert report.counts == {"outside": 5, "dated": 1}
    root = etree.parse(tmp_path / "valid.xml").getroot()
    assert all(map(container_schema.validate, containers(root)))
    assert root.findtext(f".//{OAI}record[3]/{OAI}header/{OAI}datestamp") == "2008-07-15T12:00:00Z"
    assert [spec.text for spec in root.iter(f"{OAI}setSpec")] == ["c"]
    assert root.findtext(".//{http://purl.org/dc/elements/1.1/}title[2]") == "y"


@pytest.mark.corpus
def test_the_envelope_is_valid_for_every_format(tmp_path):
    tables = [
        nat.read(page(record(dc(title("x"))), record(None, 2, head=header(2, status="deleted")))),
        nat.read(page(record(oi("<oi:title>x</oi:title>")))),
        nat.read(page(record(qdc("<dcterms:issued>x</dcterms:issued>")))),
        nat.read(page(record('<mods xmlns="http://www.loc.gov/mods/v3"><title/></mods>'))),
        nat.read(page(header(1) + header(2, status="deleted", sets=("a:b",)), verb="ListIdentifiers")),
        nat.read(page("<set><setSpec>a</setSpec><setName>A</setName></set>", verb="ListSets")),
        nat.read(page(record(dc(title("x")))))[:0],
        nat.Table(pa.table({"identifier": ["a:1"], "title": [["x"]]}), format="oai_dc"),
    ]
    for table in tables:
        table.write(tmp_path / "out.xml")
        assert envelope_schema().is_valid(str(tmp_path / "out.xml")), table


def test_a_record_without_a_datestamp_is_dated_by_its_writing(tmp_path):
    table = nat.Table(pa.table({"identifier": ["a:1"], "title": [["x"]]}), format="oai_dc")
    assert table.write(tmp_path / "out.xml").counts == {"dated": 1}
    text = (tmp_path / "out.xml").read_text()
    dates = re.findall("<(?:responseDate|datestamp)>([^<]*)<", text)
    assert len(dates) == 2
    assert dates[0] == dates[1]


def test_a_valid_header_needs_an_identifier(tmp_path):
    table = nat.Table(pa.table({"title": [["x"]]}), format="oai_dc")
    with pytest.raises(ValueError, match=r"record 1 has no identifier"):
        table.write(tmp_path / "out.xml", valid=True)
    assert table.write(tmp_path / "out.xml", envelope=False).counts == {}


@pytest.mark.parametrize("count", [1, 3])
def test_bare_payloads_stand_alone_and_are_read_back(count, tmp_path, container_schema):
    table = nat.read(page(*(record(dc(title(f"t{n}", 'xml:lang="nl"')), n) for n in range(count))))
    report = table.write(tmp_path / "out.xml", envelope=False)
    assert report.counts == {"headers": count}
    root = etree.parse(tmp_path / "out.xml").getroot()
    assert len(list(containers(root))) == count
    assert all(map(container_schema.validate, containers(root)))
    again = nat.read(tmp_path / "out.xml")
    assert [list(row)[1:] for row in again.long()] == [list(row)[1:] for row in table.long()]


def test_a_bare_document_counts_the_deleted_records_it_can_not_show(tmp_path):
    assert nat.read(ODD).write(tmp_path / "out.xml", envelope=False).counts["payloadless"] == 1


def test_edits_made_elsewhere_are_what_is_written(tmp_path):
    table = nat.read(page(record(dc(title("  old <i>text</i> ", 'xml:lang="nl"')))))
    frame = table.to_arrow().to_pylist()
    frame[0]["title"] = ["new"]
    edited = nat.Table(pa.Table.from_pylist(frame, schema=table.to_arrow().schema))
    edited.write(tmp_path / "out.xml")
    (value,) = nat.read(tmp_path / "out.xml")[0].values
    assert (value.value, value.lang, value.markup) == ("new", "nl", None)


def test_markup_that_is_not_well_formed_is_mended_and_counted(tmp_path):
    table = nat.read(page(record(dc(title("a <b>c <i>d</b>")))))
    report = table.write(tmp_path / "out.xml")
    assert report.counts == {"outside": 1, "mended": 1}
    assert nat.read(tmp_path / "out.xml")["title"] == table["title"]


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("extra", [{"element": "a b", "value": "x"}], "can't name an element"),
        ("extra", [{"element": "oai:about", "value": "x"}], "is no XML element"),
        ("notes", [{"path": "title", "index": 0, "attributes": '{"a b": "x"}'}], "can't name an attribute"),
        ("notes", [{"path": "title", "index": 0, "attributes": "[]"}], "are no JSON object"),
    ],
)
def test_what_no_xml_can_hold_is_an_error_and_no_file(column, value, said, tmp_path):
    frame = pa.Table.from_pylist([{"identifier": "a:1", "title": ["t"], column: value}])
    with pytest.raises(ValueError, match=said):
        nat.Table(frame, format="oai_dc").write(tmp_path / "out.xml")
    assert not list(tmp_path.iterdir())


# --- what others read ---

RECORDED = corpus_files("responses/**/*", "openimages/reconstructed/*")


@cache
def tables():
    """The recorded pages that hold records of the three formats with columns, and are well-formed."""
    found = []
    for file in RECORDED:
        try:
            source = reference.read(file.read_bytes())
            table = nat.read(file)
        except (etree.XMLSyntaxError, nat.errors.NaturaliaError):
            continue
        if table.format in ("oai_dc", "oai_oi", "oai_qdc") and len(table):
            found.append((file, source, table))
    return found


@pytest.mark.corpus
@pytest.mark.filterwarnings("ignore")
def test_lxml_reads_the_same_values_as_from_the_source(tmp_path):
    for file, source, table in tables():
        table.write(tmp_path / "out.xml")
        written = reference.read((tmp_path / "out.xml").read_bytes())
        assert len(written.records) == len(source.records), file
        for one, other in zip(source.records, written.records, strict=True):
            assert other.identifier == one.identifier
            assert other.datestamp == one.datestamp or one.datestamp is None
            assert other.deleted == one.deleted
            assert other.sets == one.sets
            if not one.deleted and one.format == table.format:
                assert other.values == one.values, (file, one.identifier)


@pytest.mark.corpus
def test_valid_documents_stay_valid_and_valid_makes_all_of_them_so(tmp_path, container_schema):
    for file, _, table in tables():
        if table.format != "oai_dc" or None in table["identifier"]:
            continue
        report = table.write(tmp_path / "out.xml")
        root = etree.parse(tmp_path / "out.xml").getroot()
        right = all(map(container_schema.validate, containers(root)))
        right = right and envelope_schema().is_valid(str(tmp_path / "out.xml"))
        assert right == ("outside" not in report.counts), file
        table.write(tmp_path / "out.xml", valid=True)
        root = etree.parse(tmp_path / "out.xml").getroot()
        assert all(map(container_schema.validate, containers(root))), file
        assert envelope_schema().is_valid(str(tmp_path / "out.xml")), file


@pytest.mark.corpus
def test_sickle_and_oaipmh_read_the_same_records(tmp_path):
    models = pytest.importorskip("sickle.models")
    reader = pytest.importorskip("oaipmh.metadata").oai_dc_reader
    seen, read_some = 0, False
    for file, _, table in tables():
        if table.format != "oai_dc":
            continue
        table.write(tmp_path / "out.xml")
        sources = etree.fromstring(file.read_bytes()).findall(f".//{OAI}record")
        copies = etree.parse(tmp_path / "out.xml").getroot().findall(f".//{OAI}record")
        if len(sources) != len(copies):
            continue  # records outside the namespace of the protocol, which sickle does not see either
        for source, copy in zip(sources, copies, strict=True):
            payload = source.find(f"{OAI}metadata")
            if source.find(f"{OAI}header/{OAI}datestamp") is None or payload is None or not len(payload):
                continue  # sickle fails at such a record
            one, other = models.Record(source), models.Record(copy)
            assert (other.header.identifier or "").strip() == (one.header.identifier or "").strip()
            assert other.deleted == one.deleted
            if one.deleted:
                continue
            assert other.metadata == one.metadata, file
            payloads = [each.find(f"{OAI}metadata") for each in (source, copy)]
            first, second = (reader(payload).getMap() for payload in payloads)
            assert first == second, file
            read_some = read_some or any(first.values())
            seen += 1
    assert seen > 1000
    assert read_some


@pytest.mark.parametrize("name", ["openimages_oai_oi.xml", "naturalis_oai_dc.xml", "nhm_oai_dc.xml"])
def test_what_we_write_our_own_validator_has_nothing_to_say_about(name, tmp_path):
    out = tmp_path / "out.xml"
    nat.read(nat.samples.path(name)).write(out)
    assert nat.validate(out).counts == {}
