"""Which organisations and people of different texts are one, with the reason of each link."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import combinations, combinations_with_replacement, product
from typing import Any, NamedTuple

import numpy as np

from claimtrail.identity import names, orgs
from claimtrail.identity.names import Kind, NameMatch
from claimtrail.identity.profiles import Place, Profile, Sets
from claimtrail.identity.scripts import Script

# Least probability of a link: whole names; a surname or a first name against a whole name, which needs the same move.
FULL_LINK = 0.2
OTHER_MOVE_LINK = 0.35
SURNAME_LINK = 0.2
GIVEN_LINK = 0.6
# Least probability for two people whom one text keeps apart, and for a transliterated organisation.
SAME_TEXT_LINK = 0.6
ORGANISATION_LINK = 0.5
# A name that fits two people nearly as well tells neither.
_CLEAR_BY = 0.15
# More names than this behind one key tell nobody apart; behind one sound they are told apart by the next sound.
_CROWD = 32
_MANY = 300
# Characters of a sound key that two names must share, and how many more may be asked for.
_FIRST, _DEEPEST = 3, 8


# Calls a function with each of many things, as ``map`` does, perhaps on other machines, and gives the results in order.
Each = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]

# People by the keys of their names.
_Movers = Mapping[str, Sequence[Profile]]


class Best(NamedTuple):
    """The best match of two profiles with the forms that matched, each with its language."""

    match: NameMatch
    one: tuple[str, str] = ("", "")
    other: tuple[str, str] = ("", "")


class _Pair(NamedTuple):
    """A link to be made: the likelier first, then by place."""

    rank: tuple[float, float]
    one: Place
    other: Place
    match: NameMatch


def best_match(one: Profile, other: Profile) -> Best:
    """Return the likeliest match between the whole names of two people's profiles."""
    return _best_of(telling_forms(one), telling_forms(other))


@lru_cache(maxsize=20_000)
def _best_of(ones: tuple[tuple[str, str], ...], others: tuple[tuple[str, str], ...]) -> Best:
    best = Best(names.NO_MATCH)
    for a in ones:
        for b in others:
            if not names.may_match(a[1], b[1]):
                continue
            match = names.compare(a[1], b[1])
            if _order(match) > _order(best.match):
                best = Best(match, a, b)
    return best


def _order(match: NameMatch) -> tuple[bool, float]:
    return (match.probability >= FULL_LINK and match.kind is Kind.FULL, match.probability)


def telling_forms(profile: Profile) -> tuple[tuple[str, str], ...]:
    """Return the forms that tell most: the whole names of each script, or all where there is none; at most six."""
    return _telling(profile.forms)


