"""What the program writes: exact data to files and pipes, escaped text to terminals."""

from __future__ import annotations

import sys
from codecs import getincrementaldecoder
from io import RawIOBase
from typing import TYPE_CHECKING, Any

import click

from naturalia._output.escaping import escaped

if TYPE_CHECKING:
    from typing import IO

__all__ = ["echo", "echo_json", "standard_output"]


def echo(text: str = "", *, err: bool = False, json: bool = False) -> None:
    """A line. On a terminal, and on standard error always, control characters are escaped.

    Args:
        text: the line.
        err: write to standard error.
        json: the line is JSON, and is escaped in its notation.
    """
    shown = escaped(text, json=json) if err or sys.stdout.isatty() else text
    click.echo(shown, err=err)


def echo_json(facts: Any, *, err: bool = False) -> None:
    """A line of JSON."""
    from json import dumps

    echo(dumps(facts, ensure_ascii=False, default=str), err=err, json=True)


def standard_output(*, json: bool = False) -> IO[bytes]:
    """Standard output for bytes: exact, but escaped on a terminal."""
    return Escaped(json=json) if sys.stdout.isatty() else sys.stdout.buffer  # type: ignore[return-value]


class Escaped(RawIOBase):
    """UTF-8 for a terminal. Other bytes, such as those of a compressed file, become escapes too."""

    def __init__(self, *, json: bool) -> None:
        self._json = json
        self._decoder = getincrementaldecoder("utf-8")("backslashreplace")

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, data: Any) -> int:
        """Writes all of it; line ends of CSV become those of the terminal."""
        text = self._decoder.decode(bytes(data)).replace("\r\n", "\n")
        sys.stdout.write(escaped(text, json=self._json))
        return len(data)

    def flush(self) -> None:
        """Shows what was written."""
        sys.stdout.flush()
