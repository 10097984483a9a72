"""What goes to others with media: checks for targets, citations, the sheet for Commons."""

import csv
import json
import unicodedata

import bibtexparser
import naturalia as nat
import openpyxl
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from citeproc import Citation as Cited
from citeproc import CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from hypothesis import given
from hypothesis import strategies as st
from naturalia._handover.commons import COLUMNS, LONGEST, file_name

OPEN_IMAGES = nat.samples.path("openimages_oai_oi.xml")


def media(**columns):
    """A table of `media` with one row; columns not named are those of a plain photograph."""
    row = {
        "media_id": "m1",
        "identifier": "m1",
        "unit_id": "RMNH.1",
        "specimen_id": "RMNH.1@CRS",
        "media_url": "https://example.org/1.jpg",
        "format": "image/jpeg",
        "type": "StillImage",
        "title": "Gull",
        "creator": "Person, A.",
        "scientific_name": "Larus argentatus",
        "collection": "Aves",
        "source": "CRS",
        "license_raw": "https://creativecommons.org/licenses/by/4.0/",
        "license_basis": "stated",
        **columns,
    }
    document = json.dumps({name: value for name, value in row.items() if value is not None})
    return nat.read(document.encode(), format="media")


@pytest.fixture
def sample():
    return nat.read(OPEN_IMAGES)


# Checks


def test_a_free_licence_and_a_file_that_commons_takes_pass():
    assert nat.check(media(), "commons").counts == {"yes": 1, "conditional": 0, "unknown": 0, "no": 0}


@pytest.mark.parametrize(
    ("change", "verdict", "reason"),
    [
        ({"license_raw": "CC BY-NC 4.0"}, "no", "not-free"),
        ({"license_raw": "CC BY"}, "conditional", "version-unstated"),
        ({"license_raw": "CC0 4.0"}, "unknown", "no-such-licence"),
        ({"license_raw": None}, "unknown", "nothing-stated"),
        (
            {"license_raw": "http://creativecommons.org/publicdomain/mark/1.0/"},
            "conditional",
            "public-domain",
        ),
        (
            {"license_raw": "CC0 1.0", "license_basis": "constant", "collection": "Arts"},
            "conditional",
            "constant",
        ),
        (
            {"license_raw": "CC0 1.0", "license_basis": "constant", "collection": None},
            "conditional",
            "constant",
        ),
        ({"format": "video/mp4"}, "no", "format-not-taken"),
        ({"format": None}, "unknown", "format-unstated"),
        ({"media_url": None}, "no", "no-file"),
        ({"media_url": "ftp://example.org/1.jpg"}, "no", "no-file"),
        ({"title": None, "scientific_name": None}, "conditional", "title-missing"),
        ({"creator": None}, "conditional", "author-missing"),
        ({"withheld": "the place"}, "conditional", "withheld"),
    ],
)
def test_whatever_commons_would_ask_for_is_named(change, verdict, reason):
    found = nat.check(media(**change), "commons")
    assert found.counts[verdict] == 1
    assert reason in found.table["reasons"][0]
    assert found.table["advice"][0]


def test_a_licence_stamped_on_a_collection_of_specimens_passes_commons():
    stamped = media(license_raw="CC0 1.0", license_basis="constant", collection="Aves")
    assert nat.check(stamped, "commons")


def test_the_licence_of_the_medium_counts_for_commons_and_that_of_the_record_for_gbif():
    mixed = media(license_raw="CC BY-NC-ND 4.0", record_license_raw="CC0 1.0", record_license_basis="stated")
    assert nat.check(mixed, "commons").counts["no"] == 1
    assert nat.check(mixed, "gbif").counts["yes"] == 1
    assert nat.check(media(), "gbif").reasons[0][:2] == ("unknown", "record: nothing-stated")


def test_europeana_asks_for_its_mandatory_properties():
    bare = media(title=None, scientific_name=None, type=None, format=None, source=None)
    reasons = nat.check(bare, "europeana").table["reasons"][0]
    assert all(code in reasons for code in ("title-missing", "type-missing", "provider-missing"))


def test_no_licence_passes_that_does_not_say_so():
    stated = [
        "CC BY-NC 4.0",
        "CC BY-ND 4.0",
        "CC0 4.0",
        "CC BY",
        "",
        "public domain",
        "© Naturalis",
        "CC BY 4.0; CC BY-NC 4.0",
    ]
    assert not any(nat.check(media(license_raw=raw), "commons") for raw in stated)


def test_records_that_are_not_public_stay_out_and_are_counted():
    found = nat.check(media(public=False), "commons")
    assert (len(found), found.private) == (0, 1)
    assert len(nat.check(media(public=False), "commons", include_private=True)) == 1


