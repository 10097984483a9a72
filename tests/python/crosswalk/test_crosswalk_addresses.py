"""Addresses and identifiers: which one is the page, which one the file, and that both survive Dublin Core."""

from pathlib import Path

import naturalia as nat
import pytest
from support.building import dc, page, record
from support.crosswalking import NBA, documents, dublin, mapped, nba, open_images

PAGE = "https://data.biodiversitydata.nl/naturalis/specimen/RMNH.AVES.1"
FILE = "https://medialib.naturalis.nl/file/id/RMNH.AVES.1/format/large"


def identified(*texts, **options):
    """The media record of a Dublin Core record with these identifiers."""
    table = dublin(*(f"<dc:identifier>{text}</dc:identifier>" for text in texts))
    return first(mapped("oai_dc", "media", table, **options))


def first(table):
    """The first record of a table, with its empty fields."""
    return {name: table[name][0] for name in table.columns}


def page_of(*texts):
    return identified(*texts)["landing_page"]


@pytest.mark.parametrize(
    ("text", "scheme"),
    [
        ("https://doi.org/10.5281/zenodo.1", "doi"),
        ("10.5281/zenodo.1", "doi"),
        ("http://hdl.handle.net/2142/32232", "handle"),
        ("ark:/13030/kt1g501817", "ark"),
        ("urn:nbn:nl:ui:13-abc", "urn"),
        ("ISSN 0108-7673", "issn"),
        ("http://museum.example/item/1", "url"),
        ("cstclu cv.28187", "local"),
    ],
)
def test_an_identifier_has_the_scheme_its_text_shows(text, scheme):
    assert identified(text)["identifiers"] == [{"value": text, "scheme": scheme}]


@pytest.mark.parametrize(
    "text",
    [
        "Han, M. K., H. L. Storkel, and C. Yoshinaga-Itano. 2015. Journal of Speech 58(5): 1542-1549.",
        "Guerrero OA, Axtell RL (2013) Employment Growth through Labor Flow Networks. PLoS ONE 8(5): e60808.",
    ],
)
def test_a_citation_is_a_citation_and_no_identifier(text):
    medium = identified(text)
    assert [own["value"] for own in medium["citations"]] == [text]
    assert medium["identifiers"] == []


@pytest.mark.parametrize(
    "text", ["MS Am 1234 (56)", "Box 12, folder 3", "Call Number: 2007/11-13C", "4219471"]
)
def test_a_shelfmark_is_no_citation(text):
    assert identified(text)["citations"] == []


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("10.5281/zenodo.1", "https://doi.org/10.5281/zenodo.1"),
        ("doi:10.5281/zenodo.1", "https://doi.org/10.5281/zenodo.1"),
        (
            "10.1002/(SICI)1097-0258(19980815)17:15&lt;1661::AID-SIM968&gt;3.0.CO;2-2",
            "https://doi.org/10.1002/(SICI)1097-0258(19980815)17:15%3C1661::AID-SIM968%3E3.0.CO;2-2",
        ),
        ("10.1000/a#b?c", "https://doi.org/10.1000/a%23b%3Fc"),
        ("hdl:2142/32232", "https://hdl.handle.net/2142/32232"),
        ("ark:/13030/kt1g501817", "https://n2t.net/ark:/13030/kt1g501817"),
        ("urn:nbn:nl:ui:13-abc", "https://www.persistent-identifier.nl/urn:nbn:nl:ui:13-abc"),
        ("urn:nbn:de:0183-cto0000877", "https://nbn-resolving.org/urn:nbn:de:0183-cto0000877"),
        ("hdl:123456789/85", None),
        ("http://hdl.handle.net/123456789/85", None),
        ("urn:isbn:9780306406157", None),
        ("ISSN 0108-7673", None),
        ("RMNH.AVES.1", None),
    ],
)
def test_an_identifier_alone_leads_to_the_page_of_its_resolver(text, page):
    assert page_of(text) == page


@pytest.mark.parametrize(
    "texts",
    [
        ("http://museum.example/", "http://museum.example/item/1"),
        ("https://museum.example", "http://museum.example/item/1"),
        ("http://museum.example/index.html", "http://museum.example/item/1"),
        ("doi:10.5281/zenodo.1", "http://museum.example/item/1"),
        ("https://doi.org/10.1371/journal.pone.0060808", "http://museum.example/item/1"),
        ("http://museum.example/item/1.jpg", "http://museum.example/item/1"),
        ("http://museum.example/item/1", "http://elsewhere.example/item/1"),
    ],
)
def test_the_page_of_the_record_comes_before_a_home_page_a_file_and_a_doi(texts):
    assert page_of(*texts) == "http://museum.example/item/1"


