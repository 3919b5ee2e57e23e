"""Comparing the names of one text: full names with surnames, given names, tails, legal forms and abbreviations."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from claimtrail.facts.lexicon import compiled, lexicons

_REMEMBERED = 16384
_TOWN = 4  # characters that a town before the name of a club may have
_ENDING = re.compile(r"e[nmrs]?\Z")
_SPLIT = re.compile(r"[\s・·•‧．＝=]+")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff々〆]")
_KANA = re.compile(r"[\u3040-\u30ff]")
_LATIN = re.compile(r"[^\W\d_]", re.ASCII)
_CONNECTIVES = frozenset({"of", "the", "and", "for", "in", "de", "der", "des", "für", "und", "du", "la"})

# the letters with which a name may begin in Latin script that begins so in katakana: B·ゲイツ for ビル·ゲイツ
_ROWS = {
    "アァ": "aeuh", "イィ": "iejy", "ウゥ": "uw", "エェ": "eah", "オォ": "oauh", "カキクケコ": "ckq", "ガギグゲゴ": "g",
    "サシスセソ": "scx", "ザズゼゾ": "zxs", "ジ": "jgz", "タテト": "t", "チ": "ct", "ツ": "tzc", "ダデドヂヅ": "d",
    "ナニヌネノ": "nk", "ハヒヘホ": "hj", "フ": "fhp", "バビブベボ": "bvw", "パピプペポ": "p", "マミムメモ": "m",
    "ヤユヨ": "yjue", "ラリルレロ": "lrw", "ワヲ": "wo", "ヴ": "vw",
}  # fmt: skip
_INITIALS = {kana: letters for row, letters in _ROWS.items() for kana in row}


@dataclass(frozen=True, slots=True)
class Match:
    """How well a short form fits a fuller name: 0 to 1, with the reason."""

    score: float
    reason: str


NO_MATCH = Match(0.0, "")


@lru_cache(maxsize=_REMEMBERED)
def fold(name: str) -> str:
    """Return a name without case, width and quotation marks, for comparison only."""
    text = unicodedata.normalize("NFKC", name).casefold().replace("’", "'").strip(" \"'“”„«»「」『』《》[]*_")
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not "\u0300" <= c <= "\u036f")
    return unicodedata.normalize("NFC", text)


@lru_cache(maxsize=_REMEMBERED)
def parts(name: str) -> tuple[str, ...]:
    """Return the folded parts of a name, split at spaces and middle dots."""
    return tuple(p.strip(".,") for p in _SPLIT.split(fold(name)) if p.strip(".,"))


@lru_cache(maxsize=_REMEMBERED)
def script(name: str) -> str:
    """Return ``kana``, ``han`` or ``latin``: the script most telling for a name."""
    if _KANA.search(name):
        return "kana"
    return "han" if _HAN.search(name) else "latin"


def completeness(name: str) -> tuple[int, int, int]:
    """Return a key by which the fullest form of a name is the greatest."""
    pieces = parts(name)
    if script(name) == "latin":
        initials = sum(len(p) == 1 for p in pieces)
        return (2 if len(pieces) > 1 else 0, len(pieces) - initials, len(name))
    return (2 if len(pieces) > 1 else 1 if len(pieces[0] if pieces else "") > 2 else 0, len(pieces), len(name))


@cache
def _nicknames() -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    for words in lexicons().values():
        for full, short in words.nicknames.items():
            for form in short:
                table.setdefault(fold(full), set()).add(fold(form))
                table.setdefault(fold(form), set()).add(fold(full))
    return {k: frozenset(v) for k, v in table.items()}


@cache
def _particles() -> frozenset[str]:
    return frozenset(fold(p) for words in lexicons().values() for p in words.name_particles)


def _same_given(one: str, other: str) -> bool:
    if one == other or other in _nicknames().get(one, ()):
        return True
    initial = min(len(one), len(other)) == 1 and one[0] == other[0]
    return initial or one.split("-", maxsplit=1)[0] == other or other.split("-", maxsplit=1)[0] == one


def _genitive(short: str, full: str) -> bool:
    return short.rstrip("'").removesuffix("'s").rstrip("'") == full or (short.endswith("s") and short[:-1] == full)


@lru_cache(maxsize=_REMEMBERED)
def surname(name: str) -> str:
    """Return the folded surname of a name in Latin script with its particles, else its last part."""
    pieces = parts(name)
    if not pieces:
        return ""
    at = len(pieces) - 1
    while at > 1 and pieces[at - 1] in _particles():
        at -= 1
    return " ".join(pieces[at:])


def match_person(short: str, full: str) -> Match:
    """Say whether a form of a person's name can stand for a fuller one of the same text."""
    a, b = parts(short), parts(full)
    if not a or not b:
        return NO_MATCH
    if a == b or "".join(a) == "".join(b):
        return Match(1.0, "the same name")
    if script(short) == "latin" or script(full) == "latin":
        return _match_latin(a, b, full) if script(short) == script(full) else NO_MATCH
    if len(b) > 1:
        return _match_dotted(a, b)
    return _match_undotted(a[0], b[0]) if len(a) == 1 else NO_MATCH


