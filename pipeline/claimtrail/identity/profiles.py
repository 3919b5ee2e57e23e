"""What each text says of each person and organisation that its claims are about: the forms it names them by."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from claimtrail.document import Argument, Document, Label, Mention, Reference, ResolvedBy
from claimtrail.identity import names, orgs
from claimtrail.output.build import mention_records
from claimtrail.records import MentionRecord

# A span that names; pronouns and 'the company' stand for somebody without naming them.
_NAMING = frozenset({ResolvedBy.NAME, ResolvedBy.ALIAS})


class Place(NamedTuple):
    """A person or organisation of one text: the text's id and the entity's number in it."""

    doc: str
    entity: str


@dataclass(frozen=True, slots=True)
class Profile:
    """The forms under which one text names one person or organisation, each with its language, sorted.

    ``key`` is the id of a well-known organisation, ``""`` for others and for people.
    """

    place: Place
    forms: tuple[tuple[str, str], ...]
    key: str = ""

    @property
    def anonymous(self) -> bool:
        """Whether the text never names the person: the author of a letter."""
        return all(names.is_anonymous(form) for _, form in self.forms)


@dataclass(frozen=True, slots=True)
class Item:
    """A mention with its record and the places of its person and organisation."""

    mention: Mention
    record: MentionRecord
    person: Place
    org: Place


def place_of(document: Document, argument: Argument) -> Place:
    """Return the place that an argument points at; one without a number is told by its name."""
    if argument.entity:
        return Place(document.doc_id, argument.entity)
    return Place(document.doc_id, "name:" + (argument.name or document.covered(argument)))


def items_of(document: Document) -> list[Item]:
    """Return a document's mentions with their records; of two with one id, the surer."""
    found: dict[str, Item] = {}
    for mention in document.mentions:
        (record,) = mention_records(replace(document, mentions=(mention,)))
        item = Item(mention, record, place_of(document, mention.person), place_of(document, mention.org))
        if record.id not in found or found[record.id].record.confidence < record.confidence:
            found[record.id] = item
    return list(found.values())


def profiles_of(document: Document, items: Sequence[Item], label: Label) -> dict[Place, Profile]:
    """Return the profiles of the people (or organisations) that a document's claims are about."""
    forms: dict[Place, set[tuple[str, str]]] = defaultdict(set)
    for item in items:
        place, argument = (item.person, item.mention.person) if label is Label.PERSON else (item.org, item.mention.org)
        forms[place] |= set(_forms(document, argument, label))
    keys: dict[Place, str] = {}
    table_keys = {(e.start, e.end): e.key for e in document.entities if e.key and label is Label.ORG}
    for reference in document.facts.references:
        place = Place(document.doc_id, reference.entity)
        if reference.label is label and place in forms:
            span = (reference.start, reference.end)
            forms[place] |= set(_forms(document, reference, label))
            if reference.resolved_by in _NAMING and table_keys.get(span):
                keys[place] = min(table_keys[span], keys.get(place, table_keys[span]))
    made = {}
    for place, found in forms.items():
        named = {(lang, form) for lang, form in found if not names.is_anonymous(form)} or found
        ordered = tuple(sorted(named))
        key = "" if label is Label.PERSON else _key(keys.get(place, ""), ordered)
        made[place] = Profile(place, ordered, key)
    return made


def _key(found: str, forms: Iterable[tuple[str, str]]) -> str:
    return found or next((k for k in (orgs.table_key(form) for _, form in _longest_first(forms)) if k), "")


def _longest_first(forms: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(forms, key=_length)


def _length(form: tuple[str, str]) -> tuple[int, str]:
    return (-len(form[1]), form[1])


def _forms(document: Document, argument: Argument | Reference, label: Label) -> Iterator[tuple[str, str]]:
    start, end, name, by = argument.start, argument.end, argument.name, argument.resolved_by
    lang = language_at(document, start) if start < end else document.lang
    raw = [name] if name else []
    if start < end and (by in _NAMING or not name):
        raw.append(document.text[start:end])
    for form in raw:
        shown = names.clean(form) if label is Label.PERSON and not names.is_anonymous(form) else " ".join(form.split())
        if shown:
            yield lang, shown


def language_at(document: Document, position: int) -> str:
    """Return the language of the stretch that holds a position, the document's where none does."""
    starts = [s.start for s in document.stretches]
    index = bisect_right(starts, position) - 1
    if index >= 0 and position < document.stretches[index].end and document.stretches[index].lang:
        return document.stretches[index].lang
    return document.lang


class Sets:
    """Disjoint sets of places; the smallest place of a set stands for it, whatever the order of joining."""

    def __init__(self) -> None:
        """Begin with every place on its own."""
        self._up: dict[Place, Place] = {}

    def root(self, place: Place) -> Place:
        """Return the place that stands for the set of ``place``."""
        path = []
        while (above := self._up.get(place, place)) != place:
            path.append(place)
            place = above
        for below in path:
            self._up[below] = place
        return place

    def join(self, one: Place, other: Place) -> bool:
        """Make one set of two; say whether they were two."""
        a, b = sorted((self.root(one), self.root(other)))
        if a == b:
            return False
        self._up[b] = a
        return True
