"""Letters and scripts of names: folding of Latin, kana and Chinese characters, and the units they are read in."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

# Letters that no Unicode decomposition takes apart.
_WHOLE = str.maketrans(
    {
        "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ŋ": "n",
        "ħ": "h", "ə": "a", "ʻ": "", "ʼ": "", "'": "", "’": "", "`": "",
    }
)  # fmt: skip
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
_SMALL = frozenset("ァィゥェォャュョヮ")
_KANA_VARIANTS = (
    ("ヴァ", "バ"), ("ヴィ", "ビ"), ("ヴェ", "ベ"), ("ヴォ", "ボ"), ("ヴ", "ブ"), ("ヂ", "ジ"), ("ヅ", "ズ"),
    ("ヰ", "イ"), ("ヱ", "エ"), ("ヲ", "オ"), ("ウィ", "ウイ"), ("ウェ", "ウエ"), ("ウォ", "ウオ"),
    ("ティ", "チ"), ("ディ", "ジ"),
    ("シェ", "セ"), ("ジェ", "ゼ"), ("イェ", "イエ"), ("ー", ""), ("ッ", ""),
)  # fmt: skip
_ROWS = (
    ("", "アイウエオ"), ("k", "カキクケコ"), ("g", "ガギグゲゴ"), ("s", "サ_スセソ"), ("z", "ザ_ズゼゾ"),
    ("t", "タ__テト"), ("d", "ダ__デド"), ("n", "ナニヌネノ"), ("h", "ハヒ_ヘホ"), ("b", "バビブベボ"),
    ("p", "パピプペポ"), ("m", "マミムメモ"),
    ("y", "ヤ_ユ_ヨ"), ("r", "ラリルレロ"), ("w", "ワヰ_ヱ_"),
)  # fmt: skip
_ODD = {
    "シ": "shi", "ジ": "ji", "チ": "chi", "ヂ": "ji", "ツ": "tsu", "ヅ": "zu",
    "フ": "fu", "ヲ": "o", "ン": "n", "ヴ": "vu",
}  # fmt: skip
_GLIDES = {"ウ": "w", "イ": "y"}
_SMALL_VOWEL = dict(zip("ァィゥェォャュョヮ", ("a", "i", "u", "e", "o", "ya", "yu", "yo", "wa"), strict=True))


class Script(StrEnum):
    """The script a name is written in; ``HAN`` holds at least one Chinese character."""

    LATIN = "latin"
    KANA = "kana"
    HAN = "han"
    OTHER = "other"


class Hanzi(NamedTuple):
    """A Chinese character's simplified form and its Mandarin readings without tones, the commonest first."""

    folded: str
    readings: tuple[str, ...]


def is_han(char: str) -> bool:
    """Return whether a character is a Chinese character (or the repetition mark)."""
    return "\u4e00" <= char <= "\u9fff" or "\u3400" <= char <= "\u4dbf" or char == "々"


def is_kana(char: str) -> bool:
    """Return whether a character is hiragana or katakana, the lengthening mark included."""
    return "\u3041" <= char <= "\u3096" or "\u30a1" <= char <= "\u30fa" or char == "ー"


def script_of(name: str) -> Script:
    """Return the script of a name by its letters; one Chinese character among kana or Latin letters decides for HAN."""
    if any(is_han(c) for c in name):
        return Script.HAN
    if any(is_kana(c) for c in name):
        return Script.KANA
    if any((c.isalpha() and ord(c) < 0x250) or "\u1e00" <= c <= "\u1eff" for c in name):
        return Script.LATIN
    return Script.OTHER


@lru_cache(maxsize=20_000)
def fold_latin(text: str) -> str:
    """Fold case, width, accents and apostrophes of Latin letters: 'Höß' and 'HOSS' are one."""
    text = unicodedata.normalize("NFKC", text).casefold().translate(_WHOLE)
    return unicodedata.normalize("NFC", "".join(c for c in unicodedata.normalize("NFKD", text) if not is_mark(c)))


@lru_cache(maxsize=20_000)
def fold_umlauts(text: str) -> str:
    """Fold as ``fold_latin``, with umlauts written as two letters: 'Müller' and 'Mueller' are one."""
    return fold_latin(unicodedata.normalize("NFC", text).casefold().translate(_UMLAUTS))