def _match_latin(a: tuple[str, ...], b: tuple[str, ...], full: str) -> Match:
    if len(a) == 1:
        return _match_single(a[0], b, full)
    if len(b) < len(a) or len(b) == 1:
        return NO_MATCH
    if " ".join(a) == surname(full):
        return Match(0.97, "surname with its particles")
    same_last = a[-1] == b[-1] or _genitive(a[-1], b[-1]) or _genitive(b[-1], a[-1])
    same_first = _same_given(a[0], b[0])
    if same_last and same_first and len(a) == len(b) == 2:
        return Match(0.95, "variant of the given name")
    if same_last and same_first and all(p in b or len(p) == 1 for p in a[1:-1]):
        return Match(0.95, "shorter full name")
    if same_last and all(p in b for p in a[:-1]):
        return Match(0.9, "shorter full name")
    if a == b[: len(a)]:
        return Match(0.85, "beginning of the full name")
    return NO_MATCH


def _match_single(short: str, b: tuple[str, ...], full: str) -> Match:
    """Compare one word with a full name in Latin script: as surname, given name, middle name or genitive."""
    if len(b) == 1:
        return Match(0.9, "genitive") if _genitive(short, b[0]) and len(short) > 3 else NO_MATCH
    if short in (surname(full), b[-1]) or _genitive(short, b[-1]):
        return Match(0.97, "surname")
    if _genitive(b[-1], short):
        return Match(0.95, "surname of a name in the genitive")
    if len(short) > 1 and (_same_given(short, b[0]) or _genitive(short, b[0])):
        return Match(0.85, "given name")
    if len(short) > 2 and short in b[1:-1] and short not in _particles():
        return Match(0.8, "middle or first surname")
    if len(short) > 2 and "-" in b[-1] and short in b[-1].split("-"):
        return Match(0.7, "part of a double surname")
    return NO_MATCH


def _match_dotted(a: tuple[str, ...], b: tuple[str, ...]) -> Match:
    joined = "".join(b)
    if len(a) == 1:
        if a[0] == b[-1]:
            return Match(0.97, "surname")
        if a[0] in b:
            return Match(0.85, "given name")
        if len(a[0]) > 1 and (joined.endswith(a[0]) or "".join(b[1:]) == a[0]):
            return Match(0.85, "tail of the transliteration")
        return NO_MATCH
    if len(a) < len(b) and all(p in b for p in a):
        return Match(0.9, "shorter full name")
    if a[1:] == b[1:] and len(a[0]) == 1 and a[0] in _INITIALS.get(b[0][0], ""):
        return Match(0.9, "initial and surname")
    return NO_MATCH


def _match_undotted(a: str, b: str) -> Match:
    if len(a) >= len(b):
        return NO_MATCH
    if script(b) == "kana":
        return Match(0.85, "part of the name") if len(a) > 1 and (b.endswith(a) or b.startswith(a)) else NO_MATCH
    if len(b) <= 3 and b.startswith(a):
        return Match(0.95 if len(a) > 1 else 0.85, "surname")
    if len(b) <= 3 and b.endswith(a) and len(a) > 1:
        return Match(0.85, "given name")
    if len(b) > 3 and len(a) > 1 and b.endswith(a):
        return Match(0.85, "given name or tail of the transliteration")
    if len(b) > 3 and b.startswith(a) and (len(a) > 1 or len(b) == 4):
        return Match(0.85, "surname or head of the transliteration")
    return NO_MATCH


