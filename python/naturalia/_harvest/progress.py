"""How far a harvest is, for a person who waits."""

from __future__ import annotations

import json
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

from naturalia._output.escaping import escaped
from naturalia._output.progress import bars, visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from naturalia import _core

__all__ = ["fetch_progress", "harvest_progress"]

Run = TypeVar("Run")

# A bar is drawn again after so many seconds.
OFTEN = 0.2


@contextmanager
def harvest_progress(
    name: str, *, shown: bool | Callable[[dict[str, Any]], None] | None
) -> Iterator[Callable[[_core.HarvestRun], None]]:
    """What shows a run: a bar of tqdm, nothing, or a function of the caller.

    The bar has records and their total where that is known, else pages and dates.
    """
    if callable(shown):
        yield once_a_second(lambda run: shown(harvest_facts(run)))
        return
    if not (visible() if shown is None else shown):
        yield lambda _: None
        return
    with bars()(desc=escaped(name), unit=" records", delay=0.5, dynamic_ncols=True) as progress:
        drawn = monotonic()

        def draw(run: _core.HarvestRun) -> None:
            nonlocal drawn
            show(progress, run.progress)
            if monotonic() - drawn >= OFTEN:
                drawn = monotonic()
                progress.refresh()

        yield draw
        progress.refresh()


@contextmanager
def fetch_progress(
    name: str, *, shown: bool | Callable[[dict[str, Any]], None] | None
) -> Iterator[Callable[[_core.FetchRun], None]]:
    """What shows how many files have come: a bar of tqdm, nothing, or a function of the caller."""
    if callable(shown):
        yield once_a_second(lambda run: shown(run.progress))
        return
    if not (visible() if shown is None else shown):
        yield lambda _: None
        return
    from tqdm.auto import tqdm

    with tqdm(desc=escaped(name), unit=" files", delay=0.5, dynamic_ncols=True) as progress:

        def show_files(run: _core.FetchRun) -> None:
            facts = run.progress
            parts = [f"{facts['bytes'] / 1e6:,.1f} MB"] + (
                [f"{facts['failed']:,} failed"] if facts["failed"] else []
            )
            progress.set_postfix_str(", ".join(parts), refresh=False)
            progress.total, progress.n = facts["total"], facts["done"]
            progress.update(0)
            progress.refresh()

        yield show_files


def once_a_second(call: Callable[[Run], None]) -> Callable[[Run], None]:
    """Calls a function with the run, at most once a second."""
    last = monotonic()

    def call_when_due(run: Run) -> None:
        nonlocal last
        if monotonic() - last >= 1:
            last = monotonic()
            call(run)

    return call_when_due


def harvest_facts(run: _core.HarvestRun) -> dict[str, Any]:
    """How far a harvest is, as functions of the caller get it."""
    facts = run.progress
    return {**facts, "tally": json.loads(facts["tally"])}


def show(progress: Any, facts: dict[str, Any]) -> None:
    """Brings the bar up to date."""
    from datetime import UTC, datetime

    tally, phase = json.loads(facts["tally"]), facts["phase"]
    if phase == "checking":
        progress.set_postfix_str(f"checking: {facts['listed']:,} listed", refresh=False)
    elif phase == "records":
        at = facts["at"]
        parts = [f"{tally['pages']:,} pages"] if tally["declared"] is None else []
        parts += [f"{datetime.fromtimestamp(at / 1e6, UTC):%Y-%m-%d}"] if at is not None else []
        parts += [f"{tally['retries']:,} retries"] if tally["retries"] else []
        progress.set_postfix_str(", ".join(parts), refresh=False)
    elif phase:
        progress.set_postfix_str(escaped(phase), refresh=False)
    progress.total = tally["declared"]
    progress.n = tally["received"]
