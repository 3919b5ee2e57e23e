"""Words of Chinese and Japanese text with what a dictionary knows of each, found without any trained model."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from claimtrail import data

_SUDACHI_CHARACTERS = 10_000  # Sudachi refuses more than 49,149 bytes of UTF-8, four at most for a character
_LONGEST_WORD = 8
_LATIN = r"[A-Za-z0-9\u00c0-\u024f\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]"
_RUN = re.compile(
    rf"(?P<latin>{_LATIN}+(?:[.&'’]{_LATIN}+)*)|(?P<han>[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇]+)"
    r"|(?P<kana>[\u3041-\u30ff]+)|(?P<space>\s+)|(?P<other>.)",
    re.DOTALL,
)
_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


@dataclass(frozen=True, slots=True)
class Piece:
    """A token: its place in the text, the form that models see (as long as the text's), and a dictionary's tag."""

    start: int
    end: int
    form: str
    tag: str


Tokenise = Callable[[str], list[Piece]]


@dataclass(frozen=True, slots=True)
class WordList:
    """A dictionary for cutting Chinese text: log probability and part of speech by simplified word."""

    weights: dict[str, float]
    tags: dict[str, str]
    unknown: float


@cache
def chinese_words() -> WordList:
    """Read the dictionary that jieba brings along; jieba itself, with its log and its cache file, stays unused."""
    counts: dict[str, int] = {}
    tags: dict[str, str] = {}
    for line in (resources.files("jieba") / "dict.txt").read_text("utf-8").splitlines():
        word, count, tag = line.split(" ")
        if len(word) <= _LONGEST_WORD:
            counts[word] = int(count)
            tags[word] = tag
    total = math.log(sum(counts.values()))
    weights = {word: math.log(count or 1) - total for word, count in counts.items()}
    return WordList(weights, tags, unknown=-total)


@cache
def simplifying() -> dict[int, int]:
    """Return the table that turns traditional characters into simplified and full-width ones into half-width."""
    table = dict(_WIDTH)
    for line in data.find("zh", "characters.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            traditional, simple = line.split("\t")
            table[ord(traditional)] = ord(simple)
    return table


def chinese(text: str) -> list[Piece]:
    """Cut Chinese text into dictionary words; runs of Latin letters and digits stay whole.

    Forms are simplified and half-width, so that traditional text is cut and tagged as simplified text is. Names that
    are in no dictionary fall into single characters.
    """
    words = chinese_words()
    table = simplifying()
    pieces = []
    for match in _RUN.finditer(text):
        form = match.group().translate(table)
        start = match.start()
        if match.lastgroup == "han":
            for first, last in _most_likely_words(form, words):
                word = form[first:last]
                pieces.append(Piece(start + first, start + last, word, words.tags.get(word, "x")))
        elif match.lastgroup != "space":
            tag = {"latin": "eng", "kana": "kana"}.get(str(match.lastgroup), "w")
            if form[0].isdigit() and not any(c.isalpha() for c in form):
                tag = "m"
            pieces.append(Piece(start, match.end(), form, tag))
    return pieces


def _most_likely_words(run: str, words: WordList) -> list[tuple[int, int]]:
    length = len(run)
    best = [0.0] * (length + 1)
    ends = [0] * length
    for start in range(length - 1, -1, -1):
        # A single character is always a way on, so every position is reached.
        score = words.weights.get(run[start], words.unknown) + best[start + 1]
        end = start + 1
        for stop in range(start + 2, min(length, start + _LONGEST_WORD) + 1):
            weight = words.weights.get(run[start:stop])
            if weight is not None and weight + best[stop] > score:
                score = weight + best[stop]
                end = stop
        best[start] = score
        ends[start] = end
    spans = []
    start = 0
    while start < length:
        spans.append((start, ends[start]))
        start = ends[start]
    return spans


@cache
def _sudachi() -> Any:
    # imported here: the dictionary takes a moment to open and only Japanese text needs it
    from sudachipy import Dictionary, SplitMode  # type: ignore[import-untyped]  # noqa: PLC0415

    return Dictionary(dict="core").tokenizer(mode=SplitMode.A)


def japanese(text: str) -> list[Piece]:
    """Cut Japanese text into Sudachi's shortest words, tagged with four levels of its parts of speech."""
    sudachi = _sudachi()
    pieces = []
    for first in range(0, len(text), _SUDACHI_CHARACTERS):
        part = text[first : first + _SUDACHI_CHARACTERS]
        for morpheme in sudachi.tokenize(part):
            start, end = morpheme.begin(), morpheme.end()
            surface = part[start:end]
            if surface and not surface.isspace():
                tag = "-".join(level for level in morpheme.part_of_speech()[:4] if level != "*")
                pieces.append(Piece(first + start, first + end, surface.translate(_WIDTH), tag))
    return pieces
