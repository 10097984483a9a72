"""What all faults have in common: when they happen, and the steps of a reply they may bend."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from naturalia.testing._exchange import ListPage, Reply, Request
    from naturalia.testing._repository import Question

__all__ = ["LISTS", "Fault"]

LISTS = ("ListRecords", "ListIdentifiers")


@dataclass(frozen=True, kw_only=True)
class Fault:
    """The base of all faults; a subclass overrides the steps it bends.

    Args:
        page: only on this page of a list, from 1.
        verb: only for this verb.
        request: only for the request of this number, from 1.
        every: only for every so manyth of the requests it would happen to.
        times: so often at most; None for always.
    """

    page: int | None = None
    verb: str | None = None
    request: int | None = None
    every: int = 1
    times: int | None = None

    # The verbs it can happen to; none for every request.
    verbs: ClassVar[tuple[str, ...]] = ()

    def meets(self, request: Request) -> bool:
        """Whether this request is one of those it happens to, but for `every` and `times`."""
        if self.page is not None and not request.listed:
            return False
        return (
            (not self.verbs or request.verb in self.verbs)
            and self.page in (None, request.page)
            and self.verb in (None, request.verb)
            and self.request in (None, request.number)
        )

    def on_request(self, server: Any, request: Request) -> Reply | None:
        """May answer instead of the provider, raise an OaiFailure, or change what the server holds."""

    def on_identify(self, fields: dict[str, str | None]) -> dict[str, str | None]:
        """May change what Identify says."""
        return fields

    def on_question(self, request: Request, question: Question) -> Question:
        """May change what is asked."""
        return question

    def on_select(self, provider: Any, request: Request, question: Question) -> list[int] | None:
        """May select the keys of a page in its own way, one more than a page holds where more follow."""

    def on_list(self, provider: Any, request: Request, listed: ListPage) -> ListPage:
        """May change a page of a list before it is written."""
        return listed

    def on_result(self, server: Any, request: Request, result: Any) -> Any:
        """May change the result of an action of a portal before its envelope is written."""
        return result

    def dress(self, token: str) -> str:
        """May write a token in another way."""
        return token

    def undress(self, token: str) -> str:
        """Finds back the token that was dressed."""
        return token

    def on_reply(self, server: Any, request: Request, reply: Reply) -> None:
        """May change the reply: status, headers, bytes, and how they are sent."""
