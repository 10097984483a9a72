"""`python -m naturalia.testing`: a provider, or a portal, to try other programs on."""

from __future__ import annotations

import argparse
import ast
import sys
import time
from typing import TYPE_CHECKING, Any

from naturalia.testing import atom, faults, generate, nba, nhm, replay, serve

if TYPE_CHECKING:
    from naturalia.testing import FeedServer, NbaServer, NhmServer, Server


def fault(text: str) -> faults.Fault:
    """The fault written as a call, `Cut(0.3, page=2)`."""
    call = ast.parse(text if "(" in text else f"{text}()", mode="eval").body
    name = call.func if isinstance(call, ast.Call) else None
    if not isinstance(call, ast.Call) or not isinstance(name, ast.Name) or name.id not in faults.__all__:
        known = ", ".join(faults.__all__)
        message = f"{text!r}: write a fault as a call, such as 'Cut(0.3, page=2)'; there are {known}"
        raise argparse.ArgumentTypeError(message)
    keywords = {one.arg: ast.literal_eval(one.value) for one in call.keywords if one.arg}
    made: faults.Fault = getattr(faults, name.id)(*map(ast.literal_eval, call.args), **keywords)
    return made


def service(given: argparse.Namespace, how: dict[str, Any]) -> FeedServer | NbaServer | NhmServer | Server:
    """What is to be served."""
    if given.nba:
        return nba(given.pages or given.records, window=given.window, **how)
    if given.nhm:
        return nhm(given.records, **how)
    if given.atom:
        return atom(given.records, style=given.atom, **how)
    made = generate(given.records, size=given.size)
    source = replay(*given.pages) if given.replay else given.pages or made
    return serve(source, page_size=given.page_size, **how)


def main() -> None:
    """Serves until it is interrupted; the URL is the first line of the standard output."""
    parser = argparse.ArgumentParser(prog="python -m naturalia.testing", description=__doc__)
    parser.add_argument("pages", nargs="*", help="recorded pages, or documents; none: made-up records")
    parser.add_argument("--records", type=int, default=1000, help="how many to make up (%(default)s)")
    parser.add_argument("--size", type=int, default=1, help="repeats the description of each (%(default)s)")
    parser.add_argument("--replay", action="store_true", help="send the pages again byte for byte")
    parser.add_argument("--nba", action="store_true", help="an NBA, with --records multimedia documents")
    parser.add_argument("--window", type=int, default=10_000, help="of the NBA (%(default)s)")
    parser.add_argument("--nhm", action="store_true", help="the NHM Data Portal, with --records specimens")
    styles = ("openimages", "plain")
    parser.add_argument(
        "--atom", nargs="?", const=styles[0], choices=styles, help="an Atom feed, of --records entries"
    )
    parser.add_argument("--page-size", type=int, default=100, help="records a page (%(default)s)")
    parser.add_argument("--latency", type=float, default=0, help="seconds before each reply (%(default)s)")
    parser.add_argument("--port", type=int, default=0, help="any free one by default")
    parser.add_argument(
        "--fault",
        type=fault,
        action="append",
        default=[],
        metavar="'Cut(0.3, page=2)'",
        help="what goes wrong, as a call; repeatable",
    )
    given = parser.parse_args()
    how: dict[str, Any] = {"latency": given.latency, "port": given.port, "faults": given.fault}
    with service(given, how) as server:
        sys.stdout.write(f"{server.url}\n")
        sys.stdout.flush()
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            sys.stderr.write(f"{server!r}\n")


if __name__ == "__main__":
    main()
