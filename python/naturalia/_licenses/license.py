"""Licences: from a rights statement to a licence that can be trusted, or to the reason why there is none."""

from __future__ import annotations

from collections import namedtuple
from typing import TYPE_CHECKING, Any

from naturalia import _core
from naturalia._arguments.optional import need
from naturalia._arguments.rows import plain_list
from naturalia._arguments.spelling import closest, keywords
from naturalia._table.table import Table, core_of, names, wrap

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["Answer", "Attribution", "Combined", "License", "combine", "license", "licenses", "licenses_in"]

# A check: `verdict` is yes, no, conditional or unknown, `reason` a code, `row` the fact it stands on.
Answer = namedtuple("Answer", "verdict reason row hints")  # noqa: PYI024 - typing costs 5 ms of the import
# A mix: `pair` are the numbers of the first two that don't go together, `unit` the terms that are left.
Combined = namedtuple("Combined", "verdict reason pair unit row")  # noqa: PYI024
# A credit line: `missing` says what it lacks.
Attribution = namedtuple("Attribution", "text missing")  # noqa: PYI024


# The rights elements of a format; true where they hold rights of any kind, false where only licences.
RIGHTS = {
    "oai_dc": [("rights", True)],
    "oai_qdc": [("license", False), ("rights", True)],
    "oai_oi": [("license", False)],
}
HUB, RAW = "media", "license_raw"
"""The format that has the licence of the medium in flat columns, and the column with the statement itself."""


class License:
    """A rights statement as it was understood. What it says is information, not legal advice.

    >>> import naturalia as nat
    >>> r = nat.license("http://creativecommons.org/licenses/by-sa/3.0/nl/deed.en")
    >>> r
    <License cc-by-sa-3.0-nl: exact>
    >>> r.uri, r.label, r.jurisdiction
    ('https://creativecommons.org/licenses/by-sa/3.0/nl/', 'CC BY-SA 3.0 NL', 'nl')
    >>> r.title("nl")
    'Naamsvermelding-GelijkDelen 3.0 Nederland'

    Attributes: `raw id family unit version jurisdiction uri rdf_uri spdx spdx_expression label status basis
    rule warnings suggestions claimed holder span byte_span evidence deed_language retired replaced_by
    wikidata commons_template permissions parts`. None means not stated; nothing is guessed.
    """

    __slots__ = ("_core",)
    _core: _core.License

    def __init__(self, text: str) -> None:
        object.__setattr__(self, "_core", _core.License(text))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in FIELDS:
            message = f"a License has no {name!r}{closest(name, FIELDS)}"
            raise AttributeError(message)
        return getattr(self._core, name)

    def __setattr__(self, name: str, value: object) -> None:
        message = f"a License does not change: {name}"
        raise AttributeError(message)

    @property
    def parts(self) -> list[License]:
        """The licences of a choice or conflict."""
        return [own(part) for part in self._core.parts]

    def title(self, lang: str = "en") -> str | None:
        """The title in a language, in the nearest one that has it, or in English."""
        return self._core.title(lang)

    def uri_for(self, target: str) -> str | None:
        """The address in the spelling a target wants: `iiif`, `edm`, `rdf`, `spdx`, `html`.

        >>> import naturalia as nat
        >>> nat.license("CC BY-SA 3.0 NL").uri_for("spdx")
        'LicenseRef-CC-BY-SA-3.0-NL'
        """
        return self._core.uri_for(target)

    def check(self, use: str) -> Answer:
        """May it be used for this: yes, no, conditional or unknown, and why.

        >>> import naturalia as nat
        >>> nat.license("CC BY-NC 4.0").check("commons")
        Answer(verdict='no', reason='not-free', row='tools: by-nc 4.0', hints=[])
        """
        return Answer(*self._core.check(known_use(use)))

    def remix(self, other: License) -> Combined:
        """May works under both be remixed into one?

        >>> import naturalia as nat
        >>> nat.license("CC BY-SA 4.0").remix(nat.license("CC BY-NC-SA 4.0")).verdict
        'no'
        """
        return Combined(*self._core.remix(other._core))

    @keywords
    def attribution(
        self,
        *,
        title: str | None = None,
        author: str | None = None,
        source: str | None = None,
        modified: bool = False,
        style: str = "text",
    ) -> Attribution:
        """A credit line as text, html, markdown, wikitext or csl, and what it lacks.

        >>> import naturalia as nat
        >>> nat.license("CC BY 4.0").attribution(title="Gull", author="A. Person").text
        '“Gull” by A. Person is licensed under CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/)'
        """
        line = self._core.attribution(
            title=title, author=author, source=source, modified=modified, style=style
        )
        return Attribution(*line)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, License) and self._core == other._core

    def __hash__(self) -> int:
        return hash(self._core)

    def __repr__(self) -> str:
        return repr(self._core)

    def __str__(self) -> str:
        return str(self._core)

    def __dir__(self) -> list[str]:
        return sorted({*object.__dir__(self), *FIELDS})

    def __reduce__(self) -> Any:
        return own, (self._core,)

    def _repr_html_(self) -> str:
        from naturalia._output.html import of_license

        return of_license(self)


