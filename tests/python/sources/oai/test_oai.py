"""A provider over the network: what is asked, and what comes back."""

import multiprocessing
import os
import pickle
import signal
import socket
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta

import naturalia as nat
import pytest
from naturalia import errors
from naturalia.testing import faults
from support.answering import answering, asked, identify, listing, page, provider, record, refusal

# What is asked


def test_each_verb_is_asked_as_the_standard_says():
    with nat.testing.serve(3) as server:
        oi = provider(server)
        assert oi.identify().repositoryName == "Museum of Examples"
        assert oi.formats()["metadataPrefix"][0] == "oai_dc"
        assert "birds" in oi.sets()["setSpec"]
        first = oi.records(prefix="oai_oi", set="birds").first()
        identifier = first[0].identifier
        assert oi.record(identifier, prefix="oai_oi").identifier == identifier
        assert len(oi.formats(identifier)) == 2
        assert oi.identifiers().collect().format == "header"
    assert asked(server) == [
        {"verb": "Identify"},
        {"verb": "ListMetadataFormats"},
        {"verb": "ListSets"},
        {"verb": "ListRecords", "metadataPrefix": "oai_oi", "set": "birds"},
        {"verb": "GetRecord", "identifier": identifier, "metadataPrefix": "oai_oi"},
        {"verb": "ListMetadataFormats", "identifier": identifier},
        {"verb": "ListIdentifiers", "metadataPrefix": "oai_dc"},
    ]


def test_a_list_is_followed_to_its_end_with_the_token_alone():
    with nat.testing.serve(250) as server:
        table = provider(server).records(prefix="oai_dc").collect()
    assert len(table) == len(set(table["identifier"])) == 250
    assert [sorted(arguments) for arguments in asked(server)] == [
        ["metadataPrefix", "verb"],
        ["resumptionToken", "verb"],
        ["resumptionToken", "verb"],
    ]


def test_dates_go_as_fine_as_the_provider_takes_them():
    for granularity, since, until in [
        ("seconds", "2010-01-01T00:00:00Z", "2010-12-31T23:59:59Z"),
        ("days", "2010-01-01", "2010-12-31"),
    ]:
        with nat.testing.serve(3, granularity=granularity) as server:
            assert (
                len(provider(server).identifiers(since="2010-01-01", until=date(2010, 12, 31)).collect()) == 0
            )
        sent = asked(server)[1]
        assert (sent["from"], sent["until"]) == (since, until)


@pytest.mark.parametrize(
    ("since", "sent"),
    [
        ("2010", "2010-01-01T00:00:00Z"),
        ("2010-02", "2010-02-01T00:00:00Z"),
        ("2010-02-03T04:05:06+01:00", "2010-02-03T03:05:06Z"),
        (datetime(2010, 2, 3, 4, 5, 6, tzinfo=UTC).replace(tzinfo=None), "2010-02-03T04:05:06Z"),
        (datetime(2010, 2, 3, 4, 5, 6, tzinfo=UTC), "2010-02-03T04:05:06Z"),
    ],
)
def test_moments_are_read_as_people_write_them(since, sent):
    with nat.testing.serve(3) as server:
        provider(server).identifiers(since=since).first()
    assert asked(server)[1]["from"] == sent


def test_a_month_and_a_year_include_their_last_day():
    with nat.testing.serve(3) as server:
        oi = provider(server)
        oi.identify()
        assert "until=2012-02-29T23%3A59%3A59Z" in oi.records(until="2012-02").url
        assert "until=2012-12-31T23%3A59%3A59Z" in oi.records(until="2012").url


@pytest.mark.parametrize("ago", ["30d", "720h", timedelta(days=30)])
def test_so_long_ago_is_counted_from_now(ago):
    with nat.testing.serve(3) as server:
        provider(server).identifiers(since=ago).first()
    sent = datetime.fromisoformat(asked(server)[1]["from"])
    assert abs(datetime.now(UTC) - sent - timedelta(days=30)) < timedelta(minutes=5)


