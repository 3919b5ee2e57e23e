"""What the characters of the four scripts say about where a name may begin and end."""

from __future__ import annotations

import re
from functools import lru_cache

HAN = "㐀-䶿一-鿿豈-﫿々〆〇"
KATAKANA = "ァ-ヺーｦ-ﾟ"
HIRAGANA = "ぁ-ゖ"
DOTS = "·・･•‧∙⋅"

_FOLD = {0xFF01 + offset: 0x21 + offset for offset in range(94)}
_FOLD |= {ord(dot): ord("·") for dot in DOTS}
_FOLD |= {ord("’"): ord("'"), ord("‘"): ord("'"), ord("‐"): ord("-"), ord("‑"): ord("-"), ord("–"): ord("-")}
_FOLD |= {0xA0: 0x20, 0x3000: 0x20, 0x202F: 0x20}

_LATIN = re.compile(r"[A-Za-z0-9À-ɏḀ-ỿ]")
_KATAKANA = re.compile(f"[{KATAKANA}]")
_HAN = re.compile(f"[{HAN}]")


def fold(text: str) -> str:
    """Return the text with full-width letters, dots, apostrophes and hyphens made alike; every offset stays."""
    return text if text.isascii() else text.translate(_FOLD)


def lower(text: str) -> str:
    """Return the text in lower case with every offset kept."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


@lru_cache(maxsize=8192)
def is_latin(char: str) -> bool:
    """Say whether a character is a Latin letter or a digit."""
    return bool(_LATIN.match(char))


@lru_cache(maxsize=8192)
def is_katakana(char: str) -> bool:
    """Say whether a character is katakana, the long mark included."""
    return bool(_KATAKANA.match(char))


@lru_cache(maxsize=8192)
def is_han(char: str) -> bool:
    """Say whether a character is a Chinese character."""
    return bool(_HAN.match(char))


def cuts_word(text: str, index: int) -> bool:
    """Say whether a cut before ``text[index]`` would part a Latin word or a run of katakana."""
    if index <= 0 or index >= len(text):
        return False
    left, right = text[index - 1], text[index]
    if is_latin(left) and is_latin(right):
        return True
    return is_katakana(left) and is_katakana(right)


def glued(text: str, index: int) -> bool:
    """Say whether a word in capitals begins at ``index`` without a space ('OpenAIMitbegründer')."""
    return (
        0 < index < len(text) - 1 and is_latin(text[index - 1]) and text[index].isupper() and text[index + 1].islower()
    )


def bounded(text: str, start: int, end: int) -> bool:
    """Say whether a span begins and ends where words of its script do (Chinese characters give no bounds)."""
    return not cuts_word(text, start) and not cuts_word(text, end)
