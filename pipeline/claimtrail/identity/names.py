"""Names of people: their parts, and how likely two names, in whatever scripts, are one person's."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache

from claimtrail.data import languages
from claimtrail.entities.lexicon import entity_rules
from claimtrail.identity import scripts
from claimtrail.identity.scripts import Script
from claimtrail.identity.transliteration import Score, weights

_DOTS = "・·•･‧∙⋅＝=゠"
_EDGES = " \t\n\u3000\"'“”„‟«»‹›「」『』《》〈〉()（）[]【】,，、;；:：!！?？"
_SUFFIXES = frozenset(("jr", "jr.", "sr", "sr.", "ii", "iii", "iv"))
_AUTHOR = "<author of "
# What is less likely than this as a whole is not looked at by its parts. A good given name never carries a wrong
# surname: the least likely part counts.
_PART_FLOOR = 0.3
_SURNAME_FLOOR = 0.02
_ROMAJI = re.compile(
    r"(?:(?:[kgsztdnhbpmrfwj]|sh|ch|ts|cch|ssh|tts|[kgnhbpmr]?y|kk|ss|tt|pp)?h?[aeiou]h?|n|m(?=[bp]))+"
)
# Letters that a unit is written with on average in a name, at most.
_MOST_LETTERS = {"kana-latin": 3.0, "zh-latin": 4.2, "zh-kana": 4.2, "kanji-latin": 7.0}
# Twice this share of the consonants of both must be the same.
_SHARED_SOUNDS = 0.22
_GOOD = 0.2
# One letter more or less makes another name more often than a slip: this alone joins nobody.
_NEARLY = 0.1


class Kind(StrEnum):
    """What of the names is compared: whole names, or one that is only a surname or a given name of the other."""

    FULL = "full"
    SURNAME = "surname"
    GIVEN = "given"


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name cut into its parts: ``folded`` for comparing, in the order written; ``text`` as shown.

    Latin parts keep their particles ('van der Berg' is one part). ``umlauts`` are the parts with umlauts written out.
    """

    text: str
    script: Script
    folded: tuple[str, ...]
    umlauts: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What equal names share."""
        return " ".join(self.folded)

    @property
    def is_full(self) -> bool:
        """Whether the name is more than a surname or given name, as far as its form tells."""
        if self.script is Script.HAN and len(self.folded) == 1:
            return len(self.folded[0]) >= 3
        return len(self.folded) > 1


@dataclass(frozen=True, slots=True)
class NameMatch:
    """How likely two names are one person's, which parts were compared, and how ('is', 'reads like' …)."""

    probability: float
    kind: Kind = Kind.FULL
    how: str = ""


NO_MATCH = NameMatch(0.0)


def is_anonymous(name: str) -> bool:
    """Return whether a name only says that the author of a text is meant."""
    return name.startswith(_AUTHOR)


@cache
def _honorifics() -> tuple[tuple[str, ...], tuple[str, ...]]:
    rules = [entity_rules(lang) for lang in languages()]
    # One letter with a stop, French 'M.', is an initial as well.
    before = {h for r in rules for h in r.honorifics_before if len(h.rstrip(".")) > 1}
    after = {h for r in rules for h in r.honorifics_after}
    return tuple(sorted(before, key=_longest_first)), tuple(sorted(after, key=_longest_first))


@cache
def _honorific_ends() -> tuple[tuple[str, ...], tuple[str, ...]]:
    before, after = _honorifics()
    return tuple(word.casefold() for word in before), after


@cache
def _particles() -> frozenset[str]:
    return frozenset(scripts.fold_latin(p) for lang in languages() for p in entity_rules(lang).particles)


def _longest_first(word: str) -> tuple[int, str]:
    return (-len(word), word)


