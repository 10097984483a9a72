"""The NHM data portal answers whole, as it is asked, and publishes nothing unless it is told to."""

import json
import pickle
from collections import Counter

import naturalia as nat
import pytest
from naturalia import errors
from naturalia.testing import faults

RECORDS = 240


@pytest.fixture(scope="module")
def server():
    with nat.testing.nhm(RECORDS) as server:
        yield server


@pytest.fixture
def nhm(server):
    return nat.NhmPortal(server.url, rate=None)


def asked(query):
    """The action of a query, and its parameters."""
    question = json.loads(query._question.text)
    return question["action"], question["params"]


# --- what is asked -----------------------------------------------------------------------------


def test_one_value_a_field_is_a_simple_search(nhm, server):
    action, params = asked(
        nhm.specimens(scientific_name="Helix pomatia", type_status="HOLOTYPE", has_image=True)
    )
    assert action == "vds_basic_query"
    assert params == {
        "resource_id": server.specimens,
        "limit": 1000,
        "filters": {"scientificName": "Helix pomatia", "typeStatus": "HOLOTYPE", "_has_image": "true"},
    }


def test_a_list_is_a_multi_query_with_or_and_explain_says_so(nhm, server):
    query = nhm.specimens(genus=["Helix", "Larus"], country="Italy", has_image=False)
    action, params = asked(query)
    assert action == "vds_multi_query"
    assert params["resource_ids"] == [server.specimens]
    assert params["query"]["filters"]["and"] == [
        {
            "or": [
                {"string_equals": {"fields": ["genus"], "value": "Helix"}},
                {"string_equals": {"fields": ["genus"], "value": "Larus"}},
            ]
        },
        {"string_equals": {"fields": ["country"], "value": "Italy"}},
        {"not": [{"exists": {"fields": ["associatedMedia"]}}]},
    ]
    assert "as a multi query with or" in query.explain()
    one, other, both = (nhm.specimens(genus=each).count() for each in ("Helix", "Larus", ["Helix", "Larus"]))
    assert one + other == both > 0


@pytest.mark.parametrize(
    ("condition", "term"),
    [
        (
            nat.field("year") < 1900,
            {"number_range": {"fields": ["year"], "less_than": 1900, "less_than_inclusive": False}},
        ),
        (nat.field("year") >= 1900, {"number_range": {"fields": ["year"], "greater_than": 1900}}),
        (
            nat.field("year").between(1900, 1910),
            {"number_range": {"fields": ["year"], "greater_than": 1900, "less_than": 1910}},
        ),
        (nat.field("year") == 1900, {"number_equals": {"fields": ["year"], "value": 1900}}),
        (nat.field("genus") == "Helix", {"string_equals": {"fields": ["genus"], "value": "Helix"}}),
        (
            nat.field("genus") != "Helix",
            {"not": [{"string_equals": {"fields": ["genus"], "value": "Helix"}}]},
        ),
        (
            nat.field("genus").isin(["Helix", "Larus"]),
            {
                "or": [
                    {"string_equals": {"fields": ["genus"], "value": "Helix"}},
                    {"string_equals": {"fields": ["genus"], "value": "Larus"}},
                ]
            },
        ),
        (
            nat.field("habitat").contains("rocks"),
            {"string_contains": {"fields": ["habitat"], "value": "rocks"}},
        ),
        (nat.field("associatedMedia").exists(), {"exists": {"fields": ["associatedMedia"]}}),
        (nat.field("year").isnull(), {"not": [{"exists": {"fields": ["year"]}}]}),
    ],
    ids=repr,
)
def test_conditions_become_terms_of_the_grammar(nhm, condition, term):
    _, params = asked(nhm.query(condition))
    assert params["query"] == {"filters": {"and": [term]}}
    found = nhm.query(condition, resources="specimens").count()
    rest = nhm.query(~condition, resources="specimens").count()
    assert found + rest == nhm.specimens().count()


