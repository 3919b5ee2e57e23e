"""From a document with its mentions to the evidence that resolving takes."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator

from claimtrail.document import Argument, Document, Label, Reference, ResolvedBy, State, Stretch
from claimtrail.evidence import Evidence, Form, Named, Post, Speech, Stated
from claimtrail.identity import copies, names, orgs
from claimtrail.output.build import recorded
from claimtrail.records import TextSpan

# A span that names; pronouns and 'the company' stand for somebody without naming them.
_NAMING = frozenset({ResolvedBy.NAME, ResolvedBy.ALIAS})
_NUMBER = re.compile(r"\d[\d.,]*\d|\d")
_SENTENCE = re.compile(r"[^.!?。！？\n]+[.!?。！？]?")


def evidence_of(document: Document) -> Evidence | None:
    """Return what resolving needs of a document; None of one that was not read through."""
    if document.state is not State.PROCESSED:
        return None
    stated, spoken = [], _spoken(document)
    forms: dict[tuple[Label, str], set[Form]] = defaultdict(set)
    for mention, record in recorded(document):
        person, org = number_of(document, mention.person), number_of(document, mention.org)
        forms[Label.PERSON, person] |= set(_forms(document, mention.person, Label.PERSON))
        forms[Label.ORG, org] |= set(_forms(document, mention.org, Label.ORG))
        stated.append(
            Stated(
                id=record.id,
                relation=record.relation,
                status=record.status,
                lang=record.lang,
                person=person,
                org=org,
                sentence=record.sentence.start,
                trigger=record.trigger.start,
                trigger_end=record.trigger.end,
                manner=record.manner,
                role_from=_post(mention.role_from, record.role_from),
                role_to=_post(mention.role_to, record.role_to),
                when=record.when.value if record.when else "",
                quoted=record.quoted,
                confidence=record.confidence,
            )
        )
    for speaker in spoken:
        forms.setdefault((Label.PERSON, speaker), set())
    keys = _of_references(document, forms)
    named = {place: _named(found, keys.get(place, ""), place[0]) for place, found in sorted(forms.items())}
    unnamed = any(names.is_anonymous(form.text) for _, found in forms.items() for form in found)
    return Evidence(
        doc=document.doc_id,
        sha256=document.sha256,
        lang=document.lang,
        date=document.facts.date or document.record_date,
        people={number: n for (label, number), n in named.items() if label is Label.PERSON and n.forms},
        organisations={number: n for (label, number), n in named.items() if label is Label.ORG},
        around=tuple(sorted(_organisations_named(document))) if stated else (),
        stated=tuple(stated),
        letter=_speech(document, [(0, len(document.text))]) if unnamed else None,
        quotes={speaker: _speech(document, spans) for speaker, spans in spoken.items()},
        sketch=copies.sketch(document.text),
    )


def number_of(document: Document, argument: Argument) -> str:
    """Return the number of the person or organisation an argument points at; one without is told by its name."""
    return argument.entity or "name:" + (argument.name or document.covered(argument))


def _post(argument: Argument | None, span: TextSpan | None) -> Post | None:
    return Post(argument.name, span.text) if argument is not None and span is not None else None


def _of_references(document: Document, forms: dict[tuple[Label, str], set[Form]]) -> dict[tuple[Label, str], str]:
    """Add the forms that references give, and return the table's ids of organisations."""
    keys: dict[tuple[Label, str], str] = {}
    table_keys = {(e.start, e.end): e.key for e in document.entities if e.key and e.label is Label.ORG}
    for reference in document.facts.references:
        place = (reference.label, reference.entity)
        if place in forms:
            span = (reference.start, reference.end)
            forms[place] |= set(_forms(document, reference, reference.label))
            if reference.label is Label.ORG and reference.resolved_by in _NAMING and table_keys.get(span):
                keys[place] = min(table_keys[span], keys.get(place, table_keys[span]))
    return keys


def _named(found: set[Form], key: str, label: Label) -> Named:
    named = tuple(sorted({form for form in found if not names.is_anonymous(form.text)} or found))
    if label is Label.PERSON:
        return Named(named)
    longest = sorted((form.text for form in named), key=_long_first)
    return Named(named, key or next((k for k in map(orgs.table_key, longest) if k), ""))


def _long_first(form: str) -> tuple[int, str]:
    return (-len(form), form)


def _forms(document: Document, argument: Argument | Reference, label: Label) -> Iterator[Form]:
    start, end, name, by = argument.start, argument.end, argument.name, argument.resolved_by
    lang = _language_at(document, start) if start < end else document.lang
    raw = [name] if name else []
    if start < end and (by in _NAMING or not name):
        raw.append(document.text[start:end])
    for form in raw:
        shown = names.clean(form) if label is Label.PERSON and not names.is_anonymous(form) else " ".join(form.split())
        if shown:
            yield Form(lang, shown)


def _language_at(document: Document, position: int) -> str:
    """Return the language of the stretch that holds a position, the document's where none does."""
    index = bisect_right(document.stretches, position, key=_start) - 1
    if index >= 0 and position < document.stretches[index].end and document.stretches[index].lang:
        return document.stretches[index].lang
    return document.lang


def _start(stretch: Stretch) -> int:
    return stretch.start


def _organisations_named(document: Document) -> frozenset[str]:
    return frozenset(_mark(reference) for reference in document.facts.references if _is_organisation(reference)) - {""}


def _is_organisation(reference: Reference) -> bool:
    return reference.label is Label.ORG and bool(reference.name)


def _mark(reference: Reference) -> str:
    return orgs.table_key(reference.name) or orgs.fold(reference.name)


def _spoken(document: Document) -> dict[str, list[tuple[int, int]]]:
    """Return the stretches that a text quotes of each speaker."""
    spoken: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for quotation in document.facts.quotations:
        if quotation.speaker:
            spoken[quotation.speaker].append((quotation.start, quotation.end))
    return {speaker: sorted(spoken[speaker]) for speaker in sorted(spoken)}


def _speech(document: Document, spans: Iterable[tuple[int, int]]) -> Speech:
    wording: set[int] = set()
    marks: list[tuple[int, str]] = []
    lengths: list[int] = []
    for start, end in spans:
        text = document.text[start:end]
        wording |= copies.shingles(text)
        lengths += [len(s.group().strip()) for s in _SENTENCE.finditer(text) if s.group().strip()]
        marks += [(start + m.start(), re.sub(r"[.,]", "", m.group())) for m in _NUMBER.finditer(text)]
        marks += [
            (reference.start, mark)
            for reference in document.facts.references
            if start <= reference.start < end and _is_organisation(reference) and (mark := _mark(reference))
        ]
    return Speech(tuple(sorted(wording)), tuple(mark for _, mark in sorted(marks)), tuple(lengths))
