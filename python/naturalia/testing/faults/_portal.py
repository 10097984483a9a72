"""Faults of a portal of CKAN: cursors, totals, names of actions, refusals."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from naturalia.testing._exchange import Reply
from naturalia.testing.faults._fault import Fault

if TYPE_CHECKING:
    from naturalia.testing._exchange import Request
    from naturalia.testing._loopback import Loopback

__all__ = [
    "ActionError",
    "ChangedTotal",
    "NullCursor",
    "RepeatedCursor",
    "RepeatedRecords",
    "ShortPage",
    "UnknownActions",
]

JSON = {"Content-Type": "application/json;charset=utf-8"}


@dataclass(frozen=True)
class ListFault(Fault):
    """The base of faults of a list."""

    verbs: ClassVar[tuple[str, ...]] = ("datastore_search", "vds_basic_query", "vds_multi_query")


@dataclass(frozen=True)
class NullCursor(ListFault):
    """`after` is null although records follow: a client that trusts it stops early."""

    def on_result(self, server: Any, request: Request, result: Any) -> Any:
        return result | {"after": None}


@dataclass(frozen=True)
class RepeatedCursor(ListFault):
    """`after` is the cursor that was sent: the list goes in a circle."""

    def on_result(self, server: Any, request: Request, result: Any) -> Any:
        sent = json.loads(request.body or b"{}").get("after") or request.arguments.get("after")
        sent = json.loads(sent) if isinstance(sent, str) else sent
        return result | {"after": sent or result["after"]}


@dataclass(frozen=True)
class ChangedTotal(ListFault):
    """`total` is off by so many: records came or went while the list was read."""

    by: int = 1

    def on_result(self, server: Any, request: Request, result: Any) -> Any:
        return result | {"total": max(result["total"] + self.by, 0)}


@dataclass(frozen=True)
class RepeatedRecords(ListFault):
    """A page starts with its last records, so many of them twice."""

    count: int = 3

    def on_result(self, server: Any, request: Request, result: Any) -> Any:
        return result | {"records": result["records"][-self.count :] + result["records"]}


@dataclass(frozen=True)
class ShortPage(ListFault):
    """A page lacks its last records, while the cursor stands behind them."""

    lost: int = 1

    def on_result(self, server: Any, request: Request, result: Any) -> Any:
        kept = max(len(result["records"]) - self.lost, 0)
        return result | {"records": result["records"][:kept]}


@dataclass(frozen=True)
class UnknownActions(Fault):
    """Actions whose names start so are not known: status 400 and a bare text, as from an older portal."""

    prefix: str = "vds_"

    def on_request(self, server: Loopback, request: Request) -> Reply | None:
        if not request.verb.startswith(self.prefix):
            return None
        text = json.dumps(f"Bad request: Action name not known: {request.verb}")
        return Reply(400, dict(JSON), text.encode())


@dataclass(frozen=True)
class ActionError(Fault):
    """An action is refused, in CKAN's envelope.

    Args:
        kind: `__type`, such as "Validation Error", "Search Connection Error".
        message: what it says.
        status: the HTTP status.
    """

    kind: str = "Search Error"
    message: str = "Search Error"
    status: int = 409

    def on_request(self, server: Loopback, request: Request) -> Reply | None:
        if not request.verb:
            return None
        error = {"__type": self.kind, "message": self.message}
        where = f"{server.host}/api/3/action/help_show?name={request.verb}"
        body = json.dumps({"help": where, "error": error, "success": False})
        return Reply(self.status, dict(JSON), body.encode())
