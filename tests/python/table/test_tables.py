"""A table goes to pandas, polars, DuckDB and pyarrow and comes back as it was."""

import copy
import pickle
from pathlib import Path
from typing import Any

import duckdb
import naturalia as nat
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from support.building import dc, page, record, title
from support.observed import identifiers, read, texts

PAGES = {
    "oai_dc": "ListRecords.oai_dc.xml",
    "oai_qdc": "GetRecord.oai_qdc.xml",
    "oai_oi": "ListRecords.oai_oi.xml",
    "xml": "ListRecords.mods.xml",
    "header": "ListIdentifiers.xml",
    "identify": "Identify.xml",
    "sets": "ListSets.xml",
    "formats": "ListMetadataFormats.xml",
}
RECORDS = ("oai_dc", "oai_qdc", "oai_oi", "xml", "header")


@pytest.fixture(params=PAGES)
def table(request: pytest.FixtureRequest, fixtures: Path) -> nat.Table:
    """A table of each format."""
    return read(fixtures / PAGES[request.param])


def contents(table: nat.Table) -> dict[str, list[Any]]:
    """Every column as Python values; a missing list is an empty one."""
    cells = {name: table[name] for name in table.columns}
    lists = {name for name, column in cells.items() if any(isinstance(c, list) for c in column)}
    return {
        name: [[] if name in lists and cell is None else cell for cell in column]
        for name, column in cells.items()
    }


def through_pandas(table: nat.Table) -> Any:
    return table.to_pandas()


def through_polars(table: nat.Table) -> Any:
    return pl.DataFrame(table)


def through_duckdb(table: nat.Table) -> Any:
    held = table
    return duckdb.sql("select * from held").to_arrow_table() if held is not None else None


def through_pyarrow(table: nat.Table) -> Any:
    return pa.table(table)


def through_batches(table: nat.Table) -> Any:
    return pa.RecordBatchReader.from_stream(table)


WAYS = [through_pandas, through_polars, through_duckdb, through_pyarrow, through_batches]


@pytest.mark.parametrize("way", WAYS, ids=lambda w: w.__name__)
def test_a_table_comes_back_as_it_went(table: nat.Table, way: Any) -> None:
    back = nat.Table(way(table))
    assert back.format == table.format
    assert back.columns == table.columns
    assert contents(back) == contents(table)


@pytest.mark.parametrize("way", WAYS, ids=lambda w: w.__name__)
def test_the_exact_values_come_back_too(way: Any, fixtures: Path) -> None:
    """The notes column carries language, attributes and order, so `long()` survives the journey."""
    for name in ("oai_dc", "oai_qdc", "oai_oi"):
        table = read(fixtures / PAGES[name])
        assert list(nat.Table(way(table)).long()) == list(table.long())


@pytest.mark.parametrize("way", WAYS, ids=lambda w: w.__name__)
def test_an_empty_table_comes_back_with_its_columns(way: Any, fixtures: Path) -> None:
    for name in PAGES:
        empty = read(fixtures / PAGES[name])[:0]
        back = nat.Table(way(empty), format=name)
        assert (back.columns, len(back)) == (empty.columns, 0)


def test_the_stream_can_be_read_again(table: nat.Table) -> None:
    held = table
    assert pa.table(table).equals(pa.table(table))
    assert pl.DataFrame(table).height == len(held) == len(duckdb.sql("select 1 from held").fetchall())


def test_the_schema_says_what_the_stream_holds(table: nat.Table) -> None:
    assert pa.schema(table).equals(pa.table(table).schema)
    pa.table(table).validate(full=True)


def test_the_schema_is_that_of_the_contract(fixtures: Path) -> None:
    schema = pa.schema(read(fixtures / PAGES["oai_dc"]))
    assert schema.field("identifier").type == pa.string()
    assert schema.field("datestamp").type == pa.string()
    assert schema.field("datestamp_utc").type == pa.timestamp("us", tz="UTC")
    assert schema.field("deleted").type == pa.bool_()
    for name in ("sets", "title", "dc_identifier", "rights"):
        assert pa.types.is_list(schema.field(name).type)
        assert schema.field(name).type.value_type == pa.string()
    assert [f.name for f in schema.field("extra").type.value_type] == ["element", "value"]
    assert [f.name for f in schema.field("notes").type.value_type] == [
        "path", "index", "seq", "lang", "attributes", "text", "markup",
    ]  # fmt: skip