FIELDS = tuple(name for name in vars(_core.License) if not name.startswith("_"))


def own(core: _core.License) -> License:
    """The `License` of a licence of the core."""
    found = License.__new__(License)
    object.__setattr__(found, "_core", core)
    return found


@keywords
def license(  # noqa: A001
    text: str | None, *, assume_version: str | None = None, constant: bool = False
) -> License:
    """What a rights statement says.

    >>> import naturalia as nat
    >>> nat.license("CC0 4.0").suggestions
    ['CC0 1.0']
    >>> nat.license("CC BY").uri is None
    True
    >>> nat.license("CC BY", assume_version="4.0").basis
    'assumed'

    Args:
        text: an address, code, title or sentence in any language; None is a blank.
        assume_version: the version to take where none is stated. That is a decision of yours, and the
            answer says so.
        constant: whether the statement is one for a whole source and was not made for this item. The answer
            says so, and what depends on the item, such as `commons`, becomes conditional.
    """
    given: Any = text
    if given is not None and not isinstance(given, str):
        message = f"a rights statement is text, not {type(text).__name__}; licenses() takes many"
        raise TypeError(message)
    return own(_core.License(text or "", assume_version, constant))


def licenses_in(text: str) -> list[License]:
    """Every licence of a text, each with its `span`.

    >>> import naturalia as nat
    >>> text = "Images CC BY 4.0, sound CC0 1.0"
    >>> [(r.id, text[slice(*r.span)]) for r in nat.licenses_in(text)]
    [('cc-by-4.0', 'CC BY 4.0'), ('cc0-1.0', 'CC0 1.0')]
    """
    return [own(core) for core in _core.licenses_in(text)]


def combine(licenses: Iterable[License]) -> Combined:
    """What a work made of works under all these may carry, or the pair that doesn't go together.

    >>> import naturalia as nat
    >>> nat.combine([nat.license("CC0 1.0"), nat.license("CC BY 4.0"), nat.license("CC BY-NC 4.0")]).unit
    'by-nc'
    """
    return Combined(*_core.combine([each._core for each in licenses]))


@keywords
def licenses(
    data: Any,
    *,
    column: str | None = None,
    check: str | Sequence[str] | None = None,
    decisions: Mapping[str, str] | str | os.PathLike[str] | None = None,
    assume_version: str | None = None,
    constant: bool = False,
) -> Any:
    """The licence of every value: a table for a list, the same frame with more columns for a frame.

    The columns of a frame hold each distinct answer once (`category` in pandas, `Categorical` in polars,
    dictionaries in pyarrow).

    >>> import naturalia as nat
    >>> t = nat.licenses(["CC BY-SA 3.0 NL", "public domain", None], check="commons")
    >>> t["license_id"], t["license_commons"]
    (['cc-by-sa-3.0-nl', 'public-domain', None], ['yes', 'conditional', 'unknown'])

    Args:
        data: a list of texts, or a frame of pandas, polars or pyarrow, or anything else with an Arrow stream.
            Of a table of `media` it is the same table with the answers as the licences of its media, unless
            `check` asks for more columns.
        column: the column of a frame that has the rights statements; of media it is `license_raw`.
        check: what to check for, in columns of its own: `commons`, `gbif`, `europeana`, `open_definition`,
            `open`, `commercial`, `derivatives`, `redistribution`.
        decisions: the sheet that `license_report(…).write()` made and a person filled in, or a dict from
            exact statement to licence.
        assume_version: the version to take where none is stated; such answers say `assumed`.
        constant: whether the statements are made for a whole source, not for each item; see `license`.
    """
    of_media = isinstance(data, Table) and data.format == HUB
    if of_media and column is None:
        column = RAW
    core, name = texts_of(data, column)
    question: dict[str, Any] = {
        "checks": [known_use(use) for use in names(check) or []],
        "decisions": applied(core, name, decisions),
        "assume_version": assume_version,
        "constant": constant,
    }
    if column is None:
        return wrap(_core.licenses(core, [(name, True)], metadata=None, **question))
    found = _core.coded_licenses(core, name, **question)
    return media(data, found) if of_media and column == RAW and not check else joined(data, found)


