"""The option for records marked as not public, and the remark on those that were left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from naturalia._cli.output import echo

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from naturalia import Table

__all__ = ["PublicTables", "private_option", "report_left_out"]

private_option = click.option("--include-private", is_flag=True, help="Include records marked as not public.")
"""The option of every verb that outputs records."""


class PublicTables:
    """Tables without the records that are not public, which are counted.

    Args:
        parts: the tables.
        include_private: leave out none.
    """

    def __init__(self, parts: Iterable[Table], *, include_private: bool) -> None:
        self.parts = parts
        self.include_private = include_private
        self.private = 0

    def __iter__(self) -> Iterator[Table]:
        for part in self.parts:
            public, private = (part, 0) if self.include_private else part._public_rows()
            self.private += private
            yield public


def report_left_out(private: int) -> None:
    """Reports on standard error how many records were left out as not public."""
    from naturalia._output.text import left_out

    if private:
        echo(left_out(private, "left out; --include-private includes them"), err=True)
