"""The actions of the portal that are no search: data sets, records, versions, the schema."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from naturalia.testing._nhm import _basic, _multi, _writes
from naturalia.testing._nhm._catalogue import LICENSES, described, described_resource
from naturalia.testing._nhm._grammar import VERSION
from naturalia.testing._nhm._images import manifest
from naturalia.testing._nhm._parameters import PortalError, invalid

if TYPE_CHECKING:
    from collections.abc import Callable

    from naturalia.testing._nhm._catalogue import Catalogue, Resource
    from naturalia.testing._nhm._parameters import Parameters

__all__ = ["ACTIONS", "FORBIDDEN", "POST_ONLY", "not_found"]


def not_found(message: str) -> PortalError:
    """What is not there."""
    return PortalError("Not Found Error", 404, message)


def status_show(catalogue: Catalogue, _: Parameters) -> dict[str, Any]:
    """What the site says of itself."""
    return {
        "site_title": "Data Portal of Examples",
        "site_description": "",
        "site_url": catalogue.origin,
        "error_emails_to": "",
        "locale_default": "en",
        "extensions": ["nhm", "versioned_datastore", "doi", "query_dois", "iiif"],
        "ckan_version": "2.10.4",
    }


def show_extension_versions(_: Catalogue, __: Parameters) -> dict[str, str]:
    """The versions of the portal's own packages."""
    return {
        "ckanext-nhm": "7.8.4",
        "ckanext-versioned-datastore": "6.9.5",
        "ckanext-iiif": "4.0.2",
        "ckanext-doi": "4.0.5",
        "ckanext-query-dois": "6.0.5",
    }


def package_list(catalogue: Catalogue, _: Parameters) -> list[str]:
    """The names of all data sets."""
    return sorted(package.name for package in catalogue.packages)


def package_show(catalogue: Catalogue, parameters: Parameters) -> dict[str, Any]:
    """One data set, by id or name."""
    package = catalogue.package(parameters.needed("id"))
    if package is None:
        raise not_found("Not found")
    return described(package, catalogue.origin)


def package_search(catalogue: Catalogue, parameters: Parameters) -> dict[str, Any]:
    """Data sets with all these words; `fq` as `field:value`."""
    q = parameters.text("q") or ""
    asked = [word.lower() for word in re.findall(r"[^\s\"]+", q) if word not in ("*:*", "AND")]
    results = []
    for package in catalogue.packages:
        told = described(package, catalogue.origin)
        text = " ".join([package.name, package.title, package.notes, package.author, *package.tags]).lower()
        fits = all(
            word.partition(":")[2].strip('"') in members(told, word.partition(":")[0])
            if ":" in word
            else word in text
            for word in asked
        )
        filters = re.findall(r'\+?(\w+):(?:"([^"]*)"|(\S+))', parameters.text("fq") or "")
        if fits and all(
            (quoted or plain).lower() in members(told, field) for field, quoted, plain in filters
        ):
            results.append(told)
    rows = min(max(parameters.number("rows", 10) or 0, 0), 1000)
    start = max(parameters.number("start", 0) or 0, 0)
    return {
        "count": len(results),
        "facets": {},
        "results": results[start : start + rows],
        "sort": parameters.text("sort") or "score desc, metadata_modified desc",
        "search_facets": {},
    }


def members(told: dict[str, Any], field: str) -> list[str]:
    """The values of a data set under a name of the index."""
    names = {"tags": "tags", "organization": "organization"}
    value = told.get(names.get(field, field), [])
    parts = value if isinstance(value, list) else [value]
    return [str(part.get("name") if isinstance(part, dict) else part).lower() for part in parts]


def resource_show(catalogue: Catalogue, parameters: Parameters) -> dict[str, Any]:
    """One resource."""
    resource = catalogue.resources.get(parameters.needed("id"))
    if resource is None:
        raise not_found("Not found")
    return described_resource(catalogue.package_of(resource.id), resource, catalogue.origin)


def license_list(_: Catalogue, __: Parameters) -> list[dict[str, Any]]:
    """The licences a data set can have."""
    return [
        {"id": name, "title": title, "url": url, "status": "active"}
        for name, (title, url) in LICENSES.items()
    ]


def tag_list(catalogue: Catalogue, _: Parameters) -> list[str]:
    """All tags."""
    return sorted({tag for package in catalogue.packages for tag in package.tags})


