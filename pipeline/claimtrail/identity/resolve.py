"""From the mentions of all texts to canonical claims: the same move of one person at one organisation, told once.

How the fields of a claim come from its mentions:

- status: negated where at least half of the weight (confidence) says so; else planned where a quarter of the remaining
  weight says when it will take effect and what is told as done has no date of its own ('was named on Monday, starts in
  May'); else actual, planned, possible, in this order, the first that a third of it stands for. A negated claim and an
  asserted one are kept apart and name each other in ``conflicts_with``; a rumour goes with the claim it is a rumour of.
- when: the most precise of the dates that agree with the one of most weight, of the items of that status if dated.
- manner and posts: those of most weight.
- confidence: of the surest text, raised by half of what each further text could add.
"""

from __future__ import annotations

import datetime
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from claimtrail.document import Argument, Document, Label, ResolvedBy
from claimtrail.identity import names, orgs
from claimtrail.identity.authors import Found, quoted_letters, same_moves
from claimtrail.identity.link import Context, People, best_match, link_organisations
from claimtrail.identity.posts import Posts
from claimtrail.identity.profiles import Item, Place, Profile, Sets, items_of, profiles_of
from claimtrail.identity.scripts import Script
from claimtrail.output.build import claim_id
from claimtrail.records import ClaimRecord, DateValue, EntityRecord, MentionRecord

_LEAVES, _POST_RELATION = "LEAVES", "ROLE_CHANGE"
_NEGATED, _ACTUAL, _PLANNED, _POSSIBLE = "negated", "actual", "planned", "possible"
# Manners that tell two moves of one person to one organisation apart.
_APART = frozenset({"founded", "returned"})
_NEAR_DAYS = 45
# So many ways of naming a person are compared to word a reason.
_FACES = 12


@dataclass(frozen=True, slots=True)
class _Resolved:
    """Who and what is one over all texts: profiles by place, the sets, and the authors found with their reasons."""

    people: Mapping[Place, Profile]
    organisations: Mapping[Place, Profile]
    person_sets: Sets
    organisation_sets: Sets
    authors: Mapping[Place, Found]


@dataclass(slots=True)
class _Group:
    """Items that state one move, growing; what is asked of them again and again is kept beside them.

    ``reasons`` has one entry a merge. ``faces`` holds one place for each way the person is named, a dozen at most.
    """

    items: list[Item] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    docs: set[str] = field(default_factory=set)
    dates: set[str] = field(default_factory=set)
    manners: set[str] = field(default_factory=set)
    posts: Posts = field(default_factory=Posts)
    weights: dict[str, float] = field(default_factory=dict)
    faces: dict[tuple[tuple[str, str], ...], Place] = field(default_factory=dict)

    def add(self, items: Iterable[Item], people: Mapping[Place, Profile]) -> None:
        """Take in items."""
        for item in items:
            record = item.record
            self.items.append(item)
            self.docs.add(record.doc)
            self.dates |= {record.when.value} if record.when else set()
            self.manners |= {record.manner} if record.manner else set()
            self.posts = self.posts.with_those_of(item.mention, record)
            self.weights[record.status] = self.weights.get(record.status, 0.0) + max(record.confidence, 0.01)
            if len(self.faces) < _FACES:
                self.faces.setdefault(people[item.person].forms, item.person)

    @property
    def open(self) -> bool:
        """Whether the move is only planned or possible."""
        return self.weights.keys() <= {_PLANNED, _POSSIBLE}

    @property
    def stance(self) -> str:
        """The status of the whole."""
        total = sum(self.weights.values())
        denied = self.weights.get(_NEGATED, 0.0)
        if denied >= total / 2:
            return _NEGATED
        if self._announced and self.weights.get(_PLANNED, 0.0) >= (total - denied) / 4:
            return _PLANNED
        asserted = (_ACTUAL, _PLANNED, _POSSIBLE)
        return next((s for s in asserted if self.weights.get(s, 0.0) >= (total - denied) / 3), _ACTUAL)

    @property
    def _announced(self) -> bool:
        """Whether what is told as done is only the decision: no date of its own stands with it."""
        return not any(item.record.status == _ACTUAL and item.record.when for item in self.items)

    @property
    def first(self) -> tuple[str, int, str]:
        """The place of its first item."""
        return min(_in_order(item.record) for item in self.items)


