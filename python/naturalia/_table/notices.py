"""What the core noticed, as Python says it: one warning a kind and source, every detail to the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from naturalia._output.escaping import logger
from naturalia._output.text import plural
from naturalia._table.reports import place, tally

if TYPE_CHECKING:
    from naturalia._table.reports import Report

__all__ = ["notify"]

told: set[tuple[str, str | None]] = set()


def notify(report: Report, *, service: str | None = None, stacklevel: int = 3) -> None:
    """Warns of repairs, problems and oddities of a service, once per kind and source, and logs each of them.

    `stacklevel` leads to the line of the user that asked for the reading.
    """
    repairs, problems, oddities = report.repairs, report.problems, report.oddities
    if not repairs and not problems and not oddities:
        return
    import warnings

    from naturalia.errors import NaturaliaWarning

    log = logger()
    for repair in repairs:
        log.info("repaired: %s, %s in %s", repair.kind, repair.detail, place(repair))
    for problem in problems:
        log.warning("not read: %s in %s", problem.message, place(problem))
    for kind, what in oddities.items():
        log.info("odd: %s: %s", service, what)
        if (kind, service) not in told:
            told.add((kind, service))
            warnings.warn(f"{service}: {what}", NaturaliaWarning, stacklevel=stacklevel)
    for kind, count in tally(repair.kind for repair in repairs).items():
        sources = list(dict.fromkeys(repair.source for repair in repairs if repair.kind == kind))
        fresh = [source for source in sources if (kind, source) not in told]
        told.update((kind, source) for source in fresh)
        if fresh:
            others = f" and {plural(len(sources) - 1, 'other source')}" if len(sources) > 1 else ""
            warnings.warn(
                f"{count:,} × repaired in {fresh[0]}{others}: {kind}; report.repairs has each of them",
                NaturaliaWarning,
                stacklevel=stacklevel,
            )
    if problems:
        warnings.warn(
            f"{plural(len(problems), 'page')} could not be read; report.problems has each of them",
            NaturaliaWarning,
            stacklevel=stacklevel,
        )
