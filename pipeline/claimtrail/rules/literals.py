"""What characters a text must hold for a rule pattern to match: a cheap test that saves compiling and trying it.

The technique is that of code search by required substrings (Cox, 'Regular Expression Matching with a Trigram Index',
2012). The reading of a pattern is conservative: what it does not understand, it takes for something that any text has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

_MOST_EXACT = 16  # strings that a part of a pattern may be spelled out to
_MOST_OF_CLASS = 6
_START = 5  # characters by which literals are looked up
_FIND = 5  # how many characters of a text can be cut out in the time that it takes to search for one string
_MACRO = re.compile(r"<([a-z][a-z0-9_]*)>")
_SYMBOL = re.compile(r"\{\^?[A-Za-z_|]+\}")

# Planes 15 and 16 are private use: no text assigns them a meaning, and a text that holds one gets U+FFFD instead.
FIRST, WIDTH = 0xF0000, 0x800
KINDS = ("P", "p", "O", "o", "T", "D", "G")
LAST = FIRST + len(KINDS) * WIDTH - 1
CLASSES = {
    "P": "Pp",  # any person, named or pronoun
    "PN": "P",
    "PR": "p",
    "O": "Oo",  # any organisation, named or 'the company'
    "ON": "O",
    "OR": "o",
    "S": "PpOo",
    "T": "T",
    "D": "D",
    "G": "G",
}
"""The kinds of symbols that stand for phrases, by the names that patterns have for them."""
SLOTS = {"person": "P", "org": "O", "role_from": "T", "role_to": "T", "when": "D", "source": "S"}
"""Which kind of phrase fills each argument of a mention; ``source`` is who says it, a person or an organisation."""

_FIRST_SYMBOL = chr(FIRST)
_MARKS = tuple(f"\0{kind}" for kind in "abcdefg")  # one for each kind, of letters that folding leaves as they are
_REPEAT = re.compile(r"\{(\d*)(?:,\d*)?\}")
_RUN = re.compile(r"[^\\.^$|()\[\]{}<?*+]+")
_GROUP = re.compile(r"\?(?:P<\w+>|<=|<!|[:=!]|([a-zA-Z]*)(?:-([a-zA-Z]+))?:)")

Literals = frozenset[str]


def key(text: str) -> str:
    """Return a text as ``needed`` spells literals: characters that a pattern may take for each other are one.

    The kinds of the symbols in the text follow, each by a mark.
    """
    if text.isascii():
        return text.lower()
    # a pattern that ignores case takes both letters for one with 'i'; replacing them is quicker than translating
    folded = text.replace("\u0130", "i").replace("\u0131", "i").casefold()
    if max(folded) < _FIRST_SYMBOL:
        return folded
    kinds = {(ord(char) - FIRST) // WIDTH for char in set(folded) if FIRST <= ord(char) <= LAST}
    return folded + "".join([_MARKS[kind] for kind in kinds]) if kinds else folded


def plain_key(text: str) -> str:
    """Return the key of a text whose phrases are still to become symbols, of whatever kind."""
    return key(text) + "".join(_MARKS)


class Part(NamedTuple):
    """What a part of a pattern matches: exactly one of ``exact`` if that is known, and always one of ``need``."""

    exact: Literals | None
    need: Literals | None


_EMPTY = frozenset({""})
_NOTHING = Part(_EMPTY, None)
_ANYTHING = Part(None, None)


def needed(pattern: str, macros: Mapping[str, str], known: dict[str, Part] | None = None) -> Literals | None:
    """Return strings of which the key of every text that a rule pattern matches holds one; None if nothing is known.

    ``known`` keeps what was found of macros, for the next pattern with the same ones.
    """
    part, end = _Reader(pattern, macros, {} if known is None else known).alternatives(0)
    return part.need if end == len(pattern) else None


def numbers_in(mask: int) -> Iterator[int]:
    """Yield the numbers of the bits that are set, the lowest first."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


