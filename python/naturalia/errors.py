"""What can go wrong, as classes.

Every error says three things: what happened, where (a source with line, column and byte, where there is
one), and what to do next (`hint`). The pieces are attributes, `str(error)` puts them together, and all
errors pickle, so they travel from worker processes unharmed.

    >>> import naturalia as nat
    >>> try:
    ...     nat.read(b"<html><body>Please log in</body></html>")
    ... except nat.errors.NotOaiPmh as error:
    ...     print(error.source)
    <bytes>
"""

from __future__ import annotations

from naturalia._core import escaped

__all__ = [
    "BadArgument",
    "BadResumptionToken",
    "BadVerb",
    "CannotDisseminateFormat",
    "CheckFailed",
    "CrosswalkError",
    "HarvestError",
    "HarvestIncomplete",
    "HarvestLocked",
    "IdDoesNotExist",
    "LimitExceeded",
    "MediaError",
    "MissingExtra",
    "NaturaliaError",
    "NaturaliaWarning",
    "NbaError",
    "NetworkError",
    "NhmError",
    "NoMetadataFormats",
    "NoRecordsMatch",
    "NoSetHierarchy",
    "NotOaiPmh",
    "OaiError",
    "ParseError",
    "ProtocolError",
    "RateLimited",
    "StateMismatch",
    "TLSError",
    "TokenCycle",
    "Truncated",
    "UnknownOaiError",
]


class NaturaliaWarning(UserWarning):
    """Something was odd and has been dealt with; the report of the table tells how often and where."""

    def __str__(self) -> str:
        return escaped(super().__str__())


