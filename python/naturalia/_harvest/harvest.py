"""`harvest` and `Harvest`: a list of a service in a file that can be left at any moment."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from naturalia import _core, errors
from naturalia._arguments.dates import micros, span
from naturalia._arguments.public import public
from naturalia._arguments.spelling import keywords
from naturalia._harvest.card import card, html
from naturalia._harvest.progress import harvest_progress
from naturalia._harvest.resume import (
    age,
    length,
    load_query,
    provider_of,
    query_of,
    relative,
    settings_of,
    start_harvest,
)
from naturalia._harvest.tally import Deletions, Tally
from naturalia._harvest.view import View
from naturalia._output.escaping import displayed, logger
from naturalia._output.text import plural
from naturalia._query.query import Query
from naturalia._sources.oai import OaiPmh
from naturalia._sources.settings import POLITE, RATES
from naturalia._table.table import Table, wrap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date, datetime, timedelta

    When = str | date | datetime | timedelta | None
    Progress = Callable[[dict[str, Any]], None]

__all__ = ["Harvest", "harvest"]

SECONDS = "%Y-%m-%dT%H:%M:%SZ"
# Ctrl-C is answered within 0.2 s: this long, and what it takes to finish the commit at hand.
TICK = 0.05


@public
@keywords
def harvest(
    source: OaiPmh | Query | str,
    path: str | os.PathLike[str],
    /,
    *,
    prefix: str | None = None,
    set: str | None = None,
    since: When = None,
    until: When = None,
    windows: int = 1,
    verify: bool = True,
    reconcile: str | timedelta | bool | None = "monthly",
    overlap: str | timedelta | None = None,
    accept_removals: bool = False,
    contact: str | None = None,
    rate: float | str | None = "polite",
    progress: bool | Progress | None = None,
) -> Harvest:
    """Harvests a list into a file: starts, goes on where it was stopped, or updates, whichever is due.

        >>> import naturalia as nat
        >>> with nat.testing.serve(250) as server:
        ...     h = nat.harvest(server.url, "museum.sqlite", rate=1000)
        >>> h
        <Harvest museum.sqlite: 250 records of oai_dc, complete>
        >>> h.tally.pages, h.tally.unique
        (3, 250)

    The file holds the pages as they came and one question: the same call later brings it up to date. It may
    be interrupted or killed at any moment; what has come is kept, and the same call goes on from there. A
    part of the list that can't be read to its end (an expired token, a limit on deep paging) is split by
    datestamp.

    A query of the NBA, the NHM Data Portal or a feed is harvested as it was asked. These services can't tell
    what has changed: an update asks for all of it again and compares; `h.explain()` says what that costs.

    Args:
        source: an `OaiPmh`, the base URL of one, or a query of an `Nba`, `NhmPortal` or `AtomFeed`. What
            follows, as far as `reconcile`, is for OAI-PMH.
        path: the file; it is made, its folder has to be there.
        prefix: the metadataPrefix; `oai_dc` if None.
        set: a setSpec; sets within it are included.
        since: changed at this moment or later; as in `OaiPmh.records`.
        until: changed at this moment or earlier; a day includes all of itself.
        windows: parts of the list to read side by side, for a provider that allows it. `rate` counts for all.
        verify: look at the list a second time where counts do not prove that nothing is missing.
        reconcile: how old the last comparison with the whole list may be before an update makes a new one,
            for providers that do not announce deletions for good: `"daily"`, `"weekly"`, `"monthly"`, a
            timedelta, True (now, also where deletions are announced), None (never).
        overlap: how far an update looks back behind the start of the last run: `"2h"`, `"1d"`, a timedelta.
            None is an hour, or a day where datestamps are days, and more where records of this provider have
            come to light later than that; 7 days at most.
        accept_removals: remove records that the list lacks even if that is more than 20 and
            more than one in ten, or all of them. Without it they are kept, and the state is `unconfirmed`.
        contact: whom the provider may write to; for a URL as source.
        rate: requests a second, None for no limit; `"polite"` is that of the source, or of
            the first run of the file, else 2.
        progress: show what is going on, by default on a terminal and in a notebook; or a function that is
            called with the counts once a second.

    Raises:
        naturalia.errors.StateMismatch: the file answers another question.
        naturalia.errors.HarvestLocked: another process is harvesting into it.
        naturalia.errors.NetworkError: the provider can't be reached; what has come is kept.
        naturalia.errors.RateLimited: it asks to wait longer than `max_wait`; `retry_at` says until when.
        naturalia.errors.OaiError: it refuses the question.
        naturalia.errors.TokenCycle: the list goes in a circle.
        OSError: the file can't be written, or the disk is full; what has come is kept.
    """
    if isinstance(source, Query):
        if (prefix, set, since, until, windows) != (None, None, None, None, 1):
            message = (
                "prefix=, set=, since=, until= and windows= are for OAI-PMH; a query says itself what it asks"
            )
            raise ValueError(message)
        query = query_of(source, contact=contact, rate=rate)
        watch(start_harvest(query, os.fspath(path)), os.path.basename(os.fspath(path)), shown=progress)
        return open_harvest(path, Query(query))
    prefix = "oai_dc" if prefix is None else prefix
    if not prefix:
        message = "prefix= names a metadata format, such as 'oai_dc'; source.formats() lists those there are"
        raise ValueError(message)
    if windows < 1:
        message = f"windows={windows!r}: it is the number of parts to read side by side, 1 or more"
        raise ValueError(message)
    provider = provider_of(source, contact=contact, rate=rate)
    first, last = span(since, "since"), span(until, "until")
    if first and last and first.first > last.last:
        message = f"since={since!r} is after until={until!r}"
        raise ValueError(message)
    words: dict[str, Any] = {"url": _core.shown(provider._base), "prefix": prefix, "set": set}
    # What is so long ago moves on with every call: then it is the words that make the question.
    words["since"] = first and (since if relative(since) else f"{first.first:{SECONDS}}")
    words["until"] = last and (until if relative(until) else f"{last.last:{SECONDS}}")
    run = _core.HarvestRun(
        provider._core,
        os.fspath(path),
        question=json.dumps({name: value for name, value in words.items() if value}, sort_keys=True),
        manner=json.dumps(settings_of(provider)),
        prefix=prefix,
        set=set,
        since=first and micros(first.first),
        until=last and micros(last.last),
        windows=windows,
        verify=verify,
        reconcile=age(reconcile),
        overlap=length(overlap),
        accept_removals=accept_removals,
    )
    watch(run, os.path.basename(os.fspath(path)), shown=progress)
    return open_harvest(path, provider)


def open_harvest(path: str | os.PathLike[str], source: OaiPmh | Query) -> Harvest:
    """The harvest that is in the file now, which says what was odd."""
    found = Harvest(path)
    found._source = source
    found._notify()
    return found


@public
@displayed
class Harvest:
    """A harvest file. Opening it asks no service; its records stream from disk.

        >>> import naturalia as nat
        >>> with nat.testing.serve(250) as server:
        ...     h = nat.harvest(server.url, "birds.sqlite", rate=1000)
        >>> h = nat.Harvest("birds.sqlite")
        >>> len(h), h.format
        (250, 'oai_dc')
        >>> h.current().first(2)
        <Table oai_dc: 2 records, 22 columns>
        >>> import duckdb
        >>> duckdb.sql("select count(*) from h").fetchall()
        [(250,)]

    As an Arrow stream, and where it is iterated over, it is its `current()` records.

    Args:
        path: the file.

    Raises:
        FileNotFoundError: it is not there.
        naturalia.errors.HarvestError: it is no harvest file, damaged, or of a later version.
    """

    def __init__(self, path: str | os.PathLike[str], /) -> None:
        self.path = os.fspath(path)
        self._source: OaiPmh | Query | None = None
        self._facts()

    def _facts(self) -> dict[str, Any]:
        return _core.harvest_facts(self.path)

    @property
    def question(self) -> dict[str, Any]:
        """What it answers: the url, and prefix, set, since, until, or what a service was asked."""
        found: dict[str, Any] = json.loads(self._facts()["question"])
        return found

    @property
    def prefix(self) -> str:
        """The metadataPrefix of its records."""
        return str(self.question.get("prefix", ""))

    @property
    def format(self) -> str:
        """The format its records are read as: `oai_dc`, `oai_oi` …, `xml` for any other."""
        return self.current().format

    @property
    def complete(self) -> bool:
        """Whether the latest run came to its end."""
        runs = self._facts()["runs"]
        return bool(runs) and runs[-1]["finished_at"] is not None

    @property
    def tally(self) -> Tally:
        """What the latest run did: requests, pages, records received, unique, deleted, and the state."""
        tallies = self.tallies
        if not tallies:
            message = "nothing has been harvested into this file yet"
            raise errors.HarvestError(message, source=self.path, hint="update() starts it")
        return tallies[-1]

    @property
    def tallies(self) -> list[Tally]:
        """What each run did, the first harvest first."""
        return [Tally.of(run) for run in self._facts()["runs"]]

    @property
    def deletions(self) -> Deletions:
        """Records that are gone: how many were announced, how many found out, and what is not known."""
        return Deletions.of(self._facts())

    def current(self, *, deleted: bool = False) -> View:
        """The records as they are now, each once; with `deleted`, those that are gone too."""
        return View(self.path, "current", 0, deleted=deleted)

    def changes(self, since: When = "last", /) -> View:
        """The records that are new, changed or deleted since a moment, or by the last run that is complete.

        Args:
            since: `"last"`, or a moment as in `OaiPmh.records`: what has come since then.
        """
        if isinstance(since, str) and since == "last":
            done = [run["id"] for run in self._facts()["runs"] if run["finished_at"] is not None]
            return View(self.path, "run", done[-1] if done else 0, deleted=True)
        found = span(since, "since")
        if found is None:
            message = 'changes() takes "last" or a moment'
            raise ValueError(message)
        return View(self.path, "since", micros(found.first), deleted=True)

    def history(self, identifier: str, /) -> Table:
        """Every version of a record that ever came, the oldest first.

        Raises:
            ValueError: there is no such record.
        """
        return wrap(_core.harvest_history(self.path, identifier))

    def raw(self, identifier: str, /, *, page: bool = False) -> bytes:
        """The bytes of a record as they came, or of the whole page it came in.

        Raises:
            ValueError: there is no such record.
        """
        return _core.harvest_raw(self.path, identifier, whole=page)

    def verify(self) -> list[str]:
        """What is wrong with the file, a line each; empty if it is as it was written. Reads all of it."""
        return _core.harvest_verify(self.path)

    def purge(self, identifiers: str | Iterable[str], /) -> int:
        """Removes every version of withdrawn records, bytes and all; later updates do not bring them back.

        Gives how many of the identifiers were there.
        """
        wanted = [identifiers] if isinstance(identifiers, str) else list(identifiers)
        return _core.harvest_purge(self.path, wanted)

    @keywords
    def update(
        self,
        *,
        source: OaiPmh | Query | str | None = None,
        moved: bool = False,
        windows: int = 1,
        verify: bool = True,
        reconcile: str | timedelta | bool | None = "monthly",
        overlap: str | timedelta | None = None,
        accept_removals: bool = False,
        contact: str | None = None,
        rate: float | str | None = "polite",
        progress: bool | Progress | None = None,
    ) -> Harvest:
        """Goes on with the harvest, or asks for what has changed since; the arguments are those of `harvest`.

        The query of the first run is sent again, with the dates since. Credentials are not in the file: for a
        service that wants them, `source` is an `OaiPmh`, or a query, that has them.

        With `moved=True` the provider has moved: `source` is its new address. The file goes on with its
        history, and everything in it is compared with the list there.
        """
        if moved:
            self._relocate(source)
            reconcile = True
        question, facts = self.question, self._facts()
        logger().info("%s: %s", self.path, self.explain())
        given = source or self._source
        if given is None:
            ways = json.loads(facts["manner"])
            if not ways.pop("open", True):
                message = "this service was asked with credentials, which are not kept in the file"
                raise errors.HarvestError(
                    message, source=self.path, hint="give a source that has them: update(source=…)"
                )
            if facts["kind"] == "oai-pmh":
                recorded_rate = ways.pop("rate", RATES["oai-pmh"])
                given = OaiPmh(
                    question["url"], contact=contact, rate=recorded_rate if rate == POLITE else rate, **ways
                )
            else:
                given = Query(load_query(facts, contact=contact, rate=rate))
        if isinstance(given, Query):
            harvest(given, self.path, contact=contact, rate=rate, progress=progress)
            return self
        harvest(
            given,
            self.path,
            prefix=question["prefix"],
            set=question.get("set"),
            since=question.get("since"),
            until=question.get("until"),
            windows=windows,
            verify=verify,
            reconcile=reconcile,
            overlap=overlap,
            accept_removals=accept_removals,
            contact=contact,
            rate=rate,
            progress=progress,
        )
        return self

    def _relocate(self, source: OaiPmh | Query | str | None) -> None:
        """Notes in the file that its provider is at the address of this source now."""
        if self._facts()["kind"] != "oai-pmh" or not isinstance(source, OaiPmh | str):
            message = "moved=True is for OAI-PMH: give the provider at its new address, source=…"
            raise ValueError(message)
        new = OaiPmh(source, rate=None) if isinstance(source, str) else source
        question = {**self.question, "url": _core.shown(new._base)}
        _core.harvest_relocate(self.path, json.dumps(question, sort_keys=True))

    def explain(self) -> str:
        """What an update would ask, and what that costs, in words. Nothing is asked for it."""
        facts = self._facts()
        if not self.complete:
            return "goes on where it was stopped"
        if facts["kind"] == "oai-pmh":
            return "asks for what has changed since the last run"
        requests = next(tally.requests for tally in reversed(self.tallies) if tally.finished_at)
        return (
            f"asks for all of it again and compares, since this service can't tell what has changed: "
            f"about {plural(requests, 'request')}"
        )

    def __len__(self) -> int:
        return int(self._facts()["current"])

    def __iter__(self) -> Iterator[Table]:
        return iter(self.current())

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.current().__arrow_c_stream__(requested_schema)

    def __arrow_c_schema__(self) -> object:
        return self.current().__arrow_c_schema__()

    def __repr__(self) -> str:
        facts = self._facts()
        state = "complete" if self.complete else "not complete: update() goes on"
        return (
            f"<Harvest {os.path.basename(self.path)}: {plural(facts['current'], 'record')} "
            f"of {facts['prefix']}, {state}>"
        )

    def __str__(self) -> str:
        return "\n".join([repr(self), *(f"  {name:<12} {text}" for name, text in self._card())])

    def _repr_html_(self) -> str:
        return html(repr(self)[1:-1], self._card())

    def _card(self) -> list[tuple[str, str]]:
        """What a person wants to know, a line each."""
        return card(self.path, self._facts(), self.tallies)

    def _notify(self) -> None:
        """Says what was odd in the latest run: a warning each, once, and all of it to the log."""
        import warnings

        log, tally = logger(), self.tally
        log.info("%s: %s", self.path, tally)
        notices = list(tally.notices)
        if not tally.verified:
            notices.append(tally.state)
        for notice in notices:
            log.warning("%s: %s", self.path, notice)
            warnings.warn(f"{os.path.basename(self.path)}: {notice}", errors.NaturaliaWarning, stacklevel=4)


def watch(run: _core.HarvestRun, name: str, *, shown: bool | Progress | None) -> None:
    """Waits for the end of a harvest and shows how far it is; Ctrl-C stops it and keeps what has come."""
    try:
        with harvest_progress(name, shown=shown) as show:
            while not run.wait(TICK):
                show(run)
            show(run)
    except BaseException:
        run.stop()
        raise
