"""Arrow data from other libraries is checked before it is used: damaged data is an error, never a crash."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import naturalia as nat
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from pyarrow import parquet
from support.broken_arrow import BUILT, LONG, NUMBERS, TEXTS, attempts, built, encoded, ends, view

PROGRAM = Path(__file__).parents[1] / "support" / "broken_arrow.py"


@pytest.fixture(scope="module")
def outcomes() -> dict[str, str]:
    """The outcome of each case, from a process of its own: those after a crash are missing."""
    run = subprocess.run([sys.executable, PROGRAM], capture_output=True, text=True, check=False)
    return dict(json.loads(line) for line in run.stdout.splitlines())


@pytest.mark.parametrize(("name", "message"), [pytest.param(n, m, id=n) for n, _, m in attempts()])
def test_damaged_and_unsupported_arrays_are_value_errors_that_name_the_place(
    name: str, message: str, outcomes: dict[str, str]
) -> None:
    outcome = outcomes.get(name, "the process crashed")
    assert outcome.startswith("ValueError: ")
    assert message in outcome
    if name.startswith(("built", "array")):
        assert 'column "x' in outcome
    if not name.startswith("stream"):
        assert "\n  " in outcome, "there is no advice"


@pytest.mark.parametrize("name", BUILT)
def test_pyarrow_too_takes_the_built_arrays_for_broken(name: str) -> None:
    with pytest.raises(pa.ArrowException):
        BUILT[name][0]().validate(full=True)


def test_random_changes_of_any_buffer_are_refused_or_read_as_pyarrow_reads_them() -> None:
    run = subprocess.run([sys.executable, PROGRAM, "random"], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr[-3000:]


# What looks odd and is valid: pyarrow's full validation accepts it, and its values are the expected ones.
ODD: dict[str, Any] = {
    "other bytes under a null": lambda: built(pa.string(), 3, [b"\x05", ends(0, 1, 3, 4), b"a\xff\xfeb"]),
    "text under a null": lambda: built(pa.string(), 2, [b"\x01", ends(0, 1, 3), b"abc"]),
    "other bytes before the first offset": lambda: built(pa.string(), 1, [None, ends(2, 3), b"\xff\xffa"]),
    "half a character under a null, whole text": lambda: built(
        pa.string(), 2, [b"\x02", ends(0, 2, 3), "éa".encode()]
    ),
    "any view under a null": lambda: built(pa.string_view(), 2, [b"\x02", b"\xff" * 16 + view(LONG), LONG]),
    "views without buffers": lambda: built(pa.string_view(), 1, [None, view(b"abc")]),
    "any index under a null": lambda: encoded("int8", [0, 100, 2], TEXTS, b"\x05"),
    "any index of numbers under a null": lambda: encoded("int8", [-1, 1], NUMBERS, b"\x02"),
    "a null in a dictionary": lambda: encoded("uint8", [1, 0], pa.array(["a", None])),
    "only nulls without a dictionary": lambda: encoded("int8", [5], TEXTS[:0], b"\x00"),
    "lists in a dictionary": lambda: encoded("int8", [1, 0, 1], pa.array([[1, 2], [3]])),
    "a large number under a null": lambda: built(
        pa.uint64(), 2, [b"\x01", np.array([1, 2**64 - 1], np.uint64)]
    ),
    "an empty array with any offset": lambda: built(pa.string(), 0, [None, ends(7), b""]),
    "no nulls are declared": lambda: built(pa.int8(), 2, [b"\x01", b"\x01\x02"], null_count=0),
    "a buffer off its alignment": lambda: pa.Array.from_buffers(
        pa.int64(), 1, [None, pa.py_buffer(b"\0" + (7).to_bytes(8, sys.byteorder)).slice(1)]
    ),
    "a slice of text": lambda: pa.array(["a", "é", None, "b"])[1:],
    "a slice of booleans": lambda: pa.array([True, None] * 9)[3:14],
    "a slice of lists": lambda: pa.array([["a"], None, [], ["é", None]])[1:],
    "a slice of structs": lambda: pa.array([{"a": "x", "b": [1]}, None, {"a": "y", "b": None}])[1:],
    "a slice of a dictionary": lambda: pa.array(["a", "b", None, "a"]).dictionary_encode()[1:],
    "a slice of views": lambda: pa.array(["a", LONG.decode(), None], pa.string_view())[1:],
    "a null in a field that may have none": lambda: built(
        pa.struct([pa.field("a", pa.int32(), nullable=False)]),
        2,
        [None],
        children=[pa.array([1, None], pa.int32())],
    ),
}


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize(
    "lend", [lambda a: pa.table({"x": a}), lambda a: pa.record_batch({"x": a})], ids=["stream", "array"]
)
def test_odd_but_valid_arrays_keep_their_values(name: str, lend: Any) -> None:
    array = ODD[name]()
    array.validate(full=True)
    table = nat.Table(lend(array))
    assert table["x"] == array.to_pylist()
    assert pa.table(table)["x"].to_pylist() == array.to_pylist()


def test_what_is_not_a_capsule_of_arrow_is_refused() -> None:
    schema = pa.schema([]).__arrow_c_schema__()
    for wrong in (None, 3, "a", schema):
        with pytest.raises((TypeError, ValueError)):
            nat.Table(SimpleNamespace(__arrow_c_stream__=lambda wrong=wrong: wrong))
    for pair in (None, (), (schema, schema), (schema, None), (None, schema)):
        with pytest.raises((TypeError, ValueError)):
            nat.Table(SimpleNamespace(__arrow_c_array__=lambda pair=pair: pair))


def test_columns_of_nothing_are_read_from_polars_too() -> None:
    frame = pl.DataFrame({"a": [None, None], "b": [[], []], "c": [{"d": None}] * 2})
    table = nat.Table(frame)
    assert (table["a"], table["b"], table["c"]) == ([None] * 2, [[], []], [{"d": None}] * 2)


def test_a_batch_of_rows_that_are_null_has_nulls_in_each_column() -> None:
    rows = pa.array([{"a": 1, "b": "x"}, None, {"a": None, "b": "y"}])
    table = nat.Table(rows)
    assert (table["a"], table["b"]) == ([1, None, None], ["x", None, "y"])
    assert nat.Table(pl.Series([{"a": 1}, {"a": 2}]))["a"] == [1, 2]


def test_the_memory_of_the_producer_is_not_used_after_the_call() -> None:
    flags, validity = bytearray(b"\x03"), bytearray(b"\x03")
    array = pa.Array.from_buffers(pa.bool_(), 2, [pa.py_buffer(validity), pa.py_buffer(flags)])
    table = nat.Table(pa.table({"x": array}))
    flags[0] = validity[0] = 0
    assert table["x"] == [True, True]


@pytest.mark.parametrize(
    "of_type", [pa.string(), pa.list_(pa.int8()), pa.struct([("a", pa.uint64())]), pa.null()], ids=str
)
def test_a_stream_without_batches_keeps_its_columns(of_type: pa.DataType) -> None:
    empty = pa.schema([("x", of_type)]).empty_table()
    reader = pa.RecordBatchReader.from_batches(empty.schema, [])
    assert nat.Table(reader).columns == nat.Table(empty).columns == ["x"]


def test_metadata_that_is_not_text_is_left_alone() -> None:
    schema = pa.schema(
        [pa.field("x", pa.list_(pa.string()), metadata={b"\xff": b"\xfe"})], metadata={b"\xff": b"\xfe"}
    )
    assert nat.Table(pa.table({"x": [["a"]]}, schema=schema))["x"] == [["a"]]


def test_a_float_is_an_integer_only_as_far_as_floats_are_exact() -> None:
    for number, read in [(2.0**53, [2**53]), (float("nan"), [None])]:
        assert nat.Table(pd.DataFrame({"id": ["a"], "rating": [number]}), format="nba")["rating"] == read
    for number in (1e300, 2.0**60, -1e19, 0.5, float("inf")):
        with pytest.raises(ValueError, match="rating"):
            nat.Table(pd.DataFrame({"id": ["a"], "rating": [number]}), format="nba")


def test_a_table_of_our_own_is_shared_and_not_imported_again() -> None:
    table = nat.Table(pa.table({"x": ["a"]}))
    assert nat.Table(table)._core is table._core


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.string_view()], ids=str)
def test_damaged_text_in_parquet_is_an_error_that_names_column_row_and_file(
    tmp_path: Path, kind: pa.DataType
) -> None:
    path = tmp_path / "damaged.parquet"
    whole = pa.table({"identifier": ["a", "b"], "title": pa.array(["Larus", "a gull"], kind)})
    parquet.write_table(whole, path, use_dictionary=False, compression="none", write_statistics=False)
    assert nat.read(path)["title"] == ["Larus", "a gull"]
    damaged = path.read_bytes().replace(b"a gull", b"a g\xffll")
    path.write_bytes(damaged)
    with pytest.raises(
        nat.errors.ParseError, match=r'column "title", batch 0, row 1: the text is not'
    ) as caught:
        nat.read(path)
    assert caught.value.source == str(path)
    assert caught.value.hint
    with pytest.raises(nat.errors.ParseError, match=r'column "title", batch 0, row 1: the text is not'):
        nat.read(damaged)


def test_a_cut_parquet_file_is_an_error_that_names_it(tmp_path: Path) -> None:
    path = tmp_path / "cut.parquet"
    parquet.write_table(pa.table({"identifier": ["a"] * 1000}), path)
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(nat.errors.ParseError) as caught:
        nat.read(path)
    assert caught.value.source == str(path)
    with pytest.raises(FileNotFoundError):
        nat.read(tmp_path / "missing.parquet")
