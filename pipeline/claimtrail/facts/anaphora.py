"""Pronouns and nominals: finding them by the language's data and tying each to a person or an organisation."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from operator import attrgetter

from claimtrail.document import Document, Label, Quotation, Ranges, Reference, ResolvedBy
from claimtrail.entities.gazetteer import entry, key_of
from claimtrail.facts.layout import Layout, Role
from claimtrail.facts.lexicon import (
    Anaphor,
    Frame,
    Kind,
    Lexicon,
    anaphor_index,
    anywhere,
    compiled,
    ends_with,
    lexicon,
    lexicons,
    starts_with,
)
from claimtrail.literals import key, numbers_in

_REMEMBERED = 10_000  # names whose kind is kept
_MEMORY = 120
_CREDIT_OPENS = frozenset("([（【［〔/@,:|")
_CREDIT_CLOSES = frozenset(("", *")]）】］〕/|-\n\r"))
_ATTRIBUTION = 60
_FOCUS = 1.6  # what the organisation counts more that the text is about
_PASSING = 1.5  # what an organisation named in passing counts less
_APART = 6.0  # what one counts less that the same clause has named as where somebody comes from
_STEM = 5  # letters that a noun shares with a word of a name that it begins with: Klinikgruppe, Kliniken
_SECOND = 4.0  # what the one named last counts more for 'the latter'
_POST = 2.0  # what a person counts more whose post a nominal repeats ('the coach')
_AGREES = 0.7  # what a person of the gender asked for counts more than one of whom no gender is known
_ABOUT = {Kind.NOMINAL: 2.5, Kind.PRONOUN: 0.5, Kind.POSSESSIVE: 0.5}  # what the one whom the text is about counts more
_SUBJECT_HERE = 0.7  # what the subject of a clause before, of the same sentence, counts more
_RECENCY = (3.6, 3.0, 1.8, 0.9, 0.5)
_GOES_ON = 0.6  # what the subject of a clause counts more for the pronoun that begins the next clause
_ROLE = {
    Role.TOPIC: 1.6,
    Role.SUBJECT: 1.5,
    Role.OTHER: 0.4,
    Role.OBJECT: 0.2,
    Role.OBLIQUE: -0.7,
    Role.POSSESSOR: -0.2,
}


@dataclass(frozen=True, slots=True)
class Found:
    """An expression of the text that points back, with its kind and cues."""

    start: int
    end: int
    kind: Kind
    anaphor: Anaphor


@dataclass(frozen=True, slots=True)
class Link:
    """The entity that an expression stands for, how sure that is and why."""

    entity: str
    confidence: float
    reason: str


def find_anaphors(document: Document, names: Sequence[Reference]) -> list[Found]:
    """Find every expression of the language data in the prose, leaving out those that overlap a name."""
    taken = Ranges((r.start, r.end) for r in names)
    found: list[Found] = []
    for sentence in document.sentences:
        words = lexicon(sentence.lang)
        if words is None:
            continue
        here: list[Found] = []
        spelled = key(document.text[sentence.start : sentence.end])
        for number in numbers_in(anaphor_index(sentence.lang).may_match(spelled)):
            anaphor = words.anaphors[number]
            # the text ends for the pattern where the sentence does
            places = anywhere(anaphor.pattern, words.words).finditer(document.text, sentence.start, sentence.end)
            for start, end in (place.span(1) for place in places):
                if _is_one(document.text, start, end, anaphor):
                    here.append(Found(start, end, Kind(anaphor.kind), anaphor))
        found += _longest(here)
    return [f for f in found if not taken.touch(f.start, f.end)]


def _is_one(text: str, start: int, end: int, anaphor: Anaphor) -> bool:
    if anaphor.follows and not ends_with(anaphor.follows, text, start):
        return False
    if anaphor.unless_after and ends_with(anaphor.unless_after, text, start):
        return False
    return not (anaphor.unless_before and starts_with(anaphor.unless_before, text, end))


def _longest(found: Sequence[Found]) -> list[Found]:
    kept: list[Found] = []
    for one in sorted(found, key=_length_first):
        if all(one.end <= k.start or k.end <= one.start for k in kept):
            kept.append(one)
    return sorted(kept, key=_place)


def _length_first(found: Found) -> tuple[int, int]:
    return found.start - found.end, found.start


def _place(found: Found) -> tuple[int, int]:
    return found.start, found.end


@dataclass(frozen=True, slots=True)
class Seen:
    """A mention of an entity that a later expression may point back at."""

    start: int
    end: int
    entity: str
    sentence: int
    lang: str
    role: Role
    named: bool
    passing: bool = False
    apart: bool = False


def _seen(layout: Layout, reference: Reference, role: Role, *, passing: bool, apart: bool = False) -> Seen:
    return Seen(
        reference.start,
        reference.end,
        reference.entity,
        layout.sentence_at(reference.start),
        layout.lang_at(reference.start),
        role,
        reference.resolved_by in (ResolvedBy.NAME, ResolvedBy.ALIAS),
        passing,
        apart,
    )


@dataclass(slots=True)
class PersonResolver:
    """Ties pronouns and nominals to persons, in the order of the text, by recency, role, number and gender."""

    layout: Layout
    gender: dict[str, float]
    names: Mapping[str, str]
    ages: Mapping[str, str] = field(default_factory=dict)
    speech_ends: Sequence[int] = ()
    posts: Mapping[str, frozenset[str]] = field(default_factory=dict)
    about: Mapping[str, float] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)

    def note(self, reference: Reference) -> None:
        """Take a mention of a person into account for what follows."""
        role = self.layout.role(reference.start, reference.end)
        at = bisect_right(self.speech_ends, reference.start) - 1
        if at >= 0 and reference.start - self.speech_ends[at] < _ATTRIBUTION and role is Role.SUBJECT:
            # who only said the words before is not what the story goes on about
            role = Role.OTHER
        self.seen.append(_seen(self.layout, reference, role, passing=is_work(self.layout, reference)))

    def resolve(self, found: Found, later: Sequence[Reference], speaker: str) -> Link | None:
        """Return the person an expression stands for.

        ``later`` are the named persons after it (for expressions that come before their name); ``speaker`` is the
        person whose direct speech it stands in, who is never meant by a third person.
        """
        sentence, lang = self.layout.sentence_at(found.start), self.layout.lang_at(found.start)
        before = [s for s in self.seen[-_MEMORY:] if s.lang == lang and s.entity != speaker]
        # a name that is only that of a work or a thing stands for nobody
        people = {s.entity for s in before if not s.passing}
        before = [s for s in before if s.entity in people]
        scores: dict[str, float] = {}
        counts = Counter(s.entity for s in before if s.named)
        last_of = {s.entity: s for s in before}
        for entity, last in last_of.items():
            scores[entity] = self._score(found, sentence, last, before, counts[entity])
        forward = self._forward(found, sentence, later, speaker)
        if forward is not None and max(scores.values(), default=-9.0) < 2.0:
            return Link(
                forward, 0.7 if len(counts) < 2 else 0.6, f"{found.kind}: {self.names[forward]}, named after it"
            )
        if not scores:
            return None
        ranked = sorted(scores, key=_by_score(scores, last_of), reverse=True)
        best = ranked[0]
        if scores[best] < -1.0:
            return None
        margin = scores[best] - scores[ranked[1]] if len(ranked) > 1 else 3.0
        distance = sentence - last_of[best].sentence
        far = 1.0 if distance < 2 else 0.95 if distance < 4 else 0.85
        confidence = min(0.95, 0.55 + 0.13 * max(margin, 0.0)) * far
        reason = f"{found.kind}: {self.names[best]}, {_why(last_of[best], distance, len(ranked))}"
        return Link(best, round(confidence * found.anaphor.confidence, 3), reason)

    def group(self, found: Found) -> list[Link]:
        """Return the persons that a plural expression stands for: those of the nearest sentence that names several."""
        lang, here = self.layout.lang_at(found.start), self.layout.sentence_at(found.start)
        for back in range(4):
            inside = [s for s in self.seen if s.sentence == here - back and s.lang == lang and s.end <= found.start]
            people = list(dict.fromkeys(s.entity for s in inside))
            if 1 < len(people) < 6 and found.anaphor.count in (0, len(people)):
                confidence = (0.75 if len(people) == 2 else 0.6) - 0.1 * max(back - 1, 0)
                return [Link(p, confidence, f"{found.kind}: {self.names[p]}, one of {len(people)}") for p in people]
        return []

    def _score(self, found: Found, sentence: int, last: Seen, before: Sequence[Seen], count: int) -> float:
        distance = sentence - last.sentence
        score = _RECENCY[distance] if distance < len(_RECENCY) else 0.4
        near = [s for s in before if s.entity == last.entity and sentence - s.sentence == distance]
        score += max(_ROLE[s.role] for s in near)
        if distance and not any(s.sentence == last.sentence and s.start < near[0].start for s in before):
            score += 0.4
        score += min(1.2, 0.2 * count)
        cue = self.gender.get(last.entity, 0.0)
        wanted = {"m": 1.0, "f": -1.0}.get(found.anaphor.gender, 0.0)
        if wanted and cue:
            agreement = wanted * cue
            score += min(_AGREES, agreement) if agreement > 0 else max(-6.0, 4.0 * agreement)
        score += _ABOUT.get(found.kind, 0.0) * self.about.get(last.entity, 0.0)
        covered = self.layout.document.text[found.start : found.end]
        if found.kind is Kind.NOMINAL and any(_repeats(covered, post) for post in self.posts.get(last.entity, ())):
            score += _POST
        if found.kind is Kind.NOMINAL and last.entity in self.ages:
            age = self.ages[last.entity]
            if any(c.isdigit() for c in covered):
                score += 4.0 if age in covered else -4.0
        if found.anaphor.case == "second":
            # 'the latter': whoever was named last, be it in the sentence before
            named = max((s for s in before if s.named), key=_start, default=None)
            return score + (_SECOND if named is not None and last.entity == named.entity else 0.0)
        if distance == 0:
            same = self.layout.same_clause(last.end, found.start)
            if found.anaphor.case == "latter":
                score += 2.0 if last.role not in (Role.SUBJECT, Role.TOPIC) else -1.0
            elif found.kind in (Kind.POSSESSIVE, Kind.REFLEXIVE):
                score += 0.8 if same else 0.3
            elif not same and found.kind is Kind.PRONOUN and last.role in (Role.SUBJECT, Role.TOPIC):
                score += _GOES_ON
            elif same:
                score -= 3.5 if found.anaphor.case == "object" else 2.0 if found.kind is Kind.NOMINAL else 0.5
            elif found.kind is Kind.PRONOUN and last.role in (Role.SUBJECT, Role.TOPIC):
                score += _SUBJECT_HERE
        return score

    def _forward(self, found: Found, sentence: int, later: Sequence[Reference], speaker: str) -> str | None:
        if found.kind is Kind.NOMINAL:
            return None
        reach = sentence if self.seen else sentence + 1
        for reference in later[:3]:
            if self.layout.sentence_at(reference.start) > reach:
                break
            cue = self.gender.get(reference.entity, 0.0) * {"m": 1.0, "f": -1.0}.get(found.anaphor.gender, 0.0)
            if is_work(self.layout, reference):
                continue
            if cue >= 0 and reference.entity != speaker and not self.layout.same_clause(found.end, reference.start):
                return reference.entity
        return None


def _start(seen: Seen) -> int:
    return seen.start


def _by_score(scores: Mapping[str, float], last_of: Mapping[str, Seen]) -> Callable[[str], tuple[float, int]]:
    def key(entity: str) -> tuple[float, int]:
        return round(scores[entity], 6), last_of[entity].start

    return key


def _why(last: Seen, distance: int, rivals: int) -> str:
    near = ("in the same sentence", "in the sentence before")
    place = near[distance] if distance < len(near) else f"{distance} sentences ago"
    role = {Role.TOPIC: "topic", Role.SUBJECT: "subject"}.get(last.role, "named")
    return f"{role} {place}" + ("" if rivals == 1 else f", the likeliest of {rivals}")


def is_work(layout: Layout, reference: Reference) -> bool:
    """Say whether a person's name is that of a work, a product or a thing ('the Anna Kern novels')."""
    return _framed(layout, reference, attrgetter("works"))