def test_a_handle_of_the_repository_comes_before_the_page_of_a_publisher():
    assert page_of("http://publisher.example/a.aspx?id=1", "http://hdl.handle.net/10204/7922") == (
        "http://hdl.handle.net/10204/7922"
    )


@pytest.mark.parametrize(
    ("text", "is_file"),
    [
        ("http://museum.example/1.jpg", True),
        ("http://museum.example/1.TIFF?size=large", True),
        ("http://medialib.naturalis.nl/file/id/RMNH.AVES.1/format/large", True),
        ("https://iiif.example/iiif/2/abc/full/!600,600/0/default.jpg", True),
        ("https://data.nhm.ac.uk/media/c2bde4e9-ca2b-466c-ab41-509468b841a4", True),
        ("https://data.nhm.ac.uk/media/c2bde4e9-ca2b-466c-ab41-509468b841a4/original", True),
        ("https://commons.wikimedia.org/wiki/File:A.jpg", False),
        ("https://nl.wikipedia.org/wiki/Bestand:A.jpg", False),
        ("https://museum.example/download?file=a.jpg", False),
        ("https://www.openbeelden.nl/media/90101", False),
        ("http://jpg", False),
        ("1.jpg", False),
    ],
)
def test_a_file_is_told_by_its_ending_the_medialib_or_iiif(text, is_file):
    medium = identified(text)
    assert [own["uri"] for own in medium["access"]] == ([text] if is_file else [])
    assert (medium["media_url"] == text) == is_file


def test_files_come_from_identifiers_alone():
    table = dublin(
        "<dc:relation>http://museum.example/1.jpg</dc:relation>",
        "<dc:source>http://museum.example/2.jpg</dc:source>",
    )
    medium = first(mapped("oai_dc", "media", table))
    assert (medium["access"], medium["landing_page"]) == ([], None)


def test_a_format_belongs_to_the_file_and_never_makes_one():
    one = dublin(f"<dc:identifier>{FILE}</dc:identifier>", "<dc:format>image/jpeg</dc:format>")
    access = mapped("oai_dc", "nba", one)["serviceAccessPoints"][0]
    assert [(own["accessUri"], own["format"]) for own in access] == [(FILE, "image/jpeg")]
    none = dublin("<dc:format>image/jpeg</dc:format>")
    assert mapped("oai_dc", "nba", none)["serviceAccessPoints"][0] == []
    assert mapped("oai_dc", "media", none)["format"] == ["image/jpeg"]


def test_the_ending_of_a_file_comes_before_a_format_of_the_record():
    table = dublin(
        "<dc:identifier>http://a.example/1.pdf</dc:identifier>", "<dc:format>image/tiff</dc:format>"
    )
    assert mapped("oai_dc", "media", table)["access"][0][0]["format"] == "application/pdf"


def test_record_uri_is_the_landing_page():
    table = dublin("<dc:identifier>doi:10.5281/zenodo.1</dc:identifier>")
    assert mapped("oai_dc", "nba", table)["recordURI"] == mapped("oai_dc", "media", table)["landing_page"]


def test_a_made_address_is_counted_by_its_rule_and_goes_away_on_the_way_back():
    table = dublin("<dc:identifier>doi:10.5281/zenodo.1</dc:identifier>")
    x = nat.crosswalk("oai_dc", "media")
    made, loss = x.apply(table)
    assert list(loss.derived["landing_page"].values()) == [1]
    assert x.invert().apply(made).table["dc_identifier"] == table["dc_identifier"]


def test_an_identifier_of_its_own_system_is_a_unit_only_when_asked():
    table = dublin("<dc:identifier>RMNH.AVES.1</dc:identifier>")
    assert mapped("oai_dc", "nba", table)["unitID"] == [None]
    assert mapped("oai_dc", "nba", table, unit_from="dc_identifier")["unitID"] == ["RMNH.AVES.1"]
    address = dublin("<dc:identifier>http://museum.example/1</dc:identifier>")
    assert mapped("oai_dc", "nba", address, unit_from="dc_identifier")["unitID"] == [None]


def through_xml(table, folder):
    """Documents as `oai_dc`, written as XML, read and mapped back."""
    made = mapped("nba", "oai_dc", table)
    made.write(folder / "records.xml")
    return made, mapped("oai_dc", "nba", nat.read(folder / "records.xml"))


