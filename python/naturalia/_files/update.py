"""`update` and `diff`: what a person changed in a file or frame, and the table with these changes."""

from __future__ import annotations

import os
from collections import namedtuple
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from naturalia import _core
from naturalia._files.edits import apply_edits, spelled
from naturalia._files.read import read
from naturalia._files.stream import Shape
from naturalia._files.tabular import about
from naturalia._files.write import write
from naturalia._output.text import plural
from naturalia._table.provenance import beside
from naturalia._table.table import SEP, Table, core_of, names, text_table, wrap

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Change", "Comparison", "compare", "diff", "update"]

KINDS = ("edited", "cleared", "conflict", "added")
CLEARED = ("keep", "delete")

Change = namedtuple("Change", "record position column before after kind")  # noqa: PYI024 - see `License`
Change.__doc__ = """A cell that differs.

Attributes:
    record: the key of the record.
    position: the number of the row among those of the record, in an exploded layout; else 0.
    column: the column.
    before: the text of the cell as `write` writes it; "" if it is empty.
    after: the text of the cell in the edited file.
    kind: `edited`; `cleared` if the cell was emptied; `conflict` if the record has changed since the file was
        written; `added` for a record that the table does not have.
"""


class Comparison(NamedTuple):
    """What differs between a table and an edited file or frame.

    Attributes:
        table: the table.
        shape: how the file shows it.
        changes: the cells that differ, in the order of the table.
        places: for each change the row of the table that its record has, or None.
    """

    table: Table
    shape: Shape
    changes: list[Any]
    places: list[int | None]


def update(table: Table, edited: Any, *, on: str | None, cleared: str, **layout: Any) -> Table:
    """The table with the changes; see `Table.update`."""
    if cleared not in CLEARED:
        message = f"cleared={cleared!r}: it is 'keep' or 'delete'"
        raise ValueError(message)
    found = compare(table, edited, on=on, **layout)
    conflicts = [change for change in found.changes if change.kind == "conflict"]
    if conflicts:
        from naturalia.errors import CheckFailed

        records = list(dict.fromkeys(change.record for change in conflicts))
        message = (
            f"{plural(len(records), 'record')} changed in the table since the file was written, and in the "
            f"file: {join_names(records)}"
        )
        hint = "diff() lists them; write the table again and repeat the edits of these records"
        raise CheckFailed(message, hint=hint)
    wanted = ("edited", "cleared") if cleared == "delete" else ("edited",)
    pairs = zip(found.changes, found.places, strict=True)
    chosen = [(row, change) for change, row in pairs if change.kind in wanted and row is not None]
    report_unapplied(found.changes, cleared)
    return apply_edits(table, found.shape, chosen)


def report_unapplied(changes: Iterable[Any], cleared: str) -> None:
    """Warns of changes that an update leaves out."""
    from warnings import warn

    from naturalia.errors import NaturaliaWarning

    kinds = [change.kind for change in changes]
    remarks = []
    if kinds.count("cleared") and cleared == "keep":
        remarks.append(
            f"{plural(kinds.count('cleared'), 'empty cell')} kept: cleared='delete' deletes values"
        )
    if kinds.count("added"):
        remarks.append(f"{plural(kinds.count('added'), 'record')} not in the table left out")
    if remarks:
        warn("; ".join(remarks), NaturaliaWarning, stacklevel=4)


def diff(table: Table, edited: Any, *, on: str | None, **layout: Any) -> Table:
    """The changes as a table; see `Table.diff`."""
    found = compare(table, edited, on=on, **layout)
    rows = [dict(zip(Change._fields, map(str, change), strict=True)) for change in found.changes]
    recorded = [row for row, place in enumerate(found.places) if place is not None]
    changes = text_table([rows[row] for row in recorded], list(Change._fields))._core
    places = [place for place in found.places if place is not None]
    # Changes of records that are not public are left out wherever those are.
    parts = [changes.made_of(table._core, places)]
    added = [row for row, place in zip(rows, found.places, strict=True) if place is None]
    if added:
        parts.append(text_table(added, list(Change._fields))._core)
    return wrap(_core.concat(parts))


def compare(
    table: Table, edited: Any, *, on: str | None, multi: str | None, sep: str | None, lang: Any, columns: Any
) -> Comparison:
    """Compares a table with an edited file, a table or a frame."""
    edited, facts = read_edited(edited)
    shape = shape_of(table, edited, facts, multi=multi, sep=sep, lang=lang, columns=columns)
    key = on or ("media_id" if table.format == "media" else "identifier")
    for each in (table, edited):
        if key not in each.columns:
            message = f"no column {key!r} to find records by: pass on= with a column that both have"
            raise ValueError(message)
    exploded = shape.multi == "explode"
    before = shape.view(table)
    written = as_read(table, shape, str(facts["kind"])) if "kind" in facts else before
    ours, places = keyed(written, key, exploded=exploded, what="the table")
    theirs, rows = keyed(edited, key, exploded=exploded, what="the edited file")
    changed = changed_since(before, facts, key, exploded=exploded)
    untouched = untouched_rows(edited, shape, facts, before)
    origin = row_numbers_of(table, key, exploded=exploded)
    shared = [name for name in written.columns if name in edited.columns and name not in (key, "notes")]
    old, new = ({name: texts_of(each, name, shape.sep) for name in shared} for each in (written, edited))
    changes: list[Any] = []
    found: list[int | None] = []
    for identity in ours:
        if identity not in rows:
            continue
        at, at_file = places[identity], rows[identity]
        if identity in changed and at_file in untouched:
            continue
        for name in shared:
            one, other = old[name][at], new[name][at_file]
            if one == other:
                continue
            kind = "conflict" if identity in changed else "edited" if other else "cleared"
            changes.append(Change(*identity, name, one, other, kind))
            found.append(origin.get(identity))
    for identity in theirs:
        if identity not in places:
            changes.append(Change(*identity, key, "", identity[0], "added"))
            found.append(None)
    return Comparison(table, shape, changes, found)


