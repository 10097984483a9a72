"""Lists of a provider: how they end, what is left out of them, and what faults on the way leave behind."""

import pickle
from datetime import UTC, datetime, timedelta

import naturalia as nat
import pytest
from naturalia import errors
from naturalia.testing import faults
from support.answering import answering, identifiers, identify, listing, page, provider, record, refusal

# How lists end


@pytest.mark.parametrize(
    "last",
    [
        "<resumptionToken/>",
        "<resumptionToken></resumptionToken>",
        "<resumptionToken> \n </resumptionToken>",
        "",
    ],
)
def test_a_token_that_is_empty_blank_or_missing_ends_the_list(last):
    end = page(record(2)).replace(b"</ListRecords>", last.encode() + b"</ListRecords>")
    with answering(listing(page(record(1), token="1"), end)) as server:
        assert identifiers(provider(server).records().collect()) == ["1", "2"]


def test_no_records_match_after_a_page_ends_the_list():
    with answering(listing(page(record(1), token="1"), refusal("noRecordsMatch"))) as server:
        assert identifiers(provider(server).records().collect()) == ["1"]


def test_a_list_that_goes_in_a_circle_is_an_error():
    def answer(_, number):
        # The clock goes on, the records do not.
        return page(record(1), token="same", date=f"2011-01-01T00:00:{number:02}Z")

    with answering(answer) as server:
        with pytest.raises(errors.TokenCycle, match="same"):
            provider(server).records().collect()
        assert len(server.heard) == 2
    circle = [page(record(1), token="1"), page(record(2), token="2"), page(record(3), token="1")]
    with answering(listing(*circle)) as server, pytest.raises(errors.TokenCycle):
        provider(server).records().collect()


def test_a_token_that_stays_the_same_while_records_change_is_followed():
    def answer(_, number):
        return page(record(number), token="session" if number < 4 else "")

    with answering(answer) as server:
        assert identifiers(provider(server).records().collect()) == ["1", "2", "3", "4"]


def test_empty_pages_that_go_on_are_followed_and_in_the_end_an_error():
    some = [page(record(1), token="1"), page(token="2"), page(token="3"), page(record(2))]
    with answering(listing(*some)) as server:
        assert identifiers(provider(server).records().collect()) == ["1", "2"]
    with answering(lambda _, number: page(token=number)) as server:
        with pytest.raises(errors.HarvestIncomplete, match="10 pages in a row"):
            provider(server).records().collect()
        assert len(server.heard) == 10


def test_an_expired_token_is_tried_again_and_then_the_list_is_started_again():
    refused = []

    def answer(arguments, _):
        token = int(arguments.get("resumptionToken", 0))
        if token == 1 and len(refused) < 2:
            refused.append(token)
            return refusal("badResumptionToken")
        return page(record(token), token=token + 1 if token < 2 else "")

    with answering(answer) as server:
        query = provider(server).records()
        assert identifiers(query.collect()) == ["0", "1", "2"]
        assert (query.report.restarts, query.report.duplicates) == (1, 0)
    expiring = listing(page(record(1), token="1"), refusal("badResumptionToken"))
    with answering(expiring) as server, pytest.raises(errors.BadResumptionToken, match="windows"):
        provider(server).records().collect()


def test_a_reply_to_another_verb_is_no_empty_list():
    with answering(lambda _, __: identify()) as server, pytest.raises(errors.NotOaiPmh, match="to Identify"):
        provider(server).records().collect()


# What was not asked for, and what is missing


def test_records_that_come_twice_come_once():
    pages = [page(record(1), record(2), token="1", size=3), page(record(2), record(3))]
    with answering(listing(*pages)) as server:
        query = provider(server).records()
        assert identifiers(query.collect()) == ["1", "2", "3"]
        assert query.report.duplicates == 1


