"""What pages and files look like when they are not one page of one list."""

import pytest
from naturalia import errors
from support.building import DECLARATION, dc, envelope, error_page, header, oi, page, record, three, title
from support.observed import identifiers, read, repairs, texts

TOKENS = {
    "absent": "",
    "empty": "<resumptionToken></resumptionToken>",
    "self-closed": '<resumptionToken completeListSize="3" cursor="0"/>',
    "blank": "<resumptionToken> \n </resumptionToken>",
}


@pytest.mark.parametrize("token", TOKENS.values(), ids=TOKENS.keys())
def test_the_last_page_may_have_an_empty_a_blank_or_no_token(token: str) -> None:
    table = read(page(record(dc(title("a"))), token=token), strict=True)
    assert texts(table) == ["a"]
    assert not table.pages[0].token or not table.pages[0].token.value


@pytest.mark.parametrize("token", ["!f!u!s-openimages!oai_oi!200", "cursor%3D50%26x", "a+b c/d=", "x&y<"])
def test_a_token_is_opaque_text(token: str) -> None:
    escaped = token.replace("&", "&amp;").replace("<", "&lt;")
    data = page(record(dc(title("a"))), token=f"<resumptionToken> {escaped}\n</resumptionToken>")
    assert read(data, strict=True).pages[0].token.value == token


def test_a_page_of_no_records_with_a_token_is_an_empty_table() -> None:
    table = read(page(token="<resumptionToken>t</resumptionToken>"))
    assert len(table) == 0
    assert table.pages[0].token.value == "t"


def test_a_missing_response_date_or_request_is_tolerated() -> None:
    data = page(record(dc(title("a"))))
    start, end = data.index(b"<responseDate>"), data.index(b"<ListRecords>")
    assert texts(read(data[:start] + data[end:])) == ["a"]


def test_a_padded_response_date_is_trimmed() -> None:
    data = page(record(dc(title("a")))).replace(b"2020-01-02T03:04:05Z", b"\n 2020-01-02T03:04:05Z ")
    assert read(data).pages[0].responseDate == "2020-01-02T03:04:05Z"


def test_two_errors_are_both_raised() -> None:
    with pytest.raises(errors.BadArgument) as refused:
        read(error_page(("badArgument", "no verb"), ("cannotDisseminateFormat", "no mods")))
    assert refused.value.errors == [("badArgument", "no verb"), ("cannotDisseminateFormat", "no mods")]


def test_an_unknown_error_code_is_an_unknown_oai_error() -> None:
    with pytest.raises(errors.UnknownOaiError) as refused:
        read(error_page(("InternalException", "boom")))
    assert refused.value.code == "InternalException"


def test_an_error_without_a_code_is_an_unknown_oai_error() -> None:
    with pytest.raises(errors.UnknownOaiError):
        read((DECLARATION + envelope("<error>boom</error>")).encode())


def test_an_error_beside_records_is_not_lost() -> None:
    data = page(record(dc(title("a"))))
    data = data.replace(b"</ListRecords>", b'</ListRecords><error code="badArgument">odd</error>')
    try:
        table = read(data)
    except errors.BadArgument:
        return
    assert texts(table) == ["a"]
    assert [e.code for e in table.report.errors] == ["badArgument"]


def test_several_pages_in_one_file_are_all_read() -> None:
    data = b"\n".join([three("a"), three("b"), three("c")])
    table = read(data)
    assert len(table) == 9
    assert table.report.pages == 3
    assert texts(table)[1::3] == ["a", "b", "c"]


def test_pages_joined_with_their_byte_order_marks_are_all_read() -> None:
    data = b"".join(b"\xef\xbb\xbf" + three(t) for t in "abc")
    assert texts(read(data))[1::3] == ["a", "b", "c"]


def test_a_page_of_deleted_records_only_joins_pages_of_any_format() -> None:
    """Its request names no format when it was asked for by token."""
    gone = page(*(record(None, n, head=header(n, status="deleted")) for n in (2, 3)))
    gone = gone.replace(b'metadataPrefix="oai_dc"', b'resumptionToken="x"')
    for pages in ([page(record(dc(title("a")))), gone], [gone, page(record(dc(title("a"))))]):
        table = read(pages)
        assert (table.format, len(table), table.report.deleted) == ("oai_dc", 3, 2)


def test_a_cut_page_after_whole_ones_is_an_error() -> None:
    data = three("a") + b"\n" + three("b")[:-12]
    with pytest.raises(errors.Truncated):
        read(data)


@pytest.mark.parametrize("xmlns", [' xmlns="http://www.openarchives.org/OAI/2.0/"', ""])
def test_a_bare_record_is_a_table_of_one(xmlns: str) -> None:
    data = record(dc(title("a"))).replace("<record>", f"<record{xmlns}>").encode()
    table = read(data)
    assert (identifiers(table), texts(table)) == (["oai:museum.example:1"], ["a"])


def test_bare_records_side_by_side_are_all_read() -> None:
    data = "\n".join(record(dc(title(t)), n) for n, t in enumerate("abc")).encode()
    assert texts(read(data)) == ["a", "b", "c"]


def test_bare_records_in_a_list_are_all_read() -> None:
    records = "".join(record(dc(title(t)), n) for n, t in enumerate("abc"))
    for root in ("records", "ListRecords"):
        assert texts(read(f"<{root}>{records}</{root}>".encode())) == ["a", "b", "c"]


def test_a_bare_container_is_a_record_without_identifier() -> None:
    table = read(dc(title("a")).encode())
    assert (identifiers(table), texts(table)) == ([None], ["a"])


def test_formats_mixed_in_one_read_are_named_in_the_error() -> None:
    with pytest.raises(ValueError, match=r"oai_dc.*oai_oi"):
        read([page(record(dc(title("a")))), page(record(oi("<oi:title>b</oi:title>")))])


def test_repairs_of_several_pages_name_their_page() -> None:
    data = three("a") + three("b & c")
    found = repairs(read(data))
    assert [r.kind for r in found] == ["bare ampersand"]
    assert found[0].offset == data.index(b"& c")
