"""What the records of the loopback portal are about: names, places, people."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["PEOPLE", "PLACES", "TAXA", "Place", "Taxon"]


class Taxon(NamedTuple):
    """What a specimen is.

    Attributes:
        genus: its genus, "" of a mineral.
        epithet: its specific epithet.
        author: the authorship.
        ranks: kingdom, phylum, class, order, family.
        collection: collectionCode.
        department: subDepartment.
        kind: kindOfObject.
        basis: basisOfRecord.
        mineral: the name of a mineral.
    """

    genus: str
    epithet: str
    author: str
    ranks: tuple[str, ...]
    collection: str = "ZOO"
    department: str = "LS Mollusca"
    kind: str = "Dry"
    basis: str = "PreservedSpecimen"
    mineral: str = ""


class Place(NamedTuple):
    """Where something was collected: its south-west corner, in degrees."""

    continent: str
    country: str
    province: str
    water: str
    locality: str
    latitude: float
    longitude: float


SNAILS = ("Animalia", "Mollusca", "Gastropoda", "Stylommatophora", "Helicidae")
INSECTS = ("Animalia", "Arthropoda", "Insecta")

TAXA = (
    Taxon("Helix", "pomatia", "Linnaeus, 1758", SNAILS),
    Taxon("Helix", "lucorum", "Linnaeus, 1758", SNAILS, kind="Spirit"),
    Taxon("Argonauta", "argo", "Linnaeus, 1758", (*SNAILS[:2], "Cephalopoda", "Octopoda", "Argonautidae")),
    Taxon(
        "Aphis",
        "fabae",
        "Scopoli, 1763",
        (*INSECTS, "Hemiptera", "Aphididae"),
        "BMNH(E)",
        "LS Hemiptera",
        "Slide",
    ),
    Taxon(
        "Papilio",
        "machaon",
        "Linnaeus, 1758",
        (*INSECTS, "Lepidoptera", "Papilionidae"),
        "BMNH(E)",
        "LS Lepidoptera",
    ),
    Taxon(
        "Ornithoptera",
        "croesus",
        "Wallace, 1859",
        (*INSECTS, "Lepidoptera", "Papilionidae"),
        "BMNH(E)",
        "LS Lepidoptera",
    ),
    Taxon(
        "Synodontis",
        "schall",
        "(Bloch & Schneider, 1801)",
        ("Animalia", "Chordata", "Actinopterygii", "Siluriformes", "Mochokidae"),
        department="LS Fish",
        kind="Spirit",
    ),
    Taxon(
        "Larus",
        "argentatus",
        "Pontoppidan, 1763",
        ("Animalia", "Chordata", "Aves", "Charadriiformes", "Laridae"),
        department="LS Birds",
        kind="Skin",
    ),
    Taxon(
        "Solanum",
        "dulcamara",
        "L.",
        ("Plantae", "Tracheophyta", "Magnoliopsida", "Solanales", "Solanaceae"),
        "BOT",
        "LS Seed Plants",
        "Herbarium Sheet",
    ),
    Taxon(
        "Iguanodon",
        "bernissartensis",
        "Boulenger, 1881",
        ("Animalia", "Chordata", "Reptilia", "Ornithischia", "Iguanodontidae"),
        "PAL",
        "ES Vertebrates",
        basis="FossilSpecimen",
    ),
    Taxon("", "", "", (), "MIN", "ES Mineralogy", basis="Occurrence", mineral="Quartz"),
)

PLACES = (
    Place(
        "Africa", "Ethiopia", "Benshangul-Gumaz", "Blue Nile", "Forward base three, Didessa River", 10.0, 35.6
    ),
    Place("Europe", "Italy", "Sicilia", "", "Mount Etna, Valle del Bove", 37.2, 14.4),
    Place("Europe", "United Kingdom", "England", "", "Box Hill, Surrey", 51.2, -0.9),
    Place("North America", "Mexico", "Yucatán", "", "Cozumel Island", 20.0, -88.6),
    Place("South America", "Peru", "Cusco", "", "Wayqecha", -13.6, -72.1),
    Place("Asia", "Indonesia", "Maluku", "", "Bacan", -0.9, 127.3),
    Place("", "", "", "North Sea", "Dogger Bank, trawled", 54.4, 2.1),
)

PEOPLE = ("Wallace, Alfred Russel", "Cheesman, Lucy Evelyn", "Banks, Joseph", "Anning, Mary", "Łukasz Żółty")