def resolve(documents: Sequence[Document]) -> list[ClaimRecord]:
    """Return the canonical claims of all texts, sorted by id; the order of the documents does not matter.

    ``Document.doc_id`` must be different for each document.
    """
    ordered = sorted(documents, key=_by_id)
    items = {document.doc_id: items_of(document) for document in ordered}
    resolved = _link(ordered, items)
    groups: dict[tuple[str, Place, Place], list[Item]] = defaultdict(list)
    for found in items.values():
        pairs: dict[tuple[Place, Place], list[Item]] = defaultdict(list)
        for item in found:
            person = resolved.person_sets.root(item.person)
            pairs[person, resolved.organisation_sets.root(item.org)].append(item)
        for (person, org), told in pairs.items():
            departure = _departure(told)
            for item in told:
                relation = departure if departure and _gives_up(item) else item.record.relation
                groups[relation, person, org].append(item)
    claims: list[ClaimRecord] = []
    entities = _Entities(resolved)
    for key in sorted(groups):
        claims += _claims(key[0], groups[key], entities)
    return sorted(claims, key=_claim_id)


def _gives_up(item: Item) -> bool:
    """Whether a mention says that the person goes: leaves the organisation, or a post without taking another."""
    record = item.record
    return record.relation == _LEAVES or (
        record.relation == _POST_RELATION and record.role_from is not None and record.role_to is None
    )


def _departure(told: Sequence[Item]) -> str:
    """Return the relation of a departure that one text tells both as leaving and as giving up a post.

    It is one move, as careful readers mark it, under the relation that the text tells first; empty if it is told in
    one way only, or if its dates tell two moves.
    """
    going = sorted((item for item in told if _gives_up(item)), key=_by_trigger)
    if len({item.record.relation for item in going}) < 2:
        return ""
    dates = [item.record.when.value for item in going if item.record.when]
    if any(not dates_agree(a, b) for a in dates for b in dates):
        return ""
    return going[0].record.relation


def _by_trigger(item: Item) -> tuple[int, bool, str]:
    record = item.record
    return (record.trigger.start, record.relation != _POST_RELATION, record.id)


def _by_id(document: Document) -> str:
    return document.doc_id


def _claim_id(claim: ClaimRecord) -> str:
    return claim.id


def _in_order(record: MentionRecord) -> tuple[str, int, str]:
    return (record.doc, record.sentence.start, record.id)


def _link(documents: Sequence[Document], items: Mapping[str, Sequence[Item]]) -> _Resolved:
    people: dict[Place, Profile] = {}
    organisations: dict[Place, Profile] = {}
    for document in documents:
        people |= profiles_of(document, items[document.doc_id], Label.PERSON)
        organisations |= profiles_of(document, items[document.doc_id], Label.ORG)
    flat = [item for document in documents for item in items[document.doc_id]]
    movers: dict[Place, dict[Place, Profile]] = defaultdict(dict)
    for item in flat:
        if not people[item.person].anonymous:
            movers[item.org][item.person] = people[item.person]
    organisation_sets = link_organisations(
        organisations, {org: tuple(found[p] for p in sorted(found)) for org, found in movers.items()}
    )
    moves: dict[Place, set[tuple[str, Place]]] = defaultdict(set)
    for item in flat:
        moves[item.person].add((item.record.relation, organisation_sets.root(item.org)))
    around = {document.doc_id: _organisations_named(document) for document in documents}
    contexts = {place: Context(frozenset(moves[place]), around[place.doc]) for place in people}
    named = {place: profile for place, profile in people.items() if not profile.anonymous}
    person_sets = People(named, contexts).link()
    authors = _authors(
        documents, flat, people, contexts=contexts, person_sets=person_sets, organisation_sets=organisation_sets
    )
    for place, found in authors.items():
        person_sets.join(place, found.speaker)
    return _Resolved(people, organisations, person_sets, organisation_sets, authors)


