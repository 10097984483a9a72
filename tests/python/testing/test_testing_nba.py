"""`naturalia.testing.nba` without faults: the services of the NBA as it documents them."""

import gzip
import json
from collections import Counter
from urllib.error import HTTPError
from urllib.parse import quote, unquote, urlencode
from urllib.request import Request, urlopen

import pytest
from naturalia import testing


def get(server, path, **parameters):
    """The reply to a GET, read as JSON."""
    query = f"?{urlencode(parameters)}" if parameters else ""
    with urlopen(f"{server.url}/{path}{query}") as reply:
        return json.load(reply)


def post(server, path, spec):
    """The reply to a QuerySpec as the body of a POST."""
    body, headers = json.dumps(spec).encode(), {"Content-Type": "application/json"}
    with urlopen(Request(f"{server.url}/{path}", body, headers)) as reply:
        return json.load(reply)


def refused(server, path, spec=None, **parameters):
    """The status and what was said, for a request that is refused."""
    with pytest.raises(HTTPError) as caught:
        post(server, path, spec) if spec is not None else get(server, path, **parameters)
    with caught.value:
        text = caught.value.read().decode()
    if "json" not in caught.value.headers["Content-Type"]:
        return caught.value.code, text
    said = json.loads(text)
    assert said["httpStatus"]["code"] == caught.value.code
    return caught.value.code, said["exception"]["type"].rsplit(".", 1)[-1], said["exception"]["message"]


def condition(field, operator, value, **more):
    """A QuerySpec of one condition."""
    return {"conditions": [{"field": field, "operator": operator, "value": value, **more}]}


@pytest.fixture(scope="module")
def server():
    with testing.nba() as served:
        yield served


def test_query_gives_ten_in_an_envelope_with_scores(server):
    reply = get(server, "multimedia/query/")
    assert reply["totalSize"] == len(server.documents())
    assert len(reply["resultSet"]) == 10
    assert reply["resultSet"][0] == {"score": 1.0, "item": server.documents()[0]}


def test_a_question_is_asked_by_parameters_by_form_and_by_json(server):
    spec = condition("collectionType", "EQUALS", "Aves")
    wanted = get(server, "multimedia/query", collectionType="Aves")
    assert wanted["totalSize"] == len(server.documents("multimedia", spec)) > 0
    assert get(server, "multimedia/query", _querySpec=json.dumps(spec)) == wanted
    assert post(server, "multimedia/query", spec) == wanted
    with urlopen(f"{server.url}/multimedia/query", urlencode({"collectionType": "Aves"}).encode()) as reply:
        assert json.load(reply) == wanted


def test_pages_sorted_by_id_are_the_whole_and_have_no_scores(server):
    found, start = [], 0
    while True:
        spec = {"sortFields": [{"path": "id"}], "from": start, "size": 7}
        rows = post(server, "multimedia/query", spec)["resultSet"]
        if not rows:
            break
        assert all(list(row) == ["item"] for row in rows)
        found += [row["item"]["id"] for row in rows]
        start += 7
    assert found == sorted(one["id"] for one in server.documents())


def test_sorting_takes_the_least_value_up_the_greatest_down_and_puts_the_missing_last():
    documents = [{"id": f"{n}@X", "sexes": sexes} for n, sexes in enumerate((["b"], ["a", "c"], [], ["B"]))]
    with testing.nba({"multimedia": documents}) as server:

        def order(way):
            found = get(server, "multimedia/query", _sortFields=f"sexes:{way}")
            return [row["item"]["id"][0] for row in found["resultSet"]]

        assert order("ASC") == ["3", "1", "0", "2"]
        assert order("DESC") == ["1", "0", "3", "2"]


def test_fields_choose_parts_of_documents_and_none_leaves_bare_items(server):
    chosen = "identifications.scientificName.genusOrMonomial,unitID"
    item = get(server, "multimedia/query", _fields=chosen, _size=1, collectionType="Aves")["resultSet"][0][
        "item"
    ]
    assert set(item) == {"identifications", "unitID"}
    assert list(item["identifications"][0]["scientificName"]) == ["genusOrMonomial"]
    assert post(server, "multimedia/query", {"fields": [], "size": 1})["resultSet"][0]["item"] == {}


def test_download_is_one_document_a_line_by_id_without_a_last_line_end(server):
    spec = {"sortFields": [{"path": "unitID", "sortOrder": "DESC"}]}
    request = Request(f"{server.url}/multimedia/download?{urlencode({'_querySpec': json.dumps(spec)})}")
    with urlopen(request) as reply:
        assert reply.headers["Content-Type"] == "application/x-ndjson;charset=UTF-8"
        plain = reply.read()
    assert not plain.endswith(b"\n")
    assert [json.loads(line) for line in plain.split(b"\n")] == server.documents()
    request.add_header("Accept-Encoding", "gzip")
    with urlopen(request) as reply:
        assert reply.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(reply.read()) == plain


