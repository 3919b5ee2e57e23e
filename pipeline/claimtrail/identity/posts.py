"""Which changes of post may be one: the posts given up and taken up, as keys that compare across languages."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from claimtrail.evidence import Post, Stated
from claimtrail.normalise.posts import post_name

# How well two sides agree: not at all, as far as can be told, surely.
_DIFFERENT, _UNTOLD, _SAME = 0, 1, 2

# What stands between the posts of a list that is written without blanks.
_LISTED = re.compile(r"[、/]|以及|[及兼暨]")


class Key(NamedTuple):
    """A post: its English name, or the title as written where no table knows it; the language it was written in."""

    name: str
    lang: str
    known: bool


@dataclass(frozen=True, slots=True)
class Posts:
    """The posts left and taken by a move."""

    left: frozenset[Key] = frozenset()
    taken: frozenset[Key] = frozenset()

    def with_those_of(self, told: Stated) -> Posts:
        """Return these posts and those of a mention of the same move."""
        left, taken = _keys(told.role_from, told.lang), _keys(told.role_to, told.lang)
        return Posts(self.left | left, self.taken | taken) if left or taken else self

    @property
    def filled(self) -> int:
        """How many of the two sides are named."""
        return bool(self.left) + bool(self.taken)

    def shared(self, other: Posts) -> int:
        """Return how well the posts agree, 0 to 4."""
        return _alike(self.left, other.left) + _alike(self.taken, other.taken)

    def agree(self, other: Posts) -> bool:
        """Return whether two moves may be one: no side differs, and one side agrees or one move names no post."""
        for mine, theirs in ((self.left, other.left), (self.taken, other.taken)):
            if mine and theirs and _alike(mine, theirs) == _DIFFERENT:
                return False
        return self.shared(other) > 0 or not self.filled or not other.filled


def _alike(one: frozenset[Key], other: frozenset[Key]) -> int:
    """How well the posts of one side of two moves agree.

    They are the same with a name in common, or if one is the other without its field ('director', 'director of
    sales'). A title that no table knows cannot be told from one in another language: it does not part two moves.
    """
    if any(_same(a, b) for a in one for b in other):
        return _SAME
    if not one or not other or {k.lang for k in one} & {k.lang for k in other}:
        return _DIFFERENT
    return _DIFFERENT if any(k.known for k in one) and any(k.known for k in other) else _UNTOLD


def _same(one: Key, other: Key) -> bool:
    if one.known != other.known or (not one.known and one.lang != other.lang):
        return False
    a, b = one.name, other.name
    return a == b or a.startswith(f"{b} of ") or b.startswith(f"{a} of ")


@lru_cache(maxsize=20_000)
def _keys(post: Post | None, lang: str) -> frozenset[Key]:
    """The keys of a post, one for each of 'president and chief executive officer', also where not all are known."""
    if post is None:
        return frozenset()
    name = unicodedata.normalize("NFKC", post.name or post.text).casefold().strip()
    if not post.name:
        listed = [part.strip() for part in _LISTED.split(name)]
        named = [(part, post_name(part, lang) if len(listed) > 1 else "") for part in listed if part]
        return frozenset(Key(known or part, lang, bool(known)) for part, known in named)
    return frozenset(Key(p.strip(), lang, True) for p in re.split(r"\band\b|[/&,+]", name) if p.strip())
