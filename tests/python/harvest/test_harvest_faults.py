"""Whatever a provider does wrong, a harvest ends with every record or says what is missing."""

import datetime as dt

import naturalia as nat
import pytest
from naturalia.testing import Item, faults, generate, serve
from support.harvest_files import got, harvest, truth

PAGES = {"page_size": 20}


class LostFromRecords(faults.LostRecords):
    """ListIdentifiers has what ListRecords leaves out."""

    verbs = ("ListRecords",)


# What goes wrong, and what of it the tally shows.
ALL_RECORDS = {
    "a page is cut, length consistent": ([faults.Cut(page=2, times=1)], {"retries": 1}),
    "a page is cut on the way": ([faults.Cut(page=2, times=1, length="sent")], {"retries": 1}),
    "the connection is reset": ([faults.Reset(page=2, times=1)], {"retries": 1}),
    "the connection is reset in the body": ([faults.Reset(page=3, times=1, after=500)], {"retries": 1}),
    "a web page with status 200, once": ([faults.Html(page=2, times=1)], {"retries": 1}),
    "an empty body, once": ([faults.Empty(page=2, times=1)], {"retries": 1}),
    "503, twice": ([faults.Status(503, page=2, times=2)], {"retries": 2}),
    "429 with a short Retry-After": ([faults.Status(429, page=2, times=1, retry_after=0)], {"retries": 1}),
    "the last token is empty": ([faults.LastToken("empty")], {}),
    "the last token is blank": ([faults.LastToken("blank")], {}),
    "the last token is missing": ([faults.LastToken("missing")], {}),
    "the last token leads to noRecordsMatch": ([faults.LastToken("more")], {}),
    "a page is empty and goes on": ([faults.EmptyPage(page=2)], {}),
    "tokens need encoding": ([faults.TokenText()], {}),
    "the token is always the same text": ([faults.SessionToken()], {}),
    "the token expired once": ([faults.ExpiredToken(page=3, times=1)], {}),
    "the token has expired": ([faults.ExpiredToken(page=3, times=2)], {}),
    "tokens never get beyond the third page": ([faults.ExpiredToken(page=4)], {}),
    "pages repeat the record before": ([faults.Duplicates()], {"duplicates": 1}),
    "the last of a page is not sent": ([faults.LostRecords(page=2, count=3)], {"fetched_after": 3}),
    "a list of records lacks some": (
        [LostFromRecords(page=2, count=3)],
        {"fetched_after": 3},
    ),
    "no size is declared": ([faults.WrongSize(None)], {}),
    "the size declared is too large": ([faults.WrongSize(5000)], {}),
    "the size declared changes": ([faults.WrongSize(drift=3)], {}),
    "the cursor counts pages": ([faults.WrongCursor("pages")], {}),
    "there is no cursor": ([faults.WrongCursor("missing")], {}),
    "control characters": ([faults.Inside(b"\x0b")], {"repaired": 1}),
    "bare ampersands": ([faults.Inside(b" & ")], {"repaired": 1}),
    "entities of HTML": ([faults.Inside(b"&eacute;")], {"repaired": 1}),
    "bytes that are no text": ([faults.Inside(b"\xe9")], {"repaired": 1}),
    "blanks before the declaration": ([faults.Leading()], {"repaired": 1}),
    "a notice after the page": ([faults.Trailing()], {"repaired": 1}),
    "a namespace with https": ([faults.Namespace("https://www.openarchives.org/OAI/2.0/")], {"repaired": 1}),
    "no namespace": ([faults.Namespace("")], {"repaired": 1}),
    "gzip that nobody announced": ([faults.Gzip("unlabelled")], {}),
    "gzip that is announced and is none": ([faults.Gzip("only said")], {}),
    "gzip that was cut": ([faults.Gzip("cut", page=2, times=1)], {"retries": 1}),
    "records without metadata": ([faults.Metadata("missing")], {"without_metadata": 1}),
    "an empty metadata element": ([faults.Metadata("empty")], {"without_metadata": 1}),
    "a comment before the payload": ([faults.Metadata("comment")], {}),
    "an error element in the payload": ([faults.Metadata("error")], {}),
    "an about container with a record in it": ([faults.About()], {}),
    "a content type of Latin-1": ([faults.ContentType()], {}),
}


