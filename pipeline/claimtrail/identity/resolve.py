"""From the mentions of all texts to canonical claims: the same move of one person at one organisation, told once.

Only the evidence of the texts is looked at (``claimtrail.evidence``), so that a run can be resolved again without the
texts. The answer depends on the set of texts, not on their order. Organisations are joined first, then people, then
moves; what the user decided (``identities``) comes before everything else.
"""

from __future__ import annotations

import gc
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, replace
from typing import Any

import orjson

from claimtrail.document import Document, ResolvedBy
from claimtrail.evidence import Evidence
from claimtrail.identity import names
from claimtrail.identity.authors import Found, quoted_letters, same_moves, speaks_otherwise
from claimtrail.identity.copies import Copy, copies
from claimtrail.identity.decisions import NO_DECISIONS, Decisions
from claimtrail.identity.gather import evidence_of
from claimtrail.identity.letters import called_by_first_names, may_be_called
from claimtrail.identity.link import Best, Context, Each, People, best_match, link_organisations
from claimtrail.identity.moves import (
    JOINS,
    LEAVES,
    ROLE_CHANGE,
    Group,
    Grouping,
    confidence_of,
    contradict,
    date_of,
    departure,
    gives_up,
    heaviest,
)
from claimtrail.identity.profiles import Item, Place, Profile, Sets, items_of, profiles_of
from claimtrail.identity.shown import entity_id, organisation_record, person_record, post_record, table_id
from claimtrail.identity.standing import Before, Standing, changed
from claimtrail.output.build import claim_id_of, mention_records
from claimtrail.output.lines import line
from claimtrail.records import ClaimRecord, DateValue, EntityRecord, MentionRecord

MentionKey = tuple[str, str]
_KEPT_RECORDS = 20_000
# So many mentions are made claims of at once where that is done elsewhere.
_PART = 500
# A name as like as this is reason enough; no other is looked for.
_SURE = 0.8


@dataclass(frozen=True, slots=True)
class Draft:
    """A claim whose mentions are still to be filled in: their texts and ids, the oldest first.

    ``quoted`` gives the names of unnamed authors whom another text names.
    """

    claim: ClaimRecord
    mentions: tuple[MentionKey, ...]
    quoted: Mapping[MentionKey, str]

    def filled(self, record_of: Callable[[MentionKey], MentionRecord]) -> ClaimRecord:
        """Return the claim with its mentions."""
        return replace(self.claim, mentions=[identified(record_of(k), self.quoted.get(k, "")) for k in self.mentions])


def identified(record: MentionRecord, name: str) -> MentionRecord:
    """Return a mention's record; an unnamed author whom another text tells is given that name, by quote."""
    if not name:
        return record
    return replace(record, person=replace(record.person, name=name, resolved_by=ResolvedBy.QUOTE.value))


@dataclass(frozen=True, slots=True)
class Resolution:
    """What resolving found: the claims, sorted by id, and the texts that repeat others."""

    drafts: list[Draft]
    copies: Mapping[str, Copy]


class Texts:
    """What is kept of the evidence of texts, added one by one: their mentions and who they are about."""

    def __init__(self, evidence: Iterable[Evidence]) -> None:
        """Take in texts, in any order."""
        self.items: dict[str, list[Item]] = {}
        self.people: dict[Place, Profile] = {}
        self.organisations: dict[Place, Profile] = {}
        self.around: dict[str, tuple[str, ...]] = {}
        self.speaking: list[Evidence] = []
        # The day stands first: the oldest text of a kind is the original.
        self.sketches: list[tuple[str, str, str, str]] = []
        for text in evidence:
            self.sketches.append((text.date or "9999", text.doc, text.sha256, text.sketch))
            if text.letter is not None or text.quotes:
                self.speaking.append(text)
            if text.stated:
                self.items[text.doc] = items_of(text)
                self.around[text.doc] = text.around
                self.people |= profiles_of(text.doc, text.people, {told.person for told in text.stated})
                self.organisations |= profiles_of(text.doc, text.organisations, {told.org for told in text.stated})
        self.items = {doc: self.items[doc] for doc in sorted(self.items)}
        self.speaking.sort(key=_doc)