def test_a_check_is_a_gate_in_scripts(sample):
    with pytest.raises(nat.errors.CheckFailed, match=r"2 no|1 no"):
        nat.check(sample, "commons").assert_ok()
    assert nat.check(media(), "commons").assert_ok() is None


def test_a_wrong_target_is_refused_with_the_right_one():
    with pytest.raises(ValueError, match="did you mean 'commons'"):
        nat.check(media(), "comons")


def test_any_table_a_file_and_a_frame_will_do(sample, tmp_path):
    expected = nat.check(sample, "commons").counts
    mapped = nat.crosswalk("oai_oi", "media").apply(sample).table
    mapped.write(tmp_path / "media.parquet")
    for given_ in (
        mapped,
        nat.scan(OPEN_IMAGES),
        OPEN_IMAGES,
        str(tmp_path / "media.parquet"),
        mapped.to_arrow(),
    ):
        assert nat.check(given_, "commons").counts == expected


ADDRESSES = {
    "media_id": ["m1", "m2"],
    "media_url": ["https://example.org/1.jpg", "https://example.org/2.jpg"],
    "format": ["image/jpeg", "image/jpeg"],
    "license_raw": ["CC BY 4.0", "CC BY-NC 4.0"],
}
HOLDERS = {
    "pyarrow": pa.table,
    "pandas": pd.DataFrame,
    "polars": pl.DataFrame,
    "a table of a frame": lambda columns: nat.Table(pa.table(columns)),
    "tables one after the other": lambda columns: iter([pa.table(columns)[:1], pa.table(columns)[1:]]),
    "media": lambda columns: nat.Table(pa.table(columns), format="media"),
}


@pytest.mark.parametrize("holder", HOLDERS.values(), ids=HOLDERS)
def test_every_verb_takes_the_same_media(holder, tmp_path):
    found = nat.check(holder(ADDRESSES), "commons").table
    assert found["media_id"] == ADDRESSES["media_id"]
    assert len(nat.cite(holder(ADDRESSES))) == 2
    assert [medium.media_id for medium in nat.gallery(holder(ADDRESSES)).media] == ADDRESSES["media_id"]
    assert nat.report(holder(ADDRESSES), tmp_path / "report.html").count == 2
    sheet = nat.write(holder(ADDRESSES), tmp_path / "sheet.csv", layout="commons")
    assert sheet.rows + sheet.counts["commons"] == 2
    job = nat.fetch(holder(ADDRESSES), tmp_path / "files", name="{media_id}", license="any", dry_run=True)
    assert job.manifest["media_id"] == ADDRESSES["media_id"]


@pytest.mark.parametrize("verb", [nat.cite, nat.gallery, lambda data: nat.check(data, "gbif")])
def test_a_frame_without_addresses_is_refused_with_the_column_it_lacks(verb):
    with pytest.raises(ValueError, match="needs the column media_url"):
        verb(pl.DataFrame({"title": ["Gull"]}))


# Citations


def test_bibtex_is_read_by_an_independent_library(sample):
    odd = media(media_id="a b/ä", title="50 % of {gulls & _all_ #1 \\ ~ ^ $", creator='Müller, Ö.; "X"')
    for table in (sample, odd):
        found = nat.cite(table, style="bibtex")
        parsed = bibtexparser.parse_string(str(found))
        assert not parsed.failed_blocks
        assert len(parsed.entries) == len(found)
        assert {entry["url"] for entry in parsed.entries} <= set(
            nat.crosswalk(table.format, "media").apply(table).table["landing_page"]
            if table is sample
            else odd["media_url"]
        )


def test_every_key_is_given_once():
    twice = nat.concat([media(), media(), media(media_id="M1")])
    parsed = bibtexparser.parse_string(str(nat.cite(twice, style="bibtex")))
    assert len({entry.key.casefold() for entry in parsed.entries}) == len(parsed.entries) == len(twice)


def test_csl_json_is_read_by_an_independent_processor(sample):
    items = json.loads(str(nat.cite(sample, style="csl-json")))
    source = CiteProcJSON(items)
    bibliography = CitationStylesBibliography(
        CitationStylesStyle("harvard-cite-them-right", validate=False), source, formatter.plain
    )
    for item in items:
        bibliography.register(Cited([CitationItem(item["id"])]))
    text = [str(line) for line in bibliography.bibliography()]
    assert len(text) == len(items)
    assert any("Vlucht van een buizerd" in line and "2009" in line for line in text)