def _repeats(nominal: str, post: str) -> bool:
    """Say whether a definite nominal ends with the word for a post, or with its end ('der Trainer', 'Cheftrainer')."""
    words = nominal.casefold().split()
    if len(words) > 1:
        return len(words[-1]) > 3 and any(word.endswith(words[-1]) for word in post.casefold().split())
    return any(post.endswith(nominal[cut:]) for cut in range(1, len(nominal) - 1))


def _framed(layout: Layout, reference: Reference, frames_of: Callable[[Lexicon], Sequence[Frame]]) -> bool:
    """Say whether a name stands in one of the turns of phrase that its language has of a kind."""
    words = layout.lexicon_at(reference.start)
    if words is None:
        return False
    text = layout.document.text
    return any(
        (not frame.before or ends_with(frame.before, text, reference.start) is not None)
        and (not frame.after or starts_with(frame.after, text, reference.end) is not None)
        for frame in frames_of(words)
    )


def is_source(layout: Layout, reference: Reference) -> bool:
    """Say whether an organisation is named only as the source of a report ('laut …', '…によると', '(dpa)')."""
    return layout.once(
        ("source", reference.start, reference.end),
        lambda: _framed(layout, reference, attrgetter("organisations.source")) or _is_credit(layout, reference),
    )


def _is_credit(layout: Layout, reference: Reference) -> bool:
    """Say whether a medium stands where whom a text is from is told: in brackets, after '@', at the end of a line."""
    text = layout.document.text
    at = reference.start - 1
    while at >= 0 and text[at] in " \xa0":
        at -= 1
    opened, after = text[max(at, 0) : at + 1], text[reference.end : reference.end + 2].lstrip(" \xa0")
    if opened not in _CREDIT_OPENS or not (after[:1] in _CREDIT_CLOSES or opened == "@"):
        return False
    known = key_of(reference.name)
    if known is None or entry(known).kind != "media":
        return False
    first = at
    while first > 0 and text[first - 1].isspace():
        first -= 1
    # 'Anna Kern (BBC)' says whose she is
    return not any(e.label is Label.PERSON and first <= e.end <= at for e in layout.document.entities)


