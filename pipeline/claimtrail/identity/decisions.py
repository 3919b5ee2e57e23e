"""What the user says is the same or different, and how it is called: the file given with ``--identities``.

A table with the columns ``decision``, ``kind``, ``one``, ``other``, set apart by tabs. The decision is ``same``,
``different`` or ``name``, the kind ``person``, ``organisation`` or ``move``. ``one`` and ``other`` are ids of claims,
people, organisations or mentions; the ``other`` of ``name`` is the name to show. Empty lines and those that begin with
``#`` are passed over.

Every id but that of a well-known organisation stands for a mention: the oldest of the claim, person or organisation
that had the id when it was written. So a line goes on to hold when texts are added and records grow, merge or part.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from claimtrail.evidence import Evidence
from claimtrail.identity.moves import JOINS, LEAVES, ROLE_CHANGE, MentionKey, Ties
from claimtrail.identity.profiles import Item, Place, Sets, items_of
from claimtrail.identity.shown import entity_id, table_id
from claimtrail.output.build import claim_id_of

COLUMNS = ("decision", "kind", "one", "other")
_SAME, _DIFFERENT, _NAME = "same", "different", "name"
_PERSON, _ORGANISATION, _MOVE = "person", "organisation", "move"
_PREFIXES = {_PERSON: ("per-", "mnt-", "clm-"), _ORGANISATION: ("org-", "mnt-", "clm-"), _MOVE: ("clm-", "mnt-")}


class IdentityFileError(ValueError):
    """The file cannot be followed; ``faults`` has a line for each reason, with the line of the file."""

    def __init__(self, faults: Sequence[str]) -> None:
        """Join the faults to the message."""
        super().__init__("; ".join(faults))
        self.faults = list(faults)


class Line(NamedTuple):
    """A line of the file with its number."""

    number: int
    decision: str
    kind: str
    one: str
    other: str


@dataclass(frozen=True, slots=True)
class EntityDecisions:
    """What holds for people, or for organisations: pairs of places with the number of the line that says so."""

    source: str = ""
    same: tuple[tuple[Place, Place, int], ...] = ()
    apart: tuple[tuple[Place, Place, int], ...] = ()
    names: Mapping[Place, str] = field(default_factory=dict)
    lines: Mapping[Place, tuple[Place, int]] = field(default_factory=dict)

    def apply(self, sets: Sets) -> None:
        """Join and part sets as decided."""
        for one, other, _ in self.same:
            sets.join(one, other)
        for one, other, _ in self.apart:
            sets.part(one, other)

    def name_of(self, places: Iterable[Place]) -> str:
        """Return the name that was given to one of these places, ``""`` if none was."""
        return next((self.names[place] for place in sorted(places) if place in self.names), "") if self.names else ""

    def why(self, one: Place, other: Place) -> str:
        """Say which line joins two places, ``""`` if none does."""
        mine, theirs = self.lines.get(one), self.lines.get(other)
        if mine is None or theirs is None or mine[0] != theirs[0]:
            return ""
        return f"{self.source}, line {max(mine[1], theirs[1])}, says that they are one"


@dataclass(frozen=True, slots=True)
class Decisions:
    """All that the user decided."""

    source: str = ""
    people: EntityDecisions = field(default_factory=EntityDecisions)
    organisations: EntityDecisions = field(default_factory=EntityDecisions)
    moves: Ties = field(default_factory=Ties)
    move_lines: Mapping[MentionKey, int] = field(default_factory=dict)

    def why(self, tie: MentionKey) -> str:
        """Say which line makes one move of mentions."""
        return f"{self.source}, line {self.move_lines[tie]}, says that they are one move"


NO_DECISIONS = Decisions()


def read_decisions(path: Path, evidence: Iterable[Evidence]) -> Decisions:
    """Return what an identity file decides about these texts.

    Raises:
        IdentityFileError: for lines of another form, unknown ids, circles and contradictions, all at once.
    """
    lines, faults = _rows(path)
    index = _Index(evidence)
    settler = _Settler(path.name, index, faults)
    for line in sorted(lines, key=_same_first):
        settler.take(line)
    if faults:
        raise IdentityFileError([f"{path.name}:{number}: {fault}" for number, fault in sorted(faults)])
    return settler.decisions()


def lines_of(path: Path) -> list[Line]:
    """Return the lines of an identity file; the ids in them are not looked up.

    Raises:
        IdentityFileError: for lines of another form, all at once.
    """
    lines, faults = _rows(path)
    if faults:
        raise IdentityFileError([f"{path.name}:{number}: {fault}" for number, fault in sorted(faults)])
    return lines


def _same_first(line: Line) -> tuple[bool, int]:
    return (line.decision != _SAME, line.number)


def _rows(path: Path) -> tuple[list[Line], list[tuple[int, str]]]:
    try:
        rows = path.read_text("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise IdentityFileError([f"{path.name}: not UTF-8: {error}"]) from error
    except OSError as error:
        raise IdentityFileError([f"{path} cannot be read: {error.strerror or error}"]) from error
    lines: list[Line] = []
    faults: list[tuple[int, str]] = []
    header = True
    for number, row in enumerate(rows, 1):
        if not row.strip() or row.startswith("#"):
            continue
        cells = tuple(cell.strip() for cell in row.split("\t"))
        if header:
            header = False
            if cells != COLUMNS:
                raise IdentityFileError([f"{path.name}:{number}: the first line must be {', '.join(COLUMNS)}, by tabs"])
        elif len(cells) != len(COLUMNS) or not all(cells):
            faults.append((number, f"{len(COLUMNS)} cells set apart by tabs are expected"))
        elif cells[0] not in (_SAME, _DIFFERENT, _NAME) or cells[1] not in _PREFIXES:
            faults.append((number, f"{cells[0]} {cells[1]} is no decision"))
        elif cells[0] == _NAME and cells[1] == _MOVE:
            faults.append((number, "a move has no name"))
        else:
            lines.append(Line(number, *cells))
    return lines, faults


class _Index:
    """The mentions that ids stand for."""

    def __init__(self, evidence: Iterable[Evidence]) -> None:
        self.by_id: dict[str, list[Item]] = defaultdict(list)
        for text in sorted(evidence, key=_doc):
            for item in items_of(text):
                self.by_id[item.told.id].append(item)
                for relation in (LEAVES, JOINS, ROLE_CHANGE):
                    self.by_id[claim_id_of(relation, item.key)].append(item)
                self.by_id[entity_id("per", item.key)].append(item)
                self.by_id[entity_id("org", item.key)].append(item)
                key = text.organisations[item.told.org].key
                if key and table_id(key) not in self.by_id:
                    self.by_id[table_id(key)].append(item)


def _doc(evidence: Evidence) -> str:
    return evidence.doc


class _Joined:
    """What the lines make one: anything that can be compared, joined with the number of the line."""

    def __init__(self) -> None:
        self._up: dict[tuple[str, str], tuple[str, str]] = {}
        self.line: dict[tuple[str, str], int] = {}

    def root(self, thing: tuple[str, str]) -> tuple[str, str]:
        while thing in self._up:
            thing = self._up[thing]
        return thing

    def join(self, one: tuple[str, str], other: tuple[str, str], line: int) -> int:
        """Make one of two; return 0, or the line that says so already."""
        a, b = sorted((self.root(one), self.root(other)))
        if a == b:
            return max(self.line.get(one, line), self.line.get(other, line))
        self._up[b] = a
        for thing in (one, other):
            self.line.setdefault(thing, line)
        return 0


class _Settler:
    """Takes the lines one by one, those that join first, and notes faults."""

    def __init__(self, source: str, index: _Index, faults: list[tuple[int, str]]) -> None:
        self._source, self._index, self._faults = source, index, faults
        self._joined = {kind: _Joined() for kind in _PREFIXES}
        self._same: dict[str, list[tuple[Place, Place, int]]] = defaultdict(list)
        self._apart: dict[str, list[tuple[Place, Place, int]]] = defaultdict(list)
        self._names: dict[str, dict[Place, str]] = defaultdict(dict)
        self._named: dict[tuple[str, tuple[str, str]], tuple[str, int]] = {}
        self._moves_apart: list[tuple[MentionKey, MentionKey]] = []
        self._mentions: dict[MentionKey, list[MentionKey]] = {}

    def take(self, line: Line) -> None:
        ones = self._items(line, line.one)
        others = [] if line.decision == _NAME else self._items(line, line.other)
        if not ones or (not others and line.decision != _NAME):
            return
        if line.decision == _NAME:
            self._name(line, self._thing(line.kind, ones[0]))
            return
        if line.kind == _MOVE:
            self._mentions.update({items[0].key: [i.key for i in items] for items in (ones, others)})
        one, other = self._thing(line.kind, ones[0]), self._thing(line.kind, others[0])
        if one == other:
            self._fault(line, f"{line.one} and {line.other} are the same {line.kind} of one text")
        elif line.decision == _SAME:
            self._join(line, one, other)
            if line.kind == _MOVE:
                # One move has one person and one organisation.
                for kind in (_PERSON, _ORGANISATION):
                    parts = self._thing(kind, ones[0]), self._thing(kind, others[0])
                    if parts[0] != parts[1] and not self._joined[kind].join(*parts, line.number):
                        self._same[kind].append((Place(*parts[0]), Place(*parts[1]), line.number))
        else:
            self._part(line, one, other)

    def _items(self, line: Line, name: str) -> list[Item]:
        if not name.startswith(_PREFIXES[line.kind]):
            self._fault(
                line, f"{name} names no {line.kind}; such an id begins with {' or '.join(_PREFIXES[line.kind])}"
            )
            return []
        found = self._index.by_id.get(name, [])
        if not found:
            self._fault(line, f"the id {name} is unknown")
        return found

    @staticmethod
    def _thing(kind: str, item: Item) -> tuple[str, str]:
        if kind == _MOVE:
            return item.key
        place = item.person if kind == _PERSON else item.org
        return (place.doc, place.entity)

    def _join(self, line: Line, one: tuple[str, str], other: tuple[str, str]) -> None:
        known = self._joined[line.kind].join(one, other, line.number)
        if known:
            self._fault(line, f"closes a circle: with line {known} the two are one already")
        elif line.kind != _MOVE:
            self._same[line.kind].append((Place(*one), Place(*other), line.number))

    def _part(self, line: Line, one: tuple[str, str], other: tuple[str, str]) -> None:
        joined = self._joined[line.kind]
        if joined.root(one) == joined.root(other):
            lines = max(joined.line.get(one, 0), joined.line.get(other, 0))
            self._fault(line, f"contradicts line {lines}, by which {line.one} and {line.other} are one {line.kind}")
        elif line.kind == _MOVE:
            self._moves_apart.append((one, other))
        else:
            self._apart[line.kind].append((Place(*one), Place(*other), line.number))

    def _name(self, line: Line, thing: tuple[str, str]) -> None:
        root = self._joined[line.kind].root(thing)
        name, number = self._named.setdefault((line.kind, root), (line.other, line.number))
        if number != line.number:
            self._fault(line, f"line {number} names the same {line.kind} already" + f": {name}" * (name != line.other))
        self._names[line.kind][Place(*thing)] = line.other

    def _fault(self, line: Line, words: str) -> None:
        self._faults.append((line.number, words))

    def decisions(self) -> Decisions:
        """Return what the lines decide."""
        moves = self._joined[_MOVE]
        tie = {key: moves.root(first) for first, keys in self._mentions.items() for key in keys}
        apart = {pair for a, b in self._moves_apart for pair in _both_ways(moves.root(a), moves.root(b))}
        lines = {moves.root(thing): number for thing, number in sorted(moves.line.items(), key=_line)}
        return Decisions(self._source, self._of(_PERSON), self._of(_ORGANISATION), Ties(tie, frozenset(apart)), lines)

    def _of(self, kind: str) -> EntityDecisions:
        joined = self._joined[kind]
        lines = {Place(*thing): (Place(*joined.root(thing)), number) for thing, number in joined.line.items()}
        return EntityDecisions(
            self._source, tuple(self._same[kind]), tuple(self._apart[kind]), self._names[kind], lines
        )


def _line(entry: tuple[tuple[str, str], int]) -> int:
    return -entry[1]


def _both_ways(one: MentionKey, other: MentionKey) -> Iterator[tuple[MentionKey, MentionKey]]:
    yield one, other
    yield other, one
