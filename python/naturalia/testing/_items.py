"""Items: what a provider has to offer. Made up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, overload
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["CONTAINERS", "Generated", "Item", "generate", "moment", "second"]

OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
DC = "http://purl.org/dc/elements/1.1/"
OAI_OI = "http://www.openbeelden.nl/feeds/oai/"
OI = "http://www.openbeelden.nl/oai/"
QDC = "http://worldcat.org/xmlschemas/qdc-1.0/"
TERMS = "http://purl.org/dc/terms/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"

# Containers of the formats that tables have: their start tag, and their end tag.
DC_SCHEMA = f'xmlns:xsi="{XSI}" xsi:schemaLocation="{OAI_DC} http://www.openarchives.org/OAI/2.0/oai_dc.xsd"'
CONTAINERS = {
    "oai_dc": (f'<oai_dc:dc xmlns:oai_dc="{OAI_DC}" xmlns:dc="{DC}" {DC_SCHEMA}>', "</oai_dc:dc>"),
    "oai_qdc": (
        f'<oai_qdc:qualifieddc xmlns:oai_qdc="{QDC}" xmlns:dc="{DC}" xmlns:dcterms="{TERMS}">',
        "</oai_qdc:qualifieddc>",
    ),
    "oai_oi": (f'<oai_oi:oi xmlns:oai_oi="{OAI_OI}" xmlns:oi="{OI}">', "</oai_oi:oi>"),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a provider: a header, and a record in each format it has.

    Attributes:
        identifier: the OAI identifier.
        datestamp: when it was last changed, as the header shows it.
        metadata: the payload as XML by metadataPrefix.
        sets: its setSpecs.
        deleted: whether the header says so; the payloads are then not sent.
        about: about containers, as XML.
    """

    identifier: str
    datestamp: str
    metadata: Mapping[str, str] = field(default_factory=dict)
    sets: tuple[str, ...] = ()
    deleted: bool = False
    about: tuple[str, ...] = ()


def second(datestamp: str) -> int:
    """The datestamp in seconds since 1970, as far as it can be read; the year 1 for what can't be."""
    text = datestamp.strip()
    for size, shape in ((19, "%Y-%m-%dT%H:%M:%S"), (10, "%Y-%m-%d"), (8, "%Y%m%d"), (7, "%Y-%m"), (4, "%Y")):
        try:
            read = datetime.strptime(text[:size], shape).replace(tzinfo=UTC)
        except ValueError:
            continue
        return round((read - EPOCH) / timedelta(seconds=1))
    return round((datetime(1, 1, 1, tzinfo=UTC) - EPOCH) / timedelta(seconds=1))


def moment(seconds: float) -> str:
    """The datestamp of a moment given in seconds since 1970."""
    return (EPOCH + timedelta(seconds=int(seconds))).strftime("%Y-%m-%dT%H:%M:%SZ")


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

SPECIES = (
    ("Larus argentatus", "Pontoppidan, 1763", "herring gull", "zilvermeeuw"),
    ("Parus major", "Linnaeus, 1758", "great tit", "koolmees"),
    ("Helix pomatia", "Linnaeus, 1758", "Roman snail", "wijngaardslak"),
    ("Vulpes vulpes", "(Linnaeus, 1758)", "red fox", "vos"),
    ("Buteo buteo", "(Linnaeus, 1758)", "common buzzard", "buizerd"),
    ("Chamerion angustifolium", "(L.) Holub", "fireweed", "wilgenroosje"),
    ("Bombus terrestris", "(Linnaeus, 1758)", "buff-tailed bumblebee", "aardhommel"),
)
PLACES = ("Texel", "Veluwe", "Schiermonnikoog", "Waddenzee", "Limburg", "Île-d'Yeu", "Skåne", "Örebro")
PEOPLE = ("Berends, Willem", "Doe, Jane", "Søndergaard, Åse", "de Vries, J.", "García, Inés")
RIGHTS = (
    "https://creativecommons.org/licenses/by-sa/3.0/nl/",
    "https://creativecommons.org/publicdomain/zero/1.0/",
    "http://creativecommons.org/licenses/by/4.0/",
    "© The museum, all rights reserved",
)
SETS = ("birds", "birds:gulls", "films")
ABSTRACT = (
    "{place}, seen from the shore: {common} & young. The film of {year} shows how {scientific} feeds, rests "
    "and moves on, in shots of < 10 seconds. "
)


