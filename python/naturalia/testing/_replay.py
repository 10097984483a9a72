"""Recorded replies, sent again byte for byte: whatever is wrong with them stays wrong."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from naturalia.testing import _write
from naturalia.testing._exchange import OaiFailure, Token
from naturalia.testing._items import moment
from naturalia.testing._pages import page_files
from naturalia.testing._repository import Repository

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable

    from naturalia.testing._exchange import Request
    from naturalia.testing.faults._fault import Fault

__all__ = ["Recording", "Replay", "replay"]

TOKEN = re.compile(rb"<(?:\w+:)?resumptionToken[^>]*>([^<]*)</")
VERB = re.compile(
    rb"<(?:\w+:)?(Identify|ListMetadataFormats|ListSets|GetRecord|ListIdentifiers|ListRecords)\b"
)
PREFIX = re.compile(rb"""<(?:\w+:)?request\b[^>]*\bmetadataPrefix=["']([^"']*)""")


class Recording:
    """Recorded pages to be served as they are; made by `replay`."""

    def __init__(self, pages: Iterable[bytes]) -> None:
        self.pages = list(pages)


def replay(*pages: str | os.PathLike[str] | bytes) -> Recording:
    """Recorded replies for `serve`, to be sent again byte for byte: files, folders, bytes.

    A list begins with the first page of its verb (and metadataPrefix, where pages say theirs); a page whose
    token is sent leads to the page recorded after it.

    >>> import naturalia as nat
    >>> from pathlib import Path
    >>> from urllib.request import urlopen
    >>> page = nat.samples.path("odd.xml")
    >>> with nat.testing.serve(nat.testing.replay(page)) as server:
    ...     got = urlopen(server.url + "?verb=ListRecords&metadataPrefix=oai_dc").read()
    >>> got == Path(page).read_bytes()
    True
    """
    return Recording(page_files(pages))


class Replay:
    """What stands in for a provider when pages are replayed."""

    def __init__(self, recording: Recording, clock: Callable[[], float]) -> None:
        self.pages = recording.pages
        self.clock = clock
        self.repository = Repository([])
        self.page_size = 0
        self.deleted_record = "no"
        self.base_url = ""
        self.faults: list[Fault] = []

    def token_of(self, pairs: Iterable[tuple[str, str]]) -> Token | None:
        """Nothing is known of the tokens of another provider."""

    def answer(self, request: Request, _: list[Fault]) -> bytes:
        """The recorded reply to a request."""
        arguments = request.arguments
        token = arguments.get("resumptionToken")
        if token is not None:
            for page, following in zip(self.pages, self.pages[1:], strict=False):
                if token_in(page) == token and verb_in(page) == request.verb:
                    return following
            raise OaiFailure("badResumptionToken", f"no recorded page has this token: {token!r}")
        for page in self.pages:
            prefix = PREFIX.search(page)
            wanted = arguments.get("metadataPrefix")
            fits = prefix is None or wanted is None or prefix[1].decode() == wanted
            if verb_in(page) in (request.verb, "") and fits:
                return page
        raise OaiFailure("badArgument", f"no recorded page answers {request.path}")

    def refuse(self, request: Request, failure: OaiFailure) -> bytes:
        """The reply to a request that nothing was recorded for."""
        content = "".join(_write.error(code, message) for code, message in failure.errors)
        echoed = request.arguments.items()
        return _write.envelope(moment(self.clock()), self.base_url, echoed, content).encode()


def verb_in(page: bytes) -> str:
    """The verb a page answers; "" for one that answers none."""
    match = VERB.search(page)
    return match[1].decode() if match else ""


def token_in(page: bytes) -> str | None:
    """The token of a page, decoded."""
    match = TOKEN.search(page)
    return unescape(match[1].decode("utf-8", "replace")).strip() if match else None
