"""`NhmPortal`: the data portal of the Natural History Museum, London, and the questions it answers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from naturalia import _core, errors
from naturalia._arguments.public import public
from naturalia._arguments.spelling import closest, keywords
from naturalia._query.query import Query
from naturalia._sources.nhm.datasets import Dataset, Datasets, Resource
from naturalia._sources.nhm.grammar import VERSION, normalised
from naturalia._sources.nhm.keywords import (
    LIMIT,
    RESOURCES,
    Search,
    question,
    records_search,
    resource_id,
    split_keywords,
)
from naturalia._sources.nhm.portal import milliseconds
from naturalia._sources.nhm.publish import Publisher
from naturalia._sources.nhm.query import NhmQuery
from naturalia._sources.nhm.question import CombinedQuery, Media, Records, TableQuery
from naturalia._sources.nhm.urls import Place, doi_in, page_of, pasted, place_in, searched
from naturalia._sources.nhm.version import latest
from naturalia._table.table import Table, names, wrap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from naturalia._sources.nhm.portal import Version

__all__ = ["FEATURED", "NhmPortal"]

# Searches that the portal keeps under names of its own.
FEATURED = {
    "butterfly-types": "types of swallowtails and their kin, digitised",
    "aphid-slides": "slides of aphids",
    "collections": "specimens, index lots and artefacts",
    "everything": "every data set",
    "specimens": "the specimens of all collections",
    "indexlots": "one record a species and drawer",
    "artefacts": "artefacts of the museum",
    "botany": "specimens of botany",
    "entomology": "specimens of entomology",
    "zoology": "specimens of zoology",
    "mineralogy": "specimens of mineralogy",
    "palaeontology": "specimens of palaeontology",
}


@public
class NhmPortal(Publisher):
    """The data portal of the Natural History Museum, London.

        >>> import naturalia as nat
        >>> with nat.testing.nhm() as server:
        ...     nhm = nat.NhmPortal(server.url, rate=None)
        ...     snails = nhm.specimens(genus="Helix", has_image=True)
        ...     len(snails.collect()) == snails.count()
        True

    Nothing is asked before a method is called, and a list is given whole or not at all. Passing faults are
    met with another attempt. Nothing is ever published unless a method is told `publish=True`.

    Args:
        url: the address of the portal.
        contact: whom the museum may write to about these requests: a mail address, or a URL. If None it is
            `NATURALIA_CONTACT`, and without that there is a warning.
        timeout: seconds a connection, or the next bytes, may take.
        retries: how often a question is asked again after a passing fault.
        backoff: seconds before the first retry; doubled each time, with jitter, at most 30.
        max_wait: the longest wait in seconds that the portal may ask for (`Retry-After`); beyond it the
            error is `RateLimited`.
        rate: requests a second, `"30/min"`, or None for no limit. The museum asks for restraint.
        headers: sent with every request: `{"Authorization": key}` for those who have one.
        auth: user and password, for a portal behind a login.
        verify: whether certificates are verified. Leave it True.
        proxy: the URL of a proxy; what `HTTPS_PROXY` and its kin say if None; no proxy at all if "".
        max_bytes: the largest reply to take, unpacked.

    Raises:
        ValueError: the address, or a setting, can't be.
    """

    @classmethod
    def from_url(cls, url: str, /, **options: Any) -> Query | Dataset:
        """What a pasted address leads to: a query, or a data set.

        Searches (`/search/coyly-sick-earwig`, asked for at once), specimens (`/object/…`), records, resources
        with their filters, calls of the API; data sets (`/dataset/…`); DOIs of either. `options` are those of
        `NhmPortal`.

        Raises:
            ValueError: it is no address of the portal, or leads to no records.
            naturalia.errors.NhmError: the portal knows no such search or data set.
        """
        doi = doi_in(url)
        if doi is None:
            place = place_in(url)
            return cls(place.base, **options)._of_place(place)
        portal = cls(**options)
        return portal.resolve(doi) if doi.partition("/")[2].startswith("qd.") else portal.dataset(doi)

    def specimens(self, **keywords: Any) -> Query:
        """Specimens, by their fields: `records` of the resource of specimens.

        >>> import naturalia as nat
        >>> with nat.testing.nhm() as server:
        ...     nhm = nat.NhmPortal(server.url, rate=None)
        ...     nhm.specimens(genus=["Helix", "Cepaea"], area="Italy").first(1)["country"]
        ['Italy']
        """
        return self.records("specimens", **keywords)

    def index_lots(self, **keywords: Any) -> Query:
        """Index lots, one a species and drawer, by their fields; as `records`."""
        return self.records("index_lots", **keywords)

    def artefacts(self, **keywords: Any) -> Query:
        """Artefacts, by their fields; as `records`."""
        return self.records("artefacts", **keywords)

    def records(self, resource: str, /, *, version: Version = None, **keywords: Any) -> Query:
        """Records of a resource, as a `Query`.

        Fields are keywords, spelt as the portal spells them or as Python would: `scientificName` and
        `scientific_name` are one, `class_` is `class`. A value is met by the same text, whatever the
        capitals, a list by any of its values. The portal's simple search wants all values of a list at
        once, so a list goes through its multi query with `or`, as do `area`, `near`, `where` and `species`;
        `explain()` tells. A list of more than 1,000 values is asked in pieces, each record given once.

        Args:
            resource: `specimens`, `index_lots`, `artefacts`, or the id of any resource.
            version: the state to ask for: `"latest"` now and for all pages, a date, a time, or a version of
                the portal (milliseconds). The version of the resource at that moment is asked for at once.
            **keywords: the fields, and besides

                q: words that have to stand in any of the fields.
                has_image: with images only; without if False.
                has_place: with coordinates only; without if False.
                species: `"Helix pomatia"`, or a list: genus and epithet, whoever named it.
                area: `"Italy"`, `"North Sea"`, `{"geography": "Sahara"}`, GeoJSON, or a list of these.
                near: `(52.16, 4.49, "10 km")`: latitude, longitude, radius.
                where: conditions of `nat.field`.
                filters: a dict of fields by their exact names, for those that keywords can't spell.
                fields: only these are fetched, and `_id`.
                sort: `"year"`, `"year desc"`, or a list: by text.
                page_size: records a page, 1,000 at most.

        Raises:
            TypeError, ValueError: the portal can't be asked this; with what was probably meant.
            naturalia.errors.NhmError: while reading: the portal refuses.
            naturalia.errors.HarvestIncomplete: while reading: the list stops before its end.
        """
        name = resource_id(resource)
        searches = [records_search(name, **each) for each in split_keywords(keywords)]
        if len(searches) == 1:
            return self._query(searches[0], version)
        return Query(CombinedQuery([self._query(each, version)._question for each in searches]))

    @keywords
    def query(
        self,
        where: Any = None,
        /,
        *,
        search: str | None = None,
        area: Any = None,
        near: Any = None,
        has_image: bool | None = None,
        resources: str | Sequence[str] | None = None,
        version: Version = None,
        page_size: int = LIMIT,
    ) -> NhmQuery:
        """A search of several resources, or of all, in the portal's own grammar (v1.0.0).

            >>> import naturalia as nat
            >>> with nat.testing.nhm() as server:
            ...     nhm = nat.NhmPortal(server.url, rate=None)
            ...     old = nhm.query(nat.field("year") < 1900, resources=["specimens"])
            ...     old.count() > 0
            True

        Args:
            where: conditions of `nat.field`, joined by `& | ~`; or a whole query of the grammar as a dict,
                which is checked here before it is sent.
            search: words that have to stand in any of the fields.
            area: as in `records`.
            near: as in `records`.
            has_image: as in `records`.
            resources: names or ids; all that are public if None.
            version: as in `records`, one for all resources.
            page_size: records a page, 1,000 at most.

        Raises:
            ValueError: it is no query of the grammar, with the place and what to write instead.
        """
        ids = [resource_id(each) for each in names(resources) or []]
        built = question(
            where,
            search=search,
            area=area,
            near=near,
            has_image=has_image,
            resources=ids,
            page_size=page_size,
        )
        return self._query(built, version)

    def search(self, words: str, /, **keywords: Any) -> NhmQuery:
        """Records of any data set with these words in any field; keywords as in `query`."""
        return self.query(search=words, **keywords)

    def media(
        self, of: Query | Table | None = None, /, *, resource: str = "specimens", **keywords: Any
    ) -> Query:
        """The media of records as `media`: one row a file, through the crosswalk of `nhm`.

            >>> import naturalia as nat
            >>> with nat.testing.nhm() as server:
            ...     nhm = nat.NhmPortal(server.url, rate=None)
            ...     images = nhm.media(genus="Helix").collect()
            >>> images["license_code"][0], images["record_license_code"][0]
            ('cc-by-4.0', 'cc0-1.0')

        An image has three addresses in `access`: the original, a preview of at most 2,048 pixels and a
        thumbnail, both JPEG; its IIIF manifest is among the `relations` (`isReferencedBy`). The licence of
        the medium is its own, `record_license_…` that of the data set the record belongs to. Images of
        research data sets are taken from the field that the resource names, with the licence it states.

        Args:
            of: records that were asked for, or a table of them; else they are asked for by `keywords`, which
                are those of `records`, with images only.
            resource: which resource is asked.
            **keywords: as in `records`.
        """
        if of is None:
            return self.media(self.records(resource, **{"has_image": True, **keywords}))
        if keywords:
            message = (
                f"media() takes records, or keywords to ask for them by, not both: {', '.join(keywords)}"
            )
            raise TypeError(message)
        records = TableQuery(of._core, repr(of)[1:-1]) if isinstance(of, Table) else of._question
        return Query(Media(records, self))

    @keywords
    def record(
        self, record: str | tuple[str, str], /, *, resource: str | None = None, version: Version = None
    ) -> Table:
        """One record, as a table of one row.

        Args:
            record: the occurrenceID of a specimen; or a pair: a resource (name or id), and the `_id` in it.
            resource: the resource, if `record` is only the `_id`.
            version: the state to ask for, as in `records`.

        Raises:
            naturalia.errors.NhmError: there is none.
        """
        if isinstance(record, str) and resource is None:
            found = self.specimens(filters={"occurrenceID": record}, page_size=2, version=version).collect()
            if len(found) == 1:
                return found
            message = f"{len(found) or 'no'} specimens have the occurrenceID {record!r}"
            hint = "records of other kinds are named by (resource, id)"
            raise errors.NhmError(message, source=_core.shown(self.url), hint=hint)
        name, identifier = (resource or "", record) if isinstance(record, str) else record
        name = resource_id(name)
        pinned = {} if version is None else {"version": self.version(name, version)}
        got = self.action("vds_data_get", resource_id=name, record_id=str(identifier), **pinned)
        line = json.dumps(got["data"], ensure_ascii=False).encode()
        options: dict[str, Any] = {"strict": False, "keep_going": False, "salvage": False, "threads": 1}
        return wrap(_core.read([("vds_data_get", line)], format="nhm", **options))

    def datasets(self, words: str = "", /) -> Datasets:
        """The data sets with these words in their description, or all, in the order of the portal.

        >>> import naturalia as nat
        >>> with nat.testing.nhm() as server:
        ...     [each.name for each in nat.NhmPortal(server.url, rate=None).datasets("butterfly")]
        ['butterfly-traps-survey']
        """
        found: list[Any] = []
        while True:
            got = self.action("package_search", q=words, rows=LIMIT, start=len(found))
            found += got["results"]
            if len(found) >= got["count"]:
                return Datasets([Dataset(self, each) for each in found])
            if not got["results"]:
                count, source = got["count"], _core.shown(self.url)
                message = f"the list of data sets ended after {len(found)} of {count}"
                raise errors.HarvestIncomplete(message, got=len(found), expected=count, source=source)

    def dataset(self, name: str, /) -> Dataset:
        """A data set by its name, id or DOI.

        Raises:
            naturalia.errors.NhmError: there is none.
        """
        doi = doi_in(name)
        if doi is None:
            return Dataset(self, self.action("package_show", id=name))
        for each in self.datasets():
            if (each.doi or "").lower() == doi.lower():
                return each
        message, hint = f"no data set of the portal has the DOI {doi}", "datasets() lists them"
        raise errors.NhmError(message, source=_core.shown(self.url), hint=hint)

    def resource(self, resource: str, /) -> Resource | None:
        """A resource with its data set, by its name or id; asked for once. None where the portal has none."""
        name = resource_id(resource)
        if name not in self._resources:
            try:
                held = self.dataset(self.action("resource_show", id=name)["package_id"])
                found = next((each for each in held.resources if each.id == name), None)
            except errors.NhmError:
                found = None
            self._resources[name] = found
        return self._resources[name]

    def resolve(self, name: str, /) -> NhmQuery:
        """The search behind a slug (`coyly-sick-earwig`), a featured name or the DOI of a query.

        The portal is asked for it at once. It has the resources and the version it was kept with.

        Raises:
            naturalia.errors.NhmError: there is none, or all of its resources are gone.
        """
        doi = doi_in(name)
        saved = self.action("vds_slug_resolve", slug=doi or name)
        query, resources = saved.get("query") or {}, saved.get("resource_ids") or []
        if saved.get("query_version") in (VERSION, "", None):
            search = question(normalised(query), resources=resources)
        else:
            params = {"query": query, "query_version": saved["query_version"], "resource_ids": resources}
            search = Search("vds_multi_query", {**params, "size": LIMIT}, ("records by an older grammar",))
        if saved.get("version") is not None:
            search.params["version"] = int(saved["version"])
        created = str(saved.get("created") or "")[:10]
        lines = [
            f"the search {name!r}{f' of {created}' if created else ''}",
            *map(str, saved.get("warnings") or []),
        ]
        page = f"https://doi.org/{doi}" if doi else f"{_core.shown(self.url)}/search/{name}"
        return NhmQuery(Records(self, search, page=page, origin="; ".join(lines)))

    def featured(self, name: str | None = None, /) -> Table | Query:
        """The searches that the portal keeps under names of its own, as a table; or one of them."""
        if name is None:
            rows = [{"name": each, "what": what} for each, what in FEATURED.items()]
            return wrap(_core.Table.from_rows(rows, ["name", "what"]))
        if name not in FEATURED:
            message = f"no featured search {name!r}{closest(name, FEATURED)}"
            raise ValueError(message)
        return self.resolve(name)

    def _of_place(self, place: Place) -> Query | Dataset:
        """What an address of the portal leads to."""
        name, *rest = place.parts
        if place.kind in ("search", "doi"):
            return self.resolve(name)
        if place.kind == "dataset":
            return self.dataset(name)
        if place.kind == "record":
            search = records_search(resource_id(name), filters={"_id": rest.pop(0)})
            return self._query(search, int(rest[0]) if rest else None, page=place.page)
        if place.kind == "object":
            search = records_search(RESOURCES["specimens"], filters={"occurrenceID": name})
            return self._query(search, int(rest[0]) if rest else None, page=place.page)
        found = searched(resource_id(name), **place.params) if place.kind == "resource" else None
        return self._query(found or pasted(name, place.params))

    def _query(self, search: Search, version: Version = None, page: str | None = None) -> NhmQuery:
        """The query, as of a version: of several resources the newest, which shows each as it was."""
        if version == "latest":
            search.params["version"] = latest(self._core, search.resources)
        elif version is not None and search.resources:
            search.params["version"] = max(self.version(each, version) for each in search.resources)
        elif version is not None:
            search.params["version"] = milliseconds(version)
        return NhmQuery(Records(self, search, page=page or page_of(_core.shown(self.url), search)))
