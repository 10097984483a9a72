"""Functions on values from Python: what a rule of a crosswalk makes of a text."""

import csv
import re
from pathlib import Path

import pytest
from naturalia import _core


def test_a_value_has_its_shape():
    assert _core.value("date.edtf", "omstreeks 1900")[0] == "1900~"
    assert _core.value("split", "vogels;zee", [";"])[0] == ["vogels", "zee"]
    assert _core.value("name.role", "Haan, Piet de (regie)")[0] == {
        "name": "Haan, Piet de",
        "role": "regie",
        "kind": "person",
    }


def test_what_is_not_understood_has_a_kind_and_a_reason():
    assert _core.value("date.edtf", "05-09-1952") == (None, "ambiguous", "day and month can't be told apart")
    assert _core.value("date.edtf", "z.d.")[1] == "placeholder"
    assert _core.value("date.edtf", "1953-02-30")[1] == "impossible"
    assert _core.value("date.edtf", "Mission period")[1] == "unknown"


def test_a_value_goes_back():
    assert _core.value("name.role", "Bloemendal, Philip ( commentaar)", back=True)[0] == (
        "Bloemendal, Philip ( commentaar)"
    )
    assert _core.value("lang.name_en", "nld", back=True)[0] == "Dutch"


def test_a_wrong_call_says_what_is_wrong():
    with pytest.raises(ValueError, match=r"no function date\.edft"):
        _core.value("date.edft", "1900")
    with pytest.raises(ValueError, match=r"split takes \(separator\), not 0 arguments"):
        _core.value("split", "a;b")
    with pytest.raises(ValueError, match="no way back"):
        _core.value("mime.from_url", "http://x.org/y.png", back=True)


def dates_of(path: Path) -> list[str]:
    """The dates of a file of the corpus: `dc:date` and `oi:date` of a page, dates of NBA documents."""
    if path.suffix == ".ndjson":
        keys = r'"(?:dateTimeBegin|dateTimeEnd|dateIdentified|publicationDate)":\s*"([^"]*)"'
        return re.findall(keys, path.read_text(encoding="utf-8"))
    if path.suffix == ".jsonl":
        return re.findall(r'"(?:dcterms:)?date":\s*"([^"]*)"', path.read_text(encoding="utf-8"))
    return re.findall(
        r"<(?:dc|oi):date(?:\s[^>]*)?>([^<]*)</", path.read_text(encoding="utf-8", errors="replace")
    )


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("files", "share"),
    [
        ("oai/responses/**/*.xml", 0.99),
        ("oai/openimages/*.jsonl", 1.0),
        ("nba/testsets/*.ndjson", 1.0),
    ],
)
def test_the_dates_of_the_corpus_are_understood(corpus, files, share):
    dates = [date for path in sorted(corpus.glob(files)) for date in dates_of(path) if date.strip()]
    understood = [date for date in dates if _core.value("date.edtf", date)[1] in (None, "placeholder")]
    assert len(dates) > 1000
    assert len(understood) / len(dates) >= share


# The vectors of the corpus count the year named as one of those before or after it.
EXCLUSIVE = {
    "voor 1900": "[..1899]",
    "before 1900": "[..1899]",
    "na 1900": "[1901..]",
    "after 1900": "[1901..]",
}


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("file", "function", "wanted"),
    [
        ("date_edtf.tsv", "date.edtf", "edtf"),
        ("duration_iso8601.tsv", "duration.iso8601", "canonical"),
        ("language.tsv", "lang.bcp47", "bcp47"),
    ],
)
def test_the_vectors_of_the_corpus_give_their_values(corpus, file, function, wanted):
    with (corpus / "crosswalk" / "tests" / file).open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows, delimiter="\t", quoting=csv.QUOTE_NONE):
            hints = ["ms"] if "unit=ms" in (row.get("status") or "") else []
            hints += [row["lang_hint"]] if row.get("lang_hint") else []
            value = EXCLUSIVE.get(row["input"], row[wanted] or None)
            assert _core.value(function, row["input"], hints)[0] == value, row