@lru_cache(maxsize=30_000)
def clean(form: str) -> str:
    """Take the honorifics, quotation marks and possessive endings from a name; the rest stays as written."""
    name = " ".join(unicodedata.normalize("NFKC", form).strip(_EDGES).split())
    name = re.sub(r"['’]s$|(?<=s)['’]$", "", name)
    before, after = _honorifics()
    first, last = _honorific_ends()
    changed = True
    # Most names have none, which shows at once.
    while changed and (name.casefold().startswith(first) or name.endswith(last)):
        changed = False
        for word in before:
            if name.casefold().startswith(word.casefold() + " ") and len(name) > len(word) + 1:
                name, changed = name[len(word) + 1 :].strip(_EDGES), True
        for word in after:
            stem = name[: -len(word)].rstrip()
            # Two characters must stay of a name without kana or dot: 李先生 is left as 李, 君 alone is a name.
            if name.endswith(word) and stem and (len(word) > 1 or len(stem) > 1):
                name, changed = stem, True
    return name


@lru_cache(maxsize=200_000)
def parse(form: str) -> PersonName:
    """Cut a form of a name into its parts."""
    text = clean(form)
    script = scripts.script_of(text)
    if script is Script.HAN:
        pieces = re.split(rf"[{_DOTS}\s]+", text)
        return PersonName(text, script, tuple(scripts.fold_hanzi(p) for p in pieces if p))
    if script is Script.KANA:
        pieces = re.split(rf"[{_DOTS}\s]+", text)
        return PersonName(text, script, tuple(scripts.fold_kana(p) for p in pieces if p))
    parts = _latin_parts(text)
    return PersonName(
        text,
        script,
        tuple(scripts.fold_latin(p) for p in parts),
        tuple(scripts.fold_umlauts(p) for p in parts),
    )


def _latin_parts(text: str) -> list[str]:
    """Split a Latin name at spaces; particles go to the part after them, hyphens are dropped, 'Jr.' is left out."""
    words = [w for w in re.split(rf"[\s,{_DOTS}]+", text) if w and w.casefold() not in _SUFFIXES]
    parts: list[str] = []
    held = ""
    for place, word in enumerate(words):
        bare = re.sub(r"[-‐‑–.]", "", word)
        if scripts.fold_latin(word) in _particles() and place + 1 < len(words):
            held += bare
        elif bare:
            parts.append(held + bare)
            held = ""
    return parts


@lru_cache(maxsize=30_000)
def compare(one: str, other: str) -> NameMatch:
    """Say how likely two forms name one person, given that both did the same at the same place.

    The answer is symmetric. A surname against a full name is of kind SURNAME: it needs support from elsewhere.
    """
    a, b = sorted((parse(one), parse(other)), key=_script_order)
    if not a.folded or not b.folded:
        return NO_MATCH
    if a.script is b.script:
        return _same_script(a, b)
    if a.script is Script.LATIN and b.script in (Script.KANA, Script.HAN):
        return _against_latin(b, a)
    if {a.script, b.script} == {Script.KANA, Script.HAN}:
        kana, han = (a, b) if a.script is Script.KANA else (b, a)
        return _kana_against_han(kana, han)
    return NO_MATCH


def _script_order(name: PersonName) -> tuple[int, str, str]:
    return (_ORDER[name.script], name.key, name.text)


_ORDER = {script: place for place, script in enumerate(Script)}


