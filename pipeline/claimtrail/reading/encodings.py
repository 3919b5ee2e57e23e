"""From bytes to text: byte order mark, UTF-8, then the legacy encoding whose reading looks most like writing."""

from __future__ import annotations

import codecs
import contextlib
import re
from dataclasses import dataclass
from functools import cache

# UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# PDF, ZIP and office files, pictures, compressed files, programs, old office files.
_MAGIC = (
    *(b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8"),
    *(b"\x1f\x8b", b"\x7fELF", b"BZh", b"\xd0\xcf\x11\xe0"),
)
_SAMPLE = 65536
_CONTROL = frozenset(range(32)) - {7, 8, 9, 10, 11, 12, 13, 26, 27}
_LEAST_SCORE = 0.7
_HIGH = re.compile(rb"[\x80-\xff]")
_ALONE = re.compile(rb"(?<![\x80-\xff])[\x80-\xff](?![\x80-\xff])")


class DecodeError(ValueError):
    """The bytes are not text; the message says why in plain words."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text and the encoding it was read with (a byte order mark is not part of the text)."""

    text: str
    encoding: str


@dataclass(frozen=True, slots=True)
class _Legacy:
    """A multi-byte encoding.

    ``yard`` is a character set whose first bytes in ``common`` (both ends included) hold the common characters and in
    ``symbols`` punctuation; ``frequent`` are characters that make up a good part of any text.
    """

    codecs: tuple[str, ...]
    yard: str
    common: tuple[int, int]
    symbols: tuple[int, int]
    frequent: str
    kana: float = 0.2


_KANA = "".join(map(chr, range(0x3041, 0x3094))) + "".join(map(chr, range(0x30A1, 0x30F7))) + "ー"
_LEGACY = (
    _Legacy(
        ("gb18030",), "gb2312", (0xB0, 0xD7), (0xA1, 0xA3),
        "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经，。",
    ),
    _Legacy(
        ("cp950", "big5hkscs"), "big5", (0xA4, 0xC6), (0xA1, 0xA3),
        "的一是在不了有和人這中大為上個國我以要他時來用們生到作地於出就分對成會可主發年動同工也能下過子說產種面而方後多定行學法所民得經，。",
    ),
    _Legacy(("cp932",), "shift_jis", (0x88, 0x98), (0x81, 0x82), "のにはをがとでたしいるれなす、。", kana=1.0),
    _Legacy(
        ("euc_jp", "euc_jis_2004"), "shift_jis", (0x88, 0x98), (0x81, 0x82),
        "のにはをがとでたしいるれなす、。", kana=1.0,
    ),
    _Legacy(("cp949",), "euc_kr", (0xB0, 0xC8), (0xA1, 0xA3), "이다의는을가에고한도로지하사를은"),
)  # fmt: skip
_SUPERSETS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "cp950",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "euc-kr": "cp949",
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "us-ascii": "cp1252",
}
_WESTERN = frozenset("äöüßÄÖÜéèêëàâáãçñíìîïóòôõúùûÉÈÀÇÑÁÍÓÚåøæœÅØÆŒšžŠŽ")
_WESTERN_SIGNS = frozenset("„“”‘’‚‹›«»–—…€£§°·¡¿©®™²³½•´×\xa0")