@pytest.mark.parametrize(
    ("ask", "advice"),
    [
        (lambda nhm: nhm.specimens(genuss="Helix"), "did you mean 'genus'"),
        (lambda nhm: nhm.specimens(genus=[]), "asks for nothing"),
        (lambda nhm: nhm.specimens(genus=None), "values at the data portal are text"),
        (lambda nhm: nhm.specimens(british=True), "write what it says there"),
        (lambda nhm: nhm.query(nat.field("genus").isin([str(n) for n in range(1001)])), "nat.concat"),
        (lambda nhm: nhm.specimens(genus=map(str, range(1200)), family=map(str, range(1100))), "nat.concat"),
        (lambda nhm: nhm.specimens(species="Helix"), "a genus and an epithet"),
        (lambda nhm: nhm.specimens(page_size=5000), "1 to 1,000 records a page"),
        (lambda nhm: nhm.specimens(genus=["Helix", "Larus"], fields="genus"), "leave one of them out"),
        (lambda nhm: nhm.specimens(area="Itlay"), "did you mean 'Italy' (country)"),
        (lambda nhm: nhm.specimens(near=(52, 4)), "latitude, longitude and a radius"),
        (lambda nhm: nhm.records("specimen types"), "is no id of a resource"),
        (lambda nhm: nhm.query(nat.field("modified") > "2020-01-01"), "ask for year, month and day"),
        (lambda nhm: nhm.query(nat.field("genus").startswith("Hel")), "it knows ==, isin"),
        (
            lambda nhm: nhm.query({"search": "x"}, area="Italy"),
            "put search=, area=, near= and has_image= into it",
        ),
        (lambda nhm: nhm.query({"serch": "x"}), "did you mean 'search'"),
        (lambda nhm: nhm.query("helix"), "is no condition"),
        (lambda nhm: nhm.media(nhm.specimens(), genus="Helix"), "not both"),
        (lambda nhm: nhm.featured("butterfly"), "did you mean 'butterfly-types'"),
        (lambda nhm: nhm.action("create_doi"), "mint_doi()"),
        (lambda nhm: nhm.action("vds_data_sync"), "leaves something behind"),
        (lambda nhm: nhm.version("specimens", "long ago"), "version"),
    ],
)
def test_what_the_portal_can_not_be_asked_is_refused_before_it_is_asked(nhm, server, ask, advice):
    before = len(server.requests)
    with pytest.raises((TypeError, ValueError)) as refused:
        ask(nhm)
    assert advice in str(refused.value)
    assert len(server.requests) == before


def test_areas_are_named_drawn_and_measured(nhm):
    italy = nhm.specimens(area="italy")
    assert asked(italy)[1]["query"]["filters"]["and"] == [{"geo_named_area": {"country": "Italy"}}]
    assert "within Italy (country)" in italy.explain()
    box = {"type": "Polygon", "coordinates": [[[6, 36], [19, 36], [19, 47], [6, 47], [6, 36]]]}
    assert 0 < italy.count() <= nhm.specimens(area=box).count() < nhm.specimens().count()
    assert nhm.specimens(area=["Italy", box]).count() == nhm.specimens(area=box).count()
    assert "area={'geography': 'Cyprus'}" in nhm.specimens(area="Cyprus").explain()
    first = nhm.specimens(area="Italy").first()
    place = float(first["decimalLatitude"][0]), float(first["decimalLongitude"][0])
    assert nhm.specimens(near=(*place, "1 km")).count() > 0


def test_long_lists_are_asked_in_pieces_and_a_record_comes_once(nhm, server):
    names = [f"Nobody {n}" for n in range(1200)]
    before = len(server.requests)
    query = nhm.specimens(habitat=["On rocks", *names, "Intertidal"])
    found = query.collect()
    both = nhm.specimens(habitat=["On rocks", "Intertidal"]).collect()
    assert set(found["_id"]) == set(both["_id"])
    assert len(found) == len(both) == query.count() > 0
    assert query.report.requests == 2
    assert "in 2 questions" in query.explain()
    assert len(server.requests) > before
    species = nhm.specimens(species=["Helix pomatia", *names]).collect()
    assert len(species) == nhm.specimens(species="Helix pomatia").count() > 0
    assert len(nhm.media(nhm.specimens(genus=["Helix", *names])).collect()) > 0
    assert len(nhm.specimens(genus=["Helix", *names]).first(2)) == 2


def test_species_are_found_whoever_named_them(nhm):
    names = set(nhm.specimens(species=["Helix pomatia", "Helix lucorum"]).collect()["scientificName"])
    assert {name.split(" ")[1] for name in names} == {"pomatia", "lucorum"}
    assert all(name.endswith("Linnaeus, 1758") for name in names)


