"""A list of documents of the NBA, the NHM Data Portal or a feed, as what a query asks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from naturalia import _core

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Asked"]

MOST = 1000
"""Documents that services give in one reply at most."""


class Asked:
    """A question to a service: its text is all there is to it, so that a harvest file can keep it.

    Args:
        core: the service.
        question: what is asked, as `_core.Service.pages` takes it.
        settings: how the service is talked to.
        words: what is asked of whom, in a few words.
    """

    def __init__(
        self,
        core: _core.Service,
        question: Mapping[str, Any],
        *,
        settings: Mapping[str, Any],
        words: str | None = None,
    ) -> None:
        self.core = core
        self.question = dict(question)
        self.settings = settings
        self.words = words or f"{self._what()} of {core.base}"

    @property
    def kind(self) -> str:
        """The kind of service: `nba`, `nhm` or `atom`."""
        return self.core.kind

    @property
    def text(self) -> str:
        """The question as JSON, the same for the same question."""
        return json.dumps(self.question, sort_keys=True, ensure_ascii=False, separators=(",", ":"))

    def manner(self) -> dict[str, Any]:
        """How the service is asked, as far as that is no secret."""
        settings = self.settings
        return {"verify": settings["verify"], "open": not (settings["auth"] or settings["headers"])}

    def parts(self, *, ahead: bool) -> _core.Pages:
        """Page by page."""
        return self.core.pages(self.text, ahead=ahead)

    def few(self, n: int) -> _core.Pages:
        """Page by page, the first no larger than it need be."""
        return Asked(self.core, self._short(n), settings=self.settings).parts(ahead=False)

    def count(self) -> int | None:
        """How many documents there are, as the service counts them; None where that is not exact."""
        asked = self.question
        if self.kind == "nhm" and not asked["params"].get("offset"):
            params = {**asked["params"], "size" if "multi" in asked["action"] else "limit": 0}
            pages = self.core.pages(json.dumps({**asked, "params": params}), ahead=False)
            total = next(pages).pages[0]["total"]
            return None if total is None else int(total)
        if self.kind != "nba" or len(asked["specs"]) != 1:
            return None
        spec = dict(asked["specs"][0])
        first, size = int(spec.pop("from", 0)), spec.pop("size", None)
        body = json.dumps({name: spec[name] for name in spec if name not in {"fields", "sortFields"}})
        text, _ = self.core.ask("POST", f"{asked['type']}/count", [], body)
        left = max(int(text) - first, 0)
        return left if size is None else min(left, int(size))

    def told(self) -> dict[str, Any]:
        """What is asked of whom, for the provenance of what is written."""
        return {"service": _core.shown(self.core.base), "question": self.text}

    def whole(self) -> None:
        """Its pages joined are the best there is."""

    def size(self) -> str:
        """What is asked of whom."""
        return self.words

    def explain(self) -> list[str]:
        """What is asked, and how."""
        rate = self.settings["rate"]
        pace = "as fast as it answers" if rate is None else f"{rate:g} requests a second at most"
        lines = [f"asks {self.url}"]
        if self.kind == "nba":
            specs, window = self.question["specs"], self.question.get("window", 10_000)
            if len(specs) > 1:
                lines.append(f"in {len(specs):,} queries; a document that several find comes once")
            if self.question.get("service") == "download":
                lines.append("as downloads, each counted; what one leaves out is asked for again")
            size = self.question.get("size", MOST)
            lines.append(f"in the order of id, {size:,} at a time; more than {window:,} in parts")
        elif self.kind == "nhm":
            lines.append("page by page, by the cursor that each page gives")
        else:
            lines.append("a window on what is newest, and the pages behind it if it names them")
        return [*lines, f"all of it or an error, {pace}"]

    @property
    def url(self) -> str:
        """The address that is asked first, with the question in it where it fits."""
        return self.core.address(self.text)

    @property
    def service(self) -> str:
        """The address of the service."""
        return self.core.base

    def _what(self) -> str:
        asked = self.question
        return str(asked.get("type") or asked.get("action") or "entries")

    def _short(self, n: int) -> dict[str, Any]:
        """The question for the first documents only."""
        asked = self.question
        if self.kind == "nhm" and n <= MOST:
            size = "size" if "multi" in asked["action"] else "limit"
            wanted = min(n, asked["params"].get(size, MOST)) or 1
            return {**asked, "params": {**asked["params"], size: wanted}}
        if self.kind == "nba" and n <= MOST and len(asked["specs"]) == 1:
            spec = asked["specs"][0]
            if "from" not in spec and "size" not in spec:
                return {**asked, "service": "query", "specs": [{**spec, "size": max(n, 1)}]}
        return asked