def _same_script(a: PersonName, b: PersonName) -> NameMatch:
    if a.folded == b.folded or (a.umlauts and (a.umlauts in (b.umlauts, b.folded) or a.folded == b.umlauts)):
        if a.script is Script.HAN and not a.is_full and a.folded[0][:1] in surnames() and len(a.folded[0]) == 2:
            return NameMatch(0.9, Kind.FULL, "is the same name as")
        return NameMatch(1.0 if a.is_full else 0.8, Kind.FULL if a.is_full else Kind.SURNAME, "is the same name as")
    if a.script is Script.HAN:
        return _han_forms(a, b)
    short, long = sorted((a, b), key=_part_count)
    if len(short.folded) == 1:
        return _single_part(short, long)
    if sorted(a.folded) == sorted(b.folded):
        return NameMatch(0.95, Kind.FULL, "has the same parts as")
    same_surname = _alike(a.folded[-1], b.folded[-1])
    same_given = _alike(a.folded[0], b.folded[0])
    if same_surname == 1 and same_given == 1:
        return NameMatch(0.95, Kind.FULL, "has the same first and last name as")
    if same_surname == 1 and _shortened(short, long):
        return NameMatch(0.85, Kind.FULL, "has the same surname and a shortened first name of")
    if same_surname == 1 and long.folded[0] in nicknames().get(short.folded[0], ()):
        return NameMatch(0.85, Kind.FULL, "has the same surname and a pet form of the first name of")
    if same_surname == 1 and short.folded[0] in nicknames().get(long.folded[0], ()):
        return NameMatch(0.85, Kind.FULL, "has the same surname and a pet form of the first name of")
    if [*map(scripts.long_vowels_folded, a.folded)] == [*map(scripts.long_vowels_folded, b.folded)]:
        return NameMatch(0.85, Kind.FULL, "but for long vowels is spelled like")
    if same_surname and same_given:
        return NameMatch(_NEARLY, Kind.FULL, "is spelled nearly like")
    return NO_MATCH


def _part_count(name: PersonName) -> tuple[int, int, str]:
    return (len(name.folded), len(name.folded[0]), name.key)


def _single_part(short: PersonName, long: PersonName) -> NameMatch:
    word = short.folded[0]
    if len(long.folded) == 1:
        return NameMatch(_NEARLY, Kind.SURNAME, "is spelled nearly like") if _alike(word, long.folded[0]) else NO_MATCH
    surnames = {long.folded[-1], *long.umlauts[-1:]}
    if surnames & {word, *short.umlauts} or (len(word) > 3 and long.folded[-1].endswith(word)):
        return NameMatch(0.8, Kind.SURNAME, "is the surname of")
    if word == long.folded[0]:
        return NameMatch(0.5, Kind.GIVEN, "is the first name of")
    if word in long.folded or word == "".join(long.folded):
        return NameMatch(0.7, Kind.SURNAME, "is part of")
    return NO_MATCH


def _han_forms(a: PersonName, b: PersonName) -> NameMatch:
    one, other = "".join(a.folded), "".join(b.folded)
    if one == other:
        return NameMatch(0.95, Kind.FULL, "is the same name as")
    short, long = sorted((one, other), key=len)
    dotted = len(a.folded) > 1 or len(b.folded) > 1
    if long.endswith(short) and (dotted or len(long) >= 4) and len(short) >= 2:
        return NameMatch(0.75, Kind.SURNAME, "is the surname of")
    if long.startswith(short) and len(long) <= 5 and not dotted:
        return NameMatch(0.7 if len(short) > 1 else 0.5, Kind.SURNAME, "is the surname of")
    if long.endswith(short) and len(short) >= 2:
        return NameMatch(0.5, Kind.GIVEN, "is the first name of")
    if long.startswith(short) and len(short) >= 2:
        return NameMatch(0.45, Kind.GIVEN, "is the first name of")
    # Characters of one sound stand for each other in transliterations, not in Chinese names.
    foreign = dotted or min(len(one), len(other)) >= 4
    if foreign and len(one) == len(other) and _sounds(one) == _sounds(other):
        return NameMatch(0.85, Kind.FULL, "sounds the same as")
    return NO_MATCH


@lru_cache(maxsize=50_000)
def _sounds(text: str) -> tuple[str, ...]:
    return tuple((scripts.readings(c) or (c,))[0] for c in text)


def _alike(a: str, b: str) -> int:
    """1 for equal words, 2 for long ones that differ in one letter, 0 otherwise."""
    if a == b:
        return 1
    if min(len(a), len(b)) < 5 or a[0] != b[0] or abs(len(a) - len(b)) > 1:
        return 0
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    end = 0
    while end < min(len(a), len(b)) - start and a[-1 - end] == b[-1 - end]:
        end += 1
    return 2 if max(len(a), len(b)) - start - end <= 1 else 0


