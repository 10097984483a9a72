"""Faults of what a provider says: its errors, its Identify, its idea of dates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from naturalia.testing._exchange import OaiFailure
from naturalia.testing.faults._fault import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from naturalia.testing._exchange import Reply, Request
    from naturalia.testing._server import Server

__all__ = ["DaysOnly", "Error", "ErrorStatus", "Identify"]


@dataclass(frozen=True)
class Error(Fault):
    """An error of OAI-PMH, whatever was asked.

    Args:
        code: one of the eight of the standard, or any other.
        message: what it says.
        others: further errors in the same reply, as (code, message).
        status: the HTTP status; the standard has 200, real providers 400, 404, 422 or 500.
    """

    code: str = "badArgument"
    message: str = "something is wrong [badArgument]"
    others: tuple[tuple[str, str], ...] = ()
    status: int = 200

    def on_request(self, server: Server, request: Request) -> Reply | None:
        raise OaiFailure(self.code, self.message, others=self.others, status=self.status)


@dataclass(frozen=True)
class ErrorStatus(Fault):
    """Every error of OAI-PMH comes with this HTTP status; the standard has 200."""

    code: int = 404

    def on_reply(self, server: Server, request: Request, reply: Reply) -> None:
        if b"<error code=" in reply.body:
            reply.status = self.code


@dataclass(frozen=True)
class Identify(Fault):
    """Identify says something else than is true: fields by name, None for those left out.

    Such as `{"baseURL": "http://site.example/"}`, `{"granularity": "YYYY-MM-DD"}` over datestamps of seconds,
    `{"earliestDatestamp": "1826-01-01"}`, `{"deletedRecord": "perhaps"}`.
    """

    fields: Mapping[str, str | None]

    verbs: ClassVar[tuple[str, ...]] = ("Identify",)

    def on_identify(self, fields: dict[str, str | None]) -> dict[str, str | None]:
        return {**fields, **self.fields}


@dataclass(frozen=True)
class DaysOnly(Fault):
    """`from` and `until` are taken in days only, whatever Identify says."""

    def on_request(self, server: Server, request: Request) -> Reply | None:
        for name in ("from", "until"):
            if "T" in request.arguments.get(name, ""):
                raise OaiFailure("badArgument", f"{name}: give a day, YYYY-MM-DD")
        return None