def _organisations_named(document: Document) -> frozenset[str]:
    found = {
        orgs.table_key(reference.name) or orgs.fold(reference.name)
        for reference in document.facts.references
        if reference.label is Label.ORG and reference.name
    }
    return frozenset(found - {""})


def _authors(
    documents: Sequence[Document],
    items: Iterable[Item],
    people: dict[Place, Profile],
    *,
    contexts: Mapping[Place, Context],
    person_sets: Sets,
    organisation_sets: Sets,
) -> dict[Place, Found]:
    """Return who the unnamed authors are, where another text tells; speakers without a claim get a profile."""
    unnamed = {place: contexts[place].moves for place in sorted(people) if people[place].anonymous}
    if not unnamed:
        return {}
    answers: dict[Place, Found] = {}
    for found in quoted_letters(documents, {place.doc: place for place in unnamed}):
        if found.speaker not in people:
            forms = _speaker_forms(documents, found.speaker)
            if not forms:
                continue
            people[found.speaker] = Profile(found.speaker, forms)
        if not people[found.speaker].anonymous:
            answers.setdefault(found.author, found)
    quoted: dict[Place, set[tuple[str, Place]]] = defaultdict(set)
    told: dict[Place, frozenset[tuple[str, Place]]] = {}
    for place, context in contexts.items():
        if place not in unnamed:
            told[place] = context.moves
    roots = {place: person_sets.root(place) for place in told}
    for item in items:
        if item.record.quoted and item.person not in unnamed:
            quoted[item.person].add((item.record.relation, organisation_sets.root(item.org)))
    left = {place: moves for place, moves in unnamed.items() if place not in answers}
    for found in same_moves(left, {p: frozenset(m) for p, m in quoted.items()}, told, roots):
        answers[found.author] = found
    return answers


def _speaker_forms(documents: Sequence[Document], place: Place) -> tuple[tuple[str, str], ...]:
    document = next(d for d in documents if d.doc_id == place.doc)
    forms = {
        (document.lang, names.clean(reference.name))
        for reference in document.facts.references
        if reference.entity == place.entity and reference.label is Label.PERSON and reference.name
    }
    return tuple(sorted(form for form in forms if form[1] and not names.is_anonymous(form[1])))


def _claims(relation: str, items: Sequence[Item], entities: _Entities) -> list[ClaimRecord]:
    """Return the claims of one person, organisation and relation: apart by post, date, manner and denial."""
    by_post = relation == _POST_RELATION
    by_doc: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        by_doc[item.record.doc].append(item)
    told = [group for doc in sorted(by_doc) for group in _within_text(by_doc[doc], entities, by_post=by_post)]
    groups = _across_texts(told, entities, by_post=by_post)
    made = [(group, _record(relation, group, entities)) for group in groups]
    return [
        replace(
            claim,
            conflicts_with=sorted(other.id for rival, other in made if _contradict(group, rival, by_post=by_post)),
        )
        for group, claim in made
    ]


def _within_text(items: Sequence[Item], entities: _Entities, *, by_post: bool) -> list[_Group]:
    """Put together what one text says of one move."""
    groups: list[_Group] = []
    for item in sorted(items, key=_most_told):
        single = entities.group([item])
        fitting = [group for group in groups if _agree(group, single, by_post=by_post)]
        if fitting:
            entities.extend(_closest(fitting, single), [item])
        else:
            groups.append(single)
    for group in groups:
        if len(group.items) > 1:
            relations = sorted({item.record.relation for item in group.items})
            both = f", told as {' and as '.join(relations)}" if len(relations) > 1 else ""
            group.reasons.append(
                f"{len(group.items)} mentions in {group.items[0].record.doc}: "
                f"the same person, organisation and move{both}"
            )
    return groups