@pytest.mark.parametrize("what", ALL_RECORDS)
def test_every_record_comes_once(what, tmp_path):
    wrong, seen = ALL_RECORDS[what]
    items = generate(90, deleted=0)
    with serve(items, faults=wrong, **PAGES) as server:
        h = harvest(server, tmp_path / "a.sqlite")
        assert set(got(h.current())) == set(truth(server))
    assert h.tally.verified, h.tally
    for count, least in seen.items():
        assert getattr(h.tally, count) >= least, h.tally
    assert h.verify() == []


ERRORS = {
    "a web page for ever": ([faults.Html()], nat.errors.NotOaiPmh),
    "cut for ever": ([faults.Cut(page=2)], (nat.errors.Truncated, nat.errors.NetworkError)),
    "503 for ever": ([faults.Status(503, page=2)], nat.errors.NetworkError),
    "reset for ever": ([faults.Reset(page=2)], nat.errors.NetworkError),
}


@pytest.mark.parametrize("what", ERRORS)
def test_what_stays_wrong_is_an_error_that_keeps_what_came(what, tmp_path):
    wrong, error = ERRORS[what]
    # Of one moment, so that there is no way round by date.
    items = [Item(f"oai:a:{n}", "2020-01-01T00:00:00Z", generate(1)[0].metadata) for n in range(90)]
    with serve(items, faults=wrong, **PAGES) as server:
        with pytest.raises(error):
            harvest(server, tmp_path / "a.sqlite")
        server.faults.clear()
        h = harvest(server, tmp_path / "a.sqlite")
        assert got(h.current()) == truth(server)
    assert h.verify() == []


def test_a_retry_after_beyond_patience_keeps_what_came_and_says_when(tmp_path):
    with serve(
        generate(90, deleted=0), faults=[faults.Status(503, page=3, retry_after=86400)], **PAGES
    ) as server:
        with pytest.raises(nat.errors.RateLimited) as caught:
            harvest(server, tmp_path / "a.sqlite")
        assert caught.value.retry_at > dt.datetime.now(dt.UTC) + dt.timedelta(hours=23)
        assert len(nat.Harvest(tmp_path / "a.sqlite")) == 40


@pytest.mark.parametrize("back", [1, 2])
def test_a_list_in_a_circle_is_left_by_date(back, tmp_path):
    with serve(
        generate(90, deleted=0), faults=[faults.TokenCycle(at=3, back=back, times=1)], **PAGES
    ) as server:
        h = harvest(server, tmp_path / "a.sqlite")
        assert set(got(h.current())) == set(truth(server))


def test_a_circle_without_dates_is_an_error(tmp_path):
    items = [Item(f"oai:a:{n}", "2020-01-01T00:00:00Z", generate(1)[0].metadata) for n in range(90)]
    with (
        serve(items, faults=[faults.TokenCycle(at=2)], **PAGES) as server,
        pytest.raises(nat.errors.TokenCycle),
    ):
        harvest(server, tmp_path / "a.sqlite")


@pytest.mark.parametrize("how", [500, "badResumptionToken", "badArgument", "end"])
@pytest.mark.parametrize("order", ["up", "down", "mixed"])
def test_a_wall_in_deep_paging_is_passed_by_date(how, order, tmp_path):
    metadata = generate(1)[0].metadata
    stamps = [f"20{10 + n % 13}-0{1 + n % 9}-{1 + n % 28:02}T0{n % 10}:00:00Z" for n in range(3000)]
    if order != "mixed":
        stamps.sort(reverse=order == "down")
    items = [Item(f"oai:a:{n}", stamp, metadata) for n, stamp in enumerate(stamps)]
    with serve(items, page_size=100, faults=[faults.DeepPaging(1000, how=how)]) as server:
        h = harvest(server, tmp_path / "a.sqlite")
        assert got(h.current()) == truth(server)
        assert len(server.requests) < 140
    assert h.tally.splits > 0


def test_a_provider_older_than_its_first_record_costs_a_few_dozen_questions(tmp_path):
    with serve(
        generate(400, deleted=0), faults=[faults.DeepPaging(100)], earliest="1826-01-01", page_size=20
    ) as server:
        h = harvest(server, tmp_path / "a.sqlite")
        assert got(h.current()) == truth(server)
        assert len(server.requests) < 100