def decode(data: bytes, *, declared: str = "") -> Decoded:
    """Decode a whole text; ``declared`` is an encoding that the text itself names, tried before any guess.

    Line ends stay as they are.

    Raises:
        DecodeError: binary data, or bytes that no encoding explains.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strict(data, encoding)
    if data.startswith(_MAGIC):
        raise DecodeError("looks like a binary file")
    if b"\0" in data:
        return _without_mark(data)
    try:
        return Decoded(text=data.decode("utf-8"), encoding="utf-8") if b"\x1b$" not in data else _with_escapes(data)
    except UnicodeDecodeError as error:
        if _nearly_utf8(data, error):
            raise DecodeError(f"the bytes are UTF-8 but for byte {error.start} (0x{data[error.start]:02x})") from error
    if sum(byte in _CONTROL for byte in data[:_SAMPLE]) > len(data[:_SAMPLE]) // 50:
        raise DecodeError("looks like a binary file")
    if declared:
        with contextlib.suppress(DecodeError):
            return _strict(data, _usual_name(declared))
    return _guess(data)


def _strict(data: bytes, encoding: str) -> Decoded:
    try:
        return Decoded(text=data.decode(encoding), encoding=encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise DecodeError(f"the bytes are not {encoding}: {error}") from error


def _usual_name(declared: str) -> str:
    # Pages declare the older subsets but use the supersets, as browsers know.
    name = declared.strip().lower()
    return _SUPERSETS.get(name, name)


def _with_escapes(data: bytes) -> Decoded:
    try:
        return _strict(data, "iso2022_jp_2")
    except DecodeError:
        return _strict(data, "utf-8")


def _without_mark(data: bytes) -> Decoded:
    """Read UTF-16 that lacks its mark: Latin letters, digits and line ends hold a zero byte."""
    if len(data) % 2 == 0:
        for encoding in ("utf-16-le", "utf-16-be"):
            try:
                text = data.decode(encoding)
            except UnicodeDecodeError:
                continue
            if "\0" not in text and _looks_written(text):
                return Decoded(text=text, encoding=encoding)
    raise DecodeError("looks like a binary file")


def _looks_written(text: str) -> bool:
    sample = text[:4096]
    good = sum(c.isalnum() or c.isspace() or c in "，。、！？「」“”.,;:!?'\"()（）-–—…" for c in sample)
    rare = sum(c > "\u33ff" and not _common_ideograph(c) for c in sample)
    return good >= 0.9 * len(sample) and rare <= 0.3 * len(sample)


def _common_ideograph(char: str) -> bool:
    return any(_first_byte(char, legacy.yard) in range(legacy.common[0], legacy.common[1] + 1) for legacy in _LEGACY)


def _nearly_utf8(data: bytes, error: UnicodeDecodeError) -> bool:
    """Tell whether the bytes were meant as UTF-8: most of what is not ASCII is well-formed, little is not."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = sum(1 for c in text if c > "\x7f") - broken
    return whole > 4 * broken or (error.reason == "unexpected end of data" and whole > broken)


def _guess(data: bytes) -> Decoded:
    cut = data.rfind(b"\n", 0, _SAMPLE) if len(data) > _SAMPLE else -1
    sample = data[: cut + 1] if cut > 0 else data
    # Alone among ASCII, a high byte is a letter or a quotation mark; multi-byte characters stand together.
    high = len(_HIGH.findall(sample))
    doubt = 0.5 if len(_ALONE.findall(sample)) > 0.9 * high else 1.0
    scored: list[tuple[float, str]] = []
    for legacy in _LEGACY:
        for encoding in legacy.codecs:
            try:
                text = sample.decode(encoding)
            except UnicodeDecodeError:
                continue
            scored.append((doubt * _multi_byte_score(text, legacy), encoding))
            break
    with contextlib.suppress(UnicodeDecodeError):
        scored.append((_western_score(sample.decode("cp1252")), "cp1252"))
    for score, encoding in sorted(scored, key=_best_first):
        if score >= _LEAST_SCORE:
            try:
                return Decoded(text=data.decode(encoding), encoding=encoding)
            except UnicodeDecodeError:
                continue
    return _guess_other(data)


def _best_first(scored: tuple[float, str]) -> float:
    return -scored[0]


def _guess_other(data: bytes) -> Decoded:
    from charset_normalizer import from_bytes  # noqa: PLC0415 - seldom needed, slow to load

    best = from_bytes(data).best()
    if best is None or best.percent_chaos > 10:
        raise DecodeError("the bytes are in no encoding that could be recognised")
    return _strict(data, best.encoding)


def _multi_byte_score(text: str, legacy: _Legacy) -> float:
    """Return how much the characters look like a text in this encoding, 0 to about 1.3."""
    high = [c for c in text if c > "\x7f"]
    if not high:
        return 0.0
    common = range(legacy.common[0], legacy.common[1] + 1)
    symbols = range(legacy.symbols[0], legacy.symbols[1] + 1)
    total = 0.0
    for char in high:
        if char in legacy.frequent:
            total += 1.5
        elif char in _KANA:
            total += legacy.kana
        else:
            first = _first_byte(char, legacy.yard)
            total += 1.0 if first in common else 0.8 if first in symbols else 0.2 if first else 0.1
    return total / len(high)


@cache
def _first_byte(char: str, yard: str) -> int:
    try:
        coded = char.encode(yard)
    except UnicodeEncodeError:
        return 0
    return coded[0] if len(coded) > 1 else 0


def _western_score(text: str) -> float:
    """Return how much the text looks like German, French, English …: accented letters stand among plain ones."""
    high = [i for i, c in enumerate(text) if c > "\x7f"]
    if not high:
        return 0.0
    total = 0.0
    for i in high:
        char = text[i]
        around = text[max(i - 1, 0) : i] + text[i + 1 : i + 2]
        if char in _WESTERN_SIGNS:
            total += 1.0
        elif char in _WESTERN:
            total += 1.2 if any(c.isascii() and c.isalpha() for c in around) else 0.3
    return total / len(high)
