"""What documents are made of: species, places, people, licences, and the pieces all documents share.

Nobody's records: names of species are those of nature, everything else is made up.
"""

from __future__ import annotations

from typing import Any

__all__ = [
    "BIRDS",
    "BRAHMS",
    "CRABS",
    "CRS",
    "CRS_LICENSES",
    "NATURALIS",
    "NSR",
    "NSR_RIGHTS",
    "OBS",
    "PEOPLE",
    "PLACES",
    "PLANTS",
    "XC",
    "Document",
    "base",
    "classification",
    "gathering",
    "hash_of",
    "medialib",
    "name_of",
    "pick",
    "site",
    "stamp",
]

NATURALIS = "Naturalis Biodiversity Center"
CRS = {"code": "CRS", "name": "Naturalis - Zoology and Geology catalogues"}
BRAHMS = {"code": "BRAHMS", "name": "Naturalis - Botany catalogues"}
XC = {"code": "XC", "name": "Xeno-canto.org - Bird sounds"}
NSR = {"code": "NSR", "name": "Naturalis - Dutch Species Register"}
OBS = {"code": "OBS", "name": "Observation.org - Nature observations"}
# Genus, epithet, authorship, family, order, English and Dutch name.
BIRDS = [
    (
        "Phalacrocorax",
        "carbo",
        "(Linnaeus, 1758)",
        "Phalacrocoracidae",
        "Suliformes",
        "Great Cormorant",
        "aalscholver",
    ),
    ("Larus", "argentatus", "Pontoppidan, 1763", "Laridae", "Charadriiformes", "Herring Gull", "zilvermeeuw"),
    (
        "Larus",
        "fuscus",
        "Linnaeus, 1758",
        "Laridae",
        "Charadriiformes",
        "Lesser Black-backed Gull",
        "kleine mantelmeeuw",
    ),
    ("Parus", "major", "Linnaeus, 1758", "Paridae", "Passeriformes", "Great Tit", "koolmees"),
    (
        "Falco",
        "vespertinus",
        "Linnaeus, 1766",
        "Falconidae",
        "Falconiformes",
        "Red-footed Falcon",
        "roodpootvalk",
    ),
    (
        "Anser",
        "erythropus",
        "(Linnaeus, 1758)",
        "Anatidae",
        "Anseriformes",
        "Lesser White-fronted Goose",
        "dwerggans",
    ),
    (
        "Oenanthe",
        "oenanthe",
        "(Linnaeus, 1758)",
        "Muscicapidae",
        "Passeriformes",
        "Northern Wheatear",
        "tapuit",
    ),
    (
        "Pernis",
        "apivorus",
        "(Linnaeus, 1758)",
        "Accipitridae",
        "Accipitriformes",
        "European Honey Buzzard",
        "wespendief",
    ),
    (
        "Arachnothera",
        "affinis",
        "(Horsfield, 1821)",
        "Nectariniidae",
        "Passeriformes",
        "Streaky-breasted Spiderhunter",
        "",
    ),
]
PLANTS = [
    ("Taraxacum", "planoides", "Hagend., Soest & Zevenb.", "Compositae", "Asterales", "", "paardenbloem"),
    ("Rosa", "dumalis", "Bechst.", "Rosaceae", "Rosales", "Glaucous Dog Rose", "kale struweelroos"),
    ("Quercus", "robur", "L.", "Fagaceae", "Fagales", "Pedunculate Oak", "zomereik"),
    ("Setaria", "viridis", "(L.) P.Beauv.", "Poaceae", "Poales", "Green Bristle-grass", "groene naaldaar"),
    ("Nepenthes", "×hookeriana", "Lindl.", "Nepenthaceae", "Caryophyllales", "", ""),
]
CRABS = [
    ("Coenobita", "perlatus", "H. Milne Edwards", "Coenobitidae", "Decapoda", "", ""),
    ("Anapagurus", "laevis", "(Bell)", "Paguridae", "Decapoda", "", ""),
]
PLACES = [
    ("Netherlands", "Europe", "Noord-Holland", "Texel, De Slufter", 4.79, 53.13),
    ("Netherlands", "Europe", "Zuid-Holland", "Noordwijk a/zee", 4.43, 52.24),
    ("Indonesia", "Asia", "Jawa Barat", "Gunung Halimun NP", 106.5182, -6.7461),
    ("Suriname", "South America", "Sipaliwini", "Brownsberg \u2018Mazaroni-plateau\u2019", -55.18, 4.95),
    ("Türkiye", "Asia", "Muğla", "Köyceğiz Gölü", 28.66, 36.9),
]
PEOPLE = ["Jansen, A.B.", "Müller, C.; Øster, D.", "exc. R. M. N. H.", 'Kok, "Bep" E.', "D'Hont, F."]
CRS_LICENSES = ("CC0 4.0", "CC0 4.0", "CC0 4.0", "CC0 1.0", "CC0 4.0", "CC0")
NSR_RIGHTS = [
    ("All rights reserved", None),
    ("CC BY", "Voorbeeldfotografie / G. Hendriks"),
    ("CC BY-NC-ND", None),
    ("CC0", "G. Hendriks"),
    (None, "www.foto.example"),
    ("CC BY-SA 3.0", None),
]
Document = dict[str, Any]


