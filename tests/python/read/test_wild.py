"""Breakage of bytes and markup that real providers serve. One test a kind.

Each page is repaired and the repair is counted and placed; strict reading refuses the same page
at the same byte.
"""

import gzip

import pytest
from naturalia import errors
from support.building import DECLARATION, dc, envelope, header, page, record, three, title
from support.observed import identifiers, only_repair, read, refusal, repairs, texts

XML_ENTITIES = ("amp;", "lt;", "gt;", "quot;", "apos;")
SECOND = "oai:museum.example:2"


def repaired(data: bytes, kind: str, spot: bytes | int, identifier: str | None = SECOND) -> object:
    """Reads `data` both ways: repaired once, at `spot`; refused there when strict."""
    offset = spot if isinstance(spot, int) else data.index(spot)
    table = read(data)
    repair = only_repair(table)
    assert (repair.kind, repair.offset) == (kind, offset)
    assert repair.identifier == identifier
    assert repair.line == data.count(b"\n", 0, offset) + 1
    with pytest.raises(errors.ParseError) as refused:
        read(data, strict=True)
    assert refused.value.offset == offset
    return table


@pytest.mark.parametrize("character", ["\x03", "\x0b", "\x0c", "\x1a", "\x00", "\ufffe", "\uffff"])
def test_a_control_character_is_dropped_and_located(character: str) -> None:
    data = three(f"La{character}rus")
    table = repaired(data, "control character", character.encode())
    assert texts(table)[1] == "Larus"


def test_tab_and_line_ends_are_not_control_characters() -> None:
    table = read(three("La\tr\nus"), strict=True)
    assert texts(table)[1] == "La\tr\nus"


def test_a_carriage_return_reads_as_xml_says() -> None:
    """A literal CR LF or CR is a line feed; a CR written as a reference stays one."""
    table = read(three("a\r\nb\rc&#13;d"), strict=True)
    assert texts(table)[1] == "a\nb\nc\rd"


@pytest.mark.parametrize("reference", ["&#55349;", "&#xfffe;", "&#0;", "&#x0B;", "&#x110000;"])
def test_a_reference_to_no_character_is_dropped_and_located(reference: str) -> None:
    table = repaired(three(f"La{reference}rus"), "character reference", reference.encode())
    assert texts(table)[1] == "Larus"


def test_a_surrogate_pair_written_as_two_references_is_one_character() -> None:
    data = three("A&#55349;&#56656;B")
    table = read(data)
    assert texts(table)[1] == "A\U0001d550B"
    assert {r.kind for r in repairs(table)} == {"character reference"}
    assert repairs(table)[0].offset == data.index(b"&#55349;")


@pytest.mark.parametrize("text", ["Smith & Jones", "R&D", "AT&T;", "a && b", "a &", "&;", "&#;", "&#x;"])
def test_a_bare_ampersand_is_kept_and_located(text: str) -> None:
    data = three(text)
    table = read(data)
    assert texts(table)[1] == text
    assert repairs(table)[0].offset == data.index(b"&", data.index(b":2</id"))
    assert {r.identifier for r in repairs(table)} == {SECOND}
    with pytest.raises(errors.ParseError):
        read(data, strict=True)


@pytest.mark.parametrize(
    ("entity", "character"),
    [("&nbsp;", "\xa0"), ("&eacute;", "é"), ("&ndash;", "–"), ("&copy;", "©"), ("&Omega;", "Ω")],
)
def test_an_html_entity_becomes_its_character(entity: str, character: str) -> None:
    table = repaired(three(f"a{entity}b"), "entity", entity.encode())
    assert texts(table)[1] == f"a{character}b"


def test_every_entity_of_html_becomes_its_characters() -> None:
    from html.entities import html5

    known = {name: text for name, text in html5.items() if name.endswith(";") and name not in XML_ENTITIES}
    table = read(page(*(record(dc(title(f"a&{name}b"))) for name in known)))
    assert texts(table) == [f"a{text}b" for text in known.values()]


def test_an_unknown_entity_is_kept_as_it_stands() -> None:
    table = repaired(three("a&bogus;b"), "entity", b"&bogus;")
    assert texts(table)[1] == "a&bogus;b"


def test_a_bare_ampersand_in_an_attribute_is_kept() -> None:
    data = page(record(dc(title("Larus", 'resource="http://x/?a=1&b=2"')), 2))
    table = read(data)
    assert "a=1&b=2" in str(table[0].values if hasattr(table[0], "values") else table.long())
    assert repairs(table)[0].offset == data.index(b"&b=2")


