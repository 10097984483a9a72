"""Licences of frames: coded columns, columns that are replaced, and frames that can't be read."""

import naturalia as nat
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

STATEMENTS = ["CC BY 4.0", None, "© A. Person", "CC BY 4.0", "CC BY-NC"]
ALONE = [nat.license(each or "").id for each in STATEMENTS]

FRAMES = {
    "pandas objects": pd.DataFrame({"rights": pd.Series(STATEMENTS, dtype=object)}),
    "pandas strings": pd.DataFrame({"rights": pd.Series(STATEMENTS, dtype="string")}),
    "pandas categories": pd.DataFrame({"rights": pd.Categorical(STATEMENTS)}),
    "polars": pl.DataFrame({"rights": STATEMENTS}),
    "polars categories": pl.DataFrame({"rights": STATEMENTS}, schema={"rights": pl.Categorical}),
    "pyarrow": pa.table({"rights": STATEMENTS}),
    "pyarrow dictionary": pa.table({"rights": pa.array(STATEMENTS).dictionary_encode()}),
    "pyarrow chunks": pa.table(
        {
            "rights": pa.chunked_array(
                [pa.array(STATEMENTS[:2]).dictionary_encode(), pa.array(STATEMENTS[2:]).dictionary_encode()]
            )
        }
    ),
}


def ids(frame):
    values = frame["license_id"]
    values = values.to_pylist() if isinstance(frame, pa.Table) else list(values)
    return [None if pd.isna(value) else value for value in values]


@pytest.mark.parametrize("name", FRAMES)
def test_each_row_has_the_answer_of_its_statement(name):
    assert ids(nat.licenses(FRAMES[name], column="rights")) == ALONE


@pytest.mark.parametrize("name", FRAMES)
def test_frames_without_rows_have_the_columns_too(name):
    frame = FRAMES[name]
    empty = frame.slice(0, 0) if isinstance(frame, (pa.Table, pl.DataFrame)) else frame.iloc[:0]
    assert ids(nat.licenses(empty, column="rights")) == []


def test_rows_of_a_frame_keep_their_index():
    frame = pd.DataFrame({"rights": STATEMENTS}, index=[9, 7, 5, 3, 1])
    assert list(nat.licenses(frame, column="rights").index) == [9, 7, 5, 3, 1]


@pytest.mark.parametrize("library", [pd.DataFrame, pl.DataFrame, pa.table])
def test_a_column_with_the_name_of_an_answer_is_not_replaced_in_silence(library):
    frame = library({"rights": STATEMENTS, "license_status": ["ours"] * 5})
    with pytest.warns(nat.errors.NaturaliaWarning, match="replace columns of the frame: license_status"):
        nat.licenses(frame, column="rights")


def test_a_lazy_frame_has_to_be_collected():
    with pytest.raises(TypeError, match=r"not a LazyFrame; call collect\(\) on it first"):
        nat.licenses(pl.LazyFrame({"rights": STATEMENTS}), column="rights")


def test_a_column_whose_name_occurs_twice_is_refused():
    frame = pd.DataFrame([["CC BY 4.0", "CC0"]], columns=["rights", "rights"])
    with pytest.raises(ValueError, match="the frame has 2 columns named 'rights'; give them different names"):
        nat.licenses(frame, column="rights")


def test_a_report_names_the_words_that_are_not_read_and_the_row_of_the_sheet():
    report = nat.license_report(["CC BY 4.0", "CC BY 4.0 for walruses", "CC BY 4.0 for walruses"])
    assert [(row["count"], row["unread"]) for row in report.rows] == [(2, "walruses"), (1, "")]
    assert "row 2           2  unclear      CC BY 4.0 for walruses  unread: walruses" in str(report)
