"""Licences of many: of the records of a table, of a column of a frame, of a list of statements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from naturalia import _core
from naturalia._arguments.optional import need
from naturalia._arguments.public import public
from naturalia._arguments.rows import plain_list
from naturalia._arguments.spelling import closest, keywords
from naturalia._licenses.decisions import (
    Decision,
    check_occurrence,
    decisions_on,
    read_decisions,
    statement_key,
    warn_of_freer,
)
from naturalia._licenses.license import known_use
from naturalia._table.table import Table, core_of, names, wrap

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

__all__ = ["decide_media", "licenses", "of_records", "texts_of"]

# The rights elements of a format; true where they hold rights of any kind, false where only licences.
RIGHTS = {
    "oai_dc": [("rights", True)],
    "oai_qdc": [("license", False), ("rights", True)],
    "oai_oi": [("license", False)],
}
HUB, RAW, RECORD_RAW = "media", "license_raw", "record_license_raw"
"""The format with licences in flat columns, and its columns with statements on the medium and the record."""


@public
@keywords
def licenses(
    data: Any,
    *,
    column: str | None = None,
    check: str | Sequence[str] | None = None,
    decisions: Mapping[str, Any] | str | os.PathLike[str] | None = None,
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
            `check` asks for more columns. What is made of that table afterwards states the decided licences.
        column: the column of a frame that has the rights statements; of media it is `license_raw`, or
            `record_license_raw` for the licences of their metadata.
        check: what to check for, in columns of its own: `commons`, `gbif`, `europeana`, `open_definition`,
            `open`, `commercial`, `derivatives`, `redistribution`.
        decisions: the sheet that `license_report(…).write()` made and a person filled in, or a dict from
            statement to licence, or to a dict of `decision`, `by`, `date` and `reason`.
        assume_version: the version to take where none is stated; such answers say `assumed`.
        constant: whether the statements are made for a whole source, not for each item; see `license`.

    Raises:
        TypeError: a LazyFrame, which has to be collected first.
        ValueError: no column of that name, or several; or decisions that contradict each other, name no
            licence, or are on statements that do not occur: the message names their rows.

    Warns:
        NaturaliaWarning: columns of the frame that have the names of answers are replaced.
    """
    of_media = isinstance(data, Table) and data.format == HUB
    if of_media and column is None:
        column = RAW
    core, name, rows = distinct_of(data, column)
    decided = read_decisions(decisions)
    texts = [text for text, _ in _core.tally(core, name) if text is not None] if decided else []
    check_occurrence(decided, map(statement_key, texts))
    by_statement = decisions_on(decided, texts)
    warn_of_freer(by_statement, stacklevel=4)
    question: dict[str, Any] = {
        "checks": [known_use(use) for use in names(check) or []],
        "decisions": by_statement,
        "assume_version": assume_version,
        "constant": constant,
    }
    if column is None:
        return wrap(_core.licenses(core, [(name, True)], metadata=None, **question))
    found = _core.coded_licenses(core, name, **question)
    if of_media and column in (RAW, RECORD_RAW) and not check:
        return media(data, found, decided, record=column == RECORD_RAW)
    return joined(data, found if rows is None else spread(found, rows))


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


def distinct_of(data: Any, column: str | None) -> tuple[_core.Table, str, Any]:
    """The distinct statements of a frame, their column, and the number of the statement of each row.

    If the distinct values cannot be computed, the result is that of `texts_of` with None for the numbers.
    """
    coded = None if column is None or isinstance(data, Table) else codes_of(data, column)
    if coded is None:
        return (*texts_of(data, column), None)
    texts, rows = coded
    return _core.Table.from_texts(texts, "raw"), "raw", rows