def test_a_requested_schema_is_granted_or_declined_but_never_breaks(fixtures: Path) -> None:
    table = read(fixtures / PAGES["oai_dc"])
    assert pa.table(table, schema=pa.schema(table)).equals(pa.table(table))


def recast(table: pa.Table, **types: pa.DataType) -> pa.Table:
    return table.cast(pa.schema([f.with_type(types.get(f.name, f.type)) for f in table.schema]))


@pytest.mark.parametrize(
    "types",
    [
        {"identifier": pa.large_string(), "title": pa.list_(pa.large_string())},
        {"identifier": pa.string_view(), "datestamp": pa.string_view()},
        {"title": pa.large_list(pa.string()), "sets": pa.large_list(pa.large_string())},
        {"title": pa.list_(pa.string_view()), "creator": pa.large_list(pa.string_view())},
        {"datestamp_utc": pa.timestamp("ns", tz="UTC")},
        {"datestamp_utc": pa.timestamp("ms", tz="UTC")},
    ],
    ids=str,
)
def test_arrow_types_that_say_the_same_are_accepted(types: dict[str, Any], fixtures: Path) -> None:
    table = read(fixtures / PAGES["oai_dc"])
    assert contents(nat.Table(recast(pa.table(table), **types))) == contents(table)


def test_dictionaries_and_null_columns_are_accepted(fixtures: Path) -> None:
    table = read(fixtures / PAGES["oai_dc"])
    arrow = pa.table(table)
    encoded = arrow.set_column(0, "identifier", arrow["identifier"].dictionary_encode())
    assert contents(nat.Table(encoded)) == contents(table)
    place = arrow.schema.get_field_index("relation")
    nulls = arrow.set_column(place, "relation", pa.nulls(len(arrow)))
    assert contents(nat.Table(nulls))["relation"] in ([[]] * 3, [None] * 3)


def test_sliced_and_chunked_arrow_is_accepted(fixtures: Path) -> None:
    table = read(fixtures / PAGES["oai_dc"])
    arrow = pa.concat_tables([pa.table(table)] * 3).slice(1, 6)
    rows = contents(nat.Table(arrow))
    assert rows["identifier"] == (table["identifier"] * 3)[1:7]
    assert rows["title"] == (table["title"] * 3)[1:7]
    assert rows["deleted"] == (table["deleted"] * 3)[1:7]


def test_a_record_batch_is_accepted(fixtures: Path) -> None:
    table = read(fixtures / PAGES["oai_dc"])
    (batch,) = pa.table(table).combine_chunks().to_batches()
    assert contents(nat.Table(batch)) == contents(table)


def test_a_frame_someone_made_by_hand_is_accepted() -> None:
    frame = pd.DataFrame({"identifier": ["a", None], "title": [["Larus"], []], "deleted": [False, True]})
    table = nat.Table(frame, format="oai_dc")
    assert (table.format, len(table)) == ("oai_dc", 2)
    assert table["title"] == [["Larus"], []]


def test_what_is_no_table_is_a_type_error() -> None:
    for wrong in (None, 3, "a", [1]):
        with pytest.raises(TypeError):
            nat.Table(wrong)


def test_a_timestamp_arrives_as_an_instant_in_each_library(fixtures: Path) -> None:
    table = read(fixtures / PAGES["oai_dc"])
    expected = "2024-01-03T00:00:00+00:00"
    assert table["datestamp_utc"][0].isoformat() == expected
    assert table.to_pandas()["datestamp_utc"][0].isoformat() == expected
    assert pl.DataFrame(table)["datestamp_utc"][0].isoformat() == expected
    assert pa.table(table)["datestamp_utc"][0].as_py().isoformat() == expected


