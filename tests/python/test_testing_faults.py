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
from http.client import HTTPConnection, HTTPException, HTTPResponse
from pathlib import Path
from urllib.parse import urlencode, urlsplit
from urllib.request import urlopen

import pytest
from naturalia import testing
from naturalia.testing import faults

ASKED = {"verb": "ListRecords", "metadataPrefix": "oai_dc"}


class Seen:
    """One reply as it came."""

    def __init__(self, reply: HTTPResponse) -> None:
        self.status = reply.status
        self.headers = {name.lower(): text for name, text in reply.getheaders()}
        self.body = reply.read()

    @property
    def token(self) -> str:
        found = re.search(rb"<resumptionToken[^>]*>([^<]*)<", self.body)
        text = found[1].decode() if found else ""
        return text.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")

    @property
    def identifiers(self) -> list[int]:
        return [int(number) for number in re.findall(rb"<identifier>oai:museum.example:(\d+)<", self.body)]


def get(server, arguments=None, *, url=None, method="GET", **headers) -> Seen:
    """The reply to one request over a connection of its own."""
    parts = urlsplit(url or server.url)
    query = urlencode(ASKED if arguments is None else arguments)
    connection = HTTPConnection(parts.netloc, timeout=5)
    try:
        target = f"{parts.path}?{query}" if method == "GET" else parts.path
        sent = {name.replace("_", "-"): text for name, text in headers.items()}
        connection.request(method, target, body=None if method == "GET" else query, headers=sent)
        return Seen(connection.getresponse())
    finally:
        connection.close()


def follow(server, arguments=None, *, limit=20) -> list[Seen]:
    """The pages of a list to its end."""
    pages = [get(server, arguments)]
    verb = (arguments or ASKED)["verb"]
    while pages[-1].token.strip() and len(pages) < limit:
        pages.append(get(server, {"verb": verb, "resumptionToken": pages[-1].token}))
    return pages


def serve(*wrong, source=10, page_size=4, **options):
    return testing.serve(source, page_size=page_size, faults=wrong, **options)


def listed(pages) -> list[int]:
    return [number for page in pages for number in page.identifiers]


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
        moment = parsedate_to_datetime(get(server).headers["retry-after"])
        assert 3500 < moment.timestamp() - time.time() < 3700


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


def test_tokens_expire_by_page_and_by_time():
    with serve(faults.ExpiredToken(page=2, times=1)) as server:
        token = get(server).token
        pages = [get(server, {"verb": "ListRecords", "resumptionToken": token}) for _ in range(2)]
        assert [b"badResumptionToken" in page.body for page in pages] == [True, False]
    now = [1_700_000_000.0]
    with serve(faults.TokenLifetime(60), clock=lambda: now[0]) as server:
        first = get(server)
        assert b'expirationDate="2023-11-14T22:14:20Z"' in first.body
        now[0] += 61
        again = get(server, {"verb": "ListRecords", "resumptionToken": first.token})
        assert b"badResumptionToken" in again.body


def test_tokens_must_come_back_as_they_were():
    with serve(faults.TokenText()) as server:
        assert listed(follow(server)) == list(range(1, 11))
        token = get(server).token
        assert {" ", "+", "%", "&", "#", "é"} <= set(token)
        damaged = {"verb": "ListRecords", "resumptionToken": token.replace("%3A", ":")}
        assert b"badResumptionToken" in get(server, damaged).body


def test_a_session_token_is_one_text_and_goes_on_by_itself():
    with serve(faults.SessionToken()) as server:
        pages = follow(server)
        assert listed(pages) == list(range(1, 11))
        assert {page.token for page in pages[:-1]} == {"session-1"}


def test_a_token_cycle_never_ends():
    with serve(faults.TokenCycle(at=2)) as server:
        assert listed(follow(server, limit=6)) == [*range(1, 5), *[5, 6, 7, 8] * 5]
    with serve(faults.TokenCycle(at=4, back=3), source=20) as server:
        found = [page.identifiers[0] for page in follow(server, limit=9)]
        assert found == [1, 5, 9, 13, 5, 9, 13, 5, 9]


