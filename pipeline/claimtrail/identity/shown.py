"""The records of people, organisations and posts: what they are called, in which forms, and their ids."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from claimtrail.evidence import Post
from claimtrail.identity import names, orgs, scripts
from claimtrail.identity.moves import heaviest
from claimtrail.identity.profiles import Item, Profile
from claimtrail.identity.scripts import Script
from claimtrail.records import EntityRecord


def entity_id(prefix: str, oldest: tuple[str, str]) -> str:
    """Return the id of a person (``per``) or organisation (``org``) by the text and id of its oldest mention."""
    return f"{prefix}-" + _digest(prefix, *oldest)


def table_id(key: str) -> str:
    """Return the id of a well-known organisation."""
    return "org-" + _digest("org", key)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def person_record(made_id: str, profiles: Sequence[Profile], name: str = "") -> EntityRecord:
    """Return the record of a person; ``name`` is the one the user gives."""
    forms = _named_forms(profiles)
    ranked = _fullest_first(forms, person=True)
    shown = name or ranked[0]
    return EntityRecord(made_id, shown, _by_language(forms), _romanised(shown, forms))


def organisation_record(made_id: str, profiles: Sequence[Profile], name: str = "") -> EntityRecord:
    """Return the record of an organisation; ``name`` is the one the user gives."""
    forms = _named_forms(profiles)
    key = min((p.key for p in profiles if p.key), default="")
    return EntityRecord(made_id, name or orgs.shown_name(key, _fullest_first(forms, person=False)), _by_language(forms))


def post_record(found: Iterable[tuple[Item, Post | None]]) -> EntityRecord | None:
    """Return the post of most weight with the forms of all; its name is English where known."""
    forms: dict[str, set[str]] = defaultdict(set)
    weights: list[tuple[str, float]] = []
    for item, post in found:
        if post is not None:
            forms[item.told.lang].add(post.text)
            weights.append((post.name or post.text, item.told.confidence))
    name = heaviest(weights)
    if name is None:
        return None
    digest = hashlib.sha256(name.encode()).hexdigest()
    return EntityRecord("post-" + digest[:16], name, {lang: sorted(found) for lang, found in sorted(forms.items())})


def _named_forms(profiles: Sequence[Profile]) -> list[tuple[str, str, str]]:
    """Language, form and text of every form; forms that only say 'the author' count where there is no other."""
    every = [(lang, form, p.place.doc) for p in profiles for lang, form in p.forms]
    return [f for f in every if not names.is_anonymous(f[1])] or every


def _by_language(forms: Sequence[tuple[str, str, str]]) -> dict[str, list[str]]:
    by_lang: dict[str, set[str]] = defaultdict(set)
    for lang, form, _ in forms:
        if not names.is_anonymous(form):
            by_lang[lang].add(form)
    return {lang: sorted(found, key=_long_first) for lang, found in sorted(by_lang.items())}


def _long_first(form: str) -> tuple[int, str]:
    return (-len(form), form)


def _fullest_first(forms: Sequence[tuple[str, str, str]], *, person: bool) -> list[str]:
    """The forms, in Latin letters before others, the fullest first; of equally full ones, the one of most texts."""
    texts: dict[str, set[str]] = defaultdict(set)
    for _, form, doc in forms:
        texts[form].add(doc)
    return [form for _, form in sorted(_ranked(texts, person))]


def _ranked(texts: Mapping[str, set[str]], person: bool) -> Iterator[tuple[tuple[bool, int, bool, int, int], str]]:
    for form, docs in texts.items():
        name = names.parse(form)
        latin = name.script is Script.LATIN
        parts = len(name.folded) if latin or not person else len(form)
        shouted = form.isupper() and len(form) > 4
        yield (not latin, -parts, shouted, -len(docs), -len(form)), form


def _romanised(shown: str, forms: Sequence[tuple[str, str, str]]) -> str | None:
    """Return a name that no text gives in Latin letters as its characters are read: pinyin, or Hepburn's romaji.

    None for a name in Latin letters, and for Chinese characters in Japanese texts: their reading is not told.
    """
    if scripts.script_of(shown) is Script.KANA:
        return names.romanised(shown)
    if scripts.script_of(shown) is Script.HAN:
        kana = [form for _, form, _ in forms if scripts.script_of(form) is Script.KANA and names.parse(form).is_full]
        if kana:
            return names.romanised(min(kana, key=_long_first))
        if all(lang == "zh" for lang, form, _ in forms if form == shown):
            return names.romanised(shown)
    return None
