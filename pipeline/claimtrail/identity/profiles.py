"""The people and organisations of each text, with the forms it names them by, and sets of those that are one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from claimtrail.evidence import Evidence, Named, Stated
from claimtrail.identity import names


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
    """A mention with its text, the day of the text, and the places of its person and organisation."""

    doc: str
    date: str
    told: Stated
    person: Place
    org: Place

    @property
    def key(self) -> tuple[str, str]:
        """What tells the mention from all others: copies of a text have the same ids."""
        return (self.doc, self.told.id)

    @property
    def order(self) -> tuple[str, str, int, int, str]:
        """The oldest first, undated texts last; then as in the text."""
        return (self.date or "9999", self.doc, self.told.sentence, self.told.trigger, self.told.id)


def items_of(evidence: Evidence) -> list[Item]:
    """Return the mentions of a text."""
    doc = evidence.doc
    return [Item(doc, evidence.date, told, Place(doc, told.person), Place(doc, told.org)) for told in evidence.stated]


def profiles_of(doc: str, named: Mapping[str, Named], numbers: Iterable[str]) -> dict[Place, Profile]:
    """Return the profiles of the people or organisations of a text that have these numbers."""
    found = {}
    for number in numbers:
        place = Place(doc, number)
        found[place] = Profile(place, named[number].forms, named[number].key)
    return found


class Sets:
    """Disjoint sets of places; the smallest place of a set stands for it, whatever the order of joining.

    Places that were put apart never come into one set.
    """

    def __init__(self) -> None:
        """Begin with every place on its own."""
        self._up: dict[Place, Place] = {}
        self._apart: dict[Place, set[Place]] = {}

    def root(self, place: Place) -> Place:
        """Return the place that stands for the set of ``place``."""
        path = []
        while (above := self._up.get(place, place)) != place:
            path.append(place)
            place = above
        for below in path:
            self._up[below] = place
        return place

    def only(self, places: Iterable[Place]) -> Sets:
        """Return what stands for these places now, and nothing of what was put apart."""
        found = Sets()
        found._up = {place: root for place in places if (root := self.root(place)) != place}
        return found

    def join(self, one: Place, other: Place) -> bool:
        """Make one set of two; say whether they were two and may be one."""
        a, b = self.root(one), self.root(other)
        if a == b or b in self._apart.get(a, ()):
            return False
        if b < a:
            a, b = b, a
        self._up[b] = a
        for kept_away in self._apart.pop(b, ()):
            self._apart[kept_away].discard(b)
            self._put_apart(a, kept_away)
        return True

    def part(self, one: Place, other: Place) -> bool:
        """Keep two sets apart from now on; say whether they were two."""
        a, b = self.root(one), self.root(other)
        if a == b:
            return False
        self._put_apart(a, b)
        return True

    def apart(self, one: Place, other: Place) -> bool:
        """Say whether two sets were put apart."""
        return self.root(other) in self._apart.get(self.root(one), ())

    def _put_apart(self, a: Place, b: Place) -> None:
        self._apart.setdefault(a, set()).add(b)
        self._apart.setdefault(b, set()).add(a)