def is_mark(char: str) -> bool:
    """Return whether a character is an accent on the letter before it (voicing marks of kana are not)."""
    return "\u0300" <= char <= "\u036f"


@lru_cache(maxsize=20_000)
def to_katakana(text: str) -> str:
    """Write hiragana as katakana; other characters stay."""
    return "".join(chr(ord(c) + 0x60) if "\u3041" <= c <= "\u3096" else c for c in unicodedata.normalize("NFKC", text))


@lru_cache(maxsize=20_000)
def fold_kana(text: str) -> str:
    """Fold the common spelling variants of katakana words: lengthening, doubling, ヴ and ブ, ティ and チ."""
    text = to_katakana(text)
    for variant, plain in _KANA_VARIANTS:
        text = text.replace(variant, plain)
    return text


@lru_cache(maxsize=20_000)
def morae(kana: str) -> tuple[str, ...]:
    """Split katakana or hiragana into morae; a small vowel belongs to the kana before it, ン ッ ー stand alone."""
    units: list[str] = []
    for char in to_katakana(kana):
        if char in _SMALL and units and units[-1] not in ("ー", "ッ", "ン"):
            units[-1] += char
        elif is_kana(char):
            units.append(char)
    return tuple(units)


@lru_cache(maxsize=20_000)
def romaji(kana: str) -> str:
    """Write kana in Latin letters by Hepburn's rules, without lengthening."""
    out = ""
    double = False
    for mora in morae(kana):
        if mora == "ッ":
            double = True
            continue
        letters = _mora_letters(mora)
        out += (letters[:1] if double and letters[:1] not in "aiueon" else "") + letters
        double = False
    return out


@cache
def _mora_letters(mora: str) -> str:
    head, tail = mora[0], mora[1:]
    if head == "ー":
        return ""
    letters = _base_letters(head)
    if not tail:
        return letters
    vowel = "".join(_SMALL_VOWEL.get(c, "") for c in tail)
    stem = letters[:-1] if len(letters) > 1 and letters[-1] in "aiueo" else _GLIDES.get(head, letters)
    if stem in ("sh", "j", "ch"):
        vowel = vowel.lstrip("y")
    return stem + vowel


@cache
def _base_letters(kana: str) -> str:
    if kana in _ODD:
        return _ODD[kana]
    if kana in _SMALL_VOWEL:
        return _SMALL_VOWEL[kana]
    for consonant, row in _ROWS:
        if kana in row:
            return consonant + "aiueo"[row.index(kana)]
    return ""


@lru_cache(maxsize=20_000)
def long_vowels_folded(latin: str) -> str:
    """Fold the ways of writing long Japanese vowels: 'Ohtani', 'Ootani' and 'Otani' are one."""
    latin = re.sub(r"oh(?=[^aeiouy]|$)", "o", fold_latin(latin))
    return re.sub(r"(?<=[aeiou])m(?=[bp])", "n", re.sub(r"ou|oo", "o", latin).replace("uu", "u"))


def data_folder() -> Path:
    """Return the folder of the tables and weights of this package."""
    return Path(__file__).parent / "data"


@cache
def hanzi_table() -> dict[str, Hanzi]:
    """Return the table of Chinese characters, traditional and Japanese forms included."""
    table = {}
    for line in (data_folder() / "hanzi.tsv").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            char, folded, readings = line.split("\t")
            table[char] = Hanzi(folded, tuple(readings.split()))
    return table


@lru_cache(maxsize=20_000)
def fold_hanzi(text: str) -> str:
    """Write traditional and Japanese character forms in simplified form, for comparing only."""
    table = hanzi_table()
    out: list[str] = []
    for char in unicodedata.normalize("NFKC", text):
        if char == "々" and out:
            out.append(out[-1])
        else:
            out.append(table[char].folded if char in table else char)
    return "".join(out)


def readings(char: str) -> tuple[str, ...]:
    """Return the Mandarin readings of a character without tones, commonest first; none if the table lacks it."""
    found = hanzi_table().get(char)
    return found.readings if found else ()