@pytest.mark.parametrize("since", ["soon", "2010-13", "2010-02-30", "", 2010])
def test_what_names_no_moment_is_refused_before_it_is_asked(since):
    oi = nat.OaiPmh("http://127.0.0.1:9/oai")
    if since == "":
        assert oi.records(since=since).url == oi.records().url
        return
    with pytest.raises((ValueError, TypeError), match="since="):
        oi.records(since=since)


@pytest.mark.parametrize(
    "url", ["h.example/oai", "me:secret@h.example/oai", "http://h:port/", "ftp://h/", ""]
)
def test_what_is_no_address_is_refused_at_once_and_without_its_secrets(url):
    with pytest.raises(ValueError, match="address") as raised:
        nat.OaiPmh(url, contact="a@b")
    assert "secret" not in str(raised.value)


def test_since_after_until_is_refused():
    with pytest.raises(ValueError, match="is after"):
        nat.OaiPmh("http://127.0.0.1:9/oai").records(since="2011", until="2010")


@pytest.mark.parametrize(
    ("call", "meant"),
    [
        (lambda oi: oi.records(from_="2010"), "since"),
        (lambda oi: oi.records(metadataPrefix="oai_dc"), "prefix"),
        (lambda oi: oi.records(metadata_prefix="oai_dc"), "prefix"),
        (lambda oi: oi.identifiers(setSpec="a"), "set"),
        (lambda oi: oi.record("a", metadataPrefix="oai_dc"), "prefix"),
        (lambda _: nat.OaiPmh("http://127.0.0.1:9/oai", max_retries=2), "retries"),
        (lambda _: nat.OaiPmh("http://127.0.0.1:9/oai", user_agent="me"), "contact"),
    ],
)
def test_foreign_spellings_get_a_did_you_mean(call, meant):
    with pytest.raises(TypeError, match=f"did you mean '{meant}'"):
        call(nat.OaiPmh("http://127.0.0.1:9/oai"))


def test_a_base_url_may_carry_a_query_and_a_pasted_request_is_cut_back():
    with answering(lambda _, __: identify()) as server:
        for base in ("?page=oai&key=1", "?page=oai&key=1&verb=ListRecords&metadataPrefix=oai_dc", "?", ""):
            nat.OaiPmh(server.url + base, rate=None).identify()
    assert [path for path, _, _ in server.heard] == [
        "/oai?page=oai&key=1&verb=Identify",
        "/oai?page=oai&key=1&verb=Identify",
        "/oai?verb=Identify",
        "/oai?verb=Identify",
    ]


def test_post_sends_the_same_arguments_in_the_body():
    with answering(lambda _, __: page(record(1))) as server:
        provider(server, post=True).records().collect()
        provider(server).records(set="a" * 3000).collect()
    assert [path for path, _, _ in server.heard] == ["/oai", "/oai"]
    assert server.heard[0][1] == {"verb": "ListRecords", "metadataPrefix": "oai_dc"}


def test_a_provider_may_spell_arguments_its_own_way():
    with answering(lambda _, __: page(record(1))) as server:
        provider(server, spelling={"metadataPrefix": "metadataprefix"}).records().collect()
    assert server.heard[0][1] == {"verb": "ListRecords", "metadataprefix": "oai_dc"}
    with pytest.raises(ValueError, match="did you mean 'metadataPrefix'"):
        provider(server, spelling={"metadataprefx": "x"})


@pytest.mark.parametrize("token", ["!f!u!s-a!oai_dc!200", "a b+c/d=e", "cursor%3D50%26a", "é:ø", "&amp;x=1"])
def test_tokens_are_opaque_and_encoded_once(token):
    plain = token.replace("&amp;", "&")
    pages = {None: page(record(1), token=token), plain: page(record(2), token="")}
    with answering(lambda arguments, _: pages[arguments.get("resumptionToken")]) as server:
        assert len(provider(server).records().collect()) == 2