def test_fields_and_order_are_those_asked_for(nhm):
    found = nhm.specimens(fields=["genus", "scientific_name"], sort="catalogNumber").first(5)
    assert all(set(document) <= {"_id", "genus", "scientificName"} for document in found.to_dicts())
    query = nhm.specimens(sort=["year desc", "catalog_number"], fields="associatedMedia.assetID")
    assert asked(query)[1]["sort"] == ["year desc", "catalogNumber"]
    assert asked(query)[1]["fields"] == ["_id", "associatedMedia.assetID"]
    assert "as text" in query.explain()
    with pytest.raises(ValueError, match="did you mean 'year'"):
        nhm.specimens(sort="yeer desc")


# --- what comes --------------------------------------------------------------------------------


def test_a_list_comes_whole_page_by_page(nhm, server):
    query = nhm.specimens(page_size=100)
    before = len(server.requests)
    table = query.collect()
    assert len(table) == len(set(table["_id"])) == query.count()
    assert len(server.requests) - before == len(table) // 100 + 2  # and one to count
    assert query.report.declared == len(table)


def test_more_records_than_an_offset_reaches_come_too():
    with nat.testing.nhm(10_500) as server:
        nhm = nat.NhmPortal(server.url, rate=None)
        assert len(set(nhm.specimens(fields="genus").collect()["_id"])) == nhm.specimens().count() > 10_000


def test_first_asks_for_no_more_than_it_takes(nhm, server):
    assert len(nhm.specimens().first(3)) == 3
    assert json.loads(server.requests[-1].body)["limit"] == 3


@pytest.mark.parametrize(
    "fault",
    [faults.NullCursor(), faults.ShortPage(lost=3), faults.RepeatedCursor()],
    ids=lambda fault: type(fault).__name__,
)
def test_a_list_that_stops_before_its_end_is_an_error_and_never_short(fault):
    with nat.testing.nhm(RECORDS, faults=[fault]) as server:
        nhm = nat.NhmPortal(server.url, rate=None, backoff=0.01)
        with pytest.raises((errors.HarvestIncomplete, errors.TokenCycle)):
            nhm.specimens(page_size=50).collect()


def test_an_older_portal_is_asked_by_the_one_name_it_shares():
    with nat.testing.nhm(RECORDS, faults=[faults.UnknownActions("vds_")]) as server:
        nhm = nat.NhmPortal(server.url, rate=None)
        assert len(nhm.specimens(genus="Helix").collect()) > 0
        assert [call.path.rpartition("/")[2] for call in server.requests] == [
            "vds_basic_query",
            "datastore_search",
        ]
        with pytest.raises(errors.NhmError, match="Action name not known"):
            nhm.search("helix").collect()


def test_records_are_counted_by_a_field_as_the_portal_counts(nhm):
    table = nhm.specimens(has_image=True).collect()
    counted = nhm.specimens(has_image=True).count(by="type_status")
    told = dict(zip(counted["type_status"], counted["count"], strict=True))
    own = Counter(status and status.lower() for status in table["typeStatus"])
    assert told == own
    assert counted["count"] == sorted(counted["count"], reverse=True)
    assert None in told
    assert sum(nhm.specimens(q="helix").count(by="country")["count"]) == nhm.specimens(q="helix").count()
    both = nhm.search("helix").count(by="resource")
    assert both["resource"][0] == "specimens"
    assert sum(both["count"]) == nhm.search("helix").count()
    assert nhm.specimens().count(by="resource")["count"] == [RECORDS]
    with pytest.raises(ValueError, match="simple search"):
        nhm.specimens(area="Italy").count(by="country")
    with pytest.raises(ValueError, match="did you mean 'country'"):
        nhm.specimens().count(by="contry")


def test_values_are_read_as_a_text_or_a_list(nhm):
    habitats = [each for each in nhm.specimens().collect()["habitat"] if each]
    assert {len(each) for each in habitats} > {1}


def test_a_version_is_rounded_once_and_kept_for_all_pages(nhm, server):
    known = nhm.versions("specimens")["version"]
    query = nhm.specimens(version="2024", page_size=50)
    assert asked(query)[1]["version"] == nhm.version("specimens", "2024") == known[1]
    assert f"as of version {known[1]}" in query.explain()
    before = len(server.requests)
    old = query.collect()
    assert {json.loads(call.body)["version"] for call in server.requests[before:]} == {known[1]}
    assert 0 < len(nhm.specimens(version=known[0]).collect()) < len(old)
    assert len(nhm.versions("specimens", record=old["_id"][0])) >= 1


def test_one_record_comes_by_its_guid_or_its_id(nhm):
    one = nhm.specimens(genus="Helix").first()
    guid, own = one["occurrenceID"][0], one["_id"][0]
    for found in (nhm.record(guid), nhm.record(("specimens", own)), nhm.record(own, resource="specimens")):
        assert found.to_dicts() == one.to_dicts()