class NaturaliaError(Exception):
    """The root of the tree.

    Attributes:
        message: what happened; control characters in it are escaped, as in all that is shown.
        source: the file or URL it happened in, or None.
        hint: what to do next, or "".
    """

    # The hint of errors that come without one.
    advice = ""

    def __init__(self, message: str = "", *, source: str | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = escaped(message)
        self.source = source
        self.hint = escaped(hint or self.advice)

    @property
    def where(self) -> str:
        """The place in the form editors understand, `file:line:column`, as far as it is known."""
        return self.source or ""

    def __str__(self) -> str:
        lines = [self.message]
        if self.where:
            lines.append(f"  in {self.where}")
        if self.hint:
            lines.append(f"  {self.hint}")
        return escaped("\n".join(lines))


class NetworkError(NaturaliaError, OSError):
    """The service could not be reached or did not answer properly."""


class RateLimited(NetworkError):
    """The service asks to wait longer than we may; `retry_at` is the moment it named."""

    def __init__(
        self,
        message: str = "",
        *,
        retry_at: object = None,
        source: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message, source=source, hint=hint)
        self.retry_at = retry_at


class TLSError(NetworkError):
    """The certificate of the service could not be verified."""

    advice = "if the network inspects traffic, SSL_CERT_FILE names a file with its certificate"


class ProtocolError(NaturaliaError):
    """The answer is readable but is not the answer to the question."""


class OaiError(ProtocolError):
    """An OAI-PMH reply with `error` elements; one class per code of the standard.

    Attributes:
        code: the code of the first error, which also chose the class.
        errors: every (code, message) of the reply, in its order.
        request: the attributes of the reply's `request` element, and its text as "url".
    """

    def __init__(
        self,
        message: str = "",
        *,
        code: str = "",
        errors: list[tuple[str, str]] | None = None,
        request: dict[str, str] | None = None,
        source: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message, source=source, hint=hint)
        self.code = code
        self.errors = errors or []
        self.request = request or {}


class BadArgument(OaiError):
    """`badArgument`: an argument is missing, repeated, unknown or of the wrong form."""

    advice = "compare the arguments of the request with what the service offers"


class BadResumptionToken(OaiError):
    """`badResumptionToken`: the token is wrong or has expired; the list has to start again."""

    advice = "start the list again: a token is good for a short time, and once"


class BadVerb(OaiError):
    """`badVerb`: the verb is missing, repeated or not one of the six."""

    advice = (
        "the six verbs are Identify, ListMetadataFormats, ListSets, ListIdentifiers, ListRecords, GetRecord"
    )


class CannotDisseminateFormat(OaiError):
    """`cannotDisseminateFormat`: the service does not offer this metadata format."""

    advice = "ask the service with verb=ListMetadataFormats which formats it has"


class IdDoesNotExist(OaiError):
    """`idDoesNotExist`: no item has this identifier."""

    advice = "look the identifier up with verb=ListIdentifiers; it is case-sensitive"


class NoMetadataFormats(OaiError):
    """`noMetadataFormats`: the item exists in no metadata format."""

    advice = "the service may have deleted the item: ask for its record"


class NoRecordsMatch(OaiError):
    """`noRecordsMatch`: nothing matches. Reading gives an empty table for it, not this error."""


class NoSetHierarchy(OaiError):
    """`noSetHierarchy`: the service has no sets."""

    advice = "ask without a set"


class UnknownOaiError(OaiError):
    """An error code outside the standard; `code` has it as sent."""

    advice = "the message is all there is to go by; ask the people who run the service"


class NotOaiPmh(ProtocolError):
    """Not an OAI-PMH reply: a web page, a login form, an empty body."""

    advice = "open it in a text editor: it often says why, and a browser may show the reply that was meant"


class TokenCycle(ProtocolError):
    """The service gave the same page for the same token again: the list would never end."""


class Refusal(ProtocolError):
    """A service that answers in JSON refused the question, in its own words.

    Attributes:
        status: the HTTP status, or None where the answer was empty of what was asked.
        code: what the service calls it, "Validation Error" or "NoSuchFieldException", or "".
    """

    @property
    def status(self) -> int | None:
        """The HTTP status."""
        digits = self._stated[0]
        return int(digits) if digits else None

    @property
    def code(self) -> str:
        """What the service calls it."""
        return self._stated[1]

    @property
    def _stated(self) -> tuple[str, str]:
        # As the core puts it: "the data portal refuses (409, Validation Error): …".
        start, _, rest = self.message.partition(" refuses (")
        said, closed, _ = rest.partition("): ")
        digits, _, code = said.partition(", ")
        known = bool(start and closed) and len(digits) == len("404") and digits.isdecimal()
        return (digits, code) if known else ("", "")


class NbaError(Refusal):
    """The Netherlands Biodiversity API refused the question."""


class NhmError(Refusal):
    """The data portal of the Natural History Museum refused the question."""


class ParseError(NaturaliaError, ValueError):
    """A document that can't be read as it is.

    Attributes:
        line: line of the fault, from 1, or None.
        column: column of the fault, from 1, or None.
        offset: byte of the fault, from 0, or None.
        record: identifier of the record it is in, or None.
    """

    def __init__(
        self,
        message: str = "",
        *,
        line: int | None = None,
        column: int | None = None,
        offset: int | None = None,
        record: str | None = None,
        source: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message, source=source, hint=hint)
        self.line = line
        self.column = column
        self.offset = offset
        self.record = record

    @property
    def where(self) -> str:
        """`file:line:column (byte offset)`, as far as it is known."""
        place = ":".join(str(part) for part in (self.source, self.line, self.column) if part is not None)
        return place if self.offset is None else f"{place} (byte {self.offset})"


class Truncated(ParseError):
    """The document stops before its root element closed. `records` were complete up to there."""

    def __init__(
        self,
        message: str = "",
        *,
        records: int = 0,
        line: int | None = None,
        column: int | None = None,
        offset: int | None = None,
        record: str | None = None,
        source: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(
            message, line=line, column=column, offset=offset, record=record, source=source, hint=hint
        )
        self.records = records


class LimitExceeded(ParseError):
    """A size, depth or count beyond what a sane document has."""


class HarvestError(NaturaliaError):
    """A harvest that can't go on."""


class HarvestIncomplete(HarvestError):
    """The list ended before it was complete: `got` of `expected` records are there."""

    def __init__(
        self,
        message: str = "",
        *,
        got: int = 0,
        expected: int | None = None,
        source: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message, source=source, hint=hint)
        self.got = got
        self.expected = expected


class HarvestLocked(HarvestError):
    """Another process is writing to this harvest file."""


class StateMismatch(HarvestError):
    """The harvest file answers another question than the one asked."""


class CrosswalkError(NaturaliaError):
    """A rule set that contradicts itself, or a rule that failed."""


class MediaError(NaturaliaError):
    """A media file that is not what its metadata promises."""


class CheckFailed(NaturaliaError):
    """A gate that was asked for did not let everything pass."""


class MissingExtra(NaturaliaError, ImportError):
    """An optional library is not installed; `hint` has the command."""
