"""Data sets of the NHM data portal, their resources, and the images that research data sets point to."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol, overload

from naturalia import _core
from naturalia._output.escaping import displayed
from naturalia._table.table import Table, wrap

if TYPE_CHECKING:
    from naturalia._licenses.license import License
    from naturalia._query.query import Query

__all__ = ["Dataset", "Datasets", "Resource", "as_specimens"]

COLUMNS = ["name", "title", "doi", "license", "author", "resources", "searchable", "modified", "url"]


class RecordSource(Protocol):
    """The portal that a data set belongs to."""

    url: str

    def records(self, resource: str, /, **keywords: Any) -> Query:
        """Records of a resource."""

    def media(self, of: Query, /) -> Query:
        """The media of records."""


@displayed
class Dataset:
    """A data set: what the portal says of it, and its resources.

    Attributes:
        name: its name in addresses.
        title: its title.
        notes: its description, in Markdown.
        author: its authors, as the portal has them.
        doi: its DOI, or None.
        modified: when its description was changed.
        resources: its tables and files.
        raw: everything the portal said.
    """

    def __init__(self, portal: RecordSource, raw: dict[str, Any]) -> None:
        self.portal = portal
        self.raw = raw
        self.name: str = raw.get("name") or ""
        self.title: str = raw.get("title") or self.name
        self.notes: str = raw.get("notes") or ""
        self.author: str = raw.get("author") or ""
        self.doi: str | None = raw.get("doi") or None
        self.modified: str = raw.get("metadata_modified") or ""
        self.resources = [Resource(self, each) for each in raw.get("resources") or []]

    @property
    def license(self) -> License:
        """The licence of the data, as the portal names it; its media may have others."""
        from naturalia._licenses.license import license

        return license(self.stated_license or "")

    @property
    def stated_license(self) -> str | None:
        """The licence in the words of the portal: its id, else its address or title."""
        for name in ("license_id", "license_url", "license_title"):
            if self.raw.get(name):
                return str(self.raw[name])
        return None

    @property
    def url(self) -> str:
        """The page of the data set."""
        return f"{_core.shown(self.portal.url)}/dataset/{self.name}"

    def __repr__(self) -> str:
        count = len(self.resources)
        return f"<Dataset {self.name}: {self.title}, {count} resource{'' if count == 1 else 's'}>"

    def _repr_html_(self) -> str:
        return Datasets([self])._repr_html_()


@displayed
class Resource:
    """A table or file of a data set.

    Attributes:
        id: its id.
        name: its title.
        format: what it was uploaded as, such as CSV.
        image_field: the field that holds addresses of images, or None.
        image_delimiter: what stands between several addresses in it.
        image_license: the licence of the images, as stated; None where none is.
        title_field: the field that titles a record.
        raw: everything the portal said.
    """

    def __init__(self, dataset: Dataset, raw: dict[str, Any]) -> None:
        self.dataset = dataset
        self.raw = raw
        self.id: str = raw.get("id") or ""
        self.name: str = raw.get("name") or ""
        self.format: str = raw.get("format") or ""
        self.image_field = stated(raw, "_image_field")
        self.image_delimiter = raw.get("_image_delimiter") or None
        self.image_license = stated(raw, "_image_licence")
        self.title_field = stated(raw, "_title_field")

    @property
    def searchable(self) -> bool:
        """Whether its records can be asked for; otherwise it is a file to download."""
        return bool(self.raw.get("datastore_active"))

    def records(self, **keywords: Any) -> Query:
        """Its records; keywords as in `NhmPortal.records`."""
        return self.dataset.portal.records(self.id, **keywords)

    def media(self, **keywords: Any) -> Query:
        """The media of its records; keywords as in `NhmPortal.records`."""
        return self.dataset.portal.media(self.records(**keywords))

    def __repr__(self) -> str:
        return f"<Resource {self.name} ({self.id}) of {self.dataset.name}>"


def stated(raw: dict[str, Any], name: str) -> str | None:
    """A setting of a resource; "None" is how the portal's form says that there is none."""
    value = raw.get(name)
    return value if isinstance(value, str) and value.strip() and value != "None" else None


@displayed
class Datasets(Sequence[Dataset]):
    """Data sets, in the order of the portal; `table()` has a row for each."""

    def __init__(self, items: Sequence[Dataset]) -> None:
        self._items = list(items)

    @overload
    def __getitem__(self, key: int) -> Dataset: ...
    @overload
    def __getitem__(self, key: slice) -> Datasets: ...
    def __getitem__(self, key: int | slice) -> Dataset | Datasets:
        return Datasets(self._items[key]) if isinstance(key, slice) else self._items[key]

    def __len__(self) -> int:
        return len(self._items)

    def table(self) -> Table:
        """One row a data set: name, title, doi, license, author, resources, searchable, modified, url."""
        rows = [
            {
                "name": each.name,
                "title": each.title,
                "doi": each.doi,
                "license": each.stated_license,
                "author": each.author,
                "resources": len(each.resources),
                "searchable": sum(resource.searchable for resource in each.resources),
                "modified": each.modified,
                "url": each.url,
            }
            for each in self._items
        ]
        return wrap(_core.Table.from_rows(rows, COLUMNS))

    def __repr__(self) -> str:
        count = len(self._items)
        lines = [f"{count} data set{'' if count == 1 else 's'}"]
        return "\n  ".join([*lines, *(f"{each.name}: {each.title}" for each in self._items)])

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


def as_specimens(table: _core.Table, resource: Resource) -> _core.Table:
    """The records of a research data set with their images where specimens have theirs."""
    field, rights = resource.image_field, resource.image_license
    if field is None:
        return table
    documents = []
    for document in wrap(table).to_dicts():
        images = list(images_in(document.get(field), resource.image_delimiter))
        for image in images:
            if rights is not None:
                image.setdefault("license", rights)
            if resource.title_field and isinstance(title := document.get(resource.title_field), str):
                image.setdefault("title", title)
        facts = {name: value for name, value in document.items() if name != field or not images}
        documents.append({**facts, "associatedMedia": images} if images else facts)
    lines = "\n".join(json.dumps(document, ensure_ascii=False) for document in documents)
    options: dict[str, Any] = {"strict": False, "keep_going": False, "salvage": False, "threads": 1}
    return _core.read([("data set", lines.encode())], format="nhm", **options) if documents else table


def images_in(value: Any, delimiter: str | None) -> list[dict[str, Any]]:
    """The images that a field points to: an address, several in one text, a list of either, or objects."""
    if value is None:
        return []
    if isinstance(value, dict):
        return [{"assetID": asset_of(value["identifier"]), **value}] if value.get("identifier") else [value]
    if isinstance(value, list):
        return [image for each in value for image in images_in(each, delimiter)]
    urls = [part.strip() for part in (str(value).split(delimiter) if delimiter else [str(value)])]
    return [{"identifier": url, "assetID": asset_of(url), "type": "StillImage"} for url in urls if url]


def asset_of(url: str) -> str:
    """What names an image: its id where the portal serves it, else its address."""
    path, _, identifier = url.rpartition("/")
    return identifier if identifier and path.endswith("/media") else url