CODES = {"400": "Bad request", "404": "Not Found Error", "409": "Validation Error"}


@pytest.mark.parametrize(
    ("ask", "code", "advice"),
    [
        (lambda nhm: nhm.action("datastore_multisearch"), "400", "names start with vds_"),
        (lambda nhm: nhm.record(("specimens", "no")), "404", "nothing has this name or id"),
        (lambda nhm: nhm.dataset("no"), "404", "datasets() lists"),
        (lambda nhm: nhm.resolve("no-such-slug"), "409", "check the slug"),
        (lambda nhm: nhm.record("no"), "no specimens", "(resource, id)"),
        (lambda nhm: nhm.dataset("10.5519/none"), "no data set", "datasets() lists"),
        (lambda nhm: nhm.records("0" * 32).collect(), "409", "resource"),
    ],
)
def test_a_refusal_says_what_and_what_to_do(nhm, ask, code, advice):
    with pytest.raises(errors.NhmError) as refused:
        ask(nhm)
    assert code in refused.value.message
    assert refused.value.status == (int(code) if code.isdecimal() else None)
    assert refused.value.code == CODES.get(code, "")
    assert advice in str(refused.value)
    assert refused.value.source.startswith("http://127.0.0.1")


# --- data sets and searches --------------------------------------------------------------------


def test_data_sets_have_their_resources_and_licence(nhm):
    found = nhm.datasets("butterfly")
    assert [each.name for each in found] == ["butterfly-traps-survey"]
    survey = found[0]
    assert survey.license.id == "cc-by-nc-4.0"
    assert nhm.dataset(survey.doi).name == nhm.dataset(survey.name).name == survey.name
    assert [each.searchable for each in survey.resources] == [True, True]
    assert len(survey.resources[0].records(filters={"Species": "Papilio machaon"}).collect()) > 0
    table = nhm.datasets().table()
    assert len(table) == len(nhm.datasets()) > 3
    assert dict(zip(table["name"], table["doi"], strict=True))["collection-specimens"] == "10.5519/0002965"
    assert "butterfly-traps-survey" in repr(found)
    assert "butterfly-traps-survey" in found._repr_html_()


def test_fields_of_research_data_sets_are_keywords_as_they_are_called(nhm):
    table = nhm.dataset("butterfly-traps-survey").resources[0]
    found = table.records(Species="Papilio machaon", fields=["Trap", "Species"], sort="Trap desc").collect()
    assert {document["Species"] for document in found.to_dicts()} == {"Papilio machaon"}
    assert all(set(document) <= {"_id", "Trap", "Species"} for document in found.to_dicts())


def test_a_slug_leads_to_its_search_and_back(nhm, server):
    query = nhm.resolve("butterfly-types")
    assert query.url == f"{server.url}/search/butterfly-types"
    assert "the search 'butterfly-types'" in query.explain()
    assert query.count() == len(query.collect()) == nhm.featured("butterfly-types").count() > 0
    assert "butterfly-types" in nhm.featured()["name"]


def test_nothing_is_published_unless_it_is_said():
    with nat.testing.nhm(RECORDS) as server:
        nhm = nat.NhmPortal(server.url, rate=None)
        query = nhm.specimens(genus="Helix", version="latest")
        for publish in (nhm.download, nhm.mint_doi, nhm.slug):
            with pytest.raises(ValueError, match="publish=True"):
                publish(query)
            with pytest.raises(ValueError, match="publish=True"):
                publish(query, publish="yes")
        query.collect(), nhm.datasets(), nhm.media(query).collect(), nhm.featured("aphid-slides")
        assert server.writes == []


def test_what_is_published_is_the_query_with_its_version():
    with nat.testing.nhm(RECORDS) as server:
        nhm = nat.NhmPortal(server.url, rate=None)
        query = nhm.specimens(genus="Helix", q="helix", has_image=True, version="2024")
        slug = nhm.slug(query, publish=True)
        assert set(nhm.resolve(slug).collect()["_id"]) == set(query.collect()["_id"]) != set()
        download = nhm.download(query, publish=True)
        assert download.url is None
        assert download.wait(every=0.01).url.endswith(".zip")
        assert nhm.resolve(download.doi).count() == query.count()
        with pytest.raises(ValueError, match="to whom"):
            nhm.mint_doi(query, publish=True)
        assert nhm.mint_doi(query, email="me@museum.example", publish=True) == download.doi
        with pytest.raises(ValueError, match=r"resources=\["):
            nhm.mint_doi(nhm.search("helix"), email="me@museum.example", publish=True)
        with pytest.raises(ValueError, match="did you mean 'csv'"):
            nhm.download(query, format="cvs", publish=True)
        assert len(server.writes) == 3