def _shortened(one: PersonName, other: PersonName) -> bool:
    """Whether one first name is an initial or a clipped form of the other: 'J.' or 'Alex' for 'Alexander'.

    'Johanna' is no 'Johann', and 'Karl-Heinz' no 'Karl'.
    """
    short, long = sorted((one, other), key=_first_length)
    clipped, whole = short.folded[0], long.folded[0]
    if not whole.startswith(clipped) or "-" in long.text.split(" ", maxsplit=1)[0][len(clipped) :][:1]:
        return False
    return len(clipped) == 1 or (len(clipped) >= 3 and len(whole) - len(clipped) >= 2)


def _first_length(name: PersonName) -> int:
    return len(name.folded[0])


@cache
def nicknames() -> dict[str, frozenset[str]]:
    """Return the first names that a pet form may stand for, folded, by the pet form."""
    found: dict[str, frozenset[str]] = {}
    for row in (scripts.data_folder() / "nicknames.tsv").read_text("utf-8").splitlines():
        if row and not row.startswith("#"):
            pet, wholes = row.split("\t")
            found[pet] = frozenset(wholes.split())
    return found


def _against_latin(name: PersonName, latin: PersonName) -> NameMatch:
    """Compare a name in kana or Chinese characters with a Latin one."""
    whole, part = NO_MATCH, NO_MATCH
    for kind, parts in _cuts(latin):
        if kind is not Kind.FULL and len(name.folded) > 1:
            continue  # a name of several parts is none of a single one
        for probability, how in _readings(name, parts, kind):
            found = NameMatch(_rounded(probability), kind, how)
            if kind is Kind.FULL and found.probability > whole.probability:
                whole = found
            if kind is not Kind.FULL and found.probability > part.probability:
                part = found
    return _whole_or_part(whole, part)


def _whole_or_part(whole: NameMatch, part: NameMatch) -> NameMatch:
    """A whole name that fits is better evidence than a part of it that fits better."""
    return whole if whole.probability >= _GOOD else max(whole, part, key=_likelihood)


def _likelihood(match: NameMatch) -> float:
    return match.probability


def _rounded(probability: float) -> float:
    """A reading is never certain; two decimals are shown."""
    return min(0.99, round(probability, 4))


def _cuts(latin: PersonName) -> Iterator[tuple[Kind, tuple[str, ...]]]:
    """Yield the ways a Latin name may be given: whole, without middle names, surname or first name only."""
    parts = latin.folded
    if len(parts) == 1:
        yield Kind.SURNAME, parts
        return
    yield Kind.FULL, parts
    if len(parts) > 2:
        yield Kind.FULL, (parts[0], parts[-1])
        yield Kind.FULL, (parts[0], *parts[2:])
    yield Kind.SURNAME, parts[-1:]
    yield Kind.GIVEN, parts[:1]


def _readings(name: PersonName, parts: tuple[str, ...], kind: Kind) -> Iterator[tuple[float, str]]:
    if name.script is Script.KANA:
        yield _read_pieces("kana-latin", tuple(scripts.morae(p) for p in _kana_pieces(name)), parts), "reads like"
        return
    syllables = tuple(_sounds(p) for p in name.folded)
    if len(name.folded) > 1 or not _spells_others(name.folded[0], parts):
        yield _read_pieces("zh-latin", syllables, parts), "reads like"
    if len(name.folded) == 1:
        han = name.folded[0]
        orders = [parts] if len(parts) == 1 else [parts[::-1], parts]
        for order in orders:
            if 2 <= len(han) <= 4 and _is_pinyin(han, order):
                # One syllable is shared by too many names; two are a name, three nearly a proof.
                yield (0.97 if len(parts) > 1 and len(han) > 2 else 0.9 if len(parts) > 1 else 0.6), "is in pinyin"
            if 2 <= len(han) <= 6 and _is_romaji(order) and _are_kanji(han):
                sounds = tuple(map(scripts.long_vowels_folded, order))
                yield _read_pieces("kanji-latin", (tuple(han),), sounds), "is read"
        if kind is Kind.SURNAME and len(han) >= 3 and any(_is_pinyin(han[:n], parts) for n in (1, 2)):
            yield 0.5, "begins with the surname"


