"""Changes of cells applied to the values behind them, with their languages and places."""

from __future__ import annotations

from copy import deepcopy
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from naturalia import _core
from naturalia._arguments.optional import need
from naturalia._table.table import Table, core_of, wrap

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from naturalia._files.stream import Shape

__all__ = ["apply_edits", "spelled"]

PARALLEL = {"publisher": "publisher_url", "medium": "medium_format"}
"""Columns of `oai_oi` with a value for each value of another."""
VALUE = {"value", "lang"}
"""The members of a text with a language: an item of a list that a sheet shows as one value."""
COMPUTED = {
    "title": "titles.value",
    "creator": "creators.name",
    "rights_holder": "rights_holders.name",
    "credit_line": "credit_lines.value",
    "media_url": "access.uri",
    "variant": "access.variant",
    "format": "access.format",
    "scientific_name": "taxa.scientific_name",
    "family": "taxa.classification.family",
    "country": "admin_place.country",
    "unit_id": "identifiers.value",
    "specimen_id": "specimen_ref",
    "taxon_id": "taxon_ref",
    "issued": "issued_date.edtf",
    "lat": "coordinates.lat",
    "lon": "coordinates.lon",
    "license_raw": "licenses.value",
    "record_license_raw": "record_licenses.value",
}
"""The flat columns of media that show one nested value."""

Place = tuple[str, tuple[Any, ...]]
"""A column, and the steps from its cell to a value: numbers of items and names of members."""


class Tokens:
    """Records with a number in place of each value: a view of them shows where its cells come from."""

    def __init__(self, rows: list[dict[str, Any]], schema: Any) -> None:
        self.places: dict[str, tuple[int, Place]] = {}
        self._count = 0
        names = [name for name in schema.names if name not in ("notes", "extra", "residue", "deleted")]
        self.rows = [
            {**row, **{name: self._token(number, name, row[name], ()) for name in names}}
            for number, row in enumerate(rows)
        ]

    def _token(self, row: int, column: str, value: Any, steps: tuple[Any, ...]) -> Any:
        if isinstance(value, list):
            return [self._token(row, column, item, (*steps, at)) for at, item in enumerate(value)]
        if isinstance(value, dict):
            tagged = set(value) <= VALUE
            return {
                name: item if tagged and name == "lang" else self._token(row, column, item, (*steps, name))
                for name, item in value.items()
            }
        if value is None or isinstance(value, bool) or not isinstance(value, (str, int, float)):
            return value
        self._count += 1
        token = f"{self._count}" if isinstance(value, str) else type(value)(self._count)
        self.places[str(self._count)] = (row, (column, steps))
        return token


def apply_edits(table: Table, shape: Shape, edits: Iterable[tuple[int, Any]]) -> Table:
    """The table with the changes of cells, each with the row of the table it belongs to."""
    by_row: dict[int, list[Any]] = {}
    for row, change in edits:
        by_row.setdefault(row, []).append(change)
    if not by_row:
        return table
    arrow = need("pyarrow", "pandas")
    numbers = sorted(by_row)
    whole = arrow.table(table)
    chosen = whole.take(numbers)
    rows = chosen.to_pylist()
    tokens = Tokens(rows, chosen.schema)
    marked = wrap(core_of(arrow.Table.from_pylist(tokens.rows, schema=chosen.schema), table.format))
    for at, number in enumerate(numbers):
        record = Edited(rows[at], tokens, chosen.schema)
        view = shape.view(marked[at : at + 1])
        record.apply(view, by_row[number], shape)
        rows[at] = record.row
    edited_rows = arrow.Table.from_pylist(rows, schema=chosen.schema)
    columns = []
    for name in whole.column_names:
        if edited_rows[name].equals(chosen[name]):
            columns.append(whole[name])
            continue
        cells = arrow.concat_arrays([*whole[name].chunks, *edited_rows[name].chunks])
        order = list(range(len(whole)))
        for at, number in enumerate(numbers):
            order[number] = len(whole) + at
        columns.append(arrow.chunked_array([cells.take(arrow.array(order))]))
    core = core_of(arrow.Table.from_arrays(columns, schema=whole.schema), table.format)
    result = wrap(core.made_of(table._core))
    result._query_facts = table._query_facts
    return result


