"""Documents of the NBA: read into columns and written again, nothing is lost."""

import json

import naturalia as nat
import pytest
from naturalia.errors import NbaError, NotOaiPmh, ParseError, Truncated
from support.documents import exact, lines

# What is odd warns once a source; here it is read on purpose.
pytestmark = pytest.mark.filterwarnings("ignore::naturalia.errors.NaturaliaWarning")

DOCUMENT = {
    "sourceSystem": {"code": "CRS", "name": "Naturalis - Zoology and Geology catalogues"},
    "id": "RMNH.AVES.1_1@CRS",
    "unitID": "RMNH.AVES.1",
    "license": "CC0 1.0",
    "serviceAccessPoints": [
        {"accessUri": "https://medialib.example/1", "format": "image/jpeg", "variant": "ac:GoodQuality"}
    ],
    "taxonCount": 0,
    "multiMediaPublic": True,
    "gatheringEvents": [{}],
    "identifications": [
        {"scientificName": {"fullScientificName": "Larus fuscus L."}, "typeStatus": "holotype"},
        {"scientificName": {"fullScientificName": "Larus sp."}},
    ],
}

ODD = """{"id":"a","unitID":null,"title":"","rating":1.50,"taxonCount":123456789012345678901234567890,
"x.y":{"a":[ 1.0 , 2 ]},"sourceSystem":{},"serviceAccessPoints":[
{"accessURI":"u","accessUri":"v","format":null}
,null,{},{"zz":[]}],"theme":["a",null,"",1.0],"sexes":[],"sexes":["m"],"gatheringEvents":[{"siteCoordinates":
[{"latitudeDecimal":5,"longitudeDecimal":-0.0,"geoShape":null}],"country":{"a":1}}],
"identifications":{"a":1},"multiMediaPublic":"true","owner":"\\ud800x","caption":"\\u00e9","":7,"a\\"]":8}"""


def read(*documents: object) -> nat.Table:
    return nat.read("\n".join(map(json.dumps, documents)).encode())


def test_a_document_is_a_row_of_lists_and_groups():
    table = read(DOCUMENT)
    assert (table.format, len(table)) == ("nba", 1)
    assert table["unitID"] == ["RMNH.AVES.1"]
    assert table["sourceSystem"][0]["code"] == "CRS"
    assert table["serviceAccessPoints"][0][0]["format"] == "image/jpeg"
    names = [one["scientificName"]["fullScientificName"] for one in table["identifications"][0]]
    assert names == ["Larus fuscus L.", "Larus sp."]
    assert table["notes"] == [[]]


@pytest.mark.parametrize("layout", ["lines", "array", "single"])
def test_what_was_read_is_written_again(layout):
    written = read(DOCUMENT)._core.json(layout)
    expected = [DOCUMENT] if layout == "array" else DOCUMENT
    assert json.loads(written) == expected


def test_null_absent_and_empty_stay_three_things_and_every_number_keeps_its_text():
    table = nat.read(ODD.encode())
    assert exact(lines(table)[0]) == exact(ODD)
    assert table.report.repairs[0].kind == "unexpected type"


def test_a_foreign_spelling_is_read_and_kept():
    point = {"accessURI": "https://medialib.example/1"}
    table = read({**DOCUMENT, "serviceAccessPoints": [point]})
    assert table["serviceAccessPoints"][0][0]["accessUri"] == "https://medialib.example/1"
    assert json.loads(lines(table)[0])["serviceAccessPoints"] == [point]


def test_access_points_keyed_by_variant_are_read_as_a_list_and_written_as_they_were():
    old = {"MEDIUM_QUALITY": {"accessUri": "https://medialib.example/1"}}
    table = read({**DOCUMENT, "serviceAccessPoints": old})
    assert table["serviceAccessPoints"][0][0]["variant"] == "MEDIUM_QUALITY"
    assert json.loads(lines(table)[0])["serviceAccessPoints"] == old


def test_an_edit_wins_over_what_was_noted():
    import polars as pl

    frame = pl.DataFrame(read({**DOCUMENT, "title": None}))
    edited = nat.Table(frame.with_columns(title=pl.lit("A gull")), format="nba")
    assert json.loads(lines(edited)[0])["title"] == "A gull"