@lru_cache(maxsize=50_000)
def _telling(every: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    by_script: dict[Script, list[tuple[str, str]]] = defaultdict(list)
    for lang, form in every:
        if not names.is_anonymous(form):
            by_script[names.parse(form).script].append((lang, form))
    kept: list[tuple[str, str]] = []
    for forms in by_script.values():
        full = [f for f in forms if names.parse(f[1]).is_full]
        distinct = {names.parse(f[1]).key: f for f in sorted(full or forms, reverse=True)}
        kept += sorted(distinct.values(), key=_longest)[:2]
    return tuple(sorted(kept)[:6])


def _longest(form: tuple[str, str]) -> tuple[int, str]:
    return (-len(form[1]), form[1])


def link_organisations(
    profiles: Mapping[Place, Profile], people: Mapping[Place, tuple[Profile, ...]], sets: Sets
) -> None:
    """Join the organisations that are one: by the table, by folded name, by acronym in one text, by sound.

    ``people`` gives the people who moved in or out of each organisation: a name that only sounds alike counts where
    the same person moved.
    """
    first: dict[str, Place] = {}
    known = _known_names(profiles.values())
    by_doc: dict[str, list[Place]] = defaultdict(list)
    for place in sorted(profiles):
        by_doc[place.doc].append(place)
        for key in _organisation_keys(profiles[place], known):
            sets.join(first.setdefault(key, place), place)
    for places in by_doc.values():
        for a, b in combinations(places, 2):
            if not (profiles[a].key and profiles[b].key) and _acronyms(profiles[a], profiles[b]):
                sets.join(a, b)
    _link_by_sound(sets, profiles, people)


def _known_names(profiles: Iterable[Profile]) -> dict[str, str]:
    """Map the folded names that texts give well-known organisations to the table's id, where only one goes by it."""
    found: dict[str, set[str]] = defaultdict(set)
    for profile in profiles:
        if profile.key:
            for _, form in profile.forms:
                found[orgs.fold(form)].add(profile.key)
    return {name: min(keys) for name, keys in found.items() if len(keys) == 1}


def _organisation_keys(profile: Profile, known: Mapping[str, str]) -> Iterator[str]:
    if profile.key:
        yield f"table {profile.key}"
        return
    for _, form in profile.forms:
        folded = orgs.fold(form)
        if folded in known:
            yield f"table {known[folded]}"
        elif len(folded) > 1:
            yield f"name {folded}"


def _acronyms(one: Profile, other: Profile) -> bool:
    return any(orgs.is_acronym(a, b) or orgs.is_acronym(b, a) for _, a in one.forms for _, b in other.forms)


def _link_by_sound(sets: Sets, profiles: Mapping[Place, Profile], people: Mapping[Place, tuple[Profile, ...]]) -> None:
    members: dict[Place, list[Place]] = defaultdict(list)
    forms: dict[Place, set[str]] = defaultdict(set)
    for place in sorted(profiles):
        if not profiles[place].key:
            root = sets.root(place)
            members[root].append(place)
            forms[root].update(orgs.fold(form) for _, form in profiles[place].forms)
    told = {root: sorted(found, key=_long_first)[:8] for root, found in forms.items()}
    keyed = sorted((key, root) for root in told for key in {k for f in told[root] for k in names.whole_sound_keys(f)})
    blocks = list(crowded_apart(keyed, _FIRST + 1))
    homes: dict[Place, list[int]] = defaultdict(list)
    for number, block in enumerate(blocks):
        for root in block:
            homes[root].append(number)
    movers: dict[Place, _Movers] = {}
    pairs: list[tuple[float, Place, Place]] = []
    roots = sorted(homes)
    if not roots:
        return
    alike = _Alike([told[root] for root in roots])
    numbers = {root: number for number, root in enumerate(roots)}
    for number, a in enumerate(roots):
        near = sorted({numbers[other] for home in homes[a] for other in blocks[home] if a < other})
        for b in (roots[other] for other in alike.among(number, near)):
            score = max((orgs.sounds_like(f, g) for f in told[a] for g in told[b]), default=0.0)
            if score >= ORGANISATION_LINK:
                for root in (a, b):
                    if root not in movers:
                        movers[root] = _movers(members[root], people)
                if _share_person(movers[a], movers[b]):
                    pairs.append((-score, a, b))
    # In each script an organisation has one name.
    written = {root: frozenset(names.parse(form).script for form in told[root]) for pair in pairs for root in pair[1:]}
    for _, a, b in sorted(pairs):
        ours, theirs = (written[sets.root(root)] for root in (a, b))
        if ours.isdisjoint(theirs) and sets.join(a, b):
            written[sets.root(a)] = ours | theirs


_SCRIPTS = tuple(Script)


class _Alike:
    """Tells at little cost which names of organisations share most of their consonants and differ in script."""

    def __init__(self, named: Sequence[Sequence[str]]) -> None:
        """Take the folded names of each organisation."""
        outlines = [[orgs.consonants(form) for form in forms] for forms in named]
        scripts = [{script for script, _ in found} for found in outlines]
        self._only = np.array(
            [-1 - _SCRIPTS.index(min(s)) if len(s) == 1 else n for n, s in enumerate(scripts)], dtype=np.int64
        )
        counts = [np.array([c for _, c in found], dtype=np.int16) for found in outlines]
        self._most = np.array([c.max(axis=0) for c in counts], dtype=np.int16).reshape(len(counts), -1)
        self._least = np.array([c.sum(axis=1).min() for c in counts], dtype=np.int16)

    def among(self, one: int, others: Sequence[int]) -> list[int]:
        """Return those of the others that may be the same as one."""
        if not others:
            return []
        near = np.array(others)
        shared = np.minimum(self._most[one], self._most[near]).sum(axis=1)
        enough = shared >= orgs.SHARED_SOUNDS * (self._least[one] + self._least[near])
        found: list[int] = near[enough & (self._only[near] != self._only[one])].tolist()
        return found


def _long_first(form: str) -> tuple[int, str]:
    return (-len(form), form)


def crowded_apart(keyed: Sequence[tuple[str, Place]], first: int = _FIRST) -> Iterator[list[Place]]:
    """Yield places whose keys begin alike, several at a time; a crowded block is told apart by more of the key."""
    waiting = [(first, keyed)]
    while waiting:
        depth, entries = waiting.pop()
        blocks: dict[str, list[tuple[str, Place]]] = defaultdict(list)
        for key, place in entries:
            blocks[key[:depth]].append((key, place))
        for start in sorted(blocks):
            members = sorted({place for _, place in blocks[start]})
            if len(members) > _CROWD and depth < _DEEPEST:
                waiting.append((depth + 1, blocks[start]))
            elif 1 < len(members) <= _MANY:
                yield members


def _movers(places: Iterable[Place], people: Mapping[Place, tuple[Profile, ...]]) -> _Movers:
    """File one profile for each way of naming the people who moved there, by keys; two dozen at most."""
    distinct: dict[tuple[tuple[str, str], ...], Profile] = {}
    for place in places:
        for profile in people.get(place, ()):
            distinct.setdefault(telling_forms(profile), profile)
    filed: dict[str, list[Profile]] = defaultdict(list)
    for forms in sorted(distinct)[:24]:
        for key in {k for _, form in forms for k in (*names.exact_keys(form), *names.sound_keys(form))}:
            filed[key].append(distinct[forms])
    return filed


def _share_person(ours: _Movers, theirs: _Movers) -> bool:
    pairs = {(a.place, b.place): (a, b) for key in ours.keys() & theirs.keys() for a in ours[key] for b in theirs[key]}
    return any(best_match(*pairs[key]).match.probability >= FULL_LINK for key in sorted(pairs))


@dataclass(slots=True)
class _Crowd:
    """What is known of a set of people while it grows: their whole names by script, and where they are."""

    full: dict[Script, set[str]] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)
    docs: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Context:
    """What surrounds a person in a text: moves as (relation, organisation), and all organisations of the text."""

    moves: frozenset[tuple[str, Place]]
    around: tuple[str, ...]

    @property
    def organisations(self) -> frozenset[Place]:
        """The organisations the person moves in or out of."""
        return frozenset(org for _, org in self.moves)


