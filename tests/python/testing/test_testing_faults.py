"""Every fault of `naturalia.testing` does what its name says, seen by a client that hides nothing."""

import base64
import gzip
import re
import ssl
import subprocess
import sys
import time
from datetime import timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from naturalia import testing
from naturalia.testing import faults
from support.seeing import ASKED, follow, get, serve


@pytest.mark.parametrize("length", ["whole", "chunked"])
def test_cut_leaves_a_body_that_http_knows_is_short(length):
    with serve(faults.Cut(0.5, length=length)) as server, pytest.raises(HTTPException):
        get(server)


@pytest.mark.parametrize("length", ["sent", "none"])
def test_cut_leaves_a_body_that_only_xml_knows_is_short(length):
    with serve(faults.Cut(1000, length=length)) as server:
        assert len(get(server).body) == 1000


def test_wrong_length_ends_too_early_or_never_comes():
    with serve(faults.WrongLength(-50)) as server:
        assert not get(server).body.rstrip().endswith(b"</OAI-PMH>")
    with serve(faults.WrongLength(50)) as server, pytest.raises(HTTPException):
        get(server)


@pytest.mark.parametrize("after", [None, 0, 500])
def test_reset_breaks_the_connection(after):
    with serve(faults.Reset(after, times=1)) as server:
        with pytest.raises(ConnectionResetError):
            get(server)
        assert get(server).status == 200


def test_close_leaves_a_connection_that_answers_no_more():
    with serve(faults.Close()) as server:
        connection = HTTPConnection(urlsplit(server.url).netloc, timeout=5)
        connection.request("GET", "/oai?verb=Identify")
        assert connection.getresponse().read()
        connection.request("GET", "/oai?verb=Identify")
        with pytest.raises((HTTPException, ConnectionError)):
            connection.getresponse()
        connection.close()


def test_latency_and_drip_take_their_time():
    for slow in (faults.Latency(0.2), faults.Drip(pieces=2000, pause=0.1)):
        with serve(slow) as server:
            start = time.monotonic()
            assert get(server).body.endswith(b"</OAI-PMH>\n")
            assert time.monotonic() - start > 0.15


def test_status_comes_with_retry_after_in_each_form():
    with serve(faults.Status(503, retry_after=7, times=1), faults.Status(429, timedelta(hours=1))) as server:
        assert (get(server).status, get(server).status) == (503, 429)
        reply = get(server)
        moment, sent = (parsedate_to_datetime(reply.headers[name]) for name in ("retry-after", "date"))
        assert timedelta(minutes=59) < moment - sent < timedelta(minutes=61)


def test_every_and_times_and_request_choose_when_it_happens():
    with serve(faults.Status(500, every=3, times=2)) as server:
        statuses = [get(server).status for _ in range(10)]
        assert statuses == [200, 200, 500, 200, 200, 500, 200, 200, 200, 200]
        assert server.times(server.faults[0]) == 2
    with serve(faults.Status(500, request=2)) as server:
        assert [get(server).status for _ in range(3)] == [200, 500, 200]
        assert [request.faults for request in server.requests] == [[], ["Status"], []]


def test_redirect_names_another_server_or_itself():
    with serve() as other, serve(faults.Redirect(other.url, 301)) as server:
        seen = get(server)
        assert seen.status == 301
        assert seen.headers["location"].startswith(f"{other.url}?verb=ListRecords")
    with serve(faults.Redirect()) as server:
        assert get(server).headers["location"].startswith(server.url)


def test_method_key_authentication_agent_and_length_of_url_are_enforced():
    with serve(faults.Method("POST")) as server:
        assert get(server).status == 405
        form = {"Content_Type": "application/x-www-form-urlencoded"}
        assert get(server, method="POST", **form).identifiers == [1, 2, 3, 4]
    with serve(faults.Key("key", "abc")) as server:
        assert get(server).status == 403
        assert get(server, {**ASKED, "key": "abc"}).identifiers == [1, 2, 3, 4]
    with serve(faults.Authentication("jan", "geheim")) as server:
        assert get(server).headers["www-authenticate"].startswith("Basic")
        right = base64.b64encode(b"jan:geheim").decode()
        assert get(server, Authorization=f"Basic {right}").identifiers == [1, 2, 3, 4]
    with serve(faults.BlockedAgent(("sickle",))) as server:
        assert get(server, User_Agent="Sickle/0.7").status == 403
        assert get(server, User_Agent="naturalia/1").status == 200
    with serve(faults.LongUrl(60)) as server:
        assert get(server).status == 200
        assert get(server, {"verb": "ListRecords", "resumptionToken": "x" * 60}).status == 414


