"""What breaks in the wild between a provider and its harvester, and what is wanted of ours."""

import os
from datetime import UTC, datetime

import naturalia as nat
import pytest
from naturalia import errors, testing
from naturalia.testing import faults
from support.harvesting import WAYS, gather

pytestmark = pytest.mark.parametrize("way", WAYS)

# All records come, each once.
SURVIVED = {
    "length of the whole, cut": [faults.Cut(page=2, times=1)],
    "chunked, cut": [faults.Cut(length="chunked", page=2, times=1)],
    "no length, cut": [faults.Cut(length="none", page=2, times=1)],
    "length too small": [faults.WrongLength(-60, page=2, times=1)],
    "length too large": [faults.WrongLength(60, page=2, times=1)],
    "connection closed without a word": [faults.Close()],
    "drip": [faults.Drip(pieces=1500, pause=0.02)],
    "empty body once": [faults.Empty(page=2, times=1)],
    "login page once": [faults.Html("Login", page=3, times=1)],
    "500 twice": [faults.Status(500, page=2, times=2)],
    "502 once": [faults.Status(502, page=1, times=1)],
    "504 once": [faults.Status(504, page=3, times=1)],
    "408 once": [faults.Status(408, page=3, times=1)],
    "429 three times": [faults.Status(429, page=2, times=3)],
    "Retry-After that can't be read": [faults.Status(503, retry_after="soon", times=1)],
    "Retry-After on 200": [faults.Header({"Retry-After": "57"})],
    "HTML content type": [faults.ContentType("text/html;charset=ISO-8859-1")],
    "no content type": [faults.Header({"Content-Type": ""})],
    "no token on the last page": [faults.LastToken("missing")],
    "an empty page in between": [faults.EmptyPage(page=2)],
    "an empty first page": [faults.EmptyPage(page=1)],
    "one token for all pages": [faults.SessionToken()],
    "tokens with everything": [faults.TokenText()],
    "tokens with %3A and +": [faults.TokenText("oai%3Amuseum+x!")],
    "tokens with blanks": [faults.TokenText("a b  c=")],
    "size too large": [faults.WrongSize(835)],
    "size too small": [faults.WrongSize(3)],
    "size that drifts": [faults.WrongSize(10, drift=2)],
    "no size": [faults.WrongSize()],
    "cursor counts pages": [faults.WrongCursor("pages")],
    "cursor from one": [faults.WrongCursor("one")],
    "cursor stays at zero": [faults.WrongCursor("zero")],
    "no cursor": [faults.WrongCursor("missing")],
    "datestamp with fractions": [faults.OddDatestamp("2020-01-01T00:00:00.123Z", record=3)],
    "datestamp without dashes": [faults.OddDatestamp("20200101", record=3)],
    "no datestamp": [faults.OddDatestamp("", record=3)],
    "datestamp in words": [faults.OddDatestamp("yesterday", record=3)],
    "no responseDate": [faults.ResponseDate(None)],
    "padded responseDate": [faults.ResponseDate("\n   2026-01-01T00:00:00Z  \n")],
    "local responseDate": [faults.ResponseDate("2026-01-01 10:00")],
    "byte order mark": [faults.Leading(b"\xef\xbb\xbf")],
    "PHP notice before": [faults.Leading(b"<br />\n<b>Notice</b>: x in <b>y.php</b><br />\n")],
    "PHP notice after": [faults.Trailing()],
    "declaration inside a record": [faults.Metadata("declaration", record=2)],
    "undeclared prefix": [faults.Inside(b"<mods:note>x</mods:note>", record=2)],
    "lone surrogate": [faults.Inside(b"&#xD83D; &#65534;", record=2)],
    "entity of HTML": [faults.Inside(b"&nbsp;&eacute;", record=2)],
    "UTF-16": [faults.Encoding("utf-16", said="UTF-16")],
    "gzip": [faults.Gzip("right")],
    "gzip without the header": [faults.Gzip("unlabelled")],
    "header without gzip": [faults.Gzip("only said")],
    "gzip cut once": [faults.Gzip("cut", page=2, times=1)],
    "gzip corrupt once": [faults.Gzip("corrupt", page=2, times=1)],
    "gzip broken unless identity": [faults.Gzip("corrupt", unless_identity=True)],
    "about with an identifier": [faults.About(record=2)],
    "errors with 404": [faults.ErrorStatus(404), faults.LastToken("more")],
    "another baseURL in Identify": [faults.Identify({"baseURL": "http://site.example/"})],
    "granularity in lower case": [faults.Identify({"granularity": "yyyy-mm-dd"})],
    "no granularity": [faults.Identify({"granularity": None})],
    "earliestDatestamp of 1826": [faults.Identify({"earliestDatestamp": "1826-01-01"})],
    "deletedRecord perhaps": [faults.Identify({"deletedRecord": "perhaps"})],
    "agents of libraries blocked": [faults.BlockedAgent()],
    "duplicates": [faults.Duplicates()],
}


