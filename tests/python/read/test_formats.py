"""NHM records, Audiovisual Core, Simple Multimedia, Atom feeds, media; and flat views of documents."""

import csv
import io
import json
import re
from pathlib import Path

import naturalia as nat
import pytest
from naturalia.errors import NhmError, NotOaiPmh, ParseError, Truncated
from support.documents import exact, lines

pytestmark = pytest.mark.filterwarnings("ignore::naturalia.errors.NaturaliaWarning")

MEDIUM = {
    "_id": "214091",
    "assetID": "c2bde4e9",
    "identifier": "https://data.nhm.ac.uk/media/c2bde4e9",
    "PixelXDimension": "6638",
}
SPECIMEN = {
    "_id": "2531732",
    "occurrenceID": "4ffbec35",
    "institutionCode": "NHMUK",
    "class": "Actinopterygii",
    "scientificName": "Synodontis schall (Bloch & Schneider, 1801)",
    "habitat": "river",
    "recordedBy": ["Morris"],
    "decimalLatitude": "10.0833333",
    "associatedMedia": [MEDIUM],
    "associatedMediaCount": 1,
}

FEED = """<?xml version="1.0"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/">
<title>Birds</title><id>urn:feed</id><link rel="self" href="https://open.example/feeds/atom/"/>
<entry><title xml:lang="nl">Vogels &amp; meer</title><id>https://open.example/mmbase/nr/video/47540</id>
<updated>2010-04-01T12:00:00Z</updated><published>1912-01-01T00:00:00Z</published>
<author><name>Polygoon</name><uri>https://open.example/users/1</uri></author>
<summary type="html">&lt;p&gt;Een film&lt;/p&gt;</summary>
<media:thumbnail url="https://open.example/1.png"/>
<link rel="enclosure" type="video/ogg" href="https://open.example/1.ogv" length="12"/>
<format xmlns="http://xmlns.transmission.cc/"><size>12</size><duration>33000</duration></format>
<link rel="enclosure" type="video/mp4" href="https://open.example/1.mp4" length="13"/>
<link rel="license" type="text/html" href="https://creativecommons.org/licenses/by-sa/3.0/nl/"/>
<foo:rank xmlns:foo="urn:foo">5</foo:rank></entry></feed>"""


def read(document: object) -> nat.Table:
    return nat.read(json.dumps(document).encode())


def test_a_record_of_the_museum_has_its_media_as_a_list():
    table = read(SPECIMEN)
    assert table.format == "nhm"
    assert table["associatedMedia"][0][0]["PixelXDimension"] == "6638"
    assert (table["class"], table["decimalLatitude"]) == (["Actinopterygii"], ["10.0833333"])


@pytest.mark.parametrize("habitat", ["river", ["river"], ["river", "lake"], [], None, ""])
@pytest.mark.parametrize("recorded", ["Morris", ["Morris"], []])
def test_one_value_and_a_list_of_one_are_told_apart(habitat, recorded):
    record = {**SPECIMEN, "habitat": habitat, "recordedBy": recorded}
    table = read(record)
    assert json.loads(lines(table)[0]) == record
    shown = [habitat] if isinstance(habitat, str) else habitat or []
    assert table["habitat"] == [shown]


def test_replies_of_the_portal_are_read_in_both_shapes():
    old = {"success": True, "result": {"records": [SPECIMEN, SPECIMEN], "total": 17, "after": None}}
    table = read(old)
    assert (len(table), table.pages[0].total) == (2, 17)
    new = {"success": True, "result": {"total": 1, "records": [{"data": SPECIMEN, "resource": "05ff"}]}}
    table = read(new)
    assert json.loads(lines(table)[0]) == SPECIMEN
    assert table["extra"] == [[{"element": "reply.resource", "value": '"05ff"'}]]


def test_a_refusal_of_the_portal_is_an_error_with_its_words():
    error = {"__type": "Not Found Error", "message": "Resource was not found."}
    with pytest.raises(NhmError, match="Resource was not found"):
        read({"help": "x", "success": False, "error": error})


def test_rows_under_a_header_of_terms_are_records():
    table = nat.read(
        b'dcterms:identifier,ac:accessURI,note\r\na1,"https://x.example/1,2.jpg",\r\na2,,odd\r\n'
    )
    assert table.format == "ac"
    assert table["ac:accessURI"] == ["https://x.example/1,2.jpg", None]
    assert table["extra"] == [[], [{"element": "note", "value": '"odd"'}]]


