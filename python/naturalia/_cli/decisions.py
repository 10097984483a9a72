"""The options for decision sheets, and the input with their decisions applied."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["decided", "decided_media", "decision_options"]

SHEET = click.Path(exists=True, dir_okay=False)


def decision_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds `--decisions` and `--record-decisions` to a verb."""
    record = click.option(
        "--record-decisions",
        type=SHEET,
        metavar="SHEET",
        help="A decision sheet for the licences of the metadata.",
    )
    media = click.option(
        "--decisions",
        type=SHEET,
        metavar="SHEET",
        help="A decision sheet (license --report --out): what rights statements mean.",
    )
    return media(record(command))


def decided_media(
    given: Any, decisions: str | None, record_decisions: str | None, *, include_private: bool
) -> Any:
    """The media of files, with the decisions applied."""
    from naturalia import scan

    return decided(scan(given), decisions, record_decisions, include_private=include_private, as_media=True)


def decided(
    parts: Any,
    decisions: str | None,
    record_decisions: str | None,
    *,
    include_private: bool,
    as_media: bool = False,
) -> Any:
    """The input with the decisions applied; the input itself if there are none."""
    if decisions is None and record_decisions is None:
        return parts
    from naturalia._crosswalk.decided import DecidedTables

    return DecidedTables(
        parts, decisions, record_decisions, include_private=include_private, as_media=as_media
    )
