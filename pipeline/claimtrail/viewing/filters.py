"""Choosing claims: by names, relation, language, date, status and confidence."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from claimtrail.records import ClaimRecord, EntityRecord

_MARKS = re.compile("[\u0300-\u036f]")
_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


ORDERS = ("date", "person", "org", "confidence")
"""What claims can be sorted by."""


def fold(name: str) -> str:
    """Return a name as it is compared: without case, accents and width, and with single spaces."""
    plain = _MARKS.sub("", unicodedata.normalize("NFKD", name))
    return " ".join(unicodedata.normalize("NFKC", plain).casefold().split())


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimFilter:
    """What a claim must be to be chosen; empty fields ask for nothing.

    ``person`` and ``org`` are a part of any form of the name, or an id. ``relations``, ``statuses`` and ``languages``
    list what may be. ``since`` and ``until`` are ISO dates, inclusive; a claim without a date is then left out.

    Raises:
        ValueError: a date that is none.
    """

    person: str = ""
    org: str = ""
    relations: frozenset[str] = frozenset()
    statuses: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    since: str = ""
    until: str = ""
    min_confidence: float = 0.0

    def __post_init__(self) -> None:
        """Check the dates."""
        for date in (self.since, self.until):
            if date and not _DATE.fullmatch(date):
                raise ValueError(f"{date!r} is no date; write it as 2024, 2024-08 or 2024-08-06")

    def keeps(self, claim: ClaimRecord) -> bool:
        """Tell whether a claim is chosen."""
        return (
            (not self.relations or claim.relation in self.relations)
            and (not self.statuses or claim.status in self.statuses)
            and (not self.languages or not self.languages.isdisjoint(claim.languages))
            and claim.confidence >= self.min_confidence
            and self._in_time(claim)
            and _is_named(claim.person, self.person)
            and _is_named(claim.org, self.org)
        )

    def choose(self, claims: Iterable[ClaimRecord]) -> Iterator[ClaimRecord]:
        """Yield the claims that are chosen."""
        return (claim for claim in claims if self.keeps(claim))

    def _in_time(self, claim: ClaimRecord) -> bool:
        if not (self.since or self.until):
            return True
        if claim.when is None:
            return False
        value = claim.when.value
        # A date that is known to the month or year is taken in if some day of it lies in the time.
        after = value[: len(self.since)] >= self.since[: len(value)]
        before = not self.until or value[: len(self.until)] <= self.until[: len(value)]
        return after and before


def _is_named(entity: EntityRecord, wanted: str) -> bool:
    if not wanted or entity.id == wanted:
        return True
    part = fold(wanted)
    forms = [entity.name, entity.romanised or "", *(form for found in entity.names.values() for form in found)]
    return any(part in fold(form) for form in forms)


def in_order(claims: Iterable[ClaimRecord], order: str) -> list[ClaimRecord]:
    """Return claims sorted by one of ``ORDERS``: the oldest first and the undated last, or the surest first."""
    match order:
        case "person":
            return sorted(claims, key=_by_person)
        case "org":
            return sorted(claims, key=_by_org)
        case "confidence":
            return sorted(claims, key=_by_confidence)
        case _:
            return sorted(claims, key=_by_date)


def _by_date(claim: ClaimRecord) -> tuple[bool, str, str]:
    return claim.when is None, claim.when.value if claim.when else "", claim.id


def _by_person(claim: ClaimRecord) -> tuple[str, tuple[bool, str, str]]:
    return fold(claim.person.name), _by_date(claim)


def _by_org(claim: ClaimRecord) -> tuple[str, tuple[bool, str, str]]:
    return fold(claim.org.name), _by_date(claim)


def _by_confidence(claim: ClaimRecord) -> tuple[float, str]:
    return -claim.confidence, claim.id