def test_what_publishes_is_sent_once_though_it_fails():
    with nat.testing.nhm(10, faults=[faults.Status(503, verb="vds_slug_create")]) as server:
        nhm = nat.NhmPortal(server.url, rate=None, retries=5, backoff=0.01)
        with pytest.raises(errors.NetworkError):
            nhm.slug(nhm.specimens(), publish=True)
        assert len(server.writes) == 1


def test_the_hash_made_here_is_the_one_made_there(nhm):
    query = {"search": "a", "filters": {"not": [{"string_equals": {"fields": ["genus"], "value": "b"}}]}}
    assert nhm.hash(query) == nhm.action("vds_multi_hash", query=query)


def test_a_portal_is_found_by_the_address_of_its_api(server):
    for end in ("", "/", "/api", "/api/3/", "/api/3/action/vds_basic_query?limit=1"):
        assert nat.NhmPortal(url=server.url + end, rate=None).url == server.url
    with pytest.raises(TypeError, match="did you mean 'contact'"):
        nat.NhmPortal(mail="me@museum.example")


def test_a_portal_pickles(nhm):
    again = pickle.loads(pickle.dumps(nhm))
    assert repr(again) == repr(nhm)
    assert again.specimens().count() == nhm.specimens().count()


# --- harvests ----------------------------------------------------------------------------------


def versions_asked(server):
    """The versions that lists were asked for, in order."""
    lists = [call for call in server.requests if call.path.endswith("query")]
    return [json.loads(call.body).get("version") for call in lists]


def test_a_harvest_asks_all_its_pages_for_one_version_rounded_once(tmp_path):
    file = str(tmp_path / "m.sqlite")
    with nat.testing.nhm(RECORDS) as server:
        nhm = nat.NhmPortal(server.url, rate=None)
        latest = nhm.version("specimens")
        harvest = nat.harvest(nhm.specimens(page_size=50), file)
        assert len(harvest) == RECORDS
        assert versions_asked(server) == [latest] * (RECORDS // 50 + 1)
        rounded = [call for call in server.requests if call.path.endswith("vds_version_round")]
        assert len(rounded) == 2  # one of them was ours
        assert str(latest) in str(harvest)
        assert "version" not in harvest.question["params"]
        harvest.update()
        assert len(harvest) == RECORDS


def test_a_stopped_harvest_goes_on_with_its_version(tmp_path):
    file = str(tmp_path / "m.sqlite")
    with nat.testing.nhm(
        RECORDS, faults=[faults.Status(404, verb="vds_basic_query", page=3, times=1)]
    ) as server:
        nhm = nat.NhmPortal(server.url, rate=None, retries=0)
        with pytest.raises(errors.NaturaliaError):
            nat.harvest(nhm.specimens(page_size=50), file)
        stopped = set(versions_asked(server))
        server.requests.clear()
        assert len(nat.harvest(nhm.specimens(page_size=50), file)) == RECORDS
        assert set(versions_asked(server)) == stopped != {None}
        assert not any(call.path.endswith("vds_version_round") for call in server.requests)


def test_a_harvest_of_another_version_is_another_question(tmp_path):
    file = str(tmp_path / "m.sqlite")
    with nat.testing.nhm(RECORDS) as server:
        nhm = nat.NhmPortal(server.url, rate=None)
        old = nat.harvest(nhm.specimens(version="2023-08"), file)
        assert old.question["params"]["version"] == nhm.versions()["version"][0]
        assert len(old) < RECORDS
        with pytest.raises(errors.StateMismatch):
            nat.harvest(nhm.specimens(), file)
        with pytest.raises(TypeError, match="can't be harvested"):
            nat.harvest(nhm.media(genus="Helix"), str(tmp_path / "media.sqlite"))


def test_an_older_portal_without_versions_is_harvested_too(tmp_path):
    with nat.testing.nhm(RECORDS, faults=[faults.UnknownActions("vds_")]) as server:
        nhm = nat.NhmPortal(server.url, rate=None)
        assert len(nat.harvest(nhm.specimens(), str(tmp_path / "m.sqlite"))) == RECORDS
