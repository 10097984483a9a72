"""Providers written by others, on this machine: `oaipmh` 4.0.0 and `oai-repo`, over real recorded records.

    with oaipmh_provider(items) as provider:
        provider.url

Both are given items of `naturalia.testing` and hold them in their own way; `real_items()` are those of the
corpus.
"""

import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from urllib.parse import parse_qsl, urlsplit

from conftest import corpus_files
from naturalia.testing import Item, items_of

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SCHEMA = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
NAMESPACE = "http://www.openarchives.org/OAI/2.0/oai_dc/"


def real_items(prefix: str = "oai_dc") -> list[Item]:
    """The records of this format on the well-formed ListRecords pages of the corpus, each identifier once."""
    found: dict[str, Item] = {}
    for path in corpus_files("responses/*/ListRecords*.xml"):
        try:
            page = items_of(path)
        except ValueError:  # not well-formed: that is for other tests
            continue
        found.update((item.identifier, item) for item in page if prefix in item.metadata)
    return list(found.values())


def moment(item: Item) -> datetime:
    """The datestamp of an item as these servers hold it."""
    text = item.datestamp[:19].ljust(10, "0")
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        return EPOCH + timedelta(days=1)


@contextmanager
def served(answer):
    """A function from arguments to XML, as a server: yields its `url` and the `requests` it got."""
    seen = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            arguments = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
            seen.append(arguments)
            body = answer(dict(arguments))
            self.send_response(200)
            self.send_header("Content-Type", "text/xml; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield SimpleNamespace(url=f"http://127.0.0.1:{server.server_port}/oai", requests=seen)
    finally:
        server.shutdown()
        server.server_close()


def chosen(items, since, until, spec):
    """The items of a selection."""
    return [
        item
        for item in items
        if (since is None or moment(item) >= since)
        and (until is None or moment(item) <= until)
        and (spec is None or any(one == spec or one.startswith(f"{spec}:") for one in item.sets))
    ]


def oldest_first(items):
    """Items in the order both servers page in."""
    return sorted(items, key=lambda item: (moment(item), item.identifier))


@contextmanager
def oaipmh_provider(items, *, page_size: int = 25):
    """`oaipmh` 4.0.0 over these items: tokens quoted twice, no empty token on the last page."""
    from lxml import etree
    from oaipmh import common, error, metadata, server

    items = oldest_first(items)
    known = {item.identifier: item for item in items}

    def naive(item):
        return moment(item).replace(tzinfo=None)

    def header(item):
        return common.Header(None, item.identifier, naive(item), list(item.sets), item.deleted)

    class Repository:
        def identify(self):
            fields = ("Real records", "http://127.0.0.1/oai", "2.0", ["a@b.example"], naive(items[0]))
            return common.Identify(*fields, "persistent", "YYYY-MM-DDThh:mm:ssZ", ["identity"])

        def _page(self, set, from_, until, cursor, batch_size):
            since, end = (one and one.replace(tzinfo=UTC) for one in (from_, until))
            return chosen(items, since, end, set)[cursor : cursor + batch_size]

        def listRecords(self, metadataPrefix, set=None, from_=None, until=None, cursor=0, batch_size=10):
            page = self._page(set, from_, until, cursor, batch_size)
            return [(header(item), item.metadata[metadataPrefix], None) for item in page]

        def listIdentifiers(self, metadataPrefix, set=None, from_=None, until=None, cursor=0, batch_size=10):
            return [header(item) for item in self._page(set, from_, until, cursor, batch_size)]

        def getRecord(self, metadataPrefix, identifier):
            if identifier not in known:
                raise error.IdDoesNotExistError(identifier)
            return header(known[identifier]), known[identifier].metadata[metadataPrefix], None

        def listMetadataFormats(self, identifier=None):
            return [("oai_dc", SCHEMA, NAMESPACE)]

        def listSets(self, cursor=0, batch_size=10):
            specs = sorted({spec for item in items for spec in item.sets})
            return [(spec, spec, None) for spec in specs[cursor : cursor + batch_size]]

    registry = metadata.MetadataRegistry()
    registry.registerWriter("oai_dc", lambda element, payload: element.append(etree.fromstring(payload)))
    provider = server.BatchingServer(Repository(), registry, resumption_batch_size=page_size)
    with served(provider.handleRequest) as running:
        yield running


@contextmanager
def oai_repo_provider(items, *, page_size: int = 25):
    """`oai-repo` over these items: tokens of base64 with `=` and `/`; it knows no deleted records."""
    import oai_repo
    from lxml import etree

    living = oldest_first(item for item in items if not item.deleted)
    known = {item.identifier: item for item in living}

    identify = oai_repo.Identify(
        "Real records",
        "http://127.0.0.1/oai",
        ["a@b.example"],
        f"{moment(living[0]):%Y-%m-%dT%H:%M:%SZ}",
        "no",
        "YYYY-MM-DDThh:mm:ssZ",
    )

    class Data(oai_repo.DataInterface):
        limit = page_size

        def get_identify(self):
            return identify

        def is_valid_identifier(self, identifier):
            return identifier in known

        def get_metadata_formats(self, identifier=None):
            return [oai_repo.MetadataFormat("oai_dc", SCHEMA, NAMESPACE)]

        def get_record_header(self, identifier):
            item = known[identifier]
            return oai_repo.RecordHeader(identifier, moment(item), list(item.sets))

        def get_record_metadata(self, identifier, metadataprefix):
            return etree.fromstring(known[identifier].metadata[metadataprefix])

        def get_record_abouts(self, identifier):
            return [etree.fromstring(markup) for markup in known[identifier].about]

        def list_set_specs(self, identifier=None, cursor=0):
            of = living if identifier is None else [known[identifier]]
            specs = sorted({spec for item in of for spec in item.sets})
            return specs[cursor : cursor + page_size], len(specs), None

        def get_set(self, setspec):
            return oai_repo.Set(setspec, setspec, [])

        def list_identifiers(
            self, metadataprefix, filter_from=None, filter_until=None, filter_set=None, cursor=0
        ):
            found = chosen(living, filter_from, filter_until, filter_set)
            page = [item.identifier for item in found[cursor : cursor + page_size]]
            return page, len(found), None

    repository = oai_repo.OAIRepository(Data())
    with served(lambda arguments: bytes(repository.process(arguments))) as running:
        yield running