def _most_told(item: Item) -> tuple[int, bool, tuple[str, int, str]]:
    filled = (item.mention.role_from is not None) + (item.mention.role_to is not None)
    return (-filled, item.record.when is None, _in_order(item.record))


def _closest(groups: Sequence[_Group], single: _Group) -> _Group:
    """The group that shares most with a new one: posts, then a date, then the most mentions, then the latest date."""
    best = max(_closeness(group, single) for group in groups)
    return min((g for g in groups if _closeness(g, single) == best), key=_first)


def _first(group: _Group) -> tuple[str, int, str]:
    return group.first


def _closeness(group: _Group, single: _Group) -> tuple[int, int, int, str]:
    shared = len(group.dates & single.dates)
    return (group.posts.shared(single.posts), shared, len(group.docs), max(group.dates, default=""))


def _across_texts(told: Sequence[_Group], entities: _Entities, *, by_post: bool) -> list[_Group]:
    groups: list[_Group] = []
    for single in sorted(told, key=_clearest):
        fitting = [
            g
            for g in groups
            if single.docs.isdisjoint(g.docs) and _agree(g, single, by_post=by_post) and not _opposed(g, single)
        ]
        if not fitting:
            groups.append(single)
            continue
        group = _closest(fitting, single)
        group.reasons += [*single.reasons, entities.reason(group, single)]
        entities.extend(group, single.items)
    return groups


def _clearest(group: _Group) -> tuple[int, int, bool, tuple[str, int, str]]:
    """Asserted before doubtful and denied, most posts first, dated before undated: the order of putting together."""
    return (_STANDING[group.stance], -group.posts.filled, not group.dates, group.first)


_STANDING = {_ACTUAL: 0, _PLANNED: 0, _NEGATED: 1, _POSSIBLE: 2}


def _agree(one: _Group, other: _Group, *, by_post: bool) -> bool:
    """Whether two groups may be one move: dates agree, posts agree, and neither founds what the other returns to.

    Nobody plans to join what they founded: that is another move.
    """
    if any(not dates_agree(a, b) for a in one.dates for b in other.dates):
        return False
    if any("founded" in a.manners and "founded" not in b.manners and b.open for a, b in ((one, other), (other, one))):
        return False
    if len((one.manners | other.manners) & _APART) > 1:
        return False
    return not by_post or one.posts.agree(other.posts)


def dates_agree(one: str, other: str) -> bool:
    """Return whether two ISO dates may be of one move: of one year as far as known, or days apart at its turn."""
    if one[:4] == other[:4]:
        return True
    if len(one) < 7 or len(other) < 7:
        return False
    days = sorted(datetime.date(int(d[:4]), int(d[5:7]), int(d[8:10] or 15)) for d in (one, other))
    return (days[1] - days[0]).days <= _NEAR_DAYS


def _opposed(one: _Group, other: _Group) -> bool:
    """Whether one group denies what the other asserts."""
    stances = {one.stance, other.stance}
    return _NEGATED in stances and bool(stances & {_ACTUAL, _PLANNED})


def _contradict(one: _Group, other: _Group, *, by_post: bool) -> bool:
    return one is not other and _opposed(one, other) and _agree(one, other, by_post=by_post)


