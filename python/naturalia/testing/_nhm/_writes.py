"""What leaves something behind at the portal: slugs, downloads, DOIs. Here nothing leaves the memory."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from naturalia.testing._nhm._archive import search
from naturalia.testing._nhm._grammar import VERSION, finds
from naturalia.testing._nhm._hash import query_hash
from naturalia.testing._nhm._multi import query_of, resources_of
from naturalia.testing._nhm._parameters import Parameters, invalid

if TYPE_CHECKING:
    from naturalia.testing._nhm._catalogue import Catalogue

__all__ = ["WRITES", "create_doi", "download_queue", "slug_create", "slug_resolve", "status_of"]

# The actions that leave something behind.
WRITES = {"create_doi", "vds_download_queue", "vds_download_regenerate", "vds_slug_create"}

FORMATS = ("csv", "json", "dwc", "raw")
MOMENT = datetime(2026, 6, 1, tzinfo=UTC).isoformat()
HOW = ("coyly", "boldly", "gladly", "quietly", "oddly")
LIKE = ("sick", "ample", "tidy", "amber", "brisk")
WHO = ("earwig", "gull", "snail", "aphid", "argonaut")


def wanted(catalogue: Catalogue, parameters: Parameters) -> dict[str, Any]:
    """The search that is to be kept."""
    query = query_of(parameters)
    ids = (
        [resource.id for resource in resources_of(catalogue, parameters)]
        if parameters.has("resource_ids")
        else []
    )
    return search(ids, query) | {"version": parameters.number("version")}


def slug_create(catalogue: Catalogue, parameters: Parameters) -> dict[str, Any]:
    """A slug for a search: the same for the same."""
    kept = wanted(catalogue, parameters)
    thrown = int(
        hashlib.sha1(json.dumps(kept, sort_keys=True).encode(), usedforsecurity=False).hexdigest(), 16
    )
    slug = f"{HOW[thrown % 5]}-{LIKE[thrown // 5 % 5]}-{WHO[thrown // 25 % 5]}-{thrown // 125 % 1000}"
    if parameters.flag("nav_slug", default=False):
        slug = f"nav-{thrown % 10**12:012}"
    is_new = slug not in catalogue.archive.searches
    catalogue.archive.searches[slug] = kept
    return {"slug": slug, "is_new": is_new, "is_reserved": False}


def slug_resolve(catalogue: Catalogue, parameters: Parameters) -> dict[str, Any]:
    """The search behind a slug or the DOI of a query."""
    slug = parameters.needed("slug")
    if slug not in catalogue.archive.searches:
        raise invalid("This saved search could not be found")
    return catalogue.archive.searches[slug] | {"created": MOMENT, "warnings": []}


def create_doi(catalogue: Catalogue, parameters: Parameters) -> dict[str, Any]:
    """A DOI for a search. Nothing is minted here, but the log of the server has it."""
    if not parameters.has("resource_ids"):
        raise invalid({"resource_ids": ["Missing value"]})
    parameters.needed("email_address")
    kept = wanted(catalogue, parameters)
    doi = doi_of(kept)
    is_new = doi not in catalogue.archive.searches
    catalogue.archive.searches[doi] = kept
    return {"is_new": is_new, "doi": doi, "email_sent": True}


def doi_of(kept: dict[str, Any]) -> str:
    """The DOI of a search."""
    return f"10.5519/qd.{query_hash(kept['query'])[:8]}"


class Within(Parameters):
    """Parameters that stand inside others."""

    def __init__(self, given: dict[str, Any]) -> None:
        self.given = given


def download_queue(catalogue: Catalogue, parameters: Parameters) -> dict[str, Any]:
    """Queues a download, which the real portal gives a DOI."""
    for name in ("query", "file"):
        if not isinstance(parameters.given.get(name), dict):
            raise invalid({name: ["Missing value"]})
    form = parameters.given["file"].get("format")
    if form not in FORMATS:
        raise invalid({"file": [f"Invalid format, it is one of {', '.join(FORMATS)}"]})
    asked = parameters.given["query"]
    if "slug_or_doi" in asked:
        asked = slug_resolve(catalogue, Within({"slug": asked["slug_or_doi"]}))
    within = Within(asked)
    kept = wanted(catalogue, within)
    records = [
        record
        for resource in resources_of(catalogue, within)
        for _, record in resource.current(kept["version"])
        if finds(kept["query"], record)
    ]
    name = hashlib.sha1(json.dumps([kept, form], sort_keys=True).encode(), usedforsecurity=False).hexdigest()
    catalogue.archive.searches[doi_of(kept)] = kept
    catalogue.archive.downloads[name] = {
        "polls": 0,
        "search": kept,
        "zip": zipped(records, form, kept),
    }
    status = f"{catalogue.origin}/status/download/{name}"
    return {
        "queued_at": MOMENT,
        "job_id": f"job-{len(catalogue.archive.downloads)}",
        "download_id": name,
        "status_json": f"{status}/json",
        "status_html": status,
    }


def zipped(records: list[dict[str, Any]], form: str, kept: dict[str, Any]) -> bytes:
    """The file of a download: the records as rows for csv, as JSON for all else, and a manifest."""
    packed, rows = io.BytesIO(), io.StringIO()
    if form == "csv":
        writer = csv.DictWriter(rows, list(dict.fromkeys(key for record in records for key in record)))
        writer.writeheader()
        writer.writerows({key: flat(value) for key, value in record.items()} for record in records)
    else:
        json.dump(records, rows)
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("resource.csv" if form == "csv" else "resource.json", rows.getvalue())
        made.writestr("manifest.json", json.dumps({"query-doi": doi_of(kept), "total_records": len(records)}))
    return packed.getvalue()


def flat(value: Any) -> str:
    """A value in a cell."""
    return value if isinstance(value, str) else json.dumps(value)


def status_of(catalogue: Catalogue, name: str) -> dict[str, Any]:
    """How far a download is; it is ready when it is asked about for the third time."""
    known = catalogue.archive.downloads[name]
    known["polls"] += 1
    steps = ("initiated", "gen_core", "complete")
    status = steps[min(known["polls"], len(steps)) - 1]
    ready = status == "complete"
    doi = doi_of(known["search"])
    return {
        "status": status,
        "status_friendly": {"initiated": "Initiated", "gen_core": "Generating", "complete": "Complete"}[
            status
        ],
        "message": None,
        "urls": {"direct": f"{catalogue.origin}/downloads/direct/{name}.zip"} if ready else {},
        "doi": doi if ready else None,
        "doi_url": f"https://doi.org/{doi}" if ready else None,
        "query": known["search"]["query"],
        "query_version": VERSION,
        "resources": known["search"]["resource_ids"],
        "total_time": known["polls"],
        "since_last_update": 0,
        "created": MOMENT,
        "modified": MOMENT,
        "file_exists": ready,
    }
