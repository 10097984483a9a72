"""Oddities of values, namespaces and records that real providers serve. One test a kind."""

import pytest
from support.building import OAI, PROVENANCE, dc, header, page, qdc, record, title
from support.observed import identifiers, long, only_repair, read, repairs, texts

PRIMARY = "oai:museum.example:1"


def test_a_record_without_metadata_is_a_record_and_counted() -> None:
    table = read(page(record(dc(title("a")), 1), record(None, 2), record(dc(title("c")), 3)))
    assert len(table) == 3
    assert texts(table) == ["a", "c"]
    assert table.report.without_metadata == 1


@pytest.mark.parametrize("payload", ["", " \n ", "<!-- nothing -->"])
def test_an_empty_metadata_element_is_a_record_without_metadata(payload: str) -> None:
    table = read(page(record(dc(title("a")), 1), record(payload, 2), record(dc(title("c")), 3)))
    assert len(table) == 3
    assert table.report.without_metadata == 1


def test_a_self_closed_metadata_element_is_a_record_without_metadata() -> None:
    data = page(record("", 1)).replace(b"<metadata></metadata>", b"<metadata/>")
    assert (len(read(data)), read(data).report.without_metadata) == (1, 1)


@pytest.mark.parametrize("before", ["<!-- exported -->", "<?xslt no?>", "\n  "])
def test_what_stands_before_the_container_hides_nothing(before: str) -> None:
    table = read(page(record(before + dc(title("Larus")))), strict=True)
    assert texts(table) == ["Larus"]


def test_comments_and_instructions_inside_a_value_say_nothing() -> None:
    table = read(page(record(dc(title("La<!-- not -->r<?php no?>us")))), strict=True)
    assert texts(table) == ["Larus"]


@pytest.mark.parametrize("status", ["deleted", "Deleted", "DELETED", " deleted "])
def test_a_deleted_record_is_deleted_in_any_case(status: str) -> None:
    table = read(page(record(None, head=header(status=status)), record(dc(title("a")), 2)))
    assert table["deleted"] == [True, False]
    assert table.report.deleted == 1


def test_an_unknown_status_is_not_deleted() -> None:
    assert read(page(record(dc(title("a")), head=header(status="active"))))[0].deleted is False


def test_the_metadata_of_a_deleted_record_is_kept_but_not_among_its_values() -> None:
    table = read(page(record(dc(title("Larus")), head=header(status="deleted"))))
    assert table["deleted"] == [True]
    assert table["title"] == [[]]
    kept = [e for e in table["extra"][0] if e["element"] == "oai:metadata"]
    assert len(kept) == 1
    assert "Larus" in kept[0]["value"]


@pytest.mark.parametrize(
    ("sent", "utc"),
    [
        ("2020-01-02", "2020-01-02T00:00:00+00:00"),
        ("2020-01-02T03:04:05Z", "2020-01-02T03:04:05+00:00"),
        ("2020-01-02T03:04:05.123Z", "2020-01-02T03:04:05.123000+00:00"),
        ("2020-01-02T03:04:05+02:00", "2020-01-02T01:04:05+00:00"),
        ("2020", None),
        ("20200101", None),
        ("2020-13-45", None),
        ("yesterday", None),
        ("0000-00-00", None),
        ("", None),
    ],
)
def test_an_odd_datestamp_is_kept_as_sent_and_null_where_unreadable(sent: str, utc: str | None) -> None:
    table = read(page(record(dc(title("a")), head=header(datestamp=sent))))
    assert table["datestamp"] == [sent]
    found = table["datestamp_utc"][0]
    if sent in ("2020", "20200101"):
        return  # whether a year alone is an instant is for the date reader to say
    assert (found and found.isoformat()) == utc


def test_a_datestamp_without_a_zone_is_utc() -> None:
    table = read(page(record(dc(title("a")), head=header(datestamp="2020-01-02T03:04:05"))))
    found = table["datestamp_utc"][0]
    assert found is None or found.isoformat() == "2020-01-02T03:04:05+00:00"


def test_a_missing_datestamp_is_null() -> None:
    head = f"<header><identifier>{PRIMARY}</identifier></header>"
    table = read(page(record(dc(title("a")), head=head)))
    assert table["datestamp"] == [None]
    assert table["datestamp_utc"] == [None]


def test_a_missing_header_or_identifier_is_null() -> None:
    bare = f"<record><metadata>{dc(title('a'))}</metadata></record>"
    blank = record(dc(title("b")), head="<header><datestamp>2020-01-01</datestamp></header>")
    table = read(page(bare, blank))
    assert identifiers(table) == [None, None]
    assert texts(table) == ["a", "b"]