def _record(relation: str, group: _Group, entities: _Entities) -> ClaimRecord:
    items = sorted(group.items, key=_item_order)
    told = {item.record.relation for item in items}
    relation = relation if relation in told else min(told)
    records = [entities.identified(item) for item in items]
    return ClaimRecord(
        id=claim_id(relation, records),
        relation=relation,
        person=entities.person(items[0].person),
        org=entities.organisation(items[0].org),
        role_from=_post([(i, i.mention.role_from, i.record.role_from) for i in items]),
        role_to=_post([(i, i.mention.role_to, i.record.role_to) for i in items]),
        manner=_heaviest((i.record.manner, i.record.confidence) for i in items if i.record.manner),
        status=group.stance,
        when=_when(items, group.stance),
        languages=sorted({r.lang for r in records}),
        confidence=_confidence(items),
        merged_because=list(group.reasons),
        conflicts_with=[],
        mentions=records,
    )


def _item_order(item: Item) -> tuple[str, int, str]:
    return _in_order(item.record)


def _heaviest(weighted: Iterable[tuple[str, float]]) -> str | None:
    sums: dict[str, float] = defaultdict(float)
    for value, weight in weighted:
        sums[value] += weight
    return min((-round(weight, 6), value) for value, weight in sums.items())[1] if sums else None


def _when(items: Sequence[Item], status: str) -> DateValue | None:
    dated = [(i.record.when, i.record.confidence) for i in items if i.record.when and i.record.status == status]
    dated = dated or [(i.record.when, i.record.confidence) for i in items if i.record.when]
    chosen = _heaviest((when.value, weight) for when, weight in dated)
    if chosen is None:
        return None
    finer = sorted({w.value for w, _ in dated if w.value.startswith(chosen)}, key=_finest)
    value = finer[0]
    return DateValue(value, {4: "year", 7: "month"}.get(len(value), "day"))


def _finest(value: str) -> tuple[int, str]:
    return (-len(value), value)


def _confidence(items: Sequence[Item]) -> float:
    by_doc: dict[str, float] = {}
    for item in items:
        by_doc[item.record.doc] = max(by_doc.get(item.record.doc, 0.0), item.record.confidence)
    doubt = 1.0
    for place, confidence in enumerate(sorted(by_doc.values(), reverse=True)):
        doubt *= 1 - confidence if place == 0 else 1 - confidence / 2
    return round(1 - doubt, 4)


def _post(found: Sequence[tuple[Item, Argument | None, object]]) -> EntityRecord | None:
    """Return the post of most weight with the forms of all that agree with it; its name is English where known."""
    forms: dict[str, set[str]] = defaultdict(set)
    weights: list[tuple[str, float]] = []
    for item, argument, span in found:
        text = getattr(span, "text", None)
        if argument is not None and text:
            forms[item.record.lang].add(text)
            weights.append((argument.name or text, item.record.confidence))
    name = _heaviest(weights)
    if name is None:
        return None
    digest = hashlib.sha256(name.encode()).hexdigest()
    return EntityRecord("post-" + digest[:16], name, {lang: sorted(found) for lang, found in sorted(forms.items())})


