"""How a service is asked for a harvest: what of it is kept in the file, and what is not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from naturalia import _core
from naturalia._arguments.spelling import closest
from naturalia._sources.atom import FeedQuery
from naturalia._sources.document_query import DocumentQuery
from naturalia._sources.nba.question import NbaDocumentQuery
from naturalia._sources.nhm.question import NhmRecordQuery
from naturalia._sources.oai import OaiPmh, provider_from_state
from naturalia._sources.settings import (
    BACKOFF,
    MAX_BYTES,
    MAX_WAIT,
    POLITE,
    RATES,
    RETRIES,
    TIMEOUT,
    per_second,
    recorded,
    settings,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from naturalia._query.query import Query

__all__ = [
    "age",
    "describe_question",
    "length",
    "load_query",
    "provider_of",
    "query_of",
    "relative",
    "settings_of",
    "start_harvest",
]

# How old the last comparison with the whole list may be, by name.
AGES = {"daily": 1, "weekly": 7, "monthly": 30, "yearly": 365}
DAY = 86_400_000_000
QUESTIONS: dict[str, type[DocumentQuery]] = {
    "nba": NbaDocumentQuery,
    "nhm": NhmRecordQuery,
    "atom": FeedQuery,
}
"""What is asked of each kind of service."""
WAYS = ("window", "size", "service")


def provider_of(source: Any, *, contact: str | None, rate: float | str | None) -> OaiPmh:
    """The provider, asked at this rate."""
    if isinstance(source, str):
        return OaiPmh(source, contact=contact, rate=rate)
    if not isinstance(source, OaiPmh):
        message = f"source is an OaiPmh or its base URL, not {type(source).__name__}"
        raise TypeError(message)
    if rate == POLITE and contact is None:
        return source
    settings = dict(source._settings)
    if rate != POLITE:
        settings["rate"] = per_second(rate)
    if contact is not None:
        settings["contact"] = contact
    return provider_from_state(source._base, settings, source._ways)


def settings_of(provider: OaiPmh) -> dict[str, Any]:
    """How the provider is asked, as far as that is no secret."""
    spelling, verbatim, post = provider._ways
    settings = provider._settings
    secret = bool(settings["auth"] or settings["headers"] or _core.shown(provider._base) != provider._base)
    return {
        "spelling": dict(spelling),
        "verbatim_token": verbatim,
        "post": post,
        **recorded(settings),
        "open": not secret,
    }


def relative(value: object) -> bool:
    """Whether a moment is so long ago, as in "30d"."""
    return isinstance(value, str) and value.strip()[-1:].isalpha() and value.strip()[:-1].isdecimal()


def age(reconcile: object) -> int | None:
    """How old the last comparison may be, in microseconds; None for any age."""
    from datetime import timedelta

    if reconcile is None or isinstance(reconcile, bool):
        return 0 if reconcile else None
    if isinstance(reconcile, timedelta):
        return reconcile // timedelta(microseconds=1)
    if isinstance(reconcile, str) and reconcile in AGES:
        return AGES[reconcile] * DAY
    message = f"reconcile={reconcile!r}{closest(str(reconcile), AGES)}"
    raise ValueError(message)


def length(overlap: object) -> int | None:
    """How far an update looks back, in microseconds; None for the default."""
    from datetime import timedelta

    if overlap is None:
        return None
    units = {"m": 60, "h": 3600, "d": 86_400, "w": 604_800}
    micros = -1
    if isinstance(overlap, timedelta):
        micros = overlap // timedelta(microseconds=1)
    elif (
        isinstance(overlap, str)
        and overlap[:-1].isascii()
        and overlap[:-1].isdigit()
        and overlap[-1:] in units
    ):
        micros = int(overlap[:-1]) * units[overlap[-1]] * 1_000_000
    if not 0 <= micros <= 36_600 * DAY:
        message = f"overlap={overlap!r}: it is a length of time such as '90m', '2h', '1d', or a timedelta"
        raise ValueError(message)
    return micros


def query_of(query: Query, *, contact: str | None, rate: float | str | None) -> DocumentQuery:
    """What a query of a service asks, at this rate."""
    question = query._question
    if not isinstance(question, DocumentQuery):
        message = (
            f"{query!r} can't be harvested: a query of the NBA or NHM by conditions can; of OAI-PMH give the "
            "OaiPmh itself, with prefix=, set=, since= and until="
        )
        raise TypeError(message)
    changed: dict[str, Any] = dict(question.settings)
    if rate != POLITE:
        changed["rate"] = per_second(rate)
    if contact is not None:
        changed["contact"] = contact
    if changed == question.settings:
        return question
    core = _core.Service(question.kind, question.core.base, changed)
    return QUESTIONS[question.kind](core, json.loads(question.text), settings=changed, words=question.words)


def start_harvest(query: DocumentQuery, path: str) -> _core.HarvestRun:
    """Starts the harvest of what is asked, or goes on with it."""
    text = query.text
    question: dict[str, Any] = {"url": query.core.base, **json.loads(text)}
    if _core.shown(question["url"]) != question["url"]:
        message = "a key in the address of a feed would stand in the harvest file: pass it with headers="
        raise ValueError(message)
    # In pages of what size, and by which service: that changes the way, not the list.
    ways = {name: question.pop(name) for name in WAYS if name in question}
    version = query.version_for(path)
    if version is not None:
        # The list stands still while it is read; an update asks for the version of its own day.
        ways["version"] = version
        text = json.dumps({**query.question, "params": {**query.question["params"], "version": version}})
    return _core.HarvestRun.documents(
        query.core,
        path,
        question=json.dumps(question, sort_keys=True, ensure_ascii=False),
        asked=text,
        manner=json.dumps({**query.manner(), **ways}),
    )


def load_query(
    facts: Mapping[str, Any],
    *,
    contact: str | None,
    rate: float | str | None,
    auth: tuple[str, str] | None = None,
) -> DocumentQuery:
    """What a harvest file asks of a service, and the service as it was asked then."""
    kind, question, manner = facts["kind"], json.loads(facts["question"]), json.loads(facts["manner"])
    url = question["url"]
    if not QUESTIONS[kind].has_address:
        del question["url"]
    question |= {name: manner[name] for name in WAYS if name in manner}
    how = settings(
        url,
        contact=contact,
        timeout=manner.get("timeout", TIMEOUT),
        retries=manner.get("retries", RETRIES),
        backoff=manner.get("backoff", BACKOFF),
        max_wait=manner.get("max_wait", MAX_WAIT),
        rate=manner.get("rate", RATES[kind]) if rate == POLITE else rate,
        headers=None,
        auth=auth,
        verify=manner.get("verify", True),
        proxy=None,
        max_bytes=manner.get("max_bytes", MAX_BYTES),
    )
    return QUESTIONS[kind](_core.Service(kind, url, how), question, settings=how)


def describe_question(question: Mapping[str, Any]) -> str:
    """What is asked of a service, in few words."""
    specs = question.get("specs", [])
    rest: object = question.get("params", specs[0] if len(specs) == 1 else f"{len(specs)} queries")
    named = question.get("type") or question.get("action") or "entries"
    text = "" if rest in ({}, "0 queries") else json.dumps(rest, ensure_ascii=False)
    return f"{named} {text}"[:100].strip()
