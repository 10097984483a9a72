"""How a provider is asked for a harvest: what of it is kept in the file, and what is not."""

from __future__ import annotations

from typing import Any

from naturalia import _core
from naturalia._names import closest
from naturalia._oai import OaiPmh, restored
from naturalia._service import per_second

__all__ = ["age", "manner_of", "provider_of", "relative"]

# How old the last comparison with the whole list may be, by name.
AGES = {"daily": 1, "weekly": 7, "monthly": 30, "yearly": 365}
DAY = 86_400_000_000


def provider_of(source: Any, *, contact: str | None, rate: float | str | None) -> OaiPmh:
    """The provider, asked at this rate."""
    if isinstance(source, str):
        return OaiPmh(source, contact=contact, rate=2 if rate is None else rate)
    if not isinstance(source, OaiPmh):
        message = f"source is an OaiPmh or its base URL, not {type(source).__name__}"
        raise TypeError(message)
    if rate is None and contact is None:
        return source
    settings = dict(source._settings)
    if rate is not None:
        settings["rate"] = per_second(rate)
    if contact is not None:
        settings["contact"] = contact
    return restored(source._base, settings, source._ways)


def manner_of(provider: OaiPmh) -> dict[str, Any]:
    """How the provider is asked, as far as that is no secret."""
    spelling, verbatim, post = provider._ways
    settings = provider._settings
    secret = bool(settings["auth"] or settings["headers"] or _core.shown(provider._base) != provider._base)
    return {
        "spelling": dict(spelling),
        "verbatim_token": verbatim,
        "post": post,
        "verify": settings["verify"],
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
