"""What tests of crosswalks share: tables of every format, and what is exact in them."""

import json

import naturalia as nat
from naturalia._table.table import wrap

from support.building import dc, oi, page, qdc, record
from support.documents import exact as exact_json
from support.documents import lines

NBA = {
    "sourceSystem": {"code": "CRS", "name": "Naturalis - Zoology and Geology catalogues"},
    "sourceSystemId": "RMNH.AVES.1",
    "id": "RMNH.AVES.1@CRS",
    "unitID": "RMNH.AVES.1",
    "licenseType": "Copyright",
    "license": "CC BY 4.0",
    "multiMediaPublic": True,
    "taxonCount": 0,
    "serviceAccessPoints": [
        {
            "accessUri": "http://medialib.naturalis.nl/file/id/RMNH.AVES.1/format/large",
            "format": "image/jpeg",
            "variant": "ac:GoodQuality",
        }
    ],
    "associatedSpecimenReference": "RMNH.AVES.1@CRS",
    "gatheringEvents": [
        {
            "country": "Indonesia",
            "dateTimeBegin": "1937-05-10T00:00:00+0000",
            "dateTimeEnd": "1937-05-12T00:00:00+0000",
            "gatheringPersons": [{"fullName": "Fosberg, FR"}],
            "siteCoordinates": [{"longitudeDecimal": 4.8952, "latitudeDecimal": 52.3702}],
        }
    ],
    "identifications": [
        {
            "scientificName": {
                "fullScientificName": "Larus argentatus Pontoppidan",
                "genusOrMonomial": "Larus",
            },
            "defaultClassification": {"kingdom": "Animalia", "className": "Aves", "genus": "Larus"},
            "vernacularNames": [{"name": "zilvermeeuw", "language": "Dutch"}],
            "identifiers": [{"agentText": "Jansen, P."}],
        },
        {"scientificName": {"fullScientificName": "Larus fuscus"}, "identificationQualifiers": ["cf."]},
    ],
}


def nba(**changes):
    """A table of one NBA document; a change to None takes a field away."""
    document = {name: value for name, value in {**NBA, **changes}.items() if value is not None}
    return documents(document)


def documents(*found):
    """A table of documents."""
    return nat.read("\n".join(json.dumps(document) for document in found).encode(), format="nba")


def dublin(*elements):
    """A table of one `oai_dc` record; elements as XML."""
    return nat.read(page(record(dc(*elements))))


def qualified(*elements):
    """A table of one `oai_qdc` record."""
    return nat.read(page(record(qdc(*elements))))


def open_images(*elements):
    """A table of one `oai_oi` record."""
    return nat.read(page(record(oi(*elements))))


def exact(table):
    """All there is in a table: every value with its place, language and attributes, the text of numbers."""
    if not table.format.startswith("oai"):
        return [exact_json(line) for line in lines(wrap(table._core.without("residue")))]
    long = table.long()
    return list(zip(*(long[name] for name in long.columns), strict=True))


def mapped(source, target, table, **options):
    """The table that a crosswalk makes."""
    return nat.crosswalk(source, target, **options).apply(table).table


def whole(table):
    """A table as plain rows."""
    return list(zip(*(table[name] for name in table.columns), strict=True))
