"""The cases on which other harvesters were measured: no record lost in silence on any of them."""

from datetime import timedelta

import pytest
from naturalia import errors, testing
from naturalia.testing import faults
from support.harvesting import WAYS, gather

pytestmark = pytest.mark.parametrize("way", WAYS)


# What passes, and what is odd without harm: all records, each once.
SURVIVED = {
    "body cut once": [faults.Cut(length="sent", page=2, times=1)],
    "body cut once, length of the whole": [faults.Cut(page=2, times=1)],
    "HTML with 200 once": [faults.Html(page=2, times=1)],
    "https namespace": [faults.Namespace("https://www.openarchives.org/OAI/2.0/")],
    "no namespace": [faults.Namespace("")],
    "blank token at the end": [faults.LastToken("blank")],
    "empty token at the end": [faults.LastToken("empty")],
    "noRecordsMatch after a token": [faults.LastToken("more")],
    "expired token once": [faults.ExpiredToken(page=2, times=1)],
    "record without metadata": [faults.Metadata("missing", record=2)],
    "empty metadata": [faults.Metadata("empty", record=2)],
    "comment before the payload": [faults.Metadata("comment", record=2)],
    "control character": [faults.Inside(b"\x0b", record=2)],
    "bare ampersand": [faults.Inside(b" & ", record=2)],
    "Latin-1 labelled UTF-8": [faults.Inside(b"\xe9t\xe9", record=2)],
    "blank before the declaration": [faults.Leading(b"\n ")],
    "gzip without header": [faults.Gzip("unlabelled")],
    "mixed content": [faults.Inside(b" <i>Homo</i> sapiens", record=2)],
    "error element inside metadata": [faults.Metadata("error", record=2)],
    "429 once": [faults.Status(429, times=1)],
    "503 with Retry-After in seconds": [faults.Status(503, retry_after=0, page=2, times=1)],
    "503 with Retry-After as a date": [faults.Status(503, retry_after=timedelta(seconds=1), page=2, times=1)],
    "connection reset once": [faults.Reset(page=2, times=1)],
    "connection reset inside the body once": [faults.Reset(900, page=2, times=1)],
    "duplicates across pages": [faults.Duplicates()],
    "year-only datestamp": [faults.OddDatestamp("2020", record=2)],
}


@pytest.mark.parametrize("case", SURVIVED)
def test_all_records_come_and_each_once(way, case, tmp_path):
    with testing.serve(10, page_size=4, faults=SURVIVED[case]) as server:
        outcome = gather(way, server, tmp_path)
        assert outcome.identifiers == outcome.truth
        assert any(server.times(fault) for fault in server.faults)


# What does not pass: an error that says what it was, never fewer records.
REFUSED = {
    "body cut always": ([faults.Cut(length="sent", page=2)], errors.Truncated),
    "HTML with 200 always": ([faults.Html(page=2)], errors.NotOaiPmh),
    "HTML from the start": ([faults.Html()], errors.NotOaiPmh),
    "connection reset always": ([faults.Reset(page=2)], errors.NetworkError),
    "429 with a day to wait": ([faults.Status(429, retry_after=86_400)], errors.RateLimited),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_stays_broken_is_an_error_or_gone_round(way, case, tmp_path):
    wrong, expected = REFUSED[case]
    with testing.serve(10, page_size=4, faults=wrong) as server:
        outcome = gather(way, server, tmp_path)
        # Harvests split a list by date where a page of it can't be had.
        assert isinstance(outcome.error, expected) or (way, outcome.identifiers) == ("harvest", outcome.truth)


def test_a_value_of_twelve_megabytes_comes_whole(way, tmp_path):
    wrong = faults.HugeText(12, record=1, page=1, verb="ListRecords")
    with testing.serve(2, faults=[wrong]) as server:
        outcome = gather(way, server, tmp_path)
        assert outcome.identifiers == outcome.truth
        assert len(outcome.title(1)) > 11_999_900


def test_the_same_token_for_ever_is_an_error_or_gone_round(way, tmp_path):
    with testing.serve(10, page_size=4, faults=[faults.TokenCycle(at=2)]) as server:
        outcome = gather(way, server, tmp_path)
        assert isinstance(outcome.error, errors.TokenCycle) or outcome.identifiers == outcome.truth
        assert len(server.requests) < 60


def test_a_token_that_always_expires_is_an_error_or_gone_round(way, tmp_path):
    with testing.serve(10, page_size=4, faults=[faults.ExpiredToken(page=2)]) as server:
        outcome = gather(way, server, tmp_path)
        if way == "harvest":
            assert outcome.identifiers == outcome.truth
            assert outcome.counts.splits > 0
        else:
            assert isinstance(outcome.error, errors.BadResumptionToken)


@pytest.mark.parametrize("data", [b"\x0b", b" & ", b"\xe9t\xe9"])
def test_repairs_are_counted(way, data, tmp_path):
    with testing.serve(10, page_size=4, faults=[faults.Inside(data, record=2, page=1)]) as server:
        assert gather(way, server, tmp_path).repairs >= 1


def test_mixed_content_keeps_its_text(way, tmp_path):
    with testing.serve(3, faults=[faults.Inside(b" <i>Homo</i> sapiens", record=2)]) as server:
        assert " Homo sapiens" in gather(way, server, tmp_path).title(2)


def test_retry_after_is_obeyed(way, tmp_path):
    wait = faults.Status(503, retry_after=1, page=2, times=1)
    with testing.serve(10, page_size=4, faults=[wait]) as server:
        assert gather(way, server, tmp_path).error is None
        refused = next(request for request in server.requests if request.faults)
        again = next(request for request in server.requests if request.number == refused.number + 1)
        assert again.arguments == refused.arguments
        assert again.time - refused.time >= 1


def test_a_wait_beyond_the_limit_names_the_moment(way, tmp_path):
    with testing.serve(10, faults=[faults.Status(503, retry_after=timedelta(days=1))]) as server:
        error = gather(way, server, tmp_path).error
        assert isinstance(error, errors.RateLimited)
        assert error.retry_at is not None
        assert len(server.requests) == 1
