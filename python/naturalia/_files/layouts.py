"""The layouts of files that packages above this one write: they are registered in `naturalia/__init__.py`."""

from __future__ import annotations

TYPE_CHECKING = False  # see naturalia/__init__.py
if TYPE_CHECKING:
    from collections.abc import Callable

    from naturalia._table.reports import WriteReport

__all__ = ["LAYOUT_WRITERS"]

LAYOUT_WRITERS: dict[str, Callable[..., WriteReport]] = {}
"""The function that writes a layout, by its name: (data, path, kind, *, include_private)."""
