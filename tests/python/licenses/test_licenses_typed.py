"""Attributes of a `License` have types that a type checker knows: mypy checks this file."""

from typing import assert_type

import naturalia as nat


def test_attributes_have_the_types_they_are_declared_with() -> None:
    found = nat.license("CC BY-SA 3.0 NL")
    assert_type(found.raw, str)
    assert_type(found.id, str | None)
    assert_type(found.status, str)
    assert_type(found.unread, list[str])
    assert_type(found.warnings, list[str])
    assert_type(found.scope, str | None)
    assert_type(found.span, tuple[int, int] | None)
    assert_type(found.permissions, dict[str, str])
    assert_type(found.parts, list[nat.License])
    assert isinstance(found.raw, str)
    assert isinstance(found.unread, list)
    assert isinstance(found.permissions, dict)
