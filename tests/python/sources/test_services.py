"""Lists of the NBA, the NHM Data Portal and feeds: all of it, once, or an error."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from naturalia import _core, errors, testing
from naturalia.testing import faults
from support.services import (
    SETTINGS,
    WRONG,
    Nba,
    Nhm,
    asking,
    document,
    encoded,
    feed,
    ids,
    records,
    scattered,
    serving,
)


def nba(documents, *, window=10_000, fault=None, size=10, **question):
    service = Nba(documents, window=window, fault=fault)
    with serving(service) as (url, log):
        query = asking(f"{url}/v2", size=size, window=window, **question)
        table = query.collect()
    return table, query.report, log


def test_a_list_comes_page_by_page_in_the_order_of_its_ids():
    documents = [document(number) for number in range(25)]
    table, report, log = nba(documents)
    assert list(table["id"]) == ids(documents)
    assert report.requests == 3
    assert report.declared == 25
    assert all(json.loads(body)["sortFields"] == [{"path": "id", "sortOrder": "ASC"}] for _, _, body in log)


@pytest.mark.parametrize("service", ["query", "download"])
def test_a_list_longer_than_the_window_comes_in_parts_and_whole(service):
    documents = scattered(600)
    table, report, _ = nba(documents, window=40, size=20, service=service)
    assert sorted(table["id"]) == ids(documents)
    assert report.duplicates == 0
    assert report.declared == 600
    assert report.splits > 0
    assert not report.oddities


@settings(max_examples=30, deadline=None)
@given(
    units=st.lists(st.none() | st.text('aA.é😀"\\ %', max_size=4), max_size=40),
    window=st.integers(2, 12),
    service=st.sampled_from(["query", "download"]),
)
def test_every_document_comes_once_whatever_their_keywords_are(units, window, service):
    documents = [document(number, unit or "") for number, unit in enumerate(units)]
    table, report, _ = nba(documents, window=window, size=min(window, 5), service=service)
    assert sorted(table["id"]) == ids(documents)
    assert report.duplicates == 0


def test_parts_keep_to_the_conditions_that_were_asked():
    documents = [document(number, license="CC0" if number % 3 else "CC BY") for number in range(300)]
    either = [
        {"not": "NOT", "field": "license", "operator": "EQUALS", "value": "CC0"},
        {"not": "NOT", "field": "unitID", "operator": "STARTS_WITH", "value": "RMNH.AVES.000"},
    ]
    table, *_ = nba(documents, window=30, specs=[{"conditions": either, "logicalOperator": "OR"}])
    wanted = [
        one for one in documents if one["license"] != "CC0" or not one["unitID"].startswith("RMNH.AVES.000")
    ]
    assert sorted(table["id"]) == ids(wanted)


def test_a_document_that_several_specs_find_comes_once():
    documents = [document(number) for number in range(30)]
    starts = [{"field": "unitID", "operator": "STARTS_WITH", "value": f"RMNH.AVES.000{n}"} for n in (0, 1)]
    table, report, _ = nba(
        documents, specs=[{"conditions": [one]} for one in (starts[0], starts[1], starts[0])]
    )
    assert list(table["id"]) == ids(documents)[:20]
    assert report.duplicates == 10


def test_documents_that_cannot_be_told_apart_are_an_error():
    documents = [{**document(number), "unitID": "same", "sourceSystemId": "same"} for number in range(50)]
    with pytest.raises(errors.HarvestIncomplete, match="told apart") as caught:
        nba(documents, window=20)
    assert caught.value.expected == 50


def test_a_slice_is_what_was_asked_for():
    documents = [document(number) for number in range(100)]
    table, report, log = nba(documents, window=50, size=4, specs=[{"from": 5, "size": 10}])
    assert list(table["id"]) == ids(documents)[5:15]
    assert report.declared == 10
    assert len(log) == 3
    for beyond in (45, 2**64 - 1):
        with pytest.raises(ValueError, match="beyond the 50"):
            nba(documents, window=50, specs=[{"from": beyond, "size": 10}])
    for empty in ({"size": 0}, {"from": 45, "size": 0}):
        assert len(nba(documents, window=50, specs=[empty])[0]) == 0


def test_count_and_first_cost_one_request():
    with serving(Nba([document(number) for number in range(500)], window=40)) as (url, log):
        query = asking(f"{url}/v2", window=40, size=20, specs=[{"fields": ["license"]}])
        assert query.count() == 500
        first = query.first(3)
    assert list(first["license"]) == ["CC0"] * 3
    assert [path for _, path, _ in log] == ["/v2/multimedia/count", "/v2/multimedia/query"]


def once(change):
    """A fault that happens at one request only."""
    done = []

    def fault(service, kind, spec, reply):
        if not done and (changed := change(service, kind, spec, reply)) is not None:
            done.append(True)
            return changed
        return None

    return fault


def short_page(_, kind, spec, reply):
    if kind == "query" and spec["from"] == 9:
        return 200, "application/json", encoded({**reply, "resultSet": reply["resultSet"][:-3]})
    return None


def grown(service, kind, spec, reply):
    if kind == "query" and spec["from"] == 9:
        service.documents.insert(0, document(0, "AAA"))
        return 200, "application/json", encoded({**reply, "totalSize": reply["totalSize"] + 1})
    return None


def moved(service, kind, spec, reply):
    """The page begins one document too early; the size stays."""
    if kind == "query" and spec["from"] == 9:
        last = sorted(service.documents, key=lambda one: one["id"])[8]
        items = [{"item": last}, *reply["resultSet"][:-1]]
        return 200, "application/json", encoded({**reply, "resultSet": items})
    return None


@pytest.mark.parametrize("fault", [short_page, grown, moved])
def test_what_goes_wrong_once_is_asked_again_and_noticed(fault):
    documents = [document(number) for number in range(25)]
    table, report, _ = nba(documents, fault=once(fault))
    assert sorted(table["id"]) == ids(documents)
    assert len(report.oddities) >= 1


@pytest.mark.parametrize("fault", [short_page, moved])
def test_what_stays_wrong_is_an_error(fault):
    with pytest.raises(errors.HarvestIncomplete) as caught:
        nba([document(number) for number in range(25)], fault=fault)
    assert caught.value.expected == 25


def test_sums_of_parts_that_miss_the_count_are_an_error():
    def hidden(_, kind, spec, reply):
        # One document is in the whole list and in none of its parts.
        if kind == "query" and spec.get("conditions"):
            items = [one for one in reply["resultSet"] if "00123" not in one["item"]["id"]]
            gone = len(reply["resultSet"]) - len(items)
            return (
                200,
                "application/json",
                encoded({"totalSize": reply["totalSize"] - gone, "resultSet": items}),
            )
        return None

    with pytest.raises(errors.HarvestIncomplete) as caught:
        nba([document(number) for number in range(200)], window=30, size=30, fault=hidden)
    assert (caught.value.got, caught.value.expected) == (199, 200)


@pytest.mark.parametrize(("moment", "size"), [(5, 201), (30, 200)])
def test_a_list_that_grows_is_as_it_was_at_its_start_or_the_change_is_told(moment, size):
    def growing(service, kind, spec, _):
        if kind == "query" and spec.get("conditions") and service.asked == moment:
            service.documents.append(document(999, "RMNH.AVES.00000x"))

    table, report, _ = nba([document(number) for number in range(200)], window=30, size=30, fault=growing)
    assert len(table) == size
    assert any("changed from 200 to 201" in said for said in report.oddities.values()) == (size == 201)


def test_a_window_that_is_smaller_than_the_service_says_is_found_out():
    documents = [document(number) for number in range(200)]
    service = Nba(documents, window=50)
    with serving(service) as (url, _):
        query = asking(f"{url}/v2", size=20, window=1000)
        assert sorted(query.collect()["id"]) == ids(documents)
    assert any("through 40" in said for said in query.report.oddities.values())


@pytest.mark.parametrize("service", ["query", "download"])
@pytest.mark.parametrize("fault", [faults.DocumentsTwice(), faults.TotalChanges(), faults.DocumentsMissing()])
def test_a_service_that_never_mends_is_an_error_in_the_end(service, fault):
    with testing.nba(300, faults=[fault]) as server:
        query = asking(server.url, size=20, window=80, service=service)
        truth = sorted(one["id"] for one in server.documents())
        try:
            assert sorted(query.collect()["id"]) == truth
        except errors.HarvestIncomplete:
            assert not isinstance(fault, faults.DocumentsMissing) or service == "query"
        assert len(server.requests) < 200


@pytest.mark.parametrize("where", ["line", "middle"])
@pytest.mark.parametrize("how", ["ended", "broken"])
def test_downloads_of_the_loopback_nba_that_are_cut_are_completed(where, how):
    with testing.nba(300, faults=[faults.DownloadCut(10, where, how), faults.DownloadLoses(7)]) as server:
        query = asking(server.url, size=20, window=80, service="download")
        assert sorted(query.collect()["id"]) == sorted(one["id"] for one in server.documents())


@pytest.mark.parametrize("end", [b"", b'{"id": "cut'])
def test_a_download_that_is_cut_is_completed_by_pages(end):
    def cut(_, kind, _spec, reply):
        if kind == "download" and len(reply) > 3:
            return 200, "application/x-ndjson", b"\n".join([*map(encoded, reply[:3]), end])
        return None

    documents = scattered(200)
    table, report, _ = nba(documents, window=50, service="download", fault=cut)
    assert sorted(table["id"]) == ids(documents)
    assert any("asked for by pages" in said for said in report.oddities.values())


def test_a_bad_question_is_explained_and_not_asked_again():
    with serving(lambda *_: (500, "application/json", encoded(WRONG))) as (url, log):
        with pytest.raises(errors.NbaError, match="no such field: genuss") as caught:
            asking(url).collect()
        assert len(log) == 1
    assert caught.value.source.startswith("http://")


@pytest.mark.parametrize(
    ("status", "kind", "body", "error", "said", "tries"),
    [
        (
            404,
            "text/plain",
            b"404 (NOT FOUND)\nNo Specimen exists with ID x",
            errors.NbaError,
            "No Specimen",
            1,
        ),
        (400, "application/json", encoded(WRONG), errors.NbaError, "genuss", 1),
        (500, "text/plain", b"500\njavax.ws.rs.NotFoundException: x", errors.NbaError, "NotFound", 1),
        (500, "text/plain", b"x.ConnectionFailureException: down", errors.NetworkError, "down", 2),
        (502, "text/html", b"<html><title>Bad Gateway</title>", errors.NetworkError, "Bad Gateway", 2),
        (200, "text/html", b"<html>log in</html>", errors.NbaError, "no JSON", 2),
        (200, "application/json", b"", errors.NbaError, "empty", 2),
        (
            200,
            "application/json",
            b'{"totalSize": 3, "resultSet": [{"item": {"id"',
            errors.Truncated,
            "stops",
            2,
        ),
        (429, "text/plain", b"slow down", errors.RateLimited, "429", 2),
    ],
)
def test_replies_that_are_no_answer(  # noqa: PLR0917
    status, kind, body, error, said, tries
):
    with serving(lambda *_: (status, kind, body)) as (url, log):
        with pytest.raises(error, match=said):
            asking(url).collect()
        assert len(log) == tries


def test_one_reply_as_text_with_its_facts():
    with serving(lambda *_: (200, "application/json", b'{"a": 1}')) as (url, log):
        service = _core.Service("nba", f"{url}/v2/", SETTINGS)
        text, facts = service.ask("GET", "metadata/getSetting/x", [("a b", "ë&c")], None)
    assert text == '{"a": 1}'
    assert facts["status"] == 200
    assert facts["url"].endswith("/v2/metadata/getSetting/x?a+b=%C3%AB%26c")
    assert log[0][:2] == ("GET", "/v2/metadata/getSetting/x")


def nhm(service, **params):
    with serving(service) as (url, log):
        question = {"action": "vds_basic_query", "params": {"resource_id": "r", **params}}
        query = asking(url, kind="nhm", **question)
        return query.collect(), query.report, log


def test_records_of_the_portal_come_by_cursor():
    table, report, log = nhm(Nhm(records(2500)))
    assert len(set(table["_id"])) == 2500
    assert report.requests == 3
    assert "offset" not in log[-1][2]
    assert {path for _, path, _ in log} == {"/api/3/action/vds_basic_query"}


def test_the_version_of_a_list_is_sent_with_every_page():
    _, _, log = nhm(Nhm(records(25)), limit=10, version=1700000000000)
    assert [json.loads(body)["version"] for _, _, body in log] == [1700000000000] * 3


def test_a_portal_that_knows_only_the_former_name_is_asked_by_it_once():
    table, report, log = nhm(Nhm(records(2100), known=("datastore_search",)))
    assert len(table) == 2100
    assert [path.rpartition("/")[2] for _, path, _ in log] == ["vds_basic_query"] + ["datastore_search"] * 3
    assert any("datastore_search" in said for said in report.oddities.values())
    with pytest.raises(errors.NhmError, match="Action name not known: datastore_search"):
        nhm(Nhm(records(1), known=()))


def test_a_cursor_that_ends_too_early_is_an_error():
    def null(_, _params, result):
        return 200, "application/json", encoded({"result": {**result, "after": None}})

    with pytest.raises(errors.HarvestIncomplete) as caught:
        nhm(Nhm(records(2500), fault=null))
    assert (caught.value.got, caught.value.expected) == (1000, 2500)


def test_a_record_that_came_twice_does_not_stand_for_one_that_did_not_come():
    def twice(_, params, result):
        if params.get("after"):
            result = {**result, "records": [records(1)[0], *result["records"][1:]]}
            return 200, "application/json", encoded({"result": result})
        return None

    with pytest.raises(errors.HarvestIncomplete) as caught:
        nhm(Nhm(records(1500), fault=twice))
    assert (caught.value.got, caught.value.expected) == (1499, 1500)


def test_a_list_that_grows_while_it_is_read_is_read_again():
    def shrinks(service, params, result):
        if params.get("after") and service.asked < 3:
            service.records = service.records[:-1]
            return 200, "application/json", encoded({"result": {**result, "total": 1600, "after": None}})
        return None

    table, report, _ = nhm(Nhm(records(1500), fault=shrinks))
    assert len(table) >= 1499
    assert report.restarts == 1


@pytest.mark.parametrize(
    ("status", "body", "error", "said", "tries"),
    [
        (409, {"error": {"__type": "Validation Error", "q": ["bad"]}}, errors.NhmError, "q: bad", 1),
        (404, {"error": {"__type": "Not Found Error", "message": "none"}}, errors.NhmError, "none", 1),
        (400, "Bad request: JSON Error: x", errors.NhmError, "JSON Error", 1),
        (
            500,
            {"error": {"__type": "Internal Server Error", "message": "oops"}},
            errors.NetworkError,
            "oops",
            2,
        ),
    ],
)
def test_refusals_of_the_portal(status, body, error, said, tries):
    with serving(lambda *_: (status, "application/json", encoded(body))) as (url, log):
        with pytest.raises(error, match=said):
            asking(url, kind="nhm", action="vds_multi_query", params={}).collect()
        assert len(log) == tries


def test_records_of_several_resources_may_have_the_same_number():
    result = {
        "total": 2,
        "after": None,
        "records": [{"data": {"_id": "1"}, "resource": name} for name in "ab"],
    }
    reply = {"help": "", "success": True, "result": result}
    with serving(lambda *_: (200, "application/json", encoded(reply))) as (url, _):
        query = asking(url, kind="nhm", action="vds_multi_query", params={"query": {}})
        assert len(query.collect()) == 2


def test_a_feed_is_followed_to_its_last_page_and_not_in_a_circle():
    with serving(feed([1, 2, None])) as (url, _):
        table = asking(url, kind="atom", url=f"{url}/").collect()
        assert list(table["id"]) == ["tag:0", "tag:1", "tag:2"]
    with serving(feed([1, 2, 1])) as (url, _), pytest.raises(errors.TokenCycle):
        asking(url, kind="atom", url=f"{url}/").collect()
    with (
        serving(lambda *_: (200, "text/html", b"<html></html>")) as (url, _),
        pytest.raises(errors.NotOaiPmh),
    ):
        asking(url, kind="atom", url=f"{url}/").collect()