def is_passing(layout: Layout, reference: Reference) -> bool:
    """Say whether an organisation is named in passing, by a turn of phrase of the language ('formerly of')."""
    return layout.once(
        ("passing", reference.start, reference.end),
        lambda: _framed(layout, reference, attrgetter("organisations.passing")),
    )


@lru_cache(maxsize=_REMEMBERED)
def organisation_kinds(name: str) -> frozenset[str]:
    """Return the kinds of organisation (``bank``, ``university`` …) that the words of a name show."""
    return frozenset(
        kind
        for words in lexicons().values()
        for kind, pattern in words.organisations.kinds.items()
        if compiled(pattern).search(name)
    )


@dataclass(slots=True)
class OrganisationResolver:
    """Ties 'the company', 'das Institut', '同社' to organisations by recency, kind, role and focus."""

    layout: Layout
    organisations: Sequence[Reference]
    focal: str
    names: Mapping[str, str]
    forms: Mapping[str, frozenset[str]]
    seen: list[Seen] = field(default_factory=list)
    told: dict[tuple[int, str], Link] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Note the named organisations that are more than the source of a report."""
        for reference in self.organisations:
            if not is_source(self.layout, reference):
                self.note(reference)

    def note(self, reference: Reference) -> None:
        """Take a mention of an organisation into account."""
        role = self.layout.role(reference.start, reference.end)
        apart = _framed(self.layout, reference, attrgetter("organisations.apart"))
        passing = is_passing(self.layout, reference)
        self.seen.append(_seen(self.layout, reference, role, passing=passing, apart=apart))

    def resolve(self, found: Found) -> Link | None:
        """Return the organisation that an expression stands for, or None without any candidate.

        The same expression stands for the same organisation throughout a sentence.
        """
        place = (self.layout.sentence_at(found.start), self.layout.document.text[found.start : found.end].casefold())
        if place not in self.told:
            link = self._resolved(found)
            if link is None:
                return None
            self.told[place] = link
        return self.told[place]

    def _resolved(self, found: Found) -> Link | None:
        position, org_kind, kind = found.start, found.anaphor.org_kind, found.kind
        noun = self.layout.document.text[found.start : found.end].split()[-1].casefold()
        sentence, lang = self.layout.sentence_at(position), self.layout.lang_at(position)
        before = [s for s in self.seen if s.end <= position and s.lang == lang][-_MEMORY:]
        item = self.layout.item_at(position)
        own = [s for s in before if item is not None and item.start <= s.start]
        last_of = {s.entity: s for s in own or before}
        scores = {e: self._score(sentence, last, org_kind) + self._echo(e, noun) for e, last in last_of.items()}
        for entity, last in last_of.items():
            if last.sentence == sentence and last.apart and self.layout.same_clause(last.end, position):
                scores[entity] -= _APART
        if self.focal and self.focal not in scores and not own:
            scores[self.focal] = _FOCUS + self._kind_score(self.focal, org_kind) + self._echo(self.focal, noun)
        if not scores:
            return None
        ranked = sorted(scores, key=_by_organisation(scores, last_of), reverse=True)
        best = ranked[0]
        if scores[best] < -1.0:
            return None
        margin = scores[best] - scores[ranked[1]] if len(ranked) > 1 else 3.0
        fits = self._kind_score(best, org_kind) >= 0 or (org_kind != "company" and len(scores) == 1)
        sure = min(0.95, 0.55 + 0.13 * max(margin, 0.0)) * (1.0 if fits else 0.7)
        where = (
            "the organisation the text is about"
            if best not in last_of
            else _why(last_of[best], sentence - last_of[best].sentence, len(ranked))
        )
        return Link(best, round(sure * found.anaphor.confidence, 3), f"{kind}: {self.names[best]}, {where}")

    def _echo(self, entity: str, noun: str) -> float:
        """Weigh that the expression repeats a word of the name: 'the agency' of a Child Support Agency."""
        words = {word for form in self.forms[entity] for word in form.casefold().replace("-", " ").split()}
        alike = any(len(word) > _STEM and noun.startswith(word[: max(_STEM, len(word) - 2)]) for word in words)
        return 2.5 if noun in words else 1.5 if alike else 0.0

    def _score(self, sentence: int, last: Seen, org_kind: str) -> float:
        distance = sentence - last.sentence
        score = (3.5, 2.6, 1.8, 1.2)[distance] if distance < 4 else 0.6
        score += {Role.TOPIC: 0.8, Role.SUBJECT: 0.8, Role.POSSESSOR: -0.3}.get(last.role, 0.0)
        score += _FOCUS if last.entity == self.focal else -_PASSING if last.passing else 0.0
        return score + self._kind_score(last.entity, org_kind)

    def _kind_score(self, entity: str, org_kind: str) -> float:
        kinds = frozenset().union(*(organisation_kinds(f) for f in self.forms[entity]))
        if org_kind in kinds:
            return 2.5
        if org_kind == "company":
            return -1.5 if kinds - {"bank"} else 0.4
        return -0.5 if not kinds else -1.0


def _by_organisation(scores: Mapping[str, float], last_of: Mapping[str, Seen]) -> Callable[[str], tuple[float, int]]:
    def key(entity: str) -> tuple[float, int]:
        return round(scores[entity], 6), last_of[entity].start if entity in last_of else -1

    return key


def speaker_at(quotations: Sequence[Quotation], position: int) -> str | None:
    """Return the speaker of the innermost quotation around a position: ``""`` if unknown, None outside quotations."""
    around = [q for q in quotations if q.start <= position < q.end]
    if not around:
        return None
    inner = min(around, key=_extent)
    return inner.speaker


def _extent(quotation: Quotation) -> int:
    return quotation.end - quotation.start
