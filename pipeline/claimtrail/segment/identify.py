"""Which language a piece of text is in: by script and small words first, by lingua only where those leave it open."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from lingua import ConfidenceValue, IsoCode639_1, Language, LanguageDetector, LanguageDetectorBuilder

from claimtrail.segment.profiles import Profile, profile, scripts, weight

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
# Languages told from the installed ones, so that a text in one of them is named instead of being misread.
_OTHERS = (
    *("ar", "be", "bg", "bn", "ca", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "ga", "he", "hi"),
    *("hr", "hu", "hy", "id", "is", "it", "ja", "ka", "kk", "ko", "lt", "lv", "mk", "mr", "ms", "nb", "nl", "pa"),
    *("pl", "pt", "ro", "ru", "sk", "sl", "sq", "sr", "sv", "sw", "ta", "te", "th", "tl", "tr", "uk", "ur", "vi", "zh"),
)
_LINK = re.compile(r"(?:https?://|www\.)[^\s()<>]+")
_IDEOGRAPHIC = frozenset({"Han", "Hiragana", "Katakana", "Bopomofo", "Hangul"})
_PROOF_SHARE = 0.15
# Ideographs after which a sentence must have shown a letter of the language's own script.
_LONG_WITHOUT_PROOF = 60
_MARK_SHARE = 0.04
_MARK_SHARE_AGAINST = 0.12
_WORD_SHARE = 0.2
_LINGUA_SURE = 0.9
_SAMPLE = 2000
_LEAST_SMALL = 2


@dataclass(frozen=True, slots=True)
class Verdict:
    """A language with the ground for it: ``script``, ``letters``, ``words`` or ``lingua``; lang is ``""`` if open.

    ``sure`` is 0 to 1. ``others`` are the installed languages that the script leaves possible; ``foreign`` is what
    lingua gives to all languages that are not installed.
    """

    lang: str
    reason: str
    sure: float
    others: tuple[str, ...] = ()
    foreign: float = 0.0


class Identifier:
    """Tells the installed languages apart, and from others."""

    def __init__(self, languages: Sequence[str]) -> None:
        """Take the codes of the languages to tell apart.

        Raises:
            DataError: a language's data are missing or not as they must be.
        """
        self.profiles: tuple[Profile, ...] = tuple(profile(code) for code in languages)
        self._by_iso = {p.iso: p.code for p in self.profiles}
        self._own_letters = {p.code: _own_letters(p, self.profiles) for p in self.profiles if p.letters}

    def quick(self, text: str, prior: str = "") -> Verdict:
        """Return what script, letters and small words say, without a statistical model.

        Against the ``prior``, the language of the rest, more must speak: names keep old forms of characters.
        """
        found = scripts(text)
        if not found:
            return Verdict("", "none", 0.0)
        return self._by_letters(text, found, prior) if _is_ideographic(found) else self._by_words(text, found)

    def careful(self, text: str) -> Verdict:
        """Return the most likely of all known languages; its code is the ISO one if it is not installed."""
        quick = self.quick(text)
        if quick.lang or not scripts(text):
            return quick
        if quick.others and all(not profile(code).spaces for code in quick.others):
            # Ideographs alone: the language that writes with the fewest scripts needs no others to be whole.
            return Verdict(min(quick.others, key=self._count_scripts), "script", 0.6, quick.others)
        values = self.confidences(text)
        if not values:
            return Verdict(quick.others[0] if quick.others else _script_code(text), "script", 0.1, quick.others)
        foreign = sum(value.value for value in values if not self.is_installed(self.code_of(value)))
        return Verdict(self.code_of(values[0]), "lingua", values[0].value, quick.others, foreign)

    def confidences(self, text: str) -> list[ConfidenceValue]:
        """Return lingua's values for a text, best first; empty if it knows none of its letters."""
        detector = _detector(tuple(sorted({*_OTHERS, *self._by_iso})))
        values = detector.compute_language_confidence_values(_without_names(text[:_SAMPLE]))
        return [value for value in values if value.value > 0]

    def code_of(self, value: ConfidenceValue) -> str:
        """Return the installed language's code, else the ISO 639-1 code."""
        iso = value.language.iso_code_639_1.name.lower()
        return self._by_iso.get(iso, iso)

    def best_installed(self, text: str, verdict: Verdict) -> str:
        """Return the likeliest of the installed languages that the verdict leaves: by small words, then by lingua."""
        if self.is_installed(verdict.lang) and verdict.sure >= _LINGUA_SURE:
            return verdict.lang
        hits = sorted(
            ((n, code) for code, n in self.function_words(text).items() if code in verdict.others), reverse=True
        )
        if hits and hits[0][0] > max((n for n, _ in hits[1:]), default=0):
            return hits[0][1]
        codes = [self.code_of(value) for value in self.confidences(text)]
        return next((code for code in codes if self.is_installed(code)), verdict.others[0])

    def is_installed(self, code: str) -> bool:
        """Tell whether a language is one of those to tell apart."""
        return any(p.code == code for p in self.profiles)

    def name_of(self, code: str) -> str:
        """Return the English name of a language or script."""
        for p in self.profiles:
            if p.code == code:
                return p.name
        try:
            return str(Language.from_iso_code_639_1(IsoCode639_1.from_str(code)).name).title()
        except ValueError:
            return code.title()

    def function_words(self, text: str) -> dict[str, int]:
        """Return for each installed language how many of the words are among its small words."""
        words = [word.lower().replace("’", "'") for word in _words(text)]
        return {p.code: sum(word in p.words for word in words) for p in self.profiles if p.words}

    def _count_scripts(self, code: str) -> tuple[int, str]:
        return len(profile(code).proof_scripts), code

    def _by_letters(self, text: str, found: Counter[str], prior: str) -> Verdict:
        letters = {script: count for script, count in found.items() if script in _IDEOGRAPHIC}
        total = sum(letters.values())
        main = max(sorted(letters), key=letters.__getitem__)
        for p in self.profiles:
            if sum(letters.get(script, 0) for script in p.proof_scripts) >= _PROOF_SHARE * total:
                return Verdict(p.code, "script", 1.0)
        possible = tuple(
            p.code for p in self.profiles if main in p.scripts and (p.code == prior or _may_be(p, letters, text))
        )
        if len(possible) < 2:
            return Verdict(possible[0] if possible else "", "script", 1.0, possible)
        marks = sorted(((self._marks(text, code), code) for code in possible), reverse=True)
        (most, code), (second, _) = marks[0], marks[1]
        against = prior in possible and prior != code
        enough = max(4, _MARK_SHARE_AGAINST * total) if against else max(2, _MARK_SHARE * total)
        if most >= enough and most > 2 * second:
            return Verdict(code, "letters", 1.0, possible)
        return Verdict("", "open", 0.0, possible)

    def _marks(self, text: str, code: str) -> int:
        own = self._own_letters.get(code, frozenset())
        proof = profile(code).proof_scripts
        return (
            sum(n for c, n in Counter(text).items() if c in own)
            + sum(n for script, n in scripts(text).items() if script in proof)
            + sum(len(word) * text.count(word) for word in profile(code).proof_words)
        )

    def _by_words(self, text: str, found: Counter[str]) -> Verdict:
        main = max(sorted(found), key=found.__getitem__)
        possible = [p for p in self.profiles if main in p.scripts]
        if not possible:
            return Verdict("", "open", 0.0)
        others = tuple(p.code for p in possible)
        hits = sorted(((n, code) for code, n in self.function_words(text).items() if code in others), reverse=True)
        most, code = hits[0] if hits else (0, "")
        second = hits[1][0] if len(hits) > 1 else 0
        if most >= 2 and most >= _WORD_SHARE * count_words(text) and most >= 2 * second + 1:
            return Verdict(code, "words", min(1.0, most / 4), others)
        return Verdict("", "open", 0.0, others)


