"""Small services that answer as the NBA, the NHM Data Portal and a feed do, with the faults a test wants."""

from __future__ import annotations

import json
import random
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from naturalia import Query, _core
from naturalia._harvest.resume import QUESTIONS

SETTINGS = {
    "contact": None,
    "timeout": 5.0,
    "retries": 1,
    "backoff": 0.001,
    "max_wait": 1.0,
    "rate": None,
    "headers": [],
    "auth": None,
    "verify": True,
    "proxy": "",
    "max_bytes": 1 << 28,
}
WRONG = {
    "exception": {"type": "nl.naturalis.nba.api.NoSuchFieldException", "message": "no such field: genuss"}
}


@contextmanager
def serving(answer):
    """Serves `answer(path, body) -> (status, content type, bytes)`; gives address and log."""
    log = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 1 << 16
        disable_nagle_algorithm = True

        def do_GET(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            parts = urlsplit(self.path)
            log.append((self.command, parts.path, body))
            status, kind, reply = answer(parts.path, body)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(reply)))
            self.end_headers()
            self.wfile.write(reply)

        do_POST = do_GET  # noqa: N815

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", log
    finally:
        server.shutdown()
        server.server_close()


def document(number, unit=None, **more):
    """A multimedia document with the id of its number."""
    unit = f"RMNH.AVES.{number:05d}" if unit is None else unit
    source = f"{unit or 'NONE'}_{number:05d}"
    return {
        "sourceSystem": {"code": "CRS"},
        "sourceSystemId": source,
        "id": f"{source}@CRS",
        **({"unitID": unit} if unit else {}),
        "license": "CC0",
        **more,
    }


def matches(condition, found):
    """Whether a document meets a condition: STARTS_WITH and EQUALS, not, and, or."""
    if "field" in condition:
        value, wanted = found.get(condition["field"]), condition["value"]
        starts = condition.get("operator", "EQUALS") == "STARTS_WITH"
        own = value is not None and (value.startswith(wanted) if starts else value == wanted)
    else:
        own = condition["value"]
    own = own and all(matches(other, found) for other in condition.get("and") or [])
    own = own or any(matches(other, found) for other in condition.get("or") or [])
    return own != (condition.get("not") == "NOT")


def encoded(value):
    return json.dumps(value).encode()


class Nba:
    """The NBA over some documents. A fault is a function that may give another reply, or None."""

    def __init__(self, documents, *, window=10_000, fault=None):
        self.documents = documents
        self.window = window
        self.fault = fault
        self.asked = 0

    def __call__(self, path, body):
        self.asked += 1
        spec = json.loads(body or "{}")
        _, _, kind, service = path.split("/")
        assert kind == "multimedia"
        joined = any if spec.get("logicalOperator") == "OR" else all
        conditions = spec.get("conditions") or [{"value": True}]
        found = [one for one in self.documents if joined(matches(condition, one) for condition in conditions)]
        found.sort(key=lambda one: one["id"])
        first, size = spec.get("from", 0), spec.get("size", 10)
        if fields := spec.get("fields"):
            found = [{name: one[name] for name in fields if name in one} for one in found]
        if service == "count":
            reply = len(found)
        elif service == "download":
            reply = found
        elif first + size > self.window:
            wrong = {"exception": {"type": "a.b.InvalidQueryException", "message": "too deep"}}
            return 500, "application/json", encoded(wrong)
        else:
            reply = {
                "totalSize": len(found),
                "resultSet": [{"item": one} for one in found[first : first + size]],
            }
        if self.fault and (changed := self.fault(self, service, spec, reply)) is not None:
            return changed
        if service == "download":
            return 200, "application/x-ndjson;charset=UTF-8", b"\n".join(map(encoded, found))
        return 200, "application/json", encoded(reply)


class Nhm:
    """The data portal over some records of one resource; pages by `after`, the number of the last record."""

    def __init__(self, records, *, fault=None, known=("vds_basic_query", "datastore_search")):
        self.records = records
        self.fault = fault
        self.known = known
        self.asked = 0

    def __call__(self, path, body):
        self.asked += 1
        action, params = path.rpartition("/")[2], json.loads(body or "{}")
        if action not in self.known:
            return 400, "application/json", encoded(f"Bad request: Action name not known: {action}")
        first = params["after"][0] if params.get("after") else 0
        limit = min(params.get("limit", 100), 1000)
        page = self.records[first : first + limit]
        last = first + len(page)
        after = [last] if limit and last < len(self.records) else None
        result = {"total": len(self.records), "records": page, "after": after}
        if self.fault and (changed := self.fault(self, params, result)) is not None:
            return changed
        return 200, "application/json", encoded({"help": "", "success": True, "result": result})


FEED = '<feed xmlns="http://www.w3.org/2005/Atom">{}{}</feed>'
SCRIPT = """
import json, sys
import naturalia as nat
from naturalia import _core
from naturalia._sources.nba.question import NbaDocumentQuery
url, path, question = sys.argv[1:]
settings = {"contact": None, "timeout": 5.0, "retries": 1, "backoff": 0.01, "max_wait": 1.0, "rate": None,
            "headers": [], "auth": None, "verify": True, "proxy": "", "max_bytes": 1 << 28}
asked = NbaDocumentQuery(_core.Service("nba", url, settings), json.loads(question), settings=settings)
query = nat.Query(asked)
nat.harvest(query, path)
"""


def asking(base, kind="nba", **question):
    if kind == "nba":
        question = {"type": "multimedia", "specs": [{}], "service": "query", **question}
    return Query(QUESTIONS[kind](_core.Service(kind, base, SETTINGS), question, settings=SETTINGS))


def ids(documents):
    return sorted(one["id"] for one in documents)


def scattered(count):
    """Documents whose unitIDs start in many ways, some without one, many with the same one."""
    chance = random.Random(7)
    starts = ["RMNH.AVES.", "ZMA.", "L.", "ë", "😀", "", None, '"quo\\ted"', "same"]
    made = []
    for number in range(count):
        start = chance.choice(starts)
        unit = (
            start if start in {"same", None} else f"{start}{chance.randrange(10 ** chance.randrange(1, 6))}"
        )
        made.append(document(number, unit or ""))
    return made


def records(count):
    return [{"_id": str(number), "occurrenceID": f"x-{number}", "genus": "Helix"} for number in range(count)]


def feed(pages):
    def answer(path, _):
        number = int(path.strip("/") or 0)
        following = pages[number]
        link = "" if following is None else f'<link rel="next" href="/{following}"/>'
        entry = f"<entry><id>tag:{number}</id><title>t</title><updated>2020-01-01T00:00:00Z</updated></entry>"
        return 200, "application/atom+xml", FEED.format(link, entry).encode()

    return answer
