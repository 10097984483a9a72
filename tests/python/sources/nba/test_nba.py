"""The NBA over the network: what is asked, what comes back, and what happens where it goes wrong."""

import copy
import json
import pickle
import warnings
from pathlib import Path

import naturalia as nat
import pytest
from naturalia import errors
from naturalia.testing import faults


def client(server, **settings):
    return nat.Nba(server.url, **{"rate": None, "backoff": 0.01, **settings})


def ids(documents):
    return {document["id"] for document in documents}


PARTS = ("genusOrMonomial", "specificEpithet", "infraspecificEpithet")


def named(name, *, group=None, parts=(), **more):
    """An identification."""
    scientific = {"fullScientificName": name, "scientificNameGroup": group}
    scientific |= dict(
        zip(("genusOrMonomial", "specificEpithet", "infraspecificEpithet"), parts, strict=False)
    )
    return {"scientificName": {key: value for key, value in scientific.items() if value}, **more}


def medium(number, *identifications, code="CRS", **more):
    """A document of our own."""
    return {
        "id": f"m{number}@{code}",
        "sourceSystemId": f"m{number}",
        "unitID": f"U.{number}",
        "sourceSystem": {"code": code},
        "identifications": list(identifications),
        **more,
    }


# Lists


@pytest.mark.parametrize("document", ["multimedia", "specimen", "taxon"])
def test_a_list_comes_whole_and_each_document_once(document):
    with nat.testing.nba() as server:
        query = client(server).query(document)
        table = query.collect()
        truth = server.documents(document)
    assert set(table["id"]) == ids(truth)
    assert len(table) == len(truth) == query.report.declared
    assert table.format == {"multimedia": "nba", "specimen": "nba_specimen", "taxon": "nba_taxon"}[document]


def test_what_is_found_is_what_the_conditions_say():
    asked = {
        "license": {"license": "CC0"},
        "sounds": {"genus": "Larus", "source_system": "XC"},
        "area": {"area": "Netherlands"},
        "both": {"genus": "Larus", "where": nat.field("license").startswith("CC0")},
        "none": {"genus": "Nonesuch"},
    }
    with nat.testing.nba() as server:
        for words in asked.values():
            query = client(server).multimedia(**words)
            truth = server.documents("multimedia", query.spec)
            assert set(query.collect()["id"]) == ids(truth)
            assert query.count() == len(truth)
        sounds = client(server).multimedia(**asked["sounds"]).collect()
    assert "Sound" in sounds["type"]


def test_the_first_few_are_one_small_request():
    with nat.testing.nba() as server:
        table = client(server).multimedia().first(3)
        assert [request.spec.get("size") for request in server.requests if request.verb == "query"] == [3]
        assert table["id"] == sorted(ids(server.documents("multimedia")))[:3]
        assert len(client(server).multimedia(genus="Nonesuch").first(3)) == 0


def test_the_request_that_is_sent_asks_what_the_query_says():
    with nat.testing.nba() as server:
        query = client(server).multimedia(license="CC0", genus=["Larus", "Parus"])
        query.collect()
        sent = [request.spec for request in server.requests if request.verb == "query"]
    assert sent
    for spec in sent:
        assert {name: spec[name] for name in ("conditions", "logicalOperator")} == query.spec


GOLDEN = Path(__file__).parents[3] / "fixtures" / "nba"


def test_what_is_sent_for_each_golden_case_is_its_request():
    cases = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(GOLDEN.glob("golden_*.json"))]
    assert len(cases) > 90
    with nat.testing.nba(3) as server:
        nba = client(server)
        methods = {"multimedia": nba.multimedia, "specimen": nba.specimens, "taxon": nba.taxa}
        for case in cases:
            words = case.get("keywords") or {"where": eval(case["ask"], {"nat": nat})}
            if "Terschelling" not in str(words):  # which the service on this machine does not know
                methods[case["document"]](**words).count()
                sent = server.requests[-1]
                assert (sent.document, sent.verb, sent.status) == (case["document"], "count", 200)
                assert json.loads(sent.json) == case["request"]


