"""What tests of JSON documents share: reading them so that nothing is equal by accident."""

import json
from typing import Any


def exact(text: str | bytes) -> Any:
    """A JSON value in which numbers keep their text, and objects all their members, in any order."""

    def members(pairs: list[tuple[str, Any]]) -> tuple[str, list[tuple[str, str]]]:
        return "object", sorted((key, repr(value)) for key, value in pairs)

    def number(text: str) -> tuple[str, str]:
        return "number", text

    return json.loads(text, parse_float=number, parse_int=number, object_pairs_hook=members)


def lines(table: Any) -> list[bytes]:
    """The records of a table as the documents they were read from."""
    return table._core.json("lines").splitlines()
