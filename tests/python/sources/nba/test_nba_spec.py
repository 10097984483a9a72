"""What is asked of the NBA, word for word, and what is refused before it is asked. Nothing here is sent."""

import csv
import datetime
import json
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import naturalia as nat
import numpy as np
import pandas as pd
import polars as pl
import pytest
from conftest import corpus_root
from naturalia import _core
from naturalia._sources.nba import fields
from naturalia._sources.nba.operators import OPERATORS
from naturalia._sources.nba.values import literals

ROOT = Path(__file__).parents[4]
GOLDEN = sorted((ROOT / "tests" / "fixtures" / "nba").glob("golden_*.json"))


def nba():
    """A client that nobody answers."""
    return nat.Nba("http://127.0.0.1:9/v2")


def listed(document):
    """The method of a document type."""
    return {"multimedia": nba().multimedia, "specimen": nba().specimens, "taxon": nba().taxa}[document]


def golden(path):
    return json.loads(path.read_text(encoding="utf-8"))


def asked(case):
    """The query of a golden case."""
    if "keywords" in case:
        return listed(case["document"])(**case["keywords"])
    return listed(case["document"])(where=eval(case["ask"], {"nat": nat}))


# What is sent


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem.removeprefix("golden_"))
def test_the_request_is_the_one_the_documentation_gives(path):
    case = golden(path)
    assert asked(case).spec == case["request"]


def test_every_operator_of_every_kind_of_field_has_its_golden_request():
    wanted, there = set(), set()
    for document in fields.DOCUMENTS:
        for field in fields.fields(document).values():
            kind = field.type.split()[0] + ("+" if field.indexed == "full" else "")
            wanted |= {(kind, operator) for operator in field.operators}
    for path in GOLDEN:
        case = golden(path)
        for condition in case["request"]["conditions"]:
            if "field" in condition:
                field = fields.find_field(case["document"], condition["field"])
                kind = field.type.split()[0] + ("+" if field.indexed == "full" else "")
                there.add((kind, condition["operator"]))
    assert not wanted - there
    assert {operator for _, operator in there} == set(OPERATORS)
    assert len(OPERATORS) == 20


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem.removeprefix("golden_"))
def test_a_golden_request_is_accepted_as_a_queryspec_and_stays_as_it_is(path):
    case = golden(path)
    assert nba().query(case["document"], case["request"]).spec == case["request"]


@pytest.mark.corpus
def test_the_regression_queries_are_accepted_and_stay_as_they_are():
    table = corpus_root() / "nba" / "regression" / "specimen-query__query-and-expect.tsv"
    with table.open(encoding="utf-8") as file:
        paths = [row["query_path"].strip() for row in csv.DictReader(file, delimiter="\t")]
    assert len(paths) == 43
    for path in paths:
        query = nat.Nba.from_url(f"http://127.0.0.1:9/v2/{path}")
        said = dict(parse_qsl(urlsplit(path).query))
        if "_querySpec" in said:
            own = json.loads(said["_querySpec"])
            assert query.spec["conditions"] == own["conditions"]
            assert query.spec["sortFields"] == [{"path": "unitID", "sortOrder": "ASC"}]
        else:
            assert query.spec["conditions"][0]["field"] == "collectionType"
        again = nat.Nba.from_url(query.url)
        assert (again.spec, again.url) == (query.spec, query.url)


@pytest.mark.parametrize(
    "genera",
    [
        ["Larus", "Parus"],
        ("Larus", "Parus", "Larus"),
        pd.Series(["Larus", "Parus "]),
        pl.Series(["Larus", "Parus"]),
        pd.Series(["Larus", "Parus"]).to_numpy(),
    ],
    ids=["list", "tuple", "pandas", "polars", "numpy"],
)
def test_every_keyword_takes_a_list(genera):
    asked = nba().multimedia(genus=genera).spec["conditions"][0]
    assert asked["value"] == ["Larus", "Parus"]


def test_genus_asks_every_path_where_sources_keep_it_and_a_path_only_itself():
    spec = nba().multimedia(genus="Larus").spec["conditions"]
    paths = {condition["field"] for condition in [*spec, *spec[0]["or"]]}
    assert paths == {
        "identifications.scientificName.genusOrMonomial",
        "identifications.defaultClassification.genus",
        "identifications.scientificName.fullScientificName",  # where nothing else is kept
    }
    path = "identifications.defaultClassification.genus"
    assert nba().multimedia(**{path: "Larus"}).spec == {
        "conditions": [{"field": path, "operator": "EQUALS", "value": "Larus"}]
    }
    assert nba().multimedia(where=nat.field(path) == "Larus").spec == nba().multimedia(**{path: "Larus"}).spec


