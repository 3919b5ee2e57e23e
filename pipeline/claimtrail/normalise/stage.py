"""The normalising stage: the date of each move, and the English names of the posts."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

from claimtrail.document import Argument, Document, Label, Mention, Sentence, Span, When
from claimtrail.normalise.dates import FUTURE, PAST, DateExpression, Roles, date_data, find_dates, resolve
from claimtrail.normalise.posts import is_interim, post_name

# Moves that are decided on the day they are told, where the text names no other day.
_DECIDED = frozenset({"appointed", "dismissed", "elected", "promoted", "transferred", "interim", "resigned"})
_LOOK_AROUND = 240  # characters beside a date in which its role is looked for
_CLAUSE_COST, _TRIGGER_COST, _CLOSED_COST, _AFTER_COST = 40, 45, 120, 25
_TOO_FAR = 400
_NEAR_SENTENCES = 3  # how far the day of saying may stand from what was said
_NEWS_DAYS = 8  # how old that day may be
_JUST_NOW, _FAR_AHEAD = 3, 14  # days: a bare day that was just now is not meant for a plan


@dataclass(frozen=True, slots=True)
class _Dated:
    """A date expression of a sentence; ``said`` if it tells when something was said."""

    expression: DateExpression
    anchor: str
    said: bool


@dataclass(frozen=True, slots=True)
class _Patterns:
    """The patterns of a language that tell what a date beside them dates."""

    other: tuple[tuple[re.Pattern[str], ...], tuple[re.Pattern[str], ...]]
    said: tuple[tuple[re.Pattern[str], ...], tuple[re.Pattern[str], ...]]
    clause: re.Pattern[str]
    closed: re.Pattern[str] | None
    dates_lead: bool


@dataclass(frozen=True, slots=True)
class Normalise:
    """Finds the date of each move, not of its announcement, and names the posts by their English keys.

    A post whose words are not all known keeps the name it has. A move to a post held for the time being is of the
    manner ``interim`` if it was an appointment or nothing said how.
    """

    name: str = "normalise"
    requires: frozenset[str] = frozenset({"mentions", "facts", "sentences"})
    provides: frozenset[str] = frozenset({"mentions"})

    def process(self, documents: Sequence[Document]) -> list[Document]:
        """Return the documents with ``when`` filled where the text gives the date, and the posts named."""
        return [
            replace(document, mentions=tuple(_with_posts(document, m) for m in _dated_mentions(document)))
            for document in documents
        ]


def _with_posts(document: Document, mention: Mention) -> Mention:
    if mention.role_from is None and mention.role_to is None:
        return mention
    lang = document.sentences[mention.sentence].lang
    taken = mention.role_to
    interim = taken is not None and mention.manner in (None, "appointed") and is_interim(document.covered(taken), lang)
    return replace(
        mention,
        role_from=_named(document, mention.role_from, lang),
        role_to=_named(document, taken, lang),
        manner="interim" if interim else mention.manner,
    )


def _named(document: Document, role: Argument | None, lang: str) -> Argument | None:
    if role is None or role.start >= role.end:
        return role
    name = post_name(document.covered(role), lang)
    return role._replace(name=name) if name else role


def _dated_mentions(document: Document) -> tuple[Mention, ...]:
    if not document.mentions:
        return document.mentions
    dates = _dates_by_sentence(document)
    triggers: dict[int, list[Span]] = {}
    for mention in document.mentions:
        triggers.setdefault(mention.sentence, []).append(mention.trigger)
    chosen = [choose(document, m, dates.get(m.sentence, []), triggers[m.sentence]) for m in document.mentions]
    dated = {_move(m) for m, when in zip(document.mentions, chosen, strict=True) if when}
    out = []
    for mention, own in zip(document.mentions, chosen, strict=True):
        when, how = own, "date"
        if when is None and mention.status == "actual" and mention.manner in _DECIDED and _move(mention) not in dated:
            when, how = _day_told(document, mention, dates), "date of the decision, told on"
        if when is None:
            out.append(mention)
            continue
        steps = (*mention.steps, f"{how}: {document.text[when.start : when.end]}")
        out.append(replace(mention, when=when, steps=steps))
    return tuple(out)


def _move(mention: Mention) -> tuple[str, str, str]:
    return mention.relation, mention.person.name, mention.org.name


def _day_told(document: Document, mention: Mention, dates: dict[int, list[_Dated]]) -> When | None:
    """Return the day on which a decision was told, in its sentence or near it, if that is news of the document."""
    around = sorted(range(-_NEAR_SENTENCES, _NEAR_SENTENCES + 1), key=abs)
    for number in (mention.sentence + step for step in around):
        for dated in dates.get(number, []):
            when = resolve(dated.expression, document.facts.date, dated.anchor, direction=PAST) if dated.said else None
            if when and _is_news(when.value, document.facts.date):
                return when
    return None


def _is_news(value: str, document_date: str) -> bool:
    try:
        age = date.fromisoformat(document_date) - date.fromisoformat(value)
    except ValueError:
        return False
    return timedelta(0) <= age <= timedelta(days=_NEWS_DAYS)


def _dates_by_sentence(document: Document) -> dict[int, list[_Dated]]:
    """Return the usable dates of each sentence; each knows the date named before it."""
    names = sorted((e.start, e.end) for e in document.entities if e.label in (Label.PERSON, Label.ORG))
    starts = [start for start, _ in names]
    found: dict[int, list[_Dated]] = {}
    anchor = document.facts.date
    for number, sentence in enumerate(document.sentences):
        for expression in find_dates(document.text, sentence.lang, sentence.start, sentence.end):
            at = bisect_left(starts, expression.end)
            if at and names[at - 1][1] > expression.start:
                continue
            patterns = _patterns(sentence.lang)
            if patterns is None or _has_role(document.text, sentence, expression, patterns.other):
                continue
            said = expression.of_a_day and _has_role(document.text, sentence, expression, patterns.said)
            found.setdefault(number, []).append(_Dated(expression, anchor, said))
            when = resolve(expression, document.facts.date, anchor, direction=PAST)
            anchor = when.value if when else anchor
    return found


def choose(document: Document, mention: Mention, dates: Sequence[_Dated], triggers: Sequence[Span]) -> When | None:
    """Return the date that belongs to a mention, resolved, or None if no date of its sentence does."""
    sentence = document.sentences[mention.sentence]
    best: tuple[float, When] | None = None
    for dated in dates:
        if dated.said:
            continue
        when = resolve(dated.expression, document.facts.date, dated.anchor, direction=_direction(mention))
        if when is None or (mention.status == "planned" and _is_over(when, dated.expression, document.facts.date)):
            continue
        others = [d.expression for d in dates if d is not dated]
        cost = _cost(document.text, sentence, mention.trigger, dated.expression, triggers=triggers, dates=others)
        if cost < _TOO_FAR and (best is None or cost < best[0]):
            best = (cost, when)
    return best[1] if best else None


def _direction(mention: Mention) -> str | None:
    if mention.status == "actual":
        return PAST
    return FUTURE if mention.status == "planned" else None


def _is_over(when: When, expression: DateExpression, document_date: str) -> bool:
    """Tell whether a date is too early for a plan: not after the document, or a bare day that was just now."""
    if len(when.value) < 10 or len(document_date) < 10:
        return bool(document_date) and when.value < document_date[: len(when.value)]
    today, ahead = date.fromisoformat(document_date), date.fromisoformat(when.value)
    if ahead <= today:
        return True
    if expression.year or expression.month or expression.direction or not (expression.day or expression.weekday >= 0):
        return False
    past = resolve(expression, document_date, direction=PAST)
    return (
        past is not None
        and today - date.fromisoformat(past.value) <= timedelta(days=_JUST_NOW)
        and ahead - today > timedelta(days=_FAR_AHEAD)
    )


def _cost(
    text: str,
    sentence: Sentence,
    trigger: Span,
    expression: DateExpression,
    *,
    triggers: Sequence[Span],
    dates: Sequence[DateExpression],
) -> float:
    """Return how badly a date goes with a trigger: distance, clauses and other triggers between, the usual order."""
    patterns = _patterns(sentence.lang)
    assert patterns is not None
    before = expression.end <= trigger.start
    start, end = (expression.end, trigger.start) if before else (trigger.end, expression.start)
    between = text[start:end] if start < end else ""
    others = sum(1 for t in set(triggers) if start <= t.start and t.end <= end)
    cost = float(len(between)) + _CLAUSE_COST * len(patterns.clause.findall(between)) + _TRIGGER_COST * others
    if patterns.closed and before and not any(start <= d.start and d.end <= end for d in dates):
        cost += _CLOSED_COST * len(patterns.closed.findall(between))
    if patterns.dates_lead and not before:
        cost = cost * 2 + _AFTER_COST
    return cost


def _has_role(
    text: str,
    sentence: Sentence,
    expression: DateExpression,
    role: tuple[tuple[re.Pattern[str], ...], tuple[re.Pattern[str], ...]],
) -> bool:
    before, after = role
    left = text[max(sentence.start, expression.start - _LOOK_AROUND) : expression.start]
    right = text[expression.end : min(sentence.end, expression.end + _LOOK_AROUND)]
    return any(p.search(left) for p in before) or any(p.search(right) for p in after)


@cache
def _patterns(lang: str) -> _Patterns | None:
    data = date_data(lang)
    if data is None:
        return None
    closed = re.compile("|".join(data.closed)) if data.closed else None
    return _Patterns(_role(data.other), _role(data.said), re.compile("|".join(data.clause)), closed, not data.words)


def _role(role: Roles) -> tuple[tuple[re.Pattern[str], ...], tuple[re.Pattern[str], ...]]:
    return tuple(re.compile(p) for p in role.before), tuple(re.compile(p) for p in role.after)