@pytest.mark.parametrize("document", ["multimedia", "specimen", "taxon"])
def test_a_download_is_the_same_list(document):
    with nat.testing.nba(300, faults=[faults.DownloadCut(20, times=1)]) as server:
        nba = client(server)
        table = nba.query(document, download=True).collect()
        assert sorted(table["id"]) == sorted(nba.query(document).collect()["id"])
        assert any(request.verb == "download" for request in server.requests)


def test_more_names_than_one_question_takes_are_found_and_told():
    documents = [medium(number, named(f"Larus {word(number)}")) for number in range(450)]
    asked = [f"Larus {word(number)}" for number in range(0, 900, 2)]
    with nat.testing.nba({"multimedia": documents}) as server:
        query = client(server).multimedia(scientific_name=asked, unit_id=[f"U.{n}" for n in range(1100)])
        assert query.count() == len(query.collect()) == 225
        names = query.names
        assert names["asked"] == asked
        assert names["matched"].count("yes") == 225
        most = max(
            len(condition.get("or", ()))
            for each in query._question.question["specs"]
            for condition in each["conditions"]
        )
    assert most < 1024


def word(number):
    """An epithet for each number."""
    return "".join(chr(ord("a") + int(digit)) for digit in str(number)) + "us"


def test_long_lists_are_asked_in_pieces_and_no_document_comes_twice():
    with nat.testing.nba() as server:
        specimens = list(dict.fromkeys(client(server).multimedia().collect()["associatedSpecimenReference"]))
        references = [each for each in specimens if each] + [f"none{number}@CRS" for number in range(2000)]
        query = client(server).multimedia(specimen=references)
        found = query.collect()["id"]
        assert len(found) == len(set(found)) == query.count()
        assert set(found) == ids(server.documents("multimedia", query.spec))
        longest = max(
            len(condition["value"])
            for request in server.requests
            if request.verb == "query"
            for condition in request.spec.get("conditions", [])
        )
    assert longest <= 1024


def test_a_slice_is_just_that_and_everything_else_is_all_of_it():
    with nat.testing.nba() as server:
        nba = client(server)
        whole = nba.query("multimedia").collect()["id"]
        some = nba.query("multimedia", {"from": 5, "size": 7})
        assert some.collect()["id"] == whole[5:12]
        assert (some.count(), some.first(2)["id"]) == (7, whole[5:7])
        assert len(whole) == len(server.documents("multimedia"))


def test_the_window_is_read_from_the_service_and_a_longer_list_still_comes_whole():
    with nat.testing.nba(450, window=100) as server:
        query = client(server).multimedia()
        table = query.collect()
        assert set(table["id"]) == ids(server.documents("multimedia"))
        assert len(table) == query.count()
        assert any(request.verb == "getSetting" for request in server.requests)


class Says(faults.Fault):
    """A service that answers something else under 200."""

    def __init__(self, text, **when):
        super().__init__(**when)
        self.text = text

    def on_reply(self, server, request, reply):  # noqa: ARG002
        reply.body = self.text.encode()
        reply.headers["Content-Length"] = str(len(reply.body))


@pytest.mark.parametrize(("said", "window"), [("100", 100), ('"100"', 100), ("null", 10_000), ("0", 10_000)])
@pytest.mark.filterwarnings("ignore::naturalia.errors.NaturaliaWarning")
def test_the_window_is_understood_as_number_and_as_text(said, window):
    with nat.testing.nba(faults=[Says(said, verb="getSetting")]) as server:
        assert client(server)._window("multimedia") == window


@pytest.mark.parametrize("said", ["Service is up and running!", '"x"', "null", "{}"])
def test_an_answer_that_is_none_is_an_error_with_its_address(said):
    with (
        nat.testing.nba(faults=[Says(said, verb="count")]) as server,
        pytest.raises(errors.ParseError) as raised,
    ):
        client(server).multimedia().count()
    assert raised.value.source.endswith("/multimedia/count")


