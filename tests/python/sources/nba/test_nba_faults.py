"""The NBA's client before the loopback NBA's faults: a list comes whole or not at all, never short."""

import contextlib

import pytest
from naturalia import Query, _core, errors, testing
from naturalia._sources.nba.question import NbaDocumentQuery
from naturalia._sources.settings import settings
from naturalia.testing import faults

QUICK = {"contact": "tests@museum.example", "rate": None, "retries": 1, "backoff": 0.01}


def asked(server, *, service="query", specs=({},), document="multimedia", size=100):
    """A query of the core, as the client asks it."""
    how = settings(
        server.url,
        timeout=20,
        max_wait=5,
        headers=None,
        auth=None,
        verify=True,
        proxy=None,
        max_bytes=1 << 28,
        **QUICK,
    )
    question = {
        "type": document,
        "specs": list(specs),
        "service": service,
        "size": size,
        "window": server.window,
    }
    return Query(NbaDocumentQuery(_core.Service("nba", server.url, how), question, settings=how))


def is_whole(server, query, spec=None, document="multimedia"):
    """Whether the list is exactly what the server has: every document, once."""
    found = list(query.collect()["id"])
    assert sorted(found) == [one["id"] for one in server.documents(document, spec)]
    return True


@pytest.mark.parametrize("times", [1, None])
@pytest.mark.parametrize("how", ["ended", "broken"])
@pytest.mark.parametrize("where", ["line", "middle"])
@pytest.mark.parametrize("window", [10_000, 150])
def test_a_download_that_is_cut_is_completed(window, where, how, times):
    fault = faults.DownloadCut(5, where=where, how=how, times=times)
    with testing.nba(500, window=window, faults=[fault]) as server:
        query = asked(server, service="download")
        assert is_whole(server, query)
        assert server.times(fault)
        assert query.report.oddities or query.report.retries


def test_a_download_that_loses_documents_in_its_midst_is_completed():
    fault = faults.DownloadLoses(10)
    with testing.nba(500, faults=[fault]) as server:
        query = asked(server, service="download")
        assert is_whole(server, query)
        assert any("450 of 500" in said for said in query.report.oddities.values())


def test_a_download_that_makes_up_for_lost_documents_with_doubles_is_an_error():
    wrong = [faults.DownloadLoses(100), faults.DocumentsTwice(5, verb="download")]
    with testing.nba(500, faults=wrong) as server, pytest.raises(errors.HarvestIncomplete) as caught:
        asked(server, service="download").collect()
    assert (caught.value.got, caught.value.expected) == (495, 500)


@pytest.mark.parametrize("service", ["query", "download"])
def test_ten_thousand_is_no_end(service):
    with testing.nba(12_500) as server:
        query = asked(server, service=service, size=1000)
        assert is_whole(server, query)
        asked_for = [
            int(request.spec.get("from", 0)) + int(request.spec.get("size", 0)) for request in server.requests
        ]
        assert max(asked_for) <= 10_000


def test_a_window_that_ends_before_it_should_gives_all_or_an_error():
    wall = faults.ResultWindow(300)
    with testing.nba(500, faults=[wall]) as server, contextlib.suppress(errors.NbaError):
        assert is_whole(server, asked(server))


def test_documents_without_the_field_that_parts_go_by_are_not_forgotten():
    documents = [
        {"id": f"{n:04}@X", "sourceSystemId": str(n), **({"unitID": f"U{n}"} if n % 3 else {})}
        for n in range(400)
    ]
    with testing.nba({"multimedia": documents}, window=60) as server:
        assert is_whole(server, asked(server, size=50))


@pytest.mark.parametrize("by", [1, -1, 1000])
def test_totals_that_change_with_every_page_are_an_error(by):
    fault = faults.TotalChanges(by)
    with testing.nba(500, faults=[fault]) as server, pytest.raises(errors.HarvestIncomplete) as caught:
        asked(server).collect()
    assert caught.value.expected


def test_a_total_that_changes_once_is_asked_again():
    fault = faults.TotalChanges(-1, page=3, times=1)
    with testing.nba(500, faults=[fault]) as server:
        query = asked(server)
        assert is_whole(server, query)
        assert server.times(fault) == 1
        assert query.report.oddities


