"""Every recorded page reads as strict lxml reads it, value for value."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from conftest import corpus_files, corpus_root
from lxml import etree
from naturalia import errors
from support import reference
from support.observed import identifiers, long, read, refusal

pytestmark = pytest.mark.corpus

RESPONSES = corpus_files("responses/**/*")
OPEN_IMAGES = corpus_files("openimages/reconstructed/*")


@cache
def parsed(file: Path) -> reference.Page | None:
    """The page according to lxml, None where it isn't well-formed."""
    try:
        return reference.read(file.read_bytes())
    except etree.XMLSyntaxError:
        return None


def folder_and_name(file: Path) -> str:
    return "/".join(file.parts[-2:])


WELL_FORMED = [f for f in RESPONSES + OPEN_IMAGES if parsed(f)]
BROKEN = [f for f in RESPONSES + OPEN_IMAGES if not parsed(f)]
LISTS = [f for f in WELL_FORMED if parsed(f).records]
VALUES = [f for f in LISTS if any(r.values for r in parsed(f).records)]
PAYLOADS = [f for f in LISTS if any(r.format == "xml" for r in parsed(f).records)]
REFUSALS = [f for f in WELL_FORMED if parsed(f).errors]
ENTRIES = [f for f in WELL_FORMED if parsed(f).entries]

KEPT = ("oai:about", "oai:metadata")
"""What a record keeps beside its values: about containers, and payloads that are no values."""

each = {"ids": folder_and_name}


def test_the_corpus_is_the_one_these_tests_were_written_for() -> None:
    assert len(RESPONSES) == 256
    assert len(WELL_FORMED) == 256 + len(OPEN_IMAGES) - 6
    assert sum(len(parsed(f).records) for f in VALUES) > 3000


@pytest.mark.parametrize("file", LISTS, **each)
def test_every_header_is_there_in_order(file: Path) -> None:
    page, table = parsed(file), read(file)
    assert identifiers(table) == [r.identifier for r in page.records]
    assert table["datestamp"] == [r.datestamp for r in page.records]
    assert table["deleted"] == [r.deleted for r in page.records]
    assert table["sets"] == [r.sets for r in page.records]
    for record, instant in zip(page.records, table["datestamp_utc"], strict=True):
        expected = reference.instant(record.datestamp)
        if expected:
            assert instant == expected


def exact(value: tuple[Any, ...]) -> tuple[Any, ...]:
    """A value of a record, as the reference writes it."""
    element, position, text, lang, attributes, markup = value
    return element, position, text, lang, tuple(sorted(attributes.items())), bool(markup)


@pytest.mark.parametrize("file", VALUES, **each)
def test_every_value_is_exact_in_order_with_language_and_attributes(file: Path) -> None:
    page, table = parsed(file), read(file)
    assert len(table) == len(page.records)
    for row, record in enumerate(page.records):
        if record.deleted:
            continue
        seen = [exact(v) for v in table[row].values if v.element not in KEPT]
        assert seen == [
            (v.element, v.position, v.text, v.lang, v.attributes, v.has_children) for v in record.values
        ], record.identifier


@pytest.mark.parametrize("file", VALUES, **each)
def test_the_long_table_is_the_values_of_all_records(file: Path) -> None:
    table = read(file)
    from_records = [
        (row.identifier, element, position, text, lang)
        for row in table
        for element, position, text, lang, _, _ in row.values
    ]
    assert [tuple(row)[:5] for row in long(table)] == from_records


@pytest.mark.parametrize("file", VALUES, **each)
def test_dicts_hold_the_exact_texts_of_every_record(file: Path) -> None:
    expected = [{} if r.deleted else r.fields for r in parsed(file).records]
    for found, fields in zip(read(file).to_dicts(), expected, strict=True):
        texts = sorted(t for v in fields.values() for t in v)
        assert sorted(t for v in found.values() for t in v) == texts


@pytest.mark.parametrize("file", VALUES, **each)
def test_columns_hold_every_value_that_is_not_empty(file: Path) -> None:
    """Trimmed of XML white space; empties and trims are counted."""
    page, table = parsed(file), read(file)
    head = ("identifier", "datestamp", "datestamp_utc", "deleted", "sets", "notes")
    lists = [n for n in table.columns if n not in head and n not in ("extra", "medium_format")]
    held = sum(len(cell or []) for name in lists for cell in table[name])
    held += sum(e["element"] not in KEPT for cell in table["extra"] for e in cell or [])
    values = [v for r in page.records if not r.deleted for v in r.values]
    filled = [v for v in values if v.text.strip(" \t\r\n")]
    assert held + table.report.empty >= len(values) >= len(filled)
    assert table.report.trimmed >= 0


@pytest.mark.parametrize("file", LISTS, **each)
def test_every_about_is_kept(file: Path) -> None:
    table = read(file)
    for row, record in enumerate(parsed(file).records):
        found = table[row].about
        assert len(found) == len(record.abouts)
        for text, element in zip(found, record.abouts, strict=True):
            assert same_content(text, element)


def same_content(text: str, element: etree._Element) -> bool:
    """The text is the element, or what stands in it, as XML that stands alone."""
    wanted = {reference.canonical(element), *(reference.canonical(e) for e in element)}
    return reference.canonical(text) in wanted


