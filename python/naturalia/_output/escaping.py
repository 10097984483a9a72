"""Text for terminals and notebooks: what classes, errors and logs show holds no commands of a terminal.

Data stay exact: values, files and pipes are not changed, only what is meant to be looked at.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from naturalia._core import escaped

if TYPE_CHECKING:
    from collections.abc import Callable
    from logging import Logger, LogRecord
    from typing import TypeVar

    T = TypeVar("T", bound=type)

__all__ = ["displayed", "escaped", "logger"]

METHODS = ("__repr__", "__str__", "_repr_html_", "explain", "line", "lines", "summary")
"""What returns text for people."""


def displayed(kind: T) -> T:
    """A class whose texts for people are escaped, whatever its data hold."""
    for name in METHODS:
        method = vars(kind).get(name)
        if callable(method):
            setattr(kind, name, escaping(method))
    return kind


def escaping(method: Callable[..., Any]) -> Callable[..., Any]:
    """A method whose text, or list of texts, is escaped; other results are as they are."""

    @wraps(method)
    def shown(*args: Any, **kwargs: Any) -> Any:
        result = method(*args, **kwargs)
        if isinstance(result, str):
            return escaped(result)
        if isinstance(result, list):
            return [escaped(line) if isinstance(line, str) else line for line in result]
        return result

    shown.__displayed__ = True  # type: ignore[attr-defined]
    return shown


def logger() -> Logger:
    """The log of this library: silent until the program sets up its logging, and escaped."""
    import logging

    log = logging.getLogger("naturalia")
    if not log.handlers:
        log.addHandler(logging.NullHandler())
    if escape_record not in log.filters:
        log.addFilter(escape_record)
    return log


def escape_record(record: LogRecord) -> bool:
    """Escapes the message of a log record, and lets the record pass."""
    record.msg, record.args = escaped(record.getMessage()), ()
    return True
