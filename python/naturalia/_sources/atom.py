"""`AtomFeed`: an Atom feed, which shows what is newest at a source of media."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from naturalia import _core
from naturalia._arguments.public import public
from naturalia._arguments.spelling import keywords
from naturalia._output.escaping import displayed
from naturalia._query.query import Query
from naturalia._sources.document_query import DocumentQuery
from naturalia._sources.settings import (
    BACKOFF,
    MAX_BYTES,
    MAX_WAIT,
    RATES,
    RETRIES,
    TIMEOUT,
    plain_url,
    settings,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from naturalia._sources.settings import Settings

__all__ = ["AtomFeed"]

# The feed of Open Images, and the list of all it has, which lies beside it.
FEED, LIST = "/feeds/atom", "/feeds/oai/"


@public
@displayed
class AtomFeed:
    """An Atom feed (RFC 4287): that of Open Images, or any other.

        >>> import naturalia as nat
        >>> with nat.testing.atom(60) as server:
        ...     feed = nat.AtomFeed(server.url, search="zilvermeeuw", rate=None)
        ...     gulls = feed.entries().collect()
        >>> gulls
        <Table atom: 12 records, 23 columns>
        >>> media = nat.crosswalk("atom", "media").apply(gulls).table
        >>> media["type"][0], media["license_code"][0]
        ('MovingImage', 'cc-by-3.0-nl')

    A feed is a window on what is newest, not the collection behind it: `explain()` and `report` say so. Where
    it names further pages (`rel="next"`, RFC 5005) they are read too.

    Args:
        url: the address of the feed.
        search: words to look for, where the feed takes `search=` as that of Open Images does.
        user: only what this account has put there.
        related: only what is related to this item: its number, its page, its id here or in OAI-PMH.
        contact: whom the provider may write to about these requests: a mail address, or a URL. If None it is
            `NATURALIA_CONTACT`, and without that there is a warning.
        timeout: seconds a connection, or the next bytes, may take.
        retries: how often a question is asked again after a passing fault.
        backoff: seconds before the first retry; doubled each time, with jitter, at most 30.
        max_wait: the longest wait in seconds that the provider may ask for (`Retry-After`).
        rate: requests a second to this host, `"30/min"`, or None for no limit.
        headers: sent with every request, to this host only.
        auth: user and password.
        verify: whether certificates are verified. Leave it True.
        proxy: the URL of a proxy; what `HTTPS_PROXY` and its kin say if None; no proxy at all if "".
        max_bytes: the largest reply to take, unpacked.

    Raises:
        ValueError: the address, or a setting, can't be; more than one of `search`, `user`, `related`.
    """

    @keywords
    def __init__(
        self,
        url: str,
        /,
        *,
        search: str | None = None,
        user: str | None = None,
        related: str | int | None = None,
        contact: str | None = None,
        timeout: float = TIMEOUT,
        retries: int = RETRIES,
        backoff: float = BACKOFF,
        max_wait: float = MAX_WAIT,
        rate: float | str | None = RATES["atom"],
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        verify: bool = True,
        proxy: str | None = None,
        max_bytes: int = MAX_BYTES,
    ) -> None:
        plain, found = plain_url(url)
        self._url = feed_url(plain, search=search, user=user, related=related)
        self._settings = settings(
            self._url,
            contact=contact,
            timeout=timeout,
            retries=retries,
            backoff=backoff,
            max_wait=max_wait,
            rate=rate,
            headers=headers,
            auth=auth or found,
            verify=verify,
            proxy=proxy,
            max_bytes=max_bytes,
        )
        self._core = _core.Service("atom", self._url, self._settings)

    def __reduce__(self) -> tuple[Any, ...]:
        return feed_from_state, (self._url, self._settings)

    @property
    def url(self) -> str:
        """The address that is asked, as it may be shown."""
        return _core.shown(self._url)

    def entries(self) -> Query:
        """The entries, as a `Query`: a table of format `atom`, a record an entry.

        `nat.crosswalk("atom", "media")` makes media of it: enclosures are the files of a medium, the link to
        the licence is its licence. Dates are as the feed has them: at Open Images `published` is the date of
        the film, which can be 1912.

        Raises:
            naturalia.errors.NetworkError: while reading: it can't be reached, or goes on failing.
            naturalia.errors.ParseError: while reading: it is no feed, or stops before its end.
            naturalia.errors.HarvestIncomplete: while reading: a further page can't be had.
            naturalia.errors.TokenCycle: while reading: the pages go in a circle.
        """
        return Query(FeedQuery(self._core, {"url": self._url}, settings=self._settings))

    def __repr__(self) -> str:
        return f"<AtomFeed {self.url}>"


def feed_from_state(url: str, given: Settings) -> AtomFeed:
    """A feed as it was pickled; connections are made anew."""
    feed = AtomFeed.__new__(AtomFeed)
    feed._url, feed._settings = url, given
    feed._core = _core.Service("atom", url, given)
    return feed


def feed_url(url: str, *, search: str | None, user: str | None, related: str | int | None) -> str:
    """The address with what is asked for in its query."""
    item = None if related is None else number_in(related)
    wanted = {name: text for name, text in (("search", search), ("user", user), ("related", item)) if text}
    if len(wanted) > 1:
        message = (
            f"{' and '.join(f'{name}=' for name in wanted)} do not go together: the feed takes one of them"
        )
        raise ValueError(message)
    if not wanted:
        return url
    parts = urlsplit(url)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    twice = [name for name, _ in pairs if name in ("search", "user", "related")]
    if twice:
        message = f"the address has {twice[0]}= already: leave it out there, or the keyword"
        raise ValueError(message)
    return urlunsplit(parts._replace(query=urlencode([*pairs, *wanted.items()]), fragment=""))


def number_in(item: str | int) -> str:
    """The number of an item in its page, its id of OAI-PMH, or its id in the feed: the last one there is."""
    number = str(item).rstrip("/").replace(":", "/").rpartition("/")[2]
    if not number.isdecimal():
        message = f"related={item!r}: it ends in no number of an item, such as 47540"
        raise ValueError(message)
    return number


class FeedQuery(DocumentQuery):
    """The entries of a feed, as what a query asks."""

    has_address = True

    def parts(self, *, ahead: bool) -> Pages:  # type: ignore[override]
        """Page by page."""
        return Pages(super().parts(ahead=ahead), self.notice())

    def few(self, n: int) -> Pages:  # type: ignore[override]
        """Page by page."""
        return Pages(super().few(n), self.notice())

    def size(self) -> str:
        """What is asked of whom."""
        return f"window on {self.service}"

    def notice(self) -> str:
        """What it is not."""
        return f"a feed is a window on what is newest, not the collection{self.whole_list()}"

    def whole_list(self) -> str:
        """Where the whole is to be had, if that is known."""
        start, found, _ = self.service.partition(FEED)
        return f'; nat.OaiPmh("{start}{LIST}") has all of it' if found else ""

    def _paging(self) -> list[str]:
        pages = "a window on what is newest, and the pages behind it if it names them"
        return [f"{pages}{self.whole_list()}"]


class Pages:
    """The pages of a feed, with the notice that they are a window."""

    def __init__(self, pages: _core.Pages, notice: str) -> None:
        self._pages, self._notice = pages, notice

    def __iter__(self) -> Iterator[_core.Table]:
        return self._pages

    @property
    def report(self) -> dict[str, Any]:
        """The facts of a `Report`."""
        facts = self._pages.report
        return {**facts, "notices": [*facts.get("notices", []), self._notice]}