def codes_of(data: Any, column: str) -> tuple[list[Any], Any] | None:
    """The distinct values of a column of a frame, at last None, and the number of the value of each row."""
    check_columns(data, column)
    try:
        arrow = need("pyarrow", "pandas")
    except ImportError:
        return None
    if is_pandas(data):
        series = data[column]
        if not hasattr(series.array, "__arrow_array__") or hasattr(series, "cat"):
            return codes_of_series(series)
        values = arrow.chunked_array([arrow.array(series)]) if len(series) else None
    elif type(data).__module__.partition(".")[0] == "polars":
        values = data[column].to_arrow()
    else:
        values = data[column] if isinstance(data, arrow.Table) else None
    return None if values is None else codes_of_array(values)


def codes_of_series(series: Any) -> tuple[list[Any], Any] | None:
    """The distinct values and their numbers of a series of pandas; None if values have no hash."""
    arrow = need("pyarrow", "pandas")
    if hasattr(series, "cat"):
        codes, distinct = series.cat.codes.to_numpy(), series.cat.categories
    else:
        try:
            codes, distinct = need("pandas", "pandas").factorize(series)
        except TypeError:
            return None
    texts = distinct.tolist()
    return [*texts, None], arrow.array(codes, mask=codes < 0).fill_null(len(texts))


def codes_of_array(values: Any) -> tuple[list[Any], Any] | None:
    """The distinct values and their numbers of a column of pyarrow; None if it contains no text."""
    arrow = need("pyarrow", "pandas")
    types = arrow.types
    coded = types.is_dictionary(values.type)
    kind = values.type.value_type if coded else values.type
    if not (types.is_string(kind) or types.is_large_string(kind)) or len(values) == 0:
        return None
    values = values if coded else values.dictionary_encode()
    chunks = values.unify_dictionaries().chunks if isinstance(values, arrow.ChunkedArray) else [values]
    texts = chunks[0].dictionary.to_pylist()
    rows = arrow.concat_arrays([chunk.indices for chunk in chunks])
    return [*texts, None], rows.cast(arrow.int32()).fill_null(len(texts))


def spread(found: _core.Answers, rows: Any) -> Any:
    """The answers on distinct statements as columns with an answer for each row."""
    arrow = need("pyarrow", "pandas")
    answers = arrow.table(found)
    columns = []
    for column in answers.columns:
        coded = column.combine_chunks()
        coded = coded.chunk(0) if isinstance(coded, arrow.ChunkedArray) else coded
        columns.append(arrow.DictionaryArray.from_arrays(coded.indices.take(rows), coded.dictionary))
    return arrow.table(columns, names=answers.column_names)


def check_columns(data: Any, column: str) -> None:
    """Refuses a frame that is not loaded, and one with several columns of that name."""
    if type(data).__name__ == "LazyFrame":
        message = "licenses() reads a DataFrame, not a LazyFrame; call collect() on it first"
        raise TypeError(message)
    count = frame_columns(data).count(column)
    if count > 1:
        message = f"the frame has {count} columns named {column!r}; give them different names first"
        raise ValueError(message)
    if count == 0:
        texts_of(data, column)  # which names the nearest column


def frame_columns(data: Any) -> list[Any]:
    """The names of the columns of a table or frame; none of anything else."""
    # pyarrow has the names in column_names, and the values in columns
    given: Any = getattr(data, "column_names", None)
    if given is None:
        given = getattr(data, "columns", None)
    return [] if given is None else list(given)


def warn_of_replaced(columns: Sequence[Any], names: Sequence[str]) -> None:
    """Warns of columns of a frame that answers take the place of."""
    from warnings import warn

    from naturalia.errors import NaturaliaWarning

    replaced = [name for name in names if name in columns]
    if replaced:
        message = f"the answers replace columns of the frame: {', '.join(replaced)}; rename them to keep both"
        warn(message, NaturaliaWarning, stacklevel=5)


