"""The option that chooses a dialect."""

from __future__ import annotations

import click

from naturalia import _core

__all__ = ["dialect_option"]

NAMES = ", ".join(name for _, name, *_ in _core.DIALECTS)

dialect_option = click.option(
    "--dialect",
    metavar="NAME",
    help=f"The dialect of the records: {NAMES}; plain for none. By default each record is read with that "
    "which it is recognised as.",
)
