"""The NHM Data Portal on this machine: CKAN's envelope, the museum's actions, records of our own."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from naturalia.testing._exchange import Reply, Request
from naturalia.testing._loopback import Loopback
from naturalia.testing._nhm._actions import ACTIONS, FORBIDDEN, POST_ONLY
from naturalia.testing._nhm._archive import ARTEFACTS, INDEX_LOTS, SPECIMENS
from naturalia.testing._nhm._catalogue import Catalogue, catalogue
from naturalia.testing._nhm._pages import page
from naturalia.testing._nhm._parameters import BadRequest, Parameters, PortalError
from naturalia.testing._nhm._writes import WRITES

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterable

    from naturalia.testing._nhm._documents import Document
    from naturalia.testing.faults._fault import Fault

__all__ = ["NhmServer", "nhm"]

API = "/api/3/action/"
JSON = "application/json;charset=utf-8"
# The actions that give a list page by page.
LISTS = {"datastore_search", "vds_basic_query", "vds_multi_query"}


def nhm(
    specimens: int | list[Document] = 240,
    *,
    index_lots: int | list[Document] = 40,
    artefacts: int | list[Document] = 12,
    media: str | None = None,
    faults: Iterable[Fault] = (),
    latency: float = 0.0,
    clock: Callable[[], float] = time.time,
    port: int = 0,
    tls: ssl.SSLContext | None = None,
) -> NhmServer:
    """The Data Portal of a museum on this machine, for the length of a `with` block.

    It answers the actions of CKAN and of the NHM's own extensions under `/api/3/action/`, with their limits:
    no page of more than 1,000 records, no offset beyond 10,000, all values of a filter at once. Nothing it
    is asked leaves this machine: a DOI that is "minted" is only logged, see `writes`.

        >>> import json
        >>> import naturalia as nat
        >>> from urllib.request import urlopen
        >>> with nat.testing.nhm(50) as server:
        ...     url = server.url + "/api/3/action/vds_basic_count?resource_id=" + server.specimens
        ...     json.load(urlopen(url))["result"]
        50

    Args:
        specimens: how many specimens to make up, the same in every run; or the records themselves.
        index_lots: likewise.
        artefacts: likewise.
        media: what the addresses of media start with; the `/media` of this server if None.
        faults: what goes wrong; see `naturalia.testing.faults`. A fault's `verb` is an action.
        latency: seconds before each reply.
        clock: what the server takes for the time, in seconds since 1970.
        port: of the URL; any free one if 0.
        tls: serves https with this certificate.
    """
    return NhmServer(
        catalogue(specimens, index_lots, artefacts),
        media=media,
        faults=list(faults),
        latency=latency,
        port=port,
        tls=tls,
        clock=clock,
    )


class Call(Request):
    """One request to the portal; its verb is the action it asks for, "" for any other address."""

    place = 0

    @property
    def verb(self) -> str:
        """The action."""
        path = urlsplit(self.path).path
        return path.removeprefix(API) if path.startswith(API) else ""

    @property
    def page(self) -> int:
        """Of a list, the page it asks for, from 1; 1 for every other request."""
        return self.place or 1

    @property
    def listed(self) -> bool:
        """Whether it asks for a page of a list."""
        return self.verb in LISTS


class NhmServer(Loopback):
    """A portal that is being served; made by `nhm`.

    Attributes:
        url: its address, as a client takes it.
        requests: the log, a `Request` each, in the order of arrival; `verb` is the action.
        faults: may be changed while it runs.
        specimens: the id of the resource of specimens.
        index_lots: that of index lots.
        artefacts: that of artefacts.
    """

    kind = Call
    specimens = SPECIMENS
    index_lots = INDEX_LOTS
    artefacts = ARTEFACTS

    def __init__(
        self,
        published: Catalogue,
        *,
        media: str | None,
        faults: list[Fault],
        latency: float,
        port: int,
        tls: ssl.SSLContext | None,
        clock: Callable[[], float],
    ) -> None:
        super().__init__(faults=faults, latency=latency, path="", port=port, tls=tls, clock=clock)
        self.catalogue = published
        self.catalogue.settle(self.host, media or f"{self.host}/media")
        self._places: dict[str, int] = {}

    @property
    def records(self) -> dict[str, list[Document]]:
        """The truth: the records by resource."""
        return {name: list(resource.documents) for name, resource in self.catalogue.resources.items()}

    @property
    def writes(self) -> list[Request]:
        """The requests that would have left something behind at the museum: DOIs, downloads, slugs."""
        return [request for request in self.requests if request.verb in WRITES]

    def __repr__(self) -> str:
        count = sum(map(len, self.records.values()))
        return f"<NhmServer {self.url}: {count:,} records, {len(self.requests):,} requests>"

    def read(self, request: Request) -> None:
        """Finds the page of a list: the cursors that were given out are known."""
        if not isinstance(request, Call) or not request.listed:
            return
        try:
            given = Parameters(request)
            limit = given.number("limit" if given.has("limit") else "size", 100) or 100
            offset = given.number("offset", 0) or 0
            cursor = given.json("after", list)
        except (BadRequest, PortalError):
            return
        request.place = self._places.get(json.dumps(cursor), 1) if cursor else offset // limit + 1

    def answer(self, request: Request, due: list[Fault]) -> Reply:
        """The reply of a fault, or of the portal."""
        answers = (fault.on_request(self, request) for fault in due)
        reply = next((found for found in answers if found is not None), None)
        path = unquote(urlsplit(request.path).path)
        if reply is not None:
            return reply
        return self.act(request, due) if path.startswith(API) else page(self.catalogue, request, path)

    def act(self, request: Request, due: list[Fault]) -> Reply:
        """The reply to an action, in its envelope."""
        name = request.verb
        envelope: Any = {"help": f"{self.host}{API}help_show?name={name}"}
        status = 200
        try:
            result = self.result(name, request)
            for fault in due:
                result = fault.on_result(self, request, result)
            if request.listed and result["after"]:
                self._places[json.dumps(result["after"])] = request.page + 1
            envelope |= {"success": True, "result": result}
        except PortalError as error:
            status = error.status
            # CKAN writes the kind of a validation error last, and of all others first.
            kind = {"__type": error.kind}
            told = error.told | kind if error.kind == "Validation Error" else kind | error.told
            envelope |= {"error": told, "success": False}
        except BadRequest as error:
            status, envelope = 400, f"Bad request: {error}"
        return Reply(status, {"Content-Type": JSON}, json.dumps(envelope, ensure_ascii=False).encode())

    def result(self, name: str, request: Request) -> Any:
        """The result of an action."""
        if name not in ACTIONS and name not in FORBIDDEN:
            message = f"Action name not known: {name}"
            raise BadRequest(message)
        if name in POST_ONLY and request.method != "POST":
            message = "JSON Error: Invalid request. Please use POST method for your request"
            raise BadRequest(message)
        parameters = Parameters(request)
        if name in FORBIDDEN:
            raise PortalError(
                "Authorization Error", 403, f"Access denied: User  not authorized to {FORBIDDEN[name]}"
            )
        return ACTIONS[name](self.catalogue, parameters)