class Index:
    """Tells which of many patterns a text may match, by the literals that each needs."""

    def __init__(self, needs: Sequence[Literals | None]) -> None:
        """Index the needs of patterns; None is that of a pattern of which nothing is known."""
        masks: dict[str, int] = {}
        self._always = 0
        for number, need in enumerate(needs):
            if need is None:
                self._always |= 1 << number
            for literal in need or ():
                masks[literal] = masks.get(literal, 0) | 1 << number
        self._starts: dict[int, dict[str, list[tuple[str, int]]]] = {}
        for literal, mask in masks.items():
            start = literal[:_START]
            self._starts.setdefault(len(start), {}).setdefault(start, []).append((literal, mask))

    def within(self, spelled: str) -> Found:
        """Return what of the index is in a text, given by its key, for questions about the text's parts."""
        literals = []
        for length, starts in self._starts.items():
            if len(starts) * _FIND < len(spelled):
                there = {start for start in starts if start in spelled}
            else:
                there = starts.keys() & {spelled[at : at + length] for at in range(len(spelled) - length + 1)}
            for start in there:
                literals += [(literal, mask) for literal, mask in starts[start] if literal in spelled]
        return Found(self._always, literals)


class Found(NamedTuple):
    """What of an index is in a text: patterns of which nothing is known, literals, and the patterns of each."""

    always: int
    literals: list[tuple[str, int]]

    def may_match(self, spelled: str) -> int:
        """Return the patterns that a part of the text, given by its key, may match: bit ``n`` for pattern ``n``."""
        found = self.always
        for literal, mask in self.literals:
            if literal in spelled:
                found |= mask
        return found


class _Reader:
    def __init__(self, pattern: str, macros: Mapping[str, str], known: dict[str, Part]) -> None:
        self.pattern = pattern
        self.macros = macros
        self.known = known

    def alternatives(self, at: int) -> tuple[Part, int]:
        """Read up to the bracket that closes, or the end."""
        parts = []
        while True:
            part, at = self._row(at)
            parts.append(part)
            if at >= len(self.pattern) or self.pattern[at] != "|":
                return _any_of(parts), at
            at += 1

    def _row(self, at: int) -> tuple[Part, int]:
        exact: Literals = _EMPTY  # what the row matches since it last could not be spelled out
        whole = True
        need: Literals | None = None
        while at < len(self.pattern) and self.pattern[at] not in "|)":
            part, at = self._item(at)
            need = _better(need, part.need)
            if part.exact is None:
                need, exact, whole = _better(need, exact), _EMPTY, False
            elif len(exact) * len(part.exact) > _MOST_EXACT:
                need, exact, whole = _better(need, exact), part.exact, False
            elif part.exact is not _EMPTY:
                exact = frozenset(a + b for a in exact for b in part.exact)
        return Part(exact if whole else None, _better(need, exact)), at

    def _item(self, at: int) -> tuple[Part, int]:
        part, at = self._atom(at)
        least, end = self._repeat(at)
        if end == at:
            return part, at
        if end < len(self.pattern) and self.pattern[end] in "?+":
            end += 1
        if least == 0:
            optional = self.pattern[at] == "?" and part.exact is not None and len(part.exact) < _MOST_EXACT
            return (Part(part.exact | _EMPTY, None) if optional and part.exact is not None else _ANYTHING), end
        return Part(None, _better(part.need, part.exact)), end

    def _repeat(self, at: int) -> tuple[int, int]:
        """Return how often at least what stands before ``at`` comes, and where the sign for that ends."""
        if at >= len(self.pattern):
            return 1, at
        if self.pattern[at] in "?*+":
            return int(self.pattern[at] == "+"), at + 1
        match = _REPEAT.match(self.pattern, at)
        return (int(match[1] or 0), match.end()) if match else (1, at)

    def _atom(self, at: int) -> tuple[Part, int]:
        pattern, char = self.pattern, self.pattern[at]
        if char == "(":
            return self._group(at)
        if char == "[":
            return self._class(at)
        if char == "\\":
            return self._escape(at)
        if char in "^$":
            return _NOTHING, at + 1
        macro = _MACRO.match(pattern, at) if char == "<" else None
        if macro is not None:
            return self._macro(macro[1]), macro.end()
        symbol = _SYMBOL.match(pattern, at) if char == "{" else None
        if symbol is not None:
            return Part(None, _marks_of(symbol.group())), symbol.end()
        if char == ".":
            return _ANYTHING, at + 1
        run = _RUN.match(pattern, at)
        if run is None:
            return _spelled(char), at + 1
        end = run.end()
        if end - at > 1 and pattern[end : end + 1] in ("?", "*", "+", "{"):  # belongs to the last character only
            end -= 1
        return _spelled(pattern[at:end]), end

    def _escape(self, at: int) -> tuple[Part, int]:
        char = self.pattern[at + 1 : at + 2]
        if char in "bBAZ":
            return _NOTHING, at + 2
        if char.isalnum():  # a class, or a code that this need not understand
            return _ANYTHING, len(self.pattern) + 1 if char in "xuUN0123456789" else at + 2
        return _spelled(char), at + 2

    def _macro(self, name: str) -> Part:
        if name not in self.known:
            self.known[name] = _ANYTHING  # in case it refers to itself
            source = self.macros.get(name)
            if source is not None:
                part, end = _Reader(source, self.macros, self.known).alternatives(0)
                self.known[name] = part if end == len(source) else _ANYTHING
        return self.known[name]

    def _group(self, at: int) -> tuple[Part, int]:
        start = at + 1
        sign = ""
        if self.pattern.startswith("?", start):
            match = _GROUP.match(self.pattern, start)
            if match is None or set(match[1] or "") - {"i"} or match[2]:
                return _ANYTHING, len(self.pattern) + 1  # not understood: nothing is known of the whole pattern
            sign, start = match.group(), match.end()
        part, end = self.alternatives(start)
        if end >= len(self.pattern):
            return _ANYTHING, len(self.pattern) + 1
        if sign in ("?!", "?<!"):
            return _NOTHING, end + 1
        if sign in ("?=", "?<="):
            return Part(_EMPTY, part.need), end + 1
        return part, end + 1

    def _class(self, at: int) -> tuple[Part, int]:
        place = at + 1
        negated = self.pattern.startswith("^", place)
        place += negated
        first, simple = place, not negated
        while place < len(self.pattern) and (self.pattern[place] != "]" or place == first):
            simple &= self.pattern[place] not in "\\-[{<"
            place += 2 if self.pattern[place] == "\\" else 1
        if place >= len(self.pattern):
            return _ANYTHING, len(self.pattern) + 1
        inside = self.pattern[first:place]
        if not simple or len(inside) > _MOST_OF_CLASS:
            return _ANYTHING, place + 1
        return Part(frozenset(map(key, inside)), frozenset(map(key, inside))), place + 1