def test_the_museum_is_cited_in_its_own_form():
    specimen = media(
        source="NHM",
        specimen_id="4ffbec35-4397-440b-b781-a18b4d958cef",
        title="BM000019319",
        source_version="1731500000000",
        dataset_doi="10.5519/0002965",
    )
    found = nat.cite(specimen)
    (one,) = found
    assert one.form == "nhm"
    assert one.text.startswith("Natural History Museum. (n.d.). ")
    assert "(from Collection specimens) [Photograph]. Natural History Museum." in one.text
    assert "https://data.nhm.ac.uk/object/4ffbec35-4397-440b-b781-a18b4d958cef/1731500000000" in one.text
    assert one.text.endswith("Licensed under CC-BY-4.0 (https://creativecommons.org/licenses/by/4.0/)")
    assert found.datasets == [
        (
            "Natural History Museum. (n.d.). Collection specimens [Data set]. Natural History Museum. "
            "https://doi.org/10.5519/0002965"
        )
    ]


def test_other_sources_are_cited_in_a_form_of_ours_that_says_so(sample):
    assert {one.form for one in nat.cite(sample)} == {"own"}


def test_what_a_citation_lacks_is_named_and_never_made_up():
    bare = media(title=None, scientific_name=None, creator=None, license_raw="CC0 4.0")
    (one,) = nat.cite(bare)
    assert one.missing == ("title", "author", "year", "licence")
    assert "Untitled" in one.text
    assert "n.d." in one.text
    assert "CC0 1.0" not in one.text


def test_attributions_come_from_the_licence():
    (one,) = nat.cite(media(), style="attribution", modified=True)
    assert one.text == (
        "Modified from “Gull” by Person, A. (https://example.org/1.jpg) is licensed under CC BY 4.0 "
        "(https://creativecommons.org/licenses/by/4.0/)"
    )


# Commons


NAMES = st.text(max_size=400) | st.sampled_from(
    [
        "../../etc/passwd",
        "CON",
        "a/b:c",
        "File:x|y",
        "~~~~",
        "50%41",
        "&amp;",
        "x" * 500,
        "\u202egnp.exe",
        "...",
        "🐦" * 90,
    ]
)


@given(NAMES, st.sampled_from([".jpg", ".webm", ".djvu"]))
def test_file_names_follow_the_rules_of_commons(stem, ending):
    name = file_name(stem, ending)
    assert name.endswith(ending)
    assert len(name.encode()) <= LONGEST
    assert not set("#<>[]|{}/\\:") & set(name)
    assert name == unicodedata.normalize("NFC", name) == name.strip(" ._")
    assert not any(unicodedata.category(c) in ("Cc", "Cf") for c in name)
    assert "  " not in name
    assert "~~~" not in name
    assert any(c.isalpha() for c in name.removesuffix(ending))
    assert name[0] == name[0].upper() or len(name[0].upper()) > 1


def test_the_sheet_holds_what_passes_and_says_why_the_rest_does_not(sample, tmp_path):
    report = sample.write(tmp_path / "commons.xlsx", layout="commons")
    book = openpyxl.load_workbook(tmp_path / "commons.xlsx")
    upload, left = book["upload"], book["left out"]
    assert [cell.value for cell in upload[1]] == list(COLUMNS)
    assert upload.max_row - 1 == report.rows == nat.check(sample, "commons").counts["yes"]
    assert upload.max_row + left.max_row - 2 == len(sample)
    assert all(row[2].value for row in left.iter_rows(min_row=2))
    names = [row[1].value for row in upload.iter_rows(min_row=2)]
    assert len({name.casefold() for name in names}) == len(names)


def test_media_with_one_title_get_names_of_their_own(tmp_path):
    same = nat.concat([media(media_id=f"m{n}") for n in range(3)])
    same.write(tmp_path / "c.csv", layout="commons")
    with open(tmp_path / "c.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["name"] for row in rows] == [
        "Gull - Larus argentatus - RMNH.1.jpg",
        "Gull - Larus argentatus - RMNH.1 (2).jpg",
        "Gull - Larus argentatus - RMNH.1 (3).jpg",
    ]