def _kana_pieces(name: PersonName) -> tuple[str, ...]:
    # The text is cut again: folding for comparison took away what the reading needs (ヴ, ー, ッ).
    return tuple(p for p in re.split(rf"[{_DOTS}\s]+", name.text) if p)


def _read_pieces(table: str, pieces: tuple[tuple[str, ...], ...], parts: tuple[str, ...]) -> float:
    """Probability that pieces of a source read as the parts: piece by part where the numbers agree, else as one run."""
    if not all(pieces) or len(pieces) not in (1, len(parts)):
        return 0.0
    if not 0.8 <= sum(map(len, parts)) / sum(map(len, pieces)) <= _MOST_LETTERS[table]:
        return 0.0
    if not all(_begins_alike(table, piece[0], part[:1]) for piece, part in zip(pieces, parts, strict=False)):
        return 0.0
    compared = parts if len(pieces) == len(parts) else ("".join(parts),)
    if not all(map(_shares_sounds, (table,) * len(pieces), pieces, compared)):
        return 0.0
    model = weights(table)
    if len(pieces) == 1:
        probability = model.probability(model.score(pieces[0], parts))
        return probability if probability < _PART_FLOOR else min(probability, model.likeness(pieces[0], parts))
    if model.probability(model.score(pieces[-1], parts[-1:])) < _SURNAME_FLOOR:
        return 0.0
    scores = [model.score(p, (w,)) for p, w in zip(pieces, parts, strict=True)]
    gain, letters, units = (sum(values) for values in zip(*scores, strict=True))
    probability = model.probability(Score(gain, int(letters), int(units)))
    if probability < _PART_FLOOR:
        return probability
    return min(probability, *(model.likeness(p, (w,)) for p, w in zip(pieces, parts, strict=True)))


@lru_cache(maxsize=30_000)
def outline(form: str) -> tuple[Script, tuple[tuple[int, ...], ...]]:
    """Return the script of a name, and how often each class of consonants occurs in each part, spelled in Latin.

    There are no parts where the spelling cannot be guessed: Chinese characters without a dot may be read in Japanese.
    """
    name = parse(form)
    if name.script is Script.LATIN:
        return name.script, tuple(map(_sounds_of_part, name.folded))
    if name.script is Script.KANA:
        return name.script, tuple(_sounds_of_piece("kana-latin", scripts.morae(p)) for p in _kana_pieces(name))
    if name.script is Script.HAN and len(name.folded) > 1:
        return name.script, tuple(_sounds_of_piece("zh-latin", _sounds(piece)) for piece in name.folded)
    return name.script, ()


def consonants(form: str) -> tuple[int, ...]:
    """Return how often each class of consonants occurs in a name as it may be spelled in Latin letters."""
    name = parse(form)
    if name.script is Script.KANA:
        return _sounds_of_piece("kana-latin", tuple(unit for p in _kana_pieces(name) for unit in scripts.morae(p)))
    if name.script is Script.HAN:
        return _sounds_of_piece("zh-latin", _sounds("".join(name.folded)))
    return _sounds_of_part("".join(name.folded))


def may_match(one: str, other: str) -> bool:
    """Say at little cost whether two names may be one: most names in two scripts share too few consonants."""
    (script, ours), (other_script, theirs) = outline(one), outline(other)
    if script is other_script or not ours or not theirs:
        return True
    if len(ours) == len(theirs):
        return all(map(_overlap, ours, theirs))
    if len(ours) > 1 and len(theirs) > 1:
        return _overlap(ours[-1], theirs[-1])
    return any(_overlap(a, b) for a in ours for b in theirs)


def _overlap(ours: tuple[int, ...], theirs: tuple[int, ...]) -> bool:
    return sum(map(min, ours, theirs)) >= _SHARED_SOUNDS * (sum(ours) + sum(theirs))


