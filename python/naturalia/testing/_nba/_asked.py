"""A request to the NBA, and what it finds, as the services, the faults and the log see them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from naturalia.testing._exchange import Request

__all__ = ["Asked", "Found"]

LISTS = ("query", "download", "groupByScientificName")
DEFAULT_SIZE = 10


@dataclass(slots=True)
class Asked(Request):
    """One request, as the log of a loopback NBA keeps it."""

    @property
    def parts(self) -> list[str]:
        """The path behind the base URL, decoded: document type, service, and what follows."""
        # The base is one part long, /v2.
        return [unquote(part) for part in urlsplit(self.path).path.split("/")[2:] if part]

    @property
    def document(self) -> str:
        """The document type, "" for services that have none."""
        return self.parts[0] if self.parts else ""

    @property
    def verb(self) -> str:
        """The service: query, download, count …; of metadata its own, as getSetting."""
        parts = [part for part in self.parts[1:] if part != "metadata"] or self.parts
        return parts[0] if parts else ""

    @property
    def listed(self) -> bool:
        """Whether it asks for documents page by page."""
        return self.verb in LISTS

    @property
    def json(self) -> bytes:
        """The body, where it is a QuerySpec and not a form."""
        return self.body if "json" in self.headers.get("content-type", "") else b""

    @property
    def spec(self) -> dict[str, Any]:
        """The QuerySpec as sent, the human-readable parameters with it; {} where it cannot be read."""
        given: dict[str, Any] = {name.removeprefix("_"): text for name, text in self.pairs}
        text = self.json or given.pop("querySpec", "")
        try:
            return given | (json.loads(text) if text else {})
        except (ValueError, TypeError):
            return given

    @property
    def page(self) -> int:
        """Which page it asks for, from 1, counted in pages of its own size."""
        try:
            size = int(self.spec.get("size") or DEFAULT_SIZE)
            return int(self.spec.get("from") or 0) // max(size, 1) + 1
        except (ValueError, TypeError):
            return 1


@dataclass(slots=True)
class Found:
    """What goes into a reply of `query` or `download`.

    Attributes:
        total: the totalSize that is said.
        documents: those of this page, of a download all of them.
        score: whether each has its score.
    """

    total: int
    documents: list[dict[str, Any]]
    score: bool = True
