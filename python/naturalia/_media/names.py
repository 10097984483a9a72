"""Names of files from the columns of a table: `{unit_id}_{n}`."""

from __future__ import annotations

from string import Formatter
from typing import TYPE_CHECKING, Any

from naturalia._arguments.spelling import closest

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["FileNameTemplate"]

N = "\0"
"""Stands for the number until it is given; no name of a file can have it."""
ALWAYS = ("media_id", "n")
LONGEST = 18
"""Digits a number may be filled up to."""


class FileNameTemplate:
    """How files are called.

    Columns stand in braces, folders end in `/`, `{n}` is the number of the medium among those of one name.

    Args:
        template: such as `{genus}/{unit_id}_{n:03}`.

    Raises:
        ValueError: a template that leaves the folder or can't be read.
    """

    def __init__(self, template: str) -> None:
        self.template = template
        self.width = 1
        self.parts: list[tuple[str, str | None, str]] = []
        try:
            parsed = list(Formatter().parse(template))
        except ValueError as error:
            message = f"name={template!r} can't be read: {error}"
            raise ValueError(message) from None
        for literal, field, spec, conversion in parsed:
            if conversion or (field is not None and not field.isidentifier()):
                message = f"name={template!r}: write a column in braces, such as {{unit_id}} or {{n:03}}"
                raise ValueError(message)
            if field == "n":
                self.width = width(template, spec or "")
            elif spec:
                check_format(template, spec)
            self.parts.append((literal, field, spec or ""))
        plain = "".join(literal for literal, _, _ in self.parts)
        folders = "".join(f"{literal}{field or ''}" for literal, field, _ in self.parts).split("/")
        if "\\" in plain or N in plain or any(name.strip(" .") == "" for name in folders):
            message = f"name={template!r} has to stay in the folder: no empty parts, no .., no \\"
            raise ValueError(message)

    @property
    def columns(self) -> list[str]:
        """The columns it needs, but for those that are always there."""
        return sorted({field for _, field, _ in self.parts if field and field not in ALWAYS})

    def check_columns(self, columns: Iterable[str]) -> None:
        """Refuses columns the table has not."""
        present = list(columns)
        for name in self.columns:
            if name not in present:
                message = f"name={self.template!r}: no column {name!r}{closest(name, [*present, *ALWAYS])}"
                raise ValueError(message)

    def __call__(self, row: dict[str, Any], media_id: str) -> str:
        """The name of a row, with a mark where its number goes. Where all columns are blank it is the id."""
        cells = {name: file_name_text(row.get(name)) for name in self.columns}
        cells["media_id"] = file_name_text(media_id)
        named = [field for _, field, _ in self.parts if field and field != "n"]
        if named and not any(cells[name] for name in named):
            return (
                f"{cells['media_id']}_{N}"
                if any(field == "n" for _, field, _ in self.parts)
                else cells["media_id"]
            )
        out = []
        for literal, field, spec in self.parts:
            out.append(literal)
            if field == "n":
                out.append(N)
            elif field:
                out.append(format(cells[field], spec) or "unknown")
        return "".join(out)


def width(template: str, spec: str) -> int:
    """The least digits of a number: 3 for `03` and `03d`."""
    digits = spec.removesuffix("d")
    if digits and not (digits.isdecimal() and int(digits) <= LONGEST):
        message = f"name={template!r}: write {{n}} or {{n:03}}, not {{n:{spec}}}"
        raise ValueError(message)
    return int(digits or 1)


def check_format(template: str, spec: str) -> None:
    """Refuses what Python can't format a text with."""
    try:
        format("", spec)
    except ValueError:
        message = f"name={template!r}: {spec!r} is no format of a text; {{title:.40}} takes 40 letters of one"
        raise ValueError(message) from None


def file_name_text(cell: Any) -> str:
    """The text of a cell, without what would make folders of it."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell).replace("/", "_").replace("\\", "_").replace(N, "").strip()