@pytest.mark.parametrize("case", SURVIVED)
def test_all_records_come_and_each_once(way, case, tmp_path):
    with testing.serve(10, page_size=4, faults=SURVIVED[case]) as server:
        outcome = gather(way, server, tmp_path)
        assert outcome.identifiers == outcome.truth


# An error that says what it was, never fewer records.
REFUSED = {
    "empty bodies": ([faults.Empty(page=2)], errors.NotOaiPmh),
    "chunked, cut": ([faults.Cut(length="chunked", page=2)], errors.NetworkError),
    "length of the whole, cut": ([faults.Cut(page=2)], errors.NetworkError),
    "gzip cut": ([faults.Gzip("cut", page=2)], errors.NaturaliaError),
    "401": ([faults.Authentication()], errors.NetworkError),
    "403": ([faults.Status(403)], errors.NetworkError),
    "404": ([faults.Status(404)], errors.NetworkError),
    "redirects in a circle": ([faults.Redirect()], errors.NetworkError),
    "redirect to a page": ([faults.Redirect("ftp://museum.example/")], errors.NetworkError),
    "an unknown error": ([faults.Error("InternalException", "oops")], errors.UnknownOaiError),
    "an error in the middle": ([faults.Error("badArgument", "no", page=2)], errors.BadArgument),
    "an error with 422": ([faults.Error("badArgument", "no", status=422)], errors.BadArgument),
    "no such format": ([faults.Error("cannotDisseminateFormat", "no")], errors.CannotDisseminateFormat),
    "empty pages without end": ([faults.EmptyPage(page=None)], errors.NaturaliaError),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_stays_broken_is_an_error_or_gone_round(way, case, tmp_path):
    wrong, expected = REFUSED[case]
    with testing.serve(10, page_size=4, faults=wrong) as server:
        outcome = gather(way, server, tmp_path)
        # Harvests split a list by date where a page of it can't be had.
        assert isinstance(outcome.error, expected) or (way, outcome.identifiers) == ("harvest", outcome.truth)
        assert outcome.error is None or outcome.error.hint
        assert len(server.requests) < 60


def test_all_errors_of_a_reply_are_named(way, tmp_path):
    wrong = faults.Error("badArgument", "first", others=(("foo", "second"),), verb="ListRecords")
    with testing.serve(10, faults=[wrong]) as server:
        assert gather(way, server, tmp_path).error.errors == [("badArgument", "first"), ("foo", "second")]


def test_tokens_are_sent_alone_and_nothing_empty_is_sent(way, tmp_path):
    with testing.serve(10, page_size=3) as server:
        assert gather(way, server, tmp_path, since="2020", set="birds").error is None
        for request in server.requests:
            assert all(request.arguments.values())
            assert "resumptionToken" not in request.arguments or len(request.arguments) == 2


def test_a_server_that_does_not_answer_in_time_is_asked_again(way, tmp_path):
    slow = faults.Latency(2, page=2, times=1)
    with testing.serve(10, page_size=4, faults=[slow]) as server:
        outcome = gather(way, server, tmp_path, options={"timeout": 0.5})
        assert outcome.identifiers == outcome.truth


@pytest.mark.parametrize("code", [301, 302, 307, 308])
def test_redirects_are_followed(way, code, tmp_path):
    with testing.serve(10, page_size=4) as there:
        with testing.serve(0, faults=[faults.Redirect(there.url, code)]) as here:
            outcome = gather(way, here, tmp_path)
        assert outcome.identifiers == sorted(item.identifier for item in there.records)
        # Once known, the new address is asked directly, or each request is redirected: all arrive there.
        assert {request.verb for request in there.requests} >= {"ListRecords"}


def test_credentials_stay_with_the_host_they_are_for(way, tmp_path):
    with (
        testing.serve(10, page_size=4) as there,
        testing.serve(0, faults=[faults.Redirect(there.url)]) as here,
    ):
        gather(way, here, tmp_path, options={"auth": ("jan", "geheim"), "headers": {"X-Key": "geheim"}})
        assert any("authorization" in request.headers for request in here.requests)
        for request in there.requests:
            assert "authorization" not in request.headers
            assert "x-key" not in request.headers


def test_basic_authentication_opens_what_is_closed(way, tmp_path):
    with testing.serve(10, page_size=4, faults=[faults.Authentication("jan", "ge:heim")]) as server:
        outcome = gather(way, server, tmp_path, options={"auth": ("jan", "ge:heim")})
        assert outcome.identifiers == outcome.truth
        refused = gather(way, server, tmp_path / "..", options={"auth": ("jan", "wrong")}).error
        assert "wrong" not in str(refused)


def test_a_base_url_may_carry_a_query(way, tmp_path):
    with testing.serve(10, page_size=4, faults=[faults.Key("key", "a b&c")]) as server:
        oai = nat.OaiPmh(f"{server.url}?key=a%20b%26c", rate=None)
        outcome = gather(way, server, tmp_path, provider=oai)
        assert outcome.identifiers == outcome.truth


def test_a_provider_may_spell_arguments_in_its_own_way(way, tmp_path):
    with testing.serve(
        10, page_size=4, faults=[faults.Spelling("metadataPrefix", "metadataprefix")]
    ) as server:
        spelling = {"metadataPrefix": "metadataprefix"}
        outcome = gather(way, server, tmp_path, options={"spelling": spelling})
        assert outcome.identifiers == outcome.truth


@pytest.mark.parametrize(("only", "post"), [("POST", True), ("GET", False)])
def test_the_method_can_be_chosen(way, only, post, tmp_path):
    with testing.serve(10, page_size=4, faults=[faults.Method(only)]) as server:
        outcome = gather(way, server, tmp_path, options={"post": post})
        assert outcome.identifiers == outcome.truth


def test_a_long_token_goes_by_post(way, tmp_path):
    wrong = [faults.TokenText("x" * 5000), faults.LongUrl(2000)]
    with testing.serve(10, page_size=4, faults=wrong) as server:
        outcome = gather(way, server, tmp_path)
        assert outcome.identifiers == outcome.truth


def test_a_bomb_raises_before_it_fills_the_memory(way, tmp_path):
    with testing.serve(10, faults=[faults.Bomb(60)]) as server:
        assert isinstance(
            gather(way, server, tmp_path, options={"max_bytes": 10_000_000}).error, errors.LimitExceeded
        )


@pytest.mark.parametrize("external", ["", "file:///etc/hostname"])
def test_entities_are_not_expanded(way, external, tmp_path):
    with testing.serve(3, faults=[faults.Doctype(external, verb="ListRecords")]) as server:
        outcome = gather(way, server, tmp_path)
        if outcome.error is None:
            assert outcome.identifiers == outcome.truth
            assert "ha ha" not in outcome.title(1)
            assert os.uname().nodename not in outcome.title(1)


@pytest.mark.parametrize("how", [500, 502, "badArgument", "badResumptionToken", "noRecordsMatch", "end"])
def test_a_wall_in_the_list_is_no_end(way, how, tmp_path):
    source = testing.generate(40, step=86_400)
    with testing.serve(source, page_size=4, faults=[faults.DeepPaging(12, how)]) as server:
        outcome = gather(way, server, tmp_path)
        if way == "harvest":
            assert outcome.identifiers == outcome.truth
            assert outcome.counts.splits > 0
        else:
            assert isinstance(outcome.error, (errors.HarvestIncomplete, errors.NetworkError, errors.OaiError))


def test_an_unknown_set_is_an_empty_list(way, tmp_path):
    with testing.serve(10) as server:
        assert gather(way, server, tmp_path, set="nothing").identifiers == []


@pytest.mark.parametrize("what", [("from",), ("until",), ("set",), ("from", "until", "set")])
def test_filters_that_are_lost_are_kept_by_us(way, what, tmp_path):
    with testing.serve(60, page_size=3, faults=[faults.FiltersLost(after=1, what=what)]) as server:
        asked = {"since": "2020-01-01T05:00:00Z", "until": "2020-01-02T20:00:00Z", "set": "birds"}
        outcome = gather(way, server, tmp_path, **asked)
        expected = [
            item.identifier
            for item in server.records
            if "2020-01-01T05:00:00Z" <= item.datestamp <= "2020-01-02T20:00:00Z"
            and item.sets[0].startswith("birds")
        ]
        assert outcome.identifiers == sorted(expected)
        # Oldest first, what is forgotten of the beginning is long past.
        assert outcome.counts.out_of_range > 0 or what == ("from",)


def test_foreign_records_on_a_page_are_left_out_and_counted(way, tmp_path):
    payload = {"oai_dc": testing.generate(1)[0].metadata["oai_dc"]}
    stray = testing.Item("oai:museum.example:stray", "1950-01-01T00:00:00Z", payload, ("other",))
    with testing.serve(10, page_size=4, faults=[faults.Strays((stray,), page=2)]) as server:
        outcome = gather(way, server, tmp_path, since="2020")
        assert outcome.identifiers == outcome.truth
        assert outcome.counts.out_of_range >= 1


def test_of_a_record_that_changes_meanwhile_the_newest_version_counts(way, tmp_path):
    change = faults.Change(page=2, update=("oai:museum.example:1",))
    with testing.serve(10, page_size=4, faults=[change]) as server:
        outcome = gather(way, server, tmp_path)
        assert outcome.identifiers == outcome.truth
        row = outcome.table["identifier"].index("oai:museum.example:1")
        assert outcome.table["datestamp"][row] == server.records[-1].datestamp


@pytest.mark.parametrize("status", ["deleted", "Deleted", "DELETED"])
def test_deleted_wins_over_metadata(way, status, tmp_path):
    with testing.serve(3, faults=[faults.DeletedWithMetadata(status, record=2)]) as server:
        outcome = gather(way, server, tmp_path)
        assert outcome.identifiers == outcome.truth
        assert sum(outcome.table["deleted"]) == 1


def test_records_that_a_list_left_out_are_fetched_after(way, tmp_path):
    hidden = faults.Hidden(("oai:museum.example:3", "oai:museum.example:7"), verb="ListRecords")
    with testing.serve(10, page_size=4, faults=[hidden]) as server:
        outcome = gather(way, server, tmp_path)
        assert outcome.identifiers == outcome.truth


def test_a_provider_that_refuses_seconds_is_asked_for_days(way, tmp_path):
    with testing.serve(72, page_size=20, faults=[faults.DaysOnly()]) as server:
        outcome = gather(way, server, tmp_path, since="2020-01-02T05:00:00Z")
        expected = [i.identifier for i in server.records if i.datestamp >= "2020-01-02T05:00:00Z"]
        assert outcome.identifiers == sorted(expected)


@pytest.mark.parametrize("granularity", ["seconds", "days"])
def test_until_includes_its_day(way, granularity, tmp_path):
    with testing.serve(72, page_size=20, granularity=granularity) as server:
        outcome = gather(way, server, tmp_path, since="2020-01-02", until="2020-01-02")
        assert outcome.identifiers == sorted(f"oai:museum.example:{number}" for number in range(25, 49))


@pytest.mark.parametrize("granularity", ["seconds", "days"])
def test_until_includes_its_day_even_where_the_provider_does_not(way, granularity, tmp_path):
    wrong = [faults.UntilMissesItsDay()]
    with testing.serve(72, page_size=20, granularity=granularity, faults=wrong) as server:
        outcome = gather(way, server, tmp_path, since="2020-01-02", until="2020-01-02")
        assert outcome.identifiers == sorted(f"oai:museum.example:{number}" for number in range(25, 49))


def test_identifiers_are_opaque(way, tmp_path):
    payload = {"oai_dc": testing.generate(1)[0].metadata["oai_dc"]}
    odd = [
        "28722/bk0005",
        "hdl:1765/1",
        "https://x.example/?a=b&c=d#e",
        "a b",
        "é/ü",
        "x" * 3000,
        "../../x",
        "'\"<",
    ]
    items = [testing.Item(identifier, "2020-01-01T00:00:00Z", payload) for identifier in odd]
    with testing.serve(items, page_size=3) as server:
        outcome = gather(way, server, tmp_path)
        assert outcome.identifiers == outcome.truth


@pytest.mark.parametrize("spec", ["YmlyZHM=", "a~b", "a:b c", "é/&?"])
def test_set_specs_are_opaque(way, spec, tmp_path):
    payload = {"oai_dc": testing.generate(1)[0].metadata["oai_dc"]}
    items = [
        testing.Item("oai:museum.example:1", "2020-01-01T00:00:00Z", payload, (spec,)),
        testing.Item("oai:museum.example:2", "2020-01-01T00:00:00Z", payload, ("other",)),
    ]
    with testing.serve(items, page_size=3) as server:
        assert gather(way, server, tmp_path, set=spec).identifiers == ["oai:museum.example:1"]


def test_the_clock_of_the_server_may_be_wrong(way, tmp_path):
    with testing.serve(10, page_size=4, clock=lambda: datetime(1999, 1, 1, tzinfo=UTC).timestamp()) as server:
        outcome = gather(way, server, tmp_path)
        assert outcome.identifiers == outcome.truth
