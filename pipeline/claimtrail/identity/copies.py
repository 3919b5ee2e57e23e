"""Texts that occur twice, and reprints: found by hash, and by sketches that texts with most of their wording share.

A sketch holds, for each of sixty-four orders of all shingles, the first one that the text has (minwise hashing): two
texts agree in as many places as the share of the shingles that they have in common.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Words (scripts with spaces) or characters of a shingle.
_WORDS = 4
_CHARACTERS = 8
_PLACES = 64
_ROWS = 4
# Share of the wording that makes a near copy, and the least number of shingles that tell anything.
NEAR = 0.7
_LEAST = 20
_PRIME = (1 << 61) - 1
_RUN = re.compile(r"[^\W\d_\u3040-\u9fff]+(?:[\s'’,-]+[^\W\d_\u3040-\u9fff]+)*")
_WORD = re.compile(r"[^\W\d_]+")
_OTHER = re.compile(r"[^\u3040-\u30ff\u3400-\u9fff]+")


@dataclass(frozen=True, slots=True)
class Copy:
    """A text that repeats another: ``whole``, or with the share of the wording that both have."""

    of: str
    share: float = 1.0
    whole: bool = False


def shingles(text: str) -> frozenset[int]:
    """Return hashes of the runs of words, or of characters in scripts without spaces, that tell a text from others."""
    found: set[int] = set()
    for run in _RUN.findall(text.casefold()):
        words = _WORD.findall(run)
        found.update(_hash(" ".join(words[i : i + _WORDS])) for i in range(len(words) - _WORDS + 1))
    plain = _OTHER.sub("", text)
    found.update(_hash(plain[i : i + _CHARACTERS]) for i in range(len(plain) - _CHARACTERS + 1))
    return frozenset(found)


def _hash(words: str) -> int:
    return zlib.crc32(words.encode())


def sketch(text: str) -> str:
    """Return the sketch of a text, ``""`` where it is too short to be told from others."""
    found = shingles(text)
    if len(found) < _LEAST:
        return ""
    return base64.b64encode(_first_in_each_order(found).tobytes()).decode()


def _first_in_each_order(found: Iterable[int]) -> NDArray[np.uint32]:
    # Multiplication by an odd number and a shift mixes 64 bits well enough to order by the upper half.
    values = np.fromiter(found, dtype=np.uint64)
    mixed = values[:, None] * _factors()[None, :]
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    first: NDArray[np.uint32] = (mixed >> np.uint64(32)).min(axis=0).astype(np.uint32)
    return first


def _factors() -> NDArray[np.uint64]:
    return np.arange(1, 2 * _PLACES, 2, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)


def copies(texts: Iterable[tuple[str, str, str, str]]) -> dict[str, Copy]:
    """Return which texts are copies or near copies, by id, of the first text of their like: the oldest, then by id.

    Texts are given by day (``9999`` if not known), id, hash and sketch.
    """
    found: dict[str, Copy] = {}
    first: dict[str, str] = {}
    sketches: dict[str, str] = {}
    for _, doc, sha256, drawn in sorted(texts):
        original = first.setdefault(sha256, doc)
        if original != doc:
            found[doc] = Copy(original, whole=True)
        elif drawn:
            sketches[doc] = drawn
    return found | _near(sketches)


def _near(sketches: Mapping[str, str]) -> dict[str, Copy]:
    """Return the near copies among texts in their order, found by the quarters of sketches that are equal."""
    docs = list(sketches)
    if not docs:
        return {}
    table = np.vstack([np.frombuffer(base64.b64decode(drawn), dtype=np.uint32) for drawn in sketches.values()])
    found: dict[str, Copy] = {}
    for one, other in sorted(_candidates(table)):
        share = round(float((table[one] == table[other]).mean()), 2)
        # The first text of a kind stands for it: a copy of a copy is told as one of the first.
        if share >= NEAR and docs[one] not in found and share > found.get(docs[other], Copy("", 0.0)).share:
            found[docs[other]] = Copy(docs[one], share)
    return found


def _candidates(table: NDArray[np.uint32]) -> set[tuple[int, int]]:
    pairs: set[tuple[int, int]] = set()
    for start in range(0, _PLACES, _ROWS):
        rows = np.ascontiguousarray(table[:, start : start + _ROWS])
        keys = rows.view(np.dtype((np.void, rows.dtype.itemsize * _ROWS))).ravel()
        order = np.argsort(keys, kind="stable")
        equal = keys[order][1:] == keys[order][:-1]
        groups: dict[int, int] = {}
        for place in np.flatnonzero(equal):
            before, here = int(order[place]), int(order[place + 1])
            head = groups.setdefault(before, before)
            groups[here] = head
            # With the first of those alike, and with the one before: a chain is followed by its ends.
            pairs.add((min(head, here), max(head, here)))
            pairs.add((min(before, here), max(before, here)))
    return pairs