@pytest.mark.parametrize("file", PAYLOADS, **each)
def test_the_payload_of_an_unknown_format_is_xml_that_stands_alone(file: Path) -> None:
    table = read(file)
    for row, record in enumerate(parsed(file).records):
        text = table[row].metadata
        if record.payload is None or record.deleted:
            assert text is None
            continue
        assert reference.canonical(text) == reference.canonical(record.payload)
        bindings = reference.parse(text.encode()).nsmap
        for element in record.payload.iter("*"):
            for word in element.attrib.values():
                prefix, colon, _ = word.partition(":")
                if colon and prefix in record.payload.nsmap:
                    assert bindings[prefix] == record.payload.nsmap[prefix]


@pytest.mark.parametrize("file", LISTS, **each)
def test_the_page_says_its_verb_request_and_token(file: Path) -> None:
    page = parsed(file)
    if page.verb is None:
        return
    (told,) = read(file).pages
    assert told.verb == page.verb
    assert (told.responseDate or None) == (page.response_date or None)
    assert told.records == len(page.records)
    assert told.request.get("url", "").strip() == page.request.get("url", "").strip()
    for key, value in page.request.items():
        assert told.request[key].strip() == value.strip()
    token = page.token or {"value": ""}
    assert (told.token.value if told.token else "") == token["value"].strip()
    for key in ("completeListSize", "cursor", "expirationDate"):
        if told.token and key in token:
            assert str(getattr(told.token, key)) == token[key]


@pytest.mark.parametrize("file", REFUSALS, **each)
def test_a_refusal_is_raised_with_every_code(file: Path) -> None:
    page = parsed(file)
    codes = [code for code, _ in page.errors]
    if set(codes) == {"noRecordsMatch"}:
        table = read(file)
        assert len(table) == 0
        assert [e.code for e in table.report.errors] == codes
        return
    with pytest.raises(errors.ProtocolError) as refused:
        read(file)
    assert [code for code, _ in refused.value.errors] == codes


def flat(column: list[Any]) -> list[Any]:
    """The values of a column, out of their lists."""
    return [v for cell in column for v in (cell if isinstance(cell, list) else [cell])]


@pytest.mark.parametrize("file", ENTRIES, **each)
def test_sets_formats_and_identify_are_read_whole(file: Path) -> None:
    page, table = parsed(file), read(file)
    if page.verb == "Identify":
        assert len(table) == 1
    else:
        assert len(table) == len(page.entries)
    held = "\n".join(str(value) for name in table.columns for value in flat(table[name]))
    leaves = {reference.text(e).strip() for entry in page.entries for e in entry.iter("*") if len(e) == 0}
    for leaf in leaves:
        assert leaf in held or "&" in leaf or "<" in leaf


@pytest.mark.parametrize("file", BROKEN, **each)
def test_a_page_that_is_not_well_formed_gives_no_fewer_records_than_a_recovering_parser(
    file: Path,
) -> None:
    root = reference.parse(file.read_bytes(), recover=True)
    recovered = reference.read_root(root).records
    refused = refusal(file)
    if refused:
        assert isinstance(refused, errors.ParseError)
        assert not recovered, "records were there to be had"
        return
    table = read(file)
    assert len(table) >= len(recovered)
    assert table.report.repairs
    with pytest.raises(errors.ParseError):
        read(file, strict=True)


@pytest.mark.parametrize("file", WELL_FORMED, **each)
def test_a_well_formed_page_needs_no_repair_but_of_its_namespaces(file: Path) -> None:
    if parsed(file).errors:
        return
    kinds = {r.kind for r in read(file).report.repairs}
    assert kinds <= {"namespace", "misplaced element", "stray text", "leading text", "byte order mark"}


def test_all_oai_dc_pages_together_are_the_sum_of_their_parts() -> None:
    files = [f for f in VALUES if read(f).format == "oai_dc"]
    together = read(files)
    assert len(together) == sum(len(parsed(f).records) for f in files)
    assert identifiers(together) == [r.identifier for f in files for r in parsed(f).records]


ADVERSARIAL = {
    "empty.xml": errors.NotOaiPmh,
    "html_200.html": errors.NotOaiPmh,
    "truncated.xml": errors.Truncated,
    "badResumptionToken.xml": errors.BadResumptionToken,
    "two_errors.xml": errors.BadArgument,
    "unknown_error_code.xml": errors.UnknownOaiError,
    "noRecordsMatch_after_token.xml": 0,
    "record_empty_metadata.xml": 3,
    "record_without_metadata.xml": 3,
    "datestamp_odd.xml": 6,
    "entity_expansion.xml": (1, errors.ParseError),
    "external_entity.xml": (1, errors.ParseError),
}


@pytest.mark.parametrize("file", corpus_files("adversarial/*"), ids=lambda p: p.name)
def test_a_hostile_page_is_read_whole_or_refused(file: Path) -> None:
    wanted = ADVERSARIAL.get(file.name)
    if wanted is None or (isinstance(wanted, int) and wanted):
        data = file.read_bytes()
        if data[:2] == b"\x1f\x8b":
            import gzip

            data = gzip.decompress(data)
        bare = data.replace(b'<?xml version="1.0" encoding="UTF-8"?>', b"").strip()
        root = reference.parse(bare if data[:2] != b"\xff\xfe" else data, recover=True)
        assert len(read(file)) >= len(list(root.iter("{*}record"))) > 0
    elif isinstance(wanted, tuple):
        try:
            assert len(read(file)) == wanted[0]
        except wanted[1]:
            pass
    elif isinstance(wanted, int):
        assert len(read(file)) == wanted
    else:
        with pytest.raises(wanted):
            read(file)


def test_a_machine_with_a_corpus_ran_it() -> None:
    assert corpus_root() is not None
    assert RESPONSES
