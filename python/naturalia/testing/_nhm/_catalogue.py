"""What the loopback portal publishes: data sets, their resources, and the records with their versions."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from naturalia.testing._nhm._archive import ARTEFACTS, INDEX_LOTS, SPECIMENS, VERSIONS, Archive
from naturalia.testing._nhm._documents import MEDIA, artefact, index_lot, preparation, specimen, survey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from naturalia.testing._nhm._documents import Document

__all__ = ["LICENSES", "Catalogue", "Package", "Resource", "catalogue", "described", "described_resource"]

PREPARATIONS = "5e3c1a70-0000-4000-8000-000000000004"
SURVEY = ("5e3c1a70-0000-4000-8000-000000000005", "5e3c1a70-0000-4000-8000-000000000006")

LICENSES = {
    "CC0-1.0": ("CC0-1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
    "cc-by": ("Creative Commons Attribution", "http://www.opendefinition.org/licenses/cc-by"),
    "cc-by-4.0": ("Creative Commons Attribution 4.0", "https://creativecommons.org/licenses/by/4.0/"),
    "CC-BY-NC-4.0": ("CC-BY-NC-4.0", "https://creativecommons.org/licenses/by-nc/4.0/"),
    "notspecified": ("License not specified", ""),
}


@dataclass(slots=True)
class Resource:
    """A table of the portal.

    Attributes:
        id: its id.
        name: its title.
        documents: its records, the newest version of each.
        versions: when it was taken in, oldest first.
        extras: what else `resource_show` says, such as `_image_field`.
        collection: whether it is one of the museum's own collections.
        filters: the filters of presence it has.
    """

    id: str
    name: str
    documents: list[Document]
    versions: tuple[int, ...] = VERSIONS
    extras: dict[str, str] = field(default_factory=dict)
    collection: bool = False
    filters: tuple[str, ...] = ()
    places: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.places = {str(document["_id"]): place for place, document in enumerate(self.documents)}

    def rounded(self, version: int | None) -> int | None:
        """The version whose records are shown at a moment; None before the first."""
        known = [own for own in self.versions if version is None or own <= version]
        return known[-1] if known else None

    def versions_of(self, place: int) -> tuple[int, ...]:
        """When a record was taken in, and changed.

        Every fifth came with the second version, and every seventh was changed with the last.
        """
        late = (place + 1) % 5 == 0 and len(self.versions) > 1
        first = self.versions[1:2] if late else self.versions[:1]
        last = self.versions[-1:] if (place + 1) % 7 == 0 and self.versions[-1:] != first else ()
        return first + last

    def at(self, place: int, version: int | None) -> Document | None:
        """A record as it was at a moment; None before it came."""
        document = self.documents[place]
        versions = self.versions_of(place)
        if version is None or version >= versions[-1]:
            return document
        if version < versions[0]:
            return None
        return {key: text for key, text in document.items() if key not in ("typeStatus", "gbifIssue")}

    def current(self, version: int | None) -> Iterator[tuple[int, Document]]:
        """The records at a moment, each with the version of its last change."""
        for place in range(len(self.documents)):
            document = self.at(place, version)
            if document is not None:
                changed = [own for own in self.versions_of(place) if version is None or own <= version]
                yield changed[-1], document


@dataclass(frozen=True, slots=True)
class Package:
    """A data set of the portal."""

    id: str
    name: str
    title: str
    notes: str
    license_id: str
    doi: str
    resources: tuple[Resource, ...]
    author: str = "Natural History Museum"
    tags: tuple[str, ...] = ()
    frequency: str = ""
    category: str = "Research"


class Catalogue:
    """All data sets, and the resources by their ids.

    Attributes:
        origin: where it is served.
        archive: what has been left behind: slugs, downloads.
        assets: width, height and format of the original of each image it serves, by assetID.
    """

    def __init__(self, packages: list[Package]) -> None:
        self.packages = packages
        self.origin = ""
        self.archive = Archive()
        self.assets: dict[str, tuple[int, int, str]] = {}
        self._recalled: tuple[str, Any] = ("", None)
        self.resources = {resource.id: resource for package in packages for resource in package.resources}

    def settle(self, origin: str, media: str) -> None:
        """Says where it is served, and where its media live."""
        self.origin = origin
        for resource in self.resources.values():
            resource.documents[:] = [put(document, media) for document in resource.documents]
            for document in resource.documents:
                self.assets |= dict(assets_of(resource, document))

    def recalled(self, question: str, ask: Callable[[], Any]) -> Any:
        """The list that answers a question; that of the last one is kept, for it is asked page by page."""
        last, rows = self._recalled
        if question != last:
            rows = ask()
            self._recalled = (question, rows)
        return rows

    def package_of(self, resource: str) -> Package:
        """The data set a resource belongs to."""
        return next(package for package in self.packages if resource in {own.id for own in package.resources})

    def package(self, name: str) -> Package | None:
        """The data set of this id or name."""
        return next((package for package in self.packages if name in (package.id, package.name)), None)

    def record(self, guid: str) -> tuple[Resource, int] | None:
        """Where the specimen of this occurrenceID is."""
        resource = self.resources.get(SPECIMENS)
        for place, document in enumerate(resource.documents if resource else []):
            if resource and document.get("occurrenceID") == guid:
                return resource, place
        return None


def assets_of(resource: Resource, document: Document) -> Iterator[tuple[str, tuple[int, int, str]]]:
    """The images of a record; what does not say its size has a small one."""
    for one in document.get("associatedMedia", []):
        width, height = int(one.get("PixelXDimension", 640)), int(one.get("PixelYDimension", 480))
        if one.get("type") != "3D":
            yield (
                one.get("assetID", ""),
                (width, height, one.get("format") or one.get("mime") or "image/jpeg"),
            )
    for asset in re.findall(r"[0-9a-f-]{36}", str(document.get(resource.extras.get("_image_field", "")))):
        yield asset, (640, 480, "image/jpeg")


def put(value: Any, media: str) -> Any:
    """A value in which media have their address."""
    if isinstance(value, str):
        return value.replace(MEDIA, media)
    if isinstance(value, list):
        return [put(part, media) for part in value]
    if isinstance(value, dict):
        return {key: put(part, media) for key, part in value.items()}
    return value


def made(given: int | list[Document], make: Callable[[int], Document]) -> list[Document]:
    """So many records made up, or those given."""
    return [make(number) for number in range(1, given + 1)] if isinstance(given, int) else list(given)


def catalogue(
    specimens: int | list[Document], index_lots: int | list[Document], artefacts: int | list[Document]
) -> Catalogue:
    """The data sets of the loopback portal."""
    every = ("_has_image", "_has_lat_long", "_exclude_mineralogy")
    survey_extras = {
        "_image_field": "Photographs",
        "_image_licence": "cc-by-4.0",
        "_title_field": "Species",
        "_latitude_field": "Lat",
        "_longitude_field": "Long",
    }
    return Catalogue(
        [
            Package(
                "56e711e6-c847-4f99-915a-6894bb5c5dea",
                "collection-specimens",
                "Collection specimens",
                "Specimen records from the collections of a museum of examples, on this machine.",
                "CC0-1.0",
                "10.5519/0002965",
                (
                    Resource(
                        SPECIMENS,
                        "Specimen records",
                        made(specimens, specimen),
                        collection=True,
                        filters=every,
                    ),
                ),
                tags=("specimens", "zoology", "botany"),
                frequency="weekly",
                category="Collections",
            ),
            Package(
                "5e3c1a70-0000-4000-8000-000000000001",
                "collection-indexlots",
                "Index Lot collection",
                "Index lots: the drawers and what they are filed under.",
                "CC0-1.0",
                "10.5519/0073880",
                (
                    Resource(
                        INDEX_LOTS,
                        "Index Lots",
                        made(index_lots, index_lot),
                        collection=True,
                        filters=every[:1],
                    ),
                ),
                tags=("index lots",),
                frequency="weekly",
                category="Collections",
            ),
            Package(
                "5e3c1a70-0000-4000-8000-000000000002",
                "collection-artefacts",
                "Artefacts",
                "Cultural artefacts: models in glass, drawings, instruments.",
                "CC0-1.0",
                "10.5519/0016914",
                (Resource(ARTEFACTS, "Artefacts", made(artefacts, artefact), collection=True),),
                tags=("artefacts",),
                frequency="weekly",
                category="Collections",
            ),
            Package(
                "5e3c1a70-0000-4000-8000-000000000003",
                "preparations",
                "Preparations",
                "What was taken from specimens.",
                "CC0-1.0",
                "10.5519/prep0001",
                (Resource(PREPARATIONS, "Preparations", made(12, preparation), filters=every[:2]),),
                frequency="weekly",
                category="Collections",
            ),
            Package(
                "5e3c1a70-0000-4000-8000-000000000007",
                "butterfly-traps-survey",
                "Butterfly traps of Box Hill",
                "A survey of butterflies with photographs of each trap.",
                "CC-BY-NC-4.0",
                "10.5519/hay2d5yo",
                (
                    Resource(
                        SURVEY[0],
                        "Traps 2021",
                        made(30, lambda number: survey(number, "text")),
                        VERSIONS[:1],
                        survey_extras | {"_image_delimiter": ";"},
                    ),
                    Resource(
                        SURVEY[1],
                        "Traps 2022",
                        made(30, lambda number: survey(number, "list" if number % 2 else "dicts")),
                        VERSIONS[:1],
                        survey_extras | {"_image_licence": ""},
                    ),
                ),
                author="Example, Jane; Muster, Max",
                tags=("butterfly", "survey"),
            ),
            Package(
                "5e3c1a70-0000-4000-8000-000000000008",
                "phylogenetic-trees",
                "Trees of snails",
                "Supplementary files of an article; no records.",
                "cc-by",
                "10.5519/0012345",
                (),
                author="Example, Jane",
                tags=("phylogeny",),
            ),
        ]
    )


def described(package: Package, origin: str) -> dict[str, Any]:
    """A data set as `package_show` gives it."""
    title, url = LICENSES[package.license_id]
    return {
        "author": package.author,
        "author_email": None,
        "creator_user_id": "5e3c1a70-0000-4000-8000-0000000000ff",
        "dataset_category": [package.category],
        "doi": package.doi,
        "doi_date_published": "2014-12-18",
        "doi_publisher": "Natural History Museum",
        "doi_status": True,
        "domain": origin.partition("://")[2],
        "id": package.id,
        "isopen": package.license_id != "CC-BY-NC-4.0",
        "license_id": package.license_id,
        "license_title": title,
        "license_url": url,
        "maintainer": None,
        "maintainer_email": None,
        "metadata_created": "2014-12-08T16:39:22.346941",
        "metadata_modified": "2026-06-01T00:00:00.000000",
        "name": package.name,
        "notes": package.notes,
        "num_resources": len(package.resources),
        "num_tags": len(package.tags),
        "organization": {
            "id": "5e3c1a70-0000-4000-8000-0000000000fe",
            "name": "nhm",
            "title": "Natural History Museum",
            "type": "organization",
            "is_organization": True,
            "approval_status": "approved",
            "state": "active",
        },
        "owner_org": "5e3c1a70-0000-4000-8000-0000000000fe",
        "private": False,
        "state": "active",
        "title": package.title,
        "type": "dataset",
        "update_frequency": package.frequency,
        "url": None,
        "version": None,
        "extras": [],
        "groups": [],
        "relationships_as_object": [],
        "relationships_as_subject": [],
        "resources": [described_resource(package, resource, origin) for resource in package.resources],
        "tags": [
            {"display_name": tag, "id": f"tag-{place}", "name": tag, "state": "active", "vocabulary_id": None}
            for place, tag in enumerate(package.tags)
        ],
    }


def described_resource(package: Package, resource: Resource, origin: str) -> dict[str, Any]:
    """A resource as `resource_show` gives it."""
    return {
        "cache_last_updated": None,
        "created": "2014-12-08T16:39:22.346941",
        "datastore_active": True,
        "description": "",
        "format": "dwc" if resource.collection else "csv",
        "hash": "",
        "id": resource.id,
        "last_modified": "2026-06-01T00:00:00.000000",
        "metadata_modified": "2026-06-01T00:00:00.000000",
        "mimetype": None,
        "name": resource.name,
        "package_id": package.id,
        "position": package.resources.index(resource),
        "resource_type": None,
        "size": None,
        "state": "active",
        "url": f"{origin}/dataset/{package.id}/resource/{resource.id}/download",
        "url_type": "dataset" if resource.collection else "upload",
        **resource.extras,
    }
