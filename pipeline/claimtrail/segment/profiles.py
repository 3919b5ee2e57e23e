"""What is known of the installed languages for telling them apart: scripts, letters of their own, small words."""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cache

from claimtrail.data import DataError, find, read_as

# The first word of a letter's Unicode name, where it is not the name of the script.
_SCRIPT_NAMES = {"Cjk": "Han", "Ideographic": "Han", "Halfwidth": "Katakana"}
_WIDE = ("Fullwidth", "Modifier", "Mathematical", "Script", "Double-struck", "Feminine", "Masculine", "Micro")
# A letter of these says about as much as that many letters of an alphabet.
_DENSITY = {"Han": 2.5, "Hiragana": 2.0, "Katakana": 1.5, "Hangul": 2.0}


@dataclass(frozen=True, slots=True)
class LetterRange:
    """The characters that a character set holds in a range of rows, given by their first byte, both ends included."""

    codec: str
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageFile:
    """The content of a ``language.yaml``; ``iso`` is the ISO 639-1 code, ``scripts`` are Unicode script names.

    ``iso3`` is the ISO 639-3 code, which only exports ask for.
    ``proof_words`` are written in letters that other languages share, but by this language alone.
    """

    name: str
    iso: str
    scripts: tuple[str, ...]
    spaces: bool
    proof_scripts: tuple[str, ...] = ()
    function_words: str = ""
    iso3: str = ""
    proof_words: tuple[str, ...] = ()
    common_letters: tuple[LetterRange, ...] = ()


@dataclass(frozen=True, slots=True)
class Profile:
    """A language made ready; ``letters`` are its common characters where its script is shared and uses no spaces."""

    code: str
    name: str
    iso: str
    scripts: frozenset[str]
    proof_scripts: frozenset[str]
    spaces: bool
    words: frozenset[str]
    letters: frozenset[str]
    proof_words: tuple[str, ...] = ()
    iso3: str = ""


@cache
def profile(code: str) -> Profile:
    """Return the profile of an installed language.

    Raises:
        DataError: its ``language.yaml`` is missing or not as it must be.
    """
    path = find(code, "language.yaml")
    if not path.is_file():
        raise DataError(f"{path}: there is no such file")
    content = read_as(path, LanguageFile)
    return Profile(
        code=code,
        name=content.name,
        iso=content.iso,
        iso3=content.iso3,
        scripts=frozenset(content.scripts),
        proof_scripts=frozenset(content.proof_scripts),
        spaces=content.spaces,
        words=frozenset(content.function_words.split()),
        proof_words=content.proof_words,
        letters=frozenset(c for found in content.common_letters for c in _letters(found) if script_of(c) == "Han"),
    )


def _letters(found: LetterRange) -> str:
    pairs = (bytes((first, second)) for first in range(found.first, found.last + 1) for second in range(0x40, 0xFF))
    return "".join(pair.decode(found.codec, "ignore") for pair in pairs)


@cache
def script_of(char: str) -> str:
    """Return the script of a letter (``Latin``, ``Han``, ``Hiragana`` …), ``""`` for what is no letter."""
    if not char.isalpha():
        return ""
    words = unicodedata.name(char, "").title().split()
    if not words:
        return ""
    if words[0] in _WIDE or (words[0] == "Halfwidth" and "Katakana" not in words):
        return next((word for word in words if word in ("Latin", "Hangul", "Cyrillic", "Greek")), "Latin")
    # The mark of a long vowel belongs to kana.
    if words[0].startswith("Katakana-Hiragana"):
        return "Katakana"
    return _SCRIPT_NAMES.get(words[0], words[0])


def scripts(text: str) -> Counter[str]:
    """Return how many letters of each script a text has."""
    found: Counter[str] = Counter()
    for char, count in Counter(text).items():
        script = script_of(char)
        if script:
            found[script] += count
    return found


def weight(found: Counter[str]) -> float:
    """Return how much text the letters are, counted in letters of an alphabet."""
    return sum(count * _DENSITY.get(script, 1.0) for script, count in found.items())
