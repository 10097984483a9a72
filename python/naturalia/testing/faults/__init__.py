"""What a provider can do wrong, on demand.

    >>> from naturalia import testing
    >>> from naturalia.testing import faults
    >>> with testing.serve(10, page_size=4, faults=[faults.Cut(page=2, times=1)]) as server:
    ...     server.url.startswith("http://127.0.0.1:")
    True

Every fault takes the same four keywords, which say when it happens: `page` (of a list, from 1), `verb`,
`request` (the number of the request, from 1) and `times` (so often at most); without them it happens always.
"""

from __future__ import annotations

from naturalia.testing.faults._fault import Fault
from naturalia.testing.faults._transport import (
    Cut,
    Drip,
    Latency,
    Reset,
    Status,
)

__all__ = [
    "Cut",
    "Drip",
    "Fault",
    "Latency",
    "Reset",
    "Status",
]