def test_records_that_move_while_they_are_listed_are_all_there(tmp_path):
    for newest_first in (False, True):
        items = generate(200, deleted=0)
        ids = [item.identifier for item in items]
        moving = [
            faults.OffsetPaging(newest_first=newest_first),
            faults.Change(page=3, times=1, delete=(ids[3], ids[190]), update=(ids[25], ids[120])),
            faults.Change(page=5, times=1, delete=(ids[42],), update=(ids[60],)),
        ]
        for policy in ("persistent", "transient", "no"):
            path = tmp_path / f"{policy}{newest_first}.sqlite"
            with serve(items, faults=moving, deleted_record=policy, **PAGES) as server:
                h = harvest(server, path)
                assert set(got(h.current())) >= set(truth(server)), (policy, newest_first)
                # A record that came in this run is not gone in the same one.
                h.update(rate=100_000, reconcile=True)
                assert set(got(h.current())) == set(truth(server)), (policy, newest_first)
            assert h.tally.verified


def test_deletions_that_nobody_announces_are_found(tmp_path):
    with serve(generate(60, deleted=0), deleted_record="no", **PAGES) as server:
        h = harvest(server, tmp_path / "a.sqlite")
        assert h.deletions.found == 0
        gone = [server.records[n].identifier for n in (5, 33)]
        server.delete(*gone)
        h.update(rate=100_000, reconcile=None)
        assert len(h) == 60
        h.update(rate=100_000, reconcile=True)
        assert got(h.current()) == truth(server)
    assert h.deletions.found == 2
    assert sorted(got(h.changes("last"))) == sorted(gone)
    assert all(record.deleted for part in h.changes("last") for record in part)
    assert h.verify() == []


def test_a_record_that_comes_back_is_there_again(tmp_path):
    with serve(generate(60, deleted=0), deleted_record="no", **PAGES) as server:
        h = harvest(server, tmp_path / "a.sqlite")
        item = server.records[5]
        server.delete(item.identifier)
        h.update(rate=100_000, reconcile=True)
        assert len(h) == 59
        server.update(item)
        h.update(rate=100_000)
        assert got(h.current()) == truth(server)


def test_what_nobody_looked_for_is_unknown_and_not_none(tmp_path):
    with serve(60, deleted_record="no") as server:
        h = harvest(server, tmp_path / "a.sqlite", verify=False)
    assert h.deletions.found is None
    assert "unknown" in str(h.deletions)
    assert not h.tally.verified


def test_until_that_misses_its_own_day_loses_nothing(tmp_path):
    metadata = generate(1)[0].metadata
    items = [Item(f"oai:a:{n}", f"2020-01-{n:02}", metadata) for n in range(1, 29)]
    with serve(items, granularity="days", page_size=5, faults=[faults.UntilMissesItsDay()]) as server:
        h = harvest(server, tmp_path / "a.sqlite", until="2020-01-10")
    assert sorted(got(h.current()).values()) == [f"2020-01-{n:02}" for n in range(1, 11)]


def test_odd_datestamps_are_kept_and_lose_nothing(tmp_path):
    for number, text in enumerate(["2020", "20200101", "2020-01-01T00:00:00.123Z", "yesterday", ""]):
        with serve(generate(50, deleted=0), faults=[faults.OddDatestamp(text)], **PAGES) as server:
            h = harvest(server, tmp_path / f"{number}.sqlite")
            assert set(got(h.current())) == set(truth(server))


@pytest.mark.parametrize("sizes", [True, False])
@pytest.mark.parametrize("windows", [2, 4])
def test_windows_side_by_side_bring_the_same_records(windows, sizes, tmp_path):
    with serve(generate(900, deleted=0), sizes=sizes, **PAGES) as server:
        h = harvest(server, tmp_path / "a.sqlite", windows=windows)
        assert got(h.current()) == truth(server)
    assert h.tally.verified
    assert sum(1 for request in server.requests if request.arguments.get("from")) >= windows - 1


def test_a_slow_list_is_asked_for_once(tmp_path):
    with serve(generate(90, deleted=0), faults=[faults.Latency(0.05)], **PAGES) as server:
        h = harvest(server, tmp_path / "a.sqlite")
        assert got(h.current()) == truth(server)
        lists = [request for request in server.requests if request.arguments["verb"] == "ListRecords"]
        pages = [request.page for request in lists]
        assert pages == sorted(set(pages))  # none is asked for again