def resolve(documents: Sequence[Document], decisions: Decisions = NO_DECISIONS) -> list[ClaimRecord]:
    """Return the canonical claims of all texts, sorted by id; the order of the documents does not matter.

    ``Document.doc_id`` must be different for each document.
    """
    records = {(document.doc_id, r.id): r for document in documents for r in mention_records(document)}
    found = resolve_evidence([e for e in map(evidence_of, documents) if e is not None], decisions)
    return [draft.filled(records.__getitem__) for draft in found.drafts]


def resolve_evidence(
    evidence: Iterable[Evidence], decisions: Decisions = NO_DECISIONS, each: Each | None = None
) -> Resolution:
    """Return the canonical claims of texts given by their evidence; its order does not matter."""
    with uncollected():
        world = World(Texts(evidence), decisions, each)
        return Resolution(sorted(world.drafts(), key=_claim_id), world.copies)


@contextmanager
def uncollected() -> Iterator[None]:
    """Keep the search for circular garbage off: nothing made here is circular, and it goes through all of it."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()


def _doc(evidence: Evidence) -> str:
    return evidence.doc


def _claim_id(draft: Draft) -> str:
    return draft.claim.id


class World:
    """Who and what is one over all texts, and the claims about them; ``copies`` are the texts that repeat others.

    Where ``each`` is given, it calls the two functions that take most of the time: names are compared, organisation by
    organisation, and claims are made, person by person. The answer is the same.
    """

    def __init__(
        self, texts: Texts, decisions: Decisions, each: Each | None = None, standing: Standing | None = None
    ) -> None:
        """Join organisations, then people; of people whose claims are as they stand, no claims are made.

        ``changed`` has the people of whom claims are made, None for all.
        """
        self._each = each
        self._decisions = decisions
        self.copies: Mapping[str, Copy] = copies(texts.sketches)
        self._texts = texts.items
        self._items = [item for items in self._texts.values() for item in items]
        self._people, self._organisations = texts.people, texts.organisations
        self._organisation_sets, self._person_sets = Sets(), Sets()
        decisions.organisations.apply(self._organisation_sets)
        decisions.people.apply(self._person_sets)
        self._link_organisations()
        contexts = self._contexts_of(texts.around)
        named = {place: profile for place, profile in self._people.items() if not profile.anonymous}
        linked = People(named, contexts, self._person_sets)
        linked.link_same_names()
        self._members = {"per": {}, "org": _by_root(self._organisations, self._organisation_sets)}
        self._oldest: dict[tuple[str, Place], Item] = {}
        self._note_oldest("org", self._organisation)
        # The claims of a person come one after the other, those of an organisation do not.
        self._made: dict[tuple[str, Place], EntityRecord] = {}
        self.changed = None if standing is None else self._changed(standing, texts, contexts, linked)
        linked.link(each, self.changed)
        self._called = self._called_by_first_names(texts.speaking)
        self._authors = {} if self.changed is not None else self._authors_of(texts.speaking, contexts)
        del contexts, named
        for place, found in self._authors.items():
            self._person_sets.join(place, found.speaker)
        if self.changed is not None:
            self._items = [item for item in self._items if item.person in self.changed]
        self._note_oldest("per", self._person)
        self._members["per"] = _by_root(self._people, self._person_sets)

    def _changed(
        self, standing: Standing, texts: Texts, contexts: Mapping[Place, Context], people: People
    ) -> frozenset[Place] | None:
        before = copies(sketch for sketch in texts.sketches if sketch[1] in standing.docs)
        marked = {doc for doc in standing.docs if before.get(doc) != self.copies.get(doc)}
        speaking = {text.doc for text in texts.speaking}
        now = Before(
            self._texts, self._people, contexts, people, self._organisation_sets.root, self._told_org, marked, speaking
        )
        return changed(standing, now)

    def gone(self, standing: Standing) -> frozenset[str]:
        """Return the ids of the people whose claims do not stand as they are."""
        return frozenset(standing.persons[item.key] for item in self._items if item.key in standing.persons)

    def _told_org(self, root: Place) -> Mapping[str, Any]:
        """Return the record of an organisation as a line of claims has it."""
        found: Mapping[str, Any] = orjson.loads(line(self._entity("org", root)))
        return found

    def _note_oldest(self, kind: str, root_of: Callable[[Item], Place]) -> None:
        for item in self._items:
            key = (kind, root_of(item))
            known = self._oldest.get(key)
            if known is None or item.order < known.order:
                self._oldest[key] = item

    def _person(self, item: Item) -> Place:
        return self._person_sets.root(item.person)

    def _organisation(self, item: Item) -> Place:
        return self._organisation_sets.root(item.org)

    def _link_organisations(self) -> None:
        movers: dict[Place, dict[Place, Profile]] = defaultdict(dict)
        for item in self._items:
            if not self._people[item.person].anonymous:
                movers[item.org][item.person] = self._people[item.person]
        people = {org: tuple(found[p] for p in sorted(found)) for org, found in movers.items()}
        link_organisations(self._organisations, people, self._organisation_sets)

    def _contexts_of(self, around: Mapping[str, tuple[str, ...]]) -> dict[Place, Context]:
        moves: dict[Place, set[tuple[str, Place]]] = defaultdict(set)
        for item in self._items:
            moves[item.person].add((item.told.relation, self._organisation(item)))
        return {place: Context(frozenset(moves[place]), around[place.doc]) for place in self._people}

    def _called_by_first_names(self, speaking: Sequence[Evidence]) -> dict[Place, str]:
        """Join those whom a quoted letter calls by first names alone with those whom the text names; return reasons."""
        reasons: dict[Place, str] = {}
        members: dict[Place, list[Profile]] = {}
        for text in speaking:
            items = self._texts.get(text.doc, [])
            if len({item.told.quoted for item in items}) < 2:
                continue
            root = self._person_sets.root
            pairs = called_by_first_names(items, self._people, root, self._organisation, text.quotes)
            if not pairs:
                continue
            members = members or _by_root(self._people, self._person_sets)
            agree = (may_be_called(members[root(one)], members[root(other)]) for one, other in pairs)
            if not all(agree) or any(self._person_sets.apart(*pair) for pair in pairs):
                continue
            for one, other in pairs:
                self._person_sets.join(one, other)
                named, called = (min(form for _, form in self._people[place].forms) for place in (one, other))
                reasons[other] = (
                    f"the words that {text.doc} quotes call {named} “{called}”: the text around gives as "
                    f"many people of this move, {len(pairs)}, by surname, and in the same order"
                )
            members = {}
        return reasons

    def _authors_of(self, texts: Sequence[Evidence], contexts: Mapping[Place, Context]) -> dict[Place, Found]:
        """Return who the unnamed authors are, where another text tells; speakers without a claim get a profile."""
        unnamed = {place: contexts[place].moves for place, p in sorted(self._people.items()) if p.anonymous}
        if not unnamed:
            return {}
        by_doc = {text.doc: text for text in texts}
        answers: dict[Place, Found] = {}
        for found in quoted_letters(texts, {place.doc: place for place in unnamed}):
            speaker = found.speaker
            if speaker not in self._people:
                spoken = by_doc[speaker.doc].people
                if speaker.entity not in spoken:
                    continue
                self._people |= profiles_of(speaker.doc, spoken, [speaker.entity])
            if not self._people[speaker].anonymous and not self._person_sets.apart(found.author, speaker):
                answers.setdefault(found.author, found)
        told = {place: context.moves for place, context in contexts.items() if place not in unnamed}
        quoted: dict[Place, set[tuple[str, Place]]] = defaultdict(set)
        for item in self._items:
            if item.told.quoted and item.person not in unnamed:
                quoted[item.person].add((item.told.relation, self._organisation(item)))
        left = {place: moves for place, moves in unnamed.items() if place not in answers}
        roots = {place: self._person_sets.root(place) for place in told}
        for found in same_moves(left, {p: frozenset(m) for p, m in quoted.items()}, told, roots):
            letter, text = by_doc[found.author.doc], by_doc.get(found.speaker.doc)
            otherwise = text is not None and speaks_otherwise(letter, text, found.speaker.entity)
            if not otherwise and not self._person_sets.apart(found.author, found.speaker):
                answers[found.author] = found
        return answers

    def drafts(self) -> Iterator[Draft]:
        """Yield the claims, those of one person and organisation together."""
        if self._each is None:
            yield from self._drafts()
            return
        for found in self._each(_drafts_of, self._parts()):
            yield from found

    def _parts(self) -> Iterator[World]:
        """Yield worlds with a part of the people each, and with no more than their claims need."""
        by_person: dict[Place, list[Item]] = defaultdict(list)
        for item in self._items:
            by_person[self._person(item)].append(item)
        told: list[Item] = []
        for person in sorted(by_person):
            told += by_person[person]
            if len(told) >= _PART:
                yield self._part(told)
                told = []
        if told:
            yield self._part(told)

    def _part(self, told: list[Item]) -> World:
        people = {self._person(item): self._members["per"][self._person(item)] for item in told}
        going: dict[tuple[str, Place, Place], set[str]] = defaultdict(set)
        for item in filter(gives_up, told):
            going[item.doc, self._person(item), self._organisation(item)].add(item.told.relation)
        part = copy(self)
        part._each = None
        part._items = told
        part._texts = {doc: self._texts[doc] for (doc, *_), relations in going.items() if len(relations) > 1}
        part._members = {"per": people, "org": {}}
        part._people = {profile.place: profile for profiles in people.values() for profile in profiles}
        part._organisations = {}
        part._person_sets = self._person_sets.only(part._people)
        part._organisation_sets = self._organisation_sets.only(item.org for item in told)
        part._oldest = {("per", root): self._oldest["per", root] for root in people}
        part._authors = {place: found for place, found in self._authors.items() if place in part._people}
        part._called = {place: why for place, why in self._called.items() if place in part._people}
        part.copies = {item.doc: self.copies[item.doc] for item in told if item.doc in self.copies}
        # An organisation of many people is put into words once, not in each part.
        part._made = {("org", root): self._entity("org", root) for root in {self._organisation(i) for i in told}}
        return part

    def _drafts(self) -> Iterator[Draft]:
        pairs: dict[tuple[Place, Place], list[Item]] = defaultdict(list)
        for item in self._items:
            pairs[self._person(item), self._organisation(item)].append(item)
        grouping = Grouping(self._people, self.copies, self._decisions.moves, self._reason, self._called)
        for pair in sorted(pairs):
            yield from self._of_pair(pairs[pair], grouping)

    def _of_pair(self, told: Sequence[Item], grouping: Grouping) -> Iterator[Draft]:
        by_relation: dict[str, list[Item]] = defaultdict(list)
        for item, relation in self._with_relations(told):
            by_relation[relation].append(item)
        dates = {relation: {i.told.when for i in items if i.told.when} for relation, items in by_relation.items()}
        turns = {LEAVES: sorted(dates.get(JOINS, ())), JOINS: sorted(dates.get(LEAVES, ()))}
        for relation in sorted(by_relation):
            by_post = relation == ROLE_CHANGE
            groups = grouping.groups(relation, by_relation[relation], turns.get(relation, ()))
            made = [(group, self._draft(relation, group)) for group in groups]
            for group, draft in made:
                against = sorted(d.claim.id for rival, d in made if contradict(group, rival, by_post=by_post))
                yield replace(draft, claim=replace(draft.claim, conflicts_with=against)) if against else draft

    def _with_relations(self, told: Sequence[Item]) -> Iterator[tuple[Item, str]]:
        """Yield the mentions with the relation they count under: a departure told in two ways has one."""
        by_doc: dict[str, list[Item]] = defaultdict(list)
        for item in told:
            by_doc[item.doc].append(item)
        tie = self._decisions.moves.tie
        tied: dict[MentionKey, Item] = {}
        for item in told:
            if item.key in tie:
                tied[tie[item.key]] = min(tied.get(tie[item.key], item), item, key=_age)
        for doc in sorted(by_doc):
            items = by_doc[doc]
            one = departure(items, self._triggers(items))
            for item in items:
                if item.key in tie:
                    yield item, tied[tie[item.key]].told.relation
                else:
                    yield item, one if one and gives_up(item) else item.told.relation

    def _triggers(self, items: Sequence[Item]) -> Mapping[tuple[int, int], int]:
        """Count the people whose moves the words of these mentions tell, by the place of the words."""
        if len({item.told.relation for item in items if gives_up(item)}) < 2:
            return {}
        places = {(item.told.trigger, item.told.trigger_end) for item in items}
        people: dict[tuple[int, int], set[Place]] = defaultdict(set)
        for other in self._texts[items[0].doc]:
            place = (other.told.trigger, other.told.trigger_end)
            if place in places:
                people[place].add(other.person)
        return {place: len(found) for place, found in people.items()}

    def _draft(self, relation: str, group: Group) -> Draft:
        items = sorted(group.items, key=_age)
        told = {item.told.relation for item in items}
        relation = relation if relation in told else min(told)
        person = self._entity("per", self._person(items[0]))
        when = date_of(items, group.stance)
        said = {(item.doc, item.told.status) for item in items if item.doc not in self.copies}
        said = said or {(item.doc, item.told.status) for item in items}
        claim = ClaimRecord(
            id=claim_id_of(relation, items[0].key),
            relation=relation,
            person=person,
            org=self._entity("org", self._organisation(items[0])),
            role_from=post_record((i, i.told.role_from) for i in items),
            role_to=post_record((i, i.told.role_to) for i in items),
            manner=heaviest((i.told.manner, i.told.confidence) for i in items if i.told.manner),
            status=group.stance,
            statuses=dict(sorted(Counter(status for _, status in said).items())),
            when=None if when is None else DateValue(when, {4: "year", 7: "month"}.get(len(when), "day")),
            languages=sorted({item.told.lang for item in items}),
            confidence=confidence_of(items, self.copies),
            merged_because=list(group.reasons),
            conflicts_with=[],
            mentions=[],
        )
        quoted = {item.key: person.name for item in items if item.person in self._authors}
        return Draft(claim, tuple(item.key for item in items), quoted)

    def _entity(self, kind: str, root: Place) -> EntityRecord:
        if (kind, root) not in self._made:
            if len(self._made) > _KEPT_RECORDS:
                self._made.clear()
            profiles = self._members[kind][root]
            key = min((p.key for p in profiles if p.key), default="")
            made_id = table_id(key) if key else entity_id(kind, self._oldest[kind, root].key)
            given = self._decisions.people if kind == "per" else self._decisions.organisations
            make = person_record if kind == "per" else organisation_record
            self._made[kind, root] = make(made_id, profiles, given.name_of(p.place for p in profiles))
        return self._made[kind, root]

    def _reason(self, one: Group, other: Group) -> str:
        """Say in a line why what another text says was put with a claim."""
        tie = one.ties & other.ties
        if tie:
            return self._decisions.why(min(tie))
        person = self._person_reason(sorted(one.faces.values()), sorted(other.faces.values()))
        first = other.items[0]
        org = self._entity("org", self._organisation(first)).name
        decided = self._decisions.organisations.why(one.items[0].org, first.org)
        dates = one.dates & other.dates
        when = f"; both dated {min(dates)}" if dates else ""
        if decided:
            org += f" ({decided})"
        return f"{person}; same organisation {org}; both {first.told.relation}{when}"

    def _person_reason(self, one: Sequence[Place], other: Sequence[Place]) -> str:
        for places in (other, one):
            if all(place in self._authors for place in places):
                return self._authors[places[0]].reason
        for a in one:
            for b in other:
                if decided := self._decisions.people.why(a, b):
                    return decided
        people = self._people
        one, other = ([p for p in places if p not in self._authors] for places in (one, other))
        best = Best(names.NO_MATCH)
        for a, b in ((a, b) for a in one for b in other):
            found = best_match(people[a], people[b])
            if found.match.probability > best.match.probability:
                best = found
            if best.match.probability >= _SURE:
                break
        if not best.match.how:
            linked = self._entity("per", self._person_sets.root(one[0] if one else other[0]))
            return f"both name {linked.name}, linked through the forms of other texts"
        (other_lang, other_form), (lang, form) = best.one, best.other
        score = "" if best.match.probability == 1 else f": score {best.match.probability:.2f}"
        if form == other_form:
            return f"the same name “{form}” ({', '.join(sorted({lang, other_lang}))})" + score
        parts = names.aligned(other_form, form)
        shown = f" ({parts})" if parts else ""
        return f"“{other_form}” ({other_lang}) {best.match.how} “{form}” ({lang}){score}{shown}"


def _drafts_of(world: World) -> list[Draft]:
    return list(world._drafts())


def _age(item: Item) -> tuple[str, str, int, int, str]:
    return item.order


def _by_root(profiles: Mapping[Place, Profile], sets: Sets) -> dict[Place, list[Profile]]:
    found: dict[Place, list[Profile]] = defaultdict(list)
    for place in sorted(profiles):
        found[sets.root(place)].append(profiles[place])
    return found