class Generated(Sequence[Item]):
    """Items made up one by one when asked for: a million cost no memory. Made by `generate`."""

    def __init__(
        self,
        count: int,
        *,
        seed: int = 1,
        start: str = "2020-01-01",
        step: float = 3600,
        sets: Sequence[str] = SETS,
        deleted: int = 0,
        size: int = 1,
    ) -> None:
        self.number, self.seed, self.start, self.step = count, seed, second(start), step
        self.sets, self.deleted, self.size = tuple(sets), deleted, size

    def __len__(self) -> int:
        return self.number

    @overload
    def __getitem__(self, index: int) -> Item: ...
    @overload
    def __getitem__(self, index: slice) -> list[Item]: ...
    def __getitem__(self, index: int | slice) -> Item | list[Item]:
        if isinstance(index, slice):
            return [self._item(number) for number in range(self.number)[index]]
        return self._item(range(self.number)[index])

    def stamp(self, index: int) -> int:
        """The datestamp of an item, in seconds since 1970, without making the item."""
        return self.start + int(index * self.step)

    def specs(self, index: int) -> tuple[str, ...]:
        """The setSpecs of an item, without making the item."""
        place = self._dice(index) % len(self.sets) if self.sets else 0
        return self.sets[place : place + 1]

    def place(self, identifier: str) -> int | None:
        """The index of the item of this identifier."""
        number = identifier.removeprefix("oai:museum.example:")
        if number.isdecimal() and 0 < int(number) <= self.number and str(int(number)) == number:
            return int(number) - 1
        return None

    def _dice(self, index: int) -> int:
        # Knuth's multiplicative hash: different from item to item, the same in every run.
        return ((index + self.seed * 7919) * 2654435761 >> 7) & 0xFFFFFF

    def _item(self, index: int) -> Item:
        gone = self.deleted > 0 and index % self.deleted == self.deleted - 1
        return Item(
            identifier=f"oai:museum.example:{index + 1}",
            datestamp=moment(self.stamp(index)),
            metadata={"oai_dc": "", "oai_oi": ""}
            if gone
            else Payloads(index + 1, self._dice(index), self.size),
            sets=self.specs(index),
            deleted=gone,
        )


class Payloads(dict[str, str]):
    """The payloads of a generated item; each is written when it is asked for."""

    def __init__(self, number: int, dice: int, size: int) -> None:
        super().__init__(oai_dc="", oai_oi="")
        self.number, self.dice, self.size = number, dice, size

    def __getitem__(self, prefix: str) -> str:
        if not super().__getitem__(prefix):
            self[prefix] = self._dc() if prefix == "oai_dc" else self._oi()
        return super().__getitem__(prefix)

    def _words(self) -> dict[str, Any]:
        scientific, author, common, dutch = SPECIES[self.dice % len(SPECIES)]
        words: dict[str, Any] = {
            "scientific": scientific,
            "author": author,
            "common": common,
            "dutch": dutch,
            "place": PLACES[self.dice // 7 % len(PLACES)],
            "who": PEOPLE[self.dice // 61 % len(PEOPLE)],
            "rights": RIGHTS[self.dice // 311 % len(RIGHTS)],
            "year": 1900 + self.dice // 13 % 120,
        }
        words["abstract"] = (ABSTRACT.format(**words) * self.size).strip()
        return words

    def _dc(self) -> str:
        w, n = self._words(), self.number
        start, end = CONTAINERS["oai_dc"]
        return (
            start
            + "".join(
                f"<dc:{name}>{escape(text)}</dc:{name}>"
                for name, text in (
                    ("title", f"{w['common'].capitalize()} ({w['scientific']}), {w['place']}, no. {n}"),
                    ("creator", w["who"]),
                    ("subject", w["scientific"]),
                    ("subject", w["common"]),
                    ("description", w["abstract"]),
                    ("publisher", "Museum of Examples"),
                    ("date", str(w["year"])),
                    ("type", "StillImage"),
                    ("format", "image/jpeg"),
                    ("identifier", f"https://museum.example/media/{n}"),
                    ("identifier", f"https://museum.example/files/{n}.jpg"),
                    ("language", "en"),
                    ("coverage", w["place"]),
                    ("rights", w["rights"]),
                )
            )
            + end
        )

    def _oi(self) -> str:
        w, n = self._words(), self.number
        start, end = CONTAINERS["oai_oi"]
        return (
            start
            + "".join(
                f"<oi:{name}{attributes}>{escape(text)}</oi:{name}>"
                for name, attributes, text in (
                    ("title", ' xml:lang="nl"', f"{w['dutch'].capitalize()} op {w['place']}, nr. {n}"),
                    ("title", ' xml:lang="en"', f"{w['common'].capitalize()}, {w['place']}, no. {n}"),
                    ("creator", ' xml:lang="nl"', f"{w['who']} (camera)"),
                    ("subject", ' xml:lang="nl"', w["dutch"]),
                    ("subject", ' xml:lang="nl"', w["scientific"]),
                    ("abstract", ' xml:lang="en"', w["abstract"]),
                    ("publisher", ' xml:lang="nl"', "Museum of Examples"),
                    ("date", "", f"{w['year']}-01-01"),
                    ("type", "", "Moving Image"),
                    ("extent", "", f"PT{self.dice % 9}M{self.dice % 59}S"),
                    ("medium", ' format="hd"', f"https://museum.example/files/{n}.mp4"),
                    ("attributionURL", "", f"https://museum.example/media/{n}"),
                    ("license", "", w["rights"]),
                )
            )
            + end
        )


def generate(count: int, **options: Any) -> Generated:
    """Made-up items, the same in every run.

    Args:
        count: how many.
        options: `seed`; `start`, the first datestamp; `step`, the seconds from one datestamp to the next;
            `sets`, the setSpecs they are spread over; `deleted=7` marks every seventh as deleted; `size`
            repeats the description that many times.

    >>> from naturalia import testing
    >>> items = testing.generate(1_000_000)
    >>> items[41].identifier, items[41].datestamp
    ('oai:museum.example:42', '2020-01-02T17:00:00Z')
    """
    return Generated(count, **options)