def test_a_document_that_goes_while_one_reads_takes_none_with_it():
    with testing.nba(500) as server:
        first = server.documents()[0]["id"]
        server.faults += [faults.DocumentsChange(delete=(first,), page=3, times=1)]
        found = set(asked(server).collect()["id"])
        assert found - {first} == {one["id"] for one in server.documents()}


def test_a_document_that_comes_while_one_reads_hides_none():
    with testing.nba(500) as server:
        server.faults += [faults.DocumentsChange(add=({"id": "!new@CRS", "unitID": "!"},), page=3, times=1)]
        assert is_whole(server, asked(server))


@pytest.mark.parametrize("page", [2, 3])
def test_a_document_that_goes_while_another_comes_hides_none(page):
    with testing.nba(500) as server:
        first = server.documents()[0]["id"]
        new = {"id": "zzz@CRS", "unitID": "zzz"}
        server.faults += [faults.DocumentsChange(delete=(first,), add=(new,), page=page, times=1)]
        query = asked(server)
        found = set(query.collect()["id"])
        assert found - {first} == {one["id"] for one in server.documents()}
        assert query.report.duplicates == 0 or query.report.restarts


def test_pages_overlap_by_a_document_that_is_counted_once():
    with testing.nba(500) as server:
        query = asked(server)
        assert len(query.collect()) == 500
        assert query.report.duplicates == 0


@pytest.mark.parametrize(
    "fault",
    [faults.DocumentsMissing(3), faults.DocumentsMissing(3, page=2), faults.DocumentsTwice(3, page=2)],
)
def test_pages_that_stay_wrong_are_an_error(fault):
    with testing.nba(500, faults=[fault]) as server, pytest.raises(errors.HarvestIncomplete):
        asked(server).collect()


def test_an_order_that_changes_when_unsorted_is_no_matter():
    with testing.nba(500, faults=[faults.Unordered()]) as server:
        assert is_whole(server, asked(server))


PASSING = [
    faults.Status(503, retry_after=0, times=1, page=2),
    faults.Status(429, retry_after=0, times=1, page=2),
    faults.ServiceDown(times=1, page=2),
    faults.Html(times=1, page=2),
    faults.Empty(times=1, page=2),
    faults.Cut(0.5, length="sent", times=1, page=2),
    faults.Cut(0.5, length="chunked", times=1, page=2),
    faults.Cut(0.5, length="none", times=1, page=2),
    faults.Reset(times=1, page=2),
    faults.Reset(500, times=1, page=2),
    faults.Gzip("cut", times=1, page=2),
    faults.Gzip("corrupt", times=1, page=2),
    faults.Gzip("twice", times=1, page=2),
    faults.Drip(4096, 0.001, page=2),
    faults.DocumentsMissing(3, times=1, page=2),
]


@pytest.mark.parametrize("fault", PASSING, ids=repr)
def test_a_fault_that_passes_costs_nothing(fault):
    with testing.nba(300, faults=[fault]) as server:
        assert is_whole(server, asked(server))
        assert server.times(fault) == 1


LASTING = [
    (faults.ServiceDown(page=2), errors.NetworkError, "ConnectionFailureException"),
    (
        faults.QueryRefused("No such thing", "nl.naturalis.nba.api.NoSuchFieldException", page=2),
        errors.NbaError,
        "No such",
    ),
    (faults.NotFoundText(page=2), errors.NbaError, "404"),
    (faults.Html("Proxy", page=2), errors.NbaError, "Proxy"),
    (faults.Cut(0.5, length="sent", page=2), errors.ParseError, "stops"),
    (faults.Status(503, retry_after=3600, page=2), errors.RateLimited, "3600|hour|wait"),
]


@pytest.mark.parametrize(("fault", "kind", "said"), LASTING, ids=repr)
def test_a_fault_that_stays_is_an_error_that_says_what(fault, kind, said):
    with testing.nba(300, faults=[fault]) as server, pytest.raises(kind, match=said):
        asked(server).collect()


def test_all_specimens_and_taxa_come_as_well():
    with testing.nba(900, window=100) as server:
        for document in ("specimen", "taxon"):
            assert is_whole(server, asked(server, document=document, size=30), document=document)