@pytest.mark.parametrize(("window", "kept"), [(50_000, 10_000), (10_000, 10_000), (100, 100)])
def test_a_harvest_keeps_a_question_that_does_not_change_when_the_service_pages_further(window, kept):
    with nat.testing.nba(window=window) as server:
        question = client(server).multimedia()._question
        assert json.loads(question.text)["window"] == kept


def test_without_the_setting_the_window_is_what_the_documentation_says():
    with nat.testing.nba(faults=[faults.NoSetting()]) as server:
        nba = client(server)
        assert len(nba.multimedia().collect()) == len(server.documents("multimedia"))
        assert nba._window("multimedia") == 10_000


@pytest.mark.parametrize(
    "fault",
    [
        faults.DocumentsMissing(3, verb="query"),
        faults.TotalChanges(1),
        faults.Cut(0.5, verb="query"),
    ],
    ids=lambda fault: type(fault).__name__,
)
def test_a_list_that_stays_short_is_an_error_and_never_a_short_table(fault):
    with nat.testing.nba(250, faults=[fault]) as server, pytest.raises(errors.NaturaliaError) as raised:
        client(server, retries=1).multimedia().collect()
    assert raised.value.hint


def test_the_first_few_are_not_fewer_than_there_are():
    with (
        nat.testing.nba(faults=[faults.DocumentsMissing(2, verb="query")]) as server,
        pytest.raises(errors.HarvestIncomplete) as raised,
    ):
        client(server).multimedia().first(10)
    assert raised.value.expected == 10


def test_fields_leaves_out_the_rest_and_tells_documents_apart():
    with nat.testing.nba() as server:
        table = client(server).multimedia(fields=["license"]).collect()
        truth = {each["id"]: each.get("license") for each in server.documents("multimedia")}
    assert dict(zip(table["id"], table["license"], strict=True)) == truth
    assert not any(table["identifications"])


# Counts and names


def test_counts_by_a_field_add_up_to_all_documents():
    with nat.testing.nba() as server:
        nba = client(server)
        table = nba.multimedia().count(by="license")
        assert table.columns == ["license", "count"]
        own = [each.get("license") for each in server.documents("multimedia")]
        assert dict(zip(*(table[name] for name in table.columns), strict=True)) == {
            value: own.count(value) for value in own
        }
        two = nba.multimedia().count(by=["source_system", "license"])
        assert sum(two["count"]) == len(own)
        assert two.columns == ["source_system", "license", "count"]
        some = nba.query("multimedia", {"conditions": [], "logicalOperator": "OR"}).count(by="license")
        assert list(some["count"]) == list(table["count"])


def test_a_count_by_more_values_than_are_listed_is_an_error():
    documents = [medium(number, theme=[f"theme {number}"]) for number in range(12)]
    with nat.testing.nba({"multimedia": documents}) as server:
        from naturalia._sources.nba import question as questions

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(questions, "GROUPS", 10)
            with pytest.raises(errors.HarvestIncomplete) as raised:
                client(server).multimedia().count(by="theme")
        assert (raised.value.got, raised.value.expected) == (10, 12)
        assert len(client(server).multimedia().count(by="theme")) == 12


@pytest.mark.parametrize(("by", "said"), [("genuss", "no field"), ([], "one field"), ("area", "no values")])
def test_a_count_by_what_has_no_values_is_refused(by, said):
    with pytest.raises(ValueError, match=said):
        nat.Nba("http://127.0.0.1:9/v2").multimedia().count(by=by)


NAMES = [
    medium(1, named("Larus fuscus Linnaeus, 1758", group="larus fuscus", parts=("Larus", "fuscus"))),
    medium(2, named("Larus fuscus"), code="OBS"),
    medium(3, named("Larus fuscus L.", parts=("Larus", "fuscus"))),
    medium(4, named("Larus fuscus (Linné)", group="? ?")),
    medium(
        5,
        named(
            "Larus fuscus graellsii B.",
            group="larus fuscus graellsii",
            parts=("Larus", "fuscus", "graellsii"),
        ),
    ),
    medium(6, named("Larus canus", group="larus canus", parts=("Larus", "canus")), named("Rissa tridactyla")),
    medium(7, named("Larus", group="larus ?", parts=("Larus",))),
    medium(8, named("Fuscus larus", group="fuscus larus", parts=("Fuscus", "larus"))),
]


