"""What characters a text must hold for a rule pattern to match: a cheap test that saves compiling and trying it.

The technique is that of code search by required substrings (Cox, 'Regular Expression Matching with a Trigram Index',
2012). The reading of a pattern is conservative: what it does not understand, it takes for something that any text has.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

_MOST_EXACT = 16  # strings that neighbouring parts of a pattern may be spelled out to
_MOST_DOUBLED = 128  # the same, where a part is one of two strings
_MOST_OF_CLASS = 10
_MOST_ROWS = 64  # ways to match that are told apart
_MOST_CLAUSES = 3  # for each of them
_WORTHLESS = 0.1  # how common a clause is that need not be looked at beside others
_REMEMBERED = 3_000  # words of which an index keeps what they tell, twice as many at most
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
_MARKS = tuple("\x10\x11\x12\x13\x14\x15\x16")  # one for each kind
_KIND_MARKS = frozenset(_MARKS)
_RANGE = re.compile("([0-9])-([0-9])")
_REPEAT = re.compile(r"\{(\d*)(?:,\d*)?\}")
_RUN = re.compile(r"[^\\.^$|()\[\]{}<?*+]+")
_GROUP = re.compile(r"\?(?:P<\w+>|<=|<!|[:=!]|([a-zA-Z]*)(?:-([a-zA-Z]+))?:)")

_EDGE = "\1"  # in a literal: a word begins or ends here
_BLANK = f"{_EDGE} "
# A text falls into these pieces, at each of its word boundaries and elsewhere. Characters of scripts without spaces
# stand alone, and so does iota, which as the key of a combining character is no letter.
_PIECE = re.compile("[^\\W\u03b9\u3005-\u30ff\u3400-\u9fff]+|[\u03b9\u3005-\u30ff\u3400-\u9fff]")

Clause = frozenset[str]
"""Literals of which a text must hold one."""
Branch = tuple[Clause, ...]
"""Clauses that a text must all meet, the one that fewest texts meet first."""
Need = tuple[Branch, ...]
"""Branches of which a text must meet one."""


def key(text: str) -> str:
    """Return a text as ``needed`` spells literals: characters that a pattern may take for each other are one.

    The kinds of the symbols in the text follow, each by a mark.
    """
    if text.isascii():
        return text.lower()
    # a pattern that ignores case takes both letters for one with 'i'; replacing them is quicker than translating
    folded = text.replace("\u0130", "i").replace("\u0131", "i").casefold()
    if folded.isascii() or max(folded) < _FIRST_SYMBOL:
        return folded
    kinds = {(ord(char) - FIRST) // WIDTH for char in set(folded) if FIRST <= ord(char) <= LAST}
    return folded + "".join([_MARKS[kind] for kind in kinds]) if kinds else folded


def plain_key(text: str, kinds: str = "".join(KINDS)) -> str:
    """Return the key of a text whose phrases are still to become symbols, of some of the kinds."""
    return key(text) + "".join([_MARKS[KINDS.index(kind)] for kind in kinds if kind in KINDS])


class Row(NamedTuple):
    """One way to match a part of a pattern.

    What matches begins with one of ``first``, ends with one of ``last`` (it is just that, if ``whole``), and stands
    in a text that meets all clauses of ``need``.
    """

    first: Clause
    last: Clause
    whole: bool = False
    need: Branch = ()


Part = tuple[Row, ...]
"""The ways to match a part of a pattern."""

_EMPTY = frozenset({""})
_AT_EDGE = frozenset({_EDGE})
_ANYTHING: Part = (Row(_EMPTY, _EMPTY),)


def _exactly(strings: Clause, need: Branch = ()) -> Row:
    return Row(strings, strings, True, need)


_NOTHING: Part = (_exactly(_EMPTY),)
_BOUNDARY: Part = (_exactly(_AT_EDGE),)
_NO_LETTER: Part = (Row(_AT_EDGE, _AT_EDGE),)


def needed(pattern: str, macros: Mapping[str, str], known: dict[str, Part] | None = None) -> Need | None:
    """Return what the key of every text meets that a rule pattern matches; None if nothing is known.

    ``known`` keeps what was found of macros, for the next pattern with the same ones.
    """
    part, end = _Reader(pattern, macros, {} if known is None else known).alternatives(0)
    return _needs(part) if end == len(pattern) else None


def bare(need: Need) -> Need:
    """Return a need whose literals are mere strings: where a word begins and ends in them does not count."""
    return tuple(tuple(map(_shortest, branch)) for branch in need)


def _shortest(clause: Clause) -> Clause:
    """Return the literals of a clause as mere strings, without those that begin with another."""
    plain = frozenset(literal.replace(_EDGE, "") for literal in clause)
    return frozenset(text for text in plain if all(text[:end] not in plain for end in range(1, len(text))))


def numbers_in(mask: int) -> Iterator[int]:
    """Yield the numbers of the bits that are set, the lowest first."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