def test_a_term_is_known_by_its_name_its_prefix_and_its_address():
    header = "title\tdcterms:license\thttp://purl.org/dc/terms/identifier"
    table = nat.read(f'{header}\nA "gull"\tCC0\thttps://x.example/1.jpg\n'.encode())
    assert table.format == "simple_multimedia"
    assert (table["title"], table["license"]) == (['A "gull"'], ["CC0"])
    assert set(json.loads(lines(table)[0])) == set(header.split("\t"))


def test_a_row_with_too_many_cells_is_an_error_with_its_line():
    with pytest.raises(ParseError, match="3 cells under a header of 2") as caught:
        nat.read(b"title,identifier\na,b\na,b,c\n")
    assert caught.value.line == 3


def test_any_other_table_is_not_guessed_at():
    with pytest.raises(NotOaiPmh):
        nat.read(b"gbifID\tdatasetKey\ttitle\n1\t2\t3\n")


def test_entries_of_a_feed_are_records_with_their_files():
    table = nat.read(FEED.encode())
    assert (table.format, table["title"], table["title_lang"]) == ("atom", ["Vogels & meer"], ["nl"])
    assert table["published"] == ["1912-01-01T00:00:00Z"]
    first, second = table["enclosures"][0]
    assert (first["href"], first["duration"]) == ("https://open.example/1.ogv", "33000")
    assert (second["type"], second["duration"]) == ("video/mp4", None)
    rels = {link["rel"]: link["href"] for link in table["links"][0]}
    assert rels["license"] == "https://creativecommons.org/licenses/by-sa/3.0/nl/"
    assert table["feed"][0]["title"] == "Birds"
    kept = {entry["element"]: json.loads(entry["value"]) for entry in table["extra"][0]}
    assert ">5</foo:rank>" in kept["foo:rank"]
    assert kept["feed.links"] == [{"rel": "self", "href": "https://open.example/feeds/atom/"}]


def test_a_cut_feed_is_an_error():
    with pytest.raises(Truncated):
        nat.read(FEED[:-20].encode())


def test_a_view_makes_nested_columns_flat():
    access = [{"accessUri": "u1", "format": "image/jpeg"}, {"accessUri": "u2"}]
    table = read({"id": "a", "unitID": "b", "sourceSystem": {"code": "CRS"}, "serviceAccessPoints": access})
    first = table.view(multi="first")
    assert (first["sourceSystem.code"], first["serviceAccessPoints.accessUri"]) == (["CRS"], ["u1"])
    assert first.report.left_out == 1
    joined = table.view(multi="join", columns=["serviceAccessPoints"])
    assert joined["serviceAccessPoints.accessUri"] == ["u1 | u2"]
    assert joined["serviceAccessPoints.format"] == ["image/jpeg | "]
    rows = table.view(multi="explode", columns=["id", "serviceAccessPoints.accessUri"])
    assert rows["serviceAccessPoints.accessUri"] == ["u1", "u2"]


def test_a_view_in_a_language_chooses_among_the_texts_of_media():
    titles = [{"value": "Hond", "lang": "nl"}, {"value": "Dog", "lang": "en"}]
    table = read({"media_id": "m", "titles": titles})
    assert table.format == "media"
    assert table.view(lang="en", multi="first")["titles"] == ["Dog"]
    assert table.view(lang="wide", multi="first")["titles_nl"] == ["Hond"]


def test_identifications_are_one_row_each():
    names = [{"scientificName": {"fullScientificName": name}} for name in ("Larus", "Parus")]
    table = nat.concat(
        [read({"id": "a", "unitID": "u", "identifications": names}), read({"id": "b", "unitID": "v"})]
    )
    found = table.identifications()
    assert (found["id"], found["place"]) == (["a", "a"], [0, 1])
    assert found["scientificName.fullScientificName"] == ["Larus", "Parus"]
    assert read(SPECIMEN).identifications()["scientificName"] == [SPECIMEN["scientificName"]]
    media = read({"media_id": "m", "taxa": [{"classification": {"genus": "Larus"}}]})
    assert media.identifications()["classification.genus"] == ["Larus"]
    with pytest.raises(ValueError, match="hold no identifications"):
        nat.read(nat.samples.path("naturalis_oai_dc.xml")).identifications()


