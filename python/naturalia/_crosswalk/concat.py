"""`concat`: tables of one format or of several, one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from naturalia import _core
from naturalia._arguments.public import public
from naturalia._crosswalk.crosswalk import HUB, crosswalk
from naturalia._table.table import core_of, wrap

if TYPE_CHECKING:
    from collections.abc import Iterable

    from naturalia._table.table import Table

__all__ = ["as_media", "concat"]


@public
def concat(tables: Iterable[Table]) -> Table:
    """The records of several tables, one after the other; those of different sources as `media`.

    Tables of one format stay what they are. Those of several are mapped by their crosswalks, with residue;
    what a crosswalk leaves out (records that are deleted or not public) is warned of.

    >>> import naturalia as nat
    >>> t = nat.read(nat.samples.path("naturalis_oai_dc.xml"))
    >>> nat.concat([t, t]).format, nat.concat([t, nat.read(nat.samples.path("openimages_oai_oi.xml"))]).format
    ('oai_dc', 'media')

    Raises:
        ValueError: no table, or one of a format that has no crosswalk to `media`.
    """
    parts = [core_of(table) for table in tables]
    if not parts:
        message = "concat() needs at least one table: without one there is no format"
        raise ValueError(message)
    formats = {part.format for part in parts}
    if len(formats) > 1 and formats <= {"media", *_core.CROSSWALKS}:
        parts = [as_media(wrap(part))._core for part in parts]
    return wrap(_core.concat(parts))


def as_media(table: Table) -> Table:
    """A table of any format as media; one warning counts what the crosswalk leaves out."""
    if table.format == HUB:
        return table
    made, loss = crosswalk(table.format, HUB).apply(table)
    out = [
        f"{count:,} {kind}"
        for kind, count in (("deleted", loss.deleted), ("not public", loss.private))
        if count
    ]
    if out:
        from warnings import warn

        from naturalia.errors import NaturaliaWarning

        advice = "nat.crosswalk(…, include_private=True) maps those that are not public"
        message = f"of {table.format}, records are left out: {', '.join(out)}; {advice}"
        warn(message, NaturaliaWarning, stacklevel=3)
    return made
