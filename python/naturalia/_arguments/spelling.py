"""Did you mean: names people know from elsewhere, and how we spell them."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING

from naturalia._core import escaped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import ParamSpec, TypeVar

    P = ParamSpec("P")
    T = TypeVar("T")

__all__ = ["closest", "keywords"]

# Where a name has two meanings, the first that is offered counts.
FOREIGN = {
    "metadata_prefix": "prefix format",
    "metadataprefix": "prefix format",
    "prefix": "format",
    "schema": "prefix",
    "setspec": "set",
    "set_spec": "set",
    "sets": "set",
    "from_date": "since",
    "date_from": "since",
    "start": "since",
    "after": "since",
    "until_date": "until",
    "date_until": "until",
    "end": "until",
    "before": "until",
    "email": "contact",
    "mail": "contact",
    "user_agent": "contact",
    "max_retries": "retries",
    "retry": "retries",
    "delay": "rate",
    "sleep": "rate",
    "ssl": "verify",
    "insecure": "verify",
    "proxies": "proxy",
    "method": "post",
    "http_method": "post",
    "username": "auth",
    "password": "auth",
    "user": "auth",
    "lenient": "strict",
    "recover": "strict",
    "repair": "strict",
    "ignore_errors": "keep_going",
    "skip": "keep_going",
    "on_error": "keep_going",
    "on_bad_lines": "keep_going",
    "jobs": "threads",
    "n_jobs": "threads",
    "n_threads": "threads",
    "workers": "threads",
    "language": "lang",
    "languages": "lang",
    "usecols": "columns",
    "separator": "sep",
    "delimiter": "sep",
    "multiple": "multi",
    "n": "limit",
    "nrows": "limit",
    "from": "since",
    "to": "until",
    "name": "scientific_name",
    "taxon_name": "scientific_name",
    "collection": "collection_type",
    "rights": "license",
    "institution": "source_institution_id",
}


def closest(name: str, offered: Iterable[str], *, likeness: float = 0.6) -> str:
    """`: did you mean 'title'?` for a name that is near one of those offered, else what is offered."""
    from difflib import get_close_matches

    names = list(offered)
    plain = {option.lower().replace("_", ""): option for option in reversed(names)}
    wanted = name.lower().strip("_-")
    near = [name for name in FOREIGN.get(wanted, "").split() if name in names]
    near += [plain[match] for match in get_close_matches(wanted.replace("_", ""), plain, 1, likeness)]
    if near:
        return f": did you mean {near[0]!r}?"
    return escaped(f": it knows {', '.join(names)}") if names else ""


def keywords(function: Callable[P, T]) -> Callable[P, T]:
    """Refuses an unknown keyword with the name that was probably meant."""
    code = function.__code__
    named = code.co_varnames[code.co_posonlyargcount : code.co_argcount + code.co_kwonlyargcount]
    parameters = [name for name in named if name != "self"]

    @wraps(function)
    def checked(*args: P.args, **kwargs: P.kwargs) -> T:
        for name in kwargs:
            if name not in parameters:
                called = function.__qualname__.removesuffix(".__init__").rpartition(".")[2]
                message = f"{called}() has no keyword {name!r}{closest(name, parameters)}"
                raise TypeError(message)
        return function(*args, **kwargs)

    return checked
