"""The faults of the loopback NBA: each happens when it should, and looks as it does at the real one."""

import gzip
import http.client
import json
import subprocess
import sys
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from naturalia import testing
from naturalia.testing import faults

BY_ID = '{"sortFields":[{"path":"id"}],"size":20'


def fetch(server, path):
    """The body of a reply."""
    with urlopen(f"{server.url}/{path}") as reply:
        return reply.read()


def post(server, path, spec):
    """The reply to a QuerySpec."""
    request = Request(f"{server.url}/{path}", spec.encode(), {"Content-Type": "application/json"})
    with urlopen(request) as reply:
        return json.load(reply)


def ids(reply):
    """The ids of a page."""
    return [row["item"]["id"] for row in reply["resultSet"]]


def refused(server, path):
    """The error of a request."""
    with pytest.raises(HTTPError) as caught:
        fetch(server, path)
    with caught.value as error:
        error.text = error.read().decode()
    return error


def test_a_download_is_cut_at_a_line_end_and_nothing_but_a_count_tells():
    with testing.nba(50, faults=[faults.DownloadCut(20)]) as server:
        lines = fetch(server, "multimedia/download").split(b"\n")
        assert len([json.loads(line) for line in lines]) == 20
        assert int(fetch(server, "multimedia/count")) == 50


def test_a_download_is_cut_in_the_middle_of_a_line():
    with testing.nba(50, faults=[faults.DownloadCut(20, where="middle")]) as server:
        lines = fetch(server, "multimedia/download").split(b"\n")
        assert len(lines) == 21
        with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
            json.loads(lines[-1])


def test_a_download_ends_with_its_connection():
    with testing.nba(50, faults=[faults.DownloadCut(20, how="broken")]) as server:
        with pytest.raises(http.client.IncompleteRead) as caught:
            fetch(server, "multimedia/download")
        assert len(caught.value.partial.split(b"\n")) == 20


def test_a_download_loses_documents_in_its_midst():
    with testing.nba(50, faults=[faults.DownloadLoses(10)]) as server:
        lines = [json.loads(line)["id"] for line in fetch(server, "multimedia/download").split(b"\n")]
        whole = [one["id"] for one in server.documents()]
        assert lines == [one for place, one in enumerate(whole, 1) if place % 10]


def test_the_window_ends_before_the_settings_say():
    with testing.nba(50, window=40, faults=[faults.ResultWindow(30)]) as server:
        assert fetch(server, "multimedia/metadata/getSetting/index.max_result_window") == b"40"
        assert len(json.loads(fetch(server, "multimedia/query?_from=10&_size=20"))["resultSet"]) == 20
        error = refused(server, "multimedia/query?_from=11&_size=20")
        assert (error.code, json.loads(error.text)["exception"]["type"].rsplit(".", 1)[-1]) == (
            500,
            "InvalidQueryException",
        )


def test_totals_change_between_pages():
    with testing.nba(50, faults=[faults.TotalChanges(-3)]) as server:
        said = [
            post(server, "multimedia/query", BY_ID + f',"from":{start}}}')["totalSize"] for start in (0, 20)
        ]
        assert said == [47, 44]


def test_without_a_sort_the_order_is_another_one_each_time():
    with testing.nba(50, faults=[faults.Unordered()]) as server:
        pages = [json.loads(fetch(server, f"multimedia/query?_from={start}&_size=25")) for start in (0, 25)]
        assert len(set(ids(pages[0])) | set(ids(pages[1]))) < 50
        sorted_pages = [post(server, "multimedia/query", BY_ID + "}") for _ in range(2)]
        assert ids(sorted_pages[0]) == ids(sorted_pages[1])


def test_documents_come_and_go_between_pages():
    first = {"id": "!first@CRS"}
    with testing.nba(50) as server:
        gone = server.documents()[0]["id"]
        server.faults += [faults.DocumentsChange(delete=(gone,), add=(first,), page=2)]
        before = ids(post(server, "multimedia/query", BY_ID + "}"))
        post(server, "multimedia/query", BY_ID + ',"from":20}')
        after = ids(post(server, "multimedia/query", BY_ID + "}"))
        assert set(before) ^ set(after) == {gone, "!first@CRS"}


