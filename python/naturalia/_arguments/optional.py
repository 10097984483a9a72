"""Libraries that are only there where somebody installed them."""

from __future__ import annotations

from typing import Any

__all__ = ["missing", "need"]


def need(library: str, extra: str) -> Any:
    """The optional library, or the command that installs it."""
    from importlib import import_module

    try:
        return import_module(library)
    except ImportError as error:
        raise missing(library, extra) from error


def missing(library: str, extra: str) -> ImportError:
    """The error for an optional library that is not there."""
    from naturalia.errors import MissingExtra

    return MissingExtra(f"{library} is not installed", hint=f"pip install 'naturalia[{extra}]'")