def test_where_records_come_twice_others_may_be_missing_and_are_looked_for():
    pages = [page(record(1), record(2), token="1"), page(record(2))]
    headers = page(
        *(record(number).partition("<metadata>")[0][8:] for number in (1, 2, 3)), verb="ListIdentifiers"
    )

    def answer(arguments, number):
        single = page(record(3), verb="GetRecord")
        return {"ListIdentifiers": headers, "GetRecord": single}.get(arguments["verb"]) or pages[number - 1]

    with answering(answer) as server:
        query = provider(server).records()
        assert identifiers(query.collect()) == ["1", "2", "3"]
        assert query.report.fetched_singly == 1


def test_of_two_versions_the_newest_counts():
    pages = [
        page(record(1, "2010-01-02"), record(2), token="1", size=2),
        page(record(1), record(2, "2010-01-03")),
    ]
    with answering(listing(*pages)) as server:
        query = provider(server).records()
        table = query.collect()
        assert dict(zip(identifiers(table), table["datestamp"], strict=True)) == {
            "1": "2010-01-02",
            "2": "2010-01-03",
        }
        assert query.report.changed == 2


def test_what_a_lost_filter_lets_in_is_left_out_and_counted():
    pages = [
        page(record(1, sets=["a:b"]), token="1"),
        page(record(2, sets=["c"]), record(3, "2009-12-31", ["a"]), record(4, sets=["a"]), record(5, "2010")),
    ]
    with answering(listing(*pages)) as server:
        query = provider(server).records(set="a", since="2010-01-01", until="2010-01-02")
        assert identifiers(query.collect()) == ["1", "4", "5"]
        assert query.report.out_of_range == 2


def test_a_set_that_no_record_names_is_kept_and_said():
    with answering(listing(page(record(1, sets=["b"])))) as server:
        query = provider(server).records(set="everything")
        with pytest.warns(errors.NaturaliaWarning, match="no record names the set"):
            assert len(query.collect()) == 1


def test_an_until_that_misses_its_own_day_is_noticed_and_made_good():
    days = {number: f"2010-01-0{number}" for number in range(1, 6)}

    def answer(arguments, _):
        if arguments["verb"] == "Identify":
            return identify()
        found = [record(n, day) for n, day in days.items() if arguments["from"] <= day < arguments["until"]]
        return page(*found) if found else refusal("noRecordsMatch")

    with answering(answer) as server:
        oi = provider(server)
        query = oi.records(since="2010-01-02", until="2010-01-04")
        assert identifiers(query.collect()) == ["2", "3", "4"]
        assert "last day" in str(query.report)
        assert identifiers(oi.records(since="2010-01-04", until="2010-01-04").collect()) == ["4"]


def test_records_left_out_of_a_list_are_asked_for_one_by_one():
    def answer(arguments, _):
        if arguments["verb"] == "ListIdentifiers":
            headers = [record(n).partition("<header>")[2].partition("</header>")[0] for n in (1, 2, 3)]
            return page(*(f"<header>{header}</header>" for header in headers), verb="ListIdentifiers")
        if arguments["verb"] == "GetRecord":
            return page(record(arguments["identifier"].rpartition(":")[2]), verb="GetRecord")
        return page(record(1), token="1", size=3) if "resumptionToken" not in arguments else page(record(3))

    with answering(answer) as server:
        query = provider(server).records()
        assert identifiers(query.collect()) == ["1", "3", "2"]
        assert query.report.fetched_singly == 1


def test_a_record_that_is_listed_and_not_to_be_had_is_said():
    def headers(*_):
        header = "<header><identifier>oai:x:{}</identifier><datestamp>2010</datestamp></header>"
        return page(header.format(1), header.format(2), verb="ListIdentifiers")

    lost = listing(
        page(record(1), token="", size=2),
        ListIdentifiers=headers,
        GetRecord=lambda *_: refusal("idDoesNotExist"),
    )
    with answering(lost) as server:
        query = provider(server).records()
        with pytest.warns(errors.NaturaliaWarning, match="not to be had"):
            assert identifiers(query.collect()) == ["1"]