def test_bytes_that_are_not_utf8_are_read_as_windows_1252() -> None:
    data = three("caf@@ blanc").replace(b"@@", b"\xe9")
    table = repaired(data, "encoding", b"\xe9")
    assert texts(table)[1] == "café blanc"


def test_bytes_that_are_no_text_at_all_become_the_replacement_character() -> None:
    data = three("caf@@ blanc").replace(b"@@", b"\x81")
    table = repaired(data, "encoding", b"\x81")
    assert texts(table)[1] == "caf\ufffd blanc"


def test_good_utf8_beside_bad_bytes_is_left_alone() -> None:
    data = three("Ærø @@ Ærø").replace(b"@@", b"\xe6\xf8")
    table = read(data)
    assert texts(table)[1] == "Ærø æø Ærø"
    assert {r.kind for r in repairs(table)} == {"encoding"}


def test_an_overlong_or_surrogate_utf8_sequence_is_not_utf8() -> None:
    for bad in (b"\xc0\xaf", b"\xed\xa0\x80", b"\xf5\x80\x80\x80"):
        data = three("a@@b").replace(b"@@", bad)
        table = read(data)
        assert {r.kind for r in repairs(table)} == {"encoding"}
        assert repairs(table)[0].offset == data.index(bad)


def test_latin_1_labelled_as_utf8_is_read_as_what_it_is() -> None:
    names = ["Düsseldorf", "Malmö", "Århus", "Besançon", "Košice".replace("š", "s")]
    data = page(*(record(dc(title(n)), i) for i, n in enumerate(names))).decode().encode("latin-1")
    table = read(data)
    assert texts(table) == names
    assert repairs(table)


@pytest.mark.parametrize("encoding", ["ISO-8859-1", "windows-1252", "utf-16", "US-ASCII", "iso-8859-15"])
def test_a_declared_encoding_is_believed(encoding: str) -> None:
    name = "Larus" if encoding == "US-ASCII" else "Ærøskøbing"
    text = three(name).decode().replace("UTF-8", encoding)
    table = read(text.encode(encoding), strict=True)
    assert texts(table)[1] == name


@pytest.mark.parametrize(
    ("encoding", "bad"), [("Shift_JIS", b"\x81\x20"), ("GB18030", b"\xff"), ("EUC-JP", b"\xa4\x20")]
)
def test_bytes_that_are_not_of_the_declared_encoding_are_counted(encoding: str, bad: bytes) -> None:
    data = three("caf@@ blanc").replace(b"UTF-8", encoding.encode(), 1).replace(b"@@", bad)
    table = read(data)
    assert "\ufffd" in texts(table)[1]
    assert {r.kind for r in repairs(table)} == {"encoding"}
    assert refusal(data, strict=True)


def test_offsets_in_another_encoding_are_those_of_the_bytes_sent() -> None:
    data = three("éééé & b").decode().replace("UTF-8", "ISO-8859-1").encode("latin-1")
    assert only_repair(read(data)).offset == data.index(b"& b")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_recognised_by_its_byte_order_mark(encoding: str) -> None:
    text = "\ufeff" + three("Ærø").decode().replace("UTF-8", "UTF-16")
    assert texts(read(text.encode(encoding)))[1] == "Ærø"


def test_an_unknown_declared_encoding_with_utf8_inside_is_read_as_utf8() -> None:
    data = three("Ærø").replace(b"UTF-8", b"x-unheard-of", 1)
    assert texts(read(data))[1] == "Ærø"


def test_a_byte_order_mark_is_allowed_by_xml() -> None:
    data = b"\xef\xbb\xbf" + three("Ærø")
    assert texts(read(data, strict=True)) == texts(read(data)) == texts(read(three("Ærø")))


@pytest.mark.parametrize(
    "junk",
    [
        b"\n\n  ",
        b"<br />\n<b>Notice</b>: Undefined index: set in <b>oai.php</b><br />\n",
        b"Warning: x < y & z\n",
    ],
)
def test_bytes_before_the_declaration_are_skipped(junk: bytes) -> None:
    table = repaired(junk + three("Ærø"), "leading text", 0, identifier=None)
    assert len(table) == 3


