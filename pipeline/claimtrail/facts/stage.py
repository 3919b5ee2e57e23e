"""The stage that finds what holds for a whole document: date, author, quotations, references and focus."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from claimtrail.document import Document, Facts, Label, Quotation, Reference, ResolvedBy
from claimtrail.facts.anaphora import (
    Found,
    Link,
    OrganisationResolver,
    PersonResolver,
    Seen,
    find_anaphors,
    speaker_at,
)
from claimtrail.facts.authors import Author, find_author
from claimtrail.facts.beside import beside
from claimtrail.facts.datelines import find_date
from claimtrail.facts.focus import find_focal_organisation, find_focal_people
from claimtrail.facts.gender import genders
from claimtrail.facts.layout import Layout
from claimtrail.facts.lexicon import PERSON_KINDS, Kind, starts_with
from claimtrail.facts.linking import link_names
from claimtrail.facts.quotations import Letters, Speakers, find_marked

FindDate = Callable[[Document], tuple[str, str]]
_FIRST = frozenset({Kind.FIRST, Kind.FIRST_POSSESSIVE})
_ORGANISATIONS = frozenset({Kind.ORGANISATION, Kind.OWN_ORGANISATION, Kind.WE})
_WE_CONFIDENCE = 0.55
_BESIDE = 160
_POST_REACH = 3
_POST_WINDOW = 80
_CLASS_REACH = 24
_CLASS_WORD = re.compile(r"(?<![\w-])[^\W\d_][\w-]{2,} \Z")  # the word right before a name


class DocumentFacts:
    """Fills the facts of documents whose tokens and entities are known.

    ``find_date`` may replace the dateline search: it returns an ISO date (or ``""``) and its origin.
    """

    name = "facts"
    requires = frozenset({"sentences", "tokens", "entities"})
    provides = frozenset({"facts"})

    def __init__(self, *, find_date: FindDate | None = None) -> None:
        """Keep the collaborator that reads a document's date."""
        self._find_date = find_date

    def process(self, documents: Sequence[Document]) -> list[Document]:
        """Return the documents with their facts."""
        return [replace(document, facts=self._facts(document)) for document in documents]

    def _facts(self, document: Document) -> Facts:
        layout = Layout(document)
        date, origin = self._find_date(document) if self._find_date is not None else find_date(layout)
        names = link_names(document)
        people = [r for r in names if r.label is Label.PERSON]
        found = find_anaphors(document, names)
        first_person = [f for f in found if f.kind in _FIRST]
        marked = find_marked(layout, first_person)
        organisations = [r for r in names if r.label is Label.ORG]
        speakers = Speakers(layout, people, organisations)
        letters = Letters(layout, people, marked, [f for f in found if f.kind in _FIRST or f.kind is Kind.WE]).find()
        early = _merged(speakers.of(marked), letters)
        author = find_author(layout, people, letters, marked, first_person)
        pointing = _third_person(layout, names, found, early)
        speakers = Speakers(layout, sorted([*people, *pointing], key=_place), organisations)
        late = _merged(speakers.of(marked), letters)
        author_entity = "" if author is None else author.entity or f"p{_count(people)}"
        spoken = _first_person(found, late, author, author_entity, {r.entity: r.name for r in people})
        focal = find_focal_organisation(layout, names)
        pointed = _organisations(layout, names, found=found, quotations=late, focal=focal, author=author_entity)
        references = sorted([*names, *pointing, *spoken, *pointed], key=_place)
        return Facts(
            date=date,
            date_origin=origin,
            author=author_entity,
            author_name="" if author is None else author.name,
            focal_org=focal,
            references=tuple(references),
            quotations=tuple(late),
        )


def _place(reference: Reference) -> tuple[int, int, str]:
    return reference.start, reference.end, reference.entity


def _count(people: Sequence[Reference]) -> int:
    return len({r.entity for r in people})


def _span(quotation: Quotation) -> tuple[int, int]:
    return quotation.start, quotation.end


def _merged(quotations: Sequence[Quotation], letters: Sequence[Quotation]) -> list[Quotation]:
    return sorted([*quotations, *letters], key=_span)


def _reference(found: Found, label: Label, link: Link, name: str, by: ResolvedBy) -> Reference:
    return Reference(found.start, found.end, label, link.entity, name, by, link.confidence, link.reason)


def _third_person(
    layout: Layout, names: Sequence[Reference], found: Sequence[Found], quotations: Sequence[Quotation]
) -> list[Reference]:
    people = [r for r in names if r.label is Label.PERSON]
    named = {r.entity: r.name for r in people}
    ends = sorted(q.end for q in quotations)
    resolver = PersonResolver(
        layout,
        genders(layout, names),
        named,
        _ages(layout, people),
        ends,
        _posts(layout, people),
        find_focal_people(layout, people),
    )
    answers: list[Reference] = []
    waiting = list(people)
    text = layout.document.text
    for one in found:
        while waiting and waiting[0].start < one.start:
            resolver.note(waiting.pop(0))
        if one.kind is Kind.GROUP:
            for link in resolver.group(one):
                answers.append(_reference(one, Label.PERSON, link, named[link.entity], ResolvedBy.COREFERENCE))
        elif one.kind in PERSON_KINDS and not _apposition(one, waiting) and not _added(text, one, resolver.seen):
            link_found = resolver.resolve(one, waiting, speaker_at(quotations, one.start) or "")
            if link_found is not None:
                name = named[link_found.entity]
                reference = _reference(one, Label.PERSON, link_found, name, ResolvedBy.COREFERENCE)
                answers.append(reference)
                resolver.note(reference)
                if one.anaphor.gender and one.kind in (Kind.PRONOUN, Kind.NOMINAL):
                    # 'er' and 'sie' of one text are two persons
                    cue = link_found.confidence if one.anaphor.gender == "m" else -link_found.confidence
                    resolver.gender[link_found.entity] = resolver.gender.get(link_found.entity, 0.0) + cue
    return answers