def test_a_list_that_lost_more_than_can_be_asked_for_one_by_one_is_an_error():
    def headers(*_):
        header = "<header><identifier>oai:x:{}</identifier><datestamp>2010</datestamp></header>"
        return page(*map(header.format, range(200)), verb="ListIdentifiers")

    lost = listing(page(record(1), token="", size=200), ListIdentifiers=headers)
    with answering(lost) as server, pytest.raises(errors.HarvestIncomplete) as raised:
        provider(server).records().collect()
    assert (raised.value.got, raised.value.expected) == (1, 200)


def test_pages_that_the_cursor_shows_to_be_skipped_are_asked_for():
    def answer(arguments, _):
        if arguments["verb"] == "ListIdentifiers":
            headers = [record(n).partition("<header>")[2].partition("</header>")[0] for n in (1, 2, 3)]
            return page(*(f"<header>{header}</header>" for header in headers), verb="ListIdentifiers")
        if arguments["verb"] == "GetRecord":
            return page(record(2), verb="GetRecord")
        if "resumptionToken" not in arguments:
            return page(record(1), token="1").replace(b"<resumptionToken>", b'<resumptionToken cursor="0">')
        return page(record(3), token="").replace(b"<resumptionToken>", b'<resumptionToken cursor="2">')

    with answering(answer) as server:
        assert identifiers(provider(server).records().collect()) == ["1", "3", "2"]


def test_an_empty_set_is_said_to_be_one():
    with nat.testing.serve(3) as server:
        query = provider(server).records(set="brids")
        with pytest.warns(errors.NaturaliaWarning, match="lists those there are"):
            assert len(query.collect()) == 0


def test_a_size_that_is_wrong_is_only_said():
    def headers(*_):
        return page(
            "<header><identifier>oai:x:1</identifier><datestamp>2010</datestamp></header>",
            verb="ListIdentifiers",
        )

    with answering(listing(page(record(1), token="", size=835), ListIdentifiers=headers)) as server:
        query = provider(server).records()
        with pytest.warns(errors.NaturaliaWarning, match="second pass found no other"):
            assert len(query.collect()) == 1
        assert query.report.declared == 835


def test_a_provider_that_refuses_seconds_is_asked_for_days():
    def answer(arguments, _):
        if arguments["verb"] == "Identify":
            return identify("YYYY-MM-DDThh:mm:ssZ")
        return refusal("badArgument") if "T" in arguments["from"] else page(record(1))

    with answering(answer) as server:
        assert len(provider(server).records(since="2010-01-01").collect()) == 1
    with answering(listing(refusal("badArgument"))) as server, pytest.raises(errors.BadArgument):
        provider(server).records(since="2010-01-01").collect()


# Faults on the way


@pytest.mark.parametrize(
    "fault",
    [
        faults.Reset(page=2, times=2),
        faults.Cut(page=2, times=2, length="sent"),
        faults.Cut(page=2, times=2, length="whole"),
        faults.Cut(page=2, times=2, length="chunked"),
        faults.Status(page=2, times=2, code=502),
        faults.Status(page=2, times=2, code=503, retry_after=0),
        faults.Status(page=2, times=2, code=429),
    ],
    ids=repr,
)
def test_faults_that_pass_leave_no_trace_in_the_table(fault):
    with nat.testing.serve(250, faults=[fault]) as server:
        query = provider(server).records()
        assert len(set(query.collect()["identifier"])) == 250
        assert query.report.retries == 2


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (faults.Reset(page=2), errors.NetworkError),
        (faults.Cut(page=2, length="sent"), errors.Truncated),
        (faults.Cut(page=2, length="whole"), errors.NetworkError),
        (faults.Status(page=2, code=500), errors.NetworkError),
        (faults.Status(page=2, code=404), errors.NetworkError),
        (faults.Status(page=2, code=429), errors.RateLimited),
        (faults.Status(page=2, code=503, retry_after=86400), errors.RateLimited),
    ],
    ids=repr,
)
def test_faults_that_stay_are_errors_with_address_and_advice_never_a_short_table(fault, error):
    with nat.testing.serve(250, faults=[fault]) as server, pytest.raises(error) as raised:
        provider(server, retries=2).records().collect()
    assert raised.value.source.startswith(server.url)
    assert raised.value.hint
    assert pickle.loads(pickle.dumps(raised.value)).hint == raised.value.hint