@pytest.mark.parametrize(
    "identifier", ["28722/bk0005", "hdl:1765/1", "https://x/1?a=b&amp;c=d", "a b", "x" * 5000]
)
def test_an_identifier_is_opaque(identifier: str) -> None:
    table = read(page(record(dc(title("a")), head=header(identifier=identifier))))
    assert identifiers(table) == [identifier.replace("&amp;", "&")]


@pytest.mark.parametrize("name", ["identifier", "datestamp"])
def test_a_second_identifier_or_datestamp_is_not_lost_in_silence(name: str) -> None:
    data = page(record(dc(title("a")))).replace(b"</header>", f"<{name}>second</{name}></header>".encode())
    table = read(data)
    assert table[name][0] != "second" or repairs(table)
    assert "second" in str(list(table.long())) + str(table[name])
    assert repairs(table)


def test_sets_are_opaque_and_keep_their_order() -> None:
    specs = ("a:b:c", "YWJj==", "x~1", "with blank")
    table = read(page(record(dc(title("a")), head=header(sets=specs))))
    assert table["sets"] == [list(specs)]


def test_an_element_outside_the_fifteen_is_kept() -> None:
    table = read(page(record(dc(title("a"), "<dc:mediator>Wikimedia Commons</dc:mediator>"))), strict=True)
    assert texts(table, "dc:mediator") == ["Wikimedia Commons"]
    assert [e["element"] for e in table["extra"][0]] == ["dc:mediator"]


def test_a_foreign_element_with_children_keeps_its_markup() -> None:
    unit = '<u:unit xmlns:u="http://unit.example/"><u:id>7</u:id><u:name>Larus</u:name></u:unit>'
    table = read(page(record(dc(title("a"), unit))), strict=True)
    row = next(r for r in long(table) if r.element == "{http://unit.example/}unit")
    assert row.value == "7Larus"
    assert "<u:name" in row.markup


def test_the_text_of_mixed_content_is_all_its_text() -> None:
    table = read(page(record(dc(title("The <i>Homo</i> <b>s<sup>2</sup></b>apiens")))), strict=True)
    assert texts(table) == ["The Homo s2apiens"]
    assert "<sup>2</sup>" in long(table)[0].markup


def test_text_entities_and_cdata_of_one_value_are_joined() -> None:
    table = read(page(record(dc(title("A &amp; <![CDATA[<B> &amp; ]]>C&#33;<!-- -->D")))), strict=True)
    assert texts(table) == ["A & <B> &amp; C!D"]


def test_language_and_attributes_are_kept() -> None:
    titled = title("Zilvermeeuw", 'xml:lang="nl" resource="http://x/" linktype="a&amp;b"')
    table = read(page(record(dc(titled, title("Herring gull", 'xml:lang="en"'), title("?")))), strict=True)
    assert [row.lang for row in long(table)] == ["nl", "en", None]
    first = table[0]
    assert "a&b" in str(long(table)[0].attributes)
    assert first is not None


def test_the_language_of_a_container_is_not_invented_for_its_values() -> None:
    payload = dc(title("Larus"), declarations=' xml:lang="la"')
    assert [row.lang for row in long(read(page(record(payload))))] == [None]


def test_empty_values_are_kept_in_records_and_left_out_of_columns_and_counted() -> None:
    table = read(page(record(dc(title(""), "<dc:title/>", title("  "), title("a")))))
    assert texts(table) == ["", "", "  ", "a"]
    assert table["title"] == [["a"]]
    assert table.report.empty == 3


def test_padded_values_are_exact_in_records_and_trimmed_in_columns_and_counted() -> None:
    table = read(page(record(dc(title("\n   a  b \t"), title("c")))))
    assert texts(table) == ["\n   a  b \t", "c"]
    assert table["title"] == [["a  b", "c"]]
    assert table.report.trimmed == 1


def test_a_no_break_space_is_padding_in_columns_and_exact_in_records() -> None:
    table = read(page(record(dc(title("\xa0a\u2003")))))
    assert table["title"] == [["a"]]
    assert texts(table) == ["\xa0a\u2003"]


def test_double_escaped_html_is_left_alone() -> None:
    table = read(page(record(dc(title("&amp;lt;p&amp;gt;A &amp;amp; B")))), strict=True)
    assert texts(table) == ["&lt;p&gt;A &amp; B"]