def data_get(catalogue: Catalogue, parameters: Parameters) -> dict[str, Any]:
    """One record, at a version."""
    resource, place = place_of(catalogue, parameters)
    record = resource.at(place, parameters.number("version"))
    if record is None:
        raise not_found("Not found: the record does not exist at this version")
    return {"data": record, "resource_id": resource.id}


def place_of(catalogue: Catalogue, parameters: Parameters) -> tuple[Resource, int]:
    resource = _basic.resource_of(catalogue, parameters)
    name = parameters.needed("record_id")
    if name not in resource.places:
        raise not_found("Not found: the record does not exist")
    return resource, resource.places[name]


def version_resource(catalogue: Catalogue, parameters: Parameters) -> list[int]:
    """When a resource was taken in, oldest first."""
    return list(_basic.resource_of(catalogue, parameters).versions)


def version_record(catalogue: Catalogue, parameters: Parameters) -> list[int]:
    """When a record was taken in and changed."""
    resource, place = place_of(catalogue, parameters)
    return list(resource.versions_of(place))


def version_round(catalogue: Catalogue, parameters: Parameters) -> int | None:
    """The version whose records are shown at a moment; the newest if none is named."""
    return _basic.resource_of(catalogue, parameters).rounded(parameters.number("version"))


def resource_check(catalogue: Catalogue, parameters: Parameters) -> bool:
    """Whether a resource can be searched."""
    return parameters.needed("resource_id") in catalogue.resources


def schema_latest(_: Catalogue, __: Parameters) -> str:
    """The newest version of the query grammar."""
    return VERSION


def schema_versions(_: Catalogue, __: Parameters) -> list[str]:
    """The versions of the query grammar."""
    return [VERSION]


def schema_validate(_: Catalogue, parameters: Parameters) -> bool:
    """True for a query of the grammar; another one is refused."""
    if not parameters.has("query"):
        raise invalid({"query": ["Missing value"]})
    _multi.query_of(parameters)
    return True


def iiif_resource(catalogue: Catalogue, parameters: Parameters) -> dict[str, Any]:
    """The manifest of a record."""
    resource, place = place_of(catalogue, parameters)
    made = manifest(resource, resource.documents[place], catalogue.origin)
    if made is None:
        raise not_found("Not found: the record has no images")
    return made


def iiif_identifier(catalogue: Catalogue, parameters: Parameters) -> str:
    """The identifier of a manifest."""
    resource, place = place_of(catalogue, parameters)
    return f"resource/{resource.id}/record/{resource.documents[place]['_id']}"


# CKAN's own words for what needs a login.
FORBIDDEN = {
    "package_create": "create packages",
    "package_update": "edit packages",
    "package_delete": "delete packages",
    "resource_create": "create resources",
    "vds_data_add": "edit resources",
}

Action = "Callable[[Catalogue, Parameters], Any]"

ACTIONS: dict[str, Callable[[Catalogue, Parameters], Any]] = {
    "build_iiif_identifier": iiif_identifier,
    "build_iiif_resource": iiif_resource,
    "create_doi": _writes.create_doi,
    "datastore_query_extent": _basic.basic_extent,
    "datastore_search": _basic.basic_query,
    "license_list": license_list,
    "package_list": package_list,
    "package_search": package_search,
    "package_show": package_show,
    "record_show": data_get,
    "resource_show": resource_show,
    "show_extension_versions": show_extension_versions,
    "status_show": status_show,
    "tag_list": tag_list,
    "vds_basic_autocomplete": _basic.basic_autocomplete,
    "vds_basic_count": _basic.basic_count,
    "vds_basic_extent": _basic.basic_extent,
    "vds_basic_query": _basic.basic_query,
    "vds_data_get": data_get,
    "vds_download_queue": _writes.download_queue,
    "vds_multi_autocomplete_field_latest": _multi.multi_fields,
    "vds_multi_autocomplete_value": _multi.multi_values,
    "vds_multi_count": _multi.multi_count,
    "vds_multi_hash": _multi.multi_hash,
    "vds_multi_query": _multi.multi_query,
    "vds_multi_stats": _multi.multi_stats,
    "vds_resource_check": resource_check,
    "vds_schema_latest": schema_latest,
    "vds_schema_validate": schema_validate,
    "vds_slug_create": _writes.slug_create,
    "vds_slug_resolve": _writes.slug_resolve,
    "vds_version_record": version_record,
    "vds_version_resource": version_resource,
    "vds_version_round": version_round,
    "vds_version_schema": schema_versions,
}

POST_ONLY = {"create_doi", "vds_download_queue", "vds_resource_check", "vds_slug_create", *FORBIDDEN}