def test_the_last_token_is_blank_missing_or_one_too_many():
    with serve(faults.LastToken("blank")) as server:
        assert follow(server)[-1].token.isspace()
    with serve(faults.LastToken("missing")) as server:
        assert b"resumptionToken" not in follow(server)[-1].body.replace(b' resumptionToken="', b"")
    with serve(faults.LastToken("more")) as server:
        pages = follow(server)
        assert listed(pages) == list(range(1, 11))
        assert b"noRecordsMatch" in pages[-1].body
    with serve(faults.LastToken("more"), page_size=100) as server:
        assert b"noRecordsMatch" in follow(server)[-1].body


def test_an_empty_page_leads_on():
    for page in (1, 2):
        with serve(faults.EmptyPage(page=page)) as server:
            pages = follow(server)
            assert listed(pages) == list(range(1, 11))
            assert pages[page - 1].identifiers == []


@pytest.mark.parametrize("how", [500, "badArgument", "end"])
def test_nobody_gets_deeper_than_the_limit(how):
    with serve(faults.DeepPaging(8, how)) as server:
        pages = follow(server)
        assert listed(pages) == list(range(1, 9))
        assert b'completeListSize="10"' in pages[0].body
        assert pages[-1].status == (500 if how == 500 else 200)


def test_filters_are_lost_on_the_way():
    asked = {**ASKED, "until": "2020-01-01T05:00:00Z", "set": "films"}
    with serve(faults.FiltersLost(), page_size=1) as server:
        found = listed(follow(server, asked))
        assert set(found) > set(listed([get(server, asked)]))
        assert max(found) == 10
    with serve(faults.FiltersLost(after=0, what=("until",))) as server:
        assert listed(follow(server, {**ASKED, "until": "2020-01-01T05:00:00Z"})) == list(range(1, 11))


def test_until_misses_its_day():
    source = testing.generate(72, step=3600)
    with serve(faults.UntilMissesItsDay(), source=source, page_size=100) as server:
        assert listed([get(server, {**ASKED, "until": "2020-01-02"})]) == list(range(1, 25))


def test_a_moving_list_loses_and_doubles_records():
    gone = faults.Change(page=2, delete=("oai:museum.example:10",))
    moved = faults.Change(page=2, update=("oai:museum.example:1",))
    with serve(gone, faults.OffsetPaging(), deleted_record="no") as server:
        assert set(range(1, 11)) - set(listed(follow(server))) == {6}
    with serve(moved, faults.OffsetPaging()) as server:
        assert listed(follow(server)) == [10, 9, 8, 7, 7, 6, 5, 4, 3, 2]


def test_pages_have_more_and_less_than_they_should():
    stray = testing.Item("oai:museum.example:99", "1950-01-01T00:00:00Z", {"oai_dc": "<dc/>"}, ("other",))
    for fault, expected in [
        (faults.Duplicates(), [1, 2, 3, 4, 4, 5, 6, 7, 8, 8, 9, 10]),
        (faults.Strays((stray,), page=2), [1, 2, 3, 4, 5, 6, 7, 8, 99, 9, 10]),
        (faults.LostRecords(2, page=1), [1, 2, 5, 6, 7, 8, 9, 10]),
        (faults.Hidden(("oai:museum.example:3",), verb="ListRecords"), [1, 2, 4, 5, 6, 7, 8, 9, 10]),
    ]:
        with serve(fault) as server:
            assert listed(follow(server)) == expected


def test_sizes_and_cursors_lie():
    def marks(*wrong):
        with serve(*wrong) as server:
            return [re.findall(rb'(?:completeListSize|cursor)="(\d+)"', page.body) for page in follow(server)]

    assert marks() == [[b"10", b"0"], [b"10", b"4"], [b"10", b"8"]]
    assert marks(faults.WrongSize(7, drift=1)) == [[b"7", b"0"], [b"8", b"4"], [b"9", b"8"]]
    assert marks(faults.WrongSize(), faults.WrongCursor("missing")) == [[], [], []]
    assert marks(faults.WrongCursor("pages")) == [[b"10", b"0"], [b"10", b"1"], [b"10", b"2"]]


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
    used = re.findall(r"faults\.(\w+)\(", Path(__file__).read_text(encoding="utf-8"))
    assert set(faults.__all__) - {"Fault"} == set(used)


def test_no_fault_is_missing_from_the_documentation():
    page = (Path(__file__).parents[2] / "docs" / "testing.md").read_text(encoding="utf-8")
    assert set(faults.__all__) == set(re.findall(r"\b([A-Z]\w+)\b", page)) & set(faults.__all__)