def found(server, **words):
    table = client(server).multimedia(**words).collect()
    return sorted(int(each[1:].partition("@")[0]) for each in table["id"])


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ({"scientific_name": "Larus fuscus"}, [1, 2, 3, 4]),
        ({"scientific_name": "Larus fuscus Linnaeus, 1758"}, [1, 2, 3, 4]),
        ({"scientific_name": "larus fuscus"}, [1, 2, 3, 4]),
        ({"scientific_name": "Larus fuscus graellsii"}, [5]),
        ({"scientific_name": "Larus"}, [7]),
        ({"scientific_name": ["Larus canus", "Larus fuscus graellsii"]}, [5, 6]),
        ({"species": "Larus fuscus"}, [1, 2, 3, 4, 5]),
        ({"genus": "Larus"}, [1, 2, 3, 4, 5, 6, 7]),
        ({"identifications.scientificName.genusOrMonomial": "Larus"}, [1, 3, 5, 6, 7]),
    ],
)
def test_a_name_is_found_however_the_source_keeps_it(words, numbers):
    with nat.testing.nba({"multimedia": NAMES}) as server:
        assert found(server, **words) == numbers


def test_names_tell_what_was_matched_and_what_was_not():
    asked = ["Larus fuscus L.", "Larus canus", "Larus nonesuch"]
    with nat.testing.nba({"multimedia": NAMES}) as server:
        query = client(server).multimedia(scientific_name=asked)
        rows = [tuple(row) for row in query.names]
        assert query.names is query.names
    assert ("Larus fuscus L.", "yes", "Larus fuscus Linnaeus, 1758", 1) in rows
    assert ("Larus canus", "yes", "Larus canus", 1) in rows
    assert ("Larus nonesuch", "no", None, 0) in rows
    assert not any(row[2] in {"Rissa tridactyla", "Larus fuscus graellsii B."} for row in rows)
    assert sum(row[3] for row in rows) == 5
    with pytest.raises(ValueError, match="scientific_name"):
        _ = nat.Nba("http://127.0.0.1:9/v2").multimedia().names


def test_synonyms_of_taxa_are_found():
    taxon = {
        "id": "t1@NSR",
        "sourceSystem": {"code": "NSR"},
        "sourceSystemId": "t1",
        "acceptedName": {"fullScientificName": "Chroicocephalus ridibundus (Linnaeus, 1766)"},
        "synonyms": [
            {
                "fullScientificName": "Larus ridibundus Linnaeus, 1766",
                "scientificNameGroup": "larus ridibundus",
            }
        ],
    }
    with nat.testing.nba({"taxon": [taxon]}) as server:
        query = client(server).taxa(scientific_name="Larus ridibundus")
        assert query.collect()["id"] == ["t1@NSR"]
        assert query.names["matched_as"] == ["Larus ridibundus Linnaeus, 1766"]


# One thing to the other


def test_specimens_and_taxa_of_media_and_the_way_back():
    with nat.testing.nba() as server:
        nba = client(server)
        media = nba.multimedia().collect()
        specimens = nba.specimens(of=media).collect()
        assert set(specimens["id"]) == {each for each in media["associatedSpecimenReference"] if each}
        taxa = nba.taxa(of=media)
        assert set(taxa.collect()["id"]) == {each for each in media["associatedTaxonReference"] if each}
        assert taxa.missing == []
        back = nba.multimedia(of=specimens).collect()
        assert set(back["id"]) == {
            own
            for own, reference in zip(media["id"], media["associatedSpecimenReference"], strict=True)
            if reference
        }
        hub = nat.crosswalk("nba", "media").apply(media).table
        assert len(nba.specimens(of=hub).collect()) == len(specimens)
        assert len(nba.specimens(of=media.to_pandas()).collect()) == len(specimens)


