"""How the program ends: exceptions as exit codes, and as what a person reads on standard error."""

from __future__ import annotations

import os
import sys
from io import StringIO

import click

from naturalia import errors
from naturalia._cli.output import echo

__all__ = ["FINE", "GATE", "OUR_BUG", "PARTIAL", "PROTOCOL", "exit_code", "quiet_pipe"]

FINE, OUR_BUG, USAGE, NETWORK, PROTOCOL, PARTIAL, GATE, NOTHING_NEW, INTERRUPTED = 0, 1, 2, 3, 4, 5, 6, 7, 130

# The first row that fits counts.
CODES: tuple[tuple[type[BaseException], int], ...] = (
    (BrokenPipeError, FINE),  # `| head` has seen enough
    (KeyboardInterrupt, INTERRUPTED),
    (click.Abort, INTERRUPTED),
    (click.ClickException, USAGE),
    (errors.HarvestIncomplete, PARTIAL),
    (errors.CheckFailed, GATE),
    (errors.NetworkError, NETWORK),
    (errors.ProtocolError, PROTOCOL),
    (errors.ParseError, PROTOCOL),
    (errors.MediaError, PARTIAL),
    (errors.NaturaliaError, USAGE),
    (OSError, USAGE),
    (ValueError, USAGE),
    (TypeError, OUR_BUG),
)


def exit_code(error: BaseException) -> int:
    """Says what happened, where and what to do next, and gives the exit code for it."""
    code = next((code for kind, code in CODES if isinstance(error, kind)), OUR_BUG)
    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else OUR_BUG
    if isinstance(error, click.ClickException):
        usage = StringIO()
        error.show(usage)
        echo(usage.getvalue().rstrip("\n"), err=True)
    elif code == INTERRUPTED:
        echo("interrupted", err=True)
    elif code == OUR_BUG:
        report_bug(error)
    elif code != FINE:
        echo(f"naturalia: {said(error)}", err=True)
    return code


def said(error: BaseException) -> str:
    """What, where and what to do next."""
    ours = isinstance(error, errors.NaturaliaError)
    if isinstance(error, OSError) and error.strerror and not ours:
        return error.strerror if error.filename is None else f"{error.strerror}\n  in {error.filename}"
    return str(error)


def report_bug(error: BaseException) -> None:
    """The whole story, for the one who has to mend it."""
    import traceback

    echo("".join(traceback.format_exception(error)).rstrip("\n"), err=True)
    echo(
        "naturalia: this is a bug of ours, not yours\n"
        "  Please report it with the lines above and, if you may, the file it happened with.",
        err=True,
    )


def quiet_pipe() -> None:
    """Keeps Python from complaining, while it shuts down, about a reader that has gone."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
