"""The six verbs of OAI-PMH 2.0 over a repository, as the standard wants them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from naturalia.testing import _write
from naturalia.testing._exchange import ListPage, OaiFailure, Token
from naturalia.testing._items import moment, second
from naturalia.testing._repository import Question

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from naturalia.testing._exchange import Request
    from naturalia.testing._items import Item
    from naturalia.testing._repository import Repository
    from naturalia.testing.faults._fault import Fault

__all__ = ["Provider"]

# The arguments of each verb: those it needs, those it takes.
VERBS: dict[str, tuple[set[str], set[str]]] = {
    "Identify": (set(), set()),
    "ListMetadataFormats": (set(), {"identifier"}),
    "ListSets": (set(), set()),
    "GetRecord": ({"identifier", "metadataPrefix"}, set()),
    "ListIdentifiers": ({"metadataPrefix"}, {"from", "until", "set"}),
    "ListRecords": ({"metadataPrefix"}, {"from", "until", "set"}),
}
LISTS = {"ListIdentifiers", "ListRecords", "ListSets"}
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
SECONDS = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")


class Provider:
    """Answers requests; faults may bend each step."""

    def __init__(
        self,
        repository: Repository,
        *,
        name: str,
        page_size: int,
        granularity: str,
        deleted_record: str,
        earliest: str | None,
        set_names: dict[str, str],
        clock: Callable[[], float],
        sizes: bool,
    ) -> None:
        self.repository = repository
        self.name = name
        self.page_size = page_size
        self.days = granularity == "days"
        self.deleted_record = deleted_record
        self.fixed_earliest = earliest
        self.set_names = set_names
        self.clock = clock
        self.sizes = sizes
        self.base_url = ""
        self.faults: list[Fault] = []

    def token_of(self, pairs: Iterable[tuple[str, str]]) -> Token | None:
        """The token of a request, as far as it can be read."""
        text = dict(pairs).get("resumptionToken", "")
        for fault in reversed(self.faults):
            text = fault.undress(text)
        return Token.read(text)

    def answer(self, request: Request, faults: list[Fault]) -> bytes:
        """The reply to a request, as bytes; a failure of the protocol is raised."""
        arguments = checked(request.pairs)
        date = moment(self.clock())
        with self.repository.lock:
            content = getattr(self, f"_{request.verb}")(arguments, request, faults)
        return _write.envelope(date, self.base_url, arguments.items(), content).encode()

    def refuse(self, request: Request, failure: OaiFailure) -> bytes:
        """The reply to a request that failed."""
        bare = {code for code, _ in failure.errors} & {"badVerb", "badArgument"}
        echoed = [] if bare else request.arguments.items()
        content = "".join(_write.error(code, message) for code, message in failure.errors)
        return _write.envelope(moment(self.clock()), self.base_url, echoed, content).encode()

    def _Identify(self, _: Any, __: Request, faults: list[Fault]) -> str:  # noqa: N802
        earliest = self.repository.earliest()
        fields: dict[str, str | None] = {
            "repositoryName": self.name,
            "baseURL": self.base_url,
            "protocolVersion": "2.0",
            "adminEmail": "oai@museum.example",
            "earliestDatestamp": self.fixed_earliest or (earliest[:10] if self.days else earliest),
            "deletedRecord": self.deleted_record,
            "granularity": "YYYY-MM-DD" if self.days else "YYYY-MM-DDThh:mm:ssZ",
        }
        for fault in faults:
            fields = fault.on_identify(fields)
        return _write.identify(fields)

    def _ListMetadataFormats(self, arguments: dict[str, str], _: Request, __: Any) -> str:  # noqa: N802
        prefixes = self._prefixes()
        if "identifier" in arguments:
            prefixes = list(self._item(arguments["identifier"]).metadata)
            if not prefixes:
                raise OaiFailure("noMetadataFormats", "this item has no metadata")
        return _write.formats(prefixes)

    def _ListSets(self, arguments: dict[str, str], request: Request, faults: list[Fault]) -> str:  # noqa: N802
        names = sorted(self.set_names.items())
        if not names:
            raise OaiFailure("noSetHierarchy", "this provider has no sets")
        asked = self._asked(arguments, request)
        start, number = (asked.cursor, asked.page) if asked else (0, 1)
        end = start + self.page_size
        token: Token | str | None = "" if asked else None
        if end < len(names):
            token = Token("ListSets", Question(""), 0, end, number + 1, self.clock())
        return _write.sets(names[start:end], dressed(token, faults), len(names), start)

    def _GetRecord(self, arguments: dict[str, str], _: Request, __: Any) -> str:  # noqa: N802
        item = self._item(arguments["identifier"])
        prefix = arguments["metadataPrefix"]
        if prefix not in item.metadata:
            raise OaiFailure("cannotDisseminateFormat", f"this item has no record in {prefix!r}")
        return f"<GetRecord>{_write.record(self.shown(item), prefix)}</GetRecord>"

    def _ListIdentifiers(self, arguments: dict[str, str], request: Request, faults: list[Fault]) -> str:  # noqa: N802
        return self._list("ListIdentifiers", arguments, request, faults)

    def _ListRecords(self, arguments: dict[str, str], request: Request, faults: list[Fault]) -> str:  # noqa: N802
        return self._list("ListRecords", arguments, request, faults)

    def _list(self, verb: str, arguments: dict[str, str], request: Request, faults: list[Fault]) -> str:
        asked = self._asked(arguments, request)
        wanted = question = asked.question if asked else self.question(arguments)
        for fault in faults:
            question = fault.on_question(request, question)
        selected = (fault.on_select(self, request, question) for fault in faults)
        keys = next((keys for keys in selected if keys is not None), None)
        if keys is None:
            after = asked.after if asked else None
            keys = self.repository.select(question, after, self.page_size + 1)
        shown = keys[: self.page_size]
        if not shown:
            raise OaiFailure("noRecordsMatch", "no record matches these arguments")
        cursor, number = (asked.cursor, asked.page) if asked else (0, 1)
        listed = ListPage(
            verb=verb,
            prefix=question.prefix,
            items=[self.shown(self.repository.item(key)) for key in shown],
            asked=asked,
            token="" if asked else None,
            size=self.repository.count(wanted) if self.sizes else None,
            cursor=cursor,
        )
        if len(keys) > len(shown):
            listed.token = Token(verb, question, shown[-1], cursor + len(shown), number + 1, self.clock())
        for fault in faults:
            listed = fault.on_list(self, request, listed)
        return _write.page(listed, dressed(listed.token, faults))

    @staticmethod
    def _asked(arguments: dict[str, str], request: Request) -> Token | None:
        if "resumptionToken" not in arguments:
            return None
        if request.token is None or request.token.verb != request.verb:
            text = arguments["resumptionToken"]
            raise OaiFailure("badResumptionToken", f"not a resumptionToken of this list: {text!r}")
        return request.token

    def question(self, arguments: dict[str, str]) -> Question:
        """What the arguments of a list ask for."""
        prefix = arguments["metadataPrefix"]
        if prefix not in self._prefixes():
            raise OaiFailure("cannotDisseminateFormat", f"no record is to be had in {prefix!r}")
        since, until = arguments.get("from"), arguments.get("until")
        for name, text in (("from", since), ("until", until)):
            if text is not None:
                self._check_date(name, text)
        if since is not None and until is not None:
            if len(since) != len(until):
                raise OaiFailure("badArgument", "from and until differ in granularity")
            if since > until:
                raise OaiFailure("badArgument", "from is later than until")
        if "set" in arguments and not self.set_names:
            raise OaiFailure("noSetHierarchy", "this provider has no sets")
        end = None
        if until is not None:
            end = second(until) + (86_399 if len(until) == len("2020-01-01") else 0)
        return Question(prefix, None if since is None else second(since), end, arguments.get("set"))

    def _check_date(self, name: str, text: str) -> None:
        if self.days and SECONDS.fullmatch(text):
            raise OaiFailure("badArgument", f"{name}: the granularity here is YYYY-MM-DD")
        try:
            datetime.fromisoformat(text)
            readable = bool(DAY.fullmatch(text) or SECONDS.fullmatch(text))
        except ValueError:
            readable = False
        if not readable:
            raise OaiFailure("badArgument", f"{name}: {text!r} is not a date of OAI-PMH")

    def _item(self, identifier: str) -> Item:
        item = self.repository.find(identifier)
        if item is None:
            raise OaiFailure("idDoesNotExist", f"no item {identifier!r}")
        return item

    def _prefixes(self) -> list[str]:
        base = self.repository.base
        sample = base[:1] if not isinstance(base, list) else base
        found = {prefix: None for item in (*sample, *self.repository.changed) for prefix in item.metadata}
        return list(found) or ["oai_dc"]

    def shown(self, item: Item) -> Item:
        """An item with its datestamp in the granularity of the provider."""
        return replace(item, datestamp=item.datestamp[:10]) if self.days else item


def dressed(token: Token | str | None, faults: Iterable[Fault]) -> str | None:
    """The text of a token, as the faults want it."""
    if not isinstance(token, Token):
        return token
    text = token.text()
    for fault in faults:
        text = fault.dress(text)
    return text


def checked(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """The arguments, if they are those of a verb."""
    arguments = dict(pairs)
    verbs = [value for name, value in pairs if name == "verb"]
    if len(verbs) != 1 or verbs[0] not in VERBS:
        raise OaiFailure("badVerb", f"exactly one verb of the six is needed, not {verbs}")
    verb = verbs[0]
    if len(arguments) < len(pairs):
        raise OaiFailure("badArgument", "an argument is repeated")
    needed, taken = VERBS[verb]
    given = set(arguments) - {"verb"}
    if "resumptionToken" in given and verb in LISTS:
        if given != {"resumptionToken"}:
            raise OaiFailure("badArgument", "resumptionToken stands alone")
        return arguments
    for name in given - needed - taken:
        raise OaiFailure("badArgument", f"{verb} has no argument {name!r}")
    for name in needed - given:
        raise OaiFailure("badArgument", f"{verb} needs {name!r}")
    for name in given:
        if not arguments[name]:
            raise OaiFailure("badArgument", f"{name} is empty")
    return arguments