def _shares_sounds(table: str, piece: tuple[str, ...], part: str) -> bool:
    """Whether enough of the consonants are there at all: spares the reading of most other names."""
    if table == "kanji-latin":
        return True
    return _overlap(_sounds_of_piece(table, piece), _sounds_of_part(part))


@lru_cache(maxsize=50_000)
def _sounds_of_piece(table: str, piece: tuple[str, ...]) -> tuple[int, ...]:
    model = weights(table)
    return _sounds_of_part("".join(model.likeliest(unit) for unit in piece))


@lru_cache(maxsize=50_000)
def _sounds_of_part(part: str) -> tuple[int, ...]:
    """How often each class of consonants occurs."""
    skeleton = _skeleton(part)
    return tuple(skeleton.count(sound) for sound in _SOUNDS)


@lru_cache(maxsize=50_000)
def _begins_alike(table: str, unit: str, letter: str) -> bool:
    """Whether a name that begins with the unit may begin with the letter: spares the reading of most other names."""
    known = weights(table).first_letters(unit)
    return not known or _skeleton(letter) in {_skeleton(first) for first in known}


@lru_cache(maxsize=5_000)
def _is_romaji(parts: tuple[str, ...]) -> bool:
    """Whether the parts may be Japanese, written by the rules or nearly so."""
    return all(_ROMAJI.fullmatch(part) for part in parts)


@lru_cache(maxsize=20_000)
def _are_kanji(han: str) -> bool:
    """Whether all characters occur in Japanese names; many that Chinese writes foreign names with do not."""
    return all(char in weights("kanji-latin").table for char in han)


def _spells_others(han: str, parts: tuple[str, ...]) -> bool:
    """Whether the parts are a Chinese name in pinyin, of as many syllables, but of other characters."""
    if not 2 <= len(han) <= 4 or len(han) not in _syllable_counts("".join(parts)):
        return False
    return not any(_is_pinyin(han, order) for order in (parts, parts[::-1]))


@lru_cache(maxsize=5_000)
def _syllable_counts(text: str) -> frozenset[int]:
    """Return the numbers of Mandarin syllables that a word may be cut into; none of a word of one or two letters."""
    if len(text) < 3:
        return frozenset()
    counts: list[set[int]] = [{0}, *(set[int]() for _ in text)]
    for at in range(len(text)):
        for length in range(1, 7):
            if counts[at] and text[at : at + length] in _syllables():
                counts[at + len(text[at : at + length])] |= {n + 1 for n in counts[at]}
    return frozenset(counts[-1])


@cache
def _syllables() -> frozenset[str]:
    return frozenset(spelled for char in scripts.hanzi_table() for spelled in _spellings(char))


def _is_pinyin(han: str, parts: tuple[str, ...]) -> bool:
    """Whether the characters' Mandarin readings, one each, spell exactly the parts (surname first)."""
    ends = {len("".join(parts[: i + 1])) for i in range(len(parts))}
    text = "".join(parts)
    states = {0}
    crossed: set[int] = set()
    for char in han:
        states = {at + len(spelled) for at in states for spelled in _spellings(char) if text.startswith(spelled, at)}
        if not states:
            return False
        crossed |= states
    return len(text) in states and ends <= crossed


@lru_cache(maxsize=30_000)
def _spellings(char: str) -> frozenset[str]:
    return frozenset(r.replace("v", vowel) for r in scripts.readings(char) for vowel in ("v", "u", "yu"))