def test_a_wait_that_is_too_long_says_until_when():
    busy = faults.Status(code=503, retry_after=3600)
    with nat.testing.serve(3, faults=[busy]) as server, pytest.raises(errors.RateLimited) as raised:
        provider(server).identify()
    wait = raised.value.retry_at - datetime.now(UTC)
    assert timedelta(minutes=59) < wait <= timedelta(minutes=60)


@pytest.mark.parametrize("body", [b"", b" \n", b"<!DOCTYPE html><title>Please log in</title>", b"{}"])
def test_what_is_no_reply_is_an_error_after_one_more_try(body):
    with answering(lambda _, __: (200, {"Content-Type": "text/html"}, body)) as server:
        with pytest.raises(errors.NotOaiPmh) as raised:
            provider(server).records().collect()
        assert len(server.heard) == 2
    assert "check the base URL" in raised.value.hint


def test_a_reply_larger_than_allowed_is_an_error():
    with nat.testing.serve(100) as server, pytest.raises(errors.LimitExceeded, match="max_bytes="):
        provider(server, max_bytes=10_000).records().collect()


def test_credentials_are_in_no_error_address_or_display():
    with answering(lambda _, __: (401, {}, b"no")) as server:
        url = server.url.replace("http://", "http://me:s%65cret@") + "?api_key=hidden"
        oi = nat.OaiPmh(url, rate=None, headers={"X-Token": "veiled"})
        with pytest.raises(errors.NetworkError) as raised:
            oi.identify()
        assert server.heard[0][2]["authorization"] == "Basic bWU6c2VjcmV0"
        assert server.heard[0][1]["api_key"] == "hidden"
    said = (
        f"{raised.value} {raised.value!r} {oi!r} {oi.records()!r} {oi.records().url} {oi.records().explain()}"
    )
    assert not any(word in said for word in ("secret", "hidden", "veiled", "s%65cret"))


def test_a_redirect_is_followed_remembered_and_said():
    with answering(lambda _, __: page(record(1))) as new:
        target = new.url.replace("/oai", "/new/oai")

        def answer(arguments, _):
            return (
                301,
                {"Location": f"{target}?{'&'.join(f'{k}={v}' for k, v in arguments.items())}"},
                b"<html/>",
            )

        with answering(answer) as old:
            oi = provider(old)
            query = oi.records()
            with pytest.warns(errors.NaturaliaWarning, match="ask there"):
                query.collect()
            # Another host: credentials stay at home, so it is asked at the old one again.
            assert oi.base_url == old.url
    with answering(
        lambda _, n: identify() if n > 1 else (301, {"Location": "/moved?verb=Identify"}, b"")
    ) as one:
        oi = provider(one)
        oi.identify()
        oi.identify()
        assert oi.base_url.endswith("/moved")
        assert len(one.heard) == 3


def test_headers_left_out_of_a_list_are_found_by_a_second_pass_after_the_last_day_was_looked_at():
    passes = []

    def answer(arguments, _):
        if arguments["verb"] == "Identify":
            return identify()
        passes.append(arguments)
        header = "<header><identifier>oai:x:{}</identifier><datestamp>2010-01-0{}</datestamp></header>"
        found = [1, 2] if len(passes) < 3 else [1, 2, 3]
        headers = [header.format(n, n) for n in found if f"2010-01-0{n}" >= arguments["from"]]
        return (
            page(*headers, token="", size=3, verb="ListIdentifiers") if headers else refusal("noRecordsMatch")
        )

    with answering(answer) as server:
        query = provider(server).identifiers(since="2010-01-01", until="2010-01-09")
        assert identifiers(query.collect()) == ["1", "2", "3"]
        assert [arguments["from"] for arguments in passes] == ["2010-01-01", "2010-01-09", "2010-01-01"]
        assert query.report.out_of_range == query.report.duplicates == 0