def test_tokens_are_sent_as_they_stand_to_a_provider_that_does_not_decode_them():
    pages = {"1": page(record(1), token="cursor%3D50%26a"), "2": page(record(2))}
    with answering(lambda arguments, _: pages["2" if "resumptionToken" in arguments else "1"]) as server:
        table = provider(server, verbatim_token=True).records().collect()
        assert len(table) == 2
        assert server.heard[1][0].endswith("&resumptionToken=cursor%3D50%26a")


@pytest.mark.parametrize("end", ["?", "?page=oai", "?page=oai&", "#top"])
def test_a_base_url_may_end_in_odd_ways(end):
    with answering(lambda *_: page(record(1))) as server:
        base = server.url + end
        assert len(nat.OaiPmh(base, rate=None, contact="me@museum.example").records().collect()) == 1
        path = server.heard[0][0]
        assert path.count("?") == 1
        assert "&&" not in path
        assert ("page=oai" in path) == ("page=oai" in end)


def test_it_says_who_asks(monkeypatch):
    with answering(lambda _, __: identify()) as server:
        provider(server, headers={"X-Key": "1"}).identify()
        monkeypatch.setenv("NATURALIA_CONTACT", "https://museum.example/bot")
        nat.OaiPmh(server.url, auth=("me", "word")).identify()
    first, second = (headers for _, _, headers in server.heard)
    assert first["user-agent"] == f"naturalia/{nat.__version__} (mailto:me@museum.example)"
    assert (first["from"], first["x-key"]) == ("me@museum.example", "1")
    assert second["user-agent"] == f"naturalia/{nat.__version__} (https://museum.example/bot)"
    assert second["authorization"] == "Basic bWU6d29yZA=="


def test_without_contact_there_is_one_warning_a_host(monkeypatch):
    monkeypatch.delenv("NATURALIA_CONTACT", raising=False)
    with pytest.warns(errors.NaturaliaWarning, match="pass contact="):
        nat.OaiPmh("https://oai.museum.example/")
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        nat.OaiPmh("https://oai.museum.example/")
        nat.OaiPmh("https://other.museum.example/", contact="me@museum.example")


def test_two_requests_a_second_is_the_default_pace():
    with nat.testing.serve(250) as server:
        oi = nat.OaiPmh(server.url)
        assert oi._settings["rate"] == 2
        assert provider(server, rate="30/min")._settings["rate"] == 0.5
        with pytest.raises(ValueError, match="no rate"):
            provider(server, rate="fast")
        with pytest.raises(ValueError, match="positive"):
            provider(server, rate=0)


# What comes back


def test_a_query_is_not_asked_before_it_is_read_and_starts_anew_each_time():
    with nat.testing.serve(250) as server:
        query = provider(server).records()
        assert "2010" not in query.explain()
        assert repr(query) == f"<Query: ListRecords of {server.url}, not yet read>"
        assert server.requests == []
        assert query.count() == 250
        assert sum(len(part) for part in query) == 250
        assert len(server.requests) == 6
        assert [found.token is not None for found in query.pages()] == [True, True, True]


def test_first_asks_for_no_more_than_it_gives():
    with nat.testing.serve(250) as server:
        query = provider(server).records()
        assert len(query.first(3)) == 3
        assert len(server.requests) == 1
        assert len(query.first(150)) == 150
        assert len(server.requests) == 3


def test_nothing_that_matches_is_an_empty_table():
    with nat.testing.serve(3) as server:
        oi = provider(server)
        table = oi.records(prefix="oai_oi", since="2050").collect()
        assert (len(table), table.format) == (0, "oai_oi")
        assert len(oi.identifiers(since="2050").collect()) == 0
        assert oi.records(since="2050").count() == 0
        assert len(oi.records(since="2050").first()) == 0
    with nat.testing.serve(3, sets={}) as server:
        table = provider(server).sets()
        assert (len(table), table.columns[0]) == (0, "setSpec")


