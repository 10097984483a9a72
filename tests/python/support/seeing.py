"""A client that hides nothing: replies of `naturalia.testing` as they come over the line."""

import re
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlencode, urlsplit

from naturalia import testing

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
