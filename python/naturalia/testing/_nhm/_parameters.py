"""The parameters of an action: from the query of a GET or the JSON of a POST, and what is wrong with them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from naturalia.testing._exchange import Request

__all__ = ["BadRequest", "Parameters", "PortalError"]


class PortalError(Exception):
    """What the portal answers in place of a result.

    Args:
        kind: `__type`, such as "Validation Error".
        status: the HTTP status.
        told: the other members of `error`; a text stands for `{"message": text}`.
    """

    def __init__(self, kind: str, status: int, told: str | dict[str, list[str]]) -> None:
        super().__init__(kind, status, told)
        self.kind, self.status = kind, status
        self.told: dict[str, Any] = {"message": told} if isinstance(told, str) else told


class BadRequest(Exception):
    """What is answered with status 400 and a bare text of JSON."""


def invalid(told: str | dict[str, list[str]]) -> PortalError:
    """A validation error."""
    return PortalError("Validation Error", 409, told)


class Parameters:
    """The parameters of one request, as far as they can be read."""

    def __init__(self, request: Request) -> None:
        self.given: dict[str, Any] = dict(request.pairs)
        if request.method != "POST" or not request.body:
            return
        # CKAN reads JSON whatever the Content-Type says.
        try:
            sent = json.loads(request.body)
        except ValueError:
            sent = None
        if not isinstance(sent, dict):
            shown = "{}" if sent is None else json.dumps(sent)
            message = (
                "JSON Error: Error decoding JSON data. Error: <BadRequest '400: Bad Request'> "
                f"JSON data extracted from the request: {shown}"
            )
            raise BadRequest(message)
        if "json" not in request.headers.get("content-type", ""):
            self.given.clear()
        self.given |= sent

    def question(self, kind: str) -> str:
        """What is asked by a kind of query, whatever the page: the same text for the same question."""
        page = {"after", "facets", "facet_limits", "fields", "limit", "offset", "size"}
        asked = {name: value for name, value in self.given.items() if name not in page}
        return f"{kind} {json.dumps(asked, sort_keys=True)}"

    def has(self, name: str) -> bool:
        """Whether it is given, and is not nothing."""
        return self.given.get(name) is not None and not (
            isinstance(self.given[name], str) and not self.given[name]
        )

    def text(self, name: str, *, needed: bool = False) -> str | None:
        """A text."""
        if not self.has(name):
            if needed:
                raise invalid({name: ["Missing value"]})
            return None
        value = self.given[name]
        if isinstance(value, (dict, list)):
            raise invalid({name: ["Must be a Unicode string value"]})
        return str(value)

    def needed(self, name: str) -> str:
        """A text that has to be there."""
        return self.text(name, needed=True) or ""

    def number(self, name: str, default: int | None = None) -> int | None:
        """A whole number."""
        if not self.has(name):
            return default
        try:
            return int(self.given[name])
        except (TypeError, ValueError):
            raise invalid({name: ["Invalid integer"]}) from None

    def json(self, name: str, kind: type[Any] | tuple[type[Any], ...]) -> Any:
        """A value of JSON, sent as such or as its text."""
        if not self.has(name):
            return None
        value = self.given[name]
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except ValueError:
                raise invalid({name: ["Cannot parse JSON"]}) from None
        if not isinstance(value, kind):
            raise invalid({name: ["Cannot parse JSON"]})
        return value

    def names(self, name: str) -> list[str]:
        """A list of texts, or a text with commas."""
        value = self.given.get(name)
        if isinstance(value, str) and value.lstrip().startswith("["):
            value = self.json(name, list)
        if isinstance(value, str):
            value = value.split(",")
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
            raise invalid({name: ["Not a list of strings"]})
        return [part.strip() for part in value if part.strip()]

    def flag(self, name: str, *, default: bool) -> bool:
        """True or false."""
        value = self.given.get(name)
        if value is None:
            return default
        return (
            value if isinstance(value, bool) else str(value).lower() in ("true", "yes", "t", "y", "1", "on")
        )