def test_page_and_file_of_a_document_survive_dublin_core(tmp_path):
    points = [{"accessUri": FILE, "format": "image/jpeg"}]
    made, back = through_xml(nba(recordURI=PAGE, serviceAccessPoints=points), tmp_path)
    assert made["dc_identifier"][0][0] == PAGE
    assert made["dc_identifier"][0][-1] == FILE
    assert back["recordURI"] == [PAGE]
    assert [(own["accessUri"], own["format"]) for own in back["serviceAccessPoints"][0]] == [
        (FILE, "image/jpeg")
    ]


def test_a_document_without_a_page_gets_none_from_its_file(tmp_path):
    _, back = through_xml(nba(recordURI=None), tmp_path)
    assert back["recordURI"] == [None]


def test_an_identifier_stands_once():
    made = mapped("nba", "oai_dc", nba(unitID="RMNH.AVES.1", sourceSystemId="RMNH.AVES.1"))
    assert made["dc_identifier"][0].count("RMNH.AVES.1") == 1


@pytest.mark.corpus
def test_page_and_file_of_every_document_survive_dublin_core(corpus, tmp_path):
    count = 0
    for path in sorted((corpus / "nba" / "testsets").glob("*multimedia*")):
        table = nat.read(path)
        public = table[[flag is not False for flag in table["multiMediaPublic"]]]
        _, back = through_xml(public, tmp_path)
        assert back["recordURI"] == public["recordURI"]
        for own, other in zip(back["serviceAccessPoints"], public["serviceAccessPoints"], strict=True):
            assert [point["accessUri"] for point in own] == [point["accessUri"] for point in other]
        count += len(public)
    assert count > 600


def test_the_sample_of_naturalis_has_page_file_and_access_point():
    table = nat.read(nat.samples.path("naturalis_oai_dc.xml"))
    media = mapped("oai_dc", "media", table)
    assert all("/specimen/" in page for page in media["landing_page"])
    assert all("medialib.naturalis.example/file/id/" in address for address in media["media_url"])
    for points in mapped("oai_dc", "nba", table)["serviceAccessPoints"]:
        assert [point["format"] for point in points] == ["image/jpeg"]


def test_the_files_of_dublin_core_are_fetched(tmp_path):
    sample = Path(nat.samples.path("naturalis_oai_dc.xml")).read_text(encoding="utf-8")
    with nat.testing.media(5) as server:
        addresses = iter(server.url + name for name in server.files)
        parts = sample.split("https://medialib.naturalis.example/file/id/")
        text = parts[0] + "".join(f"{next(addresses)}{part[part.index('</dc:id') :]}" for part in parts[1:])
        media = mapped("oai_dc", "media", nat.read(text.encode()))
        job = nat.fetch(media, tmp_path, rate=None, allow="conditional", contact="me@museum.example")
        assert len(job.manifest) == 5
        assert {row.sha256 for row in job.manifest} == {file.sha256 for file in server.files.values()}


def test_the_page_of_an_item_of_open_images_is_that_of_its_identifier():
    head = (
        "<header><identifier>oai:openimages.eu:90101</identifier><datestamp>2026-03-02</datestamp></header>"
    )
    table = nat.read(page(record(dc("<dc:identifier>29544</dc:identifier>"), head=head)))
    medium = mapped("oai_dc", "media", table, dialect="openimages").to_dicts()[0]
    assert medium["landing_page"] == medium["attribution_url"] == "https://www.openbeelden.nl/media/90101"


def test_documents_keep_their_other_identifiers():
    media = mapped("nba", "media", documents({**NBA, "previousSourceID": ["a", "b"]}))
    values = {own["scheme"]: own["value"] for own in media["identifiers"][0]}
    assert values["nba:unitID"] == "RMNH.AVES.1"
    back = mapped("media", "nba", media)
    assert back["previousSourceID"] == [["a", "b"]]
    assert mapped("oai_oi", "nba", open_images("<oi:identifier>WEEK340</oi:identifier>"))["unitID"] == [None]


def test_the_file_of_digital_commons_is_one_in_its_dialect_alone():
    page = "http://newprairiepress.org/aerc/2006/papers/14"
    file = "http://newprairiepress.org/cgi/viewcontent.cgi?article=2466&amp;context=aerc"
    elements = [f"<dc:identifier>{text}</dc:identifier>" for text in (page, file)]
    table = dublin(*elements, "<dc:format>application/pdf</dc:format>")
    assert mapped("oai_dc", "media", table, dialect="plain")["media_url"] == [None]
    media = mapped("oai_dc", "media", table, dialect="bepress")
    assert (media["landing_page"], media["media_url"]) == ([page], [file.replace("&amp;", "&")])
    assert media["format"] == ["application/pdf"]
