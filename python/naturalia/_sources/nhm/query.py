"""`NhmQuery`: a question to the NHM data portal, which can be counted by a field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from naturalia import _core, errors
from naturalia._arguments.public import public
from naturalia._query.query import Query
from naturalia._sources.nhm.keywords import RESOURCES, field_named, names_of
from naturalia._sources.nhm.publish import portable_search
from naturalia._table.table import wrap

if TYPE_CHECKING:
    from naturalia._sources.nhm.question import Records

__all__ = ["NhmQuery"]

# Values the portal is asked for at first, and at last.
FEW, MANY = 1000, 50_000


@public
class NhmQuery(Query):
    """A question to the data portal: a `Query` that can also count by a field.

    >>> import naturalia as nat
    >>> with nat.testing.nhm() as server:
    ...     nhm = nat.NhmPortal(server.url, rate=None)
    ...     nhm.specimens(genus="Helix").count(by="country")["country"][0]
    'mexico'
    """

    _question: Records

    def count(self, by: str | None = None) -> Any:
        """How many records there are, as the portal counts them; `by` a field, a table of its values.

        The commonest value comes first. The portal has values in small letters here; a record with several
        values counts for each of them, and records without one are the row None. `by="resource"` counts the
        records of each resource of a search of several.

        Raises:
            ValueError: a field, and the question is more than the portal's simple search.
            naturalia.errors.HarvestIncomplete: there are more values than the portal lists.
        """
        if by is None:
            return super().count()
        rows = self._by_resource() if by == "resource" else self._by_field(by)
        return wrap(_core.Table.from_rows(rows, [by, "count"]))

    def _by_resource(self) -> list[dict[str, Any]]:
        portal, search = self._question.portal, self._question.search
        if search.action == "vds_basic_query":
            return [{"resource": search.resources[0], "count": super().count()}]
        params = {name: value for name, value in search.params.items() if name != "size"}
        found = portal.action("vds_multi_count", **params)["counts"]
        names = {resource: name for name, resource in RESOURCES.items()}
        counts = sorted(found.items(), key=lambda pair: -pair[1])
        return [{"resource": names.get(each, each), "count": count} for each, count in counts]

    def _by_field(self, by: str) -> list[dict[str, Any]]:
        portal, search = self._question.portal, self._question.search
        if search.action != "vds_basic_query":
            message = (
                f"count(by={by!r}) is for the portal's simple search: one value a field, no area=, near=, "
            )
            raise ValueError(message + "where= or species=; else collect() and count there")
        field = field_named(by, names_of(search.resources[0]))
        params = {name: value for name, value in search.params.items() if name not in ("fields", "sort")}
        values: dict[str, int] = {}
        for most in (FEW, MANY):
            limits = {field: most}
            got = portal.action(
                "vds_basic_query", **{**params, "limit": 0}, facets=[field], facet_limits=limits
            )
            facet = got["facets"][field]
            values = facet["values"]
            if not facet["details"]["sum_other_doc_count"]:
                break
        else:
            message = f"{field} has more than {MANY:,} different values in {got['total']:,} records"
            hint = "count fewer records at a time, or collect() them"
            raise errors.HarvestIncomplete(
                message, got=len(values), source=_core.shown(portal.url), hint=hint
            )
        rows = [{by: value, "count": count} for value, count in values.items()]
        return sorted([*rows, *self._without(by, field)], key=lambda row: -row["count"])

    def _without(self, by: str, field: str) -> list[dict[str, Any]]:
        """The records without a value, if there are any."""
        portal = self._question.portal
        params = portable_search(self._question.search)
        filters = params["query"].get("filters", {"and": []})["and"]
        query = {
            **params["query"],
            "filters": {"and": [*filters, {"not": [{"exists": {"fields": [field]}}]}]},
        }
        count = portal.action("vds_multi_count", **{**params, "query": query})["total"]
        return [{by: None, "count": count}] if count else []