def _spelled(text: str) -> Part:
    exact = frozenset({key(text)})
    return Part(exact, exact)


def _marks_of(symbol: str) -> Literals | None:
    """Return the marks of the kinds of a symbol of a pattern (``{P}``, ``{person}``), one of which a text must have."""
    name = symbol[1:-1]
    kinds = CLASSES.get(SLOTS.get(name, name))
    return frozenset(_MARKS[KINDS.index(kind)] for kind in kinds) if kinds else None


def _any_of(parts: list[Part]) -> Part:
    if len(parts) == 1:
        return parts[0]
    exact: set[str] | None = set()
    need: set[str] | None = set()
    for part in parts:
        if exact is not None:
            exact = None if part.exact is None or len(exact) > _MOST_EXACT else exact | part.exact
        if need is not None:
            need = None if part.need is None else need | part.need
    spelled = frozenset(exact) if exact is not None and len(exact) <= _MOST_EXACT else None
    return Part(spelled, _better(frozenset(need) if need is not None else None, spelled))


def _better(one: Literals | None, other: Literals | None) -> Literals | None:
    """Return of two sets, one of whose strings must be there, the one that fewer texts will meet."""
    if other is None or "" in other:
        return one
    if one is None or one is other:
        return other
    return one if _commonness(one) <= _commonness(other) else other


def _commonness(literals: Literals) -> float:
    # in UTF-8 an ideograph is as long as three letters, and says about as much
    return sum([0.1 ** len(literal.encode()) for literal in literals])
