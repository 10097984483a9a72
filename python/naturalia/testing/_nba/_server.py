"""The loopback NBA."""

from __future__ import annotations

import gzip
import json
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from naturalia.testing._exchange import Reply
from naturalia.testing._loopback import Loopback
from naturalia.testing._nba._areas import AREAS
from naturalia.testing._nba._asked import Asked
from naturalia.testing._nba._documents import made
from naturalia.testing._nba._fields import DOCUMENTS
from naturalia.testing._nba._refusal import Refusal
from naturalia.testing._nba._services import JSON, TEXT, answer
from naturalia.testing._nba._spec import spec_of
from naturalia.testing._nba._store import Store

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterable

    from naturalia.testing._exchange import Request
    from naturalia.testing.faults._fault import Fault

__all__ = ["NbaServer", "nba"]

BASE = "/v2"
DEFAULT_COUNT = 60
WINDOW = 10_000


def nba(
    documents: Any = None,
    *,
    faults: Iterable[Fault] = (),
    window: int = WINDOW,
    latency: float = 0.0,
    clock: Callable[[], float] = time.time,
    port: int = 0,
    tls: ssl.SSLContext | None = None,
) -> NbaServer:
    """A Netherlands Biodiversity API, version 2, on this machine, for the length of a `with` block.

    Without faults it answers as the NBA documents it, its limits included: pages of 10, 500 for a question it
    cannot answer, a text for an id it does not know. Documents are `multimedia`, `specimen`, `taxon`, `geo`.

        >>> import json
        >>> from urllib.request import urlopen
        >>> import naturalia as nat
        >>> with nat.testing.nba() as server:
        ...     address = server.url + "/multimedia/query?collectionType=Arts&_fields=unitID"
        ...     reply = json.load(urlopen(address))
        >>> reply["totalSize"], reply["resultSet"][0]["item"]
        (2, {'unitID': 'image-134800'})
        >>> server.requests[0].verb
        'query'

    Args:
        documents: what it holds: a number of multimedia documents to make up, with their specimens and
            taxa (60 if None); documents; lists of them by type; a file of JSON or of JSON lines, a folder,
            several. One without `id` gets it by the rule of the NBA; a later one of an id
            takes the place of an earlier.
        faults: what goes wrong; see `naturalia.testing.faults`.
        window: the largest `from` plus `size`, the setting `index.max_result_window`.
        latency: seconds before each reply.
        clock: what the server takes for the time, in seconds since 1970.
        port: of the URL; any free one if 0.
        tls: serves https with this certificate.

    Raises:
        TypeError: `documents` is none of these.
        ValueError: a file that holds something else.
    """
    return NbaServer(
        given(documents),
        faults=list(faults),
        window=window,
        latency=latency,
        clock=clock,
        port=port,
        tls=tls,
    )


