"""The documents of one type: held, found, sorted, counted."""

from __future__ import annotations

import json
import threading
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from naturalia.testing._nba._fields import fields
from naturalia.testing._nba._operators import read, walk
from naturalia.testing._nba._refusal import unknown_field

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from naturalia.testing._nba._spec import Spec

__all__ = ["Store", "text_of"]

KEPT = 256


class Held(dict[str, Any]):
    """A document that keeps what was found in it: a question may look at a field many times."""

    __slots__ = ("found",)

    def __init__(self, document: dict[str, Any]) -> None:
        super().__init__(document)
        self.found: dict[tuple[str, ...], list[Any]] = {}


class Store:
    """The documents of one type by id; a later one of the same id takes the place of the earlier."""

    def __init__(self, kind: str, documents: Iterable[dict[str, Any]] = ()) -> None:
        self.kind = kind
        self.lock = threading.RLock()
        self._documents: dict[str, Held] = {}
        self._texts: dict[str, str] = {}
        self._found: dict[str, list[str]] = {}
        self.put(*documents)

    def __len__(self) -> int:
        return len(self._documents)

    def put(self, *documents: dict[str, Any]) -> None:
        """Adds documents or changes them."""
        with self.lock:
            for one in documents:
                document = Held(one if "id" in one else {**one, "id": id_of(one)})
                self._documents[document["id"]] = document
                self._texts.pop(document["id"], None)
            self._found.clear()

    def delete(self, *ids: str) -> None:
        """Takes documents out.

        Raises:
            KeyError: there is none of this id.
        """
        with self.lock:
            for one in ids:
                del self._documents[one]
                self._texts.pop(one, None)
            self._found.clear()

    def get(self, one: str) -> dict[str, Any] | None:
        """The document of an id."""
        return self._documents.get(one)

    def all(self) -> list[dict[str, Any]]:
        """All documents, in the order they came."""
        with self.lock:
            return list(self._documents.values())

    def find(self, spec: Spec) -> list[dict[str, Any]]:
        """The hits of a question, by id."""
        with self.lock:
            ids = self._found.get(spec.key)
            if ids is None:
                ids = sorted(one for one, document in self._documents.items() if spec.test(document))
                if len(self._found) >= KEPT:
                    self._found.clear()
                self._found[spec.key] = ids
            return [self._documents[one] for one in ids]

    def text(self, document: dict[str, Any]) -> str:
        """A document as JSON; what is stored is written once."""
        one = document["id"]
        if self._documents.get(one) is not document:
            return text_of(document)
        text = self._texts.get(one)
        if text is None:
            text = self._texts[one] = text_of(document)
        return text

    def sort(self, documents: list[dict[str, Any]], sort: list[tuple[str, bool]]) -> list[dict[str, Any]]:
        """Documents in the order asked for: by the least of several values, descending by the greatest.

        Documents without a value come last.
        """
        ordered = documents
        for path, descending in reversed(sort):
            if path == "_score" or (path == "id" and not descending and len(sort) == 1):
                continue
            key, known = self._key(path, greatest=descending), fields(self.kind)
            if path not in known:
                raise unknown_field(path)
            there = [document for document in ordered if key(document) is not None]
            missing = [document for document in ordered if key(document) is None]
            ordered = sorted(there, key=key, reverse=descending) + missing
        return ordered

    def _key(self, path: str, *, greatest: bool) -> Callable[[dict[str, Any]], Any]:
        field, steps, choose = fields(self.kind)[path], tuple(path.split(".")), max if greatest else min
        return lambda document: choose((read(field, one) for one in walk(document, steps)), default=None)

    def distinct(self, documents: list[dict[str, Any]], path: str) -> Counter[str]:
        """In how many documents each value of a field stands.

        Raises:
            Refusal: there is no such field.
        """
        if path not in fields(self.kind):
            raise unknown_field(path)
        steps = tuple(path.split("."))
        counts: Counter[str] = Counter()
        for document in documents:
            counts.update({word(one) for one in walk(document, steps)})
        return counts

    def grouped(self, documents: list[dict[str, Any]], path: str) -> dict[str, list[dict[str, Any]]]:
        """The documents under each value of a field; one with several values stands under each."""
        if path not in fields(self.kind):
            raise unknown_field(path)
        steps = tuple(path.split("."))
        groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for document in documents:
            for one in {word(one) for one in walk(document, steps)}:
                groups[one].append(document)
        return groups


def id_of(document: dict[str, Any]) -> str:
    """The id by the rule of the NBA, for documents that were written without one."""
    code = document.get("sourceSystem", {}).get("code")
    return f"{document['sourceSystemId']}@{code}" if code else str(document["sourceSystemId"])


def word(value: Any) -> str:
    """A value as the key of an aggregation."""
    return value if isinstance(value, str) else json.dumps(value)


def text_of(document: dict[str, Any]) -> str:
    """A document as the NBA writes it: without spaces, characters as they are, no nulls."""
    if any(value is None for value in document.values()):
        document = without_nulls(document)
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def without_nulls(value: Any) -> Any:
    """The same without its nulls."""
    if isinstance(value, dict):
        return {name: without_nulls(one) for name, one in value.items() if one is not None}
    return [without_nulls(one) for one in value] if isinstance(value, list) else value


def chosen(document: dict[str, Any], paths: list[str]) -> dict[str, Any]:
    """The parts of a document that were asked for."""
    steps = [tuple(path.split(".")) for path in paths]
    found: dict[str, Any] = cut(document, steps)
    return found


def cut(value: Any, paths: list[tuple[str, ...]]) -> Any:
    """A value reduced to these paths."""
    if () in paths:
        return value
    if isinstance(value, list):
        return [cut(one, paths) for one in value]
    if not isinstance(value, dict):
        return None
    kept = {
        name: cut(one, [path[1:] for path in paths if path[:1] == (name,)])
        for name, one in value.items()
        if any(path[:1] == (name,) for path in paths)
    }
    return {name: one for name, one in kept.items() if one is not None}