def test_lists_longer_than_a_question_takes_are_asked_in_pieces_and_counted_at_once():
    units = [f"RMNH.{number}" for number in range(2500)]
    query = nba().specimens(unit_id=units, license="CC0")
    pieces = [spec["conditions"][0]["value"] for spec in query._question.question["specs"]]
    assert [len(piece) for piece in pieces] == [1024, 1024, 452]
    assert [unit for piece in pieces for unit in piece] == units
    whole = query.spec["conditions"][0]
    assert [len(each["value"]) for each in (whole, *whole["or"])] == [1024, 1024, 452]
    assert "in 3 queries" in query.explain()


def test_a_condition_with_a_long_list_stays_one_question():
    themes = [f"theme {number}" for number in range(2100)]
    spec = nba().multimedia(where=nat.field("theme").notin(themes)).spec["conditions"][0]
    assert spec["operator"] == "NOT_IN"
    assert [len(each["value"]) for each in (spec, *spec["and"])] == [1024, 1024, 52]


def test_names_in_any_form_ask_for_the_name_its_group_and_its_parts():
    text = json.dumps(
        nba().multimedia(scientific_name=["larus canus", "Rosa canina var. dumetorum Baker"]).spec
    )
    for part in ("Larus canus", "larus canus", "rosa canina dumetorum", "Rosa canina dumetorum", "dumetorum"):
        assert f'"{part}"' in text
    assert '"oenanthe ?"' in json.dumps(nba().multimedia(scientific_name="Oenanthe").spec)
    spec = json.dumps(nba().taxa(scientific_name="Larus canus").spec)
    assert '"acceptedName.fullScientificName"' in spec
    assert '"synonyms.fullScientificName"' in spec


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("CC0", ["CC0", "CC0 1.0"]),
        ("https://creativecommons.org/publicdomain/zero/1.0/deed.nl", ["CC0", "CC0 1.0"]),
        ("cc by-sa 4.0", ["CC BY-SA 4.0"]),
        ("CC BY", ["CC BY"]),
        (nat.license("CC BY-NC 3.0"), ["CC BY-NC 3.0"]),
        ("All rights reserved", ["All rights reserved"]),
    ],
)
def test_a_licence_is_asked_in_the_words_of_the_nba(said, words):
    asked = nba().multimedia(license=said).spec["conditions"][0]
    assert asked["value"] == (words if len(words) > 1 else words[0])


@pytest.mark.parametrize("characters", ["CC0 4.0", "Public Domain", "CC BY-SA 3.0 NL", "ask us"])
def test_a_condition_on_the_licence_asks_for_its_very_characters(characters):
    asked = nba().multimedia(where=nat.field("license") == characters).spec["conditions"]
    assert asked == [{"field": "license", "operator": "EQUALS", "value": characters}]


def test_open_is_what_is_open_beyond_doubt():
    words = literals("open")
    assert set(words) <= set(_core.NBA_LICENSES)
    assert {nat.license(word).check("open").verdict for word in words} == {"yes"}
    assert "CC BY" not in words
    assert not any("NC" in word or "ND" in word for word in words)


@pytest.mark.parametrize("statement", ["CC BY-SA 3.0 NL", "CC0 4.0", "PDM", "public domain", "x"])
def test_a_licence_the_nba_has_no_words_for_is_refused_and_no_neighbour_taken(statement):
    with pytest.raises(ValueError, match="no words for"):
        nba().multimedia(license=statement)


def test_no_licence_is_asked_for_by_more_than_its_own_words():
    for word in _core.NBA_LICENSES:
        asked = nat.license(word)
        for other in literals(word):
            assert nat.license(other).id == asked.id


def test_public_is_what_does_not_say_otherwise():
    asked = {"field": "multiMediaPublic", "value": False}
    assert nba().multimedia(public=True).spec["conditions"] == [asked | {"operator": "NOT_EQUALS"}]
    assert nba().multimedia(public=False).spec["conditions"] == [asked | {"operator": "EQUALS"}]


