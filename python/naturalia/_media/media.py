"""Media, one a row: records of any source as rows of the hub, without those that are not public."""

from __future__ import annotations

import os
from collections import namedtuple
from typing import TYPE_CHECKING, Any

from naturalia import _core
from naturalia._crosswalk.concat import concat
from naturalia._crosswalk.crosswalk import HUB, crosswalk
from naturalia._harvest.harvest import Harvest
from naturalia._harvest.view import View
from naturalia._licenses.license import License, license
from naturalia._output.text import left_out
from naturalia._query.query import Query
from naturalia._table.table import Table, core_of, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from naturalia._crosswalk.crosswalk import Crosswalk

__all__ = ["FIELDS", "Media", "MediaMapping", "Medium", "license_of", "tables"]

FIELDS = (
    "media_id",
    "source",
    "identifier",
    "unit_id",
    "specimen_id",
    "landing_page",
    "media_url",
    "format",
    "type",
    "title",
    "creator",
    "rights_holder",
    "credit_line",
    "scientific_name",
    "genus",
    "species",
    "family",
    "collection",
    "country",
    "lat",
    "lon",
    "event_date",
    "issued",
    "license_uri",
    "license_raw",
    "license_basis",
    "record_license_uri",
    "record_license_raw",
    "record_license_basis",
    "withheld",
    "dataset_doi",
    "source_version",
    "retrieved_at",
    "record_modified",
)
"""The flat columns that a person, a citation or a target asks for."""

Medium = namedtuple("Medium", FIELDS)  # type: ignore[misc]  # noqa: PYI024 - made of a tuple of names


class Media:
    """What somebody has, read as media part by part; iterating it yields tables of the hub.

    Records marked as not public are left out and counted, unless `include_private` is true. After it was
    read, `count`, `private` and `formats` say what was there.

    Args:
        data: a table of any format that has a crosswalk to `media`, a query, a harvest or a view of one, the
            path of a file of these, a frame with the column `media_url`, or tables one after the other.
        include_private: take records that are not public too.
    """

    def __init__(self, data: Any, *, include_private: bool = False) -> None:
        self._data = data
        self._mapping = MediaMapping(include_private=include_private)
        self.count = 0
        self.private = 0
        self.formats: dict[str, int] = {}

    def __iter__(self) -> Iterator[Table]:
        self.count = self.private = 0
        self.formats = {}
        for table in tables(self._data):
            self.formats[table.format] = self.formats.get(table.format, 0) + len(table)
            media, private = self._mapping.map(table)
            self.private += private
            self.count += len(media)
            yield media

    def rows(self) -> Iterator[Any]:
        """Each medium as a `Medium`; a column that is not there is None."""
        for part in self:
            columns = [part[name] if name in part.columns else [None] * len(part) for name in FIELDS]
            yield from map(Medium, *columns)

    def collect(self) -> Table:
        """All of them as one table."""
        parts = list(self)
        return concat(parts) if parts else wrap(_core.blank(HUB))

    def left_out(self) -> str:
        """A remark on those that stayed out; "" if none did."""
        return left_out(self.private)


def tables(data: Any) -> Iterator[Table]:
    """The tables of whatever was given; of a path, those of the file there."""
    if isinstance(data, (str, os.PathLike)):
        from naturalia._files.read import scan

        data = scan(data)
    # What reads files or asks a service comes in parts, and they may be more than memory holds.
    in_parts = isinstance(data, (Harvest, View, Query)) or not hasattr(data, "__arrow_c_stream__")
    for part in data if in_parts else [data]:
        yield part if isinstance(part, Table) else wrap(core_of(part))


def names_media(table: Table) -> bool:
    """Whether the rows of a table are media: those of the hub, and of a frame with their addresses."""
    return table.format == HUB or not {"media_url", "access"}.isdisjoint(table.columns)


class MediaMapping:
    """Maps tables of any format to media, each format by the crosswalk that is built for its first table."""

    def __init__(self, *, include_private: bool) -> None:
        self._include_private = include_private
        self._crosswalks: dict[str, Crosswalk] = {}

    def map(self, table: Table) -> tuple[Table, int]:
        """The table as one of media, and how many of its records were left out as not public.

        Raises:
            ValueError: the format has no crosswalk to media, and no column has their addresses.
        """
        private = 0
        if not self._include_private:
            table, private = table._public_rows()
        if names_media(table):
            return table, private
        if table.format not in _core.CROSSWALKS:
            message = f"a table of {table.format!r} names no media: it needs the column media_url"
            raise ValueError(message)
        if table.format not in self._crosswalks:
            walk = crosswalk(table.format, HUB, include_private=self._include_private)
            self._crosswalks[table.format] = walk
        media, loss = self._crosswalks[table.format].apply(table)
        return media, private + loss.private


def license_of(medium: Any, *, record: bool = False) -> License:
    """The licence of a medium as its row states it, or that of its record; neither is inherited.

    What a person decided, or a caller assumed, stands in the address; what the source says, in its words.
    """
    prefix = "record_license_" if record else "license_"
    raw, uri, basis = (getattr(medium, prefix + name) for name in ("raw", "uri", "basis"))
    if basis in ("decided", "assumed"):
        return license(uri)
    return license(raw, constant=basis == "constant")
