"""Bars that count while somebody waits: on a terminal or in a notebook, never in pipes and scripts."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sized

__all__ = ["bars", "hushed", "visible", "watched"]

Part = TypeVar("Part", bound="Sized")

HUSHED: ContextVar[bool] = ContextVar("hushed", default=False)


@contextmanager
def hushed() -> Iterator[None]:
    """No bars inside: something else writes to the same terminal."""
    before = HUSHED.set(True)
    try:
        yield
    finally:
        HUSHED.reset(before)


def visible() -> bool:
    """Whether a person would see a bar."""
    notebook = "ipykernel" in sys.modules
    return not HUSHED.get() and (notebook or (sys.stderr is not None and sys.stderr.isatty()))


def bars() -> Any:
    """The bars of tqdm for where we are; plain ones in notebooks without widgets, without a remark."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from tqdm.auto import tqdm
    return tqdm


def watched(parts: Iterable[Part], total: Callable[[], int | None] = lambda: None) -> Iterator[Part]:
    """The parts; their records are counted on a bar if that takes longer than a second.

    Args:
        parts: tables one after the other.
        total: how many records there will be, as far as that is known by then.
    """
    if not visible():
        yield from parts
        return
    with bars()(unit=" records", unit_scale=True, delay=1, leave=False) as bar:
        for part in parts:
            yield part
            bar.total = total()
            bar.update(len(part))