def test_dates_of_python_are_taken():
    begun = nat.field("gatheringEvent.dateTimeBegin")
    day, noon = datetime.date(1977, 7, 2), datetime.datetime(1977, 7, 2, 12, tzinfo=datetime.UTC)
    assert nba().specimens(where=begun == day).spec["conditions"][0]["value"] == [
        "1977-07-02",
        "1977-07-02T23:59:59+0000",
    ]
    assert nba().specimens(where=begun < noon).spec["conditions"][0]["value"] == "1977-07-02T12:00:00+0000"
    spec = nba().specimens(collected_since="1900", collected_until=day).spec["conditions"]
    assert [each["value"] for each in spec] == ["1900-01-01T00:00:00+0000", "1977-07-02T23:59:59+0000"]


def test_one_of_several_years_is_each_of_them_whole():
    begun = nat.field("gatheringEvent.dateTimeBegin")
    spec = nba().specimens(where=begun.isin(["1977", "1980-05"])).spec["conditions"][0]
    assert (spec["operator"], spec["value"]) == ("BETWEEN", ["1977", "1977-12-31T23:59:59+0000"])
    assert spec["or"][0]["value"] == ["1980-05", "1980-05-31T23:59:59+0000"]
    turned = nba().specimens(where=begun.notin(["1977", "1980-05"])).spec["conditions"][0]
    assert turned == {"not": "NOT", **spec}


def test_values_of_numpy_and_gaps_of_pandas_are_understood():
    assert nba().multimedia(rating=np.int64(3)).spec["conditions"][0]["value"] == 3
    assert nba().multimedia(rating=np.array([1, 2])).spec["conditions"][0]["value"] == [1, 2]
    for gap in (None, float("nan"), pd.NA, pd.NaT):
        with pytest.raises(ValueError, match="missing"):
            nba().multimedia(genus=["Larus", gap])
        with pytest.raises(ValueError, match="missing"):
            nat.field("theme").isin(["x", gap])
    with pytest.raises(ValueError, match="Read it as text"):
        nba().specimens(unit_id=pd.Series([38187.0, 38188.0]))


def test_fields_of_the_answer_keep_what_tells_documents_apart():
    assert nba().multimedia(fields="license,serviceAccessPoints").spec == {
        "fields": ["id", "license", "serviceAccessPoints"]
    }


