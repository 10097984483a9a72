"""The command line: `naturalia VERB …`. Standard output is data, standard error is talk."""

from __future__ import annotations

import os
import sys
import warnings
from typing import NoReturn

import click

from naturalia import __version__, errors
from naturalia._cli.cat import cat
from naturalia._cli.check import check
from naturalia._cli.cite import cite, report
from naturalia._cli.completion import completion
from naturalia._cli.convert import convert
from naturalia._cli.crosswalk import crosswalk
from naturalia._cli.demo import demo
from naturalia._cli.doctor import doctor
from naturalia._cli.exits import exit_code, quiet_pipe
from naturalia._cli.fetch import fetch
from naturalia._cli.harvest import harvest, update
from naturalia._cli.info import info
from naturalia._cli.license import license
from naturalia._cli.update_from import diff, update_from
from naturalia._cli.validate import validate

__all__ = ["main"]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="%(prog)s %(version)s")
def cli() -> None:
    """Reads and harvests the metadata of museum and archive media into tables.

    \b
    Examples:
      naturalia demo
      naturalia info page.xml
      naturalia cat pages/*.xml | head

    \b
    Exit codes: 0 fine, 1 our bug, 2 usage, 3 network, 4 protocol or
    parse, 5 partial, 6 a gate failed, 7 nothing new, 130 interrupted.
    """


for verb in (
    demo,
    info,
    cat,
    harvest,
    update,
    fetch,
    convert,
    diff,
    update_from,
    crosswalk,
    validate,
    license,
    check,
    cite,
    report,
    doctor,
    completion,
):
    cli.add_command(verb)


def main() -> NoReturn:
    """The entry point: one place where an exception becomes an exit code."""
    if "_NATURALIA_COMPLETE" in os.environ:  # the shell asks for completions
        cli.main(prog_name="naturalia")
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    # What they say is said once, after the data.
    warnings.simplefilter("ignore", errors.NaturaliaWarning)
    try:
        with cli.make_context("naturalia", sys.argv[1:]) as context:
            cli.invoke(context)
        sys.stdout.flush()
        code = 0
    except click.exceptions.Exit as done:
        code = done.exit_code
    except BaseException as error:  # noqa: BLE001 - every way out of the program ends here
        code = exit_code(error)
    quiet_pipe()
    sys.exit(code)
