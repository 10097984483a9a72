"""`OaiPmh`: a provider of OAI-PMH, and the questions it answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from naturalia import _core, errors
from naturalia._arguments.dates import micros, span
from naturalia._arguments.public import public
from naturalia._arguments.spelling import keywords
from naturalia._crosswalk.concat import concat
from naturalia._output.escaping import displayed
from naturalia._query.query import Query
from naturalia._sources.settings import (
    BACKOFF,
    MAX_BYTES,
    MAX_WAIT,
    RATES,
    RETRIES,
    TIMEOUT,
    base_of,
    plain_url,
    settings,
    spelling_of,
)
from naturalia._table.table import Table, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date, datetime, timedelta

    from naturalia._arguments.dates import Span
    from naturalia._table.record import Record

    When = str | date | datetime | timedelta | None

__all__ = ["OaiPmh"]

ARGUMENTS = ("verb", "identifier", "metadataPrefix", "from", "until", "set", "resumptionToken")


@public
@displayed
class OaiPmh:
    """A provider of OAI-PMH.

        >>> import naturalia as nat
        >>> with nat.testing.serve(250) as server:
        ...     oi = nat.OaiPmh(server.url, contact="me@museum.example", rate=None)
        ...     print(oi.identify().granularity)
        ...     oi.records(prefix="oai_dc", since="2000").collect()
        YYYY-MM-DDThh:mm:ssZ
        <Table oai_dc: 250 records, 22 columns>

    Nothing is asked before a method is called. Faults that pass (lost connections, 429, 5xx, pages that were
    cut) are met with another attempt; what stays is an error that says what to try. A list is given whole or
    not at all: see `records`.

    Args:
        base_url: the base URL, as Identify is asked at. A query in it is kept (`?page=oai`); a whole request
            that was pasted is cut back to its base; `https://user:password@…` is `auth`.
        contact: whom the provider may write to about these requests: a mail address, or a URL. If None it is
            `NATURALIA_CONTACT`, and without that there is a warning.
        timeout: seconds a connection, or the next bytes, may take.
        retries: how often a question is asked again after a passing fault.
        backoff: seconds before the first retry; doubled each time, with jitter, at most 30.
        max_wait: the longest wait in seconds that the provider may ask for (`Retry-After`); beyond it the
            error is `RateLimited`.
        rate: requests a second to this host, `"30/min"`, or None for no limit.
        headers: sent with every request, to this host only.
        auth: user and password.
        verify: whether certificates are verified. Leave it True.
        proxy: the URL of a proxy; what `HTTPS_PROXY` and its kin say if None; no proxy at all if "".
        post: send questions by POST; long ones are in any case.
        spelling: how this provider calls the arguments, where it departs from the standard:
            `{"metadataPrefix": "metadataprefix"}`.
        verbatim_token: send resumptionTokens back as they stand, for a provider that does not decode them.
        max_bytes: the largest reply to take, unpacked.

    Raises:
        ValueError: the address, or a setting, can't be.
    """

    @keywords
    def __init__(
        self,
        base_url: str,
        /,
        *,
        contact: str | None = None,
        timeout: float = TIMEOUT,
        retries: int = RETRIES,
        backoff: float = BACKOFF,
        max_wait: float = MAX_WAIT,
        rate: float | str | None = RATES["oai-pmh"],
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        verify: bool = True,
        proxy: str | None = None,
        post: bool = False,
        spelling: Mapping[str, str] | None = None,
        verbatim_token: bool = False,
        max_bytes: int = MAX_BYTES,
    ) -> None:
        url, found = plain_url(base_url)
        self._settings = settings(
            url,
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
        self._base = base_of(url, ARGUMENTS)
        self._ways = (spelling_of(spelling, ARGUMENTS), verbatim_token, post)
        self._core = _core.Provider(self._base, self._settings, *self._ways)
        self._identity: Table | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        return provider_from_state, (self._base, self._settings, self._ways)

    @property
    def base_url(self) -> str:
        """Where it is asked: the address given, or the one on the same host that it redirects to."""
        return self._core.base

    def identify(self) -> Any:
        """What the provider says about itself.

        `repositoryName`, `granularity`, `deletedRecord`, `earliestDatestamp`, `adminEmail` and the others are
        attributes, spelt as in the standard (§4.2).

        Raises:
            naturalia.errors.NetworkError: it can't be reached.
            naturalia.errors.NotOaiPmh: something else answers there.
        """
        table, _ = self._core.ask("Identify", [])
        self._identity = wrap(table)
        if len(self._identity) == 0:
            message = "the reply to Identify is empty"
            raise errors.NotOaiPmh(message, source=self._core.address("Identify", []))
        return self._identity[0]

    def formats(self, identifier: str | None = None) -> Table:
        """The metadata formats there are, or those of one item: metadataPrefix, schema, metadataNamespace.

        An item without formats gives an empty table.
        """
        arguments = [("identifier", identifier)] if identifier else []
        return self._list("ListMetadataFormats", arguments, "noMetadataFormats")

    def sets(self) -> Table:
        """The sets there are: setSpec, setName, setDescription; an empty table where there are none."""
        return self._list("ListSets", [], "noSetHierarchy")

    @keywords
    def record(
        self, identifier: str, /, *, prefix: str = "oai_dc", strict: bool = False, format: str | None = None
    ) -> Record:
        """One record, by its OAI identifier.

        Raises:
            naturalia.errors.IdDoesNotExist: there is none.
            naturalia.errors.CannotDisseminateFormat: not in this format.
        """
        arguments = [("identifier", identifier), ("metadataPrefix", prefix)]
        core, facts = self._core.ask("GetRecord", arguments, strict=strict, format=format)
        table = wrap(core)
        if len(table) == 0:
            message = f"the reply holds no record of {identifier!r}"
            raise errors.IdDoesNotExist(message, code="noRecordsMatch", source=facts["url"])
        found: Record = table[0]
        return found

    @keywords
    def identifiers(
        self,
        *,
        prefix: str = "oai_dc",
        since: When = None,
        until: When = None,
        set: str | None = None,
        strict: bool = False,
    ) -> Query:
        """The headers of records: identifier, datestamp, sets, deleted. Arguments as for `records`."""
        return self._query("ListIdentifiers", prefix, since, until, set, strict=strict, format=None)

    @keywords
    def records(
        self,
        *,
        prefix: str = "oai_dc",
        since: When = None,
        until: When = None,
        set: str | None = None,
        strict: bool = False,
        format: str | None = None,
    ) -> Query:
        """Records, as a `Query`: iterate over it for a table a page, or `collect()` them.

            >>> import naturalia as nat
            >>> with nat.testing.serve(250) as server:
            ...     oi = nat.OaiPmh(server.url, rate=None)
            ...     sum(len(page) for page in oi.records(prefix="oai_dc"))
            250

        The list is followed to its end, and each record comes once. What the provider sends besides
        (duplicates, records of other dates or sets) is left out and counted in `report`; where it has sent
        fewer records than it said, a second pass over the identifiers finds what is missing. What can't be
        completed is an error.

        Args:
            prefix: the metadataPrefix; `formats()` lists them.
            since: changed at this moment or later. `"2010-01-01"`, `"2010-05"`, `"2010"`, `"30d"` ago, a
                date, a datetime (UTC without a zone), a timedelta.
            until: changed at this moment or earlier; a day, a month and a year include all of themselves.
            set: a setSpec; sets within it are included.
            strict: refuse what is not well-formed instead of repairing it.
            format: read every record as this format.

        Raises:
            ValueError: a date that is none, or `since` after `until`.
            naturalia.errors.NetworkError: while reading: it can't be reached, or goes on failing.
            naturalia.errors.OaiError: while reading: the provider refuses; one class per code.
            naturalia.errors.HarvestIncomplete: while reading: the list stops before its end.
            naturalia.errors.TokenCycle: while reading: the list goes in a circle.
        """
        return self._query("ListRecords", prefix, since, until, set, strict=strict, format=format)

    def __repr__(self) -> str:
        return f"<OaiPmh {_core.shown(self.base_url)}>"

    def _query(
        self, verb: str, prefix: str, since: When, until: When, spec: str | None, **options: Any
    ) -> Query:
        if not prefix:
            message = "prefix= names a metadata format, such as 'oai_dc'; formats() lists those there are"
            raise ValueError(message)
        first, last = span(since, "since"), span(until, "until")
        if first and last and first.first > last.last:
            message = f"since={since!r} is after until={until!r}"
            raise ValueError(message)
        return Query(OaiList(self, verb, prefix, first, last, spec, **options))

    def _list(self, verb: str, arguments: list[tuple[str, str]], nothing: str) -> Table:
        """A list that is small, whole; empty where the provider says that there is none."""
        try:
            return concat([wrap(page) for page in self._pages(verb, arguments)])
        except errors.OaiError as error:
            if error.code != nothing:
                raise
            return wrap(_core.blank({"ListSets": "sets"}.get(verb, "formats")))

    def _pages(self, verb: str, arguments: list[tuple[str, str]], **options: Any) -> _core.Pages:
        usual = {"since": None, "until": None, "strict": False, "format": None, "empty": None}
        return self._core.pages(verb, arguments, **{**usual, "tail": None, "ahead": False, **options})

    def _is_fine(self) -> bool:
        """Whether datestamps name seconds; asked once."""
        if self._identity is None:
            try:
                self.identify()
            except errors.RateLimited:
                raise
            except errors.NaturaliaError:
                return False  # every provider takes days; where nothing is answered, the list says so
        stated = (self._identity["granularity"] if self._identity else None) or [None]
        return "s" in (stated[0] or "").lower().partition("t")[2]


def provider_from_state(base: str, settings: Any, ways: Any) -> OaiPmh:
    """A provider as it was pickled; connections are made anew."""
    provider = OaiPmh.__new__(OaiPmh)
    provider._base, provider._settings, provider._ways = base, settings, ways
    provider._core, provider._identity = _core.Provider(base, settings, *ways), None
    return provider


class OaiList:
    """ListRecords or ListIdentifiers as what a query asks."""

    def __init__(  # noqa: PLR0917
        self,
        provider: OaiPmh,
        verb: str,
        prefix: str,
        since: Span | None,
        until: Span | None,
        spec: str | None,
        *,
        strict: bool,
        format: str | None,
    ) -> None:
        self.provider = provider
        self.verb = verb
        self.prefix = prefix
        self.since = since
        self.until = until
        self.spec = spec
        self.options = {"strict": strict, "format": format}

    def parts(self, *, ahead: bool) -> Pages:
        """Page by page."""
        return Pages(self, ahead=ahead)

    def few(self, n: int) -> Pages:  # noqa: ARG002 - a provider sets the size of its pages
        """Page by page, none ahead of its time."""
        return Pages(self, ahead=False)

    def count(self) -> None:
        """What a provider says of the size of its lists is often wrong."""

    def whole(self) -> None:
        """Its pages joined are the best there is."""

    @property
    def url(self) -> str:
        """The address of the first page."""
        was_identified = self.provider._identity is not None
        return self.provider._core.address(
            self.verb, self.arguments(fine=was_identified and self.provider._is_fine())
        )

    @property
    def service(self) -> str:
        """The base URL."""
        return _core.shown(self.provider.base_url)

    def size(self) -> str:
        """What is asked of whom."""
        return f"{self.verb} of {self.service}"

    def explain(self) -> list[str]:
        """What is asked, and how."""
        lines = [f"asks {self.url}"]
        if self.since or self.until:
            lines.append("after Identify, which tells whether dates may name seconds")
        rate = self.provider._settings["rate"]
        pace = "as fast as it answers" if rate is None else f"{rate:g} requests a second at most"
        lines += [
            f"page by page to the end of the list, {pace}",
            "leaves out what comes twice or was not asked for",
        ]
        return lines

    def arguments(self, *, fine: bool) -> list[tuple[str, str]]:
        """The arguments as they are sent, to the second where the provider is so fine."""
        form = "%Y-%m-%dT%H:%M:%SZ" if fine else "%Y-%m-%d"
        named = [
            ("metadataPrefix", self.prefix),
            ("from", self.since and self.since.first.strftime(form)),
            ("until", self.until and self.until.last.strftime(form)),
            ("set", self.spec),
        ]
        return [(name, value) for name, value in named if value]

    def start(self, *, fine: bool, ahead: bool) -> _core.Pages:
        """The pages from the first one on."""
        from datetime import timedelta

        first, last = self.since and self.since.first, self.until and self.until.last
        tail = None
        if last and not fine:
            day = last.replace(hour=0, minute=0, second=0, microsecond=0)
            tail = (f"{day:%Y-%m-%d}", f"{day + timedelta(days=1):%Y-%m-%d}", micros(day))
        return self.provider._pages(
            self.verb,
            self.arguments(fine=fine),
            since=first and micros(first),
            until=last and micros(last),
            empty=self.prefix if self.verb == "ListRecords" else "header",
            tail=tail,
            ahead=ahead,
            **self.options,
        )


class Pages:
    """The pages of a listing; asks with days where the provider refuses the seconds it promised."""

    def __init__(self, listing: OaiList, *, ahead: bool) -> None:
        self._listing = listing
        self._ahead = ahead
        self._core: _core.Pages | None = None

    @property
    def report(self) -> dict[str, Any]:
        """What happened so far."""
        return {} if self._core is None else self._core.report

    def __iter__(self) -> Iterator[_core.Table]:
        listing = self._listing
        fine = bool(listing.since or listing.until) and listing.provider._is_fine()
        pages = self._core = listing.start(fine=fine, ahead=self._ahead)
        try:
            first = next(pages)
        except errors.BadArgument:
            if not fine:
                raise
            pages = self._core = listing.start(fine=False, ahead=self._ahead)
            first = next(pages)
        yield first
        yield from pages