def test_ids_without_a_document_are_named_and_warned_of():
    with nat.testing.nba() as server:
        nba = client(server)
        known = sorted(ids(server.documents("multimedia")))
        wanted = [known[0], "nope@CRS", *known[1:40], "no such, thing@CRS"]
        query = nba.records(wanted)
        assert query.missing is None
        with pytest.warns(errors.NaturaliaWarning, match="2 ids"):
            table = query.collect()
        assert query.missing == ["nope@CRS", "no such, thing@CRS"]
        assert table["id"] == known[:40]
        assert query.report.requests == 1
        assert nba.records(wanted).first(2)["id"] == known[:2]


def test_many_ids_are_asked_in_addresses_that_are_not_too_long():
    with nat.testing.nba(1200) as server:
        known = sorted(ids(server.documents("multimedia")))
        table = client(server).records(known).collect()
        assert sorted(table["id"]) == known
        addresses = [request.path for request in server.requests if request.verb == "findByIds"]
    assert len(addresses) > 1
    assert max(map(len, addresses)) < 8000


def test_one_document_by_its_id():
    with nat.testing.nba() as server:
        nba = client(server)
        own = server.documents("multimedia")[0]
        assert nba.record(own["id"]).unitID == own.get("unitID")
        specimen = server.documents("specimen")[0]
        assert nba.record(specimen["id"], type="specimen").id == specimen["id"]
        with pytest.raises(errors.NbaError, match="nope"):
            nba.record("nope@CRS")


def test_following_nothing_is_refused():
    nba = nat.Nba("http://127.0.0.1:9/v2")
    table = nat.read(b'{"id": "a@CRS"}', format="nba")
    with pytest.raises(ValueError, match="no row has a value"):
        nba.specimens(of=table)
    with pytest.raises(ValueError, match="associatedSpecimenReference"):
        nba.specimens(of=nat.read(nat.samples.path("naturalis_oai_dc.xml")))
    with pytest.raises(TypeError, match="stands alone"):
        nba.specimens(of=table, genus="Larus")
    with pytest.raises(ValueError, match="specimens or taxa"):
        nba.multimedia(of=table)


# What the service says of itself


def test_what_the_service_says_of_itself_comes_as_tables():
    with nat.testing.nba() as server:
        nba = client(server)
        assert "XC" in nba.sources()["code"]
        assert "index.max_result_window" in nba.settings()["name"]
        assert "License" in nba.vocabulary()
        assert "female" in nba.vocabulary("Sex")
        assert nba.area("Texel")["type"] == "Polygon"
        table = nba.fields("multimedia", live=True)
        assert table.columns == ["path", "type", "indexed", "operators", "description"]
        assert "license" in table["path"]


def test_fields_the_service_has_and_we_do_not_know_are_taken_once_it_was_asked():
    with nat.testing.nba(faults=[NewField()]) as server:
        nba = client(server)
        with pytest.raises(ValueError, match="no field"):
            nba.multimedia(where=nat.field("newField") == "x")
        nba.fields("multimedia", live=True)
        spec = nba.multimedia(where=nat.field("newField") == "x").spec
        assert spec["conditions"][0] == {"field": "newField", "operator": "EQUALS", "value": "x"}
        with pytest.raises(ValueError, match="does not take CONTAINS"):
            nba.multimedia(where=nat.field("newField").contains("xyz"))


class NewField(faults.Fault):
    """A later version of the service with a field more."""

    def on_reply(self, server, request, reply):  # noqa: ARG002
        if request.verb == "getFieldInfo":
            said = json.loads(reply.body)
            said["newField"] = {"indexed": True, "type": "keyword", "allowedOperators": ["EQUALS", "IN"]}
            reply.body = json.dumps(said).encode()
            reply.headers["Content-Length"] = str(len(reply.body))


# Addresses


