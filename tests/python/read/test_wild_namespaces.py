"""Namespaces misspelt, missing, bound anew or never declared. One test a kind."""

import pytest
from naturalia import errors
from support.building import DC, DCTERMS, OAI, OAI_DC, dc, page, record, title
from support.observed import identifiers, long, only_repair, read, repairs, texts

PRIMARY = "oai:museum.example:1"


@pytest.mark.parametrize(
    "xmlns",
    [
        "https://www.openarchives.org/OAI/2.0/",
        "http://www.openarchives.org/OAI/2.0",
        None,
        "HTTP://WWW.OPENARCHIVES.ORG/OAI/2.0/",
    ],
)
def test_a_misspelt_or_missing_oai_namespace_is_repaired(xmlns: str | None) -> None:
    data = page(record(dc(title("a")), 1), record(dc(title("b")), 2), xmlns=xmlns)
    table = read(data)
    assert texts(table) == ["a", "b"]
    assert {r.kind for r in repairs(table)} == {"namespace"}
    with pytest.raises(errors.NaturaliaError):
        read(data, strict=True)


def test_oai_elements_may_carry_a_prefix() -> None:
    data = (
        f'<o:OAI-PMH xmlns:o="{OAI}"><o:responseDate>x</o:responseDate><o:request>u</o:request>'
        f"<o:ListRecords><o:record><o:header><o:identifier>i</o:identifier><o:datestamp>2020-01-01"
        f"</o:datestamp></o:header><o:metadata>{dc(title('a'))}</o:metadata></o:record>"
        "<o:resumptionToken>t</o:resumptionToken></o:ListRecords></o:OAI-PMH>"
    ).encode()
    table = read(data, strict=True)
    assert (identifiers(table), texts(table)) == (["i"], ["a"])
    assert table.pages[0].token.value == "t"


@pytest.mark.parametrize(
    ("container", "elements"),
    [
        (OAI_DC, "http://purl.org/dc/elements/1.1"),
        (OAI_DC, "https://purl.org/dc/elements/1.1/"),
        ("https://www.openarchives.org/OAI/2.0/oai_dc/", DC),
        ("http://www.openarchives.org/OAI/2.0/oai_dc", DC),
    ],
)
def test_a_misspelt_dublin_core_namespace_is_repaired(container: str, elements: str) -> None:
    data = page(record(dc(title("Larus"), oai_dc=container, dc=elements)))
    table = read(data)
    assert table.format == "oai_dc"
    assert table["title"] == [["Larus"]]
    assert {r.kind for r in repairs(table)} == {"namespace"}
    assert {r.identifier for r in repairs(table)} == {PRIMARY}
    with pytest.raises(errors.ParseError):
        read(data, strict=True)


def test_a_misspelt_namespace_is_counted_for_each_record_that_uses_it() -> None:
    data = page(*(record(dc(title("Larus"), dc="http://purl.org/dc/elements/1.1"), n) for n in range(3)))
    found = repairs(read(data))
    assert [r.identifier for r in found] == [f"oai:museum.example:{n}" for n in range(3)]


def test_a_misspelt_namespace_that_nothing_uses_is_no_repair() -> None:
    """Open Images declares dcterms without its slash in every record, and uses it in none."""
    declared = ' xmlns:dcterms="http://purl.org/dc/terms"'
    assert repairs(read(page(record(dc(title("Larus"), declarations=declared))), strict=True)) == []


def test_elements_without_any_namespace_inside_oai_dc_are_dublin_core() -> None:
    data = page(record(f'<dc xmlns="{OAI_DC}"><title>Larus</title><creator>L.</creator></dc>'))
    table = read(data)
    assert table["title"] == [["Larus"]]
    assert table["creator"] == [["L."]]


def test_any_prefix_may_stand_for_dublin_core() -> None:
    inner = f'<x:dc xmlns:x="{OAI_DC}" xmlns:y="{DC}"><y:title>Larus</y:title></x:dc>'
    default = f'<x:dc xmlns:x="{OAI_DC}" xmlns="{DC}"><title>Larus</title></x:dc>'
    own = f'<x:dc xmlns:x="{OAI_DC}"><title xmlns="{DC}">Larus</title></x:dc>'
    for payload in (inner, default, own):
        table = read(page(record(payload)), strict=True)
        assert table["title"] == [["Larus"]], payload


def test_a_prefix_bound_anew_inside_a_record_is_followed() -> None:
    """`dc:` is another namespace for one element, then Dublin Core again."""
    other = '<dc:title xmlns:dc="http://other.example/">not this</dc:title>'
    table = read(page(record(dc(title("a"), other, title("b")))), strict=True)
    assert table["title"] == [["a", "b"]]
    assert texts(table, "{http://other.example/}title") == ["not this"]


def test_prefixes_may_be_declared_on_the_root() -> None:
    data = page(record("<oai_dc:dc><dc:title>Larus</dc:title></oai_dc:dc>"))
    data = data.replace(b"<OAI-PMH", f'<OAI-PMH xmlns:oai_dc="{OAI_DC}" xmlns:dc="{DC}"'.encode())
    assert texts(read(data, strict=True)) == ["Larus"]


def test_an_undeclared_prefix_is_read_as_what_it_usually_means() -> None:
    data = page(record(dc(title("Larus")).replace(f' xmlns:dc="{DC}"', "")))
    table = read(data)
    assert table["title"] == [["Larus"]]
    assert only_repair(table).kind == "undeclared prefix"
    assert only_repair(table).offset == data.index(b"<dc:title")
    assert only_repair(table).identifier == PRIMARY
    with pytest.raises(errors.ParseError):
        read(data, strict=True)


def test_an_undeclared_prefix_of_an_attribute_is_tolerated() -> None:
    data = page(record(dc(title("Larus", 'xsi:type="x"'))))
    table = read(data)
    assert texts(table) == ["Larus"]
    assert only_repair(table).kind == "undeclared prefix"


def test_an_unknown_undeclared_prefix_loses_nothing() -> None:
    table = read(page(record(dc(title("Larus"), "<abc:odd>value</abc:odd>"))))
    assert texts(table) == ["Larus"]
    assert "value" in [row.value for row in long(table)]


def test_a_namespace_with_a_blank_in_it_loses_nothing() -> None:
    declared = ' xmlns:cnt="http://www.w3.o rg/2011/content#"'
    table = read(page(record(dc(title("Larus"), declarations=declared))))
    assert texts(table) == ["Larus"]


def test_dcterms_inside_oai_dc_are_kept_under_their_own_name() -> None:
    extent = f'<t:extent xmlns:t="{DCTERMS}">3 min</t:extent>'
    table = read(page(record(dc(title("a"), extent))), strict=True)
    assert texts(table, "dcterms:extent") == ["3 min"]
    assert len(long(table)) == 2


def test_a_namespace_of_its_own_in_every_record_is_kept() -> None:
    foreign = (f'<x:e xmlns:x="http://x.example/{n}">{n}</x:e>' for n in range(70_000))
    table = read(page(*(record(dc(e), n) for n, e in enumerate(foreign))))
    rows = long(table)
    assert rows[69_999].element == "{http://x.example/69999}e"
    assert [row.value for row in rows] == [str(n) for n in range(70_000)]