def test_a_download_takes_a_size_and_knows_no_window():
    with testing.nba(300, window=100) as server:
        with urlopen(f"{server.url}/multimedia/download?_size=120") as reply:
            assert len(reply.read().split(b"\n")) == 120
        with urlopen(f"{server.url}/multimedia/download") as reply:
            assert len(reply.read().split(b"\n")) == 300


def test_count_and_distinct_values_are_those_of_the_hits(server):
    birds = [one for one in server.documents() if one["sourceSystem"]["code"] == "CRS"]
    given = {"sourceSystem.code": "CRS"}
    assert get(server, "multimedia/count", **given) == len(birds)
    licenses = Counter(one["license"] for one in birds)
    assert get(server, "multimedia/getDistinctValues/license", **given) == dict(licenses)
    assert list(get(server, "multimedia/getDistinctValues/license", **given).values()) == sorted(
        licenses.values(), reverse=True
    )
    assert get(server, "multimedia/countDistinctValues/license", **given) == len(licenses)


def test_distinct_values_per_group_count_each_document_once():
    documents = [
        {"id": "1@A", "sourceSystem": {"code": "A"}, "sexes": ["male", "male", "female"]},
        {"id": "2@A", "sourceSystem": {"code": "A"}, "sexes": ["male"]},
        {"id": "3@B", "sourceSystem": {"code": "B"}},
    ]
    path = "PerGroup/sourceSystem.code/sexes"
    with testing.nba({"multimedia": documents}) as server:
        assert get(server, f"multimedia/getDistinctValues{path}") == [
            {
                "sourceSystem.code": "A",
                "count": 2,
                "values": [{"sexes": "male", "count": 2}, {"sexes": "female", "count": 1}],
            },
            {"sourceSystem.code": "B", "count": 1, "values": []},
        ]
        assert get(server, f"multimedia/countDistinctValues{path}") == [
            {"sourceSystem.code": "B", "sexes": 0},
            {"sourceSystem.code": "A", "sexes": 2},
        ]


def test_find_and_find_by_ids_give_whole_documents_and_leave_out_unknown_ones(server):
    first, second = server.documents("specimen")[:2]
    assert get(server, f"specimen/find/{quote(first['id'])}") == first
    ids = quote(f"{second['id']},nobody@CRS,{first['id']}")
    assert get(server, f"specimen/findByIds/{ids}") == [second, first]
    for document in ("specimen", "taxon"):
        assert refused(server, f"{document}/find/nobody@CRS") == (
            404,
            "404 (NOT FOUND)\nNo Specimen exists with ID nobody@CRS",
        )


def test_a_unit_a_collection_and_a_place_can_be_asked_for(server):
    specimen = next(one for one in server.documents("specimen") if "theme" in one)
    assert get(server, f"specimen/findByUnitID/{specimen['unitID']}") == [specimen]
    assert get(server, f"specimen/exists/{specimen['unitID']}") is True
    assert get(server, "specimen/exists/nobody") is False
    assert set(specimen["theme"]) <= set(get(server, "specimen/getNamedCollections"))
    assert specimen["id"] in get(server, f"specimen/getIdsInCollection/{specimen['theme'][0]}")
    shape = get(server, "geo/getGeoJsonForLocality/Texel")
    assert shape == get(server, "geo/query", locality="Texel")["resultSet"][0]["item"]["shape"]


def test_metadata_tell_fields_operators_limits_and_lists(server):
    about = get(server, "multimedia/metadata/getFieldInfo")
    assert sorted(about) == get(server, "multimedia/metadata/getPaths")
    assert about["serviceAccessPoints.accessUri"]["allowedOperators"] == []
    assert "CONTAINS" not in about["license"]["allowedOperators"]
    for field in ("license", "title", "taxonCount"):
        for operator in ("CONTAINS", "EQUALS", "LT", "starts_with"):
            told = get(server, f"multimedia/metadata/isOperatorAllowed/{field}/{operator}")
            assert told is (operator.upper() in about[field]["allowedOperators"])
    assert get(server, "multimedia/metadata/getSetting/index.max_result_window") == server.window
    assert get(server, "metadata/getSettings")["operator.contains.max_term_length"] == 15
    assert {one["code"] for one in get(server, "metadata/getSourceSystems")} > {"CRS", "BRAHMS", "XC", "NSR"}
    assert len(get(server, "metadata/getControlledList/License")) == 39
    with urlopen(f"{server.url}/ping") as reply:
        assert reply.read() == b"NBA Service is up and running!"


