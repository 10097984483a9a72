"""Faults of lists: tokens, pages, selection, counts."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, ClassVar, Literal

from naturalia.testing._exchange import OaiFailure, Token
from naturalia.testing._items import moment
from naturalia.testing.faults._fault import LISTS, Fault
from naturalia.testing.faults._transport import refusal

if TYPE_CHECKING:
    from naturalia.testing._exchange import ListPage, Reply, Request
    from naturalia.testing._items import Item
    from naturalia.testing._provider import Provider
    from naturalia.testing._repository import Question
    from naturalia.testing._server import Server

__all__ = [
    "Change",
    "DeepPaging",
    "Duplicates",
    "EmptyPage",
    "ExpiredToken",
    "FiltersLost",
    "Hidden",
    "LastToken",
    "LostRecords",
    "OffsetPaging",
    "SessionToken",
    "Strays",
    "TokenCycle",
    "TokenLifetime",
    "TokenText",
    "UntilMissesItsDay",
    "WrongCursor",
    "WrongSize",
]

DAY = 86_400
NOWHERE = 2**62
"""A key behind all others."""


@dataclass(frozen=True)
class OfLists(Fault):
    """The base of what happens to lists of records."""

    verbs: ClassVar[tuple[str, ...]] = LISTS


@dataclass(frozen=True)
class ExpiredToken(OfLists):
    """badResumptionToken, whatever the token: `page=3, times=1` refuses it once, without `times` always."""

    def on_request(self, server: Server, request: Request) -> Reply | None:
        if "resumptionToken" in request.arguments:
            raise OaiFailure("badResumptionToken", "the token has expired")
        return None


@dataclass(frozen=True)
class TokenLifetime(OfLists):
    """A token is refused so many seconds after it was given; `said` announces it by expirationDate."""

    seconds: float = 1.0
    said: bool = True

    def on_request(self, server: Server, request: Request) -> Reply | None:
        if request.token and server.provider.clock() - request.token.issued > self.seconds:
            raise OaiFailure("badResumptionToken", f"tokens are good for {self.seconds} seconds")
        return None

    def on_list(self, provider: Provider, request: Request, listed: ListPage) -> ListPage:
        if self.said and isinstance(listed.token, Token):
            listed.expires = moment(provider.clock() + self.seconds)
        return listed


@dataclass(frozen=True)
class TokenText(OfLists):
    """Tokens are of characters that need encoding, and are refused unless they come back as they were."""

    mark: str = "!f2020-01-01!u/s-a:b=c+d e%3Af&g#é!"

    def dress(self, token: str) -> str:
        return self.mark + token

    def undress(self, token: str) -> str:
        return token.removeprefix(self.mark) if token.startswith(self.mark) else f"?{token}"


@dataclass(frozen=True)
class SessionToken(OfLists):
    """The token is the same text on every page: the server remembers how far it was.

    A request that is sent again gets the page after; only its cursor tells.
    """

    text: str = "session-1"
    _now: dict[str, str] = field(default_factory=dict, repr=False, compare=False)

    def dress(self, token: str) -> str:
        self._now[self.text] = token
        return self.text

    def undress(self, token: str) -> str:
        return self._now.get(token, token)


@dataclass(frozen=True)
class TokenCycle(OfLists):
    """The list never ends: the token of page `at` leads back by so many pages (1: to the page itself)."""

    at: int = 2
    back: int = 1
    _tokens: dict[int, Token] = field(default_factory=dict, repr=False, compare=False)

    def on_list(self, provider: Provider, request: Request, listed: ListPage) -> ListPage:
        if listed.asked:
            self._tokens[listed.asked.page] = listed.asked
        if request.page == self.at:
            listed.token = self._tokens.get(self.at - self.back + 1, listed.token)
        return listed


@dataclass(frozen=True)
class LastToken(OfLists):
    """What the last page has in place of a token.

    Args:
        how: `"empty"`: an empty element, as the standard wants; `"blank"`: one of blanks; `"missing"`: none;
            `"more"`: a token, whose page is noRecordsMatch.
    """

    how: Literal["empty", "blank", "missing", "more"] = "blank"

    def on_list(self, provider: Provider, request: Request, listed: ListPage) -> ListPage:
        if isinstance(listed.token, Token):
            return listed
        if self.how == "more":
            question = listed.asked.question if listed.asked else asked_for(provider, request)
            listed.token = Token(listed.verb, question, NOWHERE, 0, request.page + 1, provider.clock())
        else:
            listed.token = {"empty": "", "blank": " \n\t ", "missing": None}[self.how]
        return listed


@dataclass(frozen=True)
class EmptyPage(OfLists):
    """A page without a record, whose token leads on; the records come on the next page."""

    page: int | None = field(default=2, kw_only=True)

    def on_list(self, provider: Provider, request: Request, listed: ListPage) -> ListPage:
        asked = listed.asked or Token(listed.verb, asked_for(provider, request), -1, 0, 1, provider.clock())
        listed.token = replace(asked, page=asked.page + 1, issued=provider.clock())
        listed.items = []
        return listed


@dataclass(frozen=True)
class DeepPaging(OfLists):
    """Nobody gets beyond so many records of one list.

    Args:
        limit: that many.
        how: an HTTP status (500, 502, 504, 422); an error code of OAI-PMH; or `"end"`: the list just ends,
            though its completeListSize says otherwise.
    """

    limit: int = 10_000
    how: int | str = 500

    def on_request(self, server: Server, request: Request) -> Reply | None:
        if request.token is None or request.token.cursor < self.limit or self.how == "end":
            return None
        if isinstance(self.how, int):
            return refusal(self.how, "Result window is too large")
        raise OaiFailure(self.how, f"nothing beyond the first {self.limit} records")

    def on_list(self, provider: Provider, request: Request, listed: ListPage) -> ListPage:
        if self.how == "end" and isinstance(listed.token, Token) and listed.token.cursor >= self.limit:
            listed.token = ""
        return listed


@dataclass(frozen=True)
class FiltersLost(OfLists):
    """From this page of a list on, filters are forgotten; `after=0` never knew them.

    Args:
        after: the last page that keeps them.
        what: which: `"from"`, `"until"`, `"set"`.
    """

    after: int = 1
    what: tuple[str, ...] = ("from", "until", "set")

    def on_question(self, request: Request, question: Question) -> Question:
        if request.page <= self.after:
            return question
        return replace(
            question,
            since=None if "from" in self.what else question.since,
            until=None if "until" in self.what else question.until,
            set=None if "set" in self.what else question.set,
        )


@dataclass(frozen=True)
class UntilMissesItsDay(OfLists):
    """A day as `until` means its start: what changed on that day is not there."""

    def on_question(self, request: Request, question: Question) -> Question:
        # Later pages have it in their token.
        if question.until is None or len(request.arguments.get("until", "")) != len("2020-01-01"):
            return question
        return replace(question, until=question.until // DAY * DAY - 1)


@dataclass(frozen=True)
class OffsetPaging(OfLists):
    """Tokens count what was given, over a list that moves: a deletion loses a record, an edit doubles one.

    Args:
        newest_first: whether those changed last come first.
    """

    newest_first: bool = True

    def on_select(self, provider: Provider, request: Request, question: Question) -> list[int] | None:
        start = request.token.cursor if request.token else 0
        return provider.repository.offset(
            question, start, provider.page_size + 1, newest_first=self.newest_first
        )


@dataclass(frozen=True)
class Change(OfLists):
    """The provider changes at the moment a page is asked for: these items are touched, those deleted."""

    page: int | None = field(default=2, kw_only=True)
    times: int | None = field(default=1, kw_only=True)
    update: tuple[str | Item, ...] = ()
    delete: tuple[str, ...] = ()

    def on_request(self, server: Server, request: Request) -> Reply | None:
        server.update(*self.update)
        server.delete(*self.delete)
        return None


@dataclass(frozen=True)
class Duplicates(OfLists):
    """A page begins with the last record of the page before."""

    def on_list(self, provider: Provider, request: Request, listed: ListPage) -> ListPage:
        if listed.asked and 0 <= listed.asked.after < NOWHERE:
            listed.items.insert(0, provider.shown(provider.repository.item(listed.asked.after)))
        return listed


@dataclass(frozen=True)
class Strays(OfLists):
    """Records that nobody asked for stand at the end of a page."""

    items: tuple[Item, ...] = ()

    def on_list(self, provider: Provider, request: Request, listed: ListPage) -> ListPage:
        listed.items += self.items
        return listed


@dataclass(frozen=True)
class LostRecords(OfLists):
    """The last so many records of a page are not sent, though completeListSize counts them."""

    count: int = 1

    def on_list(self, provider: Provider, request: Request, listed: ListPage) -> ListPage:
        listed.items = listed.items[: len(listed.items) - self.count]
        return listed


@dataclass(frozen=True)
class Hidden(OfLists):
    """These items are not listed, as if the provider had never had them; `verb` makes two lists disagree."""

    identifiers: tuple[str, ...] = ()

    def on_list(self, provider: Provider, request: Request, listed: ListPage) -> ListPage:
        listed.items = [item for item in listed.items if item.identifier not in self.identifiers]
        return listed


@dataclass(frozen=True)
class WrongSize(OfLists):
    """completeListSize is this; None takes it out; `drift` adds so many on every page."""

    size: int | None = None
    drift: int = 0

    def on_list(self, provider: Provider, request: Request, listed: ListPage) -> ListPage:
        listed.size = None if self.size is None else self.size + self.drift * (request.page - 1)
        return listed


@dataclass(frozen=True)
class WrongCursor(OfLists):
    """The cursor counts `"pages"`, starts at `"one"`, is `"missing"`, or stays at `"zero"`."""

    how: Literal["pages", "one", "missing", "zero"] = "pages"

    def on_list(self, provider: Provider, request: Request, listed: ListPage) -> ListPage:
        cursor = listed.cursor or 0
        counted = {"pages": request.page - 1, "one": cursor + 1, "missing": None, "zero": 0}
        listed.cursor = counted[self.how]
        return listed


def asked_for(provider: Provider, request: Request) -> Question:
    """The question of a first page."""
    return provider.question(request.arguments)
