"""How licences look in a notebook."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from naturalia._output.html import FAINT, cut, license_chip, lines

if TYPE_CHECKING:
    from naturalia import _core

__all__ = ["of_license"]


def of_license(license: _core.License) -> str:
    """The chip of a licence, and what it permits."""
    label = license_chip(license)
    linked = f'<a href="{escape(license.uri)}">{label}</a>' if license.uri else label
    grants = license.permissions
    permits = " · ".join(
        f"{name}: {grants[name]}" for name in ("redistribution", "derivatives", "commercial")
    )
    return lines(
        f"{linked} {escape(license.status)}",
        escape(permits),
        f'<span style="{FAINT}">from: {cut(license.raw, 200)}</span>' if license.raw else "",
        escape(" · ".join(license.warnings)),
        escape("perhaps " + ", ".join(license.suggestions)) if license.suggestions else "",
    )
