"""What a run found before texts were added to it, and which of its people the new texts may have changed.

Whoever is not near a person of a new text keeps their claims to the byte. Near are the people who may be linked to, or
keep from a link, somebody near: of one name, or compared at one organisation and enough alike. The answer is that of
resolving all texts; where that cannot be told from what is near (user's decisions, authors of letters), all is done
anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from claimtrail.identity.link import Context, People
from claimtrail.identity.profiles import Item, Place, Profile

MentionKey = tuple[str, str]


@dataclass(slots=True)
class Standing:
    """The claims that stand: the person and organisation of each mention by id, and what each line holds.

    ``records`` are the records of organisations by id. ``lines`` has, in the order of the file, the id of the claim and
    of its person, its relation and the number of its mentions. ``docs`` are all texts of that run.
    """

    docs: frozenset[str]
    persons: dict[MentionKey, str] = field(default_factory=dict)
    organisations: dict[MentionKey, str] = field(default_factory=dict)
    records: dict[str, Any] = field(default_factory=dict)
    lines: list[tuple[str, str, str, int]] = field(default_factory=list)

    @classmethod
    def of(cls, claims: Path, docs: Iterable[str]) -> Standing:
        """Read ``claims.jsonl``."""
        found = cls(frozenset(docs))
        with claims.open("rb") as file:
            for content in file:
                raw = orjson.loads(content)
                person, org = raw["person"]["id"], raw["org"]["id"]
                found.records[org] = raw["org"]
                found.lines.append((raw["id"], person, raw["relation"], len(raw["mentions"])))
                for mention in raw["mentions"]:
                    key = (mention["doc"], mention["id"])
                    found.persons[key], found.organisations[key] = person, org
        return found


@dataclass(frozen=True, slots=True)
class Before:
    """What is known of all texts, the new ones among them, before the people of different names are linked.

    ``root`` gives what stands for an organisation, ``record`` its record; ``copies`` are the texts whose being a copy
    has changed.
    """

    items: Mapping[str, list[Item]]
    profiles: Mapping[Place, Profile]
    contexts: Mapping[Place, Context]
    people: People
    root: Callable[[Place], Place]
    record: Callable[[Place], Mapping[str, Any]]
    copies: Collection[str]
    speaking: Collection[str]


def changed(standing: Standing, now: Before) -> frozenset[Place] | None:
    """Return the people whose claims may not be as they stand, with all near them; None if that may be anybody."""
    new = [item for doc, items in now.items.items() if doc not in standing.docs for item in items]
    unnamed = [place for place, profile in now.profiles.items() if profile.anonymous]
    if unnamed and any(doc not in standing.docs for doc in now.speaking):
        return None
    moved = _moved(standing, now)
    if unnamed and moved:
        return None
    near = _Near(standing, now)
    near.take(item.person for item in new)
    near.take(place for doc in now.copies for place in near.of_text(doc))
    for org in sorted({now.root(item.org) for item in new} | moved):
        near.take(_at_organisation(standing, now, org, all_of_it=org in moved))
    found = near.found
    told = {move for place in unnamed for move in now.contexts[place].moves}
    if not found.isdisjoint(unnamed) or any(not told.isdisjoint(now.contexts[place].moves) for place in found):
        return None
    return frozenset(found)


def _moved(standing: Standing, now: Before) -> set[Place]:
    """Return the organisations that are not those of before: put together, parted, or told in another record."""
    before: dict[Place, set[str]] = defaultdict(set)
    after: dict[str, set[Place]] = defaultdict(set)
    fresh: set[Place] = set()
    for items in now.items.values():
        for item in items:
            root = now.root(item.org)
            if item.doc in standing.docs:
                known = standing.organisations[item.key]
                before[root].add(known)
                after[known].add(root)
            else:
                fresh.add(root)
    moved = {root for root, known in before.items() if len(known) > 1}
    moved |= {root for roots in after.values() if len(roots) > 1 for root in roots}
    for root in fresh & before.keys() - moved:
        (known,) = before[root]
        if standing.records[known] != now.record(root):
            moved.add(root)
    return moved


def _at_organisation(standing: Standing, now: Before, org: Place, *, all_of_it: bool) -> Iterator[Place]:
    """Yield the people of before at an organisation who are not compared with the same others as before."""
    here = [place for place in now.people.at(org) if place.doc in standing.docs]
    if all_of_it:
        yield from here
        return
    late = {place.doc for place in now.people.at(org)} - standing.docs
    then, today = now.people.compared(org, late), now.people.compared(org)
    for place in here:
        if then.get(place, set()) != {other for other in today.get(place, ()) if other.doc in standing.docs}:
            yield place


class _Near:
    """People with all near them."""

    def __init__(self, standing: Standing, now: Before) -> None:
        self._standing, self._now = standing, now
        self.found: set[Place] = set()
        self._compared: dict[Place, dict[Place, set[Place]]] = {}
        self._told_as: dict[str, set[Place]] = defaultdict(set)
        self._known: dict[Place, set[str]] = defaultdict(set)
        for items in now.items.values():
            for item in items:
                if item.doc in standing.docs:
                    known = standing.persons[item.key]
                    self._told_as[known].add(item.person)
                    self._known[item.person].add(known)
        self._named: dict[Place, list[Place]] = defaultdict(list)
        for place in now.profiles:
            self._named[now.people.sets.root(place)].append(place)

    def of_text(self, doc: str) -> set[Place]:
        """Return the people of a text."""
        return {item.person for item in self._now.items.get(doc, ())}

    def take(self, places: Iterable[Place]) -> None:
        """Add people with all near them."""
        waiting = [place for place in places if place not in self.found]
        while waiting:
            place = waiting.pop()
            if place not in self.found:
                self.found.add(place)
                waiting += [other for other in self._beside(place) if other not in self.found]

    def _beside(self, place: Place) -> Iterator[Place]:
        yield from self._named[self._now.people.sets.root(place)]
        for known in self._known.get(place, ()):
            yield from self._told_as[known]
        if place.doc in self._now.speaking:
            yield from self.of_text(place.doc)
        if self._now.profiles[place].anonymous:
            return
        for org in self._now.contexts[place].organisations:
            if org not in self._compared:
                self._compared[org] = self._now.people.compared(org)
            for other in self._compared[org].get(place, ()):
                if other not in self.found and self._now.people.may_be_one(place, other):
                    yield other
