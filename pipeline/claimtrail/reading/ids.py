"""Ids that must not occur twice, in little memory: there may be millions in one file."""

from __future__ import annotations

import hashlib
from array import array

_FIRST_SIZE = 1 << 10


class UniqueIds:
    """Gives out ids, each once: 16 bytes are kept of each, and more only of those that are asked for again."""

    def __init__(self) -> None:
        """Begin with none."""
        # A hash table of 64-bit hashes, 0 for an empty place. Two ids of one hash, which is not to be expected, cost
        # the second one a number behind it and nothing else.
        self._table = array("Q", bytes(8 * _FIRST_SIZE))
        self._count = 0
        self._repeated: dict[int, int] = {}

    def take(self, wanted: str) -> str:
        """Return the id, with a number behind it if it has been given out before."""
        mark = _mark(wanted)
        if self._add(mark):
            return wanted
        while True:
            number = self._repeated[mark] = self._repeated.get(mark, 1) + 1
            result = f"{wanted}~{number}"
            if self._add(_mark(result)):
                return result

    def _add(self, mark: int) -> bool:
        """Put in a hash; False if it is there."""
        table, last = self._table, len(self._table) - 1
        place = mark & last
        while table[place]:
            if table[place] == mark:
                return False
            place = (place + 1) & last
        table[place] = mark
        self._count += 1
        if 2 * self._count > len(table):
            self._grow()
        return True

    def _grow(self) -> None:
        old = self._table
        self._table = array("Q", bytes(2 * 8 * len(old)))
        self._count = 0
        for mark in old:
            if mark:
                self._add(mark)


def _mark(wanted: str) -> int:
    return int.from_bytes(hashlib.blake2b(wanted.encode(errors="surrogatepass"), digest_size=8).digest(), "big") or 1
