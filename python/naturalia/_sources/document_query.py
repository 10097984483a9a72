"""The question of a query to a service that answers in documents; each kind of service has a subclass."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar

from naturalia import _core
from naturalia._sources.settings import recorded

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["MOST", "DocumentQuery", "as_text"]

MOST = 1000
"""Documents that services give in one reply at most."""


def as_text(question: Mapping[str, Any]) -> str:
    """A question as JSON, the same for the same question."""
    return json.dumps(question, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


class DocumentQuery:
    """A question to a service: its text is all there is to it, so that a harvest file can hold it.

    A subclass describes a kind of service: how its lists are counted, shortened and explained.

    Args:
        core: the service.
        question: what is asked, as `_core.Service.pages` takes it.
        settings: how the service is talked to.
        words: what is asked of whom, in a few words.
    """

    has_address: ClassVar[bool] = False
    """Whether the question itself contains the address of the service."""

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
        self.words = words or f"{self._subject()} of {core.base}"

    @property
    def kind(self) -> str:
        """The kind of service: `nba`, `nhm` or `atom`."""
        return self.core.kind

    @property
    def text(self) -> str:
        """The question as JSON, the same for the same question."""
        return as_text(self.question)

    def manner(self) -> dict[str, Any]:
        """How the service is asked, as far as that is no secret."""
        settings = self.settings
        return {**recorded(settings), "open": not (settings["auth"] or settings["headers"])}

    def parts(self, *, ahead: bool) -> _core.Pages:
        """Page by page."""
        return self.core.pages(self.text, ahead=ahead)

    def few(self, n: int) -> _core.Pages:
        """Page by page, the first no larger than it need be."""
        return self.core.pages(as_text(self._short(n)), ahead=False)

    def count(self) -> int | None:
        """How many documents there are, as the service counts them; None where that is not exact."""

    def provenance(self) -> dict[str, Any]:
        """What is asked of whom, for the provenance of what is written."""
        return {"service": _core.shown(self.core.base), "question": self.text}

    def whole(self) -> None:
        """Its pages joined are the best there is."""

    def size(self) -> str:
        """What is asked of whom."""
        return self.words

    def explain(self) -> list[str]:
        """What is asked, and how."""
        return [f"asks {self.url}", *self._paging(), f"all of it or an error, {self._pace()}"]

    def version_for(self, path: str) -> int | None:
        """The version that all pages of a harvest into this file are asked for; None where there is none."""

    @property
    def url(self) -> str:
        """The address that is asked first, with the question in it where it fits."""
        return self.core.address(self.text)

    @property
    def service(self) -> str:
        """The address of the service."""
        return self.core.base

    def _subject(self) -> str:
        """What is asked for, in a word."""
        return "entries"

    def _short(self, n: int) -> dict[str, Any]:  # noqa: ARG002 - not every service can be asked for a few
        """The question for the first documents only."""
        return self.question

    def _paging(self) -> list[str]:
        """How the list is read, a line each."""
        return []

    def _pace(self) -> str:
        rate = self.settings["rate"]
        return "as fast as it answers" if rate is None else f"{rate:g} requests a second at most"
