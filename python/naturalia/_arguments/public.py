"""The module that public names belong to: `naturalia`, whatever file defines them."""

from __future__ import annotations

from typing import TypeVar

__all__ = ["public"]

Item = TypeVar("Item")


def public(item: Item) -> Item:
    """Makes representations, pickles and tracebacks of a class or function name `naturalia`."""
    item.__module__ = "naturalia"
    return item
