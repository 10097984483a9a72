"""Arrow data that breaks the format, made in the ways a library with a fault makes it.

Run as a program it hands each case over and prints a line with the outcome, so that a crash of the
process is seen by the tests and does not end them. pyarrow's full validation decides what is broken
wherever it can see it.
"""

from __future__ import annotations

import ctypes
import datetime as dt
import json
import math
import struct
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import naturalia as nat
import numpy as np
import polars as pl
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class ArrowArray(ctypes.Structure):
    """`struct ArrowArray` of the Arrow C data interface."""


ArrowArray._fields_ = [
    ("length", ctypes.c_int64),
    ("null_count", ctypes.c_int64),
    ("offset", ctypes.c_int64),
    ("n_buffers", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("buffers", ctypes.POINTER(ctypes.c_void_p)),
    ("children", ctypes.POINTER(ctypes.POINTER(ArrowArray))),
    ("dictionary", ctypes.POINTER(ArrowArray)),
    ("release", ctypes.c_void_p),
    ("private_data", ctypes.c_void_p),
]


class ArrowSchema(ctypes.Structure):
    """`struct ArrowSchema` of the Arrow C data interface."""


ArrowSchema._fields_ = [
    ("format", ctypes.c_void_p),
    ("name", ctypes.c_void_p),
    ("metadata", ctypes.c_void_p),
    ("flags", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("children", ctypes.POINTER(ctypes.POINTER(ArrowSchema))),
    ("dictionary", ctypes.POINTER(ArrowSchema)),
    ("release", ctypes.c_void_p),
    ("private_data", ctypes.c_void_p),
]

pointer_of = ctypes.pythonapi.PyCapsule_GetPointer
pointer_of.restype, pointer_of.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]


@ctypes.CFUNCTYPE(None, ctypes.POINTER(ArrowArray))
def release_array(array: Any) -> None:
    """Releases nothing: the callback of pyarrow follows pointers that a case took away."""
    array.contents.release = None


@ctypes.CFUNCTYPE(None, ctypes.POINTER(ArrowSchema))
def release_schema(schema: Any) -> None:
    """Releases nothing, likewise."""
    schema.contents.release = None


class Exported:
    """A record batch with one column `x`, its C structs changed after pyarrow filled them in."""

    def __init__(self, array: pa.Array, change: Callable[[Any, Any], None]) -> None:
        self.batch = pa.record_batch({"x": array, "y": pa.nulls(len(array))})
        self.change = change

    def __arrow_c_array__(self, requested_schema: object = None) -> tuple[object, object]:
        schema, array = self.batch.__arrow_c_array__()
        of_schema = ArrowSchema.from_address(pointer_of(schema, b"arrow_schema"))
        of_array = ArrowArray.from_address(pointer_of(array, b"arrow_array"))
        of_schema.release = ctypes.cast(release_schema, ctypes.c_void_p)
        of_array.release = ctypes.cast(release_array, ctypes.c_void_p)
        self.change(of_array, of_schema)
        return schema, array


class Streamed:
    """The capsules of a stream, handed over as they are."""

    def __init__(self, capsule: object) -> None:
        self.capsule = capsule

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.capsule


def built(kind: pa.DataType, length: int, buffers: list[Any], **more: Any) -> pa.Array:
    """An array of buffers that nothing has checked."""
    return pa.Array.from_buffers(
        kind, length, [None if b is None else pa.py_buffer(b) for b in buffers], **more
    )


def encoded(kind: Any, keys: list[int], values: pa.Array, validity: bytes | None = None) -> pa.Array:
    """A dictionary-encoded array with these indices."""
    kind = pa.dictionary(pa.from_numpy_dtype(kind), values.type)
    buffers = [
        validity and pa.py_buffer(validity),
        pa.py_buffer(np.array(keys, kind.index_type.to_pandas_dtype())),
    ]
    return pa.DictionaryArray.from_buffers(kind, len(keys), buffers, values)


def ends(*offsets: int, wide: bool = False) -> Any:
    return np.array(offsets, np.int64 if wide else np.int32)


def view(
    text: bytes, start: int = 0, *, size: int | None = None, prefix: bytes | None = None, at: int = 0
) -> bytes:
    """A string view: its text, or the place of the text in buffer `at`."""
    size = len(text) if size is None else size
    if len(text) <= 12:
        return struct.pack("=i12s", size, text)
    return struct.pack("=i4sii", size, text[:4] if prefix is None else prefix, at, start)


LONG = b"a text of more than twelve bytes"
NUMBERS = pa.array([1, 2, 3], pa.int32())
TEXTS = pa.array(["a", "b", "c"])
BAD_TEXT = built(pa.string(), 2, [None, ends(0, 1, 3), b"a\xff\xfe"])

# What pyarrow builds without complaint, and refuses when it validates fully; the end of our message.
BUILT: dict[str, tuple[Callable[[], pa.Array], str]] = {
    "offsets decrease": (
        lambda: built(pa.string(), 3, [None, ends(0, 3, 1, 4), b"abcd"]),
        "row 1: offsets decrease",
    ),
    "wide offsets decrease": (
        lambda: built(pa.large_string(), 3, [None, ends(0, 2, 1, 4, wide=True), b"abcd"]),
        "row 1: offsets decrease",
    ),
    "offsets decrease under a null": (
        lambda: built(pa.string(), 3, [b"\x05", ends(0, 3, 2, 4), b"abcd"]),
        "row 1: offsets decrease",
    ),
    "an offset is far beyond the text": (
        lambda: built(pa.string(), 2, [None, ends(0, 2**31 - 1, 4), b"abcd"]),
        "row 1: offsets decrease",
    ),
    "text is not UTF-8": (lambda: BAD_TEXT, "row 1: the text is not valid UTF-8"),
    "wide text is not UTF-8": (
        lambda: built(pa.large_string(), 1, [None, ends(0, 2, wide=True), b"\xc3\x28"]),
        "row 0: the text is not valid UTF-8",
    ),
    "an offset splits a character": (
        lambda: built(pa.string(), 2, [None, ends(0, 1, 2), "é".encode()]),
        "row 0: the text is not valid UTF-8",
    ),
    "text is a lone surrogate": (
        lambda: built(pa.string(), 1, [None, ends(0, 3), b"\xed\xa0\x80"]),
        "row 0: the text is not valid UTF-8",
    ),
    "list offsets decrease": (
        lambda: built(pa.list_(pa.int32()), 3, [None, ends(0, 2, 1, 3)], children=[NUMBERS]),
        "row 1: offsets decrease",
    ),
    "large list offsets decrease": (
        lambda: built(
            pa.large_list(pa.int32()), 2, [None, ends(0, 2**32 + 1, 3, wide=True)], children=[NUMBERS]
        ),
        "row 1: offsets decrease",
    ),
    "texts of a list are not UTF-8": (
        lambda: pa.ListArray.from_arrays(pa.array([0, 0, 2], pa.int32()), BAD_TEXT),
        "row 1: the text is not valid UTF-8",
    ),
    "texts of a struct in a list are not UTF-8": (
        lambda: pa.ListArray.from_arrays(
            pa.array([0, 1, 2], pa.int32()), pa.StructArray.from_arrays([BAD_TEXT], ["name"])
        ),
        '"x[].name", batch 0, row 1: the text is not valid UTF-8',
    ),
    "texts of a dictionary are not UTF-8": (
        lambda: encoded("int8", [0, 1], BAD_TEXT),
        "the values of the dictionary, the text is not valid UTF-8",
    ),
    "an index is beyond the dictionary": (
        lambda: encoded("int32", [0, 3], TEXTS),
        "row 1: the dictionary index 3",
    ),
    "an index is negative": (lambda: encoded("int8", [0, -1], TEXTS), "row 1: the dictionary index -1"),
    "an index exceeds 63 bits": (
        lambda: encoded("uint64", [0, 2**63], TEXTS),
        "row 1: the dictionary index 9223372036854775808",
    ),
    "an index into no values": (
        lambda: encoded("int16", [0], TEXTS[:0]),
        "row 0: the dictionary index 0 is outside of the 0 values",
    ),
    "an index into numbers": (lambda: encoded("int8", [7], NUMBERS), "row 0: the dictionary index 7"),
    "a view names a buffer that is missing": (
        lambda: built(pa.string_view(), 1, [None, view(LONG, at=3), LONG]),
        "row 0: the string view refers to buffer 3",
    ),
    "a view names a negative buffer": (
        lambda: built(pa.string_view(), 1, [None, view(LONG, at=-1), LONG]),
        "row 0: the string view refers to buffer -1",
    ),
    "a view starts beyond its buffer": (
        lambda: built(pa.string_view(), 2, [None, view(b"a") + view(LONG, 1), LONG]),
        "row 1: the string view refers to 32 bytes from 1 on",
    ),
    "a view starts before its buffer": (
        lambda: built(pa.string_view(), 1, [None, view(LONG, -1), LONG]),
        "row 0: the string view refers to 32 bytes from -1 on",
    ),
    "a view has a negative size": (
        lambda: built(pa.string_view(), 1, [None, view(b"a", size=-1), LONG]),
        "row 0: the string view has the negative size -1",
    ),
    "a view has another prefix than its text": (
        lambda: built(pa.string_view(), 1, [None, view(LONG, prefix=b"nope"), LONG]),
        "row 0: the prefix",
    ),
    "a short view has bytes after its text": (
        lambda: built(pa.string_view(), 1, [None, view(b"abc", size=2), LONG]),
        "row 0: the string view has bytes other than zero",
    ),
    "a short view is not UTF-8": (
        lambda: built(pa.string_view(), 1, [None, view(b"\xff"), LONG]),
        "row 0: the text is not valid UTF-8",
    ),
    "a view is not UTF-8": (
        lambda: built(pa.string_view(), 1, [None, view(b"\xff" * 20), b"\xff" * 20]),
        "row 0: the text is not valid UTF-8",
    ),
    "the null count is wrong": (
        lambda: built(pa.int8(), 2, [b"\x01", b"ab"], null_count=2),
        "2 nulls are declared, but the validity bitmap has 1",
    ),
}


def put(**values: int) -> Callable[[Any, Any], None]:
    """Changes fields of the struct of column `x`."""

    def change(array: Any, _schema: Any) -> None:
        for name, value in values.items():
            setattr(array.children[0].contents, name, value)

    return change


def put_in_batch(**values: int) -> Callable[[Any, Any], None]:
    """Changes fields of the struct of the batch."""

    def change(array: Any, _schema: Any) -> None:
        for name, value in values.items():
            setattr(array, name, value)

    return change


def put_offset(at: int, value: int) -> Callable[[Any, Any], None]:
    """Changes an offset of column `x`."""

    def change(array: Any, _schema: Any) -> None:
        ctypes.cast(array.children[0].contents.buffers[1], ctypes.POINTER(ctypes.c_int32))[at] = value

    return change


def without_buffer(at: int) -> Callable[[Any, Any], None]:
    """Takes a buffer of column `x` away."""

    def change(array: Any, _schema: Any) -> None:
        array.children[0].contents.buffers[at] = None

    return change


def without_child(array: Any, _schema: Any) -> None:
    array.children[0].contents.children[0] = None


def without_dictionary(array: Any, _schema: Any) -> None:
    array.children[0].contents.dictionary = None


def shorter_child(array: Any, _schema: Any) -> None:
    array.children[0].contents.children[0].contents.length = 1


def many_items(array: Any, _schema: Any) -> None:
    """One list with 2**32 items of the type null, which take no memory."""
    of_list = array.children[0].contents
    ctypes.cast(of_list.buffers[1], ctypes.POINTER(ctypes.c_int64))[1] = 2**32
    of_list.children[0].contents.length = of_list.children[0].contents.null_count = 2**32


def many_rows(array: Any, _schema: Any) -> None:
    """2**40 rows of the type null."""
    for one in (array, array.children[0].contents, array.children[1].contents):
        one.length = 2**40


def run_ends_that_decrease(array: Any, _schema: Any) -> None:
    run_ends = array.children[0].contents.children[0].contents.buffers[1]
    ctypes.cast(run_ends, ctypes.POINTER(ctypes.c_int32))[1] = -1


def text_in_schema(name: str, text: bytes) -> Callable[[Any, Any], None]:
    """Changes the name or the format of column `x`. The text outlives the call."""
    buffer = ctypes.create_string_buffer(text)

    def change(_array: Any, schema: Any) -> None:
        setattr(schema.children[0].contents, name, ctypes.cast(buffer, ctypes.c_void_p))

    return change


def schema_without_child(_array: Any, schema: Any) -> None:
    schema.children[0] = None


def schema_without_format(_array: Any, schema: Any) -> None:
    schema.children[0].contents.format = None


def list_() -> pa.Array:
    return pa.array([[1, 2], [3]], pa.list_(pa.int32()))


def text() -> pa.Array:
    return pa.array(["ab", "c"])


def null_in_text() -> pa.Array:
    return pa.array(["ab", None])


# What only a producer with a fault passes through the C data interface.
EXPORTED: dict[str, tuple[Callable[[], pa.Array], Callable[[Any, Any], None], str]] = {
    "the first offset is negative": (text, put_offset(0, -1), "row 0: the offset -1 is negative"),
    "the last offset is negative": (text, put_offset(2, -1), "the last offset -1 is negative"),
    "a list has a negative offset": (list_, put_offset(0, -4), "row 0: the offset -4 is negative"),
    "a list has more items than its child": (
        list_,
        put_offset(2, 9),
        "row 1: the offset 9 is beyond the 3 items",
    ),
    "the items of a list are fewer": (list_, shorter_child, "row 0: the offset 3 is beyond the 1 items"),
    "a column has a negative length": (text, put(length=-1), "the length -1 is negative"),
    "a column has a negative offset": (text, put(offset=-1), "the offset -1 is negative"),
    "length and offset overflow": (text, put(offset=2**63 - 1), 'column "x"'),
    "a buffer would exceed the memory": (text, put(offset=2**61), 'column "x"'),
    "a column is shorter than its batch": (text, put(length=1), "the column has 1 values for 2 rows"),
    "a batch is longer than its columns": (
        text,
        put_in_batch(length=3),
        "the column has 2 values for 3 rows",
    ),
    "a batch starts too late": (text, put_in_batch(offset=1), "the column has 2 values for 3 rows"),
    "a batch has a negative length": (text, put_in_batch(length=-2), "the length -2 is negative"),
    "a batch has fewer columns than its schema": (
        text,
        put_in_batch(n_children=1),
        "2 children, but the array has 1",
    ),
    "a batch has a negative number of columns": (text, put_in_batch(n_children=-1), "children are missing"),
    "the number of buffers is too small": (text, put(n_buffers=2), "has 3 buffers, but the array has 2"),
    "the number of buffers is negative": (text, put(n_buffers=-1), "the number of buffers -1 is negative"),
    "there are no buffers": (text, put(n_buffers=0), "has 3 buffers, but the array has 0"),
    "the offsets are missing": (text, without_buffer(1), "buffer 1 is missing"),
    "the text is missing": (text, without_buffer(2), "buffer 2 is missing"),
    "the validity bitmap is missing": (null_in_text, without_buffer(0), "1 nulls without a validity bitmap"),
    "the items of a list are missing": (list_, without_child, "children are missing"),
    "a struct has a shorter field": (
        lambda: pa.array([{"a": 1}, {"a": 2}]),
        shorter_child,
        "the column has 1 values for 2 rows",
    ),
    "the dictionary is missing": (
        lambda: text().dictionary_encode(),
        without_dictionary,
        "the dictionary is missing",
    ),
    "run ends decrease": (
        lambda: pa.RunEndEncodedArray.from_arrays(pa.array([2, 3], pa.int32()), TEXTS[:2]),
        run_ends_that_decrease,
        "the Arrow type run-end encoded, which is not supported",
    ),
    "more items than 32 bits count": (
        lambda: pa.array([[None]], pa.large_list(pa.null())),
        many_items,
        'column "x": more than 2147483647 values in one batch',
    ),
    "more rows than 32 bits count": (
        lambda: pa.nulls(1),
        many_rows,
        "more than 2147483647 values in one batch",
    ),
    "the name is not UTF-8": (text, text_in_schema("name", b"\xff"), "a name that is not valid UTF-8"),
    "the format is not UTF-8": (text, text_in_schema("format", b"\xff"), "a format that is not valid UTF-8"),
    "the format is unknown": (text, text_in_schema("format", b"?"), "which is not supported"),
    "the format is empty": (text, schema_without_format, "which is not supported"),
    "the schema of a list has no child": (
        text,
        text_in_schema("format", b"+l"),
        "a list must have one child",
    ),
    "the schema of a column is missing": (text, schema_without_child, "children that are missing"),
}


def nested(depth: int) -> pa.Array:
    array = pa.array([1])
    for _ in range(depth):
        array = pa.ListArray.from_arrays(pa.array([0, 1], pa.int32()), array)
    return array


# Valid Arrow that is not read, or does not fit our columns.
REFUSED: dict[str, tuple[Callable[[], pa.Array], str]] = {
    "run-end encoded": (
        lambda: pa.RunEndEncodedArray.from_arrays(pa.array([2, 3], pa.int32()), pa.array(["a", "b"])),
        "the Arrow type run-end encoded, which is not supported",
    ),
    "a map": (lambda: pa.array([[("a", 1)]], pa.map_(pa.string(), pa.int8())), "the Arrow type map"),
    "a union": (
        lambda: pa.UnionArray.from_sparse(pa.array([0], pa.int8()), [pa.array([1])]),
        "the Arrow type union",
    ),
    "a dense union": (
        lambda: pa.UnionArray.from_dense(
            pa.array([0], pa.int8()), pa.array([9], pa.int32()), [pa.array([1])]
        ),
        "the Arrow type union",
    ),
    "a fixed-size list": (
        lambda: pa.array([[1, 2]], pa.list_(pa.int8(), 2)),
        "the Arrow type fixed-size list",
    ),
    "a list view": (lambda: pa.array([[1]], pa.list_view(pa.int8())), "the Arrow type list view"),
    "binary": (lambda: pa.array([b"a"]), "the Arrow type binary"),
    "a list of binary": (lambda: pa.array([[b"a"]]), '"x[]" has the Arrow type binary'),
    "a decimal": (lambda: pa.array([1], pa.decimal128(5)), "the Arrow type decimal"),
    "a time of day": (lambda: pa.array([1], pa.time32("s")), "the Arrow type time of day"),
    "a duration": (lambda: pa.array([1], pa.duration("s")), "the Arrow type duration"),
    "a very deep list": (lambda: nested(70), "nests deeper than 64 levels"),
    "a number of 64 bits without a sign": (
        lambda: pa.array([1, 2**63], pa.uint64()),
        "row 1: 9223372036854775808",
    ),
    "a timestamp far away": (
        lambda: pa.array([0, 2**62], pa.timestamp("s")),
        "row 1: the time 4611686018427387904",
    ),
    "a date far away": (
        lambda: pa.array([2**31 - 1], pa.int32()).view(pa.date32()),
        "row 0: the time 2147483647",
    ),
    "more text than 32 bits count": (
        lambda: encoded("int8", [0] * 4096, pa.array(["a" * (1 << 20)])),
        "more than 2147483647 bytes of text in one batch",
    ),
    "more items in a dictionary than 32 bits count": (
        lambda: encoded("int8", [0] * 4096, pa.array([[0] * (1 << 20)], pa.list_(pa.int8()))),
        "more than 2147483647 values in one batch",
    ),
}


def twice() -> nat.Table:
    stream = Streamed(pa.table({"a": ["b"]}).__arrow_c_stream__())
    assert nat.Table(stream)["a"] == ["b"]
    return nat.Table(stream)


def array_twice() -> nat.Table:
    capsules = pa.record_batch({"x": text()}).__arrow_c_array__()
    lent = SimpleNamespace(__arrow_c_array__=lambda: capsules)
    assert nat.Table(lent)["x"] == ["ab", "c"]
    return nat.Table(lent)


def mixed(other: pa.RecordBatch) -> nat.Table:
    first = pa.record_batch({"a": ["b"], "c": [1]})
    return nat.Table(pa.RecordBatchReader.from_batches(first.schema, iter([first, other])))


GOOD = pa.record_batch({"x": ["a", "b"]})
BAD = pa.record_batch({"x": BAD_TEXT})

# Streams: what fails between batches, and where it is reported.
STREAMS: dict[str, tuple[Callable[[], Any], str]] = {
    "the third batch is damaged": (
        lambda: nat.Table(pa.Table.from_batches([GOOD, GOOD, BAD])),
        'column "x", batch 2, row 1: the text is not valid UTF-8',
    ),
    "a batch has fewer columns": (lambda: mixed(pa.record_batch({"a": ["b"]})), ""),
    "a batch has a column of another type": (lambda: mixed(pa.record_batch({"a": [1], "c": [1]})), ""),
    "a stream was consumed": (twice, "the Arrow stream was already consumed"),
    "an array was consumed": (array_twice, "the Arrow array was already consumed"),
    "an array is not a struct": (lambda: nat.Table(pa.array([1])), "a single Arrow array is not a table"),
    "polars lends a fixed-size list": (
        lambda: nat.Table(pl.DataFrame({"x": [[1]]}, schema={"x": pl.Array(pl.Int8, 1)})),
        "the Arrow type fixed-size list",
    ),
    "text with a format is not UTF-8": (
        lambda: nat.Table(pa.table({"identifier": BAD_TEXT}), format="oai_dc"),
        'column "identifier", batch 0, row 1: the text is not valid UTF-8',
    ),
    "the rows to keep are not UTF-8": (
        lambda: nat.Table(GOOD).keep(pa.table({"identifier": BAD_TEXT})),
        "the text is not valid UTF-8",
    ),
}


def attempts() -> Iterator[tuple[str, Callable[[], Any], str]]:
    """Every case: its name, what hands it over, and a part of the message."""
    for name, (build, message) in BUILT.items():
        yield f"built: {name}", lambda build=build: nat.Table(pa.table({"x": build()})), message
        yield f"array: {name}", lambda build=build: nat.Table(pa.record_batch({"x": build()})), message
    for name, (build, change, message) in EXPORTED.items():
        yield f"exported: {name}", lambda b=build, c=change: nat.Table(Exported(b(), c)), message
    for name, (build, message) in REFUSED.items():
        yield f"refused: {name}", lambda build=build: nat.Table(pa.table({"x": build()})), message
    for name, (hand_over, message) in STREAMS.items():
        yield f"stream: {name}", hand_over, message


TYPES = st.recursive(
    st.sampled_from(
        [
            pa.string(), pa.large_string(), pa.string_view(), pa.bool_(), pa.int8(), pa.int64(), pa.uint16(),
            pa.uint64(), pa.float32(), pa.float64(), pa.date32(), pa.timestamp("s"), pa.timestamp("ns"),
            pa.timestamp("us", "UTC"), pa.dictionary(pa.int8(), pa.string()),
            pa.dictionary(pa.uint32(), pa.int16()), pa.null(),
        ]
    ),
    lambda kinds: st.one_of(
        kinds.map(pa.list_),
        kinds.map(pa.large_list),
        st.lists(kinds, min_size=1, max_size=2).map(
            lambda kinds: pa.struct([(f"f{at}", kind) for at, kind in enumerate(kinds)])
        ),
    ),
    max_leaves=3,
)  # fmt: skip
WORDS = st.text(max_size=3) | st.sampled_from(
    ["é", "a text of more than twelve bytes", "日本語の長いテキスト"]
)


def is_any_list(kind: pa.DataType) -> bool:
    """Whether it is a list, with offsets of any size."""
    return pa.types.is_list(kind) or pa.types.is_large_list(kind)


def values_of(kind: pa.DataType) -> st.SearchStrategy[Any]:
    """Values of an Arrow type, or None."""
    if pa.types.is_dictionary(kind):
        return values_of(kind.value_type)
    if is_any_list(kind):
        return st.none() | st.lists(values_of(kind.value_type), max_size=3)
    if pa.types.is_struct(kind):
        return st.none() | st.fixed_dictionaries({field.name: values_of(field.type) for field in kind})
    scalars = {
        pa.types.is_null: st.none(),
        pa.types.is_boolean: st.booleans(),
        pa.types.is_floating: st.floats(width=32),
        pa.types.is_integer: st.integers(0, 100),
        pa.types.is_temporal: st.integers(0, 100),
    }
    return st.none() | next((values for belongs, values in scalars.items() if belongs(kind)), WORDS)


def texts_in(array: pa.Array) -> Iterator[tuple[pa.Buffer, int, int, int]]:
    """The offsets of each array of text: buffer, width, place of the last, and the size of the text."""
    kind = array.type
    if pa.types.is_dictionary(kind):
        yield from texts_in(array.dictionary)
    elif is_any_list(kind):
        yield from texts_in(array.values)
    elif pa.types.is_struct(kind):
        for at in range(kind.num_fields):
            yield from texts_in(array.field(at))
    elif pa.types.is_string(kind) or pa.types.is_large_string(kind):
        _, offsets, text = array.buffers()
        if len(array) and offsets is not None:
            yield (
                offsets,
                4 if pa.types.is_string(kind) else 8,
                array.offset + len(array),
                text.size if text else 0,
            )


def all_buffers(array: pa.Array) -> list[pa.Buffer]:
    """The buffers of an array with bytes that are read, those of its children and dictionary too."""
    kind, children = array.type, []
    if not len(array):
        return []  # an empty array may leave its buffers out: they are not read
    buffers = array.buffers()
    if pa.types.is_dictionary(kind):
        children = [array.dictionary]
    elif is_any_list(kind):
        buffers, children = buffers[:2], [array.values]
    elif pa.types.is_struct(kind):
        buffers, children = buffers[:1], [array.field(at) for at in range(kind.num_fields)]
    found = [buffer for buffer in buffers if buffer is not None and buffer.size]
    return [*found, *(buffer for child in children for buffer in all_buffers(child))]


def expected(kind: pa.DataType, value: Any) -> Any:
    """A value of pyarrow as our columns hold it; a moment as microseconds."""
    if value is None:
        return None
    if pa.types.is_dictionary(kind):
        return expected(kind.value_type, value)
    if is_any_list(kind):
        return [expected(kind.value_type, item) for item in value]
    if pa.types.is_struct(kind):
        return {field.name: expected(field.type, value[field.name]) for field in kind}
    return expected_scalar(value)


def expected_scalar(value: Any) -> Any:
    """A value that holds no others."""
    if isinstance(value, float):
        return "nan" if math.isnan(value) else value
    if isinstance(value, dt.datetime):
        since = value.replace(tzinfo=value.tzinfo or dt.UTC) - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
        return since // dt.timedelta(microseconds=1)
    if isinstance(value, dt.date):
        return (value - dt.date(1970, 1, 1)) // dt.timedelta(microseconds=1)
    return value


@given(kind=TYPES, data=st.data())
@settings(max_examples=1500, deadline=None, database=None)
def accepts_what_pyarrow_accepts(kind: pa.DataType, data: Any) -> None:
    """Whether changed arrays are refused if pyarrow refuses them, and read as pyarrow does if not."""
    values = data.draw(st.lists(values_of(kind), min_size=1, max_size=5))
    array = pa.array(values, kind)
    buffers = all_buffers(array)
    lengths = list(texts_in(array))
    # Changes are in one buffer: what offsets leave out is not read, be it damaged or not.
    buffer = data.draw(st.sampled_from(buffers)) if buffers else None
    for _ in range(data.draw(st.integers(0, 3)) if buffer else 0):
        size = data.draw(st.sampled_from([size for size in (1, 4, 8) if size <= buffer.size]))
        at = data.draw(st.integers(0, buffer.size // size - 1)) * size
        number = data.draw(
            st.sampled_from([-(2**31), -1, 0, 1, 2, 3, 4, 7, 100, 0xC3, 2**31 - 1]) | st.integers(0, 255)
        )
        # pyarrow allocates memory that can be written to, and shares it with what it validates and lends.
        ctypes.memmove(buffer.address + at, (number % 2 ** (8 * size)).to_bytes(size, sys.byteorder), size)
    for offsets, width, last, size in lengths:
        end = int.from_bytes(bytes(offsets)[last * width : (last + 1) * width], sys.byteorder, signed=True)
        if end > size:
            return  # the C data interface does not carry the size of the text
    try:
        array.validate(full=True)
    except pa.ArrowException:
        try:
            table = nat.Table(pa.table({"x": array}))
        except ValueError:
            return
        message = f"{kind} is accepted, with the values {table['x']}"
        raise AssertionError(message) from None
    try:
        wanted = [expected(kind, value) for value in array.to_pylist()]
    except (OverflowError, ValueError):
        return  # a moment that Python has no object for
    try:
        table = nat.Table(pa.table({"x": array}))
    except ValueError as error:
        if "the largest integer" in str(error) or "timestamp in microseconds" in str(error):
            return  # valid Arrow, but more than our numbers hold
        raise
    back = pa.table(table)["x"]
    back.validate(full=True)
    assert [expected(back.type, value) for value in back.to_pylist()] == wanted


def main() -> None:
    """Prints the outcome of each case, or tries random ones."""
    if sys.argv[1:] == ["random"]:
        accepts_what_pyarrow_accepts()
        return
    for name, hand_over, _ in attempts():
        try:
            table = hand_over()
        except ValueError as error:  # those of pyarrow are subclasses
            outcome = f"ValueError: {error}"
        except Exception as error:  # noqa: BLE001
            outcome = f"{type(error).__name__}: {error}"
        except BaseException as error:  # noqa: BLE001  (a panic of the core)
            outcome = f"panic {type(error).__name__}: {error}"
        else:
            outcome = f"accepted: {table!r}"
        sys.stdout.write(json.dumps([name, outcome]) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
