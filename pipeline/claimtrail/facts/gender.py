"""Gender cues of named persons: honorifics, titles beside the name, given names. No cue is no answer."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from claimtrail.document import Document, Entity, Label, Reference
from claimtrail.facts.layout import Layout
from claimtrail.facts.lexicon import Gender, Lexicon, compiled, ends_with, lexicons, starts_with
from claimtrail.facts.names import fold, parts, script

_NEAR = 3


@cache
def _given_names(feminine: bool) -> frozenset[str]:
    names: set[str] = set()
    for words in lexicons().values():
        names |= {fold(n) for n in (words.feminine if feminine else words.masculine).given_names}
    return frozenset(names)


def _given_name_cue(name: str) -> float:
    """Return a cue from the given name: above 0 for a man's, below 0 for a woman's."""
    pieces = parts(name)
    if not pieces:
        return 0.0
    if script(name) == "latin":
        if len(pieces) < 2:
            return 0.0
        forms, given = 1.0, pieces[0].split("-")[0]
    elif len(pieces) == 1 and script(name) == "han":
        forms, given = 0.4, pieces[0][-1] if len(pieces[0]) > 1 else ""
    elif script(name) == "han":
        # a foreign name spelled by its sound: 安娜·克恩
        forms, given = 1.0, pieces[0]
    else:
        return 0.0
    return forms * ((given in _given_names(False)) - (given in _given_names(True)))


def genders(layout: Layout, names: Sequence[Reference]) -> dict[str, float]:
    """Return a cue for every person entity: above 0 is a man, below 0 a woman, near 0 is unknown."""
    document = layout.document
    cues: dict[str, float] = {}
    titles = [e for e in document.entities if e.label is Label.TITLE]
    for reference in names:
        if reference.label is not Label.PERSON:
            continue
        value = _honorific_cue(layout, reference)
        if value == 0:
            value = _title_cue(document, layout, reference, titles)
        if value == 0:
            value = _given_name_cue(document.covered(reference))
        cues[reference.entity] = cues.get(reference.entity, 0.0) + value
    return cues


def _honorific_cue(layout: Layout, reference: Reference) -> float:
    words = layout.lexicon_at(reference.start)
    if words is None:
        return 0.0
    return 3.0 * (_titled(words.masculine, layout, reference) - _titled(words.feminine, layout, reference))


def _titled(gender: Gender, layout: Layout, reference: Reference) -> bool:
    text = layout.document.text
    return bool(ends_with(gender.before, text, reference.start) or starts_with(gender.after, text, reference.end))


def _title_cue(document: Document, layout: Layout, reference: Reference, titles: Sequence[Entity]) -> float:
    words = layout.lexicon_at(reference.start)
    if words is None:
        return 0.0
    for title in titles:
        start, end = title.start, title.end
        beside = 0 <= reference.start - end <= _NEAR or 0 <= start - reference.end <= _NEAR
        if not beside:
            continue
        last = document.text[start:end].split()
        value = max((_word_cue(words, word) for word in last), key=abs, default=0.0)
        if value:
            return value
    before = document.text[max(0, reference.start - 40) : reference.start].split()
    # 'her father, Emeka' as well as 'her father Emeka'
    return _word_cue(words, before[-1].rstrip(",")) if words.words and before else 0.0


def _word_cue(words: Lexicon, word: str) -> float:
    """Return the cue of a title beside a name; those for women are surer, as forms for men may be meant for both."""
    if len(word) > 4 and words.feminine.title and compiled(words.feminine.title).fullmatch(word):
        return -2.0
    return 1.0 if words.masculine.title and compiled(words.masculine.title).fullmatch(word) else 0.0