def test_an_error_element_inside_metadata_is_no_error() -> None:
    inner = f'<error xmlns="{OAI}" code="badVerb">in metadata</error>'
    table = read(page(record(dc(inner, title("a")))))
    assert texts(table) == ["a"]
    assert "in metadata" in [row.value for row in long(table)]


def test_an_about_with_its_own_identifier_changes_no_header() -> None:
    about = (
        f'<about><provenance xmlns="{PROVENANCE}"><originDescription harvestDate="2019" altered="true">'
        "<identifier>oai:origin:9</identifier><datestamp>2018</datestamp></originDescription>"
        "</provenance></about>"
    )
    table = read(page(record(dc(title("a")), about=about + "<about><x/></about>")), strict=True)
    assert identifiers(table) == [PRIMARY]
    assert table["datestamp"] == ["2020-01-01"]
    abouts = table[0].about
    assert len(abouts) == 2
    assert "oai:origin:9" in abouts[0]


def test_a_payload_with_its_own_record_and_header_names_is_one_record() -> None:
    payload = "<record xmlns=''><header><identifier>no</identifier></header><metadata>x</metadata></record>"
    table = read(page(record(payload, 1), record(payload, 2)))
    assert table.format == "xml"
    assert identifiers(table) == [PRIMARY, "oai:museum.example:2"]


@pytest.mark.parametrize(
    "payload",
    [
        '<m:a xmlns:m="http://m.example/" q:href="x"/>',
        '<m:a xmlns:m="http://m.example/">x ]]> y</m:a>',
        '<m:a xmlns:m="http://m.example/"><!-- a -- b --><m:b/>&nbsp;& &bogus; \x0b<q:c/></m:a>',
        '<m:a xmlns:m="http://m.example/"><?xml version="1.0"?><m:b>x<m:c></m:b></m:a>',
        "<a b='\"' c='&amp;&lt;&#10;'><!-- - --><![CDATA[<x>]]></a>",
    ],
)
def test_the_payload_of_an_unknown_format_is_well_formed_whatever_was_sent(payload: str) -> None:
    from support import reference

    text = read(page(record(payload)))[0].metadata
    assert reference.parse(text.encode()).tag.endswith("a")


def test_payloads_of_two_formats_in_one_page_lose_nothing() -> None:
    other = '<m:mods xmlns:m="http://www.loc.gov/mods/v3"><m:title>b</m:title></m:mods>'
    for payloads in ((dc(title("a")), other), (other, dc(title("a")))):
        table = read(page(*(record(p, n) for n, p in enumerate(payloads))))
        assert len(table) == 2
        held = str([table[name] for name in table.columns])
        assert ">a<" in held or "'a'" in held
        assert ">b<" in held


def test_two_payloads_in_one_metadata_element_lose_nothing() -> None:
    table = read(page(record(dc(title("a")) + dc(title("b")))))
    assert len(table) == 1
    assert set(texts(table)) == {"a", "b"} or "b" in str(table["extra"])


def test_text_between_elements_is_reported() -> None:
    table = read(page(record(dc(title("a"), "stray words", title("b")))))
    assert texts(table) == ["a", "b"]
    assert only_repair(table).kind == "stray text"
    assert "stray words" in only_repair(table).detail


def test_dublin_core_standing_directly_in_the_record_is_its_metadata() -> None:
    inner = dc(title("Larus"))
    data = page(f"<record>{header()}{inner}</record>")
    assert texts(read(data)) == ["Larus"]
    assert identifiers(read(data)) == [PRIMARY]


def test_an_element_of_a_record_in_an_unexpected_place_is_reported() -> None:
    data = page(f"<record>{header()}<metadata>{dc(title('a'))}</metadata><note>by hand</note></record>")
    table = read(data)
    assert texts(table) == ["a"]
    assert only_repair(table).kind == "misplaced element"


def test_qualified_and_plain_dublin_core_in_one_bag_keep_their_names() -> None:
    table = read(page(record(qdc(title("a"), "<dcterms:extent>3</dcterms:extent>", title("b")))), strict=True)
    assert table.format == "oai_qdc"
    assert [(r.element, r.value) for r in long(table)] == [
        ("dc:title", "a"),
        ("dcterms:extent", "3"),
        ("dc:title", "b"),
    ]


def test_records_of_the_same_identifier_are_all_kept() -> None:
    table = read(page(*(record(dc(title(str(n)))) for n in range(3))))
    assert texts(table) == ["0", "1", "2"]