def test_spelling_wants_its_own_name_for_an_argument():
    with serve(faults.Spelling("metadataPrefix", "metadataprefix")) as server:
        assert b'code="badArgument"' in get(server).body
        spelled = {"verb": "ListRecords", "metadataprefix": "oai_dc"}
        assert get(server, spelled).identifiers == [1, 2, 3, 4]


def test_headers_say_what_they_like():
    said = {"Retry-After": "57", "Date": ""}
    with serve(faults.Header(said), faults.ContentType("text/html;charset=ISO-8859-1")) as server:
        seen = get(server)
        assert (seen.status, seen.headers["retry-after"], "date" in seen.headers) == (200, "57", False)
        assert seen.headers["content-type"] == "text/html;charset=ISO-8859-1"


def test_stale_cache_does_not_see_until():
    with serve(faults.StaleCache("until"), page_size=100) as server:
        first = get(server, {**ASKED, "until": "2020-01-01"})
        assert get(server, {**ASKED, "until": "1999-01-01"}).body == first.body
        assert get(server, {**ASKED, "from": "2020-01-01"}).body != first.body


def test_html_empty_and_any_body_come_with_200():
    for fault, body in [
        (faults.Html("Please log in"), b"Please log in"),
        (faults.Empty(), b""),
        (faults.Body(b"<oops/>"), b"<oops/>"),
    ]:
        with serve(fault) as server:
            seen = get(server)
            assert (seen.status, body in seen.body, len(seen.body) > 0) == (200, True, body != b"")


def test_encoding_is_not_what_is_said():
    with serve(faults.Encoding("latin-1")) as server:
        with pytest.raises(UnicodeDecodeError):
            get(server).body.decode()
        assert 'encoding="UTF-8"' in get(server).body.decode("latin-1")
    with serve(faults.Encoding("utf-16", said="UTF-16")) as server:
        assert 'encoding="UTF-16"' in get(server).body.decode("utf-16")


def test_leading_and_trailing_stand_outside_the_root():
    with serve(faults.Leading(b"\xef\xbb\xbf \n"), faults.Trailing(b"<br>")) as server:
        body = get(server).body
        assert body.startswith(b"\xef\xbb\xbf \n<?xml")
        assert body.endswith(b"</OAI-PMH>\n<br>")


def test_gzip_in_all_its_ways():
    takes = {"Accept_Encoding": "gzip"}
    whole = 4
    with serve(faults.Gzip()) as server:
        assert "content-encoding" not in get(server, Accept_Encoding="identity").headers
        assert gzip.decompress(get(server, **takes).body).count(b"<record>") == whole
    with serve(faults.Gzip("unlabelled")) as server:
        assert "content-encoding" not in get(server).headers
        assert gzip.decompress(get(server).body).count(b"<record>") == whole
    with serve(faults.Gzip("only said")) as server:
        assert get(server).headers["content-encoding"] == "gzip"
        assert get(server).body.count(b"<record>") == whole
    with serve(faults.Gzip("twice")) as server:
        assert gzip.decompress(gzip.decompress(get(server).body)).count(b"<record>") == whole
    with serve(faults.Gzip("cut")) as server, pytest.raises(EOFError):
        gzip.decompress(get(server).body)
    for how in ("corrupt", "deflate"):
        with serve(faults.Gzip(how)) as server, pytest.raises(gzip.BadGzipFile):
            gzip.decompress(get(server).body)
    with serve(faults.Gzip("only said", unless_identity=True)) as server:
        assert "content-encoding" not in get(server, Accept_Encoding="identity").headers


def test_bomb_is_small_on_the_way_and_huge_at_home():
    with serve(faults.Bomb(20)) as server:
        body = get(server).body
        assert len(body) < 100_000
        assert len(gzip.decompress(body)) > 20_000_000
    with serve(faults.Bomb(2, compressed=False)) as server:
        assert len(get(server).body) > 2_000_000


@pytest.mark.parametrize("data", [b"\x0b", b" & ", b"&eacute;", b"&#xD800;", b"\xe9", b"<i>Homo</i>"])
def test_inside_puts_bytes_into_the_text_of_one_record(data):
    with serve(faults.Inside(data, record=2)) as server:
        records = get(server).body.split(b"<record>")
        assert [data in record for record in records] == [False, False, True, False, False]


def test_records_lose_and_gain_what_they_should_not():
    for fault, pattern in [
        (faults.Metadata("missing", record=1), rb"</header></record>"),
        (faults.Metadata("empty", record=1), rb"<metadata/>"),
        (faults.Metadata("comment", record=1), rb"<metadata><!--"),
        (faults.Metadata("declaration", record=1), rb"<metadata><\?xml"),
        (
            faults.Metadata("error", record=1),
            rb"no thumbnail</error></oai_dc:dc></metadata>",
        ),
        (faults.DeletedWithMetadata("DELETED", record=1), rb'<header status="DELETED">'),
        (faults.OddDatestamp("yesterday", record=1), rb"<datestamp>yesterday</datestamp>"),
        (faults.About(record=1), rb"<about><provenance .*</provenance></about></record>"),
        (faults.Rewrite(b"<dc:title>", b"<dc:title id='1'>", 1), rb"<dc:title id='1'>"),
    ]:
        with serve(fault) as server:
            body = get(server).body
            assert len(re.findall(pattern, body)) == 1, fault
            assert len(re.findall(rb"</record>", body)) == 4