def applied(core: _core.Table, name: str, decisions: Any) -> dict[str, str]:
    """Decisions by exact statement; one remark for those that grant more than the statement."""
    if decisions is None:
        return {}
    from warnings import warn

    from naturalia._licenses.decisions import freer, matching
    from naturalia.errors import NaturaliaWarning

    decided = matching(decisions, [text for text, _ in _core.tally(core, name) if text is not None])
    more = freer(decided)
    if more:
        message = f"decisions that grant more than the statement does: {len(more)}, first on {more[0]!r}"
        warn(message, NaturaliaWarning, stacklevel=4)
    return decided


def of_records(
    table: Table,
    *,
    check: str | Sequence[str] | None,
    assume_version: str | None,
    manifest: Table | None,
) -> Table:
    """One row a record: what its rights elements state, and what is stated of the metadata."""
    if table.format not in RIGHTS:
        message = f"the rights elements of {table.format!r} are not known, those of {', '.join(RIGHTS)} are"
        raise ValueError(f"{message}; nat.licenses(table, column=…) reads any column")
    found = _core.licenses(
        table._core,
        RIGHTS[table.format],
        checks=[known_use(use) for use in names(check) or []],
        decisions={},
        assume_version=assume_version,
        constant=False,
        metadata=manifest_of(manifest),
    )
    return wrap(found)


def manifest_of(manifest: Table | None) -> list[tuple[str, list[str]]]:
    """What a source says of the rights in its metadata, by set; under no name what it says of all."""
    if manifest is None:
        return []
    described = {"identify": "description", "sets": "setDescription"}.get(manifest.format)
    if described is None:
        message = f"a manifest is the reply to Identify or ListSets, not a table of {manifest.format!r}"
        raise ValueError(message)
    sets = manifest["setSpec"] if described == "setDescription" else [""] * len(manifest)
    found = []
    for name, descriptions in zip(sets, manifest[described], strict=True):
        statements = [each for text in descriptions for each in _core.rights_in(text)]
        if statements:
            found.append((name, statements))
    return found


def known_use(use: str) -> str:
    """The name of a check, or what was probably meant."""
    if use.replace("-", "_") not in _core.USES:
        message = f"no check {use!r}{closest(use, _core.USES)}"
        raise ValueError(message)
    return use.replace("-", "_")


def texts_of(data: Any, column: str | None) -> tuple[_core.Table, str]:
    """The statements as a table of the core, and the name of their column there."""
    if column is None:
        if hasattr(data, "columns") or isinstance(data, (str, bytes, dict)):
            message = f"licenses() of a {type(data).__name__} needs column=, of one statement it is license()"
            raise TypeError(message)
        return _core.Table.from_texts(plain_list(data), "raw"), "raw"
    given: Any = getattr(data, "column_names", None)
    known = list(getattr(data, "columns", ()) if given is None else given)
    if known and column not in known:
        message = f"no column {column!r}{closest(str(column), map(str, known))}"
        raise ValueError(message)
    if is_pandas(data):
        series = data[column]
        if series.dtype == object:  # numbers among the text, or lists: one by one
            return _core.Table.from_texts(series.tolist(), "raw"), "raw"
        return core_of(series.reset_index(drop=True).to_frame("raw")), "raw"
    if hasattr(data, "select") and not isinstance(data, Table):
        data = data.select([column])  # polars and pyarrow: only what is read has to cross
    return core_of(data), column


def media(table: Table, found: _core.Answers) -> Table:
    """The media with the answers as their licences."""
    arrow = need("pyarrow", "pandas")
    answers, own = arrow.table(found), arrow.table(table)
    for name in ("uri", "version", "jurisdiction", "status", "basis", "code"):
        values = answers[f"license_{'id' if name == 'code' else name}"].cast(arrow.string())
        own = own.set_column(own.schema.get_field_index(f"license_{name}"), f"license_{name}", values)
    return Table(own, format=HUB)


def is_pandas(data: Any) -> bool:
    """Whether it is a frame of pandas, without importing it."""
    return type(data).__module__.partition(".")[0] == "pandas"


def joined(data: Any, found: _core.Answers) -> Any:
    """The frame with the answers behind its own columns; those of an earlier call are replaced."""
    library = type(data).__module__.partition(".")[0]
    if library == "polars":
        frame = need("polars", "polars").DataFrame(found)
        return data.with_columns(frame.get_columns())
    arrow = need("pyarrow", "pandas")
    answers = arrow.table(found)
    if library == "pandas":
        frame = answers.to_pandas().set_axis(data.index)
        return data.assign(**{name: frame[name] for name in frame.columns})
    table = arrow.table(data)
    for name, values in zip(answers.column_names, answers.columns, strict=True):
        at = table.schema.get_field_index(name)
        table = table.append_column(name, values) if at < 0 else table.set_column(at, name, values)
    return table if library == "pyarrow" else Table(table)
