"""Questions of the relation stage: who is the subject left out here, which organisation is in focus here."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from operator import attrgetter
from typing import NamedTuple

from claimtrail.document import Document, Label, Quotation, Reference, ResolvedBy
from claimtrail.facts.anaphora import is_passing, is_source, is_work, speaker_at
from claimtrail.facts.beside import beside, has_post, is_party
from claimtrail.facts.layout import Layout, Role, layout_of
from claimtrail.facts.lexicon import Kind

_START = attrgetter("start")
_ASIDE = 1.3  # what an organisation named in passing counts less
_FOCUS = 0.7  # what the organisation counts more that the text is about,
_LONG_FOCUS = 1.8  # in a whole article, which goes back to it past the others that it names,
_ARTICLE = 8  # and from how many sentences on a text is one
_LONG = 5  # sentences from which on a text names more than once what it is about
_POSTED = 0.5  # what an organisation counts more beside which a post of it is named
_WINDOW = 4  # sentences back in which any person may be meant by a subject left out
_ITEM = 3  # sentences that an item of a digest goes on about the organisation that begins it
_OPENING = 40  # characters within which it is named
_LEAD = 3  # sentences that say what a text is about
_FAR = 12  # sentences back in which the last topic or subject may be: a life goes on about its own
_LEAST = -0.6
_ASIDE_BEFORE = 0.8  # what a person of an earlier sentence that was not its subject counts less
_OBJECT_HERE = 2.0  # what an object of this very sentence counts less
_OWN_TOPIC = 1.2  # what the possessor of this sentence's topic counts more as its subject left out
_KINDS = {kind.value: kind for kind in Kind}
_LEADING = {Role.TOPIC: 2.0, Role.SUBJECT: 1.6, Role.OTHER: 0.6, Role.OBJECT: 0.2, Role.POSSESSOR: 0.0}


def kind_of(reference: Reference) -> Kind | None:
    """Return what sort of expression a reference is; None for a name."""
    head = reference.reason.split(":", 1)[0]
    return _KINDS.get(head)


def subject_before(document: Document, position: int, lang: str, *, layout: Layout | None = None) -> Reference | None:
    """Return the person most likely meant by a subject left out at a position, with confidence and reason.

    Within direct speech that is its speaker; in a text by an author the author; else the topic or subject of this
    sentence or the ones before. The reference's span is empty and stands at the position when no characters name
    the person near it. None without any candidate. A ``layout`` of the same document saves time over many calls.
    """
    facts = document.facts
    speaker = speaker_at(facts.quotations, position)
    if speaker:
        name = next((r.name for r in facts.references if r.entity == speaker), speaker)
        return _left_out(position, (speaker, name), ResolvedBy.QUOTE, 0.85, "left out: the one who speaks")
    layout = layout or layout_of(document)
    here = layout.sentence_at(position)
    best: tuple[float, Reference] | None = None
    for reference in _near(document, here - _FAR, position):
        if reference.label is not Label.PERSON or reference.end > position or layout.lang_at(reference.start) != lang:
            continue
        distance = here - layout.sentence_at(reference.start)
        if _in_other_speech(facts.quotations, reference.start, position) or is_work(layout, reference):
            continue
        role = layout.role(reference.start, reference.end)
        leading = role in (Role.TOPIC, Role.SUBJECT)
        if distance > _WINDOW and not leading:
            continue
        score = max(3.0 - 0.9 * distance, _LEAST if leading else -9.0) + _LEADING.get(role, -0.5)
        if distance and not leading:
            score -= _ASIDE_BEFORE
        elif not distance and role in (Role.OBJECT, Role.OBLIQUE):
            score -= _OBJECT_HERE
        if distance == 0 and role is Role.POSSESSOR:
            score += _OWN_TOPIC
        if reference.resolved_by is ResolvedBy.COREFERENCE:
            score *= 0.6 + 0.4 * reference.confidence
        if best is None or score >= best[0]:
            best = score, reference
    if facts.author and (best is None or best[1].entity == facts.author or best[0] < 4.0):
        confidence = 0.85 if best is None or best[1].entity == facts.author else 0.7
        who = facts.author, facts.author_name
        return _left_out(position, who, ResolvedBy.AUTHOR, confidence, "left out: the author")
    if best is None:
        return None
    score, found = best
    confidence = round(min(0.9, 0.25 + 0.13 * score) * min(1.0, found.confidence + 0.05), 3)
    return Reference(
        found.start,
        found.end,
        Label.PERSON,
        found.entity,
        found.name,
        ResolvedBy.COREFERENCE,
        confidence,
        f"left out: {found.name}, {layout.role(found.start, found.end)} before",
    )


def _near(document: Document, first_sentence: int, position: int) -> Sequence[Reference]:
    """Return the references from the start of a sentence up to a position."""
    references = document.facts.references
    start = document.sentences[first_sentence].start if first_sentence > 0 else 0
    return references[bisect_left(references, start, key=_START) : bisect_left(references, position, key=_START)]


def _in_other_speech(quotations: tuple[Quotation, ...], start: int, position: int) -> bool:
    return any(q.start <= start < q.end and not q.start <= position < q.end for q in quotations)


def _left_out(position: int, who: tuple[str, str], by: ResolvedBy, confidence: float, reason: str) -> Reference:
    return Reference(position, position, Label.PERSON, who[0], who[1], by, confidence, reason)


def focal_org_at(
    document: Document, position: int, *, person: str = "", layout: Layout | None = None
) -> Reference | None:
    """Return the organisation in focus at a position: the nearest before it that is no mere source, else the focal one.

    One that is named in passing ('from ORG'), or beside a person other than the entity ``person`` ('ORG chief X'),
    counts less. None when the text names no organisation. The span is the mention found, or the focal one's first. A
    ``layout`` of the same document saves time over many calls.
    """
    layout = layout or layout_of(document)
    here, references = layout.sentence_at(position), document.facts.references
    start = document.sentences[here - 12].start if here - 12 > 0 else 0
    first, last = (bisect_left(references, place, key=_START) for place in (start, position))
    question = ("focal organisation", here, layout.lang_at(position), first, last, person)
    return layout.once(question, lambda: _focal_org(layout, here, layout.lang_at(position), first, last, person))


class _Candidate(NamedTuple):
    """An organisation named or meant somewhere, with what does not depend on where one asks; ``out`` if none."""

    reference: Reference
    sentence: int
    lang: str
    named: bool
    party: bool
    out: bool
    posted: bool
    leading: bool


def _candidate(layout: Layout, reference: Reference) -> _Candidate:
    return layout.once(
        ("candidate", reference.start, reference.end, reference.entity), lambda: _seen(layout, reference)
    )


def _seen(layout: Layout, reference: Reference) -> _Candidate:
    named = reference.resolved_by is not ResolvedBy.COREFERENCE
    return _Candidate(
        reference,
        layout.sentence_at(reference.start),
        layout.lang_at(reference.start),
        named,
        party=is_party(layout, reference),
        out=kind_of(reference) is Kind.WE or (named and is_source(layout, reference)),
        posted=named and has_post(layout, reference),
        leading=layout.role(reference.start, reference.end) in (Role.TOPIC, Role.SUBJECT),
    )


def _focal_org(layout: Layout, here: int, lang: str, first: int, last: int, person: str) -> Reference | None:
    facts = layout.document.facts
    best: tuple[float, Reference] | None = None
    near = [_candidate(layout, r) for r in facts.references[first:last] if r.label is Label.ORG]
    parties = {candidate.reference.entity for candidate in near if candidate.party}
    item = layout.item_at(layout.document.sentences[here].start)
    if item is not None:  # which tells of others than the items before
        near = [c for c in near if item.start <= c.reference.start and not c.out] or near
    focus = _LONG_FOCUS if len(layout.document.sentences) >= _ARTICLE else _FOCUS
    for candidate in near:
        reference = candidate.reference
        if candidate.out or candidate.lang != lang or reference.entity in parties:
            continue
        distance = here - candidate.sentence
        score = (3.0, 2.4, 1.6, 1.0)[distance] if distance < 4 else 0.4
        score += focus if reference.entity == facts.focal_org else 0.0
        score += _POSTED if candidate.posted else 0.0
        score += 0.5 if candidate.leading else 0.0
        if candidate.named and reference.entity != facts.focal_org:
            score -= _ASIDE if _is_aside(layout, reference, person) else 0.0
        if best is None or score >= best[0]:
            best = score, reference
    if best is None:
        found = next((r for r in facts.references if r.entity == facts.focal_org), None) if facts.focal_org else None
        score = 1.0
        if found is None:
            return None
    else:
        score, found = best
    others = {r.entity for r in facts.references if r.label is Label.ORG} - {found.entity}
    confidence = 0.85 if not others else round(min(0.85, 0.3 + 0.12 * score), 3)
    where = "the organisation the text is about" if found.entity == facts.focal_org else "the nearest organisation"
    return Reference(
        found.start,
        found.end,
        Label.ORG,
        found.entity,
        found.name,
        ResolvedBy.COREFERENCE,
        confidence,
        f"{Kind.ORGANISATION}: {found.name}, {where}",
    )


def is_far(document: Document, position: int, organisation: Reference, *, layout: Layout | None = None) -> bool:
    """Say whether an organisation in focus at a position is too far from it: named once in a long text, not near.

    What is told there may then well be of another organisation, one that the text does not name.
    """
    if len(document.sentences) < _LONG:
        return False
    layout, name = layout or layout_of(document), organisation.name
    if layout.once(("named more than once", name), lambda: _is_named_again(document, name)):
        return False
    distance = layout.sentence_at(position) - layout.sentence_at(organisation.start)
    item = _begins_item(document, organisation.start, position)
    if organisation.entity == document.facts.focal_org and layout.sentence_at(organisation.start) < _LEAD:
        return False
    return distance > (1 if organisation.entity == document.facts.focal_org else _ITEM if item else 0)


def _begins_item(document: Document, start: int, position: int) -> bool:
    """Say whether a name begins the paragraph that a position stands in, as those of the items of a digest do."""
    opening = document.text.rfind("\n", 0, start) + 1
    return start - opening < _OPENING and document.text.find("\n", start, position) < 0


def item_org(document: Document, position: int) -> Reference | None:
    """Return the organisation with which the item of a digest begins that a position stands in: 'Nordwerk: …'."""
    opening = document.text.rfind("\n", 0, position) + 1
    first = bisect_left(document.facts.references, opening, key=_START)
    found = document.facts.references[first : first + 1]
    if not found or found[0].label is not Label.ORG or found[0].end > position:
        return None
    return found[0] if found[0].start - opening < _OPENING and document.text.startswith(":", found[0].end) else None


def _is_named_again(document: Document, name: str) -> bool:
    organisations = (r for r in document.facts.references if r.label is Label.ORG)
    return sum(name in r.name or r.name in name for r in organisations) > 1


def _is_aside(layout: Layout, organisation: Reference, person: str) -> bool:
    """Say whether an organisation is named in passing, or only to say where another person belongs."""
    question = ("aside", organisation.start, organisation.end, organisation.entity, person)
    return layout.once(question, lambda: _stands_aside(layout, organisation, person))


def _stands_aside(layout: Layout, organisation: Reference, person: str) -> bool:
    document = layout.document
    if is_passing(layout, organisation):
        return True
    here = layout.sentence_at(organisation.start)
    sentence = document.sentences[here]
    return any(
        reference.label is Label.PERSON
        and reference.entity != person
        and reference.resolved_by in (ResolvedBy.NAME, ResolvedBy.ALIAS)
        and reference.start >= sentence.start
        and beside(layout, reference, organisation)
        for reference in _near(document, here, sentence.end)
    )


def affiliation(document: Document, entity: str, position: int, *, layout: Layout | None = None) -> Reference | None:
    """Return the organisation that the text names right beside a person: 'ORG chief X', 'X, chief of ORG', 'ORGのX'.

    Of several the last before ``position`` counts, else the first after it; None when no name has one beside it.
    """
    layout = layout or layout_of(document)
    found: list[Reference] = []
    names = [r for r in document.facts.references if r.resolved_by in (ResolvedBy.NAME, ResolvedBy.ALIAS)]
    for place, person in enumerate(names):
        if person.entity != entity:
            continue
        for neighbour in (*names[max(0, place - 1) : place], *names[place + 1 : place + 2]):
            if neighbour.label is Label.ORG and beside(layout, person, neighbour):
                found.append(neighbour)
    before = [r for r in found if r.start <= position]
    chosen = before[-1] if before else found[0] if found else None
    if chosen is None:
        return None
    confidence = 0.85 if len({r.entity for r in found}) == 1 else 0.65
    reason = f"{Kind.ORGANISATION}: {chosen.name}, named beside the person"
    return replace(chosen, resolved_by=ResolvedBy.COREFERENCE, confidence=confidence, reason=reason)