class Edited:
    """A record while cells of it change."""

    def __init__(self, row: dict[str, Any], tokens: Tokens, schema: Any) -> None:
        self.row = row
        self._tokens = tokens
        self._schema = schema
        # For each list the numbers its items had; None for a new one.
        self._numbers: dict[Place, list[int | None]] = {}
        self._replaced: set[tuple[str, int]] = set()
        self._langs: dict[tuple[str, int], str] = {}
        self._texts: dict[Place, str] = {}

    def apply(self, view: Table, changes: list[Any], shape: Shape) -> None:
        """Changes the cells of a view of this record."""
        before = deepcopy(self.row)
        edited = {change.column for change in changes}
        for change in changes:
            cell = view[change.column][change.position]
            places = [self._tokens.places[token][1] for token in tokens_in(cell, shape.sep)]
            values = values_in(change.after, places, shape)
            if not places:
                self._fill(change, values, shape)
                continue
            self._replace(change, places, values)
            self._follow(change, before, edited)
        self._close()

    def _replace(self, change: Any, places: list[Place], values: list[str]) -> None:
        """Writes the values of a cell over those that it had."""
        old = [spelled(self._get(place)) for place in places]
        if len(old) == len(values):
            for place, one, other in zip(places, old, values, strict=True):
                if one != other:
                    self._agree(change, place, other)
                    self._set(place, other)
            return
        matcher = SequenceMatcher(None, old, values, autojunk=False)
        for tag, start, end, first, last in reversed(matcher.get_opcodes()):
            if tag == "equal":
                continue
            both = min(end - start, last - first)
            for at in range(both):
                self._set(places[start + at], values[first + at])
            for place in reversed(places[start + both : end]):
                self._delete(place)
            after = places[start + both - 1] if start + both else None
            for text in reversed(values[first + both : last]):
                self._insert(change, after or places[0], text, before=after is None)

    def _agree(self, change: Any, place: Place, text: str) -> None:
        """Refuses two texts for one value, which an exploded layout shows in several rows."""
        if self._texts.setdefault(place, text) != text:
            message = (
                f"the column {change.column!r} of {change.record!r} was changed to {self._texts[place]!r} in "
                f"one row and to {text!r} in another, and it is one value: make them the same"
            )
            raise ValueError(message)

    def _get(self, place: Place) -> Any:
        value = self.row[place[0]]
        for step in self._now(place):
            value = value[step]
        return value

    def _now(self, place: Place) -> list[Any]:
        """The steps to a value after items were added or deleted."""
        column, steps = place
        now: list[Any] = []
        for depth, step in enumerate(steps):
            numbering = self._numbers.get((column, steps[:depth])) if isinstance(step, int) else None
            now.append(numbering.index(step) if numbering is not None else step)
        return now

    def _parent(self, place: Place) -> tuple[Any, Any]:
        """What holds a value, and the last step to it."""
        column, _ = place
        value: Any = self.row
        steps = [column, *self._now(place)]
        for step in steps[:-1]:
            value = value[step]
        return value, steps[-1]

    def _set(self, place: Place, text: str) -> None:
        parent, step = self._parent(place)
        old = parent[step]
        parent[step] = typed(text, old, place[0])
        if len(place[1]) == 1:
            self._replaced.add((place[0], place[1][0]))

    def _item(self, place: Place) -> tuple[Place, list[Any]] | None:
        """The item of a list that holds this value alone, and the list."""
        column, steps = place
        if steps and isinstance(steps[-1], int):
            item = place
        elif len(steps) > 1 and steps[-1] == "value" and isinstance(steps[-2], int):
            item = (column, steps[:-1])
        else:
            return None
        items, _ = self._parent(item)
        if isinstance(items[0], dict) and not set(items[0]) <= VALUE:
            return None
        return item, items

    def _numbered(self, item: Place, items: list[Any]) -> list[int | None]:
        key = (item[0], item[1][:-1])
        return self._numbers.setdefault(key, list(range(len(items))))

    def _delete(self, place: Place) -> None:
        found = self._item(place)
        if found is None:
            parent, step = self._parent(place)
            parent[step] = None
            return
        item, items = found
        numbers = self._numbered(item, items)
        at = numbers.index(item[1][-1])
        del numbers[at]
        for name in (item[0], PARALLEL.get(item[0]) if len(item[1]) == 1 else None):
            if name == item[0]:
                del items[at]
            elif name is not None and self.row.get(name):
                del self.row[name][at]

    def _insert(self, change: Any, place: Place, text: str, *, before: bool) -> None:
        found = self._item(place)
        if found is None:
            raise no_place(change, text)
        item, items = found
        numbers = self._numbered(item, items)
        at = numbers.index(item[1][-1]) + (not before)
        numbers.insert(at, None)
        like = items[0]
        items.insert(at, {**dict.fromkeys(like), "value": text} if isinstance(like, dict) else text)
        parallel = PARALLEL.get(item[0]) if len(item[1]) == 1 else None
        if parallel is not None and self.row.get(parallel):
            self.row[parallel].insert(at, "")

    def _fill(self, change: Any, values: list[str], shape: Shape) -> None:
        """Writes values into a cell that had none."""
        column, *members = change.column.split(".")
        lang = None
        if column not in self.row and shape.lang == "wide" and not members:
            column, _, lang = column.rpartition("_")
        if column not in self.row:
            raise no_place(change, change.after)
        kind = self._schema.field(column).type
        names = (
            [kind.value_type.field(at).name for at in range(kind.value_type.num_fields)]
            if is_list(kind)
            else []
        )
        if is_list(kind) and not members and not names:
            items = self.row[column] = list(self.row[column] or [])
            numbers = self._numbers.setdefault((column, ()), list(range(len(items))))
            for text in values:
                if lang is not None:
                    self._langs[column, len(items)] = lang
                items.append(text)
                numbers.append(None)
        elif is_list(kind) and (not members or members == ["value"]) and set(names) <= VALUE and names:
            items = self.row[column] = list(self.row[column] or [])
            items += [{**dict.fromkeys(names), "value": text, "lang": lang} for text in values]
        elif is_list(kind) or not self._fill_group(column, kind, members, change.after):
            raise no_place(change, change.after)

    def _fill_group(self, column: str, kind: Any, members: list[str], text: str) -> bool:
        holder, step = self.row, column
        for member in members:
            if not is_group(kind) or kind.get_field_index(member) < 0:
                return False
            if holder[step] is None:
                holder[step] = {kind.field(at).name: None for at in range(kind.num_fields)}
            holder, step, kind = holder[step], member, kind.field(member).type
        if is_list(kind) or is_group(kind):
            return False
        holder[step] = of_type(text, kind, column)
        return True

    def _follow(self, change: Any, before: dict[str, Any], edited: set[str]) -> None:
        """Changes the nested value that a flat column of media shows, or the flat one that shows it."""
        if "media_id" not in self.row:
            return
        for flat, path in COMPUTED.items():
            column, *members = path.split(".")
            nested = column if members == ["value"] else path
            if flat not in self.row or column not in self.row:
                continue
            if change.column == flat and nested not in edited:
                for place in places_of(self.row[column], members, (column, ())):
                    if spelled(self._get(place)) == spelled(before[flat]):
                        self._set(place, change.after)
                        break
            elif change.column == nested and flat not in edited:
                texts = [spelled(item) for item in leaves(before[column], members)]
                if spelled(before[flat]) in texts:
                    now = [spelled(item) for item in leaves(self.row[column], members)]
                    at = texts.index(spelled(before[flat]))
                    if at < len(now) and len(now) == len(texts):
                        self.row[flat] = typed(now[at], before[flat], flat)

    def _close(self) -> None:
        """Writes the notes of values anew: those of changed values keep language and attributes alone."""
        notes = self.row.get("notes")
        if not notes and not self._langs:
            return
        if notes and "index" not in notes[0]:
            return
        notes_left = []
        for note in notes or []:
            numbers = self._numbers.get((note["path"], ()))
            changes: dict[str, Any] = {}
            if (note["path"], note["index"]) in self._replaced:
                changes = {"text": None, "markup": None}
            if numbers is not None and note["index"] is not None:
                if note["index"] not in numbers:
                    continue
                changes["index"] = numbers.index(note["index"])
            notes_left.append({**note, **changes})
        blank = dict.fromkeys(("path", "index", "seq", "lang", "attributes", "text", "markup"))
        for (column, at), lang in self._langs.items():
            notes_left.append({**blank, "path": column, "index": at, "lang": lang})
        self.row["notes"] = notes_left


