"""Which changes of post may be one: the posts given up and taken up, as keys that compare across languages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from claimtrail.document import Argument, Mention
from claimtrail.records import MentionRecord, TextSpan


@dataclass(frozen=True, slots=True)
class Posts:
    """The posts left and taken by a move. Keys that no table names in English begin with ``?``."""

    left: frozenset[str] = frozenset()
    taken: frozenset[str] = frozenset()

    @property
    def filled(self) -> int:
        """How many of the two sides are known."""
        return bool(self.left) + bool(self.taken)

    def shared(self, other: Posts) -> int:
        """Return on how many sides the posts agree."""
        return _alike(self.left, other.left) + _alike(self.taken, other.taken)

    def agree(self, other: Posts) -> bool:
        """Return whether two moves may be one: no side differs, and one side agrees or one move names no post."""
        for mine, theirs in ((self.left, other.left), (self.taken, other.taken)):
            if mine and theirs and not _alike(mine, theirs):
                return False
        return self.shared(other) > 0 or not self.filled or not other.filled


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two sets of post keys may be one post: a key in common, or unnamed keys in different languages."""
    if one & other:
        return True
    unknown = [{k.split(" ", 1)[0] for k in keys} for keys in (one, other) if keys and all(k[0] == "?" for k in keys)]
    # Two posts that no table knows, in two languages, cannot be compared: they do not part two moves.
    return len(unknown) == 2 and not unknown[0] & unknown[1]


def posts_of(mentions: Iterable[tuple[Mention, MentionRecord]]) -> Posts:
    """Return the posts of mentions that are one move."""
    left: set[str] = set()
    taken: set[str] = set()
    for mention, record in mentions:
        left |= _keys(mention.role_from, record.role_from, record.lang)
        taken |= _keys(mention.role_to, record.role_to, record.lang)
    return Posts(frozenset(left), frozenset(taken))


def _keys(argument: Argument | None, span: TextSpan | None, lang: str) -> frozenset[str]:
    """The keys of a post: its English names, one for each of 'president and chief executive officer'."""
    if argument is None or span is None:
        return frozenset()
    text = unicodedata.normalize("NFKC", span.text).casefold().strip()
    if not argument.name or argument.name == span.text:
        return frozenset({f"?{lang} {text}"})
    name = unicodedata.normalize("NFKC", argument.name).casefold()
    return frozenset(p.strip() for p in re.split(r"\band\b|[/&,+]", name) if p.strip())