def _kana_against_han(kana: PersonName, han: PersonName) -> NameMatch:
    """Compare katakana with Chinese characters: the sounds of a foreign name in both, or a Japanese name's reading."""
    whole, best = NO_MATCH, NO_MATCH
    latin = tuple(scripts.romaji(p) for p in _kana_pieces(kana))
    if not all(latin):
        return NO_MATCH
    if len(latin) == len(han.folded) == 1 and len(han.folded[0]) >= 3:
        # A Japanese name is written without a space, and so is its reading.
        sounds = tuple(map(scripts.long_vowels_folded, latin))
        whole = NameMatch(_rounded(_read_pieces("kanji-latin", (tuple(han.folded[0]),), sounds)), Kind.FULL, "is read")
    cuts = [(Kind.FULL, latin)] if len(latin) > 1 else []
    cuts.append((Kind.SURNAME, latin[-1:]))
    for kind, parts in cuts:
        pieces = tuple(_sounds(p) for p in han.folded)
        if kind is Kind.SURNAME and len(pieces) > 1:
            pieces = pieces[-1:]
        found = [NameMatch(_rounded(_read_pieces("zh-kana", pieces, parts)), kind, "sounds like")]
        if len(han.folded) == 1 and _are_kanji(han.folded[0]):
            sounds = tuple(map(scripts.long_vowels_folded, parts))
            read = _rounded(_read_pieces("kanji-latin", (tuple(han.folded[0]),), sounds))
            found.append(NameMatch(read, kind, "is read"))
        if kind is Kind.FULL:
            whole = max(whole, *found, key=_likelihood)
        best = max(best, *found, key=_likelihood)
    return _whole_or_part(whole, best)


@lru_cache(maxsize=5_000)
def exact_keys(form: str) -> frozenset[str]:
    """Return keys that forms of one name in one script share: surname, single parts, the consonants of the whole."""
    name = parse(form)
    if not name.folded:
        return frozenset()
    kind = name.script.value
    if name.script is Script.HAN:
        whole = "".join(name.folded)
        ends = {f"{kind} ^{whole[:2]}", f"{kind} ^{whole[:1]}", f"{kind} {whole[-2:]}$"}
        return frozenset({*ends, f"{kind} {' '.join(_sounds(whole))}"})
    parts = {name.folded[-1], *name.umlauts[-1:], *(name.folded if len(name.folded) > 2 else ())}
    sounds = [scripts.romaji(p) for p in name.folded] if name.script is Script.KANA else list(name.folded)
    return frozenset({*(f"{kind} ={p}" for p in parts), f"{kind} ~{sounds[0][:1]} {_skeleton(sounds[-1])}"})


@lru_cache(maxsize=5_000)
def sound_keys(form: str) -> frozenset[str]:
    """Return keys that forms of one person share in two scripts: consonant classes of the parts, spelled in Latin.

    Of the three classes after the first, one is left out, each in turn: two parts that differ in one of them meet.
    """
    name = parse(form)
    found: set[str] = set()
    if name.script is Script.LATIN:
        found = {_skeleton(p) for p in name.folded}
    elif name.script is Script.KANA:
        for piece in _kana_pieces(name):
            found |= _spelled("kana-latin", scripts.morae(piece))
    elif name.script is Script.HAN:
        for piece in name.folded:
            found |= _spelled("zh-latin", _sounds(piece)) | _spelled("kanji-latin", tuple(piece))
            found |= {_skeleton(r + "".join(_sounds(piece[1:]))) for r in scripts.readings(piece[0])}
            found |= {_skeleton("".join(_sounds(piece[n:]))) for n in (1, 2) if n < len(piece)}
    return frozenset(key for skeleton in found if skeleton for key in _with_one_left_out(skeleton))


@lru_cache(maxsize=20_000)
def whole_sound_keys(form: str) -> frozenset[str]:
    """Return such keys of a whole name, its parts run together; of four classes after the first, one is left out."""
    name = parse(form)
    joined = "".join(name.folded)
    if name.script is Script.LATIN:
        found = {_skeleton(joined)}
    elif name.script is Script.KANA:
        found = _spelled("kana-latin", tuple(unit for piece in _kana_pieces(name) for unit in scripts.morae(piece)))
    elif name.script is Script.HAN:
        found = _spelled("zh-latin", _sounds(joined))
    else:
        found = set()
    return frozenset(key for skeleton in found if skeleton for key in _with_one_left_out(skeleton, 4))