def test_the_long_form_has_a_row_for_every_value():
    table = read(
        {"id": "a", "unitID": "u", "rating": None, "theme": ["x", "y"], "sourceSystem": {"code": "C"}}
    )
    rows = [(row.identifier, row.element, row.value) for row in table.long()]
    assert rows == [
        ("a", "sourceSystem.code", "C"),
        ("a", "id", "a"),
        ("a", "unitID", "u"),
        ("a", "theme[0]", "x"),
        ("a", "theme[1]", "y"),
        ("a", "rating", "null"),
    ]
    assert table.to_dicts()[0]["theme"] == ["x", "y"]


ROWS = (
    "title\tdcterms:license\thttp://purl.org/dc/terms/identifier\todd\n"
    'A "gull"\tCC0\thttps://x.example/1.jpg\t\nÆrø, 5\t\tz\t 1 \n'
)


@pytest.mark.parametrize("name", ["out.csv", "out.tsv", "out.csv.gz"])
def test_rows_of_terms_are_written_under_the_terms_they_were_read_under(name, tmp_path):
    table = nat.read(ROWS.encode())
    table.write(tmp_path / name, layout="exact")
    again = nat.read(tmp_path / name)
    assert again.format == "simple_multimedia"
    assert lines(again) == lines(table)
    if name == "out.tsv":
        header, first, _ = (tmp_path / name).read_text(encoding="utf-8").splitlines()
        assert set(header.split("\t")) == set(ROWS.splitlines()[0].split("\t"))
        assert 'A "gull"' in first.split("\t")


def test_a_cell_that_tabs_can_not_hold_is_refused_between_tabs_and_whole_between_commas(tmp_path):
    table = nat.read(b'title,dcterms:license,identifier\n"a\tb\nc",CC0,x\n')
    with pytest.raises(ValueError, match=r"no tab and no line end.*write .csv"):
        table.write(tmp_path / "out.tsv", layout="exact")
    table.write(tmp_path / "out.csv", layout="exact")
    assert lines(nat.read(tmp_path / "out.csv")) == lines(table)


@pytest.mark.corpus
def test_real_rows_of_audiovisual_core_are_the_same_through_a_file_of_rows(corpus, tmp_path):
    table = nat.read(corpus / "crosswalk" / "tests" / "ac_image_examples.csv")
    table.write(tmp_path / "out.csv", layout="exact")
    assert lines(nat.read(tmp_path / "out.csv")) == lines(table)


@pytest.mark.corpus
def test_real_rows_of_audiovisual_core_are_written_as_they_were_read(corpus):
    text = (corpus / "crosswalk" / "tests" / "ac_image_examples.csv").read_text(encoding="utf-8")
    rows = [{key: cell for key, cell in row.items() if cell} for row in csv.DictReader(io.StringIO(text))]
    assert list(map(json.loads, lines(nat.read(text.encode())))) == rows


@pytest.mark.corpus
@pytest.mark.parametrize("name", ["specimen_2531732", "indexlot", "artefact", "preparation_dna"])
def test_real_records_of_the_museum_are_written_as_they_were_read(name, corpus):
    source = (corpus / "nhm" / f"{name}.json").read_bytes()
    assert exact(lines(nat.read(source))[0]) == exact(source)


@pytest.mark.parametrize("name", ["media.ndjson", "media.json", "media.jsonl.gz"])
def test_documents_are_written_as_they_were_and_read_again(name, tmp_path):
    table = nat.concat([read(SPECIMEN), read({**SPECIMEN, "_id": None, "year": 1.5})])
    path = tmp_path / name
    assert table.write(path).rows == 2
    assert lines(nat.read(path)) == lines(table)


def test_a_file_of_terms_is_read_as_rows_of_its_format(tmp_path):
    path = tmp_path / "media.csv"
    path.write_text("dcterms:identifier,ac:accessURI\na1,https://x.example/1.jpg\n")
    assert nat.read(path).format == "ac"
    path.write_text("title,colour\na,red\n")
    assert nat.read(path).format == "frame"
    assert nat.read(path, format="simple_multimedia")["title"] == ["a"]


def test_the_page_on_media_has_every_column():
    root = Path(__file__).parents[3]
    page = (root / "docs" / "media.md").read_text(encoding="utf-8")
    for line in (root / "src" / "format" / "media.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        path = line.split("\t")[0]
        if path.startswith(("license_", "record_license_")) and path != "license_kind":
            path = "license_uri"
        group, _, name = path.rpartition(".")
        whole = f"| `{path}`" in page
        row = next((row for row in page.splitlines() if row.startswith(f"| `{group}.`")), "")
        inside = re.search(rf"\b{re.escape(name)}(?![\w])", row.split("|")[1] if row else "")
        assert whole or inside, f"{path} is not in docs/media.md"
