"""Records of a museum of our own, in the form the NHM publishes: specimens, index lots, artefacts, a survey.

Everything is text, also years, coordinates and pixels; what is empty has no key; some fields are a text or a
list, by how many values there are. The same number gives the same record in every run.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from naturalia.testing._nhm._taxa import PEOPLE, PLACES, TAXA, Place, Taxon

__all__ = ["MEDIA", "Document", "artefact", "index_lot", "medium", "preparation", "specimen", "survey"]

Document = dict[str, Any]

# Where media live is told by the portal that serves them.
MEDIA = "{media}"
RIGHTS_HOLDER = "The Trustees of the Natural History Museum, London"
CC_BY = "http://creativecommons.org/licenses/by/4.0/"
TYPES = ("HOLOTYPE", "LECTOTYPE", "SYNTYPE", "PARATYPE")
SEXES = ("Male", "Female", "Male; Female")
START = datetime(2003, 6, 20, 9, 24, 24, tzinfo=UTC)


def dice(number: int, salt: int) -> int:
    """A number that looks thrown and is the same in every run."""
    # Knuth's multiplicative hash.
    return ((number + salt * 7919) * 2654435761 >> 7) & 0xFFFFFF


def guid(kind: str, number: int) -> str:
    """The GUID of something."""
    letters = sum(ord(letter) << (8 * place) for place, letter in enumerate(kind[:6]))
    thrown = dice(number, 3) << 104 | letters << 48 | number
    return str(UUID(int=thrown & ((1 << 128) - 1), version=4))


def stamp(number: int, hours: int = 0) -> str:
    """When something was entered."""
    return (START + timedelta(hours=number * 5 + hours)).isoformat()


def without_blanks(record: Document) -> Document:
    """What the portal publishes: no key without a value."""
    return {key: value for key, value in record.items() if value not in (None, "", [])}


def one_or_list(values: tuple[str, ...]) -> str | list[str] | None:
    """Several fields are a text where there is one value, and a list where there are more."""
    if not values:
        return None
    return values[0] if len(values) == 1 else list(values)


def medium(number: int, title: str, kind: str = "image") -> Document:
    """One item of `associatedMedia`.

    The format is that of the original, while the address answers with JPEG; a "3D" medium lies elsewhere, and
    one of the "old" form has `mime` in place of `format` and no category.
    """
    asset = guid("asset", number)
    base: Document = {
        "_id": str(200_000 + number),
        "created": stamp(number),
        "modified": stamp(number, 9000),
        "assetID": asset,
        "identifier": f"{MEDIA}/{asset}",
        "title": title,
        "creator": "Katie Example" if dice(number, 11) % 3 == 0 else None,
        "category": "Specimen",
        "type": "StillImage",
        "license": CC_BY,
        "rightsHolder": RIGHTS_HOLDER,
    }
    if kind == "3D":
        place = (
            "https://www.morphosource.org/concern/media/{}?locale=en" if number % 2 else "https://skfb.ly/{}"
        )
        return without_blanks(base | {"identifier": place.format(f"{number:09}"), "type": "3D"})
    width, height = (2400, 1600) if number % 2 else (640, 480)
    base |= {
        "format": "image/tiff" if number % 2 else "image/jpeg",
        "PixelXDimension": str(width),
        "PixelYDimension": str(height),
    }
    if kind == "old":
        base |= {"mime": base["format"], "format": None, "category": None}
    return without_blanks(base)


# What the media of a record may be, a letter each: an image, one in the old form, one in three dimensions.
MEDIA_OF = ("", "", "", "i", "i", "i", "ii", "i", "ii3", "o")


def media_of(number: int, title: str) -> list[Document]:
    """The media of a record: none, one, two, now and then one in three dimensions."""
    letters = MEDIA_OF[dice(number, 5) % len(MEDIA_OF)]
    forms = {"i": ("image", "{}"), "o": ("old", "{}"), "3": ("3D", "3D scan of {}")}
    found = []
    for place, letter in enumerate(letters):
        form, words = forms[letter]
        named = f"{title} ({place + 1})" if place == 1 else title
        found.append(medium(number * 4 + place, words.format(named), form))
    return found


def gathered(number: int, place: Place) -> Document:
    """Where, when and by whom."""
    latitude = place.latitude + dice(number, 17) % 100 / 100
    longitude = place.longitude + dice(number, 19) % 100 / 100
    located = dice(number, 23) % 6 != 0
    month = str(1 + dice(number, 29) % 12) if dice(number, 31) % 4 else None
    return {
        "continent": place.continent,
        "country": place.country,
        "stateProvince": place.province,
        "waterBody": place.water,
        "higherGeography": "; ".join(
            part for part in (place.continent, place.country, place.province, place.water) if part
        ),
        "locality": f"{place.locality}, no. {number}",
        "decimalLatitude": f"{latitude:.7f}".rstrip("0") if located else None,
        "decimalLongitude": f"{longitude:.7f}".rstrip("0") if located else None,
        "verbatimLatitude": f"{abs(int(latitude)):02} 05 00.000 {'N' if latitude >= 0 else 'S'}"
        if located
        else None,
        "year": str(1840 + dice(number, 37) % 170),
        "month": month,
        "day": str(1 + dice(number, 41) % 28) if month else None,
        "recordedBy": [PEOPLE[(number + step) % len(PEOPLE)] for step in range(1 + dice(number, 43) % 2)],
        "expedition": f"{place.country or 'Deep sea'} Expedition 1968" if dice(number, 47) % 9 == 0 else None,
    }


def specimen(number: int) -> Document:
    """A specimen."""
    taxon = TAXA[dice(number, 53) % len(TAXA)]
    irn = str(2_500_000 + number)
    catalogue = f"{1860 + number % 140}.{1 + number % 12}.{1 + number % 28}.{number}"
    media = media_of(number, catalogue)
    typed = TYPES[number % len(TYPES)] if dice(number, 59) % 8 == 0 else None
    project = ("Darwin Tree of Life", "iCollections")[: dice(number, 61) % 3]
    if typed and taxon.department == "LS Lepidoptera":
        project = ("papilionoidea new types digitisation project", *project)
    record: Document = {
        "_id": irn,
        "occurrenceID": guid("object", number),
        "created": stamp(number),
        "modified": stamp(number, 150_000 + dice(number, 67) % 20_000),
        "institutionCode": "NHMUK",
        "collectionCode": taxon.collection,
        "catalogNumber": catalogue,
        "otherCatalogNumbers": f"NHMUK:ecatalogue:{irn}",
        "basisOfRecord": taxon.basis,
        "occurrenceStatus": "present",
        "barcode": f"0132{number:05}" if number % 3 else None,
        "individualCount": str(1 + number % 4) if number % 2 else None,
        "sex": SEXES[number % 3] if number % 5 == 0 else None,
        "lifeStage": "Adult" if number % 7 == 0 else None,
        "typeStatus": typed,
        "kindOfObject": taxon.kind,
        "preservative": "IMS 70%" if taxon.kind == "Spirit" else None,
        "subDepartment": taxon.department,
        "project": one_or_list(project),
        "habitat": one_or_list(("On rocks", "Intertidal")[: dice(number, 71) % 3]),
        **named(taxon, number),
        **gathered(number, PLACES[dice(number, 73) % len(PLACES)]),
        "gbifID": str(1_000_000_000 + number) if number % 4 == 0 else None,
        "gbifIssue": ["MULTIMEDIA_URI_INVALID"] if number % 4 == 0 and media else None,
        "associatedMedia": media,
    }
    if media:
        record["associatedMediaCount"] = len(media)
    return without_blanks(record)


def named(taxon: Taxon, number: int) -> Document:
    """What it is; a mineral has no name of the living."""
    if taxon.mineral:
        return {"occurrence": taxon.mineral, "hostRock": "Granite", "texture": one_or_list(("Massive",))}
    name = f"{taxon.genus} {taxon.epithet} {taxon.author}".strip()
    named = [name] if number % 6 else ["Incertae sedis", name]
    return {
        "scientificName": name,
        "scientificNameAuthorship": taxon.author,
        "currentScientificName": name if number % 9 == 0 else None,
        "taxonRank": "Species" if number % 9 == 0 else None,
        "kingdom": taxon.ranks[0],
        "phylum": taxon.ranks[1],
        "class": taxon.ranks[2],
        "order": taxon.ranks[3],
        "family": taxon.ranks[4],
        "genus": taxon.genus,
        "specificEpithet": taxon.epithet,
        "higherClassification": "; ".join(taxon.ranks),
        "determinationNames": named,
        "determinationTypes": ["", ""][: len(named)] if number % 6 == 0 else None,
        "determinationFiledAs": [*("No" for _ in named[1:]), "Yes"],
    }


def index_lot(number: int) -> Document:
    """An index lot: a drawer under a name. It has no GUID."""
    taxon = TAXA[number % 6]
    pictures = [medium(900_000 + number, f"Drawer {number}")] if number % 3 == 0 else []
    kinds = ("Dry", "Slide")[: 1 + number % 2]
    record: Document = {
        "_id": str(1_176_000 + number),
        "created": "1999-07-13T00:00:00+00:00",
        "modified": stamp(number, 140_000),
        "british": "Yes" if number % 4 == 0 else "No",
        "kindOfMaterial": one_or_list(kinds),
        "material": "Yes",
        "materialCount": one_or_list(tuple(str(1 + number % 5 + step) for step in range(len(kinds)))),
        "materialTypes": "Type" if number % 5 == 0 else None,
        "type": "Yes" if number % 5 == 0 else "No",
        "media": "Yes" if pictures else "No",
        **{key: text for key, text in named(taxon, number).items() if not key.startswith("determination")},
        "associatedMedia": pictures,
    }
    if pictures:
        record["associatedMediaCount"] = len(pictures)
    return without_blanks(record)


def artefact(number: int) -> Document:
    """An artefact: a glass model of an animal."""
    taxon = TAXA[number % 6]
    name = f"{taxon.genus} {taxon.epithet}"
    pictures = [medium(950_000 + number, f"Model {number}")] if number % 2 else []
    record: Document = {
        "_id": str(2_608_000 + number),
        "created": stamp(number),
        "modified": stamp(number, 100_000),
        "artefactName": f"{name}, Ward No. {500 + number}",
        "artefactDescription": f"Blaschka glass model - {taxon.genus}",
        "scientificName": f"{name} {taxon.author}",
        "associatedMedia": pictures,
    }
    if pictures:
        record["associatedMediaCount"] = 1
    return without_blanks(record)


def preparation(number: int) -> Document:
    """What was taken from a specimen: DNA, a slide."""
    return {
        "_id": str(9_968_000 + number),
        "created": stamp(number),
        "modified": stamp(number, 170_000),
        "project": "Darwin Tree of Life",
        "identifier": f"C9K02TWP_{number}",
        "preparationType": "DNA Extract",
        "preparationDate": f"2022-05-{1 + number % 28:02}",
        "occurrenceID": guid("sample", number),
        "associatedOccurrences": f"Voucher: {guid('object', number)}",
        "purpose": "DNA barcoding only",
    }


def survey(number: int, form: str) -> Document:
    """A row of a data set of research, with columns of its own and its pictures in one of them.

    `form` is how they stand there: "text" with `;` between addresses, "list" of addresses, "dicts".
    """
    taxon = TAXA[number % 6]
    assets = [f"{MEDIA}/{guid('survey', 10 * number + step)}" for step in range(number % 3)]
    pictures: Any = {
        "text": " ; ".join(assets),
        "list": assets,
        "dicts": [{"identifier": asset, "title": f"Trap {number}"} for asset in assets],
    }[form]
    return without_blanks(
        {
            "_id": str(number),
            "Trap": f"T{number:03}",
            "Species": f"{taxon.genus} {taxon.epithet}",
            "Visits": str(number * 3),
            "Lat": f"{51 + number / 100:.2f}",
            "Long": f"{-number / 100:.2f}",
            "Photographs": pictures,
        }
    )
