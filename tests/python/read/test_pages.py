"""The replies of all six verbs, and the replies that say no."""

from pathlib import Path

import pytest
from naturalia import errors
from support.building import error_page, page, record
from support.observed import read

CLASSES = {
    "badArgument": "BadArgument",
    "badResumptionToken": "BadResumptionToken",
    "badVerb": "BadVerb",
    "cannotDisseminateFormat": "CannotDisseminateFormat",
    "idDoesNotExist": "IdDoesNotExist",
    "noMetadataFormats": "NoMetadataFormats",
    "noSetHierarchy": "NoSetHierarchy",
}


def test_identify_is_a_table_of_one_row(fixtures: Path) -> None:
    table = read(fixtures / "Identify.xml", strict=True)
    assert (table.format, len(table)) == ("identify", 1)
    assert table["repositoryName"] == ["Kabinet van Naturaliën & Kunst"]
    assert table["baseURL"] == ["https://oai.museum.example/oai"]
    assert table["protocolVersion"] == ["2.0"]
    assert table["adminEmail"] == [["beheer@museum.example", "oai@museum.example"]]
    assert table["earliestDatestamp"] == ["1826-01-01"]
    assert table["deletedRecord"] == ["transient"]
    assert table["granularity"] == ["YYYY-MM-DDThh:mm:ssZ"]
    assert table["compression"] == [["gzip", "deflate"]]
    (descriptions,) = table["description"]
    assert len(descriptions) == 2
    assert "<sampleIdentifier>" in descriptions[0]
    assert "rightsManifest" in descriptions[1]


def test_metadata_formats_are_a_table(fixtures: Path) -> None:
    table = read(fixtures / "ListMetadataFormats.xml", strict=True)
    assert table.format == "formats"
    assert table["metadataPrefix"] == ["oai_dc", "oai_oi"]
    assert table["schema"][1] == "http://www.openbeelden.nl/feeds/oai/oai_oi.xsd"
    assert table["metadataNamespace"][1] == "http://www.openbeelden.nl/feeds/oai/"


def test_sets_are_a_table_with_their_descriptions(fixtures: Path) -> None:
    table = read(fixtures / "ListSets.xml", strict=True)
    assert table.format == "sets"
    assert table["setSpec"] == ["vogels", "vogels:meeuwen"]
    assert table["setName"] == ["Vogels", "Meeuwen & sterns"]
    plain, described = table["setDescription"]
    assert plain == []
    assert "Balgen en foto's" in described[0]
    assert table.pages[0].token.value == "sets!2"


def test_identifiers_are_a_table_of_headers(fixtures: Path) -> None:
    table = read(fixtures / "ListIdentifiers.xml", strict=True)
    assert table.format == "header"
    assert table["identifier"] == ["oai:museum.example:1", "oai:museum.example:2"]
    assert table["datestamp"] == ["2024-01-03", "2024-02-03T04:05:06Z"]
    assert table["deleted"] == [False, True]
    assert table["sets"] == [["vogels", "vogels:meeuwen"], []]


def test_a_page_says_what_was_asked_and_what_comes_next(fixtures: Path) -> None:
    (told,) = read(fixtures / "ListIdentifiers.xml").pages
    assert (told.verb, told.records, told.deleted) == ("ListIdentifiers", 2, 1)
    assert told.responseDate == "2024-05-01T09:30:00Z"
    assert told.request == {
        "url": "https://oai.museum.example/oai",
        "verb": "ListIdentifiers",
        "metadataPrefix": "oai_dc",
        "from": "2024-01-01",
        "set": "vogels",
    }
    token = told.token
    assert token.value == "ids|2|oai_dc"
    assert int(token.completeListSize) == 812
    assert int(token.cursor) == 0
    assert token.expirationDate == "2024-05-01T10:30:00Z"
    assert 700 < told.bytes <= (fixtures / "ListIdentifiers.xml").stat().st_size
    assert told.errors == []


