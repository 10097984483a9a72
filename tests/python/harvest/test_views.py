"""Views: one language, one value, joined values, a row a value. What they leave out is counted."""

import naturalia as nat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.building import dc, page, record, title
from support.observed import read

XML_TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), min_size=1, max_size=12
).filter(lambda text: text.strip() == text)
TRICKY = st.text(st.sampled_from("ab|\\ ;,"), min_size=1, max_size=8).filter(lambda t: t.strip() == t)


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("]]>", "]]&gt;")


def two_languages() -> nat.Table:
    return read(
        page(
            record(dc(title("meeuw", 'xml:lang="nl"'), title("gull", 'xml:lang="en"')), 1),
            record(dc(title("goéland", 'xml:lang="fr"'), title("Larus")), 2),
            record(dc(title("gull", 'xml:lang="en-GB"')), 3),
            record(None, 4),
        )
    )


def test_the_first_language_that_an_element_has_is_chosen() -> None:
    view = two_languages().view(lang=("nl", "en"))
    assert view["title"][0] == ["meeuw"]
    assert view.report.left_out >= 1


def test_values_without_a_language_are_always_kept() -> None:
    assert "Larus" in two_languages().view(lang=("nl", "en"))["title"][1]


def test_one_language_may_be_given_as_text() -> None:
    assert two_languages().view(lang="en")["title"][0] == ["gull"]


def test_wide_makes_a_column_for_each_language() -> None:
    view = two_languages().view(lang="wide")
    assert {"title_nl", "title_en", "title_fr", "title"} <= set(view.columns)
    assert view["title_nl"] == [["meeuw"], [], [], []]
    assert view["title_fr"][1] == ["goéland"]
    assert view["title"][1] == ["Larus"]
    assert view.report.left_out == 0


def test_first_keeps_one_value_and_counts_the_others() -> None:
    view = two_languages().view(multi="first")
    assert view["title"] == ["meeuw", "goéland", "gull", None]
    assert view.report.left_out == 2


def test_explode_makes_a_row_for_each_value() -> None:
    view = two_languages().view(multi="explode", columns=["identifier", "title"])
    assert view["title"] == ["meeuw", "gull", "goéland", "Larus", "gull", None]
    assert [i[-1] for i in view["identifier"]] == ["1", "1", "2", "2", "3", "4"]


def test_only_the_columns_asked_for_are_in_the_view() -> None:
    assert two_languages().view(columns="title,identifier").columns == ["title", "identifier"]


def test_an_unknown_column_or_shape_is_refused_with_a_guess() -> None:
    with pytest.raises(ValueError, match="title"):
        two_languages().view(columns=["titel"])
    with pytest.raises(ValueError, match="join"):
        two_languages().view(multi="joined")


def parts(text: str | None, sep: str) -> list[str]:
    """Splits a joined value: a backslash makes the next character part of a value."""
    if text is None:
        return []
    found, at = [""], 0
    while at < len(text):
        if text[at] == "\\":
            found[-1] += text[at + 1]
            at += 2
        elif text.startswith(sep, at):
            found.append("")
            at += len(sep)
        else:
            found[-1] += text[at]
            at += 1
    return found


@given(st.lists(XML_TEXT | TRICKY, max_size=5), st.sampled_from([" | ", "|", ";", "; ", ", ", "||", "aa"]))
def test_joined_values_can_be_split_again(values: list[str], sep: str) -> None:
    table = read(page(record(dc(*(title(escaped(v)) for v in values)))))
    assert table["title"] == [values]
    joined = table.view(multi="join", sep=sep)["title"][0]
    assert parts(joined, sep) == values


@given(st.lists(st.tuples(XML_TEXT, st.sampled_from(["", "nl", "en"])), max_size=6))
def test_a_language_view_plus_what_it_left_out_is_everything(values: list[tuple[str, str]]) -> None:
    titles = [title(escaped(v), f'xml:lang="{lang}"' if lang else "") for v, lang in values]
    table = read(page(record(dc(*titles))))
    view = table.view(lang=("nl", "en"))
    assert len(view["title"][0]) + view.report.left_out == len(values)


@given(
    st.lists(
        st.tuples(st.sampled_from(["title", "creator", "subject"]), st.text(" \n\tab&<é", max_size=5)),
        max_size=8,
    )
)
def test_the_long_table_is_what_was_written(values: list[tuple[str, str]]) -> None:
    elements = [f"<dc:{name}>{escaped(text)}</dc:{name}>" for name, text in values]
    table = read(page(record(dc(*elements))), strict=True)
    assert [(r.element, r.position, r.value) for r in table.long()] == [
        (f"dc:{name}", position, text) for position, (name, text) in enumerate(values)
    ]


def test_csv_of_a_joined_view_has_a_line_for_each_record() -> None:
    import csv
    import io

    view = two_languages().view(multi="join", columns=["identifier", "title"])
    rows = list(csv.reader(io.StringIO(view._core.csv().decode())))
    assert rows[0] == ["identifier", "title"]
    assert rows[1][1] == "meeuw | gull"
    assert len(rows) == 5


def test_json_lines_have_an_object_for_each_record() -> None:
    import json

    lines = two_languages()._core.jsonl().decode().splitlines()
    assert [json.loads(line).get("title", []) for line in lines] == [
        ["meeuw", "gull"],
        ["goéland", "Larus"],
        ["gull"],
        [],
    ]


@pytest.mark.parametrize("multi", [None, 3, "lst"])
def test_what_multi_may_be_is_said_of_anything_else(multi):
    with pytest.raises(ValueError, match=f"multi={multi!r}"):
        nat.read(nat.samples.path("naturalis_oai_dc.xml")).view(multi=multi)