@pytest.mark.parametrize("library", ["pyarrow", "pandas", "polars", "duckdb"])
def test_documents_survive_a_journey_through_other_libraries(library):
    import duckdb
    import polars as pl
    import pyarrow as pa

    table = nat.read(ODD.encode() + b"\n" + json.dumps(DOCUMENT).encode())
    journeys = {
        "pyarrow": pa.table,
        "polars": pl.DataFrame,
        "pandas": lambda documents: pa.table(documents).to_pandas(),
        "duckdb": lambda documents: duckdb.from_arrow(pa.table(documents)),
    }
    back = nat.Table(journeys[library](table), format="nba")
    assert lines(back) == lines(table)


def test_a_reply_of_the_query_service_keeps_scores_and_total():
    hit = {"score": 1.25, "item": DOCUMENT}
    table = nat.read(json.dumps({"totalSize": 12345, "resultSet": [hit]}).encode())
    assert table.pages[0].total == 12345
    assert json.loads(table._core.json("reply")) == {"totalSize": 12345, "resultSet": [hit]}
    assert json.loads(lines(table)[0]) == DOCUMENT


def test_a_reply_without_hits_is_an_empty_table():
    assert len(nat.read(b'{"totalSize":0,"resultSet":[]}')) == 0


def test_a_refusal_of_the_service_is_an_error_with_its_words():
    reply = {
        "requestUri": "/v2/multimedia/query",
        "httpStatus": {"code": 400, "message": "Bad Request"},
        "exception": {"message": "_size must be an integer", "type": "nl.naturalis.HTTP400Exception"},
    }
    with pytest.raises(NbaError, match="_size must be an integer"):
        nat.read(json.dumps(reply).encode())


@pytest.mark.parametrize("cut", range(1, 60, 7))
def test_a_cut_file_is_an_error_and_never_fewer_records(cut):
    whole = json.dumps([DOCUMENT, DOCUMENT]).encode()
    with pytest.raises(Truncated):
        nat.read(whole[:-cut])


def test_a_cut_file_can_be_salvaged():
    whole = (json.dumps(DOCUMENT) + "\n" + json.dumps(DOCUMENT)).encode()
    table = nat.read(whole[:-9], salvage=True)
    assert len(table) == 1
    assert "stops before its end" in table.report.problems[0].message


def test_an_error_tells_line_and_column():
    with pytest.raises(ParseError) as caught:
        nat.read(json.dumps(DOCUMENT).encode() + b'\n{"id": tru}')
    assert (caught.value.line, caught.value.column) == (2, 11)


def test_other_json_is_named_by_its_keys():
    with pytest.raises(NotOaiPmh, match="its keys are widget, price"):
        nat.read(b'{"widget": 1, "price": 2}')


def test_what_does_not_fit_is_refused_when_reading_strictly():
    with pytest.raises(ParseError, match="unitID has another type"):
        nat.read(b'{"id":"a","unitID":[1]}', strict=True)


@pytest.mark.parametrize("piece", [1, 7, 100])
def test_pieces_of_any_size_give_the_same_records(piece):
    from naturalia import _core

    source = ("<bytes>", json.dumps([DOCUMENT, DOCUMENT], indent=1).encode())
    options = {"strict": False, "format": None, "keep_going": False, "salvage": False, "threads": 1}
    parts = list(_core.scan([source], piece=piece, **options))
    assert sum(map(len, parts)) == 2
    assert b"".join(part.json("lines") for part in parts).splitlines() == lines(read(DOCUMENT, DOCUMENT))


@pytest.mark.corpus
@pytest.mark.parametrize(("kind", "count"), [("multimedia", 602), ("specimen", 512), ("taxon", 320)])
def test_real_documents_are_written_as_they_were_read(kind, count, corpus):
    files = sorted((corpus / "nba" / "testsets").glob(f"*{kind}*json"))
    source = [line for file in files for line in file.read_bytes().splitlines() if line.strip()]
    table = nat.read(files)
    assert len(table) == len(source) == count
    assert list(map(exact, lines(table))) == list(map(exact, source))


def test_dicts_of_documents_are_the_documents():
    document = {"_id": "1", "genus": "Helix", "Trap no.": "4", "associatedMedia": [{"assetID": "c2"}]}
    assert nat.read(json.dumps(document).encode(), format="nhm").to_dicts() == [document]
