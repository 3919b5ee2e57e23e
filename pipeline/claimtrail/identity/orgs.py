"""Names of organisations: folding legal forms, acronyms, and which names of different texts are one organisation."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache

from claimtrail.data import languages
from claimtrail.entities.gazetteer import entry, key_of
from claimtrail.entities.lexicon import entity_rules
from claimtrail.identity import names, scripts, states
from claimtrail.identity.scripts import Script

_PUNCTUATION = r"[\s・·•\-‐‑–—.,'’\"“”„«»()（）]+"
# Twice this share of the consonants of two names must be the same.
SHARED_SOUNDS = 0.42
_ARTICLES = ("the ", "die ", "der ", "das ")


def _squeeze(text: str) -> str:
    return re.sub(_PUNCTUATION, " ", text).strip()


@cache
def _legal_forms() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Legal forms of all languages, folded, longest first: those after a name and those before it."""
    rules = [entity_rules(lang) for lang in languages()]
    rows = (scripts.data_folder() / "legal_forms.txt").read_text("utf-8").splitlines()
    more = [row for row in rows if row and not row.startswith("#")]
    after = {_squeeze(_letters(f)) for f in (*more, *(f for r in rules for f in r.legal_forms_after))}
    before = {_squeeze(_letters(f)) for r in rules for f in r.legal_forms_before}
    return tuple(sorted(after - {""}, key=_longest_first)), tuple(sorted(before - {""}, key=_longest_first))


def _longest_first(word: str) -> tuple[int, str]:
    return (-len(word), word)


@lru_cache(maxsize=50_000)
def _letters(text: str) -> str:
    folded = scripts.fold_latin(unicodedata.normalize("NFKC", text))
    return scripts.fold_hanzi(folded) if scripts.script_of(folded) is Script.HAN else scripts.to_katakana(folded)


@lru_cache(maxsize=50_000)
def fold(name: str) -> str:
    """Fold a name for comparing: case, accents, punctuation, character forms, articles and legal forms.

    A legal form that is the whole name stays.
    """
    folded = _squeeze(_letters(name))
    for article in _ARTICLES:
        folded = folded.removeprefix(article)
    after, before = _legal_forms()
    changed = True
    while changed:
        changed = False
        for form in after:
            stem = folded.removesuffix(form)
            if stem != folded and len(stem.strip()) > 1 and (stem.endswith(" ") or not form.isascii()):
                folded, changed = stem.strip(), True
        for form in before:
            stem = folded.removeprefix(form)
            if stem != folded and len(stem.strip()) > 1 and (stem.startswith(" ") or not form.isascii()):
                folded, changed = stem.strip(), True
    return folded


@lru_cache(maxsize=50_000)
def table_key(name: str) -> str:
    """Return the id of the well-known organisation or state that goes by this name, else ``""``.

    A legal form may stand beside the name, and a state may be named by its government.
    """
    return key_of(name) or key_of(fold(name)) or states.key(name)


@cache
def usual_name(key: str) -> str:
    """Return the usual English name of a well-known organisation or state."""
    return states.usual_name(key) if states.holds(key) else entry(key).name


def shown_name(key: str, forms: Sequence[str]) -> str:
    """Return the name to show for an organisation of which texts have these forms, the likeliest first.

    A name that a text gives comes before the table's: the usual English one, then the first in Latin letters; the
    table's own only where no text has one in Latin letters.
    """
    usual = usual_name(key) if key else ""
    same = [form for form in forms if usual and fold(form) == fold(usual)]
    latin = [form for form in forms if scripts.script_of(form) is Script.LATIN]
    return next(iter([*same, *latin, *([usual] if usual else []), *forms]))


def is_acronym(short: str, long: str) -> bool:
    """Say whether one name is written with the first letters of the other's words ('RIM', 'Research In Motion').

    Small words may count or not: 'BoE', 'BE'.
    """
    if not re.fullmatch(r"[A-Z][A-Za-z]{0,6}[A-Z]", short):
        return False
    words = [w for w in re.split(r"[\s\-]+", unicodedata.normalize("NFKC", long)) if w[:1].isalpha()]
    if len(words) < 2:
        return False
    every = "".join(w[0] for w in words).casefold()
    capitals = "".join(w[0] for w in words if w[0].isupper()).casefold()
    return short.casefold() in (every, capitals)


def sounds_like(a: str, b: str) -> float:
    """Return how likely two folded names of organisations in different scripts are one name, transliterated."""
    if min(len(a), len(b)) < 3 or scripts.script_of(a) is scripts.script_of(b):
        return 0.0
    match = names.compare(a, b)
    return match.probability if match.kind is names.Kind.FULL or " " not in a + b else 0.0


def consonants(folded: str) -> tuple[Script, tuple[int, ...]]:
    """Return the script of a folded name, and how often each class of consonants occurs in it, spelled in Latin."""
    return scripts.script_of(folded), names.consonants(folded)
