"""The symbols that stand for phrases in the abstracted text of a sentence, and the macros of the rule patterns.

A sentence is abstracted by writing one private-use character for each phrase (person, organisation, post, date,
place), so that a rule is a plain regular expression over words and phrases. The technique is that of cascaded
finite-state systems (Hobbs et al., FASTUS, 1997).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field

from claimtrail.literals import CLASSES, FIRST, KINDS, LAST, SLOTS, WIDTH, Need, Part, bare, needed

_BASE = {kind: FIRST + index * WIDTH for index, kind in enumerate(KINDS)}
_CLASSES = {
    name: "".join(f"{chr(_BASE[kind])}-{chr(_BASE[kind] + WIDTH - 1)}" for kind in kinds)
    for name, kinds in CLASSES.items()
}


def symbol(kind: str, index: int) -> str:
    """Return the character for the phrase ``index`` of ``kind`` (``P`` named person, ``p`` pronoun, ``O``, ``o`` …)."""
    return chr(_BASE[kind] + index % WIDTH)


def is_symbol(char: str) -> bool:
    """Tell whether a character of an abstracted text stands for a phrase."""
    return FIRST <= ord(char) <= LAST


class PatternError(ValueError):
    """A pattern of a rule file cannot be read; the message says what is wrong."""


_MACRO = re.compile(r"<([a-z][a-z0-9_]*)>|\{(\^?)([A-Za-z_|]+)\}")


def expand(
    pattern: str, macros: Mapping[str, str], depth: int = 0, known: MutableMapping[str, str] | None = None
) -> str:
    """Turn a rule pattern into a regular expression.

    ``<name>`` is a macro of the language's lexicon, ``{P}`` a phrase symbol (``P PN PR O ON OR T D G``), ``{^PO}`` any
    character but these symbols, ``{person}`` a symbol bound to that argument. Inside ``[…]`` a symbol stands without
    brackets of its own, so ``[^{P}.;]`` works. ``known`` keeps what macros expand to, for the next pattern.

    Raises:
        PatternError: an unknown macro or symbol.
    """
    if depth > 8:
        raise PatternError("macros refer to each other in a circle")
    known = {} if known is None else known

    def one(match: re.Match[str]) -> str:
        name, negated, kind = match.groups()
        if name is not None:
            if match.string[max(0, match.start() - 2) : match.start()] in ("?P", "(?"):  # a named group, a lookbehind
                return match.group()
            if name not in macros:
                raise PatternError(f"unknown macro <{name}>")
            expanded = known.get(name)
            if expanded is None:
                expanded = known[name] = f"(?:{expand(macros[name], macros, depth + 1, known)})"
            return expanded
        if kind in SLOTS and not negated:
            return f"(?P<{kind}>[{_CLASSES[SLOTS[kind]]}])"
        parts = kind.split("|") if "|" in kind else [kind] if kind in _CLASSES else list(kind)
        unknown = [part for part in parts if part not in _CLASSES]
        if unknown:
            raise PatternError(f"unknown symbol {{{kind}}}")
        inside = "".join(_CLASSES[part] for part in parts)
        if negated:
            return f"[^{inside}]"
        return inside if _in_brackets(match.string, match.start()) else f"[{inside}]"

    return _MACRO.sub(one, pattern)


def _in_brackets(pattern: str, position: int) -> bool:
    """Tell whether a position of a pattern lies inside a character class."""
    opened, index = False, 0
    while index < position:
        char = pattern[index]
        if char == "\\":
            index += 1
        elif char == "[" and not opened:
            opened = True
        elif char == "]" and opened:
            opened = False
        index += 1
    return opened


_BINDING = re.compile("{(" + "|".join(SLOTS) + ")}")


def slots_in(pattern: str) -> frozenset[str]:
    """Return the arguments that a rule pattern may bind, not counting its macros."""
    return frozenset(_BINDING.findall(pattern))


@dataclass(frozen=True, slots=True)
class Macros:
    """The macros of a language, with what has been found out about them."""

    sources: Mapping[str, str]
    binds: frozenset[str] = field(init=False)  # the arguments that one of them may bind
    expanded: dict[str, str] = field(default_factory=dict)
    parts: dict[str, Part] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Look for arguments."""
        object.__setattr__(self, "binds", frozenset().union(*map(slots_in, self.sources.values())))


@dataclass(slots=True, eq=False)
class Expression:
    """A rule pattern that is read and compiled when it is first tried: few of a language's patterns ever are.

    With ``to_end`` it matches up to the end of what is searched.
    """

    source: str
    macros: Macros
    flags: int
    to_end: bool = False
    _regex: re.Pattern[str] | None = None
    _need: Need | None = None
    _bare: Need | None = None
    _read: bool = False

    @property
    def regex(self) -> re.Pattern[str]:
        """The compiled pattern.

        Raises:
            PatternError: the pattern is not a regular expression, or names an unknown macro.
        """
        if self._regex is None:
            expanded = expand(self.source, self.macros.sources, known=self.macros.expanded)
            try:
                self._regex = re.compile(rf"(?:{expanded})\Z" if self.to_end else expanded, self.flags)
            except re.error as error:
                raise PatternError(f"{error} in {self.source!r}") from error
        return self._regex

    @property
    def need(self) -> Need | None:
        """What the key of every text meets that matches (``claimtrail.literals``)."""
        if not self._read:
            self._need = needed(self.source, self.macros.sources, self.macros.parts)
            self._read = True
        return self._need

    def may_match(self, spelled: str) -> bool:
        """Say whether the pattern may match a text, or a part of it, given by the text's key."""
        if self._bare is None:
            self._bare = bare(self.need or ((),))
        for branch in self._bare:
            for clause in branch:
                if not any(map(spelled.__contains__, clause)):
                    break
            else:
                return True
        return False