@cache
def _legal() -> tuple[re.Pattern[str], re.Pattern[str]]:
    latin: set[str] = set()
    other: set[str] = set()
    for words in lexicons().values():
        for form in words.organisations.legal_forms:
            (latin if script(form) == "latin" else other).add(fold(form))
    by_length = sorted(latin, key=len, reverse=True), sorted(other, key=len, reverse=True)
    tail = re.compile(r"[\s,]+(?:" + "|".join(map(re.escape, by_length[0])) + r")\.?\Z")
    around = re.compile("(?:" + "|".join(map(re.escape, by_length[1])) + ")")
    return tail, around


@lru_cache(maxsize=_REMEMBERED)
def organisation_core(name: str) -> str:
    """Return the folded name of an organisation without article and legal form."""
    tail, around = _legal()
    text = re.sub(r"\A(?:the|die|der|das|den|dem|des)\s+", "", fold(name))
    text = re.sub(r"[（(][^（()）]*[)）]\s*\Z", "", text).strip() or text
    text = text.removesuffix("'s") or text
    first, _, rest = text.partition(" ")
    if rest and any(c.fullmatch(first) for c in _class_nouns()):
        text = rest
    for _ in range(3):
        shorter = tail.sub("", text).strip(" ,.")
        text = shorter or text
    bare = text
    for found in (m.group() for m in around.finditer(text)):
        if bare.startswith(found) or bare.endswith(found):
            bare = bare.removeprefix(found).removesuffix(found)
    return bare.strip() or text


def is_class_noun(name: str) -> bool:
    """Say whether a name is one word that only says what an organisation is ('Technologieplattform')."""
    return any(c.fullmatch(fold(name)) for c in _class_nouns())


@cache
def _class_nouns() -> tuple[re.Pattern[str], ...]:
    patterns = (words.organisations.class_nouns for words in lexicons().values())
    return tuple(compiled(pattern) for pattern in patterns if pattern)


def organisation_form(name: str) -> tuple[int, int, int]:
    """Return a key by which the best way to write a name is the greatest: full, no class noun before, nominative."""
    core = organisation_core(name)
    first, _, rest = core.partition(" ")
    head, _, name_itself = fold(name).partition(" ")
    led = bool(name_itself) and any(c.fullmatch(head) for c in _class_nouns())
    return len(_ENDING.sub("", first)) + len(rest), -int(led), -len(first)


@cache
def _generic() -> frozenset[str]:
    return frozenset(fold(w) for words in lexicons().values() for w in words.organisations.generic_words)


@cache
def _divisions() -> frozenset[str]:
    return frozenset(fold(w) for words in lexicons().values() for w in words.organisations.division_words)


@cache
def _home_words() -> frozenset[str]:
    return frozenset(fold(w) for words in lexicons().values() for w in words.organisations.home_words)


def _is_authority(name: str) -> bool:
    """Say whether the words of a name, and more than a generic word, show an authority or another institution."""
    kinds = (words.organisations.kinds.get("institution", "") for words in lexicons().values())
    return len(name) > 2 and name not in _generic() and any(kind and compiled(kind).search(name) for kind in kinds)


def _is_body(name: str) -> bool:
    """Say whether a name is but the word for a kind of institution: 連合, 協会."""
    kinds = (words.organisations.kinds.get("institution", "") for words in lexicons().values())
    return len(name) > 1 and any(kind and compiled(kind).fullmatch(name) for kind in kinds)


@lru_cache(maxsize=_REMEMBERED)
def initials(name: str) -> frozenset[str]:
    """Return the abbreviations that the initials of a name give, with and without small words."""
    words = [w for w in re.split(r"[\s\-/&]+", organisation_core(name)) if w]
    if len(words) < 2:
        return frozenset()
    content = [w for w in words if w not in _CONNECTIVES]
    full = [w for w in re.split(r"[\s\-/&]+", fold(name)) if w]
    return frozenset("".join(w[0] for w in each) for each in (words, content, full) if len(each) > 1)


def match_organisation(short: str, full: str) -> Match:
    """Say whether a form of an organisation's name can stand for a fuller one of the same text."""
    a, b = organisation_core(short), organisation_core(full)
    if not a or not b:
        return NO_MATCH
    if a == b or a.replace(" ", "") == b.replace(" ", ""):
        return Match(1.0 if fold(short) == fold(full) else 0.98, "the same name but for the legal form")
    if _genitive(a, b) and len(a) > 3:
        return Match(0.9, "genitive")
    if _inflected(a, b):
        return Match(0.95, "another case ending")
    if len(a) >= len(b):
        return NO_MATCH
    if script(a) == "latin" and script(b) == "latin":
        return _match_latin_organisation(short, a, b, full)
    if script(b) != "latin":
        return _match_cjk_organisation(a, b)
    return NO_MATCH