# What is refused


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda: nba().multimedia(where=nat.field("licence") == "CC0"), "did you mean 'license'"),
        (lambda: nba().multimedia(where=nat.field("genus") == "Larus"), "defaultClassification.genus"),
        (lambda: nba().multimedia(where=nat.field("identifications") == "Larus"), "group"),
        (lambda: nba().multimedia(where=nat.field("license").matches("CC0")), "does not take MATCHES"),
        (lambda: nba().multimedia(where=nat.field("theme").equals("x", ignore_case=True)), "'EQUALS'"),
        (lambda: nba().multimedia(where=nat.field("unitID") < "x"), "does not take LT"),
        (
            lambda: nba().multimedia(where=nat.field("serviceAccessPoints.accessUri").exists()),
            "does not search it",
        ),
        (lambda: nba().multimedia(where=nat.field("id") == "a@CRS"), "records"),
        (lambda: nba().multimedia(where=nat.field("title").contains("ab")), "3 to 15 characters"),
        (lambda: nba().multimedia(where=nat.field("title").contains("x" * 16)), "3 to 15 characters"),
        (lambda: nba().multimedia(where=nat.field("rating") == "good"), "number"),
        (lambda: nba().multimedia(where=nat.field("multiMediaPublic") == "yes"), "True or False"),
        (lambda: nba().multimedia(where=nat.field("modified") > "2014-13"), "calendar"),
        (lambda: nba().multimedia(where=nat.field("modified") > "yesterday"), "no date"),
        (lambda: nba().multimedia(where=nat.field("theme").isin([])), "empty"),
        (
            lambda: nba().multimedia(
                where=nat.field("license") == "http://creativecommons.org/licenses/by/4.0/"
            ),
            "'CC BY 4.0'",
        ),
        (lambda: nba().multimedia(genus=[]), "empty"),
        (lambda: nba().multimedia(genus=["Larus", None, float("nan")]), "2 missing values .at 1, 2"),
        (lambda: nba().multimedia(genus=None), "None"),
        (lambda: nba().multimedia(genus=" "), "empty"),
        (lambda: nba().multimedia(species="fuscus"), "genus and an epithet"),
        (lambda: nba().multimedia(since="2020", until="2019"), "is after"),
        (lambda: nba().multimedia(public="yes"), "True or False"),
        (lambda: nba().query("multimedium"), "did you mean 'multimedia'"),
        (lambda: nba().query("multimedia", {"condition": []}), "did you mean 'conditions'"),
        (lambda: nba().query("multimedia", {"groupSort": "COUNT_DESC"}), "groupByScientificName"),
        (lambda: nba().query("multimedia", {"size": -1}), "size"),
        (lambda: nba().query("multimedia", {"size": 0}), "count"),
        (lambda: nba().query("multimedia", {"logicalOperator": "XOR"}), "AND or OR"),
        (lambda: nba().query("multimedia", {"sortFields": [{"path": "unitId"}]}), "did you mean 'unitID'"),
        (lambda: nba().query("multimedia", {"fields": ["accessUri"]}), "serviceAccessPoints.accessUri"),
        (
            lambda: nba().query("multimedia", {"conditions": [{"field": "license", "operator": "EQUAL"}]}),
            r"did you mean 'EQUALS'.*conditions\[0\]",
        ),
        (
            lambda: nba().query("multimedia", {"conditions": [{"field": "license", "value": "CC0"}]}),
            "no operator",
        ),
        (
            lambda: nba().query(
                "multimedia",
                {"conditions": [{"field": "theme", "operator": "IN", "value": ["x"] * 1025}]},
            ),
            "1,024 values at most",
        ),
        (
            lambda: nba().query(
                "multimedia",
                {
                    "conditions": [
                        {
                            "field": "theme",
                            "operator": "=",
                            "value": "x",
                            "and": [{"field": "themes", "operator": "=", "value": "y"}],
                        }
                    ]
                },
            ),
            r"did you mean 'theme'.*conditions\[0\].and\[0\]",
        ),
        (lambda: nat.Nba.from_url("https://h.example/v2/multimedia/query?querySpec={}"), "_querySpec"),
        (lambda: nat.Nba.from_url("https://h.example/v2/multimedia/query?a=1&a=2"), "twice"),
        (lambda: nat.Nba.from_url("https://h.example/v0/multimedia/search?x=1"), "version 0"),
        (lambda: nat.Nba.from_url("https://h.example/"), "asks nothing"),
    ],
)
def test_what_the_service_would_refuse_is_refused_here_with_what_was_meant(wrong, said):
    with pytest.raises(ValueError, match=said):
        wrong()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"genuss": "Larus"}, "did you mean 'genus'"),
        ({"collectionType": "Aves"}, "did you mean 'collection_type'"),
        ({"licence": "CC0"}, "did you mean 'license'"),
        ({"unitID": "x"}, "did you mean 'unit_id'"),
        ({"where": "license"}, "nat.field"),
        ({"collection": "Aves"}, "did you mean 'collection_type'"),
        ({"id": "a@CRS"}, "nba.records"),
        ({"wingspan": 3}, "docs/nba.md"),
    ],
)
def test_a_keyword_there_is_not_is_refused_with_what_was_meant(words, said):
    with pytest.raises(TypeError, match=said):
        nba().multimedia(**words)


# What there is


@pytest.mark.parametrize("document", fields.DOCUMENTS)
def test_the_table_of_fields_agrees_with_the_format(document):
    indexed = {"indexed": "exact", "keyword+ci+fulltext+ngram": "full", "not indexed": "none"}
    indexed |= {"not stored (virtual)": "virtual", "indexed (geo_shape)": "geo"}
    rows = (ROOT / "src" / "format" / "nba" / f"{document}.tsv").read_text(encoding="utf-8").splitlines()[1:]
    kept = [row.split("\t")[:3] for row in rows]
    own = [(field.path, field.type, field.indexed) for field in fields.fields(document).values()]
    assert own == [(path, kind, indexed[how]) for path, kind, how in kept]


@pytest.mark.parametrize("document", fields.DOCUMENTS)
def test_every_keyword_leads_to_fields_that_are_searched(document):
    for keyword, paths in fields.keyword_paths(document).items():
        for path in paths:
            assert fields.find_field(document, path).operators, keyword


def test_fields_and_operators_are_told_without_asking():
    table = nba().fields("multimedia")
    row = table["path"].index("license")
    assert table["operators"][row] == "EQUALS NOT_EQUALS IN NOT_IN STARTS_WITH NOT_STARTS_WITH"
    assert nba().operators("serviceAccessPoints[].accessUri") == []
    assert "MATCHES" in nba().operators("notes", document="specimen")
    assert len(nba().operators()) == 20
