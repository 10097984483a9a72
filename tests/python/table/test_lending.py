"""Readers lend each other memory from page to page; nothing of one page may show up in the next."""

from pathlib import Path

import naturalia as nat
import pytest


def test_pages_of_every_kind_read_after_each_other_as_they_read_alone(fixtures: Path) -> None:
    files = sorted(fixtures.glob("*.xml"))

    def rows(source: Path | list[Path]) -> list[object]:
        parts = nat.scan(source, threads=1, keep_going=True)
        return [row for part in parts for row in part.to_arrow().to_pylist()]

    alone = [row for file in files for row in rows(file)]
    for order in (files, files[::-1]):
        wanted = alone if order is files else [row for file in order for row in rows(file)]
        assert rows(order) == wanted


@pytest.mark.parametrize("attributes", ["a=1", 'a="1" a="2"', "=x", "a"])
def test_attributes_that_cannot_be_read_are_a_repair_and_lose_no_value(attributes: str) -> None:
    page = (
        '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords><record><header>'
        "<identifier>oai:museum.example:1</identifier></header><metadata><oai_dc:dc "
        'xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title {attributes}>Larus</dc:title></oai_dc:dc></metadata></record></ListRecords></OAI-PMH>"
    ).encode()
    table = nat.read(page)
    assert table["title"] == [["Larus"]]
    assert [repair.kind for repair in table.report.repairs] == ["broken markup"]
    with pytest.raises(nat.errors.ParseError):
        nat.read(page, strict=True)


def test_what_comes_before_the_format_is_known_keeps_its_place() -> None:
    page = (
        b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords><record><header><note>first</note>'
        b"<identifier>oai:museum.example:1</identifier></header><metadata><oai_dc:dc "
        b'xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        b"<dc:title>second</dc:title></oai_dc:dc></metadata></record></ListRecords></OAI-PMH>"
    )
    assert [(value.position, value.value) for value in nat.read(page)[0].values] == [
        (0, "first"),
        (1, "second"),
    ]
