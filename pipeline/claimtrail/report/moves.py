"""Who went from where to where: leaving one organisation and joining another, put together person by person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from claimtrail.records import ClaimRecord


def told_on(claim: ClaimRecord, dates: Mapping[str, str]) -> str:
    """Return the earliest date of the texts that tell a claim, or nothing; ``dates`` are those of the documents."""
    return min((dates[m.doc] for m in claim.mentions if dates.get(m.doc)), default="")


def moves(claims: Sequence[ClaimRecord], dates: Mapping[str, str]) -> list[tuple[int, int]]:
    """Return pairs of a leaving and a joining, as places in ``claims``: the same person, another organisation.

    A joining takes the last leaving before it that no other has taken, or else the first after it within a year or
    so: news of a new post may come before that of the old. Undated claims count as of the day they are told. What is
    denied is no move.
    """
    leaving: dict[str, list[tuple[str, int]]] = defaultdict(list)
    joining: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for place, claim in enumerate(claims):
        kind = {"LEAVES": leaving, "JOINS": joining}.get(claim.relation)
        if kind is not None and claim.status != "negated":
            when = claim.when.value if claim.when else told_on(claim, dates)
            kind[claim.person.id].append((when, place))
    pairs = []
    for person, joined in joining.items():
        free = sorted(leaving.get(person, []))
        for when, place in sorted(joined):
            org = claims[place].org.id
            fitting = [left for left in free if claims[left[1]].org.id != org]
            before = [left for left in fitting if left[0] <= when]
            soon = [left for left in fitting if left[0] > when and _year(left[0]) - _year(when) <= 1]
            if before or soon:
                chosen = before[-1] if before else soon[0]
                free.remove(chosen)
                pairs.append((chosen[1], place))
    return sorted(pairs)


def _year(when: str) -> int:
    return int(when[:4]) if when else 0
