"""How the NBA says no. Shapes read from its code; there is no recorded reply."""

from __future__ import annotations

__all__ = ["Refusal", "bad_request", "condition", "invalid", "not_found", "operator", "unknown_field"]

API = "nl.naturalis.nba.api"
REST = "nl.naturalis.nba.rest.exception"


class Refusal(Exception):
    """An answer that is an error.

    Args:
        status: of HTTP.
        message: what it says.
        kind: the Java class of the exception; "" for a plain text.
    """

    def __init__(self, status: int, message: str, kind: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.kind = kind


def bad_request(message: str) -> Refusal:
    """400: a parameter that is none, or comes twice."""
    return Refusal(400, f"400 (BAD REQUEST)\n{message}", f"{REST}.HTTP400Exception")


def invalid(message: str) -> Refusal:
    """500, though the question is at fault: what the index would not take."""
    return Refusal(500, message, f"{API}.InvalidQueryException")


def condition(message: str) -> Refusal:
    """500: a value that does not fit its operator."""
    return Refusal(500, message, f"{API}.InvalidConditionException")


def unknown_field(path: str) -> Refusal:
    """500: a field that the document type does not have."""
    return Refusal(500, f"No such field: {path!r}".replace("'", '"'), f"{API}.NoSuchFieldException")


def operator(name: str, path: str) -> Refusal:
    """500: an operator that the index of the field cannot answer."""
    return Refusal(500, f"Operator {name} not allowed for field {path}", f"{API}.IllegalOperatorException")


def not_found(message: str) -> Refusal:
    """404, as text."""
    return Refusal(404, f"404 (NOT FOUND)\n{message}")
