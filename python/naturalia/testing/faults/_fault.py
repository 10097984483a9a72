"""What all faults have in common: when they happen, and the steps of a reply they may bend."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from naturalia.testing._exchange import ListPage, Reply, Request
    from naturalia.testing._provider import Provider
    from naturalia.testing._repository import Question

__all__ = ["Fault"]

LISTS = ("ListRecords", "ListIdentifiers")


@dataclass(frozen=True, kw_only=True)
class Fault:
    """The base of all faults; a subclass overrides the steps it bends.

    Args:
        page: only on this page of a list, from 1.
        verb: only for this verb.
        request: only for the request of this number, from 1.
        times: so often at most; None for always.
    """

    page: int | None = None
    verb: str | None = None
    request: int | None = None
    times: int | None = None

    # Whether it is about pages of records; others happen to every request.
    of_lists: ClassVar[bool] = False

    def meets(self, request: Request) -> bool:
        """Whether this request is one of those it happens to, but for `times`."""
        if (self.of_lists or self.page is not None) and request.verb not in LISTS:
            return False
        return (
            self.page in (None, request.page)
            and self.verb in (None, request.verb)
            and self.request in (None, request.number)
        )

    def on_request(self, request: Request, url: str) -> Reply | None:  # noqa: ARG002
        """May answer instead of the provider; `url` is that of the server."""
        return None

    def on_identify(self, fields: dict[str, str]) -> dict[str, str]:
        """May change what Identify says."""
        return fields

    def on_token(self, request: Request, age: float) -> None:
        """May refuse a token of this age in seconds, by raising OaiFailure."""

    def on_question(self, request: Request, question: Question) -> Question:  # noqa: ARG002
        """May change what is asked."""
        return question

    def on_select(
        self,
        provider: Provider,  # noqa: ARG002
        request: Request,  # noqa: ARG002
        question: Question,  # noqa: ARG002
        cursor: int,  # noqa: ARG002
    ) -> list[int] | None:
        """May select the keys of a page in its own way, one more than a page holds where more follow."""
        return None

    def on_list(self, provider: Provider, request: Request, listed: ListPage) -> ListPage:  # noqa: ARG002
        """May change a page of a list before it is written."""
        return listed

    def dress(self, token: str) -> str:
        """May write a token in another way."""
        return token

    def undress(self, token: str) -> str:
        """Finds back the token that was dressed."""
        return token

    def on_reply(self, request: Request, reply: Reply) -> None:
        """May change the reply: bytes, headers, and how they are sent."""
