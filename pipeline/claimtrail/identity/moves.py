"""Which mentions of one person, organisation and relation state one move, and what the move's record says.

How the fields of a claim come from its mentions (a copy of a text counts as nothing beside the text):

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
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from claimtrail.identity.copies import Copy
from claimtrail.identity.posts import Posts
from claimtrail.identity.profiles import Item, Place, Profile

LEAVES, JOINS, ROLE_CHANGE = "LEAVES", "JOINS", "ROLE_CHANGE"
_NEGATED, _ACTUAL, _PLANNED, _POSSIBLE = "negated", "actual", "planned", "possible"
# Manners that tell two moves of one person to one organisation apart.
_APART = frozenset({"founded", "returned"})
_NEAR_DAYS = 45
# A rumour is no older than this when it comes true.
_RUMOUR_DAYS = 400
# So many ways of naming a person are compared to word a reason.
_FACES = 12
_COPY = 0.001
_STANDING = {_ACTUAL: 0, _PLANNED: 0, _NEGATED: 1, _POSSIBLE: 2}

MentionKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Ties:
    """What the user says of moves: mentions by the tie they belong to, and ties that must stay apart."""

    tie: Mapping[MentionKey, MentionKey] = field(default_factory=dict)
    apart: Container[tuple[MentionKey, MentionKey]] = frozenset()


@dataclass(slots=True)
class Group:
    """Items that state one move, growing; what is asked of them again and again is kept beside them.

    ``reasons`` has one entry a merge. ``faces`` holds one place for each way the person is named, a dozen at most.
    ``dates`` are those of the move; ``times`` are the days, by status, by which a mention is known to be told.
    """

    items: list[Item] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    docs: set[str] = field(default_factory=set)
    dates: set[str] = field(default_factory=set)
    manners: set[str] = field(default_factory=set)
    posts: Posts = field(default_factory=Posts)
    weights: dict[str, float] = field(default_factory=dict)
    faces: dict[tuple[tuple[str, str], ...], Place] = field(default_factory=dict)
    times: dict[bool, set[str]] = field(default_factory=dict)
    ties: set[MentionKey] = field(default_factory=set)

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
        return not any(item.told.status == _ACTUAL and item.told.when for item in self.items)

    @property
    def first(self) -> tuple[str, int, str]:
        """The place of its first item."""
        return min((item.doc, item.told.sentence, item.told.id) for item in self.items)


@dataclass(frozen=True, slots=True)
class Grouping:
    """Puts the mentions of one person, organisation and relation together.

    ``reason`` words why two groups of different texts are one; ``copies`` are texts that count as nothing. ``called``
    words, for a person of a text, why another of that text is the same.
    """

    people: Mapping[Place, Profile]
    copies: Mapping[str, Copy]
    ties: Ties
    reason: Callable[[Group, Group], str]
    called: Mapping[Place, str] = field(default_factory=dict)

    def groups(self, relation: str, items: Sequence[Item], turns: Sequence[str] = ()) -> list[Group]:
        """Return the moves. ``turns`` are the dates on which the person did the opposite at that organisation."""
        by_doc: dict[str, list[Item]] = defaultdict(list)
        for item in items:
            by_doc[item.doc].append(item)
        by_post = relation == ROLE_CHANGE
        told = [g for doc in sorted(by_doc) for g in self._within_text(by_doc[doc], by_post=by_post, turns=turns)]
        return self._across_texts(told, by_post=by_post, turns=turns)

    def _within_text(self, items: Sequence[Item], *, by_post: bool, turns: Sequence[str]) -> list[Group]:
        """Put together what one text says of one move."""
        groups: list[Group] = []
        for item in sorted(items, key=_most_told):
            single = self._group([item])
            fitting = [g for g in groups if self._may_be_one(g, single, by_post=by_post, turns=turns)]
            if fitting:
                self._extend(_closest(fitting, single), [item])
            else:
                groups.append(single)
        for group in groups:
            if len(group.items) > 1:
                relations = sorted({item.told.relation for item in group.items})
                both = f", told as {' and as '.join(relations)}" if len(relations) > 1 else ""
                group.reasons.append(
                    f"{len(group.items)} mentions in {group.items[0].doc}: the same person, organisation and move{both}"
                )
                people = {item.person for item in group.items}
                group.reasons += sorted({self.called[p] for p in people if p in self.called and len(people) > 1})
        return groups

    def _across_texts(self, told: Sequence[Group], *, by_post: bool, turns: Sequence[str]) -> list[Group]:
        groups: list[Group] = []
        for single in sorted(told, key=_clearest):
            fitting = [g for g in groups if self._may_be_one(g, single, by_post=by_post, turns=turns, texts=True)]
            if not fitting:
                groups.append(single)
                continue
            group = _closest(fitting, single)
            group.reasons += [*single.reasons, self.reason(group, single)]
            self._extend(group, single.items)
        return groups

    def _may_be_one(
        self, one: Group, other: Group, *, by_post: bool, turns: Sequence[str], texts: bool = False
    ) -> bool:
        if one.ties and other.ties:
            if any((a, b) in self.ties.apart for a in one.ties for b in other.ties):
                return False
            if one.ties & other.ties:
                return True
        if texts and not one.docs.isdisjoint(other.docs):
            return False
        return agree(one, other, by_post=by_post, turns=turns) and not opposed(one, other)

    def _group(self, items: Iterable[Item]) -> Group:
        made = Group()
        self._extend(made, items)
        return made

    def _extend(self, group: Group, items: Iterable[Item]) -> None:
        for item in items:
            told = item.told
            group.items.append(item)
            group.docs.add(item.doc)
            if told.when:
                group.dates.add(told.when)
            if told.manner:
                group.manners.add(told.manner)
            group.posts = group.posts.with_those_of(told)
            weight = max(told.confidence, 0.01) * (_COPY if item.doc in self.copies else 1.0)
            group.weights[told.status] = group.weights.get(told.status, 0.0) + weight
            group.times.setdefault(told.status in (_ACTUAL, _PLANNED), set()).add(told.when or item.date)
            if len(group.faces) < _FACES:
                group.faces.setdefault(self.people[item.person].forms, item.person)
            if item.key in self.ties.tie:
                group.ties.add(self.ties.tie[item.key])


def gives_up(item: Item) -> bool:
    """Whether a mention says that the person goes: leaves the organisation, or a post without taking another."""
    told = item.told
    return told.relation == LEAVES or (
        told.relation == ROLE_CHANGE and told.role_from is not None and told.role_to is None
    )


def departure(told: Sequence[Item], triggers: Mapping[tuple[int, int], int]) -> str:
    """Return the relation of a departure that one text tells both as leaving and as giving up a post.

    It is one move, as careful readers mark it, under the relation that the text tells first; empty if it is told in
    one way only, if its dates tell two moves, or if one sentence states both, each in words of its own ('resigns as
    chairman and holds no other post there'). Words that tell somebody else's move too (``triggers`` counts the people
    by the place of the words) are those of a succession: they state no move of their own.
    """
    going = sorted((item for item in told if gives_up(item)), key=_by_trigger)
    if len({item.told.relation for item in going}) < 2:
        return ""
    dates = [item.told.when for item in going if item.told.when]
    if any(not dates_agree(a, b) or a[:7] != b[:7] for a in dates for b in dates if len(a) >= 7 and len(b) >= 7):
        return ""
    posts = [i.told for i in going if i.told.relation == ROLE_CHANGE]
    leaving = [i.told for i in going if i.told.relation == LEAVES]
    for post in posts:
        alone = triggers.get((post.trigger, post.trigger_end), 1) == 1
        for left in leaving:
            disjoint = left.trigger >= post.trigger_end or post.trigger >= left.trigger_end
            if alone and disjoint and left.sentence == post.sentence and left.status == post.status:
                return ""
    return going[0].told.relation


def _by_trigger(item: Item) -> tuple[int, bool, str]:
    told = item.told
    return (told.trigger, told.relation != ROLE_CHANGE, told.id)


def _most_told(item: Item) -> tuple[int, bool, int, int, str]:
    told = item.told
    filled = (told.role_from is not None) + (told.role_to is not None)
    return (-filled, not told.when, _STANDING[told.status], told.sentence, told.id)


def _closest(groups: Sequence[Group], single: Group) -> Group:
    """The group that shares most with a new one: ties, posts, a date, then that of the most texts, the latest date."""
    best = max(_closeness(group, single) for group in groups)
    return min((g for g in groups if _closeness(g, single) == best), key=_first)


def _first(group: Group) -> tuple[str, int, str]:
    return group.first


def _closeness(group: Group, single: Group) -> tuple[bool, int, int, int, str]:
    tied = not group.ties.isdisjoint(single.ties)
    shared = len(group.dates & single.dates)
    return (tied, group.posts.shared(single.posts), shared, len(group.docs), max(group.dates, default=""))


def _clearest(group: Group) -> tuple[int, int, bool, tuple[str, int, str]]:
    """Asserted before doubtful and denied, most posts first, dated before undated: the order of putting together."""
    return (_STANDING[group.stance], -group.posts.filled, not group.dates, group.first)


def agree(one: Group, other: Group, *, by_post: bool, turns: Sequence[str] = ()) -> bool:
    """Whether two groups may be one move: dates agree, posts agree, and neither founds what the other returns to.

    Nobody plans to join what they founded: that is another move. Between two departures lies a return.
    """
    if any(not dates_agree(a, b) or _turn_between(a, b, turns) for a in one.dates for b in other.dates):
        return False
    if not _in_time(one, other):
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
    return abs(_days(one, other)) <= _NEAR_DAYS


def _days(one: str, other: str) -> int:
    """Days from one ISO date to another, from the middle of a month or year where no more is known."""
    first, second = (datetime.date(int(d[:4]), int(d[5:7] or 7), int(d[8:10] or 15)) for d in (one, other))
    return (second - first).days


def _turn_between(one: str, other: str, turns: Sequence[str]) -> bool:
    low, high = sorted((one, other))
    return low != high and any(low < turn < high for turn in turns if len(turn) == len(low) == len(high))


def _in_time(one: Group, other: Group) -> bool:
    """Whether a rumour and what it may have been a rumour of are told in the right order, as far as is known.

    A rumour that is told long after the move is of another one. Where the day of only one of them is known, nothing
    shows that they belong together.
    """
    for rumour, fact in ((one, other), (other, one)):
        if _POSSIBLE in rumour.weights and True not in rumour.times and True in fact.times:
            heard, done = rumour.times[False] - {""}, fact.times[True] - {""}
            if bool(heard) != bool(done):
                return False
            if heard and not -_NEAR_DAYS <= _days(min(heard), max(done)) <= _RUMOUR_DAYS:
                return False
    return True


def opposed(one: Group, other: Group) -> bool:
    """Whether one group denies what the other asserts."""
    stances = {one.stance, other.stance}
    return _NEGATED in stances and bool(stances & {_ACTUAL, _PLANNED})


def contradict(one: Group, other: Group, *, by_post: bool) -> bool:
    """Whether two groups say the opposite of what may be one move."""
    return one is not other and opposed(one, other) and agree(one, other, by_post=by_post)


def heaviest(weighted: Iterable[tuple[str, float]]) -> str | None:
    """Return the value of most weight, None if there is none."""
    sums: dict[str, float] = defaultdict(float)
    for value, weight in weighted:
        sums[value] += weight
    return min((-round(weight, 6), value) for value, weight in sums.items())[1] if sums else None


def date_of(items: Sequence[Item], status: str) -> str | None:
    """Return the date of a move whose record has that status: the most precise that agrees with the likeliest."""
    dated = [(i.told.when, i.told.confidence) for i in items if i.told.when and i.told.status == status]
    dated = dated or [(i.told.when, i.told.confidence) for i in items if i.told.when]
    chosen = heaviest(dated)
    return None if chosen is None else min({w for w, _ in dated if w.startswith(chosen)}, key=_finest)


def _finest(value: str) -> tuple[int, str]:
    return (-len(value), value)


def confidence_of(items: Sequence[Item], copies: Mapping[str, Copy]) -> float:
    """Return how sure a move is that these items state; a copy and its original are one text."""
    by_doc: dict[str, float] = {}
    for item in items:
        doc = copies[item.doc].of if item.doc in copies else item.doc
        by_doc[doc] = max(by_doc.get(doc, 0.0), item.told.confidence)
    doubt = 1.0
    for place, confidence in enumerate(sorted(by_doc.values(), reverse=True)):
        doubt *= 1 - confidence if place == 0 else 1 - confidence / 2
    return round(1 - doubt, 4)
