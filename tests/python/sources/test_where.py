"""Conditions on fields: what people write, and what is kept of it."""

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from naturalia._query.conditions import And, Condition, Not, Or, field


def told(where):
    """A condition as plain tuples."""
    if isinstance(where, Condition):
        return (where.path, where.op, where.value, *(["ic"] if where.ignore_case else []))
    if isinstance(where, Not):
        return ("not", told(where.part))
    return ("and" if isinstance(where, And) else "or", *map(told, where.parts))


year = field("year")


@pytest.mark.parametrize(
    ("where", "means"),
    [
        (year == 1900, ("year", "==", 1900)),
        (year != 1900, ("not", ("year", "==", 1900))),
        (year < 1900, ("year", "<", 1900)),
        (year > 1900, ("year", ">", 1900)),
        (year >= 1900, ("year", ">=", 1900)),
        (year <= 1900, ("year", "<=", 1900)),
        (year.between(1900, 1910), ("year", "between", [1900, 1910])),
        (year.isin([1900, 1901, 1900]), ("year", "in", [1900, 1901])),
        (year.notin({1900}), ("not", ("year", "in", [1900]))),
        (year.contains("90"), ("year", "contains", "90")),
        (year.matches("90"), ("year", "matches", "90")),
        (year.startswith("19"), ("year", "startswith", "19")),
        (year.startswith("x", ignore_case=True), ("year", "startswith", "x", "ic")),
        (year.equals("x", ignore_case=True), ("year", "==", "x", "ic")),
        (year.isnull(), ("year", "isnull", None)),
        (year == None, ("year", "isnull", None)),  # noqa: E711
        (year.exists(), ("not", ("year", "isnull", None))),
        (~~(year < 1900), ("year", "<", 1900)),
        (year == np.int64(1900), ("year", "==", 1900)),
    ],
)
def test_a_comparison_keeps_field_operator_and_value(where, means):
    assert told(where) == means


def test_and_and_or_join_side_by_side_and_nest():
    a, b, c = (field(name) == 1 for name in "abc")
    flat = told(a & b & c)
    assert flat == ("and", ("a", "==", 1), ("b", "==", 1), ("c", "==", 1))
    assert told((a | b) & ~c) == (
        "and",
        ("or", ("a", "==", 1), ("b", "==", 1)),
        ("not", ("c", "==", 1)),
    )
    assert isinstance(a | b | c, Or)
    assert len((a | b | c).parts) == 3


@pytest.mark.parametrize(
    "values",
    [
        ["a", "b"],
        ("a", "b"),
        pd.Series(["a", "b"]),
        pl.Series(["a", "b"]),
        np.array(["a", "b"]),
        pa.array(["a", "b"]),
        iter("ab"),
    ],
    ids=lambda values: type(values).__module__,
)
def test_isin_takes_whatever_holds_several_values(values):
    assert told(field("genus").isin(values)) == ("genus", "in", ["a", "b"])


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: field("genus").isin("Larus"),
        lambda: field("genus") == ["Larus", "Parus"],
        lambda: field("genus") < None,
        lambda: field("genus") == field("family"),
        lambda: (field("genus") == "Larus") & "Parus",
        lambda: bool(field("genus") == "Larus"),
        lambda: 1 < field("year") < 5,
        lambda: field(""),
    ],
)
def test_what_is_no_condition_is_refused_in_words(wrong):
    with pytest.raises(TypeError, match=r"field|takes|name"):
        wrong()


def test_missing_values_in_a_list_are_refused_rather_than_asked():
    with pytest.raises(ValueError, match="missing"):
        field("genus").isin(pd.Series(["Larus", None]))


def test_a_condition_reads_as_it_was_written():
    where = (field("a") == 1) & ~(field("b").between(1, 2) | field("c").isnull())
    assert repr(where) == (
        "(nat.field('a') == 1) & (~((nat.field('b').between(1, 2)) | (nat.field('c').isnull())))"
    )
    assert repr(field("a")) == "nat.field('a')"