class People:
    """Joins the people of different texts: the same whole name first, then the likeliest of the other matches."""

    def __init__(self, profiles: Mapping[Place, Profile], contexts: Mapping[Place, Context], sets: Sets) -> None:
        """Take the named people with what surrounds them, and the sets to join them in."""
        self._profiles = profiles
        self._contexts = contexts
        self._forms = {place: telling_forms(profile) for place, profile in profiles.items()}
        self._crowds: dict[Place, _Crowd] = {}
        self.sets = sets
        self._at_org: dict[Place, list[Place]] = {}

    def link(self, each: Each | None = None, only: Set[Place] | None = None) -> None:
        """Make the links beyond those of equal names, of all people or of these, who must be told with all near them.

        With ``each`` names are compared elsewhere, those at one organisation together.
        """
        for place in sorted(self._profiles if only is None else only & self._profiles.keys()):
            crowd = self._crowds.setdefault(self.sets.root(place), _Crowd())
            crowd.places.append(place)
            crowd.docs.add(place.doc)
            for _, form in self._forms[place]:
                name = names.parse(form)
                if name.is_full:
                    crowd.full.setdefault(name.script, set()).add(form)
        # What Latin letters have joined need not be compared in characters and kana.
        for latin in (True, False):
            pairs = sorted(self._pairs(latin=latin, each=each, only=only), key=_likeliest)
            for pair in self._without_doubtful(pairs):
                if self._agree(pair):
                    self._join(pair.one, pair.other)

    def link_same_names(self) -> None:
        """Join equal whole names that share an organisation, be it only one that both texts speak of."""
        first: dict[tuple[Script, str, str], Place] = {}
        for place in sorted(self._profiles):
            context = self._contexts[place]
            shared = [*context.around, *(f"place {o.doc} {o.entity}" for o in context.organisations)]
            for _, form in self._forms[place]:
                name = names.parse(form)
                if name.is_full:
                    for org in shared:
                        key = (name.script, name.key, org)
                        if first.setdefault(key, place) is not place:
                            self.sets.join(first[key], place)

    def _join(self, one: Place, other: Place) -> None:
        a, b = self.sets.root(one), self.sets.root(other)
        if self.sets.join(a, b):
            kept, gone = (a, b) if self.sets.root(a) == a else (b, a)
            crowd, more = self._crowds[kept], self._crowds.pop(gone)
            crowd.places += more.places
            crowd.docs |= more.docs
            for script, forms in more.full.items():
                crowd.full.setdefault(script, set()).update(forms)

    def at(self, org: Place) -> list[Place]:
        """Return the named people who moved in or out of an organisation, in order."""
        if not self._at_org:
            for place in sorted(self._profiles):
                for where in self._contexts[place].organisations:
                    self._at_org.setdefault(where, []).append(place)
        return self._at_org.get(org, [])

    def compared(self, org: Place, without: Collection[str] = ()) -> dict[Place, set[Place]]:
        """Return who of those at an organisation is compared with whom, as if some texts were not there."""
        places = [place for place in self.at(org) if place.doc not in without]
        scripts = {place: self._scripts(place) for place in places}
        found: dict[Place, set[Place]] = defaultdict(set)
        for latin in (True, False):
            distinct, again = self._distinct(org, places, scripts, latin=latin)
            for one, other in (*again, *self._candidates(distinct, scripts, latin=latin)):
                found[one].add(other)
                found[other].add(one)
        return found

    def may_be_one(self, one: Place, other: Place) -> bool:
        """Say whether two people may be linked, or keep one another from a link, if all else speaks for it."""
        match = _best_of(self._forms[one], self._forms[other]).match
        return self._enough(match, True, one.doc == other.doc, self._scripts(one).isdisjoint(self._scripts(other)))

    def _pairs(self, *, latin: bool, each: Each | None, only: Set[Place] | None) -> Iterator[_Pair]:
        """Yield likely pairs of two sets of people who moved in or out of one organisation.

        These are the pairs of one script or with Latin letters; or, with ``latin`` false, the others of which one has
        no name in Latin letters.
        """
        people = self._profiles.keys() if only is None else only & self._profiles.keys()
        orgs = {org for place in people for org in self._contexts[place].organisations}
        asked = (
            org
            for org in sorted(orgs)
            if latin or any(self._has_no_latin(place) for place in self.at(org) if place in people)
        )
        if each is None or only is not None:
            for org in asked:
                yield from self._pairs_at(org, self.at(org), latin=latin, only=only)
            return
        blocks = (_Block(org, self.at(org), latin, self._at(org, self.at(org))) for org in asked)
        for found in each(_pairs_of, (block for block in blocks if len(block.places) > 1)):
            yield from found

    def _at(self, org: Place, places: Iterable[Place]) -> People:
        """Return what comparing the people of an organisation needs, and no more: it may be sent elsewhere."""
        profiles = {place: self._profiles[place] for place in places}
        moves = {p: frozenset(move for move in self._contexts[p].moves if move[1] == org) for p in profiles}
        part = People(profiles, {p: Context(moves[p], ()) for p in profiles}, self.sets.only(profiles))
        roots = {self.sets.root(place) for place in profiles}
        part._crowds = {root: _Crowd(full=self._crowds[root].full) for root in roots}
        return part

    def _pairs_at(
        self, org: Place, places: Sequence[Place], *, latin: bool, only: Set[Place] | None = None
    ) -> Iterator[_Pair]:
        # No two sets are joined before all pairs are known.
        roots = {place: self.sets.root(place) for place in places}
        scripts = {place: self._scripts(place) for place in places}
        moves: dict[Place, set[str]] = defaultdict(set)
        for place in places:
            moves[roots[place]] |= self._moves_at(org, place)
        distinct, again = self._distinct(org, places, scripts, latin=latin)
        for first, place in again if latin else ():
            if roots[first] != roots[place] and (only is None or (first in only and place in only)):
                yield from self._pair(first, place, same_move=True)
        seen: set[tuple[Place, Place]] = set()
        for pair in self._candidates(distinct, scripts, latin=latin):
            one, other = pair
            a, b = roots[one], roots[other]
            if a == b or pair in seen or (only is not None and not (one in only and other in only)):
                continue
            seen.add(pair)
            if latin or not (self._has_latin(a) and self._has_latin(b)):
                yield from self._pair(one, other, same_move=not moves[a].isdisjoint(moves[b]))

    def _moves_at(self, org: Place, place: Place) -> frozenset[str]:
        return frozenset(relation for relation, at in self._contexts[place].moves if at == org)

    def _distinct(
        self, org: Place, places: Sequence[Place], scripts: Mapping[Place, frozenset[Script]], *, latin: bool
    ) -> tuple[list[Place], list[tuple[Place, Place]]]:
        """Return one of all people named alike who made the same moves, and the others beside the one.

        The one is compared with the rest: less work, the same answer.
        """
        alike: dict[tuple[tuple[str, ...], frozenset[str]], Place] = {}
        distinct: list[Place] = []
        again: list[tuple[Place, Place]] = []
        for place in places:
            if not latin and Script.LATIN in scripts[place]:
                continue
            forms = tuple(form for _, form in self._forms[place])
            first = alike.setdefault((forms, self._moves_at(org, place)), place)
            if first == place:
                distinct.append(place)
            else:
                again.append((first, place))
        return distinct, again

    def _candidates(
        self, places: list[Place], scripts: Mapping[Place, frozenset[Script]], *, latin: bool
    ) -> Iterator[tuple[Place, Place]]:
        """Yield people who share a part of the name in one script, or may sound alike in two: the earlier place first.

        With ``latin`` two scripts are Latin letters and another, without it characters and kana.
        """
        if latin:
            for block in self._exact_blocks(places):
                yield from combinations(block, 2)
        for block in self._sound_blocks(places):
            written: dict[frozenset[Script], list[Place]] = defaultdict(list)
            for place in block:
                written[scripts[place]].append(place)
            for ours, theirs in combinations_with_replacement(written, 2):
                if ours is not theirs:
                    if ours.isdisjoint(theirs) and latin is (Script.LATIN not in ours | theirs):
                        continue
                    if latin or ours.isdisjoint(theirs):
                        for one, other in product(written[ours], written[theirs]):
                            yield (one, other) if one < other else (other, one)
                elif latin and len(ours) > 1:
                    yield from combinations(written[ours], 2)

    def _has_latin(self, root: Place) -> bool:
        return Script.LATIN in self._crowds[root].full

    def _has_no_latin(self, place: Place) -> bool:
        return Script.LATIN not in self._crowds[self.sets.root(place)].full and Script.LATIN not in self._scripts(place)

    def _scripts(self, place: Place) -> frozenset[Script]:
        return frozenset(names.parse(form).script for _, form in self._forms[place])

    def _pair(self, one: Place, other: Place, *, same_move: bool) -> Iterator[_Pair]:
        match = _best_of(self._forms[one], self._forms[other]).match
        if self._enough(match, same_move, one.doc == other.doc, self._scripts(one).isdisjoint(self._scripts(other))):
            yield _Pair((-match.probability - (match.kind is Kind.FULL), -1.0 * same_move), one, other, match)

    @staticmethod
    def _enough(match: NameMatch, same_move: bool, same_text: bool, two_scripts: bool) -> bool:
        if same_text:
            # Who is given in full in one script is often given by surname in the other.
            part = match.kind is Kind.SURNAME and same_move and two_scripts
            return (match.kind is Kind.FULL or part) and match.probability >= SAME_TEXT_LINK
        if match.kind is Kind.FULL:
            return match.probability >= (FULL_LINK if same_move else OTHER_MOVE_LINK)
        least = SURNAME_LINK if match.kind is Kind.SURNAME else GIVEN_LINK
        return same_move and match.probability >= least

    def _exact_blocks(self, places: list[Place]) -> Iterator[list[Place]]:
        blocks: dict[str, list[Place]] = defaultdict(list)
        for place in places:
            keys = {k for _, form in self._forms[place] for k in names.exact_keys(form)}
            for key in keys:
                blocks[key].append(place)
        for key in sorted(blocks):
            if 1 < len(blocks[key]) <= _MANY:
                yield blocks[key]

    def _sound_blocks(self, places: list[Place]) -> Iterator[list[Place]]:
        """Yield blocks of names that may sound alike."""
        return crowded_apart(
            [
                (key, place)
                for place in places
                for key in sorted({k for _, f in self._forms[place] for k in names.sound_keys(f)})
            ]
        )

    def _without_doubtful(self, pairs: list[_Pair]) -> Iterator[_Pair]:
        """Leave out a surname or first name that fits two different people nearly as well."""
        rivals: dict[Place, list[_Pair]] = defaultdict(list)
        for pair in pairs:
            rivals[self.sets.root(pair.one)].append(pair)
            rivals[self.sets.root(pair.other)].append(pair)
        for pair in pairs:
            if pair.match.kind is Kind.FULL or not (
                self._doubtful(pair.one, pair, rivals) or self._doubtful(pair.other, pair, rivals)
            ):
                yield pair

    def _doubtful(self, place: Place, pair: _Pair, rivals: Mapping[Place, list[_Pair]]) -> bool:
        """Say whether a person known by a part of the name only matches people of different whole names."""
        root = self.sets.root(place)
        if any(len(names.parse(form).folded) > 1 for forms in self._crowds[root].full.values() for form in forms):
            return False
        chosen = pair.other if place == pair.one else pair.one
        for rival in rivals.get(root, ()):
            if rival.match.probability < pair.match.probability - _CLEAR_BY:
                continue
            candidate = rival.other if self.sets.root(rival.one) == root else rival.one
            if self.sets.root(candidate) != self.sets.root(chosen) and not self._names_agree(candidate, chosen):
                return True
        return False

    def _names_agree(self, one: Place, other: Place) -> bool:
        a, b = self._crowds[self.sets.root(one)].full, self._crowds[self.sets.root(other)].full
        if not a or not b:
            return True
        return any(
            match.kind is not Kind.GIVEN and match.probability >= FULL_LINK
            for forms in a.values()
            for more in b.values()
            for match in (names.compare(x, y) for x in sorted(forms)[:4] for y in sorted(more)[:4])
        )

    def _agree(self, pair: _Pair) -> bool:
        """Say whether two sets may become one: no two whole names in one script differ, no text keeps them apart."""
        a, b = self.sets.root(pair.one), self.sets.root(pair.other)
        if a == b or self.sets.apart(a, b):
            return False
        one, other = self._crowds[a], self._crowds[b]
        whole = _certain(one) + _certain(other)
        two_scripts = pair.one.doc == pair.other.doc and self._scripts(pair.one).isdisjoint(self._scripts(pair.other))
        strong = (pair.match.kind is Kind.FULL or two_scripts) and pair.match.probability >= SAME_TEXT_LINK
        if not strong and not self._one_in_each_text(one, other, whole):
            return False
        return all(
            _may_be_one(x, y, whole)
            for script in one.full.keys() & other.full.keys()
            for x in sorted(one.full[script])[:8]
            for y in sorted(other.full[script])[:8]
        )

    def _one_in_each_text(self, one: _Crowd, other: _Crowd, whole: list[str]) -> bool:
        """Say whether no text keeps two sets apart: of two people of one text, one has the first name, one the surname.

        That is told by a whole name of a third text in either set.
        """
        for doc in one.docs & other.docs:
            here = [place for crowd in (one, other) for place in crowd.places if place.doc == doc]
            if len(here) != 2:
                return False
            ours, theirs = ([form for _, form in self._forms[place]] for place in here)
            if not any(_complementary(x, y, whole) for x in ours for y in theirs):
                return False
        return True


