"""Whom a letter quoted in a text calls by first names alone: the people whom the text around it gives by surname.

'Three of us are going: Pia, Tom and Jo', writes the head of a firm, and the text says that Kerner, Brandt and Lund
leave it. Neither gives a whole name. As many first names in the letter as other names around it, for one and the same
move, are the same people, in the same order; fewer or more tell nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache, lru_cache

from claimtrail.facts.lexicon import lexicons
from claimtrail.identity import names
from claimtrail.identity.names import Kind, NameMatch
from claimtrail.identity.profiles import Item, Place, Profile

# One of each might be two people whom nothing but their number ties.
_LEAST = 2
# How likely a form must read like a usual first name, and which share of the forms must.
_READS = 0.5
_SHARE = 0.5
# How likely they must be a part of a whole name that another text gives.
_FITS = 0.2


def called_by_first_names(
    items: Sequence[Item],
    people: Mapping[Place, Profile],
    root: Callable[[Place], Place],
    organisation: Callable[[Item], Place],
    speakers: Collection[str],
) -> list[tuple[Place, Place]]:
    """Return the people of one text who are one: the name around the quoted words first, the first name in them second.

    ``items`` are the mentions of the text, ``root`` and ``organisation`` say who and what is one as far as is known,
    ``speakers`` are the numbers of those who are quoted, who do not speak of themselves by name.
    """
    told: dict[tuple[str, Place], list[Item]] = defaultdict(list)
    inside: set[Place] = set()
    outside: set[Place] = {root(Place(items[0].doc, speaker)) for speaker in speakers} if items else set()
    for item in sorted(items, key=_place):
        (inside if item.told.quoted else outside).add(root(item.person))
        told[item.told.relation, organisation(item)].append(item)
    found: dict[tuple[Place, Place], None] = {}
    for key in sorted(told):
        first = {root(item.person): item.person for item in reversed(told[key])}
        ordered = list(dict.fromkeys(root(item.person) for item in told[key]))
        around = [first[r] for r in ordered if r not in inside and first[r].entity not in speakers]
        quoted = [first[r] for r in ordered if r not in outside]
        around = [place for place in around if _of_one_part(people[place])]
        if len(quoted) == len(around) >= _LEAST and _are_first_names([people[place] for place in quoted]):
            found |= dict.fromkeys(zip(around, quoted, strict=True))
    pairs = list(found)
    one_each = len({one for one, _ in pairs}) == len({other for _, other in pairs}) == len(pairs)
    return pairs if one_each else []


def may_be_called(surname: Sequence[Profile], first: Sequence[Profile]) -> bool:
    """Say whether no whole name that other texts give of either of two people is against their being one."""
    for mine, others, kind in ((surname, first, Kind.GIVEN), (first, surname, Kind.SURNAME)):
        for whole in {form for profile in mine for _, form in profile.forms if len(names.parse(form).folded) > 1}:
            forms = {form for profile in others for _, form in profile.forms}
            if not any(_fits(names.compare(form, whole), kind) for form in forms):
                return False
    return True


def _fits(match: NameMatch, kind: Kind) -> bool:
    return match.kind in (kind, Kind.FULL) and match.probability >= _FITS


def _place(item: Item) -> tuple[int, int, int, str]:
    # Numbers of people count up in the order of the text.
    return (item.told.sentence, item.told.trigger, len(item.person.entity), item.person.entity)


def _of_one_part(profile: Profile) -> bool:
    return all(len(names.parse(form).folded) == 1 for _, form in profile.forms)


def _are_first_names(profiles: Sequence[Profile]) -> bool:
    if not all(_of_one_part(profile) and not profile.anonymous for profile in profiles):
        return False
    usual = sum(any(_is_first_name(form) for _, form in profile.forms) for profile in profiles)
    return usual >= _SHARE * len(profiles)


@lru_cache(maxsize=2_000)
def _is_first_name(form: str) -> bool:
    """Whether a form is a usual first name or its pet form, or reads like one in another script."""
    usual = _first_names()
    folded = names.parse(form).folded
    if folded[0] in usual:
        return True
    near = (name for name in usual if names.may_match(form, name))
    return any(
        match.probability >= _READS and match.kind is Kind.SURNAME for match in (names.compare(form, n) for n in near)
    )


@cache
def _first_names() -> tuple[str, ...]:
    """Return the first names and pet forms of the languages' data in Latin letters, folded."""
    found = set(names.nicknames()).union(*names.nicknames().values())
    for words in lexicons().values():
        given = (*words.masculine.given_names, *words.feminine.given_names)
        found |= {part for name in given for part in names.parse(name).folded if part.isascii()}
    return tuple(sorted(found))
