"""What is left behind at the loopback portal: searches under a slug or a DOI, downloads."""

from __future__ import annotations

from typing import Any

__all__ = ["ARTEFACTS", "INDEX_LOTS", "SPECIMENS", "VERSIONS", "Archive", "search"]

# The ids of the museum's collections.
SPECIMENS = "05ff2255-c38a-40c9-b657-4ccb55ab2feb"
INDEX_LOTS = "bb909597-dedf-427d-8c04-4c02b3a24db3"
ARTEFACTS = "ec61d82a-748d-4b53-8e99-3e708e76bc4d"

# When records were taken in: milliseconds since 1970, in July 2023, October 2023 and June 2026.
VERSIONS = (1_690_000_000_000, 1_697_000_000_000, 1_780_272_000_000)

BUTTERFLIES = {
    "filters": {
        "and": [
            {
                "string_equals": {
                    "fields": ["project"],
                    "value": "papilionoidea new types digitisation project",
                }
            }
        ]
    }
}


def search(resources: list[str], query: dict[str, Any] | None = None) -> dict[str, Any]:
    """A search, as a slug keeps it."""
    return {"query": query or {}, "query_version": "v1.0.0", "version": None, "resource_ids": resources}


class Archive:
    """What has been left behind, by slug, DOI and download; some of it was always there."""

    def __init__(self) -> None:
        helix = {"filters": {"and": [{"string_equals": {"fields": ["genus"], "value": "Helix"}}]}}
        self.searches = {
            "coyly-sick-earwig": search([SPECIMENS], helix),
            "10.5519/qd.hel1x234": search([SPECIMENS], helix) | {"version": VERSIONS[-1]},
            "specimens": search([SPECIMENS]),
            "indexlots": search([INDEX_LOTS]),
            "artefacts": search([ARTEFACTS]),
            "collections": search([SPECIMENS, INDEX_LOTS, ARTEFACTS]),
            "everything": search([]),
            "butterfly-types": search([SPECIMENS], BUTTERFLIES),
            "aphid-slides": search([SPECIMENS], {"search": "aphis slide"}),
        }
        self.downloads: dict[str, dict[str, Any]] = {}
