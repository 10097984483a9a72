"""Pages no provider has sent yet: whatever is well-formed reads as strict lxml reads it."""

import random
from pathlib import Path

import pytest
from conftest import FIXTURES
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from naturalia import errors
from support import reference
from support.building import DC, DCTERMS, OAI_DC, header, page, record
from support.observed import read

BLANKS = st.sampled_from(["", "", " ", "\n", "\t", "\r\n"])
WORDS = st.text("ab é\u00a0🐟&<>\"'\r\n\t", max_size=6)
NAMES = st.sampled_from(
    ["dc:title", "dc:creator", "dc:mediator", "dcterms:extent", "title", "x:a", "dc:x.y-z", "dc:été"]
)
FOREIGN = f'xmlns:x="http://x.example/" xmlns:dcterms="{DCTERMS}"'


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("]]>", "]]&gt;")


@st.composite
def attributes(draw: st.DrawFn) -> str:
    """Attributes in any order, quotes and spacing."""
    names = draw(st.lists(st.sampled_from(["xml:lang", "a", "x:b", "c-d"]), unique=True, max_size=3))
    parts = []
    for name in names:
        quote = draw(st.sampled_from("\"'"))
        value = escaped(draw(WORDS)).replace(quote, "&#34;" if quote == '"' else "&#x27;")
        equals = draw(st.sampled_from(["=", " = ", "=\n"]))
        parts.append(f"{draw(st.sampled_from([' ', '  ', chr(10)]))}{name}{equals}{quote}{value}{quote}")
    return "".join(parts)


@st.composite
def content(draw: st.DrawFn, depth: int = 0) -> str:
    """Text, references, CDATA, comments, instructions and, sometimes, elements."""
    kinds = ["text", "text", "reference", "cdata", "comment", "instruction"] + ["element"] * (depth < 2)
    parts = []
    for kind in draw(st.lists(st.sampled_from(kinds), max_size=4)):
        match kind:
            case "text":
                parts.append(escaped(draw(WORDS)))
            case "reference":
                parts.append(
                    draw(st.sampled_from(["&amp;", "&#233;", "&#x1D54F;", "&#13;", "&apos;", "&#10;"]))
                )
            case "cdata":
                parts.append(f"<![CDATA[{draw(WORDS)}</dc:title>&amp;]]>")
            case "comment":
                parts.append("<!-- </record> & ' -->")
            case "instruction":
                parts.append("<?php echo '</record>' ?>")
            case _:
                parts.append(draw(element(depth + 1)))
    return "".join(parts)


@st.composite
def element(draw: st.DrawFn, depth: int = 0) -> str:
    name, space = draw(NAMES), draw(BLANKS)
    if draw(st.booleans()) and draw(st.booleans()):
        return f"<{name}{draw(attributes())}{space}/>"
    return f"<{name}{draw(attributes())}{space}>{draw(content(depth))}</{name}{space}>"


@st.composite
def pages(draw: st.DrawFn) -> bytes:
    records = []
    for number in range(draw(st.integers(0, 3))):
        gap = draw(BLANKS)
        children = gap.join(draw(st.lists(element(), max_size=5)))
        declared = f'xmlns:oai_dc="{OAI_DC}" xmlns:dc="{DC}" {FOREIGN}'
        payload = f"{gap}<oai_dc:dc {declared}>{gap}{children}</oai_dc:dc>{gap}"
        status = draw(st.sampled_from(["", "", "deleted"]))
        records.append(record(None if status else payload, head=header(number, status=status)))
    return page(*records)


def same(data: bytes, *, strict: bool) -> None:
    """Our records are those of the reference."""
    expected = reference.read(data).records
    table = read(data, strict=strict)
    assert len(table) == len(expected)
    for ours, theirs in zip(table, expected, strict=True):
        assert (ours.identifier, ours.deleted, ours.sets) == (theirs.identifier, theirs.deleted, theirs.sets)
        assert [v.value for v in ours.values] == [v.text for v in theirs.values]
        assert [v.lang for v in ours.values] == [v.lang for v in theirs.values]
        assert [v.position for v in ours.values] == [v.position for v in theirs.values]
        assert [bool(v.markup) for v in ours.values] == [v.has_children for v in theirs.values]
        assert [len(v.attributes) for v in ours.values] == [len(v.attributes) for v in theirs.values]
        plain = [(v.element, t.element) for v, t in zip(ours.values, theirs.values, strict=True)]
        assert all(a == b for a, b in plain if not b.startswith("oai:"))


@settings(max_examples=200, deadline=None)
@given(pages())
def test_a_generated_page_reads_as_lxml_reads_it(data: bytes) -> None:
    same(data, strict=False)


@pytest.mark.soak
@settings(max_examples=20_000, deadline=None)
@given(pages())
def test_very_many_generated_pages_read_as_lxml_reads_them(data: bytes) -> None:
    same(data, strict=False)


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The page with a few bytes changed to others that matter in XML."""
    broken = bytearray(data)
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(broken))
        broken[at : at + chance.randint(0, 2)] = chance.choice(
            (b"<", b">", b"&", b'"', b"'", b"/", b" ", b"x", b":", b"=")
        )
    return bytes(broken)


@pytest.mark.parametrize("file", sorted(FIXTURES.glob("*Record*.xml")), ids=lambda p: p.name)
def test_a_mutated_page_that_lxml_accepts_has_the_same_number_of_records(file: Path) -> None:
    data, chance, accepted = file.read_bytes(), random.Random(file.name), 0
    for _ in range(400):
        broken = mutated(data, chance)
        try:
            page = reference.read(broken)
        except etree.XMLSyntaxError:
            continue
        if page.verb is None:
            continue
        accepted += 1
        try:
            table = read(broken)
        except errors.NaturaliaError as refused:
            pytest.fail(f"{refused}\n{broken!r}")
        assert len(table) == len(page.records)
    assert accepted > 40