class _Wanted(NamedTuple):
    """A literal, and the bits of the clauses that it meets."""

    literal: str
    clauses: int


_Told = tuple[int, tuple[_Wanted, ...]]
_NOTHING_TOLD: _Told = (0, ())


class _Words(dict[str, _Told]):
    """What each word tells: the clauses that it meets by itself, and the literals that a text with it may hold.

    The words of late are kept, in two generations.
    """

    def __init__(self) -> None:
        super().__init__()
        self._wanted: dict[tuple[bool, bool], dict[str, list[_Wanted]]] = {
            (begins, ends): {} for begins in (True, False) for ends in (True, False)
        }
        self._longest = 0  # of what may stand inside a word
        self._starts: set[str] = set()  # what that begins with, two characters of it
        self._before: dict[str, _Told] = {}

    def want(self, literal: str, piece: re.Match[str], wanted: _Wanted) -> None:
        """Look a literal up by one of its pieces."""
        begins = piece.start() > 0 or literal.startswith(_EDGE)
        ends = piece.end() < len(piece.string) or literal.endswith(_EDGE)
        if not begins and not ends:
            self._longest = max(self._longest, len(piece.group()))
            self._starts.add(piece.group()[:2])
        self._wanted[begins, ends].setdefault(piece.group(), []).append(wanted)

    def __missing__(self, word: str) -> _Told:
        told = self._before.get(word) or self._told(word)
        if len(self) >= _REMEMBERED:
            self._before = dict(self)
            self.clear()
        self[word] = told
        return told

    def _told(self, word: str) -> _Told:
        size = len(word)
        wanted, nothing = self._wanted, ()
        found = [*wanted[True, True].get(word, nothing)]
        for at in range(1, size + 1):
            found += wanted[True, False].get(word[:at], nothing)
            found += wanted[False, True].get(word[-at:], nothing)
        inside = wanted[False, False]
        for start in range(size):
            if word[start : start + 2] not in self._starts and word[start] not in self._starts:
                continue
            for end in range(start + 1, min(size, start + self._longest) + 1):
                found += inside.get(word[start:end], nothing)
        if not found:
            return _NOTHING_TOLD
        sure = 0
        for literal, clauses in found:
            if literal in word:
                sure |= clauses
        return sure, tuple(one for one in dict.fromkeys(found) if one.literal not in word)