def test_the_fifteen_elements_are_columns_in_the_order_of_the_standard(fixtures: Path) -> None:
    table = read(fixtures / "ListRecords.oai_dc.xml", strict=True)
    assert table.format == "oai_dc"
    assert table.columns == [
        "identifier", "datestamp", "datestamp_utc", "deleted", "sets",
        "title", "creator", "subject", "description", "publisher", "contributor", "date", "type",
        "format", "dc_identifier", "source", "language", "relation", "coverage", "rights",
        "extra", "notes",
    ]  # fmt: skip
    assert table["title"][0] == ["Zilvermeeuw, balg", "Herring gull, study skin"]
    assert table["dc_identifier"][0] == ["ZMA.AVES.<1>"]
    assert table["subject"] == [["Larus argentatus"], [], ["Parus major", "Paridae"]]
    assert table["description"][0] == ["Verzameld op het strand van Ærø; vleugel 43\xa0cm."]
    told = table.report
    assert (told.records, told.deleted, told.trimmed, told.empty) == (3, 1, 1, 1)


def test_open_images_records_have_a_column_for_every_element(fixtures: Path) -> None:
    table = read(fixtures / "ListRecords.oai_oi.xml", strict=True)
    assert table.format == "oai_oi"
    first = {name: table[name][0] for name in table.columns}
    assert first["publisher"] == ["Kabinet"]
    assert first["publisher_url"] == ["https://media.museum.example/users/kabinet"]
    assert [m.rpartition(".")[2] for m in first["medium"]] == ["mpeg", "mp4", "png"]
    assert first["medium_format"][:2] == ["source", "hd"]
    assert len(first["medium_format"]) == 3
    assert not first["medium_format"][2]
    assert first["oi_identifier"] == ["32836"]
    assert first["extent"] == ["PT1M21S"]
    assert first["attributionName"] == ["Kabinet (producent) / Vis (beheerder)"]
    assert first["alternative"] == first["references"] == []
    for name in (
        "title", "creator", "subject", "description", "abstract", "contributor", "date", "type",
        "source", "language", "mediator", "spatial", "attributionURL", "license", "location",
        "hasformat",
    ):  # fmt: skip
        assert first[name], name
    assert first["extra"] == []


def test_qualified_dublin_core_has_a_column_for_each_refinement(fixtures: Path) -> None:
    table = read(fixtures / "GetRecord.oai_qdc.xml", strict=True)
    assert table.format == "oai_qdc"
    for name, expected in {
        "creator": ["Hooft, C.", "Anoniem"],
        "alternative": ["Vel 9"],
        "created": ["1881"],
        "extent": ["42 × 28 cm"],
        "spatial": ["Zwolle"],
        "license": ["https://creativecommons.org/licenses/by/4.0/"],
        "extra": [],
    }.items():
        assert table[name] == [expected], name


def test_an_unknown_format_keeps_its_payload_as_xml(fixtures: Path) -> None:
    table = read(fixtures / "ListRecords.mods.xml", strict=True)
    assert table.format == "xml"
    first, second = table["metadata"]
    assert first.startswith("<mods:mods")
    assert second is None
    assert table.pages[0].format == "xml"


@pytest.mark.parametrize(("code", "name"), CLASSES.items())
def test_every_protocol_error_has_its_class(code: str, name: str) -> None:
    with pytest.raises(getattr(errors, name)) as refused:
        read(error_page((code, "because")))
    assert isinstance(refused.value, errors.ProtocolError)
    assert refused.value.code == code
    assert refused.value.errors == [(code, "because")]
    assert "because" in str(refused.value)


def test_no_records_match_is_an_empty_table() -> None:
    table = read(error_page(("noRecordsMatch", "nothing new")))
    assert len(table) == 0
    assert [e.code for e in table.report.errors] == ["noRecordsMatch"]


def test_no_records_match_after_a_page_ends_the_list() -> None:
    from support.building import dc, title

    last = error_page(("noRecordsMatch", "nothing more"))
    table = read([page(record(dc(title("a")))), last])
    assert (table.format, len(table)) == ("oai_dc", 1)
    assert [e.code for e in table.report.errors] == ["noRecordsMatch"]


def test_an_error_carries_what_was_asked() -> None:
    with pytest.raises(errors.BadArgument) as refused:
        read(error_page(("badArgument", "no such set")))
    assert refused.value.request["metadataPrefix"] == "oai_dc"