class NbaServer(Loopback):
    """An NBA that is being served; made by `nba`.

    Attributes:
        url: its base URL, ending in /v2.
        requests: the log; of each `document`, `verb` (the service) and `spec` say what was asked.
        faults: may be changed while it runs.
        window: the largest `from` plus `size`; may be changed too.
        stores: the documents by type.
    """

    kind = Asked

    def __init__(
        self,
        documents: dict[str, list[dict[str, Any]]],
        *,
        faults: list[Fault],
        window: int,
        latency: float,
        clock: Callable[[], float],
        port: int,
        tls: ssl.SSLContext | None,
    ) -> None:
        super().__init__(faults=faults, latency=latency, path=BASE, port=port, tls=tls, clock=clock)
        self.window = window
        self.stores = {kind: Store(kind, documents.get(kind, ())) for kind in DOCUMENTS}

    def documents(
        self, document: str = "multimedia", spec: dict[str, Any] | None = None
    ) -> list[dict[str, Any]]:
        """The truth: the documents of a type, by id; of a QuerySpec, those that satisfy its conditions.

        Raises:
            ValueError: the NBA would refuse the QuerySpec.
        """
        try:
            asked = spec_of(document, [], json.dumps(spec or {}).encode())
        except Refusal as refusal:
            raise ValueError(refusal.message) from None
        return self.stores[document].find(asked)

    def add(self, document: str, *documents: dict[str, Any]) -> None:
        """Adds or changes documents while the server runs."""
        self.stores[document].put(*documents)

    def delete(self, document: str, *ids: str) -> None:
        """Takes documents out while the server runs.

        Raises:
            KeyError: there is none of this id.
        """
        self.stores[document].delete(*ids)

    def answer(self, request: Request, due: list[Fault]) -> Reply:
        """The reply of a service, or of a fault in its place."""
        try:
            answers = (fault.on_request(self, request) for fault in due)
            reply = next((found for found in answers if found is not None), None)
            return reply or answer(self, request, due)  # type: ignore[arg-type]
        except Refusal as refusal:
            return self.refuse(request, refusal)

    def reply(self, request: Request) -> Reply:
        """The reply as it goes out, compressed for clients that take it."""
        reply = super().reply(request)
        takes = "gzip" in request.headers.get("accept-encoding", "")
        bent = reply.stop is not None or {"Content-Encoding", "Content-Length"} & set(reply.headers)
        if takes and request.verb == "download" and not bent:
            reply.headers["Content-Encoding"] = "gzip"
            reply.body = gzip.compress(reply.body, 1, mtime=0)
        return reply

    def refuse(self, request: Request, refusal: Refusal) -> Reply:
        """An error as the NBA sends it: JSON, or a text where there is no exception of its own."""
        if not refusal.kind:
            return Reply(refusal.status, {"Content-Type": TEXT}, refusal.message.encode())
        said = {400: "Bad Request", 500: "Internal Server Error"}.get(refusal.status, "Error")
        body = {
            "requestUri": self.host + request.path,
            "httpStatus": {"code": refusal.status, "message": said},
            "exception": {"message": refusal.message, "type": refusal.kind, "stackTrace": []},
        }
        return Reply(refusal.status, {"Content-Type": JSON}, json.dumps(body, indent=1).encode())

    def __repr__(self) -> str:
        held = ", ".join(f"{len(store):,} {kind}" for kind, store in self.stores.items() if len(store))
        return f"<NbaServer {self.url}: {held}; {len(self.requests):,} requests>"


def given(documents: Any) -> dict[str, list[dict[str, Any]]]:
    """Documents by type, from anything that `nba` takes."""
    if documents is None or isinstance(documents, int):
        return made(DEFAULT_COUNT if documents is None else documents) | {"geo": AREAS}
    if isinstance(documents, dict) and set(documents) <= set(DOCUMENTS):
        return {"geo": AREAS} | {kind: list(listed) for kind, listed in documents.items()}
    if isinstance(documents, (str, os.PathLike)):
        documents = loaded(Path(documents))
    if not isinstance(documents, (list, tuple)):
        message = f"documents={documents!r}: a number, documents, lists of them by type, files or a folder"
        raise TypeError(message)
    found: dict[str, list[dict[str, Any]]] = {"geo": list(AREAS)}
    for one in documents:
        listed = loaded(Path(one)) if isinstance(one, (str, os.PathLike)) else [one]
        for document in listed:
            found.setdefault(kind_of(document), []).append(document)
    return found


def loaded(path: Path) -> list[dict[str, Any]]:
    """The documents of a file, or of the files of a folder.

    Raises:
        ValueError: it is neither JSON nor JSON lines.
    """
    if path.is_dir():
        return [one for file in sorted(path.iterdir()) if "json" in file.suffix for one in loaded(file)]
    text = path.read_text(encoding="utf-8-sig")
    try:
        whole = json.loads(text)
    except ValueError:
        try:
            return [json.loads(line) for line in text.split("\n") if line.strip()]
        except ValueError as error:
            message = f"{path}: neither JSON nor JSON lines: {error}"
            raise ValueError(message) from None
    if isinstance(whole, dict) and "resultSet" in whole:
        return [row["item"] for row in whole["resultSet"]]
    return whole if isinstance(whole, list) else [whole]


def kind_of(document: Any) -> str:
    """The type of a document, by the fields that only one type has."""
    if not {"id", "sourceSystemId"} & set(document):
        message = f"{document!r:.60}: not a document of the NBA"
        raise ValueError(message)
    if {"serviceAccessPoints", "gatheringEvents", "associatedTaxonReference"} & set(document):
        return "multimedia"
    if {"acceptedName", "sourceSystemParentId"} & set(document):
        return "taxon"
    return "geo" if "areaType" in document else "specimen"