def pick(options: Any, number: int, salt: int = 0) -> Any:
    """One of several by number; with another salt, independently of the first choice."""
    mixed = (number * 2_654_435_761 + salt * 40_503) % 4_294_967_296
    return options[(mixed >> 7) % len(options)]


def name_of(row: tuple[str, ...], *, author: bool) -> Document:
    """A scientific name, with or without its author."""
    genus, epithet, authorship = row[:3]
    full = f"{genus} {epithet} {authorship}" if author else f"{genus} {epithet}"
    name = {"fullScientificName": full, "genusOrMonomial": genus, "specificEpithet": epithet}
    if author:
        name |= {
            "authorshipVerbatim": authorship.strip("()"),
            "scientificNameGroup": f"{genus} {epithet}".lower(),
        }
    return name


def classification(row: tuple[str, ...], kingdom: str, class_name: str) -> Document:
    """The higher taxa of a name."""
    genus, epithet, _, family, order = row[:5]
    return {
        "kingdom": kingdom,
        "className": class_name,
        "order": order,
        "family": family,
        "genus": genus,
        "specificEpithet": epithet,
    }


def stamp(number: int, *, end: bool = False) -> str:
    """A date as the NBA writes it: an offset without a colon; of a day only, its first or last second."""
    day = f"{1850 + number % 170}-{1 + number % 12:02}-{1 + number % 28:02}"
    return f"{day}T{'23:59:59' if end else '00:00:00'}+0000"


def site(number: int) -> Document | None:
    """Coordinates: right, none, null island, or off the Earth."""
    place = pick(PLACES, number, 3)
    kind = number % 9
    if kind in (1, 4):
        return None
    if kind == 7:
        return {"longitudeDecimal": 0.0, "latitudeDecimal": 0.0}
    if kind == 8:
        return {"longitudeDecimal": place[4], "latitudeDecimal": 512.4}
    found = {"longitudeDecimal": place[4], "latitudeDecimal": place[5], "spatialDatum": "WGS84"}
    return found | ({"geoShape": {"type": "Point", "coordinates": list(place[4:])}} if kind == 2 else {})


def gathering(number: int, *, joined: bool) -> Document:
    """A gathering event, the place in parts or as one text."""
    country, continent, province, locality, _, _ = pick(PLACES, number, 3)
    event: Document = {"continent": continent, "country": country, "provinceState": province}
    if joined:
        event |= {"locality": locality, "localityText": f"{continent}; {country}; {province}; {locality}"}
    else:
        event["sublocality"] = locality
    event |= (
        {"dateTimeBegin": stamp(number), "dateTimeEnd": stamp(number, end=number % 3 == 0)} if joined else {}
    )
    event["gatheringPersons"] = [{"fullName": pick(PEOPLE, number, 5)}]
    where = site(number)
    return event | ({"siteCoordinates": [where]} if where else {})


def medialib(medium: str) -> str:
    """The address of an image: http, as in all documents before NBA 2.21."""
    return f"http://medialib.naturalis.nl/file/id/{medium}/format/large"


def hash_of(text: str) -> str:
    """Java's String.hashCode in decimal, with 0 for the minus, as in the ids of BRAHMS."""
    found = 0
    for sign in text:
        found = (31 * found + ord(sign)) & 0xFFFFFFFF
    return str(found - (1 << 32) if found >> 31 else found).replace("-", "0")


def base(source: Document, source_id: str, unit: str, owner: str, collection: str) -> Document:
    """What every medium begins with."""
    return {
        "sourceSystem": source,
        "sourceSystemId": source_id,
        "id": f"{source_id}@{source['code']}",
        "sourceInstitutionID": NATURALIS,
        "sourceID": {"BRAHMS": "Brahms", "XC": "Xeno-canto", "OBS": "Observation.org"}.get(
            source["code"], source["code"]
        ),
        "owner": owner,
        "licenseType": "Copyright",
        "unitID": unit,
        "collectionType": collection,
    }