class Index:
    """Tells which of many patterns a text may match, by what each needs.

    A literal is looked up by one of its words, and what a word tells is kept: few words of a text are new.
    """

    def __init__(self, needs: Sequence[Need | None]) -> None:
        """Index the needs of patterns; None is that of a pattern of which nothing is known."""
        self.all = (1 << len(needs)) - 1
        self._always = sum(1 << number for number, need in enumerate(needs) if need is None)
        branches = [(number, branch) for number, need in enumerate(needs) for branch in need or ()]
        self._patterns = [1 << number for number, _ in branches]
        self._size = len(branches)
        self._free = 0  # clauses that branches lack, which any text meets
        masks: dict[str, int] = {}
        for number, (_, branch) in enumerate(branches):
            for layer in range(_MOST_CLAUSES):
                bit = 1 << (number + layer * self._size)
                if layer >= len(branch):
                    self._free |= bit
                    continue
                for literal in branch[layer]:
                    masks[literal] = masks.get(literal, 0) | bit
        self._words = _Words()
        self._wordless: list[_Wanted] = []
        pieces = {literal: list(_PIECE.finditer(literal.replace(_EDGE, ""))) for literal in masks}
        counts = Counter(piece.group() for found in pieces.values() for piece in found)
        for literal, found in pieces.items():
            wanted = _Wanted(literal.replace(_EDGE, ""), masks[literal])
            if found:
                rarest = min(found, key=lambda p: (counts[p.group()], -len(p.group()))) if len(found) > 1 else found[0]
                self._words.want(literal, rarest, wanted)
            else:
                self._wordless.append(wanted)

    def may_match(self, spelled: str) -> int:
        """Return the patterns that a text, given by its key, may match: bit ``n`` for pattern ``n``."""
        met, words = self._free, self._words
        for literal, clauses in self._wordless:
            if literal in spelled:
                met |= clauses
        for word in set(_PIECE.findall(spelled)):
            sure, wanted = words[word]
            met |= sure
            for literal, clauses in wanted:
                if literal in spelled:
                    met |= clauses
        whole = met & (1 << self._size) - 1
        for layer in range(1, _MOST_CLAUSES):
            whole &= met >> layer * self._size
        found = self._always
        for number in numbers_in(whole):
            found |= self._patterns[number]
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
        whole = _NOTHING
        while at < len(self.pattern) and self.pattern[at] not in "|)":
            part, at = self._item(at)
            whole = _followed(whole, part)
        return whole, at

    def _item(self, at: int) -> tuple[Part, int]:
        part, at = self._atom(at)
        least, end = self._repeat(at)
        if end == at:
            return part, at
        if end < len(self.pattern) and self.pattern[end] in "?+":
            end += 1
        if least == 0:
            optional = self.pattern[at] == "?" and all(row.whole for row in part)
            return (_any_of([part, _NOTHING]) if optional else _ANYTHING), end
        return tuple(row._replace(whole=False) for row in part), end

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
            return _BOUNDARY, at + 1
        macro = _MACRO.match(pattern, at) if char == "<" else None
        if macro is not None:
            return self._macro(macro[1]), macro.end()
        symbol = _SYMBOL.match(pattern, at) if char == "{" else None
        if symbol is not None:
            return _symbol(symbol.group()), symbol.end()
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
        if char in "bAZ":
            return _BOUNDARY, at + 2
        if char == "B":
            return _NOTHING, at + 2
        if char in "sW":
            return _NO_LETTER, at + 2
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
            if match is None or set((match[1] or "") + (match[2] or "")) - {"i"}:
                return _ANYTHING, len(self.pattern) + 1  # not understood: nothing is known of the whole pattern
            sign, start = match.group(), match.end()
        part, end = self.alternatives(start)
        if end >= len(self.pattern):
            return _ANYTHING, len(self.pattern) + 1
        if sign in ("?!", "?<!"):
            return _NOTHING, end + 1
        if sign in ("?=", "?<="):
            return tuple(_exactly(_EMPTY, branch) for branch in _needs(part) or ((),)), end + 1
        return part, end + 1

    def _class(self, at: int) -> tuple[Part, int]:
        place = at + 1
        negated = self.pattern.startswith("^", place)
        place += negated
        first, simple = place, not negated
        while place < len(self.pattern) and (self.pattern[place] != "]" or place == first):
            simple &= self.pattern[place] not in "\\[{<"
            place += 2 if self.pattern[place] == "\\" else 1
        if place >= len(self.pattern):
            return _ANYTHING, len(self.pattern) + 1
        inside = _RANGE.sub(_listed, self.pattern[first:place])
        simple &= "-" not in inside[1:-1]
        if not simple or len(inside) > _MOST_OF_CLASS:
            return _ANYTHING, place + 1
        return (_exactly(frozenset(map(key, inside))),), place + 1


def _listed(digits: re.Match[str]) -> str:
    """Return the digits that stand for a range of them."""
    return "".join(map(str, range(int(digits[1]), int(digits[2]) + 1)))


