"""What the metadata services of the NBA tell: source systems, controlled lists, forms of dates, services."""

from __future__ import annotations

__all__ = ["CONTROLLED", "DATE_FORMATS", "SERVICES", "SOURCES"]

SOURCES = [
    {"code": "CRS", "name": "Naturalis - Zoology and Geology catalogues"},
    {"code": "BRAHMS", "name": "Naturalis - Botany catalogues"},
    {"code": "COL", "name": "Species 2000 - Catalogue Of Life"},
    {"code": "NSR", "name": "Naturalis - Dutch Species Register"},
    {"code": "GEO", "name": "Naturalis - Geo Areas"},
    {"code": "XC", "name": "Xeno-canto.org - Bird sounds"},
    {"code": "OBS", "name": "Observation.org - Nature observations"},
]
UNITS = ("CC BY", "CC BY-SA", "CC BY-ND", "CC BY-NC", "CC BY-NC-SA", "CC BY-NC-ND")
VERSIONS = ("1.0", "2.0", "2.5", "3.0", "4.0")
CONTROLLED = {
    "AreaClass": ["continent", "county", "higherGeography", "islandGroup", "municipality", "waterBody"],
    "License": [
        *UNITS,
        *(f"{unit} {version}" for unit in UNITS for version in VERSIONS),
        "CC0",
        "CC0 1.0",
        "All rights reserved",
    ],
    "LicenseType": ["Copyright"],
    "RelationType": ["in relation with", "has host", "has parasite", "has background sounds"],
    "Sex": ["male", "female", "mixed", "hermaphrodite", "unknowable", "undetermined"],
    "SpatialDatum": ["WGS84", "NAD83", "NAD27"],
    "SpecimenTypeStatus": [
        *("allotype", "epitype", "hapantotype", "holotype", "isoepitype", "isolectotype", "isoneotype"),
        *(
            "isosyntype",
            "isotype",
            "lectotype",
            "neotype",
            "paratype",
            "paralectotype",
            "syntype",
            "topotype",
        ),
        "type",
    ],
    "TaxonomicStatus": ["accepted name", "synonym", "basionym", "homonym", "misapplied name"],
}
DATE_FORMATS = [
    "yyyy-MM-dd'T'HH:mm:ssZ",
    "yyyy-MM-dd'T'HH:mm:ss",
    "yyyy-MM-dd'T'HH:mm",
    "yyyy-MM-dd",
    "yyyy-MM",
    "yyyy",
]
SERVICES = [
    {"endPoint": f"/{document}/{service}", "method": method}
    for document in ("specimen", "taxon", "multimedia", "geo")
    for service in ("query", "count", "find/{id}", "findByIds/{ids}", "getDistinctValues/{field}")
    for method in (("GET",) if service.startswith("find") else ("GET", "POST"))
]
