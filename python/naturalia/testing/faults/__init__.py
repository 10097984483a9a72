"""What a provider can do wrong, on demand.

    >>> from naturalia import testing
    >>> from naturalia.testing import faults
    >>> from urllib.request import urlopen
    >>> wrong = [faults.LastToken("blank"), faults.Inside(b" & ", page=2, record=3)]
    >>> with testing.serve(10, page_size=5, faults=wrong) as server:
    ...     page = urlopen(server.url + "?verb=ListRecords&metadataPrefix=oai_dc").read()
    >>> b"<resumptionToken" in page
    True

Every fault takes the same keywords, which say when it happens: `page` (of a list, from 1), `verb`, `request`
(the number of the request, from 1), `every` (so manyth) and `times` (so often at most); without them it
happens always. `server.times(fault)` says how often it has.
"""

from __future__ import annotations

from naturalia.testing.faults._body import (
    Body,
    Bomb,
    ContentType,
    Empty,
    Encoding,
    Gzip,
    Html,
    Leading,
    Trailing,
)
from naturalia.testing.faults._fault import Fault
from naturalia.testing.faults._list import (
    Change,
    DeepPaging,
    Duplicates,
    EmptyPage,
    ExpiredToken,
    FiltersLost,
    Hidden,
    LastToken,
    LostRecords,
    OffsetPaging,
    SessionToken,
    Strays,
    TokenCycle,
    TokenLifetime,
    TokenText,
    UntilMissesItsDay,
    WrongCursor,
    WrongSize,
)
from naturalia.testing.faults._markup import (
    About,
    DeletedWithMetadata,
    Doctype,
    HugeText,
    Inside,
    Metadata,
    Namespace,
    OddDatestamp,
    ResponseDate,
    Rewrite,
)
from naturalia.testing.faults._portal import (
    ActionError,
    ChangedTotal,
    NullCursor,
    RepeatedCursor,
    RepeatedRecords,
    ShortPage,
    UnknownActions,
)
from naturalia.testing.faults._protocol import DaysOnly, Error, ErrorStatus, Identify
from naturalia.testing.faults._transport import (
    Authentication,
    BlockedAgent,
    Close,
    Cut,
    Drip,
    Header,
    Key,
    Latency,
    LongUrl,
    Method,
    Redirect,
    Reset,
    Spelling,
    StaleCache,
    Status,
    WrongLength,
)

__all__ = [
    "About",
    "ActionError",
    "Authentication",
    "BlockedAgent",
    "Body",
    "Bomb",
    "Change",
    "ChangedTotal",
    "Close",
    "ContentType",
    "Cut",
    "DaysOnly",
    "DeepPaging",
    "DeletedWithMetadata",
    "Doctype",
    "Drip",
    "Duplicates",
    "Empty",
    "EmptyPage",
    "Encoding",
    "Error",
    "ErrorStatus",
    "ExpiredToken",
    "Fault",
    "FiltersLost",
    "Gzip",
    "Header",
    "Hidden",
    "Html",
    "HugeText",
    "Identify",
    "Inside",
    "Key",
    "LastToken",
    "Latency",
    "Leading",
    "LongUrl",
    "LostRecords",
    "Metadata",
    "Method",
    "Namespace",
    "NullCursor",
    "OddDatestamp",
    "OffsetPaging",
    "Redirect",
    "RepeatedCursor",
    "RepeatedRecords",
    "Reset",
    "ResponseDate",
    "Rewrite",
    "SessionToken",
    "ShortPage",
    "Spelling",
    "StaleCache",
    "Status",
    "Strays",
    "TokenCycle",
    "TokenLifetime",
    "TokenText",
    "Trailing",
    "UnknownActions",
    "UntilMissesItsDay",
    "WrongCursor",
    "WrongLength",
    "WrongSize",
]