class _Block(NamedTuple):
    """The people who moved in or out of an organisation, with what comparing them needs."""

    org: Place
    places: list[Place]
    latin: bool
    people: People


def _pairs_of(block: _Block) -> list[_Pair]:
    return list(block.people._pairs_at(block.org, block.places, latin=block.latin))


def _certain(crowd: _Crowd) -> list[str]:
    """The names that are surely whole: of several parts."""
    forms = [form for script in sorted(crowd.full) for form in sorted(crowd.full[script])]
    return [form for form in forms if len(names.parse(form).folded) > 1][:4]


def _may_be_one(one: str, other: str, whole: list[str]) -> bool:
    match = names.compare(one, other)
    if match.probability >= FULL_LINK and match.kind is Kind.FULL:
        return True
    # Characters without a dot may be a whole name or a part of a foreign one.
    if any(names.parse(form).script is not Script.HAN for form in (one, other)):
        return False
    return match.probability >= FULL_LINK or _complementary(one, other, whole)


def _complementary(one: str, other: str, whole: list[str]) -> bool:
    """Whether a whole name has one form as its surname and the other as its first name."""
    for name in whole:
        matches = [names.compare(form, name) for form in (one, other)]
        if {m.kind for m in matches} == {Kind.SURNAME, Kind.GIVEN} and min(m.probability for m in matches) >= FULL_LINK:
            return True
    return False


def _likeliest(pair: _Pair) -> tuple[tuple[float, float], Place, Place]:
    return (pair.rank, pair.one, pair.other)
