"""Providers on this machine, to try a harvester on: right by the protocol, or wrong in any way asked for.

    >>> import naturalia as nat
    >>> from naturalia.testing import faults
    >>> from urllib.request import urlopen
    >>> with nat.testing.serve(250, faults=[faults.Cut(page=1, length="sent")]) as server:
    ...     page = urlopen(server.url + "?verb=ListRecords&metadataPrefix=oai_dc").read()
    >>> try:
    ...     nat.read(page)
    ... except nat.errors.Truncated as error:
    ...     print(error.records > 0)
    True

It needs nothing but the standard library.
"""

from __future__ import annotations

from naturalia.testing import faults
from naturalia.testing._exchange import ListPage, OaiFailure, Reply, Request
from naturalia.testing._feed import Entry, FeedServer, atom
from naturalia.testing._items import Generated, Item, generate
from naturalia.testing._media import WRONGS, MediaFile, MediaServer, media
from naturalia.testing._nba._server import NbaServer, nba
from naturalia.testing._nhm import NhmServer, nhm
from naturalia.testing._pages import items_of
from naturalia.testing._replay import replay
from naturalia.testing._server import Server, serve
from naturalia.testing._tls import Authority, authority

__all__ = [
    "WRONGS",
    "Authority",
    "Entry",
    "FeedServer",
    "Generated",
    "Item",
    "ListPage",
    "MediaFile",
    "MediaServer",
    "NbaServer",
    "NhmServer",
    "OaiFailure",
    "Reply",
    "Request",
    "Server",
    "atom",
    "authority",
    "faults",
    "generate",
    "items_of",
    "media",
    "nba",
    "nhm",
    "replay",
    "serve",
]