def _with_one_left_out(skeleton: str, among: int = 3) -> Iterator[str]:
    """Yield the first class, those after it but for one of so many, and the rest."""
    head, near, rest = skeleton[0], skeleton[1 : among + 1], skeleton[among + 1 :]
    if len(near) < among:
        yield head + near.ljust(among - 1, ".")
    for place in range(len(near)):
        yield head + (near[:place] + near[place + 1 :]).ljust(among - 1, ".") + rest


def _spelled(table: str, units: tuple[str, ...]) -> set[str]:
    if not units:
        return set()
    model = weights(table)
    rest = "".join(model.likeliest(unit) for unit in units[1:])
    heads = {_skeleton(letter)[:1] for letter in model.first_letters(units[0])}
    own = _skeleton(model.likeliest(units[0]) + rest)[1:]
    return {head + own for head in heads}


def _skeleton(word: str) -> str:
    """The consonant classes of a word: its first sound, a vowel included, then consonants, doubled ones once."""
    out = ""
    for place, letter in enumerate(word):
        sound = _CLASSES.get(letter, "a")
        if place == 0 or (sound != "a" and letter not in "hwy" and sound != out[-1]):
            out += sound
    return out


# Letters that spell one sound in different languages are in one class.
_GROUPS = ("kqgxhj", "szc", "fvwpb", "td", "lr", "m", "n", "aeiouy")
_CLASSES = {letter: group[0] for group in _GROUPS for letter in group}
_SOUNDS = "".join(group[0] for group in _GROUPS)


def romanised(name: str) -> str | None:
    """Write a name in kana by Hepburn's rules, one in Chinese characters in pinyin; None where a character is unknown.

    A Chinese name has its surname first, as written. This is a reading, not a spelling that anybody uses.
    """
    found = parse(name)
    if found.script is Script.KANA:
        words = [scripts.romaji(piece) for piece in _kana_pieces(found)]
    elif found.script is Script.HAN:
        pieces = found.folded
        if len(pieces) == 1 and 2 <= len(pieces[0]) <= 4:
            cut = 2 if len(pieces[0]) == 4 or pieces[0][:2] in surnames() else 1
            pieces = (pieces[0][:cut], pieces[0][cut:])
        readings = [[scripts.readings(char) for char in piece] for piece in pieces if piece]
        if not all(all(word) for word in readings):
            return None
        words = ["".join(reading[0] for reading in word).replace("v", "ü") for word in readings]
    else:
        return None
    return " ".join(word.capitalize() for word in words) if all(words) else None


@cache
def surnames() -> frozenset[str]:
    """Return the common Chinese surnames, simplified."""
    rows = (scripts.data_folder() / "surnames.txt").read_text("utf-8").splitlines()
    return frozenset(name for row in rows if not row.startswith("#") for name in row.split())


@lru_cache(maxsize=5_000)
def aligned(one: str, other: str) -> str:
    """Show which part of one name was read as which of the other: '布=b 伦=ren 内=ne 克=ke'; empty in one script."""
    a, b = sorted((parse(one), parse(other)), key=_script_order)
    if a.script is Script.LATIN and b.script in (Script.KANA, Script.HAN):
        source, words = b, [parts for _, parts in _cuts(a)]
    elif {a.script, b.script} == {Script.KANA, Script.HAN}:
        source, kana = (a, b) if a.script is Script.HAN else (b, a)
        latin = tuple(scripts.romaji(p) for p in _kana_pieces(kana))
        words = [latin, latin[-1:]]
    else:
        return ""
    table = {Script.KANA: "kana-latin"}.get(source.script, "zh-latin" if a.script is Script.LATIN else "zh-kana")
    pieces = _kana_pieces(source) if source.script is Script.KANA else source.folded
    shown = [unit for p in pieces for unit in (scripts.morae(p) if source.script is Script.KANA else p)]
    units = list(shown) if source.script is Script.KANA else ["".join(_sounds(char)) for char in shown]
    model = weights(table)
    best = max(((model.score(units, parts).gain, parts) for parts in words if parts), default=(0.0, ()))
    read = model.pieces(units, best[1])
    return " ".join(f"{unit}={piece or '-'}" for unit, piece in zip(shown, read, strict=True)) if read else ""