def test_a_query_of_duckdb_reads_the_table_by_its_name() -> None:
    t = read(page(*(record(dc(title(str(n))), n) for n in range(10))))
    found = duckdb.sql("select count(*), max(title[1]) from t where not deleted").fetchall()
    assert found == [(10, "9")]
    assert t


def ten() -> nat.Table:
    return read(
        [
            page(*(record(dc(title(str(n), f'xml:lang="l{n}"')), n) for n in half))
            for half in (range(4), range(4, 10))
        ]
    )


def test_slices_are_tables_of_those_rows() -> None:
    table = ten()
    for part in (
        slice(2, 5),
        slice(None, 3),
        slice(-2, None),
        slice(0, 10, 3),
        slice(None, None, -1),
        slice(5, 2),
    ):
        assert texts(table[part]) == [str(n) for n in range(10)][part]
        assert [row.lang for row in table[part].long()] == [f"l{n}" for n in range(10)][part]


def test_rows_may_be_taken_in_any_order_and_more_than_once() -> None:
    assert texts(ten()[[9, 0, 0, 5, -1]]) == ["9", "0", "0", "5", "9"]
    with pytest.raises(IndexError):
        ten()[[10]]


def test_rows_taken_from_many_small_pages_come_in_one_batch() -> None:
    taken = ten()[[9, 2, 3, 4, 0]]
    (batch,) = pa.table(taken).to_batches()
    assert batch.num_rows == 5
    assert [row.lang for row in taken.long()] == ["l9", "l2", "l3", "l4", "l0"]


def test_rows_taken_have_what_they_had_in_every_type_of_column() -> None:
    columns = {
        "identifier": pa.array(["a", "b", "c", "d"]),
        "text": pa.array([None, "", "é", "ü"]),
        "list": pa.array([None, [], ["x", None], ["y"]], pa.list_(pa.string())),
        "flag": pa.array([True, None, False, True]),
        "number": pa.array([None, 1, 2, 3], pa.int64()),
        "real": pa.array([0.5, None, 1.5, 2.5]),
        "group": pa.array([{"own": ["x"]}, {"own": None}, None, {"own": ["y", "z"]}]),
    }
    arrow = pa.table(columns)
    whole = nat.concat([nat.Table(arrow), nat.Table(arrow.slice(1, 2))])
    expected = pa.table(whole).to_pylist()
    for rows in ([3, 1, 2, 4, 5, 0, 0], [0], [1, 5], []):
        assert pa.table(whole[rows]).to_pylist() == [expected[row] for row in rows]


def test_a_mask_or_a_function_filters() -> None:
    table = ten()
    assert texts(table[[n % 2 == 0 for n in range(10)]]) == ["0", "2", "4", "6", "8"]
    assert texts(table.filter(lambda r: r.title > ["6"])) == ["7", "8", "9"]
    assert texts(table[pl.DataFrame(table)["title"].list.first() < "3"]) == ["0", "1", "2"]
    assert texts(table[table.to_pandas()["title"].str[0] < "3"]) == ["0", "1", "2"]


def test_concat_is_all_rows_in_order_and_adds_up_the_reports() -> None:
    table = ten()
    both = nat.concat([table[7:], table, table[:1]])
    assert texts(both) == ["7", "8", "9", *"0123456789", "0"]
    assert both.format == "oai_dc"
    assert [row.lang for row in both.long()][:2] == ["l7", "l8"]


def test_concat_of_two_formats_without_a_way_to_media_is_refused() -> None:
    with pytest.raises(ValueError, match="identify"):
        nat.concat([ten(), nat.read(nat.samples.path("identify.xml"))])


def test_concat_of_columns_of_two_types_is_refused() -> None:
    tables = [nat.Table(pa.table({"identifier": ["a"], "size": [size]})) for size in (1, "one")]
    with pytest.raises(ValueError, match=r'column "size"'):
        nat.concat(tables)


