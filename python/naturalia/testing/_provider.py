"""The six verbs of OAI-PMH 2.0 over a repository, as the standard wants them."""

from __future__ import annotations

import base64
import binascii
import json
import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from naturalia.testing import _write
from naturalia.testing._exchange import ListPage, OaiFailure
from naturalia.testing._items import moment, second
from naturalia.testing._repository import Question

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from naturalia.testing._exchange import Request
    from naturalia.testing._repository import Repository
    from naturalia.testing.faults import Fault

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


@dataclass(frozen=True, slots=True)
class Token:
    """Where a list goes on. All of it is in the token: a server that starts anew still knows it."""

    verb: str
    question: Question
    after: int
    cursor: int
    page: int
    issued: float

    def text(self) -> str:
        """The token as sent: opaque, without a character that needs encoding."""
        q = self.question
        fields = [self.verb, q.prefix, q.since, q.until, q.set, self.after, self.cursor, self.page]
        packed = json.dumps([*fields, round(self.issued, 3)], separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(packed).decode().rstrip("=")

    @classmethod
    def read(cls, text: str) -> Token:
        """The token of a text; a failure of the protocol for anything this provider did not write."""
        try:
            packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
            verb, prefix, since, until, spec, after, cursor, page, issued = json.loads(packed)
            return cls(verb, Question(prefix, since, until, spec), after, cursor, page, issued)
        except (ValueError, TypeError, binascii.Error) as error:
            message = f"not a resumptionToken of this provider: {text!r}"
            raise OaiFailure("badResumptionToken", message) from error


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

    def page_of(self, pairs: Iterable[tuple[str, str]], faults: Iterable[Fault]) -> int:
        """The page of its list that a request asks for, from 1."""
        text = dict(pairs).get("resumptionToken", "")
        try:
            return Token.read(self._plain(text, faults)).page if text else 1
        except OaiFailure:
            return 1

    def answer(self, request: Request, faults: list[Fault]) -> bytes:
        """The reply to a request, as bytes."""
        date = moment(self.clock())
        try:
            arguments = checked(request.pairs)
            with self.repository.lock:
                content = getattr(self, f"_{request.verb}")(arguments, request, faults)
            echoed: Iterable[tuple[str, str]] = arguments.items()
        except OaiFailure as failure:
            bare = failure.code in ("badVerb", "badArgument")
            echoed = [] if bare else request.arguments.items()
            content = _write.error(failure.code, failure.message)
        return _write.envelope(date, self.base_url, echoed, content).encode()

    def _Identify(self, _: Any, __: Request, faults: list[Fault]) -> str:  # noqa: N802
        fields = {
            "repositoryName": self.name,
            "baseURL": self.base_url,
            "protocolVersion": "2.0",
            "adminEmail": "oai@museum.example",
            "earliestDatestamp": self._shown(self.fixed_earliest or self.repository.earliest()),
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
        start = 0
        if "resumptionToken" in arguments:
            start = self._token("ListSets", arguments["resumptionToken"], request, faults).cursor
        token = None
        page = start // self.page_size + 1
        if start + self.page_size < len(names):
            following = Token("ListSets", Question(""), 0, start + self.page_size, page + 1, self.clock())
            token = self._dressed(following.text(), faults)
        elif start:
            token = ""
        return _write.sets(names[start : start + self.page_size], token, len(names), start)

    def _GetRecord(self, arguments: dict[str, str], _: Request, __: Any) -> str:  # noqa: N802
        item = self._item(arguments["identifier"])
        prefix = arguments["metadataPrefix"]
        if prefix not in item.metadata:
            raise OaiFailure("cannotDisseminateFormat", f"this item has no record in {prefix!r}")
        shown = replace(item, datestamp=self._shown(item.datestamp))
        return f"<GetRecord>{_write.record(shown, prefix)}</GetRecord>"

    def _ListIdentifiers(self, arguments: dict[str, str], request: Request, faults: list[Fault]) -> str:  # noqa: N802
        return self._list("ListIdentifiers", arguments, request, faults)

    def _ListRecords(self, arguments: dict[str, str], request: Request, faults: list[Fault]) -> str:  # noqa: N802
        return self._list("ListRecords", arguments, request, faults)

    def _list(self, verb: str, arguments: dict[str, str], request: Request, faults: list[Fault]) -> str:
        after, cursor, number = None, 0, 1
        if "resumptionToken" in arguments:
            token = self._token(verb, arguments["resumptionToken"], request, faults)
            question, after, cursor, number = token.question, token.after, token.cursor, token.page
        else:
            question = self._question(arguments)
        asked = question
        for fault in faults:
            question = fault.on_question(request, question)
        keys = next(
            (
                keys
                for fault in faults
                if (keys := fault.on_select(self, request, question, cursor)) is not None
            ),
            None,
        )
        if keys is None:
            keys = self.repository.select(question, after, self.page_size + 1)
        shown, more = keys[: self.page_size], len(keys) > self.page_size
        if not shown and number == 1:
            raise OaiFailure("noRecordsMatch", "no record matches these arguments")
        items = [self.repository.item(key) for key in shown]
        listed = ListPage(
            verb=verb,
            prefix=question.prefix,
            items=[replace(item, datestamp=self._shown(item.datestamp)) for item in items],
            token="" if number > 1 else None,
            size=self.repository.count(asked) if self.sizes else None,
            cursor=cursor,
        )
        if more:
            following = Token(verb, question, shown[-1], cursor + len(shown), number + 1, self.clock())
            listed.token = self._dressed(following.text(), faults)
        for fault in faults:
            listed = fault.on_list(self, request, listed)
        return _write.page(listed)

    def _token(self, verb: str, text: str, request: Request, faults: list[Fault]) -> Token:
        token = Token.read(self._plain(text, faults))
        for fault in faults:
            fault.on_token(request, self.clock() - token.issued)
        if token.verb != verb:
            raise OaiFailure("badResumptionToken", f"this resumptionToken belongs to {token.verb}")
        return token

    @staticmethod
    def _plain(text: str, faults: Iterable[Fault]) -> str:
        for fault in reversed(list(faults)):
            text = fault.undress(text)
        return text

    @staticmethod
    def _dressed(text: str, faults: Iterable[Fault]) -> str:
        for fault in faults:
            text = fault.dress(text)
        return text

    def _question(self, arguments: dict[str, str]) -> Question:
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

    def _item(self, identifier: str) -> Any:
        item = self.repository.find(identifier)
        if item is None:
            raise OaiFailure("idDoesNotExist", f"no item {identifier!r}")
        return item

    def _prefixes(self) -> list[str]:
        base = self.repository.base
        sample = base[:1] if not isinstance(base, list) else base
        found = {prefix: None for item in (*sample, *self.repository.changed) for prefix in item.metadata}
        return list(found) or ["oai_dc"]

    def _shown(self, datestamp: str) -> str:
        return datestamp[:10] if self.days else datestamp


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