def texts_of(data: Any, column: str | None) -> tuple[_core.Table, str]:
    """The statements as a table of the core, and the name of their column there."""
    if column is None:
        if hasattr(data, "columns") or isinstance(data, (str, bytes, dict)):
            message = f"licenses() of a {type(data).__name__} needs column=, of one statement it is license()"
            raise TypeError(message)
        return _core.Table.from_texts(plain_list(data), "raw"), "raw"
    columns = frame_columns(data)
    if columns and column not in columns:
        message = f"no column {column!r}{closest(str(column), map(str, columns))}"
        raise ValueError(message)
    if is_pandas(data):
        series = data[column]
        if series.dtype == object:  # numbers among the text, or lists: one by one
            return _core.Table.from_texts(series.tolist(), "raw"), "raw"
        return core_of(series.reset_index(drop=True).to_frame("raw")), "raw"
    if hasattr(data, "select") and not isinstance(data, Table):
        data = data.select([column])  # polars and pyarrow: only what is read has to cross
    return core_of(data), column


def media(
    table: Table,
    found: _core.Answers,
    decisions: list[Decision],
    *,
    record: bool,
    rows: list[bool] | None = None,
) -> Table:
    """The media with the answers as licences, or those of `rows`; decided licences replace statements."""
    arrow = need("pyarrow", "pandas")
    answers, own = arrow.table(found), arrow.table(table)
    prefix = "record_license_" if record else "license_"
    for name in ("uri", "version", "jurisdiction", "status", "basis", "code"):
        values = answers[f"license_{'id' if name == 'code' else name}"].cast(arrow.string())
        at = own.schema.get_field_index(prefix + name)
        if rows is not None and at >= 0:
            values = need("pyarrow.compute", "pandas").if_else(
                arrow.chunked_array([rows]), values, own.column(at).cast(arrow.string())
            )
        own = (
            own.append_column(prefix + name, values) if at < 0 else own.set_column(at, prefix + name, values)
        )
    core = core_of(own, HUB).made_of(table._core)
    if decisions:
        core, _ = _core.decide(core, [each.core(record=record) for each in decisions])
    return wrap(core)


def decide_media(
    table: Table, decisions: list[Decision], *, record: bool
) -> tuple[Table, list[tuple[bool, str]]]:
    """Media with decisions on the licences of media or of records applied, and the statements that occurred.

    Unlike `licenses` it is for a part of the data: a decision may be on a statement of another part.
    """
    column = RECORD_RAW if record else RAW
    if column not in table.columns:
        return table, []
    texts = [text for text, _ in _core.tally(table._core, column) if text is not None]
    by_statement = decisions_on(decisions, texts)
    occurring = [(record, statement_key(text)) for text in by_statement]
    if not by_statement:
        return table, occurring
    answers = _core.coded_licenses(
        table._core, column, checks=[], decisions=by_statement, assume_version=None, constant=False
    )
    chosen = [text in by_statement for text in table[column]]
    return media(table, answers, decisions, record=record, rows=chosen), occurring


def is_pandas(data: Any) -> bool:
    """Whether it is a frame of pandas, without importing it."""
    return type(data).__module__.partition(".")[0] == "pandas"


def joined(data: Any, found: Any) -> Any:
    """The frame with the answers behind its own columns; a warning names columns that they replace."""
    library = type(data).__module__.partition(".")[0]
    if library == "polars":
        frame = need("polars", "polars").DataFrame(found)
        warn_of_replaced(data.columns, frame.columns)
        return data.with_columns(frame.get_columns())
    arrow = need("pyarrow", "pandas")
    answers = arrow.table(found)
    if library == "pandas":
        warn_of_replaced(list(data.columns), answers.column_names)
        frame = answers.to_pandas().set_axis(data.index)
        return data.assign(**{name: frame[name] for name in frame.columns})
    table = arrow.table(data)
    if not isinstance(data, Table):
        warn_of_replaced(table.column_names, answers.column_names)
    for name, values in zip(answers.column_names, answers.columns, strict=True):
        at = table.schema.get_field_index(name)
        table = table.append_column(name, values) if at < 0 else table.set_column(at, name, values)
    if library == "pyarrow":
        return table
    made = core_of(table)
    return wrap(made.made_of(data._core) if isinstance(data, Table) else made)