def _inflected(a: str, b: str) -> bool:
    """Say whether two names differ in the ending of their first word alone ('Deutschen Bank', 'Deutsche Bank')."""
    (one, _, rest), (other, _, last) = a.partition(" "), b.partition(" ")
    if not rest or rest != last or len(one) < 5 or len(other) < 5:
        return False
    return _ENDING.sub("", one) == _ENDING.sub("", other)


def _match_latin_organisation(short: str, a: str, b: str, full: str) -> Match:
    first, rest = a.split(), b.split()
    if a.replace(".", "") in initials(full) and short.strip(".").replace(".", "").isupper():
        return Match(0.95, "initials")
    if rest[: len(first)] == first:
        if _divisions() & set(rest[len(first) :]):
            return NO_MATCH
        generic = all(w.strip("&,.") in _generic() or not w.strip("&,.") for w in rest[len(first) :])
        return Match(0.95, "without its generic words") if generic else Match(0.55, "beginning of the name")
    if len(first) >= 2 and rest[-len(first) :] == first:
        return Match(0.6, "end of the name")
    if len(first) == 1 and len(rest) > 1 and rest[-1] == first[0] and all(w in _generic() for w in rest[:-1]):
        return Match(0.85, "without its generic words")
    return NO_MATCH


def _match_cjk_organisation(a: str, b: str) -> Match:
    if b.startswith(a) and (len(a) > 1):
        rest = b[len(a) :].strip()
        if any(rest.startswith(w) for w in _divisions()):
            return NO_MATCH
        for _ in range(3):
            rest = rest.removeprefix(max((w for w in _generic() if rest.startswith(w)), key=len, default=""))
        return Match(0.95, "without its generic words") if not rest else Match(0.6, "beginning of the name")
    if b.endswith(a) and b.removesuffix(a) in _home_words() and _is_authority(a):
        return Match(0.9, "without its country")
    if script(a) == "han" and b.endswith(a) and _is_body(a):
        return Match(0.6, "end of the name")
    if len(a) >= 3 and b.endswith(a) and (script(b) == "han" or _behind_its_town(a, b)):
        return Match(0.6, "end of the name")
    if 2 <= len(a) <= 4 and len(b) >= len(a) + 2 and script(a) == "han" and a[0] == b[0] and _subsequence(a, b):
        return Match(0.6, "abbreviation by characters")
    return NO_MATCH


def _behind_its_town(a: str, b: str) -> bool:
    """Say whether a name in kana stands in a longer one behind a short word in characters ('東京ヴェルディ')."""
    head, common = b.removesuffix(a), _generic() | _divisions() | _home_words()
    written = script(a) == "kana" and not _HAN.search(a) and script(head) == "han"
    return written and 1 < len(head) <= _TOWN and a not in common and head not in common


def _subsequence(short: str, full: str) -> bool:
    at = 0
    for character in full:
        if at < len(short) and short[at] == character:
            at += 1
    return at == len(short)


@lru_cache(maxsize=_REMEMBERED)
def person_keys(name: str) -> frozenset[str]:
    """Return keys such that names of which one may stand for the other share at least one."""
    pieces = parts(name)
    if script(name) != "latin":
        joined = "".join(pieces)
        return frozenset({*pieces, joined[:1], joined[-1:]})
    keys: set[str] = set()
    for piece in pieces:
        keys |= {piece, piece.removesuffix("s").removesuffix("'"), *piece.split("-"), *_nicknames().get(piece, ())}
    return frozenset({*keys, "".join(pieces)})


@lru_cache(maxsize=_REMEMBERED)
def organisation_keys(name: str) -> frozenset[str]:
    """Return keys such that names of which one may stand for the other share at least one."""
    core = organisation_core(name)
    if script(core) != "latin":
        return frozenset({core[:1], core[-1:], *core.split()[:1]})
    words = core.split()
    # a generic last word ('bank', 'systems') is shared by names that have nothing else in common
    ends = [words[0], *(w for w in words[-1:] if w not in _generic())] if words else []
    edges = {form for w in ends for form in (w, w.removesuffix("s"), _ENDING.sub("", w))}
    return frozenset({*edges, core.replace(" ", "")[:5], core.replace(".", ""), *initials(name)})