def test_documents_come_twice_and_pages_fall_short():
    with testing.nba(
        50, faults=[faults.DocumentsTwice(2, page=1), faults.DocumentsMissing(5, page=2)]
    ) as server:
        first = ids(post(server, "multimedia/query", BY_ID + "}"))
        assert (len(first), len(set(first))) == (22, 20)
        second = post(server, "multimedia/query", BY_ID + ',"from":20}')
        assert (len(second["resultSet"]), second["totalSize"]) == (15, 50)


@pytest.mark.parametrize(
    ("fault", "status", "kind", "said"),
    [
        (faults.ServiceDown(), 500, "text/plain", "ConnectionFailureException"),
        (faults.QueryRefused("no"), 500, "application/json", "InvalidQueryException"),
        (faults.QueryRefused("no", status=400), 400, "application/json", "InvalidQueryException"),
        (faults.NotFoundText(), 404, "text/plain", "404 (NOT FOUND)"),
        (faults.Status(503, retry_after=3), 503, "text/html", "later"),
        (faults.Status(429, retry_after=3), 429, "text/html", "later"),
    ],
)
def test_an_error_has_its_status_its_type_and_its_words(fault, status, kind, said):
    with testing.nba(5, faults=[fault]) as server:
        error = refused(server, "multimedia/query")
        assert error.code == status
        assert error.headers["Content-Type"].startswith(kind)
        assert said in error.text
        assert error.headers.get("Retry-After") == ("3" if isinstance(fault, faults.Status) else None)


def test_settings_cannot_be_read():
    with testing.nba(5, faults=[faults.NoSetting()]) as server:
        assert refused(server, "multimedia/metadata/getSetting/index.max_result_window").code == 404
        assert refused(server, "metadata/getSettings").code == 404
        assert fetch(server, "multimedia/count") == b"5"


def test_faults_of_the_connection_and_of_the_body_happen_here_too():
    wrong = [
        faults.Html("Proxy", request=1),
        faults.Gzip("only said", request=2),
        faults.Drip(200, 0.001, request=3),
        faults.Cut(0.5, length="sent", request=4),
        faults.Close(request=5),
    ]
    with testing.nba(50, faults=wrong) as server:
        assert fetch(server, "multimedia/query").startswith(b"<!DOCTYPE html>")
        with urlopen(f"{server.url}/multimedia/query") as reply:
            assert reply.headers["Content-Encoding"] == "gzip"
            with pytest.raises(gzip.BadGzipFile):
                gzip.decompress(reply.read())
        whole = fetch(server, "multimedia/query")
        assert len(json.loads(whole)["resultSet"]) == 10
        assert fetch(server, "multimedia/query") == whole[: len(whole) // 2]
        assert fetch(server, "multimedia/query") == whole
        assert [server.times(fault) for fault in wrong] == [1] * 5


def test_a_fault_of_the_oai_kind_says_when_it_happens_by_service_and_page():
    with testing.nba(50, faults=[faults.ServiceDown(verb="count", times=1)]) as server:
        assert fetch(server, "multimedia/query")
        assert refused(server, "multimedia/count").code == 500
        assert fetch(server, "multimedia/count") == b"50"
        assert [request.faults for request in server.requests] == [[], ["ServiceDown"], []]


def test_a_fault_of_ones_own_bends_the_hits_or_a_page():
    class Backwards(faults.NbaFault):
        def on_documents(self, _server, _request, documents):
            return documents[::-1]

        def on_found(self, _server, _request, found):
            found.total = -1
            return found

    with testing.nba(5, faults=[Backwards()]) as server:
        reply = json.loads(fetch(server, "multimedia/query"))
        assert ids(reply) == [one["id"] for one in reversed(server.documents())]
        assert reply["totalSize"] == -1


def test_it_is_served_from_a_shell_too():
    command = [
        sys.executable,
        "-m",
        "naturalia.testing",
        "--nba",
        "--records",
        "7",
        "--fault",
        "DownloadCut(3)",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            url = process.stdout.readline().strip()
            with urlopen(f"{url}/multimedia/count") as reply:
                assert reply.read() == b"7"
            with urlopen(f"{url}/multimedia/download") as reply:
                assert len(reply.read().split(b"\n")) == 3
        finally:
            process.terminate()
