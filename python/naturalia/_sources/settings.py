"""How services are talked to: the keywords that all sources share."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, TypedDict

from naturalia import _core

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["POLITE", "RATES", "Settings", "plain_url", "recorded", "settings"]

informed: set[str] = set()

POLITE = "polite"
"""The rate of whatever has one of its own; else that of the service."""

# The defaults of every client are those of the core.
TIMEOUT: float = _core.CLIENT_DEFAULTS["timeout"]
RETRIES: int = _core.CLIENT_DEFAULTS["retries"]
BACKOFF: float = _core.CLIENT_DEFAULTS["backoff"]
MAX_WAIT: float = _core.CLIENT_DEFAULTS["max_wait"]
MAX_BYTES: int = _core.CLIENT_DEFAULTS["max_bytes"]
RATE: float = _core.CLIENT_DEFAULTS["rate"]
RATES = {"oai-pmh": RATE, "nba": RATE, "nhm": 1.0, "atom": RATE}
"""Requests a second by kind of service; the museum in London asks for restraint."""

# Those of `fetch`, which asks other services than its tables come from, and for larger things.
FETCH_RATE, FETCH_CONNECTIONS, FETCH_RETRIES, FETCH_MAX_BYTES = "2/s", 2, 4, "4 GB"

RECORDED = ("timeout", "retries", "backoff", "max_wait", "rate", "verify", "max_bytes")
"""The settings that a harvest file holds: none of them can be a secret."""


class Settings(TypedDict):
    """What the client of the core takes."""

    contact: str | None
    timeout: float
    retries: int
    backoff: float
    max_wait: float
    rate: float | None
    headers: list[tuple[str, str]]
    auth: tuple[str, str] | None
    verify: bool
    proxy: str | None
    max_bytes: int


def settings(
    url: str,
    *,
    contact: str | None,
    timeout: float,
    retries: int,
    backoff: float,
    max_wait: float,
    rate: float | str | None,
    headers: Mapping[str, str] | None,
    auth: tuple[str, str] | None,
    verify: bool,
    proxy: str | None,
    max_bytes: int,
) -> Settings:
    """The settings of a service at `url`, checked."""
    contact = contact or os.environ.get("NATURALIA_CONTACT") or None
    if contact is None:
        ask_for_contact(url)
    if auth is not None:
        user, password = auth
        auth = (str(user), str(password))
    return Settings(
        contact=contact,
        timeout=float(timeout),
        retries=retries,
        backoff=float(backoff),
        max_wait=float(max_wait),
        rate=per_second(rate),
        headers=list((headers or {}).items()),
        auth=auth,
        verify=verify,
        proxy=proxy,
        max_bytes=max_bytes,
    )


def recorded(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The settings that a harvest file holds, so that an update asks as the first run did."""
    return {name: settings[name] for name in RECORDED}


def per_second(rate: float | str | None) -> float | None:
    """Requests a second of `2`, `"2/s"`, `"30/min"`; `"polite"` is 2; None is no limit."""
    if rate == POLITE:
        return RATE
    if rate is None or isinstance(rate, (int, float)):
        return None if rate is None else float(rate)
    count, _, unit = rate.partition("/")
    seconds = {
        "": 1,
        "s": 1,
        "sec": 1,
        "second": 1,
        "m": 60,
        "min": 60,
        "minute": 60,
        "h": 3600,
        "hour": 3600,
    }
    try:
        return float(count) / seconds[unit.strip()]
    except (ValueError, KeyError):
        message = f'rate={rate!r} is no rate: write 2, "2/s" or "30/min", or None for no limit'
        raise ValueError(message) from None


def ask_for_contact(url: str) -> None:
    """One warning for each host that can't see who asks."""
    from urllib.parse import urlsplit

    host = urlsplit(url).hostname or ""
    if host in informed or host == "localhost" or host.startswith("127."):
        return
    informed.add(host)
    import warnings

    from naturalia.errors import NaturaliaWarning

    warnings.warn(
        f"{host} can't see whom to write to about these requests: pass contact='you@museum.example', or set "
        "NATURALIA_CONTACT",
        NaturaliaWarning,
        stacklevel=5,
    )


def plain_url(url: str) -> tuple[str, tuple[str, str] | None]:
    """The address without user and password, and those."""
    from urllib.parse import unquote, urlsplit, urlunsplit

    text = url.strip()
    if "://" not in text:
        message = f"{text.rpartition('@')[2]!r} is no address: it starts with https:// or http://"
        raise ValueError(message)
    parts = urlsplit(text)
    if parts.username is None:
        return text, None
    place = parts.netloc.rpartition("@")[2]
    auth = (unquote(parts.username), unquote(parts.password or ""))
    return urlunsplit(parts._replace(netloc=place)), auth


def spelling_of(spelling: Any, names: tuple[str, ...]) -> list[tuple[str, str]]:
    """Pairs of standard and own names; a name the standard does not have is refused."""
    from naturalia._arguments.spelling import closest

    pairs = list(dict(spelling or {}).items())
    for name, _ in pairs:
        if name not in names:
            message = f"spelling= knows no argument {name!r}{closest(name, names)}"
            raise ValueError(message)
    return pairs


def base_of(url: str, arguments: tuple[str, ...]) -> str:
    """The base URL of an address that may be a whole request."""
    base, mark, query = url.partition("?")
    if not mark:
        return base.partition("#")[0]
    headers = [
        pair
        for pair in query.partition("#")[0].split("&")
        if pair and pair.partition("=")[0] not in arguments
    ]
    return f"{base}?{'&'.join(headers)}" if headers else base
