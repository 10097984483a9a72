"""Tables with the decisions of a person about rights statements applied, whatever their format."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from naturalia import _core
from naturalia._crosswalk.concat import concat
from naturalia._crosswalk.crosswalk import HUB, crosswalk
from naturalia._licenses.decisions import check_occurrence, read_decisions
from naturalia._licenses.tables import decide_media
from naturalia._table.table import Table, wrap

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from naturalia._crosswalk.crosswalk import Crosswalk
    from naturalia._licenses.decisions import Given

__all__ = ["DecidedTables"]


class DecidedTables:
    """Tables with decisions applied; a decision on a statement that none of them has is an error at the end.

    Args:
        parts: the tables, of any format that has a crosswalk to `media`.
        decisions: decisions on the licences of media, as for `nat.licenses`.
        record_decisions: decisions on the licences of their metadata.
        include_private: map records marked as not public too.
        as_media: give media instead of records in their own format.
    """

    def __init__(
        self,
        parts: Iterable[Table],
        decisions: Given | None,
        record_decisions: Given | None = None,
        *,
        include_private: bool,
        as_media: bool = False,
    ) -> None:
        self._parts = parts
        self._decisions = {False: read_decisions(decisions), True: read_decisions(record_decisions)}
        self._options: dict[str, Any] = {
            "include_private": include_private,
            "decisions": decisions,
            "record_decisions": record_decisions,
        }
        self._as_media = as_media
        self._crosswalks: dict[str, tuple[Crosswalk, Crosswalk]] = {}
        self._occurring: set[tuple[bool, str]] = set()

    def __iter__(self) -> Iterator[Table]:
        for part in self._parts:
            yield self.map(part)
        self.check()

    def map(self, table: Table) -> Table:
        """The table with the decisions applied."""
        if table.format == HUB:
            for record, decisions in self._decisions.items():
                if decisions:
                    table, uses = decide_media(table, decisions, record=record)
                    self._occurring.update(uses)
            return table
        if table.format not in _core.CROSSWALKS:
            message = f"decisions can't be applied to a table of {table.format!r}: it has no crosswalk"
            raise ValueError(message)
        to_media, from_media = self._crosswalks_of(table.format)
        media, loss = to_media.apply(table)
        self._occurring.update(loss.decision_keys)
        if self._as_media:
            return media
        back = wrap(from_media.apply(media).table._core.without("residue"))
        if not loss.deleted:
            return back
        deleted = [row for row, is_deleted in enumerate(table["deleted"]) if is_deleted]
        return concat([back, table[deleted]])

    def _crosswalks_of(self, format: str) -> tuple[Crosswalk, Crosswalk]:
        """The crosswalks from a format to media and back, made once: they read the decision sheets."""
        if format not in self._crosswalks:
            private = self._options["include_private"]
            self._crosswalks[format] = (
                crosswalk(format, HUB, **self._options),
                crosswalk(HUB, format, include_private=private),
            )
        return self._crosswalks[format]

    def check(self) -> None:
        """Raises `ValueError` if a decision was on a statement that did not occur."""
        for record, decisions in self._decisions.items():
            check_occurrence(decisions, [key for of_record, key in self._occurring if of_record == record])
