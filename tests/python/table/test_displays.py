"""What a notebook shows: readable in light and dark, small, and harmless whatever the metadata says."""

import re
from html.parser import HTMLParser

import naturalia as nat
import pytest
from support.building import dc, page, record, three

HOSTILE = "&lt;img src=x onerror=alert(1)&gt;&lt;/td&gt;&lt;script&gt;alert(2)&lt;/script&gt;\"'"
SANITISED = {"style", "script", "svg", "link", "iframe", "object", "embed", "form", "input", "button", "img"}
KEPT = {"style", "title", "href"}


class Seen(HTMLParser):
    """The elements and attributes of a display, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.words = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words += data


def everything(table):
    """All that can be displayed of a table."""
    yield table._repr_html_()
    yield table.report._repr_html_()
    yield nat.scan(nat.samples.path("odd.xml"))._repr_html_()
    for row in table:
        yield row._repr_html_()
    if "rights" in table.columns:
        statements = [text for values in table["rights"] for text in values]
        yield nat.license_report(statements)._repr_html_()
        yield from (nat.license(text)._repr_html_() for text in statements)


@pytest.mark.parametrize("name", ["openimages_oai_oi.xml", "naturalis_oai_dc.xml", "odd.xml"])
def test_a_display_keeps_what_notebooks_let_through(name):
    for html in everything(nat.read(nat.samples.path(name))):
        seen = Seen(html)
        assert not seen.open, "every element is closed"
        assert not seen.elements & SANITISED
        assert seen.attributes <= KEPT
        assert "var(" not in html
        assert "currentColor" not in html


def test_hostile_metadata_is_text():
    hostile = dc(f"<dc:title>{HOSTILE}</dc:title><dc:rights>{HOSTILE} CC BY 4.0</dc:rights>")
    table = nat.read(page(record(hostile)))
    assert "<script>" in table["title"][0][0]
    for html in everything(table):
        seen = Seen(html)
        assert not seen.elements & SANITISED
        assert seen.attributes <= KEPT
    assert "<script>alert(2)</script>" in Seen(table._repr_html_()).words


def test_a_display_is_at_most_sixty_kilobytes():
    wide = "".join(f"<dc:{name}>{'&amp;' * 5000}</dc:{name}>" for name in nat.read(three("x"))[0].dc)
    table = nat.read(page(*[record(dc(wide * 30), number) for number in range(20)]))
    for html in everything(table):
        assert len(html.encode()) <= 60_000


def test_colour_is_never_the_only_signal():
    rights = ["CC BY 4.0", "CC BY-NC 4.0", "All rights reserved", "ask us"]
    records = [record(dc(f"<dc:rights>{text}</dc:rights>"), n) for n, text in enumerate(rights)]
    html = nat.read(page(*records, record(dc(), 9)))._repr_html_()
    chips = re.findall(r'<span style="background:(#\w+);[^"]*" title="[^"]*">([^<]+)</span> \d', html)
    named = ["All rights reserved", "CC BY 4.0", "CC BY-NC 4.0", "not stated"]
    assert sorted(label for _, label in chips) == named
    assert len({colour for colour, _ in chips}) == 4


def test_a_table_says_its_counts_gaps_and_what_is_not_shown():
    table = nat.read(page(*[record(dc("<dc:title>a</dc:title>"), n) for n in range(9)]))
    words = Seen(table._repr_html_()).words
    assert "9 records" in words
    assert "creator 100.0%" in words
    assert "4 more rows" in words


def test_an_empty_table_can_be_displayed():
    assert "0 records" in Seen(nat.read(three("x"))[:0]._repr_html_()).words


@pytest.mark.parametrize(
    "make",
    [
        lambda: nat.read(three("x")),
        lambda: nat.read(three("x"))[0],
        lambda: nat.read(three("x")).report,
        lambda: nat.license("CC BY"),
        lambda: nat.scan(three("x")),
    ],
)
def test_a_plain_repr_is_one_line(make):
    assert "\n" not in repr(make())