def test_huge_text_is_huge():
    with serve(faults.HugeText(2, record=1)) as server:
        assert len(get(server).body) > 2_000_000


def test_the_envelope_bends():
    with serve(faults.Namespace(""), faults.ResponseDate(" soon ")) as server:
        body = get(server).body
        assert b"<OAI-PMH xmlns:xsi" in body
        assert b"<responseDate> soon </responseDate>" in body
    for external in ("", "file:///etc/hostname"):
        with serve(faults.Doctype(external)) as server:
            assert re.search(rb"<!DOCTYPE OAI-PMH.*&bomb;", get(server).body, re.DOTALL)


def test_errors_are_what_is_asked_for():
    wrong = faults.Error("foo", "bar", others=(("badVerb", "baz"),), status=422, verb="Identify")
    with serve(wrong, faults.ErrorStatus(404)) as server:
        seen = get(server, {"verb": "Identify"})
        assert re.findall(rb'<error code="(\w+)">', seen.body) == [b"foo", b"badVerb"]
        assert get(server, {"verb": "ListNothing"}).status == 404
        assert get(server).status == 200


def test_identify_says_what_it_likes():
    said = {"granularity": "YYYY-MM-DD", "earliestDatestamp": "1826-01-01", "adminEmail": None}
    with serve(faults.Identify(said)) as server:
        body = get(server, {"verb": "Identify"}).body
        assert b"<granularity>YYYY-MM-DD<" in body
        assert b"<earliestDatestamp>1826-01-01<" in body
        assert b"adminEmail" not in body


def test_days_only_refuses_seconds():
    with serve(faults.DaysOnly()) as server:
        assert b"badArgument" in get(server, {**ASKED, "from": "2020-01-01T00:00:00Z"}).body
        assert get(server, {**ASKED, "from": "2020-01-01"}).identifiers == [1, 2, 3, 4]


def test_the_clock_of_the_server_may_be_wrong():
    with serve(clock=lambda: 0) as server:
        seen = get(server)
        assert seen.headers["date"] == "Thu, 01 Jan 1970 00:00:00 GMT"
        assert b"<responseDate>1970-01-01T00:00:00Z<" in seen.body


def test_tls_is_there_for_those_who_trust_it():
    pytest.importorskip("trustme")
    authority = testing.authority()
    with serve(tls=authority.context()) as server:
        url = f"{server.url}?verb=Identify"
        with pytest.raises(OSError, match="CERTIFICATE_VERIFY_FAILED"):
            urlopen(url)
        trusting = ssl.create_default_context(cadata=authority.pem)
        with urlopen(url, context=trusting) as reply:
            assert reply.status == 200


def test_recorded_pages_are_replayed_by_their_tokens():
    with testing.serve(10, page_size=4) as server:
        recorded = [page.body for page in follow(server)]
    with testing.serve(testing.replay(*recorded)) as server:
        assert [page.body for page in follow(server)] == recorded
        wrong = {"verb": "ListRecords", "resumptionToken": "no"}
        assert b"badResumptionToken" in get(server, wrong).body


def test_it_runs_as_a_program(tmp_path):
    command = [sys.executable, "-m", "naturalia.testing", "--records", "7", "--page-size", "3"]
    program = subprocess.Popen(
        [*command, "--fault", "LastToken('missing')"], stdout=subprocess.PIPE, cwd=tmp_path, text=True
    )
    try:
        url = program.stdout.readline().strip()
        assert urlopen(f"{url}?verb=ListRecords&metadataPrefix=oai_dc").read().count(b"<record>") == 3
    finally:
        program.terminate()
        program.wait(10)
        program.stdout.close()


def test_no_fault_is_without_a_test():
    tests = Path(__file__).parent.glob("test_testing_*.py")
    text = "".join(path.read_text(encoding="utf-8") for path in tests)
    used = re.findall(r"faults\.(\w+)\(", text)
    assert set(faults.__all__) - {"Fault", "NbaFault"} == set(used)


def test_no_fault_is_missing_from_the_documentation():
    page = (Path(__file__).parents[3] / "docs" / "testing.md").read_text(encoding="utf-8")
    assert set(faults.__all__) == set(re.findall(r"\b([A-Z]\w+)\b", page)) & set(faults.__all__)
