"""The NHM data portal: how it is talked to, and what it says of versions and fields."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from naturalia import _core, errors
from naturalia._arguments.dates import micros, span
from naturalia._arguments.spelling import keywords
from naturalia._output.escaping import displayed
from naturalia._sources.nhm.grammar import checked, digest
from naturalia._sources.nhm.keywords import field_names_of, resource_id
from naturalia._sources.nhm.media import HOME
from naturalia._sources.settings import (
    BACKOFF,
    MAX_BYTES,
    MAX_WAIT,
    RATES,
    RETRIES,
    TIMEOUT,
    plain_url,
    settings,
)
from naturalia._table.table import Table, wrap

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from naturalia._sources.nhm.datasets import Resource

    Version = int | str | date | datetime | None

__all__ = ["Portal"]

# Words in the names of actions that leave something behind.
WRITING = {"create", "update", "patch", "delete", "purge", "queue", "regenerate", "add", "reserve", "upsert"}
WRITING |= {"follow", "unfollow", "invite", "mark", "send", "clear", "cancel", "sync", "revise", "reorder"}
VERSIONS = ["version", "moment"]
# What to do about a refusal, by what stands in it.
HINTS = (
    (
        "Action name not known",
        "the portal has no such action, or no longer: its names start with vds_ since version 6",
    ),
    ("(404", "nothing has this name or id: datasets() lists data sets, versions() versions"),
    ("(403", "this is for people who logged in: headers={'Authorization': your key}"),
    (
        "saved search could not be found",
        "check the slug or DOI; names that start with nav- are kept for two days",
    ),
    ("resource_id", "the id is that of no table that can be searched: datasets() lists those there are"),
)


@displayed
class Portal:
    """A portal, and how it is talked to."""

    @keywords
    def __init__(
        self,
        url: str = HOME,
        *,
        contact: str | None = None,
        timeout: float = TIMEOUT,
        retries: int = RETRIES,
        backoff: float = BACKOFF,
        max_wait: float = MAX_WAIT,
        rate: float | str | None = RATES["nhm"],
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        verify: bool = True,
        proxy: str | None = None,
        max_bytes: int = MAX_BYTES,
    ) -> None:
        address, found = plain_url(url)
        arguments = settings(
            address,
            contact=contact,
            timeout=timeout,
            retries=retries,
            backoff=backoff,
            max_wait=max_wait,
            rate=rate,
            headers=headers,
            auth=auth or found,
            verify=verify,
            proxy=proxy,
            max_bytes=max_bytes,
        )
        self._restore(portal_of(address), arguments)

    def _restore(self, url: str, arguments: Any) -> None:
        self.url = url
        self._settings = arguments
        self._core = _core.Service("nhm", url, arguments)
        self._resources: dict[str, Resource | None] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        return portal_from_state, (type(self), self.url, self._settings)

    def action(self, name: str, /, **parameters: Any) -> Any:
        """The result of any action of the portal that only reads, as JSON has it.

            >>> import naturalia as nat
            >>> with nat.testing.nhm() as server:
            ...     nat.NhmPortal(server.url, rate=None).action("vds_schema_latest")
            'v1.0.0'

        Raises:
            ValueError: the action leaves something behind at the portal.
            naturalia.errors.NhmError: the portal refuses, or does not know the action.
        """
        if not WRITING.isdisjoint(name.split("_")):
            message = (
                f"{name} leaves something behind at the portal: download(), mint_doi() and slug() ask first"
            )
            raise ValueError(message)
        return self._result(self._core, name, parameters)

    def _result(self, core: _core.Service, name: str, parameters: Mapping[str, Any]) -> Any:
        """The result of an action."""
        body = json.dumps(parameters, ensure_ascii=False)
        try:
            text, facts = core.ask("POST", f"api/3/action/{name}", [], body)
        except errors.NhmError as error:
            hint = next((hint for sign, hint in HINTS if sign in error.message), error.hint)
            raise errors.NhmError(error.message, source=error.source, hint=hint) from None
        envelope = json.loads(text)
        if not isinstance(envelope, dict) or not envelope.get("success"):
            message = f"the portal does not answer {name} with a result, but with {text[:80]!r}"
            raise errors.NhmError(message, source=facts["url"], hint="check the address of the portal")
        return envelope["result"]

    def fields(self, resource: str | None = None) -> list[str]:
        """The names of fields: of the records of the collections, or, asked for, those a resource has now."""
        if resource is None:
            return field_names_of()
        name = resource_id(resource)
        found = self.action("vds_multi_autocomplete_field_latest", resource_ids=[name], text="")
        return sorted(found["fields"])

    @keywords
    def versions(self, resource: str = "specimens", /, *, record: str | None = None) -> Table:
        """The versions of a resource or of one of its records, oldest first: version (ms since 1970), moment.

        >>> import naturalia as nat
        >>> with nat.testing.nhm() as server:
        ...     nat.NhmPortal(server.url, rate=None).versions("specimens")["moment"][-1]
        '2026-06-01T00:00:00+00:00'
        """
        from datetime import UTC, datetime

        name = resource_id(resource)
        if record is None:
            found = self.action("vds_version_resource", resource_id=name)
        else:
            found = self.action("vds_version_record", resource_id=name, record_id=str(record))
        moments = [datetime.fromtimestamp(each / 1000, UTC).isoformat() for each in found]
        rows = [{"version": each, "moment": moment} for each, moment in zip(found, moments, strict=True)]
        return wrap(_core.Table.from_rows(rows, VERSIONS))

    def version(self, resource: str = "specimens", at: Version = "latest", /) -> int:
        """The version of a resource that is shown at a moment: `"latest"`, a date, a time, a version.

        Raises:
            naturalia.errors.NhmError: the resource is younger.
        """
        parameters: dict[str, Any] = {"resource_id": resource_id(resource)}
        if at != "latest":
            parameters["version"] = milliseconds(at)
        found = self.action("vds_version_round", **parameters)
        if not isinstance(found, int):
            message = f"{resource} has no version as old as {at}"
            raise errors.NhmError(message, source=self.url, hint="versions() lists those there are")
        return found

    @staticmethod
    def hash(query: Mapping[str, Any], /) -> str:
        """The hash the portal gives a query of its grammar, made here: the same for any order of conditions.

        >>> import naturalia as nat
        >>> nat.NhmPortal.hash({})
        'da39a3ee5e6b4b0d3255bfef95601890afd80709'
        """
        return digest(checked(query))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {_core.shown(self.url)}>"


def portal_from_state(kind: type[Portal], url: str, arguments: Any) -> Portal:
    """A portal as it was pickled; connections are made anew."""
    portal = kind.__new__(kind)
    portal._restore(url, arguments)
    return portal


def portal_of(url: str) -> str:
    """The address of the portal, of that of its API or one of its actions."""
    plain = url.partition("?")[0].partition("/api/")[0].rstrip("/")
    return plain.removesuffix("/api")


def milliseconds(at: Any) -> int:
    """A moment as the portal counts it."""
    if isinstance(at, int) and not isinstance(at, bool):
        return at
    named = span(at, "version")
    if named is None:
        message = f"version={at!r} names no moment: 'latest', a date, a time, or a number of the portal"
        raise ValueError(message)
    return micros(named.last) // 1000