class _Entities:
    """The records of people and organisations, made once each, and the reasons of merges."""

    def __init__(self, resolved: _Resolved) -> None:
        self._resolved = resolved
        self._people = _by_root(resolved.people, resolved.person_sets)
        self._organisations = _by_root(resolved.organisations, resolved.organisation_sets)
        self._made: dict[tuple[str, Place], EntityRecord] = {}
        self._ids: dict[str, Place] = {}

    def person(self, place: Place) -> EntityRecord:
        return self._entity("per", self._resolved.person_sets.root(place), self._people)

    def organisation(self, place: Place) -> EntityRecord:
        return self._entity("org", self._resolved.organisation_sets.root(place), self._organisations)

    def _entity(self, prefix: str, root: Place, members: Mapping[Place, Sequence[Profile]]) -> EntityRecord:
        if (prefix, root) not in self._made:
            profiles = members[root]
            forms = _named_forms(profiles)
            key = next((p.key for p in profiles if p.key), "")
            ranked = _fullest_first(forms, prefix == "per")
            name = ranked[0] if prefix == "per" else orgs.shown_name(key, ranked)
            by_lang: dict[str, set[str]] = defaultdict(set)
            for lang, form, _ in forms:
                if not names.is_anonymous(form):
                    by_lang[lang].add(form)
            listed = {lang: sorted(found, key=_long_first) for lang, found in sorted(by_lang.items())}
            self._made[(prefix, root)] = EntityRecord(self._id(prefix, key, profiles), name, listed)
        return self._made[(prefix, root)]

    def _id(self, prefix: str, key: str, profiles: Sequence[Profile]) -> str:
        """An id from the names (or the table's id); two people of one name are told apart by their texts."""
        if key:
            parts = [key]
        elif prefix == "org":
            parts = sorted({orgs.fold(form) for p in profiles for _, form in p.forms})
        else:
            parts = sorted({names.parse(form).key for p in profiles for _, form in p.forms})
            parts += sorted({p.place.doc for p in profiles})
        return f"{prefix}-" + hashlib.sha256("\n".join([prefix, *parts]).encode()).hexdigest()[:16]

    def identified(self, item: Item) -> MentionRecord:
        """Return the record of a mention; an unnamed author whom another text tells is named, by quote."""
        record = item.record
        if item.person not in self._resolved.authors:
            return record
        named = replace(record.person, name=self.person(item.person).name, resolved_by=ResolvedBy.QUOTE.value)
        return replace(record, person=named)

    def group(self, items: Iterable[Item]) -> _Group:
        """Make a group of items."""
        made = _Group()
        made.add(items, self._resolved.people)
        return made

    def extend(self, group: _Group, items: Iterable[Item]) -> None:
        """Add items to a group."""
        group.add(items, self._resolved.people)

    def reason(self, one: _Group, other: _Group) -> str:
        """Say in a line why what another text says was put with a claim."""
        person = self._person_reason(sorted(one.faces.values()), sorted(other.faces.values()))
        first = other.items[0]
        return f"{person}; same organisation {self.organisation(first.org).name}; both {first.record.relation}"

    def _person_reason(self, one: Sequence[Place], other: Sequence[Place]) -> str:
        people, authors = self._resolved.people, self._resolved.authors
        for place in (*other, *one):
            if place in authors:
                return authors[place].reason
        pairs = [(best_match(people[a], people[b]), a, b) for a in one for b in other]
        best, _, found = max(pairs, key=_surest)
        if not best.match.how:
            linked = self.person(found)
            return f"both name {linked.name}, linked through the forms of other texts"
        (other_lang, other_form), (lang, form) = best.one, best.other
        score = "" if best.match.probability == 1 else f": score {best.match.probability:.2f}"
        if form == other_form:
            return f"the same name “{form}” ({', '.join(sorted({lang, other_lang}))})" + score
        return f"“{other_form}” ({other_lang}) {best.match.how} “{form}” ({lang})" + score


def _surest(pair: tuple[object, Place, Place]) -> tuple[float, Place, Place]:
    return (pair[0].match.probability, pair[1], pair[2])  # type: ignore[attr-defined]


def _by_root(profiles: Mapping[Place, Profile], sets: Sets) -> dict[Place, list[Profile]]:
    found: dict[Place, list[Profile]] = defaultdict(list)
    for place in sorted(profiles):
        found[sets.root(place)].append(profiles[place])
    return found


def _named_forms(profiles: Sequence[Profile]) -> list[tuple[str, str, str]]:
    """Language, form and text of every form; forms that only say 'the author' count where there is no other."""
    every = [(lang, form, p.place.doc) for p in profiles for lang, form in p.forms]
    return [f for f in every if not names.is_anonymous(f[1])] or every


def _long_first(form: str) -> tuple[int, str]:
    return (-len(form), form)


def _fullest_first(forms: Sequence[tuple[str, str, str]], person: bool) -> list[str]:
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