def _spelled(text: str) -> Part:
    return (_exactly(frozenset({key(text)})),)


def _symbol(symbol: str) -> Part:
    """Return how a symbol of a pattern matches (``{P}``, ``{person}``): the text has a mark of one of its kinds."""
    name = symbol[1:-1]
    kinds = CLASSES.get(SLOTS.get(name, name))
    if kinds is None:
        return _ANYTHING
    return (Row(_AT_EDGE, _AT_EDGE, need=(frozenset(_MARKS[KINDS.index(kind)] for kind in kinds),)),)


def _any_of(parts: Sequence[Part]) -> Part:
    if len(parts) == 1:
        return parts[0]
    spelled: dict[Branch, set[str]] = {}  # rows that can be spelled out are one, if they need the same beside that
    others: dict[Row, None] = {}
    for part in parts:
        for row in part:
            if row.whole:
                spelled.setdefault(row.need, set()).update(row.first)
            else:
                others[row] = None
    rows = (*(_exactly(frozenset(strings), need) for need, strings in spelled.items()), *others)
    return rows if len(rows) <= _MOST_ROWS else _as_one(rows)


def _followed(one: Part, other: Part) -> Part:
    if one is _NOTHING:
        return other
    if len(one) * len(other) > _MOST_ROWS:
        one, other = (_as_one(one), other) if len(one) > len(other) else (one, _as_one(other))
    return tuple(_joined(a, b) for a in one for b in other)


def _joined(one: Row, other: Row) -> Row:
    need = one.need + other.need
    fewer, more = sorted((len(one.last), len(other.first)))
    if fewer > 1 and fewer * more > (_MOST_EXACT if fewer > 2 else _MOST_DOUBLED):
        return Row(
            one.first,
            other.last,
            need=(*need, *_clauses(() if one.whole else (one.last,)), *_clauses(() if other.whole else (other.first,))),
        )
    both = frozenset(a + b for a in one.last for b in other.first)
    if one.whole and other.whole:
        return _exactly(both, need)
    if one.whole:
        return Row(both, other.last, need=need)
    if other.whole:
        return Row(one.first, both, need=need)
    return Row(one.first, other.last, need=(*need, *_clauses((both,))))


def _as_one(part: Part) -> Part:
    """Return one way to match that stands for all those of a part."""
    need = _needs(part)
    if need is None:
        return _ANYTHING
    return (Row(_EMPTY, _EMPTY, need=(frozenset().union(*(branch[0] for branch in need)),)),)


def _needs(part: Part) -> Need | None:
    """Return what a text needs to match a part; None if there is a way that needs nothing."""
    branches: dict[Branch, None] = {}
    alone: set[str] = set()
    for row in part:
        ends = (row.first,) if row.whole else (row.first, row.last)
        clauses = sorted({*row.need, *_clauses(ends)}, key=_commonness)[:_MOST_CLAUSES]
        if not clauses:
            return None
        clauses = [c for c in clauses if c <= _KIND_MARKS or _commonness(c)[0] < _WORTHLESS] or clauses[:1]
        if len(clauses) == 1:
            alone |= clauses[0]
        else:
            branches[tuple(clauses)] = None
    return (*(((frozenset(alone),),) if alone else ()), *branches)


def _clauses(found: Iterable[Clause]) -> Iterator[Clause]:
    """Yield those of some sets of strings of which a text cannot but hold one by holding something."""
    return (frozenset(map(_tidy, strings)) for strings in found if all(string.strip(_BLANK) for string in strings))


def _tidy(literal: str) -> str:
    """Return a literal without the spaces around it: words begin and end there."""
    core = literal.strip(_BLANK)
    begins = _EDGE if not literal.startswith(core) else ""
    return f"{begins}{core}{_EDGE if not literal.endswith(core) else ''}"


def _commonness(literals: Clause) -> tuple[float, list[str]]:
    # in UTF-8 an ideograph is as long as three letters, and says about as much
    return sum([0.1 ** len(literal.encode()) for literal in literals]), sorted(literals)
