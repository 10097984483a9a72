"""Documents by rule: multimedia, specimens and taxa with every oddity that the documents of the NBA have.

Everything is made up by arithmetic, the same in every run: medium number n is always the same, however many
there are. Of the media every tenth is a drawing, a crab, or an observation; the others are birds of CRS,
plants of BRAHMS, sounds and sonograms of Xeno-canto, and photographs of the Dutch Species Register.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from naturalia.testing._nba._pieces import (
    BIRDS,
    BRAHMS,
    CRABS,
    CRS,
    CRS_LICENSES,
    NATURALIS,
    NSR,
    NSR_RIGHTS,
    OBS,
    PLACES,
    PLANTS,
    XC,
    base,
    classification,
    gathering,
    hash_of,
    medialib,
    name_of,
    pick,
    stamp,
)

if TYPE_CHECKING:
    from naturalia.testing._nba._pieces import Document

__all__ = ["made"]

SEXES = (None, ["male"], ["female"], None, ["male", "female"])
STAGES = (None, None, None, ["adult"], ["juvenile"], None, ["egg"])


def made(count: int) -> dict[str, list[Document]]:
    """So many multimedia documents, with the specimens and taxa they refer to."""
    media: list[Document] = []
    specimens: dict[str, Document] = {}
    for number in range(count):
        medium, specimen = MAKERS[number % len(MAKERS)](number)
        media.append(medium)
        if specimen is not None:
            specimens[specimen["id"]] = specimen
    taxa = [taxon(place, row) for place, row in enumerate([*BIRDS, *PLANTS])]
    return {"multimedia": media, "specimen": list(specimens.values()), "taxon": taxa}


def bird(number: int) -> tuple[Document, Document]:
    """A skin of CRS: two media a specimen, no type, the title no more than the unitID."""
    specimen_number = number // 20
    unit = f"RMNH.AVES.{100_000 + specimen_number * 10 + number % 10}"
    unit_medium = f"{unit}_{1 + number // 10 % 2}"
    row = pick(BIRDS, specimen_number * 10 + number % 10)
    author = number % 3 != 0
    medium = base(CRS, unit_medium, unit_medium, NATURALIS, "Aves")
    medium |= {
        "license": pick(CRS_LICENSES, number),
        "title": unit_medium,
        "caption": unit_medium,
        "serviceAccessPoints": [
            {
                "accessUri": medialib(unit_medium),
                "format": "image/jpeg",
                "variant": ("MEDIUM_QUALITY", "GOOD_QUALITY", "ac:GoodQuality")[number % 3],
            }
        ],
        "taxonCount": 0,
        "associatedSpecimenReference": f"{unit}@CRS",
        "multiMediaPublic": number % 41 != 11,
        "gatheringEvents": [{}] if number % 7 == 3 else [gathering(number, joined=False)],
    }
    if number % 4 == 0:
        medium["modified"] = f"2019-0{1 + number % 9}-17T08:{number % 60:02}:00+0000"
    medium |= {
        name: found
        for name, found in (("sexes", pick(SEXES, number, 1)), ("phasesOrStages", pick(STAGES, number, 2)))
        if found
    }
    label: Document = {"scientificName": name_of(row, author=author)}
    if number % 13 != 5:
        label["defaultClassification"] = classification(row, "Animalia", "Aves")
    if number % 6 == 1:
        label["vernacularNames"] = [{"name": " / ".join(filter(None, row[5:]))}]
    medium["identifications"] = [label]
    if number % 5 == 3:
        # The older label under another name: which of the two holds is not said, their order is all there is.
        older = {
            "scientificName": name_of(row, author=False) | {"scientificNameGroup": "? ?"},
            "typeStatus": "syntype",
        }
        medium["identifications"].append(older)
    return medium, specimen_of(medium, unit, row, number)


def plant(number: int) -> tuple[Document, Document]:
    """A herbarium sheet of BRAHMS: the hash of the address in the id, a class that is misspelt."""
    unit = f"L.{3_400_000 + number}"
    address = medialib(unit)
    row = pick(PLANTS, number)
    name = f"{unit}_{hash_of(address)}"
    medium = base(BRAHMS, name, name, NATURALIS, "Botany")
    medium |= {
        "license": "CC0 4.0" if number % 3 else "CC0 1.0",
        "serviceAccessPoints": [{"accessUri": address, "format": "image/jpeg", "variant": "MEDIUM_QUALITY"}],
        "taxonCount": 0,
        "associatedSpecimenReference": f"{unit}@BRAHMS",
        "gatheringEvents": [gathering(number, joined=True)],
        "identifications": [
            {
                "scientificName": name_of(row, author=True),
                "defaultClassification": classification(row, "Plantae", "Magnoliopsidae"),
            }
        ],
    }
    if number % 4 == 1:
        medium["description"] = "Kruid, 30 cm; bloemen geel. \u201eIn de berm\u201d"
    return medium, specimen_of(medium, unit, row, number, ("Plantae", "Magnoliopsida"))


def sound(number: int) -> tuple[Document, Document]:
    """A recording of Xeno-canto, or the sonogram of it: no classification, an id not made of its parts."""
    recording = 200_000 + number // 20
    row = pick(BIRDS, recording)
    person = f"Recordist {recording % 40}"
    place = pick(PLACES, number // 20, 3)
    picture = number // 10 % 2 == 1
    medium = base(XC, str(recording), f"XC{recording}_{'img' if picture else 'snd'}", person, "Bird sounds")
    medium["id"] = f"{recording}_img@XC" if picture else f"{recording}@XC_snd"
    medium |= {
        "recordURI": f"http://data.biodiversitydata.nl/xeno-canto/observation/XC{recording}",
        "license": "CC BY-NC-SA 3.0" if recording % 8 else "CC BY-NC-SA 4.0",
        "creator": person,
        "taxonCount": 0,
        "associatedSpecimenReference": f"{recording}@XC",
        "gatheringEvents": [
            {
                "country": place[0],
                "sublocality": place[3],
                "dateTimeBegin": f"2014-09-{1 + recording % 28:02}T08:54:00+0000",
                "dateTimeEnd": f"2014-09-{1 + recording % 28:02}T08:54:00+0000",
                "altitude": f"{recording % 20 * 100} m",
                "gatheringPersons": [{"fullName": person}],
                "siteCoordinates": [{"longitudeDecimal": place[4], "latitudeDecimal": place[5]}],
            }
        ],
        "identifications": [
            {
                "scientificName": name_of(row, author=False),
                "vernacularNames": [{"name": row[5], "language": "English"}],
            }
        ],
    }
    start = f"https://www.xeno-canto.org/sounds/uploaded/EXAMPLE/XC{recording}"
    if picture:
        point = {"accessUri": f"{start}-large.png", "format": "image/png", "variant": "ac:MediumQuality"}
        medium |= {
            "type": "StillImage",
            "caption": "Sonogram of the first ten seconds of the sound recording",
        }
    else:
        point = {"accessUri": f"{start}.mp3", "format": "audio/mp3", "variant": "ac:BestQuality"}
        medium |= {"type": "Sound", "description": f"{5 + recording % 90} s"}
    medium["serviceAccessPoints"] = [point]
    specimen = specimen_of(medium, f"XC{recording}", row, number)
    specimen |= {"id": f"{recording}@XC", "sourceSystemId": str(recording), "license": "CC BY-NC"}
    specimen |= {"recordBasis": "HumanObservation", "unitGUID": medium["recordURI"]}
    return medium, specimen


def photograph(number: int) -> tuple[Document, None]:
    """A photograph of the Dutch Species Register: of a taxon, in no collection."""
    which = number // 10 % (len(BIRDS) + len(PLANTS))
    row = [*BIRDS, *PLANTS][which]
    address = f"https://images.naturalis.nl/original/{70_000 + number}.jpg"
    medium = base(NSR, f"{taxon_id(which)}_{hash_of(address)}", "", "Naturalis Biodiversity Center", "")
    licence, holder = pick(NSR_RIGHTS, number)
    medium["unitID"] = medium["sourceSystemId"]
    medium["sourceID"] = "LNG NSR"
    del medium["collectionType"]
    if licence is None:
        del medium["licenseType"]
    medium |= {name: text for name, text in (("license", licence), ("copyrightText", holder)) if text}
    medium |= {
        "creator": pick(["G. Hendriks", "Zoë van Dam", "Å. Berg"], number),
        "description": "Adult, in de duinen",
        "caption": "Adult, in de duinen",
        "type": "StillImage",
        "taxonCount": 0,
        "serviceAccessPoints": [{"accessUri": address, "format": "image/jpeg", "variant": "ac:BestQuality"}],
        "associatedTaxonReference": f"{taxon_id(which)}@NSR",
        "gatheringEvents": [
            {"localityText": "Texel", "dateTimeBegin": stamp(number), "dateTimeEnd": stamp(number)}
        ],
        "identifications": [
            {
                "taxonRank": "species",
                "scientificName": name_of(row, author=True),
                "defaultClassification": classification(row, *kingdom_of(which)),
            }
        ],
    }
    return medium, None


def other(number: int) -> tuple[Document, Document]:
    """By turns a drawing, a crab, and an observation whose owner is an address."""
    turn, count = number // 10 % 3, number // 10
    if turn == 2:
        return observation(number)
    row = BIRDS[count // 3 % len(BIRDS)] if turn == 0 else pick(CRABS, count)
    name = f"image-{134_800 + count}" if turn == 0 else f"RMNH.CRUS.D.{17_000 + count}"
    unit = f"RMNH.ART.{2_000 + count}" if turn == 0 else name
    medium = base(CRS, name, name, NATURALIS, "Arts" if turn == 0 else "Crustacea")
    medium |= {
        "license": "CC0 4.0",
        "title": name,
        "caption": name,
        "serviceAccessPoints": [
            {"accessUri": medialib(name), "format": "image/jpeg", "variant": "MEDIUM_QUALITY"}
        ],
        "taxonCount": 0,
        "associatedSpecimenReference": f"{unit}@CRS",
        "multiMediaPublic": True,
        "gatheringEvents": [{"country": "Netherlands"}],
        "identifications": [{"scientificName": name_of(row, author=turn == 1)}],
    }
    if turn == 0:
        medium["creator"] = "Voorbeeld, M.A. (1873-1944)"
        medium["identifications"][0] |= {
            "defaultClassification": {"genus": row[0], "specificEpithet": row[1]},
            "vernacularNames": [{"name": f"{row[5]} / {row[6]}"}],
        }
    # Sheets of which the register lost the number.
    if count % 5 == 3:
        del medium["unitID"]
    return medium, specimen_of(
        medium, unit, row, number, ("Animalia", "Aves" if turn == 0 else "Malacostraca")
    )


def observation(number: int) -> tuple[Document, Document]:
    """A photograph of Observation.org."""
    photo, row = 18_000_000 + number, pick(BIRDS, number)
    medium = base(
        OBS,
        str(photo),
        f"OBS.{photo}_img",
        f"https://observation.example/user/{number % 90}/",
        "Observations",
    )
    medium |= {
        "id": f"{photo}_img@OBS",
        "sourceInstitutionID": "Observation International",
        "recordURI": f"https://observation.example/photo/{photo}/",
        "license": "CC BY-NC",
        "type": "StillImage",
        "taxonCount": 0,
        "phasesOrStages": ["unknown"],
        "sexes": ["undetermined"],
        "associatedSpecimenReference": f"{photo}@OBS",
        "serviceAccessPoints": [
            {
                "accessUri": f"https://observation.example/photo/{photo}.jpg",
                "format": "image/jpeg",
                "variant": "Best Quality",
            }
        ],
        "gatheringEvents": [gathering(number, joined=True)],
        "identifications": [
            {
                "taxonRank": "species",
                "scientificName": name_of(row, author=False),
                "defaultClassification": {"kingdom": "Animalia", "family": row[3]},
                "vernacularNames": [{"name": row[5], "language": "en", "preferred": True}],
            }
        ],
    }
    specimen = specimen_of(medium, f"OBS.{photo}", row, number)
    specimen |= {"id": f"{photo}@OBS", "sourceSystemId": str(photo), "license": "CC BY-NC 4.0"}
    return medium, specimen


def specimen_of(
    medium: Document,
    unit: str,
    row: tuple[str, ...],
    number: int,
    higher: tuple[str, str] = ("Animalia", "Aves"),
) -> Document:
    """The specimen that a medium shows; its licence is that of the record, not of the medium."""
    source = medium["sourceSystem"]
    event = medium["gatheringEvents"][0] or gathering(number, joined=True)
    found: Document = {
        "sourceSystem": source,
        "sourceSystemId": unit,
        "id": f"{unit}@{source['code']}",
        "unitID": unit,
        "unitGUID": f"http://data.biodiversitydata.nl/naturalis/specimen/{unit}",
        "sourceInstitutionID": medium["sourceInstitutionID"],
        "sourceID": medium["sourceID"],
        "owner": medium["owner"],
        "licenseType": "Copyright",
        "license": "CC0 4.0" if number % 2 else "CC0",
        "recordBasis": "PreservedSpecimen",
        "collectionType": medium["collectionType"],
        "numberOfSpecimen": number % 4,
        "objectPublic": number % 53 != 17,
        "multiMediaPublic": medium.get("multiMediaPublic", True),
        "gatheringEvent": event,
        "identifications": [
            {
                "taxonRank": "species",
                "scientificName": name_of(row, author=True),
                "defaultClassification": classification(row, *higher),
                "preferred": True,
            }
        ],
        "associatedMultiMediaUris": medium["serviceAccessPoints"],
    }
    if number % 17 == 0:
        found["theme"] = ["extinct", "top-100"] if number % 2 else ["top-100"]
    return found


def taxon_id(which: int) -> str:
    """An id of the Dutch Species Register: it may be a number, or letters and figures."""
    return f"{464_940_000 + which * 7}" if which % 2 else f"AHCYFCF{which:02}OZH"


def kingdom_of(which: int) -> tuple[str, str]:
    """Kingdom and class of a taxon."""
    return ("Animalia", "Aves") if which < len(BIRDS) else ("Plantae", "Spermatopsida")


def taxon(which: int, row: tuple[str, ...]) -> Document:
    """A species of the Dutch Species Register: ranks in Latin, no licence of its own, no unitID."""
    kingdom, class_name = kingdom_of(which)
    ranks = zip(
        ("regnum", "classis", "ordo", "familia", "genus"),
        (kingdom, class_name, row[4], row[3], row[0]),
        strict=True,
    )
    names = [("English", row[5]), ("Dutch", row[6])]
    found: Document = {
        "sourceSystem": NSR,
        "sourceSystemId": taxon_id(which),
        "recordURI": f"http://nederlandsesoorten.nl/nsr/concept/{taxon_id(which)}",
        "id": f"{taxon_id(which)}@NSR",
        "sourceSystemParentId": "AHCYFCF99OZH",
        "taxonRank": "species",
        "acceptedName": name_of(row, author=True) | {"taxonomicStatus": "accepted name"},
        "defaultClassification": classification(row, kingdom, class_name),
        "systemClassification": [{"rank": rank, "name": name} for rank, name in ranks],
        "vernacularNames": [
            {"name": name, "language": language, "preferred": True} for language, name in names if name
        ],
    }
    if which % 4 == 1:
        synonym = name_of((row[0], "vulgaris", "Auct."), author=True) | {"taxonomicStatus": "synonym"}
        found["synonyms"] = [synonym]
    return found


MAKERS: list[Any] = [bird, bird, plant, bird, sound, plant, bird, photograph, bird, other]
