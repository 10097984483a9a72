"""One record: a view of a row of a table, exact and read when asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from naturalia._arguments.public import public
from naturalia._arguments.spelling import closest
from naturalia._core import DOCUMENTS, FORMATS
from naturalia._output.escaping import displayed
from naturalia._output.text import plural, text_of

if TYPE_CHECKING:
    from datetime import datetime

    from naturalia import _core


__all__ = ["Record", "Value", "dicts"]

DUBLIN_CORE = (
    *("title", "creator", "subject", "description", "publisher", "contributor", "date", "type", "format"),
    *("identifier", "source", "language", "relation", "coverage", "rights"),
)


@public
class Value(NamedTuple):
    """One value of a record as it stood in the page: exact text, language, attributes, inner markup."""

    element: str
    position: int
    value: str
    lang: str | None
    attributes: dict[str, str]
    markup: str | None


@public
@displayed
class Record:
    """One record. Every column of the table is an attribute and gives the list of its values.

        >>> import naturalia as nat
        >>> record = nat.read(nat.samples.path("openimages_oai_oi.xml"))[0]
        >>> record.type
        ['Moving Image']
        >>> record.dc["language"]
        ['nl']
        >>> record.values[0].lang
        'nl'

    The text is exact: outer whitespace and empty values, which columns leave out, are there.
    """

    __slots__ = ("_core",)

    def __init__(self, core: _core.Record) -> None:
        self._core = core

    @property
    def identifier(self) -> str | None:
        """The OAI identifier; None for a bare payload."""
        return self._core.identifier

    @property
    def datestamp(self) -> str | None:
        """The datestamp as sent."""
        return self._core.datestamp

    @property
    def datestamp_utc(self) -> datetime | None:
        """The datestamp as a moment in UTC; None where it can't be read as one."""
        return self._core.datestamp_utc

    @property
    def deleted(self) -> bool:
        """Whether the header says deleted."""
        return self._core.deleted

    @property
    def sets(self) -> list[str]:
        """The setSpecs."""
        return self._core.sets

    @property
    def about(self) -> list[str]:
        """The about containers, as XML."""
        return self._core.about

    @property
    def metadata(self) -> str | None:
        """The payload as XML, for formats without columns of their own."""
        return self._core.metadata

    @property
    def fields(self) -> dict[str, list[str]]:
        """The values by column name, or by element where it has no column; what has no value is not in it."""
        return self._core.fields

    @property
    def dc(self) -> dict[str, list[str]]:
        """The fifteen elements of Dublin Core by their own names, all of them, empty or not."""
        fields = self.fields
        identifiers = fields.get("dc_identifier", fields.get("oi_identifier", []))
        return {name: identifiers if name == "identifier" else fields.get(name, []) for name in DUBLIN_CORE}

    @property
    def values(self) -> list[Value]:
        """Every value in document order, with language and attributes."""
        return [Value(*value) for value in self._core.values]

    def __copy__(self) -> Record:
        return self  # a record never changes

    def __deepcopy__(self, memo: object) -> Record:
        return self

    def __reduce__(self) -> Any:
        message = "a Record does not pickle: send its identifier, or its values, to the other process"
        raise TypeError(message)

    def __getattr__(self, name: str) -> list[str]:
        columns = FORMATS.get(self._core.format, [])
        if name in columns:
            return self.fields.get(name, [])
        message = f"a record of {self._core.format} has no {name!r}{closest(name, columns)}"
        raise AttributeError(message, name=name, obj=self)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *FORMATS.get(self._core.format, [])})

    def __repr__(self) -> str:
        title = next(iter(self.fields.get("title", [])), "").strip()
        what = "deleted" if self.deleted else repr(title) if title else self._core.format
        return f"<Record {self.identifier or 'without identifier'}: {what}>"

    def _repr_html_(self) -> str:
        from naturalia._output.html import FAINT, cut, grid, lines, more, within

        def build(rows: int, characters: int) -> str:
            fields = self.fields
            title = next(iter(fields.get("title", [])), None) or self.identifier or "without identifier"
            head = " · ".join(filter(None, [self.identifier, self.datestamp, *self.sets]))
            every = [[value.element, value.lang or "", text_of(value.value)] for value in self.values]
            cap = rows * 40
            rest = f"<div>{plural(len(every) - cap, 'more value')}</div>" if len(every) > cap else ""
            values = grid(("element", "lang", "value"), every[:cap], characters) + rest
            return lines(
                f"<b>{cut(text_of(title), 300)}</b>",
                f'<span style="{FAINT}">{cut(head, 300)}</span>',
                "deleted" if self.deleted else rights(fields),
                more(plural(len(every), "value"), values) if every else "",
            )

        return within(build)

    def __str__(self) -> str:
        head = [f"{self.identifier or 'without identifier'} ({self._core.format})"]
        if self.deleted:
            head.append("  deleted")
        for value in self.values:
            lang = f" [{value.lang}]" if value.lang else ""
            attributes = "".join(f" {name}={text!r}" for name, text in value.attributes.items())
            head.append(f"  {value.element}{lang}{attributes}: {' '.join(value.value.split())}")
        return "\n".join(head)


def dicts(table: _core.Table) -> list[dict[str, Any]]:
    """The metadata of every record; of formats that have documents, these."""
    if table.format not in DOCUMENTS:
        return table.dicts()
    from json import loads

    return [loads(line) for line in table.json("lines").splitlines()]


def rights(fields: dict[str, list[str]]) -> str:
    """The chip of what the rights elements of a record state."""
    from naturalia import _core
    from naturalia._output.html import chip, license_chip

    stated = [text for name in ("license", "rights") for text in fields.get(name, ())]
    if not stated:
        return chip("not stated", "unknown")
    return " ".join(license_chip(_core.License(text)) for text in stated[:3])