@pytest.mark.parametrize(
    "junk", [b"<br />\n<b>Notice</b>: memory", b"<div>", b"& <", "é".encode(), b"\xe9", b"\x00\x00"]
)
def test_markup_after_the_root_is_skipped(junk: bytes) -> None:
    data = three("Ærø")
    table = repaired(data + junk, "trailing text", len(data), identifier=None)
    assert len(table) == 3


@pytest.mark.parametrize("tail", [b"\n\n", b"<!-- served in 0.2 s -->\n", b"<?done yes?>"])
def test_what_xml_allows_after_the_root_is_no_repair(tail: bytes) -> None:
    assert repairs(read(three("Ærø") + tail, strict=True)) == []


@pytest.mark.parametrize("blank", ["\n", "\t", "\r\n", "  "])
def test_the_declaration_may_be_spread_over_lines(blank: str) -> None:
    data = three("Ærø").decode().replace("<?xml ", f"<?xml{blank}", 1).encode()
    assert repairs(read(data, strict=True)) == []


def test_an_xml_declaration_inside_a_record_is_skipped() -> None:
    inner = '<?xml version="1.0" encoding="utf-8" ?>'
    data = page(record(dc(title("a")), 1), record(inner + dc(title("b")), 2))
    table = repaired(data, "inner XML declaration", inner.encode())
    assert texts(table) == ["a", "b"]


@pytest.mark.parametrize("comment", ["<! --- shelf 4 --->", "<!- x ->", "<!>", "<!-->"])
def test_a_broken_comment_never_takes_a_record_with_it(comment: str) -> None:
    data = page(record(dc(title("a")), 1), record(dc(comment, title("b")), 2), record(dc(title("c")), 3))
    try:
        table = read(data)
    except errors.ParseError:
        assert comment == "<!-->", "only what swallows the rest of the page may be refused"
        return
    assert texts(table) == ["a", "b", "c"]
    assert repairs(table)[0].offset == data.index(comment.encode())
    with pytest.raises(errors.ParseError):
        read(data, strict=True)


def test_a_double_hyphen_in_a_comment_is_tolerated() -> None:
    assert texts(read(page(record(dc("<!-- a -- b -->", title("b")), 2)))) == ["b"]


def test_a_missing_end_tag_keeps_every_header() -> None:
    content = "<ListIdentifiers>" + "".join(header(n) for n in (1, 2, 3))
    data = (DECLARATION + envelope(content, verb="ListIdentifiers")).encode()
    table = read(data)
    assert identifiers(table) == [f"oai:museum.example:{n}" for n in (1, 2, 3)]
    assert only_repair(table).kind == "missing end tag"
    assert only_repair(table).offset == data.index(b"</OAI-PMH>")
    with pytest.raises(errors.ParseError):
        read(data, strict=True)


def test_a_missing_end_tag_of_a_value_never_swallows_the_next_record() -> None:
    data = three("b").replace(b"b</dc:title>", b"b")
    if refusal(data):
        return
    table = read(data)
    assert identifiers(table) == [f"oai:museum.example:{n}" for n in (1, 2, 3)]
    assert texts(table) == ["Larus argentatus", "b", "Parus major"]
    assert "missing end tag" in {r.kind for r in repairs(table)}


@pytest.mark.parametrize("tag", ["</oai_dc:dc>", "</metadata>", "</record>", "</header>", "</identifier>"])
def test_a_missing_end_tag_anywhere_never_loses_a_record(tag: str) -> None:
    data = three("b").replace(tag.encode(), b"", 1)
    if refusal(data):
        return
    table = read(data)
    assert identifiers(table) == [f"oai:museum.example:{n}" for n in (1, 2, 3)]
    assert texts(table)[1:] == ["b", "Parus major"]
    assert repairs(table)


@pytest.mark.parametrize("tag", ["</oai_dc:dc>", "</metadata>", "</record>", "</dc:title>", "</x>"])
def test_an_end_tag_too_many_never_loses_a_record(tag: str) -> None:
    data = three("b").replace(b"</dc:title>", b"</dc:title>" + tag.encode(), 1)
    if refusal(data):
        return
    assert identifiers(read(data)) == [f"oai:museum.example:{n}" for n in (1, 2, 3)]


def test_a_bare_less_than_sign_never_shortens_the_page() -> None:
    data = three("length < 5 mm")
    if refusal(data):
        return
    table = read(data)
    assert identifiers(table) == [f"oai:museum.example:{n}" for n in (1, 2, 3)]
    assert texts(table)[1] == "length < 5 mm"


