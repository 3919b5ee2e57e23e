"""Finding the lines and line ends of a page that are no prose, by the patterns of the language data."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from claimtrail.data import DataError, find, read_as

# Longer lines are prose; the bounds also keep every pattern's cost small.
_LONGEST_LINE = 320
_LONGEST_TAIL = 100
_LONGEST_CAPTION = 80
_BEFORE_TAIL = " \t\u3000\u00a0([（【「.!?。！？…」”\"'；;"
_SENTENCE_END = re.compile(r"[.!?。！？…][\"'”’」』)）\]]*\s*$|[。！？]")
_LEAST_NAMES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class BoilerplatePattern:
    """A regular expression for a line or a line's end, with lines that it must and must not match."""

    id: str
    where: str
    pattern: str
    examples: tuple[str, ...]
    near_misses: tuple[str, ...]
    caption: bool = False
    glued: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BoilerplateFile:
    """The content of a ``boilerplate.yaml``."""

    patterns: tuple[BoilerplatePattern, ...]
    language_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch of boilerplate within a line, and which pattern found it."""

    start: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern made ready."""

    source: BoilerplatePattern
    expression: re.Pattern[str]

    def find(self, line: str) -> Found | None:
        """Return what the pattern covers of a line without surrounding white space."""
        if self.source.where == "line":
            if len(line) <= _LONGEST_LINE and self.expression.fullmatch(line):
                return Found(0, len(line), self.source.id)
            return None
        first = max(len(line) - _LONGEST_TAIL, 0)
        for match in self.expression.finditer(line, first):
            if match.end() == len(line) and self._may_begin(line, match):
                start = match.start()
                if self._is_caption(line[:start]):
                    start = 0
                return Found(start, len(line), self.source.id)
        return None

    def _may_begin(self, line: str, match: re.Match[str]) -> bool:
        start = match.start()
        return start == 0 or self.source.glued or line[start - 1] in _BEFORE_TAIL or not match[0][0].isalnum()

    def _is_caption(self, before: str) -> bool:
        return self.source.caption and len(before) <= _LONGEST_CAPTION and not _SENTENCE_END.search(before)


class Boilerplate:
    """The boilerplate patterns of some languages and of all."""

    def __init__(self, languages: Iterable[str]) -> None:
        """Load the patterns.

        Raises:
            DataError: a pattern file is not as it must be.
        """
        files = [load(""), *(load(code) for code in languages)]
        self.rules: tuple[Rule, ...] = tuple(rule for rules, _ in files for rule in rules)
        self._whole, self._tails = (
            _any(rule.source.pattern for rule in self.rules if rule.source.where == where) for where in ("line", "tail")
        )
        names = sorted({name for _, found in files for name in found}, key=_longest_first)
        self._names = re.compile("|".join(re.escape(name) for name in names))

    def find(self, line: str) -> Found | None:
        """Return the boilerplate of a line without surrounding white space: all of it, its end, or ``None``."""
        # hardly any line holds any: one question to all patterns of a kind spares asking each
        whole = len(line) <= _LONGEST_LINE and self._whole.fullmatch(line) is not None
        tail = self._tails.search(line, max(len(line) - _LONGEST_TAIL, 0)) is not None
        for rule in self.rules if whole or tail else ():
            found = rule.find(line)
            if found:
                return found
        if len(line) <= 2 * _LONGEST_LINE and self._is_language_menu(line):
            return Found(0, len(line), "language-menu")
        return None

    def _is_language_menu(self, line: str) -> bool:
        names = [match[0] for match in self._names.finditer(line)]
        if len(set(names)) < _LEAST_NAMES:
            return False
        letters = sum(c.isalpha() for c in line)
        return sum(c.isalpha() for name in names for c in name) >= 0.7 * letters


def _any(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns) or "(?!)")


def _longest_first(name: str) -> tuple[int, str]:
    return -len(name), name


@cache
def load(code: str) -> tuple[tuple[Rule, ...], tuple[str, ...]]:
    """Return the rules and the names of languages of a language, ``""`` for those of all languages.

    Raises:
        DataError: the file is not as it must be.
    """
    path = find(code, "boilerplate.yaml") if code else find("boilerplate.yaml")
    if not path.is_file():
        return (), ()
    content = read_as(path, BoilerplateFile)
    rules = []
    for pattern in content.patterns:
        where = f"{path}: {pattern.id}"
        if pattern.where not in ("line", "tail"):
            raise DataError(f"{where}: where is line or tail, not {pattern.where!r}")
        try:
            rules.append(Rule(pattern, re.compile(pattern.pattern)))
        except re.error as error:
            raise DataError(f"{where}: {error}") from error
    return tuple(rules), content.language_names