def test_a_refusal_is_an_error_of_its_own_class():
    with nat.testing.serve(3) as server:
        oi = provider(server)
        with pytest.raises(errors.IdDoesNotExist):
            oi.record("oai:none")
        with pytest.raises(errors.CannotDisseminateFormat) as refused:
            oi.records(prefix="marc").collect()
        assert refused.value.source == f"{server.url}?verb=ListRecords&metadataPrefix=marc"


def test_a_page_of_deleted_records_has_the_columns_of_the_others():
    pages = [page(record(1), token="1"), page(record(2, deleted=True), token="2"), page(record(3))]
    with answering(listing(*pages)) as server:
        tables = list(provider(server).records())
        assert {tuple(table.columns) for table in tables} == {tuple(tables[0].columns)}
        assert [table["deleted"] for table in tables] == [[False], [True], [False]]


def test_an_oai_error_under_an_http_error_is_read():
    with (
        answering(lambda _, __: (400, {}, refusal("badArgument"))) as server,
        pytest.raises(errors.BadArgument),
    ):
        provider(server).records().collect()
    with answering(lambda _, __: (500, {}, refusal("badVerb"))) as server:
        with pytest.raises(errors.BadVerb):
            provider(server).identify()
        assert len(server.heard) == 1


def test_providers_travel_to_other_processes():
    with nat.testing.serve(3) as server:
        again = pickle.loads(pickle.dumps(provider(server)))
        assert again.identify().repositoryName == "Museum of Examples"


# Stopping and forking


SCRIPT = """
import sys, naturalia as nat
oi = nat.OaiPmh(sys.argv[1], rate=None, retries=5, backoff=30, max_wait=900, contact="me@museum.example")
print("ready", flush=True)
try:
    oi.records().collect()
except KeyboardInterrupt:
    print("stopped", flush=True)
"""


@pytest.mark.parametrize("what", ["answer", "body", "backing off", "Retry-After", "connecting"])
def test_ctrl_c_is_answered_while_waiting_for(what):
    fault = {
        "answer": faults.Latency(seconds=600),
        "body": faults.Drip(pieces=1, pause=10),
        "backing off": faults.Status(code=500),
        "Retry-After": faults.Status(code=503, retry_after=600),
        "connecting": None,
    }[what]
    with nat.testing.serve(100, faults=[fault] if fault else []) as server, socket.socket() as full:
        url, fillers = server.url, []
        if what == "connecting":
            # A queue of one that is full: the next connection waits.
            full.bind(("127.0.0.1", 0))
            full.listen(0)
            url = f"http://127.0.0.1:{full.getsockname()[1]}/oai"
            fillers = [socket.socket() for _ in range(4)]
            for filler in fillers:
                filler.setblocking(False)
                filler.connect_ex(full.getsockname())
        command = [sys.executable, "-c", SCRIPT, url]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout.readline() == "ready\n"
            time.sleep(0.5)
            child.send_signal(signal.SIGINT)
            assert child.communicate(timeout=60)[0] == "stopped\n"  # long before the wait is over
        for filler in fillers:
            filler.close()


def ask(url, results):
    results.put(len(nat.OaiPmh(url, rate=None).records().collect()))


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_it_works_after_a_fork():
    with nat.testing.serve(250) as server:
        oi = provider(server)
        assert len(oi.records().collect()) == 250
        context = multiprocessing.get_context("fork")
        results = context.Queue()
        child = context.Process(target=ask, args=(server.url, results))
        child.start()
        assert results.get(timeout=20) == 250
        child.join(10)
        reader, writer = os.pipe()
        if (pid := os.fork()) == 0:
            # The very provider of the parent, whose runtime and connections did not come along.
            os.write(writer, str(len(oi.records().collect())).encode())
            os._exit(0)
        os.waitpid(pid, 0)
        assert os.read(reader, 10) == b"250"
        assert len(oi.records().collect()) == 250