def _apposition(found: Found, later: Sequence[Reference]) -> bool:
    """Say whether an expression only introduces the name right after it ('the founder, X', 'Ihre X')."""
    gap = later[0].start - found.end if later else -1
    return (found.kind is Kind.NOMINAL and 0 <= gap <= 2) or (found.kind is Kind.POSSESSIVE and 0 <= gap <= 1)


def _added(text: str, found: Found, seen: Sequence[Seen]) -> bool:
    """Say whether a nominal is only added to the name right before it ('X, der neue Chef')."""
    if found.kind is not Kind.NOMINAL or not seen or not seen[-1].named or found.start - seen[-1].end > 3:
        return False
    return not text[seen[-1].end : found.start].strip(" ,，、(（")


def _ages(layout: Layout, people: Sequence[Reference]) -> Mapping[str, str]:
    ages: dict[str, str] = {}
    for person in people:
        words = layout.lexicon_at(person.start)
        for pattern in words.age if words is not None else ():
            match = starts_with(pattern, layout.document.text, person.end)
            if match:
                ages.setdefault(person.entity, match.group(1))
    return ages


def _posts(layout: Layout, people: Sequence[Reference]) -> Mapping[str, frozenset[str]]:
    """Return the posts that stand right before or after the names of each person."""
    document = layout.document
    posts: dict[str, set[str]] = {}
    for person in people:
        for title in layout.titles_in(person.start - _POST_WINDOW, person.end + _POST_WINDOW):
            if 0 <= person.start - title.end <= _POST_REACH or 0 <= title.start - person.end <= _POST_REACH:
                posts.setdefault(person.entity, set()).add(document.covered(title))
    return {entity: frozenset(found) for entity, found in posts.items()}


def _first_person(
    found: Sequence[Found],
    quotations: Sequence[Quotation],
    author: Author | None,
    author_entity: str,
    named: Mapping[str, str],
) -> list[Reference]:
    answers = []
    for one in found:
        if one.kind not in _FIRST:
            continue
        speaker = speaker_at(quotations, one.start)
        if speaker:
            link = Link(speaker, 0.9, f"{one.kind}: {named[speaker]} speaks")
            answers.append(_reference(one, Label.PERSON, link, named[speaker], ResolvedBy.QUOTE))
        elif speaker is None and author is not None:
            link = Link(author_entity, author.confidence, f"{one.kind}: {author.name}, {author.reason}")
            answers.append(_reference(one, Label.PERSON, link, author.name, ResolvedBy.AUTHOR))
    return answers


def _organisations(
    layout: Layout,
    names: Sequence[Reference],
    *,
    found: Sequence[Found],
    quotations: Sequence[Quotation],
    focal: str,
    author: str,
) -> list[Reference]:
    organisations = [r for r in names if r.label is Label.ORG]
    named = {r.entity: r.name for r in organisations}
    forms: dict[str, set[str]] = {}
    for reference in organisations:
        before = layout.document.text[max(0, reference.start - _CLASS_REACH) : reference.start]
        said = _CLASS_WORD.search(before)  # 'the investment bank Hartmann' is meant by 'the bank' later on
        form = layout.document.covered(reference)
        forms.setdefault(reference.entity, set()).update((form, f"{said.group()}{form}") if said else (form,))
    frozen = {entity: frozenset(seen) for entity, seen in forms.items()}
    resolver = OrganisationResolver(layout, organisations, focal, named, frozen)
    people = [r for r in names if r.label is Label.PERSON]
    answers = []
    for one in found:
        if one.kind not in _ORGANISATIONS:
            continue
        link: Link | None
        if any(_names_next(layout.document.text, one.end, o.start) for o in organisations):
            continue
        if one.kind is Kind.ORGANISATION:
            link = resolver.resolve(one)
        else:
            speaker = speaker_at(quotations, one.start)
            own = author if speaker is None else speaker
            link = _own(one, layout, organisations=organisations, people=people, speaker=own, focal=focal, named=named)
        if link is not None:
            reference = _reference(one, Label.ORG, link, named[link.entity], ResolvedBy.COREFERENCE)
            answers.append(reference)
    return answers


def _names_next(text: str, end: int, start: int) -> bool:
    """Say whether an organisation's name follows right after a nominal that only introduces it."""
    return 0 <= start - end <= 1 and not text[end:start].strip(' の「“„"')


def _own(
    one: Found,
    layout: Layout,
    *,
    organisations: Sequence[Reference],
    people: Sequence[Reference],
    speaker: str,
    focal: str,
    named: Mapping[str, str],
) -> Link | None:
    """Return the organisation of the one who speaks: the one named nearest to the speaker's name, else the focal."""
    base = _WE_CONFIDENCE if one.kind is Kind.WE else 0.8 * one.anaphor.confidence
    for person in people if speaker else ():
        for organisation in organisations:
            near = abs(organisation.start - person.start) < _BESIDE
            if person.entity == speaker and near and beside(layout, person, organisation):
                name = named[organisation.entity]
                return Link(organisation.entity, base, f"{one.kind}: {name}, named beside the speaker")
    if focal:
        return Link(focal, round(base * 0.95, 3), f"{one.kind}: {named[focal]}, the organisation the text is about")
    return None