def test_keep_gives_the_exact_rows_of_a_frame_in_its_order() -> None:
    table = ten()
    shuffled = table.to_pandas().iloc[[8, 3, 5]]
    assert texts(table.keep(shuffled)) == ["8", "3", "5"]
    assert [row.lang for row in table.keep(shuffled).long()] == ["l8", "l3", "l5"]
    chosen = (
        pl.DataFrame(table).filter(pl.col("title").list.first() > "6").sort("identifier", descending=True)
    )
    assert texts(table.keep(chosen.select("identifier"))) == ["9", "8", "7"]
    t = table
    assert sorted(texts(t.keep(duckdb.sql("select identifier from t where title[1] < '3'")))) == [
        "0",
        "1",
        "2",
    ]


def test_keep_of_an_unknown_identifier_is_an_error_not_a_missing_row() -> None:
    with pytest.raises((ValueError, KeyError), match="nowhere"):
        ten().keep(pd.DataFrame({"identifier": ["oai:nowhere:1"]}))


def test_keep_without_an_identifier_column_says_so() -> None:
    with pytest.raises((ValueError, KeyError), match="identifier"):
        ten().keep(pd.DataFrame({"title": ["a"]}))


def test_summary_tells_how_well_each_column_is_filled() -> None:
    table = read(
        page(
            record(dc(title("a"), title("b"), "<dc:creator>x</dc:creator>"), 1),
            record(dc(title("a"), "<dc:creator> </dc:creator>"), 2),
            record(None, 3),
            record(dc(title("c")), 4),
        )
    )
    told = {row.column: row for row in table.summary()}
    assert (told["title"].filled, told["title"].values, told["title"].distinct) == (3, 4, 3)
    assert told["title"].fill == pytest.approx(0.75)
    assert (told["title"].commonest, told["title"].count) == ("a", 2)
    assert (told["creator"].filled, told["creator"].fill) == (1, pytest.approx(0.25))
    assert (told["publisher"].filled, told["publisher"].values, told["publisher"].fill) == (0, 0, 0)
    assert told["publisher"].commonest is None


def test_the_long_table_is_a_table_like_any_other(fixtures: Path) -> None:
    long = read(fixtures / PAGES["oai_dc"]).long()
    assert long.format == "long"
    assert long.columns == ["identifier", "element", "position", "value", "lang", "attributes", "markup"]
    assert pl.DataFrame(long).height == len(long)
    assert duckdb.sql("select count(distinct element) from long").fetchall()[0][0] >= 10


def test_identifiers_of_a_slice_point_at_the_same_records() -> None:
    table = ten()
    assert identifiers(table[3:5]) == [table[3].identifier, table[4].identifier]
    assert [r.title for r in table[3:5]] == [["3"], ["4"]]


def test_memory_outlives_the_table_it_came_from() -> None:
    """Arrow buffers are shared without a copy; they live as long as anyone holds them."""
    import gc

    arrow = pa.table(ten())
    gc.collect()
    assert arrow["title"].to_pylist() == [[str(n)] for n in range(10)]


@pytest.mark.parametrize("nothing", [None, [], [None], {"x": None}, [{"x": []}]])
def test_polars_columns_of_nothing_are_columns_without_values(nothing):
    frame = pl.DataFrame({"identifier": ["oai:x:1", "oai:x:2"], "note": [nothing, nothing]}, strict=False)
    assert "Null" in str(frame.schema["note"])
    table = nat.concat([frame])
    assert len(table) == 2
    assert table["identifier"] == ["oai:x:1", "oai:x:2"]
    assert not any(text for text in map(str, table["note"]) if text.strip("[]{}' :xNone"))


def test_copies_are_the_thing_itself_for_it_never_changes():
    table = nat.read(nat.samples.path("openimages_oai_dc.xml"))
    for one in (table, table[0], table.view(multi="join")):
        assert copy.copy(one) is one
        assert copy.deepcopy(one) is one


def test_what_does_not_pickle_says_what_to_send_instead():
    table = nat.read(nat.samples.path("openimages_oai_dc.xml"))
    for one in (table, table[0]):
        with pytest.raises(TypeError, match="does not pickle: send"):
            pickle.dumps(one)