def read_edited(edited: Any) -> tuple[Table, dict[str, Any]]:
    """What a person edited as a table, and the provenance of its file."""
    facts: dict[str, Any] = {}
    if isinstance(edited, (str, os.PathLike)):
        facts = provenance_of(os.fspath(edited))
        edited = read(edited)
    return (edited if isinstance(edited, Table) else wrap(core_of(edited))), facts


def shape_of(table: Table, edited: Table, facts: dict[str, Any], **layout: Any) -> Shape:
    """How the edited rows show the table: as the caller states, else as their file does."""
    view = facts.get("view") or {}
    by_default = "list" if edited.format == table.format else "join"
    found = {name: value if value is not None else view.get(name) for name, value in layout.items()}
    multi, sep = found["multi"] or by_default, found["sep"] or SEP
    return Shape(found["lang"], multi, sep, names(found["columns"]))


def provenance_of(path: str) -> dict[str, Any]:
    """The provenance of a file that `write` wrote; nothing if there is none."""
    if not path.lower().endswith((".xlsx", ".xlsm")):
        return beside(path)
    from naturalia._arguments.unpack import workbook

    with workbook(path) as book:
        return about(book, path)


def as_read(table: Table, shape: Shape, kind: str) -> Table:
    """The table as `read` gives what `write` writes in this layout."""
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="naturalia-") as folder:
        path = os.path.join(folder, f"table.{kind}")
        write(
            table,
            path,
            multi=shape.multi,
            sep=shape.sep,
            lang=shape.lang,
            columns=shape.columns,
            include_private=True,
        )
        return read(path)


def keyed(
    table: Table, key: str, *, exploded: bool, what: str
) -> tuple[list[tuple[str, int]], dict[tuple[str, int], int]]:
    """The identities of the rows, key and position, in order, and the row of each.

    Raises:
        ValueError: a key is empty or, outside exploded layouts, occurs twice.
    """
    texts = texts_of(table, key, SEP)
    places: dict[tuple[str, int], int] = {}
    counts: dict[str, int] = {}
    problems: list[str] = []
    for row, text in enumerate(texts):
        position = counts.get(text, 0)
        counts[text] = position + 1
        if not text and any(texts_of_row(table, row)):
            problems.append(f"row {row + 2} has no {key}")
        elif position and not exploded:
            problems.append(f"row {row + 2} has the {key} {text!r} of row {places[text, 0] + 2} again")
        elif text:
            places[text, position] = row
    if problems:
        message = f"{what}: {join_names(problems, 5)}; records are found by {key}"
        raise ValueError(message)
    return list(places), places


def texts_of_row(table: Table, row: int) -> list[str]:
    """The cells of a row as text."""
    one = table[row : row + 1]
    return [texts_of(one, name, SEP)[0] for name in one.columns if name not in ("deleted", "notes")]


def row_numbers_of(table: Table, key: str, *, exploded: bool) -> dict[tuple[str, int], int]:
    """The row of the table that each row of a layout belongs to."""
    texts = texts_of(table, key, SEP)
    if not exploded:
        return {(text, 0): row for row, text in enumerate(texts)}
    found: dict[tuple[str, int], int] = {}
    for row, text in enumerate(texts):
        for position in range(len(table[row : row + 1].view(multi="explode"))):
            found[text, position] = row
    return found


def changed_since(view: Table, facts: dict[str, Any], key: str, *, exploded: bool) -> set[tuple[str, int]]:
    """The rows whose digest the file does not have: the table has changed since it was written."""
    if not facts.get("digests"):
        return set()
    recorded = set(str(facts["digests"]).split())
    identities, places = keyed(view, key, exploded=exploded, what="the table")
    digests = _core.row_digests(view._core)
    return {identity for identity in identities if digests[places[identity]] not in recorded}


def untouched_rows(edited: Table, shape: Shape, facts: dict[str, Any], before: Table) -> set[int]:
    """The rows of the file that were not edited since it was written."""
    if not facts.get("digests"):
        return set()
    recorded = set(str(facts["digests"]).split())
    columns = [name for name in before.columns if name in edited.columns]
    try:
        seen = edited.view(multi=shape.multi, sep=shape.sep, columns=columns)
    except ValueError:
        return set()
    if len(seen) != len(edited):
        seen = edited.view(columns=columns)
    return {row for row, digest in enumerate(_core.row_digests(seen._core)) if digest in recorded}


def texts_of(table: Table, column: str, sep: str) -> list[str]:
    """The cells of a column as text, in one spelling: trimmed, with joined lists."""
    cells = _core.json_cells(table._core, column, empty=False)
    return [sheet_text(value, sep) for value in (table[column] if cells is None else cells)]


def sheet_text(value: Any, sep: str) -> str:
    """A cell as a sheet shows it, with joined lists."""
    if value == []:
        return ""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    text = repr(value) if isinstance(value, list) else value
    if isinstance(text, str) and text.startswith('["') and text.endswith('"]'):
        text = joined(text, sep)
    return spelled(text)


def joined(text: str, sep: str) -> str:
    """The texts of a JSON list as they are joined in a cell."""
    import json

    try:
        parts = json.loads(text)
    except ValueError:
        return text
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        return text
    return _core.join(parts, sep)


def join_names(texts: list[str], most: int = 3) -> str:
    """The first of several texts, and how many more there are."""
    rest = f" and {len(texts) - most:,} more" if len(texts) > most else ""
    return ", ".join(texts[:most]) + rest
