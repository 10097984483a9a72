"""Lines for a terminal: its width, its colours, text in so many cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from naturalia._output.escaping import escaped

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["console", "fit"]


def fit(text: str, width: int) -> str:
    """The text in exactly `width` cells; of identifiers and addresses the end is what tells them apart."""
    from rich.cells import cell_len, set_cell_size

    text = escaped(text)
    if cell_len(text) <= width:
        return set_cell_size(text, width)
    if text.startswith(ENDINGS) and " " not in text:
        while cell_len(text) > width - 1:
            text = text[1:]
        return set_cell_size("…" + text, width)
    return set_cell_size(set_cell_size(text, width - 1).rstrip() + "…", width)


ENDINGS = ("oai:", "http://", "https://", "urn:", "hdl:", "doi:")


def console(*, stderr: bool = False) -> Console:
    """A terminal as rich sees it: its width, and whether it has colours."""
    from rich.console import Console

    class Screen(Console):
        """Rich leaves with an exit code of its own when the reader has gone; ours knows that this is fine.

        Rich passes control characters of a text on to the terminal; ours escapes them.
        """

        def print(self, *objects: Any, **how: Any) -> None:
            """Prints texts escaped."""
            super().print(*(escaped(each) if isinstance(each, str) else each for each in objects), **how)

        def on_broken_pipe(self) -> None:
            """Passes it on."""
            raise BrokenPipeError

    return Screen(stderr=stderr, highlight=False, soft_wrap=True)