def test_an_address_and_its_question_are_the_same():
    with nat.testing.nba() as server:
        nba = client(server)
        for query in (
            nba.multimedia(),
            nba.multimedia(license="CC BY", collection_type="Aves"),
            nba.multimedia(genus=["Larus", "Parus"], where=nat.field("theme").isnull(), fields="license"),
            nba.query("specimen", {"sortFields": [{"path": "unitID", "sortOrder": "DESC"}], "size": 3}),
        ):
            again = nat.Nba.from_url(query.url, rate=None)
            assert again.spec == query.spec
            assert again.url == query.url
            assert again.count() == query.count()
        assert nba.multimedia(license="CC BY").url == f"{server.url}/multimedia/query?license=CC%20BY"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (
            "https://api.biodiversitydata.nl/v2/specimen/query/?unitID=ZMA.AVES.38187&_ignoreCase=true",
            {"field": "unitID", "operator": "EQUALS_IC", "value": "ZMA.AVES.38187"},
        ),
        (
            "https://api.biodiversitydata.nl/v2/multimedia/download?creator=@NOT_NULL@",
            {"field": "creator", "operator": "NOT_EQUALS", "value": None},
        ),
        (
            "https://data.biodiversitydata.nl/naturalis/specimen/RMNH.AVES.140023",
            {"field": "unitID", "operator": "EQUALS", "value": "RMNH.AVES.140023"},
        ),
        (
            "http://data.biodiversitydata.nl/xeno-canto/observation/XC213830",
            {"field": "unitID", "operator": "EQUALS", "value": "XC213830"},
        ),
        (
            "https://data.biodiversitydata.nl/obsint/observation/OBS.103661401/",
            {"field": "unitID", "operator": "EQUALS", "value": "OBS.103661401"},
        ),
        (
            "https://api.biodiversitydata.nl/v2/specimen/findByUnitID/RMNH.AVES.140023",
            {"field": "unitID", "operator": "EQUALS", "value": "RMNH.AVES.140023"},
        ),
    ],
)
def test_addresses_people_paste_are_understood(url, said):
    assert nat.Nba.from_url(url, contact="a@b.example").spec["conditions"] == [said]


def test_an_address_by_id_asks_for_that_document():
    with nat.testing.nba() as server:
        own = server.documents("multimedia")[0]["id"]
        assert nat.Nba.from_url(f"{server.url}/multimedia/find/{own}", rate=None).collect()["id"] == [own]


def test_an_old_host_is_asked_as_it_is_and_at_todays_address_only_when_told():
    old = "http://145.136.242.167/v2/specimen/query?collectionType=Aves"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert nat.Nba.from_url(old, contact="a@b.example").url == old
    with pytest.warns(errors.NaturaliaWarning, match="is asked at https://api.biodiversitydata.nl/v2"):
        query = nat.Nba.from_url(old, today=True, contact="a@b.example")
    assert query.url == "https://api.biodiversitydata.nl/v2/specimen/query?collectionType=Aves"


# The client itself


def test_a_query_says_what_it_will_ask_without_asking():
    with nat.testing.nba() as server:
        query = client(server).multimedia(genus="Larus", license="CC0")
        text = query.explain()
        assert "license IN ['CC0', 'CC0 1.0']" in text
        assert repr(query) == f"<Query: multimedia of {server.url}, not yet read>"
        assert query.url.startswith(server.url)
        assert not server.requests


def test_a_client_travels_to_other_processes_and_keeps_its_secrets():
    nba = nat.Nba("https://me:secret@nba.example/v2/", contact="a@b.example", rate=None)
    again = pickle.loads(pickle.dumps(nba))
    assert again.base_url == nba.base_url == "https://nba.example/v2"
    assert copy.copy(nba).base_url == nba.base_url
    assert "secret" not in repr(nba) + nba.multimedia().url + nba.multimedia().explain()


def test_a_refusal_of_the_service_says_what_and_where():
    with (
        nat.testing.nba(faults=[faults.QueryRefused(verb="query")]) as server,
        pytest.raises(errors.NbaError) as raised,
    ):
        client(server, retries=0).multimedia().collect()
    assert "/multimedia/query" in raised.value.source
    assert raised.value.hint


def test_a_wrong_setting_is_refused_with_what_was_meant():
    with pytest.raises(TypeError, match="did you mean 'contact'"):
        nat.Nba(email="me@museum.example")
    assert nat.Nba(url="http://127.0.0.1:9/v2").base_url == "http://127.0.0.1:9/v2"
