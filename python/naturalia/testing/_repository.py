"""What a provider holds at this moment: items in the order of their last change."""

from __future__ import annotations

import threading
from array import array
from bisect import bisect_left, insort
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from naturalia.testing._items import Generated, Item, moment, second

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Question", "Repository"]

# A key orders items by datestamp, then by arrival: seconds since the year 1, times WIDTH, plus a number.
WIDTH = 1 << 26
YEAR_1 = 62_135_596_800


@dataclass(frozen=True, slots=True)
class Question:
    """What a list request asks for; seconds since 1970, both ends included."""

    prefix: str
    since: int | None = None
    until: int | None = None
    set: str | None = None


class Repository:
    """Items by key. A change gives an item a new key at the end, as its datestamp is newer."""

    def __init__(self, items: Sequence[Item]) -> None:
        self.lock = threading.RLock()
        self.base = items
        self.changed: list[Item] = []
        self.keys = array("q")
        self.places: dict[str, int] = {}
        self.counts: dict[Question, int] = {}
        # The formats that every item has: for those, a page is a slice and needs no look at the items.
        self.everywhere = set(items[0].metadata) if items else set()
        if isinstance(items, Generated):
            self.keys.extend(key_of(items.stamp(number), number) for number in range(len(items)))
        else:
            keys = {key_of(second(item.datestamp), number): item for number, item in enumerate(items)}
            self.keys.extend(sorted(keys))
            self.places = {item.identifier: key for key, item in keys.items()}
            self.everywhere.intersection_update(*(item.metadata for item in items))
            if len(self.places) < len(keys):
                message = "two items have the same identifier: an item is in a provider once"
                raise ValueError(message)

    def __len__(self) -> int:
        return len(self.keys)

    def item(self, key: int) -> Item:
        """The item of a key."""
        number = key % WIDTH
        return self.base[number] if number < len(self.base) else self.changed[number - len(self.base)]

    def items(self) -> Iterator[Item]:
        """All items, those changed last at the end."""
        return map(self.item, list(self.keys))

    def find(self, identifier: str) -> Item | None:
        """The item of this identifier."""
        with self.lock:
            key = self._key(identifier)
            return None if key is None else self.item(key)

    def select(self, question: Question, after: int | None, limit: int) -> list[int]:
        """At most `limit` keys that answer the question and come after this one."""
        first, end = self._range(question)
        if after is not None:
            first = max(first, bisect_left(self.keys, after + 1))
        if question.set is None and question.prefix in self.everywhere:
            return list(self.keys[first : min(first + limit, max(first, end))])
        found: list[int] = []
        for place in range(first, end):
            if len(found) == limit:
                break
            if self._answers(self.keys[place], question):
                found.append(self.keys[place])
        return found

    def count(self, question: Question) -> int:
        """How many items answer the question."""
        if question.set is None and question.prefix in self.everywhere:
            first, end = self._range(question)
            return max(end - first, 0)
        if question not in self.counts:
            self.counts[question] = len(self.select(question, None, len(self.keys)))
        return self.counts[question]

    def offset(self, question: Question, offset: int, limit: int, *, newest_first: bool) -> list[int]:
        """A slice of the answers as they are at this moment, the way many real providers page."""
        keys = self.select(question, None, len(self.keys))
        return (keys[::-1] if newest_first else keys)[offset : offset + limit]

    def put(self, item: Item) -> None:
        """Adds an item, or takes the place of the one of its identifier."""
        with self.lock:
            self.drop(item.identifier)
            key = key_of(second(item.datestamp), len(self.base) + len(self.changed))
            self.changed.append(item)
            self.everywhere = self.everywhere & set(item.metadata) if self.keys else set(item.metadata)
            insort(self.keys, key)
            self.places[item.identifier] = key

    def drop(self, identifier: str) -> None:
        """Takes an item out, without a trace."""
        with self.lock:
            key = self._key(identifier)
            if key is not None:
                del self.keys[bisect_left(self.keys, key)]
                self.places[identifier] = -1
            self.counts.clear()

    def delete(self, identifier: str, now: float) -> None:
        """Marks an item as deleted at this moment."""
        item = self.find(identifier)
        if item is None:
            message = f"no item {identifier!r} to delete"
            raise KeyError(message)
        empty = dict.fromkeys(item.metadata, "")
        self.put(replace(item, deleted=True, datestamp=moment(now), metadata=empty, about=()))

    def earliest(self) -> str:
        """The datestamp of the item that was not changed for longest."""
        with self.lock:
            return self.item(self.keys[0]).datestamp if self.keys else "2000-01-01T00:00:00Z"

    def _key(self, identifier: str) -> int | None:
        key = self.places.get(identifier)
        if key is None and isinstance(self.base, Generated):
            number = self.base.place(identifier)
            return None if number is None else key_of(self.base.stamp(number), number)
        return None if key == -1 else key

    def _range(self, question: Question) -> tuple[int, int]:
        first = 0 if question.since is None else bisect_left(self.keys, key_of(question.since, 0))
        if question.until is None:
            return first, len(self.keys)
        return first, bisect_left(self.keys, key_of(question.until + 1, 0))

    def _answers(self, key: int, question: Question) -> bool:
        if question.prefix not in self.everywhere and question.prefix not in self.item(key).metadata:
            return False
        if question.set is None:
            return True
        number = key % WIDTH
        if isinstance(self.base, Generated) and number < len(self.base):
            specs = self.base.specs(number)
        else:
            specs = self.item(key).sets
        return any(spec == question.set or spec.startswith(f"{question.set}:") for spec in specs)


def key_of(seconds: int, number: int) -> int:
    """The key of an item: its datestamp in seconds since 1970, and its number."""
    return (seconds + YEAR_1) * WIDTH + number