def test_wikitext_shows_hostile_metadata_as_text(tmp_path):
    hostile = media(title="}}{{Delete|~~~~}}[[File:x]]<script>|a=b''", creator="*list; #x")
    hostile.write(tmp_path / "c.csv", layout="commons")
    with open(tmp_path / "c.csv", encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    text = row["wikitext"]
    assert "{{cc-by-4.0}}" in text
    assert text.count("{{") == 4  # int, Information, int, the licence
    assert not any(odd in text for odd in ("{{Delete", "~~~~", "[[File:x", "<script", "''"))


def test_a_layout_that_a_file_does_not_have_is_refused(sample, tmp_path):
    with pytest.raises(ValueError, match="commons"):
        sample.write(tmp_path / "x.xlsx", layout="comons")
    with pytest.raises(ValueError, match="exact"):
        sample.write(tmp_path / "x.json", layout="commons")


# Displays


HOSTILE = "<img src=x onerror=alert(1)></td><script>alert(2)</script>\"' javascript:alert(3)"


def hostile():
    """Media whose every text tries to get out of its place."""
    names = (
        "title",
        "creator",
        "scientific_name",
        "collection",
        "license_raw",
        "unit_id",
        "source",
        "media_id",
    )
    return media(
        **dict.fromkeys(names, HOSTILE), landing_page="javascript:alert(4)", media_url="javascript:alert(5)"
    )


def test_hostile_metadata_stays_text_in_every_display_and_in_the_report(tmp_path):
    table = hostile()
    nat.report(table, tmp_path / "r.html", title=HOSTILE, command=HOSTILE)
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    shown = [nat.check(table, "commons"), nat.cite(table), nat.gallery(table, group="collection")]
    for html in (page, *(each._repr_html_() for each in shown)):
        assert "<script" not in html
        assert "<img" not in html
        assert 'href="javascript' not in html
        assert "onerror=alert(1)" in html  # as text


def test_displays_stay_small_and_need_nothing_from_elsewhere(sample):
    many = nat.concat([sample] * 200)
    for each in (nat.check(many, "commons"), nat.cite(many), nat.gallery(many)):
        html = each._repr_html_()
        assert len(html.encode()) <= 60_000
        assert "src=" not in html


def pictures(folder, table):
    """A small JPEG for every medium."""
    from PIL import Image

    found = {}
    for number, name in enumerate(table["media_id"]):
        found[name] = folder / f"{number}.jpg"
        Image.new("RGB", (640, 480), (40 * number, 90, 120)).save(found[name])
    return found


def test_a_gallery_shows_the_files_that_were_fetched(sample, tmp_path):
    table = nat.crosswalk("oai_oi", "media").apply(sample).table
    images = pictures(tmp_path, table)
    (tmp_path / "0.jpg").write_bytes(b"<html>not a picture</html>")
    shown = nat.gallery(table, images=images, group="type")
    assert shown._repr_html_().count('<img src="data:image/jpeg;base64,') == len(table) - 1
    shown.write(tmp_path / "sheet.png")
    from PIL import Image

    with Image.open(tmp_path / "sheet.png") as sheet:
        assert sheet.format == "PNG"
        assert sheet.width > sheet.height


def test_pictures_are_found_by_what_fetch_gave_and_by_its_folder(tmp_path):
    with nat.testing.media(3) as server:
        table = nat.read(server.jsonl(), format="media")
        job = nat.fetch(table, tmp_path / "img", rate=None)
    for images in (job, tmp_path / "img", str(tmp_path / "img")):
        assert nat.gallery(table, images=images)._repr_html_().count("data:image") == 3
    with pytest.raises(FileNotFoundError, match="no manifest"):
        nat.gallery(table, images=tmp_path)


def test_a_report_with_pictures_holds_them(sample, tmp_path):
    table = nat.crosswalk("oai_oi", "media").apply(sample).table
    summary = nat.report(table, tmp_path / "r.html", images=pictures(tmp_path, table))
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert page.count("data:image/jpeg;base64,") == summary.count == len(table)


def test_groups_get_as_many_tiles_as_each_other():
    birds = [media(media_id=f"a{n}", genus="Larus") for n in range(9)] + [media(media_id="b", genus="Parus")]
    shown = nat.gallery(nat.concat(birds), n=4, group="genus")
    assert {name: len(group) for name, group in shown.groups.items()} == {"Larus": 3, "Parus": 1}


def test_report_counts_what_is_there(sample, tmp_path):
    _, loss = nat.crosswalk("oai_oi", "media").apply(sample)
    summary = nat.report(sample, tmp_path / "r.html", loss=loss)
    assert summary.count == len(sample)
    assert sum(summary.licenses.values()) == len(sample)
    assert sum(summary.targets["commons"].values()) == len(sample)
    assert "What became of the values" in (tmp_path / "r.html").read_text(encoding="utf-8")


def test_a_decision_about_a_statement_counts_from_then_on():
    table = nat.concat([media(license_raw="CC0 4.0"), media(media_id="m2")])
    decided = nat.licenses(table, decisions={"CC0 4.0": "CC0 1.0"})
    assert decided.format == "media"
    assert decided["license_basis"] == ["decided", "stated"]
    assert decided["license_uri"][0] == "https://creativecommons.org/publicdomain/zero/1.0/"
    assert nat.check(table, "commons").counts["unknown"] == 1
    assert nat.check(decided, "commons")


def test_a_decision_about_a_stamp_does_not_free_a_work_of_art():
    painted = media(license_raw="CC0 4.0", collection="Arts", creator="Koekkoek, M.A. (1873-1944)")
    decided = nat.licenses(painted, decisions={"CC0 4.0": "CC0 1.0"})
    assert nat.check(decided, "commons").table["reasons"] == ["constant-licence"]


def test_statements_none_of_which_is_a_licence_are_read_back_as_nothing():
    assert nat.licenses(media(license_raw="ask us"))["license_uri"] == [None]
