"""What leaves something behind at the NHM data portal: downloads, DOIs, slugs. Never unasked or twice."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from naturalia import _core, errors
from naturalia._arguments.spelling import closest, keywords
from naturalia._output.escaping import displayed
from naturalia._sources.nhm.portal import Portal
from naturalia._sources.nhm.question import Media, Records

if TYPE_CHECKING:
    from naturalia._query.query import Query
    from naturalia._sources.nhm.keywords import Search

__all__ = ["Download", "Publisher"]

FORMATS = ("csv", "json", "dwc", "raw")
FAILED, READY = "failed", "complete"


@displayed
class Download:
    """A download that was queued at the portal.

    Attributes:
        id: its id at the portal.
        page: the page that shows how far it is.
        status: `initiated`, `gen_core`, `gen_derivative`, `retrieving`, `zipping`, `complete` or `failed`.
        message: what the portal says about it, or "".
        url: the address of the ZIP file, once it is complete; else None.
        doi: the DOI of the query, once there is one.
        raw: everything the portal said.
    """

    def __init__(self, portal: Portal, queued: dict[str, Any]) -> None:
        self.portal = portal
        self.id: str = queued["download_id"]
        self.page: str = queued.get("status_html") or ""
        self.raw: dict[str, Any] = {}
        self.status = "initiated"

    def refresh(self) -> Download:
        """Asks how far it is.

        Raises:
            naturalia.errors.NhmError: the portal could not make it.
        """
        text, _ = self.portal._core.ask("GET", f"status/download/{self.id}/json", [], None)
        self.raw = json.loads(text)
        self.status = self.raw.get("status") or self.status
        if self.status == FAILED:
            message = f"the portal could not make the download: {self.message or 'it does not say why'}"
            raise errors.NhmError(message, source=self.page, hint="queue it again later, or ask for less")
        return self

    def wait(self, *, timeout: float = 3600, every: float = 10) -> Download:
        """Asks again every so many seconds until it is complete.

        Raises:
            TimeoutError: it is not complete after `timeout` seconds; the portal goes on with it.
            naturalia.errors.NhmError: the portal could not make it.
        """
        from time import monotonic, sleep

        end = monotonic() + timeout
        while self.refresh().status != READY:
            if monotonic() + every > end:
                message = f"the download is {self.status!r} after {timeout:g} s: {self.page}"
                raise TimeoutError(message)
            sleep(every)
        return self

    @property
    def message(self) -> str:
        """What the portal says about it."""
        return self.raw.get("message") or ""

    @property
    def url(self) -> str | None:
        """The address of the ZIP file, once it is complete."""
        return (self.raw.get("urls") or {}).get("direct")

    @property
    def doi(self) -> str | None:
        """The DOI that the query was given."""
        return self.raw.get("doi")

    def __repr__(self) -> str:
        return f"<Download {self.id}: {self.status}{f', {self.url}' if self.url else ''}>"


class Publisher(Portal):
    """The questions that publish something: each only with `publish=True`, and sent once."""

    @keywords
    def download(
        self,
        query: Query,
        /,
        *,
        format: str = "csv",
        format_args: dict[str, Any] | None = None,
        separate_files: bool = True,
        email: str | None = None,
        publish: bool = False,
    ) -> Download:
        """Has the portal pack the records of a query into a ZIP file.

        This publishes: the museum registers a DOI for the query with DataCite, for good, unless it has one.
        To get the records without that, `collect()` or `nat.harvest` the query.

        Args:
            query: a query of this portal.
            format: `csv`, `json`, `dwc` (a Darwin Core archive) or `raw`.
            format_args: `{"delimiter": "tab"}` of csv; `core_extension_name`, `eml_title` … of dwc.
            separate_files: a file for each resource.
            email: whom the portal writes to when it is ready; nobody if None.
            publish: that you want this.

        Raises:
            ValueError: without `publish=True`, or for an unknown format.
            naturalia.errors.NhmError: the portal refuses.
        """
        if format not in FORMATS:
            message = f"format={format!r}: the portal packs {', '.join(FORMATS)}{closest(format, FORMATS)}"
            raise ValueError(message)
        self._agreed(publish, "download() has the museum register a permanent DOI for the query")
        file = {"format": format, "format_args": format_args or {}, "separate_files": separate_files}
        notifier = {"type": "none"} if email is None else {"type": "email", "type_args": {"emails": [email]}}
        queued = self._once(
            "vds_download_queue", {"query": search_of(query), "file": file, "notifier": notifier}
        )
        return Download(self, queued)

    @keywords
    def mint_doi(self, query: Query, /, *, email: str = "", publish: bool = False) -> str:
        """A DOI for a query, to cite it by: permanent and public. The portal mails it to `email`.

        Raises:
            ValueError: without `publish=True`, or without a mail address.
            naturalia.errors.NhmError: the portal refuses.
        """
        self._agreed(publish, "mint_doi() registers a permanent public DOI and sends a mail")
        if "@" not in email:
            message = f"email={email!r}: the portal mails the DOI to somebody, and wants to know to whom"
            raise ValueError(message)
        search = search_of(query)
        if not search.get("resource_ids"):
            message = "a DOI names its resources: ask with resources=[…]"
            raise ValueError(message)
        reply = self._once("create_doi", {**search, "email_address": email})
        return str(reply["doi"])

    @keywords
    def slug(self, query: Query, /, *, temporary: bool = False, publish: bool = False) -> str:
        """A short public name for a query, `coyly-sick-earwig`: the page is `/search/<slug>`.

        The portal keeps it for good; `temporary` ones for about two days.

        Raises:
            ValueError: without `publish=True`.
            naturalia.errors.NhmError: the portal refuses.
        """
        self._agreed(publish, "slug() keeps the query at the portal under a public name")
        reply = self._once(
            "vds_slug_create", {**search_of(query), "pretty_slug": True, "nav_slug": temporary}
        )
        return str(reply["slug"])

    @staticmethod
    def _agreed(publish: bool, what: str) -> None:
        """Refuses to publish unless that was asked for."""
        if publish is not True:
            message = f"{what}: pass publish=True if you want that"
            raise ValueError(message)

    def _once(self, action: str, parameters: dict[str, Any]) -> Any:
        """The result of an action that writes: it is sent once, whatever happens."""
        patient = _core.Service("nhm", self.url, {**self._settings, "retries": 0})
        return self._result(patient, action, parameters)


def search_of(query: Query) -> dict[str, Any]:
    """A query in the grammar of the portal, with its resources and version, as it is kept there."""
    question = query._question
    if isinstance(question, Media):
        question = question.question
    if not isinstance(question, Records):
        message = f"a query of the data portal is needed, not {query!r}"
        raise TypeError(message)
    return portable_search(question.search)


def portable_search(search: Search) -> dict[str, Any]:
    """The simple search as a multi query; a multi query as it is, without its page size."""
    params = search.params
    if search.action == "vds_multi_query":
        return {name: value for name, value in params.items() if name not in ("size", "after")}
    terms: list[dict[str, Any]] = []
    for name, value in params.get("filters", {}).items():
        flag = {"_has_image": {"fields": ["associatedMedia"]}, "_has_lat_long": {"geo_field": True}}.get(name)
        if flag is not None:
            terms.append({"exists": flag})
        elif name.startswith("_") and name != "_id":
            message = f"the filter {name!r} has no words in the portal's grammar: leave it out"
            raise ValueError(message)
        else:
            values = value if isinstance(value, list) else [value]
            terms += [{"string_equals": {"fields": [name], "value": str(each)}} for each in values]
    query: dict[str, Any] = {"search": params["q"]} if params.get("q") else {}
    if terms:
        query["filters"] = {"and": terms}
    found = {"query": query, "query_version": "v1.0.0", "resource_ids": [params["resource_id"]]}
    return found | ({"version": params["version"]} if "version" in params else {})