@pytest.mark.parametrize(
    ("path", "given", "status", "kind"),
    [
        ("multimedia/query", {"_size": "abc"}, 400, "HTTP400Exception"),
        ("multimedia/query", {"_sizes": "1"}, 400, "HTTP400Exception"),
        ("multimedia/query", {"querySpec": "{}"}, 400, "HTTP400Exception"),
        ("multimedia/query", {"_querySpec": "{"}, 400, "HTTP400Exception"),
        ("multimedia/query", {"_querySpec": "{}", "_size": "1"}, 400, "HTTP400Exception"),
        ("multimedia/query", {"_querySpec": '{"groupSpec": {}}'}, 400, "HTTP400Exception"),
        ("multimedia/query", {"_logicalOperator": "XOR"}, 400, "HTTP400Exception"),
        ("multimedia/query", {"genus": "Larus"}, 500, "NoSuchFieldException"),
        ("multimedia/query", {"_fields": "genus"}, 500, "NoSuchFieldException"),
        ("multimedia/query", {"_sortFields": "genus"}, 500, "NoSuchFieldException"),
        ("multimedia/query", {"serviceAccessPoints.accessUri": "x"}, 500, "IllegalOperatorException"),
        ("multimedia/query", {"license": "cc0", "_ignoreCase": "yes"}, 500, "IllegalOperatorException"),
        ("multimedia/query", {"_from": "9995", "_size": "6"}, 500, "InvalidQueryException"),
        ("multimedia/query", {"taxonCount": "many"}, 500, "InvalidConditionException"),
        ("multimedia/getDistinctValues/genus", {}, 500, "NoSuchFieldException"),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused_as_the_nba_does(server, path, given, status, kind):
    assert refused(server, path, **given)[:2] == (status, kind)


def test_a_repeated_parameter_is_a_bad_request(server):
    assert refused(server, "multimedia/query?license=CC0&license=CC0 1.0".replace(" ", "+"))[0] == 400


def test_an_unknown_address_is_a_text_under_500(server):
    status, text = refused(server, "multimedia/guery")
    assert status == 500
    assert "NotFoundException" in text


def test_limits_of_lists_and_of_parts_of_words(server):
    assert refused(server, "multimedia/query", condition("unitID", "IN", ["x"] * 1025))[0] == 500
    assert post(server, "multimedia/query", condition("unitID", "IN", ["x"] * 1024))["totalSize"] == 0
    for part, status in (("ab", 500), ("abc", 200), ("a" * 15, 200), ("a" * 16, 500)):
        spec = condition("title", "CONTAINS", part)
        assert (refused(server, "multimedia/query", spec)[0] if status > 200 else 200) == status
    assert refused(server, "specimen/findByIds/" + ",".join(f"{n}" for n in range(1025)))[0] == 500


def test_missing_values_are_asked_for_by_null(server):
    without = [one["id"] for one in server.documents() if "unitID" not in one]
    found = get(server, "multimedia/query", unitID="@NULL@")
    assert [row["item"]["id"] for row in found["resultSet"]] == without
    assert without
    rest = get(server, "multimedia/count", unitID="@NOT_NULL@")
    assert rest + len(without) == len(server.documents())


def test_made_up_documents_have_the_oddities_of_the_real_ones(server):
    media = server.documents()
    assert {one["sourceSystem"]["code"] for one in media} == {"CRS", "BRAHMS", "XC", "NSR", "OBS"}
    assert Counter(one.get("license") for one in media).most_common(1)[0][0] == "CC0 4.0"
    assert any(one.get("gatheringEvents") == [{}] for one in media)
    assert any(len(one["identifications"]) > 1 for one in media)
    sounds = [one for one in media if one["sourceSystem"]["code"] == "XC"]
    assert sounds
    assert not any("defaultClassification" in one["identifications"][0] for one in sounds)
    assert any("type" not in one for one in media)
    assert any(one.get("multiMediaPublic") is False for one in media)
    assert any("collectionType" not in one for one in media)
    addresses = [one["serviceAccessPoints"][0]["accessUri"] for one in media]
    assert any(address.startswith("http://medialib.naturalis.nl/") for address in addresses)


def test_media_refer_to_specimens_and_taxa_that_exist(server):
    ids = {one["id"] for document in ("specimen", "taxon") for one in server.documents(document)}
    for one in server.documents():
        assert {one.get("associatedSpecimenReference"), one.get("associatedTaxonReference")} & ids


def test_made_up_documents_are_the_same_however_many_there_are():
    with testing.nba(5) as small, testing.nba(2000) as large:
        assert len(large.documents()) == 2000
        kept = {one["id"]: one for one in large.documents()}
        assert all(kept[one["id"]] == one for one in small.documents())


def test_documents_are_taken_from_files_lists_and_replies(tmp_path):
    lines = tmp_path / "a.ndjson"
    lines.write_text(
        '{"sourceSystemId":"1","sourceSystem":{"code":"CRS"},"gatheringEvents":[{}]}\n{"id":"2@NSR","acceptedName":{}}\n'
    )
    reply = tmp_path / "b.json"
    reply.write_text('{"totalSize":1,"resultSet":[{"item":{"id":"3@CRS","unitID":"3"}}]}')
    with testing.nba(tmp_path) as server:
        assert [one["id"] for one in server.documents("multimedia")] == ["1@CRS"]
        assert [one["id"] for one in server.documents("taxon")] == ["2@NSR"]
        assert [one["id"] for one in server.documents("specimen")] == ["3@CRS"]
    lines.write_text("<html>")
    with pytest.raises(ValueError, match="neither JSON"):
        testing.nba(lines)
    with pytest.raises(TypeError, match="documents="):
        testing.nba(2.5)


def test_documents_come_and_go_while_it_runs():
    with testing.nba(10) as server:
        assert get(server, "multimedia/count", license="CC0 1.0") == len(
            server.documents("multimedia", condition("license", "EQUALS", "CC0 1.0"))
        )
        one = server.documents()[0]
        server.delete("multimedia", one["id"])
        server.add("multimedia", {"id": "new@CRS", "license": "CC0 1.0"})
        assert get(server, "multimedia/count") == 10
        assert get(server, "multimedia/find/new@CRS")["license"] == "CC0 1.0"


def test_the_log_knows_document_service_question_and_page(server):
    get(server, "multimedia/query", _from=20, _size=10, license="CC0")
    last = server.requests[-1]
    assert (last.document, last.verb, last.page) == ("multimedia", "query", 3)
    assert last.spec == {"from": "20", "size": "10", "license": "CC0"}


def test_groups_are_those_of_scientific_names():
    names = ["B", "A", "B", "C"]
    documents = [
        {"id": f"{n}@T", "identifications": [{"scientificName": {"scientificNameGroup": name}}]}
        for n, name in enumerate(names)
    ]
    taxa = [{"id": "9@N", "acceptedName": {"scientificNameGroup": "A"}}]

    def groups(**more):
        reply = post(server, "specimen/groupByScientificName", more)
        assert reply["totalSize"] == len(reply["resultSet"])
        return [(row["item"]["name"], row["item"]["specimenCount"]) for row in reply["resultSet"]]

    with testing.nba({"specimen": documents, "taxon": taxa}) as server:
        assert groups() == [("A", 1), ("B", 2), ("C", 1)]
        assert groups(groupSort="COUNT_DESC")[0] == ("B", 2)
        assert groups(groupSort="NAME_DESC")[0] == ("C", 1)
        assert groups(groupFilter={"acceptRegexp": "[AB]", "rejectValues": ["A"]}) == [("B", 2)]
        path = "specimen/groupByScientificName"
        assert len(get(server, path, _specimensSize=1)["resultSet"][1]["item"]["specimens"]) == 1
        assert refused(server, path, _specimensSize="x")[0] == 400
        assert refused(server, path, {"groupFilter": {"acceptRegexp": "["}})[0] == 400
        assert get(server, "taxon/groupByScientificName")["resultSet"][0]["item"]["taxonCount"] == 1
        assert refused(server, "multimedia/groupByScientificName")[0] == 500


@pytest.mark.corpus
@pytest.mark.parametrize("name", ["specimen-query", "groupByScientificName"])
def test_the_regression_queries_of_the_nba_give_their_expected_results(corpus, name):
    folder = corpus / "nba" / "regression"
    rows = (folder / f"{name}__query-and-expect.tsv").read_text().splitlines()[1:]
    with testing.nba(folder / f"{name}__data.json") as server:
        for row in rows:
            path, field, expected = row.split("\t")
            path, _, query = path.partition("?")
            address = f"{server.url}/{path}?{quote(unquote(query).strip(), safe='=&')}"
            with urlopen(address) as reply:
                assert json.load(reply)[field] == int(expected), row
    assert len(rows) == {"specimen-query": 43}.get(name, 1)


@pytest.mark.corpus
def test_the_documents_of_the_test_sets_can_be_served(corpus):
    folder = corpus / "nba" / "testsets"
    ids = {kind: set() for kind in ("multimedia", "specimen", "taxon")}
    for path in folder.iterdir():
        kind = next(kind for kind in ids if kind in path.name)
        lines = [path.read_text()] if path.suffix == ".json" else path.read_text().splitlines()
        ids[kind] |= {json.loads(line)["id"] for line in lines}
    with testing.nba(folder) as server:
        for kind, expected in ids.items():
            assert get(server, f"{kind}/count") == len(expected)
            assert {one["id"] for one in server.documents(kind)} == expected