def leaves(value: Any, members: list[str]) -> Iterator[Any]:
    """The values below a cell, along the members of a path."""
    if isinstance(value, list):
        for item in value:
            yield from leaves(item, members)
    elif isinstance(value, dict):
        if members:
            yield from leaves(value.get(members[0]), members[1:])
    elif value is not None:
        yield value


def places_of(value: Any, members: list[str], place: Place) -> Iterator[Place]:
    """The places of the values below a cell, along the members of a path."""
    column, steps = place
    if isinstance(value, list):
        for at, item in enumerate(value):
            yield from places_of(item, members, (column, (*steps, at)))
    elif isinstance(value, dict):
        if members:
            yield from places_of(value.get(members[0]), members[1:], (column, (*steps, members[0])))
    elif value is not None:
        yield place


def tokens_in(cell: Any, sep: str) -> list[str]:
    """The numbers in a cell of a view of tokens."""
    if cell is None or isinstance(cell, bool):
        return []
    if isinstance(cell, list):
        return [token for item in cell for token in tokens_in(item, sep)]
    if isinstance(cell, dict):
        return [token for item in cell.values() for token in tokens_in(item, sep)]
    if isinstance(cell, (int, float)):
        return [str(int(cell))]
    return _core.split(cell, sep) if cell else []