def test_gzip_without_a_label_is_unpacked() -> None:
    assert texts(read(gzip.compress(three("Ærø")))) == texts(read(three("Ærø")))


def test_a_cut_gzip_body_is_an_error() -> None:
    with pytest.raises(errors.ParseError):
        read(gzip.compress(three("Ærø"))[:-12])


def test_a_gzip_body_of_two_members_is_read_whole() -> None:
    data = three("Ærø")
    packed = gzip.compress(data[:300]) + gzip.compress(data[300:])
    assert texts(read(packed)) == texts(read(data))


def test_a_truncated_page_gives_no_records() -> None:
    data = three("Ærø")
    with pytest.raises(errors.Truncated) as cut:
        read(data[: data.rindex(b"<record>")])
    assert cut.value.records == 2


@pytest.mark.parametrize("body", [b"", b"\n \n", b"\xef\xbb\xbf"])
def test_an_empty_body_is_not_oai_pmh(body: bytes) -> None:
    with pytest.raises(errors.NotOaiPmh):
        read(body)


@pytest.mark.parametrize(
    "body",
    [
        b"<html><body>Down for maintenance</body></html>",
        b"<!DOCTYPE html>\n<html><head><title>Log in</title></head><body><br></body></html>",
        b"Service unavailable",
        b'{"error": "not found"}',
        b"<rss version='2.0'><channel/></rss>",
        b"%PDF-1.4 \x00\x01\x02",
    ],
)
def test_anything_else_with_status_200_is_not_oai_pmh(body: bytes) -> None:
    with pytest.raises(errors.NotOaiPmh) as refused:
        read(body)
    assert len(str(refused.value).splitlines()) >= 2


def test_entities_are_never_expanded() -> None:
    layers = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    doctype = f'<!DOCTYPE x [<!ENTITY e0 "aaaaaaaaaa">{layers}]>'
    data = three("&e9;").replace(b"?>", f"?>{doctype}".encode(), 1)
    assert refusal(data) or texts(read(data))[1] == "&e9;"


def test_external_entities_are_never_opened(tmp_path: object) -> None:
    secret = tmp_path / "secret"
    secret.write_text("SECRET")
    doctype = f'<!DOCTYPE x [<!ENTITY s SYSTEM "file://{secret}">]>'
    data = three("&s;").replace(b"?>", f"?>{doctype}".encode(), 1)
    assert "SECRET" not in str(refusal(data))
    assert refusal(data) or texts(read(data))[1] == "&s;"


def test_a_text_node_of_12_megabytes_is_read_whole() -> None:
    huge = "abcdefghij" * 1_200_000
    table = read(page(record(dc(title(huge)), 1), record(dc(title("after")), 2)))
    assert [len(t) for t in texts(table)] == [12_000_000, 5]


def test_a_limit_raises_and_never_cuts() -> None:
    deep = "<a>" * 100_000 + "</a>" * 100_000
    with pytest.raises(errors.ParseError):
        read(page(record(dc(title(deep)))))
    many = " ".join(f'a{n}="1"' for n in range(100_000))
    with pytest.raises(errors.ParseError):
        read(page(record(dc(title("x", many)))))


def test_every_repair_of_a_page_is_listed_in_page_order() -> None:
    data = page(*(record(dc(title(f"{n} & \x0b &nbsp;")), n) for n in range(50)))
    found = repairs(read(data))
    assert len(found) == 150
    offsets = [r.offset for r in found]
    assert offsets == sorted(offsets)
    assert [r.identifier for r in found] == [f"oai:museum.example:{n}" for n in range(50) for _ in "abc"]


def test_a_repaired_page_keeps_the_offsets_of_later_repairs() -> None:
    """Dropping and inserting characters shifts text; offsets stay those of the bytes sent."""
    data = page(*(record(dc(title("\x0b\x0b& @@ &nbsp;\x1a")), n) for n in range(5)))
    data = data.replace(b"@@", b"\xe9")
    marks = {"control character": b"\x0b\x1a", "bare ampersand": b"&", "entity": b"&", "encoding": b"\xe9"}
    for repair in repairs(read(data)):
        assert data[repair.offset] in marks[repair.kind], repair


def test_a_good_page_needs_no_repair() -> None:
    table = read(three("Ærø &amp; &lt;&#233;&#x1D550;&apos;"), strict=True)
    assert texts(table)[1] == "Ærø & <é\U0001d550'"
    assert table.report.repairs == []