def is_ideographic(text: str) -> bool:
    """Tell whether a text is carried by ideographs, kana or hangul; Latin names among them do not count much."""
    return _is_ideographic(scripts(text))


def _is_ideographic(found: Counter[str]) -> bool:
    ideographs = sum(count for script, count in found.items() if script in _IDEOGRAPHIC)
    return 6 * ideographs >= sum(found.values()) - ideographs and ideographs > 0


def count_words(text: str) -> int:
    """Return the number of words of a text that is written with spaces."""
    return len(_words(text))


def amount(text: str) -> float:
    """Return how much text there is, counted in letters of an alphabet."""
    return weight(scripts(text))


def _words(text: str) -> list[str]:
    """Return the words without those of links, which are in no language."""
    return _WORD.findall(_LINK.sub(" ", text) if "/" in text or "www." in text else text)


def _without_names(text: str) -> str:
    """Return the words that begin with no capital: names in a headline say nothing about its language."""
    words = [word for word in _words(text) if not word[0].isupper()]
    return " ".join(words) if len(words) >= _LEAST_SMALL else text


def _may_be(language: Profile, letters: Mapping[str, int], text: str) -> bool:
    """Tell whether a language can be written so: hardly a letter of other scripts, and not long without its own."""
    total = sum(letters.values())
    strange = sum(count for script, count in letters.items() if script not in language.scripts)
    own = any(letters.get(script) for script in language.proof_scripts)
    own = own or any(word in text for word in language.proof_words)
    return strange < _PROOF_SHARE * total and (own or not language.proof_scripts or total < _LONG_WITHOUT_PROOF)


def _own_letters(own: Profile, all_profiles: Sequence[Profile]) -> frozenset[str]:
    rest = frozenset(char for p in all_profiles if p.code != own.code for char in p.letters)
    return own.letters - rest


def _script_code(text: str) -> str:
    found = scripts(text)
    return max(sorted(found), key=found.__getitem__).lower() if found else ""


@cache
def _detector(codes: tuple[str, ...]) -> LanguageDetector:
    # The low accuracy mode holds trigrams only: a tenth of the memory and of the loading time, and as good on lines.
    isos = [IsoCode639_1.from_str(code) for code in codes]
    return LanguageDetectorBuilder.from_iso_codes_639_1(*isos).with_low_accuracy_mode().build()
