"""Who writes in the first person: the author of a text, by signature, self-introduction or byline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from claimtrail.document import Document, Quotation, Reference
from claimtrail.facts.anaphora import Found
from claimtrail.facts.layout import Layout, Role
from claimtrail.facts.lexicon import Frame, Kind, Lexicon, compiled, lexicons, starts_with
from claimtrail.facts.names import completeness
from claimtrail.facts.quotations import Marked

_SINGULAR = frozenset({Kind.FIRST, Kind.FIRST_POSSESSIVE})
_TAIL = 200
_QUESTIONS = 2  # that an interview has at least


@dataclass(frozen=True, slots=True)
class Author:
    """The first person of a text: an entity number if named (``""`` if not), the name and how it was found."""

    entity: str
    name: str
    reason: str
    confidence: float


def find_author(
    layout: Layout,
    people: Sequence[Reference],
    quotations: Sequence[Quotation],
    marked: Sequence[Marked],
    first_person: Sequence[Found],
) -> Author | None:
    """Return the author of a text that speaks in the first person outside its quotations, else None.

    A first person whose name stands nowhere gets the name ``<author of FILE>``.
    """
    document = layout.document
    outside = [f for f in first_person if f.kind in _SINGULAR and not _inside(f.start, quotations, marked)]
    if len(outside) == 1 and outside[0].anaphor.case == "object":
        outside = []
    free = [p for p in people if not _inside(p.start, quotations, marked)]
    dropped = _dropped_first_person(layout, free, quotations, marked)
    introduced = _framed(layout, free, "self_introductions")
    if not outside and not dropped and introduced is None:
        return None
    if introduced is not None and not outside and not dropped:
        words = layout.lexicon_at(introduced.start)
        if words is None or words.words:
            return None
    for found, reason, confidence in (
        (introduced, "introduces themselves", 0.95),
        (_interviewed(layout, people), "answers the questions of an interview", 0.85),
        (_signature(layout, free), "signs the text", 0.93),
        (_framed(layout, free, "bylines"), "named as the writer", 0.8),
    ):
        if found is not None:
            return Author(found.entity, found.name, reason, confidence)
    spoken = len({layout.sentence_at(f.start) for f in outside}) + int(dropped)
    others = {layout.sentence_at(p.start) for p in free if layout.role(p.start, p.end) in (Role.TOPIC, Role.SUBJECT)}
    # a stray first person among sentences about others is more often speech that lost its marks than the writer
    confidence = 0.85 if spoken >= len(others) else 0.5
    if 3 * spoken < len(others):
        return None
    name = document.doc_id.replace("\\", "/").rsplit("/", 1)[-1]
    return Author("", f"<author of {name}>", "first person of a text that names no author", confidence)


def _inside(position: int, quotations: Sequence[Quotation], marked: Sequence[Marked]) -> bool:
    return any(q.start <= position < q.end for q in quotations) or any(m.start <= position < m.end for m in marked)


def _matches(document: Document, person: Reference, frame: Frame, at_end: bool, postscript: str = "") -> bool:
    text = document.text
    found = compiled(postscript).search(text, person.end) if postscript else None
    text = text[: found.start()] if found else text
    if frame.before and not compiled(rf"(?:{frame.before})\Z").search(text[max(0, person.start - 60) : person.start]):
        return False
    if at_end and len(text) - person.end > _TAIL:
        return False
    return not frame.after or starts_with(frame.after, text, person.end, _TAIL + 1) is not None


def _framed(layout: Layout, people: Sequence[Reference], what: str) -> Reference | None:
    for person in people:
        words = layout.lexicon_at(person.start)
        if words is None:
            continue
        frames = words.self_introductions if what == "self_introductions" else words.bylines
        if any(_matches(layout.document, person, frame, False) for frame in frames):
            return person
    return None


def _interviewed(layout: Layout, people: Sequence[Reference]) -> Reference | None:
    """Return whom the questions of an interview address by name: its answers are in the first person."""
    text = layout.document.text
    for person in people:
        words = layout.lexicon_at(person.start)
        if words is None or not words.question:
            continue
        asked = len(compiled(words.question).findall(text))
        if asked >= _QUESTIONS and any(_matches(layout.document, person, frame, False) for frame in words.interviewed):
            return person
    return None


def _signature(layout: Layout, people: Sequence[Reference]) -> Reference | None:
    for person in reversed(people):
        words = layout.lexicon_at(person.start) or _any_lexicon(layout.document)
        if words is not None and any(
            _matches(layout.document, person, frame, True, words.postscript) for frame in words.signatures
        ):
            return person
    return None


def _surely_a_person(layout: Layout, person: Reference) -> bool:
    words = layout.lexicon_at(person.start)
    polite = words is not None and starts_with(words.honorific, layout.document.text, person.end) is not None
    return polite or completeness(layout.document.covered(person))[0] > 0


def _any_lexicon(document: Document) -> Lexicon | None:
    return lexicons().get(document.lang)


def _dropped_first_person(
    layout: Layout, people: Sequence[Reference], quotations: Sequence[Quotation], marked: Sequence[Marked]
) -> bool:
    """Say whether the text speaks in a first person that it leaves out: its turns of phrase, before anybody acts."""
    acting = [
        person.start
        for person in people
        if layout.role(person.start, person.end) in (Role.TOPIC, Role.SUBJECT) and _surely_a_person(layout, person)
    ]
    for sentence in layout.document.sentences:
        words = lexicons().get(sentence.lang)
        if words is None or not words.speech.author_voice:
            continue
        for match in compiled(words.speech.author_voice).finditer(layout.document.text, sentence.start, sentence.end):
            if not _inside(match.start(), quotations, marked):
                return not acting or match.start() < acting[0]
    return False
