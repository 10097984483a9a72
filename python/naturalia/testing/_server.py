"""The loopback OAI-PMH provider."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from naturalia.testing._exchange import OaiFailure, Reply, Request
from naturalia.testing._items import Item, moment
from naturalia.testing._loopback import Loopback
from naturalia.testing._pages import items_of
from naturalia.testing._provider import Provider
from naturalia.testing._replay import Recording, Replay
from naturalia.testing._repository import Repository

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterable

    from naturalia.testing.faults._fault import Fault

__all__ = ["Server", "serve"]

XML = {"Content-Type": "text/xml; charset=utf-8"}


def serve(
    source: Any = 100,
    *,
    faults: Iterable[Fault] = (),
    page_size: int = 100,
    latency: float = 0.0,
    name: str = "Museum of Examples",
    granularity: str = "seconds",
    deleted_record: str = "persistent",
    earliest: str | None = None,
    sets: dict[str, str] | None = None,
    sizes: bool = True,
    clock: Callable[[], float] = time.time,
    path: str = "/oai",
    port: int = 0,
    tls: ssl.SSLContext | None = None,
) -> Server:
    """An OAI-PMH provider on this machine, for the length of a `with` block.

    Without faults it answers the six verbs as the standard says.

        >>> import naturalia as nat
        >>> from urllib.request import urlopen
        >>> with nat.testing.serve(250) as server:
        ...     page = urlopen(server.url + "?verb=ListRecords&metadataPrefix=oai_dc").read()
        >>> len(nat.read(page))
        100
        >>> server.requests[0].arguments["verb"]
        'ListRecords'

    Args:
        source: what it offers: a number of records to make up (or `generate(…)`, for more choice), items, a
            table, pages (a folder, files, bytes), or `replay(…)` to send pages again byte for byte.
        faults: what goes wrong; see `naturalia.testing.faults`.
        page_size: so many records, headers or sets a page.
        latency: seconds before each reply.
        name: the repositoryName.
        granularity: of datestamps and of `from` and `until`: "seconds" or "days".
        deleted_record: "persistent" keeps the headers of deleted items, "transient" until `forget`, "no" at
            no time.
        earliest: what Identify gives as earliestDatestamp; the true one if None.
        sets: setName by setSpec; those of the items if None, no sets if {}.
        sizes: whether tokens carry completeListSize.
        clock: what the server takes for the time, in seconds since 1970.
        path: of the URL.
        port: of the URL; any free one if 0.
        tls: serves https with this certificate; `authority().context()` makes one that nobody trusts.

    Raises:
        TypeError: `source` is none of these.
        ValueError: pages that are not well-formed, or two items of one identifier.
    """
    for keyword, given, known in (
        ("granularity", granularity, ["seconds", "days"]),
        ("deleted_record", deleted_record, ["persistent", "transient", "no"]),
    ):
        if given not in known:
            message = f"{keyword}={given!r}: it is one of {', '.join(known)}"
            raise ValueError(message)
    if isinstance(source, Recording):
        replayed = Replay(source, clock)
        return Server(replayed, faults=list(faults), latency=latency, path=path, port=port, tls=tls)
    repository = Repository(items_of(source))
    if sets is None:
        sets = {spec: spec.replace(":", ", ").capitalize() for spec in found_sets(repository)}
    provider = Provider(
        repository,
        name=name,
        page_size=page_size,
        granularity=granularity,
        deleted_record=deleted_record,
        earliest=earliest,
        set_names=sets,
        clock=clock,
        sizes=sizes,
    )
    return Server(provider, faults=list(faults), latency=latency, path=path, port=port, tls=tls)


def found_sets(repository: Repository) -> set[str]:
    """The setSpecs of the items, with the sets they lie in."""
    base = repository.base
    specs = getattr(base, "sets", None)
    specs = {spec for item in base for spec in item.sets} if specs is None else set(specs)
    return {spec[:end] for spec in specs for end in ends(spec)}


def ends(spec: str) -> list[int]:
    """Where the sets end that a setSpec names."""
    return [place for place, sign in enumerate(spec) if sign == ":"] + [len(spec)]


class Server(Loopback):
    """A provider that is being served; made by `serve`.

    Attributes:
        url: its base URL.
        requests: the log, a `Request` each, in the order of arrival.
        faults: may be changed while it runs.
    """

    def __init__(
        self,
        provider: Provider | Replay,
        *,
        faults: list[Fault],
        latency: float,
        path: str,
        port: int,
        tls: ssl.SSLContext | None,
    ) -> None:
        super().__init__(faults=faults, latency=latency, path=path, port=port, tls=tls, clock=provider.clock)
        self.provider = provider
        provider.base_url = self.url
        provider.faults = self.faults

    @property
    def records(self) -> list[Item]:
        """The truth: every item as it is now, those changed last at the end."""
        with self.provider.repository.lock:
            return list(self.provider.repository.items())

    @property
    def now(self) -> str:
        """The server's clock, as a datestamp."""
        return moment(self.provider.clock())

    def update(self, *items: Item | str, datestamp: str | None = None, **metadata: str) -> None:
        """Adds or changes items while the server runs; they get the server's time as their datestamp.

        Args:
            items: items, new or of known identifiers; or the identifiers of items to be touched as they are.
            datestamp: instead of the server's time.
            metadata: payloads by prefix, to be changed in all these items.
        """
        repository = self.provider.repository
        for given in items:
            with repository.lock:
                item = repository.find(given) if isinstance(given, str) else given
                if item is None:
                    message = f"no item {given!r} to update: give an Item to add one"
                    raise KeyError(message)
                payloads = {prefix: item.metadata[prefix] for prefix in item.metadata} | metadata
                stamp = datestamp or self.now
                repository.put(Item(item.identifier, stamp, payloads, item.sets, False, item.about))

    def delete(self, *identifiers: str) -> None:
        """Deletes items while the server runs, in the way of its deletedRecord."""
        repository = self.provider.repository
        for identifier in identifiers:
            with repository.lock:
                repository.delete(identifier, self.provider.clock())
                if self.provider.deleted_record == "no":
                    repository.drop(identifier)

    def forget(self) -> None:
        """Takes out the headers of deleted items, as a provider of "transient" deletions does in the end."""
        repository = self.provider.repository
        with repository.lock:
            for item in list(repository.items()):
                if item.deleted:
                    repository.drop(item.identifier)

    def __repr__(self) -> str:
        return (
            f"<Server {self.url}: {len(self.provider.repository):,} items, {len(self.requests):,} requests>"
        )

    def read(self, request: Request) -> None:
        """Finds the token."""
        request.token = self.provider.token_of(request.pairs)

    def answer(self, request: Request, due: list[Fault]) -> Reply:
        """The reply of the provider, or of a fault in its place."""
        try:
            answers = (fault.on_request(self, request) for fault in due)
            reply = next((found for found in answers if found is not None), None)
            if reply is None and urlsplit(request.path).path != self.path:
                reply = Reply(404, {"Content-Type": "text/plain"}, b"nothing here\n")
            return reply or Reply(200, dict(XML), self.provider.answer(request, due))
        except OaiFailure as failure:
            return Reply(failure.status, dict(XML), self.provider.refuse(request, failure))
