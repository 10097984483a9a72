"""What the Netherlands Biodiversity API would refuse of its documents."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from naturalia import _core

if TYPE_CHECKING:
    from collections.abc import Iterator

    from naturalia._table.table import Table

__all__ = ["RULES", "facts"]

REFERENCE = "NBA 2.21, model and ETL of multimedia"
# Rule: severity, what is right, what to do.
RULES = {
    "nba.id": ("error", "a document has an id", "give source_code=, or an identifier"),
    "nba.id.once": ("error", "an id stands in one document", "remove the copies"),
    "nba.unitID": ("error", "a document has a unitID", "give an identifier that is no address"),
    "nba.sourceSystem": ("error", "a document has the code of its source system", "give source_code="),
    "nba.identification": (
        "error",
        "a document has an identification with a scientific name",
        "map the field that has one, or give taxa_from=",
    ),
    "nba.reference": (
        "error",
        "a document refers to a specimen or a taxon",
        "fill associatedSpecimenReference or associatedTaxonReference",
    ),
    "nba.access": ("error", "a document has an address of its medium", "fill serviceAccessPoints"),
    "nba.license": (
        "error",
        "license is one of the 39 values of the list",
        "leave it out rather than round it",
    ),
    "nba.licenseType": ("error", "licenseType is Copyright", "leave it out"),
    "nba.type": ("error", "type is one of the 12 types of DCMI", "leave it out, or name one of them"),
    "nba.sex": ("error", "a sex is of the list", "use male, female, mixed, hermaphrodite, unknowable"),
    "nba.typeStatus": ("error", "a type status is of the list", "use holotype, paratype, syntype …"),
    "nba.rating": ("error", "a rating is from -1 to 5", "leave it out"),
    "nba.coordinates": ("error", "a coordinate is on Earth", "leave it out"),
}
SEXES = {"male", "female", "mixed", "hermaphrodite", "unknowable", "undetermined"}
STATUSES = {
    "allotype",
    "epitype",
    "hapantotype",
    "holotype",
    "isoepitype",
    "isolectotype",
    "isoneotype",
    "isosyntype",
    "isotype",
    "lectotype",
    "neotype",
    "paratype",
    "paralectotype",
    "syntype",
    "topotype",
    "type",
}
RATINGS, LATITUDES, LONGITUDES = (-1, 5), (-90, 90), (-180, 180)
COLUMNS = ["source", "line", "column", "offset", "row", "record", "element", "severity", "rule", "kind"]
COLUMNS += ["value", "message", "advice", "reference"]


def facts(table: Table, limit: int) -> dict[str, Any]:
    """What is wrong with a table of NBA multimedia, as `Validation` takes it."""
    counts: Counter[str] = Counter()
    findings: list[dict[str, Any]] = []
    names = [
        "id",
        "unitID",
        "sourceSystem",
        "license",
        "licenseType",
        "type",
        "sexes",
        "rating",
        "identifications",
    ]
    names += [
        "associatedSpecimenReference",
        "associatedTaxonReference",
        "serviceAccessPoints",
        "gatheringEvents",
    ]
    seen: set[str] = set()
    for row, cells in enumerate(zip(*(table[name] for name in names), strict=True)):
        document = dict(zip(names, cells, strict=True))
        identifier = document["id"] or ""
        for rule, element, value in broken(document, seen):
            severity, title, advice = RULES[rule]
            counts[rule] += 1
            if counts[rule] <= limit:
                findings.append(
                    {
                        "row": str(row),
                        "record": identifier,
                        "element": element,
                        "severity": severity,
                        "rule": rule,
                        "kind": "nba",
                        "value": value,
                        "message": title if value is None else f"{title}, not {value!r}",
                        "advice": advice,
                        "reference": REFERENCE,
                    }
                )
    rows = [
        {
            "rule": rule,
            "severity": RULES[rule][0],
            "kind": "nba",
            "count": count,
            "title": RULES[rule][1],
            "advice": RULES[rule][2],
            "reference": REFERENCE,
        }
        for rule, count in counts.items()
    ]
    # Findings about records that are not public are withheld with them.
    row_numbers = [int(finding["row"]) for finding in findings]
    row_findings = _core.Table.from_rows(findings, COLUMNS).made_of(table._core, row_numbers)
    return {"counts": rows, "findings": row_findings, "rows": len(table)}


def broken(document: dict[str, Any], seen: set[str]) -> Iterator[tuple[str, str, str | None]]:
    """The rules a document breaks: rule, element, value."""
    identifier = document["id"]
    if identifier and identifier in seen:
        yield "nba.id.once", "id", identifier
    seen.add(identifier)
    yield from missing(document)
    yield from unlisted(document)
    yield from beyond(document)


def missing(document: dict[str, Any]) -> Iterator[tuple[str, str, None]]:
    """What a document has to have."""
    taxa = document["identifications"] or []
    points = document["serviceAccessPoints"] or []
    names = (((taxon or {}).get("scientificName") or {}).get("fullScientificName") for taxon in taxa)
    present = {
        ("nba.id", "id"): document["id"],
        ("nba.unitID", "unitID"): document["unitID"],
        ("nba.sourceSystem", "sourceSystem.code"): (document["sourceSystem"] or {}).get("code"),
        ("nba.identification", "identifications"): any(names),
        ("nba.reference", "associatedSpecimenReference"): (
            document["associatedSpecimenReference"] or document["associatedTaxonReference"]
        ),
        ("nba.access", "serviceAccessPoints"): any((point or {}).get("accessUri") for point in points),
    }
    for (rule, element), value in present.items():
        if not value:
            yield rule, element, None


def unlisted(document: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Values that are not of the list of their field."""
    statuses = [(taxon or {}).get("typeStatus") for taxon in document["identifications"] or []]
    for rule, element, values, allowed in (
        ("nba.license", "license", [document["license"]], set(_core.NBA_LICENSES)),
        ("nba.licenseType", "licenseType", [document["licenseType"]], {"Copyright"}),
        ("nba.type", "type", [document["type"]], set(_core.DCMI_TYPES)),
        ("nba.sex", "sexes", document["sexes"] or [], SEXES),
        ("nba.typeStatus", "identifications[].typeStatus", statuses, STATUSES),
    ):
        for value in values:
            if value is not None and value not in allowed:
                yield rule, element, value


def beyond(document: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Numbers out of their range."""
    if not within(document["rating"], RATINGS):
        yield "nba.rating", "rating", str(document["rating"])
    events = document["gatheringEvents"] or []
    points = [point for event in events for point in (event or {}).get("siteCoordinates") or []]
    for point in points:
        lat, lon = point.get("latitudeDecimal"), point.get("longitudeDecimal")
        if not (within(lat, LATITUDES) and within(lon, LONGITUDES)):
            yield "nba.coordinates", "gatheringEvents[].siteCoordinates", f"{lat}, {lon}"


def within(number: float | None, bounds: tuple[int, int]) -> bool:
    """Whether a number, if there is one, is within bounds."""
    return number is None or bounds[0] <= number <= bounds[1]