def values_in(text: str, places: list[Place], shape: Shape) -> list[str]:
    """The values in the text of an edited cell."""
    if not text:
        return []
    if shape.multi in ("first", "explode") or (
        places and not any(isinstance(step, int) for step in places[0][1])
    ):
        return [text]
    return [part for part in _core.split(text, shape.sep) if part.strip()]


def spelled(value: Any) -> str:
    """A value as a sheet shows it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).replace("\r\n", "\n").replace("\r", "\n").strip()


def typed(text: str, old: Any, column: str) -> Any:
    """The value of a text, of the type that the value before had."""
    if isinstance(old, str) or old is None:
        return text
    kind = "boolean" if isinstance(old, bool) else type(old).__name__
    try:
        if isinstance(old, bool):
            return {"true": True, "false": False, "1": True, "0": False}[text.strip().lower()]
        return type(old)(text.strip().replace(",", ".") if isinstance(old, float) else text.strip())
    except (KeyError, ValueError) as error:
        message = f"{text!r} in the column {column!r} is not a value of the type {kind}"
        raise ValueError(message) from error


def of_type(text: str, kind: Any, column: str) -> Any:
    """The value of a text, of the type of a column."""
    name = str(kind)
    sample: Any = {"bool": True, "int64": 1, "double": 1.0}.get(name, "")
    return typed(text, sample, column)


def is_list(kind: Any) -> bool:
    """Whether an Arrow type is a list."""
    return str(kind).startswith(("list", "large_list"))


def is_group(kind: Any) -> bool:
    """Whether an Arrow type is a struct."""
    return str(kind).startswith("struct")


def no_place(change: Any, text: str) -> ValueError:
    """The error for a value that a sheet can't place."""
    message = (
        f"{text!r} in the column {change.column!r} of {change.record!r} has no place: a sheet does not "
        "contain the item it belongs to; write .json, edit it there and read it"
    )
    return ValueError(message)
