"""The normalising stage: the date of each move, and the English names of the posts."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

from claimtrail.assertion.cues import assertions
from claimtrail.document import Argument, Document, Label, Mention, Ranges, Sentence, Span, When
from claimtrail.normalise.dates import FUTURE, PAST, DateExpression, Roles, date_data, find_dates, resolve
from claimtrail.normalise.posts import is_interim, post_name

# Moves that are decided on the day they are told, where the text names no other day.
_DECIDED = frozenset({"appointed", "dismissed", "elected", "promoted", "transferred", "interim", "resigned"})
_TAKEN = frozenset({"appointed", "elected", "promoted", "interim"})
_LOOK_AROUND = 240  # characters beside a date in which its role is looked for
_CLAUSE_COST, _TRIGGER_COST, _CLOSED_COST, _AFTER_COST = 40, 45, 120, 25
_BEGINS_COST = 0.25  # of each character up to a date that says when the move takes effect
_TOO_FAR = 400
_NEAR_SENTENCES = 5  # how far the day of saying may stand from what was said
_NEWS_DAYS = 8  # how old that day may be
_NEWS_MONTHS = 2  # how old the date of a move may be that is still the news of the document
_WHOLE_DATE = 10  # characters of an ISO date
_TOLD = "date of the decision, told on"
_DATE_SYMBOLS = ("{D}", "<dd>")  # what stands for dates in the cues of status
_JUST_NOW, _FAR_AHEAD = 3, 14  # days: a bare day that was just now is not meant for a plan
_BARE_DATE = 14  # characters of a line that holds a date and no more
_ANCHOR_SENTENCES = 2  # how far on a date named before still counts
_EFFECTIVE_SENTENCES = 4  # how far from a move the sentence may stand that says when it takes effect
_TENSE_BEFORE, _TENSE_AFTER = 110, 40  # characters beside a trigger in which its tense is looked for
_SENTENCE_STOP = re.compile(r"[.;!?。；！？](?=\s|$)|[。；！？]")
_ADDRESS = re.compile(r"https?://[^\s)>\]]+")


@dataclass(frozen=True, slots=True)
class _Dated:
    """A date expression of a sentence; ``said`` if it tells when something was said.

    ``anchor`` is the date named before, or the document's; empty where it needs one of the text and there is none.
    """

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
    sealed: re.Pattern[str] | None
    owned: re.Pattern[str] | None
    past: re.Pattern[str] | None
    future: re.Pattern[str] | None
    over: tuple[tuple[re.Pattern[str], ...], tuple[re.Pattern[str], ...]]
    effective: re.Pattern[str] | None
    begins: tuple[tuple[re.Pattern[str], ...], tuple[re.Pattern[str], ...]]
    dates_lead: bool


@dataclass(frozen=True, slots=True)
class Normalise:
    """Finds the date of each move, not of its announcement, and names the posts by their English keys.

    A post whose words are not all known keeps the name it has. A move to a post held for the time being is of the
    manner ``interim`` if it was an appointment or nothing said how. A decided move whose date is later than the
    document is ``planned``, and a plan whose date was over before it is ``actual``; a step says so.
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
    beside: dict[int, list[Mention]] = {}
    for mention in document.mentions:
        beside.setdefault(mention.sentence, []).append(mention)
    chosen = [choose(document, m, dates.get(m.sentence, []), beside[m.sentence]) for m in document.mentions]
    owners: dict[tuple[int, int], set[str]] = {}
    for mention, when in zip(document.mentions, chosen, strict=True):
        if when:
            owners.setdefault((when.start, when.end), set()).add(mention.person.name)
    today = document.facts.date
    dated = {_move(m) for m, when in zip(document.mentions, chosen, strict=True) if when and not _is_old(when, today)}
    last = max(
        (one.expression.year for found in dates.values() for one in found), default=0
    )  # year that the text names
    out = []
    for mention, own in zip(document.mentions, chosen, strict=True):
        when, how = own, "date"
        if when is None and _is_no_plan(document, mention, dates.get(mention.sentence, [])):
            steps = (*mention.steps, "status actual: the dates that made it a plan are over")
            mention = replace(mention, status="actual", steps=steps)  # noqa: PLW2901
        if when is None and _move(mention) not in dated:
            when, how = _date_nearby(document, mention, dates, owners)
        if when is None:
            out.append(mention)
            continue
        steps = (*mention.steps, f"{how}: {document.text[when.start : when.end]}")
        behind = _is_behind(document, mention)
        behind = behind or (last > int(when.value[:4]) and _tense(document, mention) != FUTURE)
        out.append(_in_time(replace(mention, when=when, steps=steps), document.facts.date, behind=behind))
    return _one_plan(document, out, dates)


def _one_plan(document: Document, mentions: Sequence[Mention], dates: dict[int, list[_Dated]]) -> tuple[Mention, ...]:
    """Make a move planned wherever a text tells it without a day of its own, if elsewhere it gives a later day.

    'Anna Kern becomes director. … She starts in May.' The day on which a decision was told is no day of the move then.
    """
    plans: dict[tuple[str, str, str], list[Mention]] = {}
    for mention in mentions:
        dated = mention.when is not None or any(not one.said for one in dates.get(mention.sentence, ()))
        if mention.status == "planned" and dated and mention.person.entity and mention.org.entity:
            plans.setdefault(_parties(mention), []).append(mention)
    out = []
    for mention in mentions:
        told = any(step.startswith(_TOLD) for step in mention.steps)
        sure = any(step.startswith("status ") for step in mention.steps)
        if mention.status == "actual" and not sure and (mention.when is None or told):
            plan = next((p for p in plans.get(_parties(mention), ()) if _same_posts(document, p, mention)), None)
            if plan is not None:
                steps = (*mention.steps, "status planned: the text plans the move elsewhere")
                mention = replace(mention, status="planned", when=None, steps=steps)  # noqa: PLW2901
        out.append(mention)
    return tuple(out)


def _parties(mention: Mention) -> tuple[str, str, str]:
    return mention.relation, mention.person.entity, mention.org.entity


def _begins(mention: Mention) -> bool:
    """Tell whether a change of post is that of somebody who takes one up."""
    return mention.role_to is not None or (mention.role_from is None and mention.manner in _TAKEN)


def _same_posts(document: Document, one: Mention, other: Mention) -> bool:
    """Tell whether two mentions name no two posts of one kind, so that they may state one move."""
    pairs = ((one.role_to, other.role_to), (one.role_from, other.role_from))
    if one.relation == "ROLE_CHANGE" and not any(a and b for a, b in pairs) and _begins(one) != _begins(other):
        return False
    return all(
        a is None or b is None or document.covered(a) == document.covered(b) or (a.name and a.name == b.name)
        for a, b in pairs
    )


def _in_time(mention: Mention, document_date: str, *, behind: bool) -> Mention:
    """Set the status by the side of the document's date on which the move lies, unless it is open or denied.

    If the text has no date of its own, a dated plan on which it looks back is over too.
    """
    side = _side(mention.when, document_date) if mention.when else None
    if not document_date and mention.status == "planned" and behind:
        steps = (*mention.steps, "status actual: dated, and looked back on")
        return replace(mention, status="actual", steps=steps)
    wanted = {("actual", FUTURE): "planned", ("planned", PAST): "actual"}.get((mention.status, side or ""))
    if wanted is None:
        return mention
    than = "later" if side == FUTURE else "earlier"
    steps = (*mention.steps, f"status {wanted}: the date is {than} than the document")
    return replace(mention, status=wanted, steps=steps)


def _is_no_plan(document: Document, mention: Mention, dates: Sequence[_Dated]) -> bool:
    """Tell whether a mention is a plan only because of a date beside it, and no date there is to come."""
    today = document.facts.date
    if mention.status != "planned" or not dates or len(today) < _WHOLE_DATE:
        return False
    found = assertions(document.sentences[mention.sentence].lang)
    by_date = {c.spec.id for c in found.cues if any(symbol in c.spec.match for symbol in _DATE_SYMBOLS)}
    told = [step.rpartition(" ")[2] for step in mention.steps if step.startswith("status planned by cue ")]
    if not told or told[-1] not in by_date:
        return False
    meant = [resolve(d.expression, today, d.anchor, direction=PAST if d.said else None) for d in dates]
    return all(when is not None and _side(when, today) != FUTURE and len(when.value) > len("2024") for when in meant)


def _side(when: When, document_date: str) -> str | None:
    """Return ``past`` or ``future``, or None where the date and the document's agree as far as both are known."""
    length = min(len(when.value), len(document_date))
    here, there = document_date[:length], when.value[:length]
    return None if here == there else FUTURE if there > here else PAST


def _is_old(when: When, document_date: str) -> bool:
    """Tell whether a date is that of an earlier move, not of the news of the document."""
    if len(when.value) < 7 or len(document_date) < 7:
        return bool(document_date) and when.value[:4] < document_date[:4]
    (year, month), (then_year, then_month) = (map(int, value.split("-")[:2]) for value in (document_date, when.value))
    return (year - then_year) * 12 + month - then_month > _NEWS_MONTHS


def _move(mention: Mention) -> tuple[str, str, str]:
    return mention.relation, mention.person.name, mention.org.name


def _date_nearby(
    document: Document, mention: Mention, dates: dict[int, list[_Dated]], owners: dict[tuple[int, int], set[str]]
) -> tuple[When | None, str]:
    """Return the date that other sentences give a move, and in words which date that is."""
    if mention.status not in ("actual", "planned"):
        return None, ""
    when = _day_of_effect(document, mention, dates)
    if when:
        return when, "date on which the decision takes effect"
    decided = mention.relation == "ROLE_CHANGE" or (mention.relation == "LEAVES" and mention.manner in _DECIDED)
    if mention.status == "actual" and decided:
        return _day_told(document, mention, dates, owners), _TOLD
    return None, ""


def _with_its_label(document: Document, number: int) -> str:
    """Return the text of a sentence; that of the one before too, if it is little more than a date ('Effective:')."""
    sentence = document.sentences[number]
    first = document.sentences[number - 1] if number and sentence.end - sentence.start <= _BARE_DATE else sentence
    return document.text[first.start : sentence.end]


def _day_of_effect(document: Document, mention: Mention, dates: dict[int, list[_Dated]]) -> When | None:
    """Return the only later day on which, by a sentence close by, what the document tells takes effect."""
    lang = document.sentences[mention.sentence].lang
    patterns = _patterns(lang)
    if patterns is None or patterns.effective is None:
        return None
    if mention.status == "actual" and _tense(document, mention) == PAST:
        return None
    found: dict[str, When] = {}
    for number in range(mention.sentence - _EFFECTIVE_SENTENCES, mention.sentence + _EFFECTIVE_SENTENCES + 1):
        for dated in dates.get(number, []):
            sentence = document.sentences[number]
            if dated.said or sentence.lang != lang or not patterns.effective.search(_with_its_label(document, number)):
                continue
            when = resolve(dated.expression, document.facts.date, dated.anchor, direction=FUTURE)
            if when and document.facts.date and _side(when, document.facts.date) == FUTURE:
                found.setdefault(when.value, when)
    return next(iter(found.values())) if len(found) == 1 else None


def _day_told(
    document: Document, mention: Mention, dates: dict[int, list[_Dated]], owners: dict[tuple[int, int], set[str]]
) -> When | None:
    """Return the day on which a decision was told, in its sentence or near it, if that is news of the document.

    The day of another sentence about the same person counts as well, unless it is that of somebody else's move.
    """
    around = sorted(range(-_NEAR_SENTENCES, _NEAR_SENTENCES + 1), key=abs)
    for number in (mention.sentence + step for step in around):
        for dated in dates.get(number, []):
            elsewhere = number != mention.sentence and dated.expression.of_a_day
            if not dated.said and not (elsewhere and _is_about(document, number, mention)):
                continue
            if number != mention.sentence and not _goes_on(document, number, mention):
                continue
            when = resolve(dated.expression, document.facts.date, dated.anchor, direction=PAST)
            if when is None or not _is_news(when.value, document.facts.date):
                continue
            own = owners.get((when.start, when.end), {mention.person.name})
            if dated.said or mention.person.name in own:
                return when
    return None


def _goes_on(document: Document, number: int, mention: Mention) -> bool:
    """Tell whether a sentence belongs with that of a mention: to its paragraph, or to what is told of its parties.

    The items of a digest do not.
    """
    here, there = sorted((document.sentences[mention.sentence], document.sentences[number]), key=lambda s: s.start)
    if "\n" not in document.text[here.end : there.start].strip(" ") and here.end <= there.start:
        return True
    sentence = document.sentences[number]
    parties = (mention.person.entity, mention.org.entity)
    return any(r.entity in parties and sentence.start <= r.start < sentence.end for r in document.facts.references)


def _is_about(document: Document, number: int, mention: Mention) -> bool:
    """Tell whether a sentence refers to the person of a mention."""
    sentence = document.sentences[number]
    return any(
        r.entity == mention.person.entity and sentence.start <= r.start < sentence.end
        for r in document.facts.references
    )


def _is_news(value: str, document_date: str) -> bool:
    try:
        age = date.fromisoformat(document_date) - date.fromisoformat(value)
    except ValueError:
        return False
    return timedelta(0) <= age <= timedelta(days=_NEWS_DAYS)


def _dates_by_sentence(document: Document) -> dict[int, list[_Dated]]:
    """Return the usable dates of each sentence; each knows the date named before it."""
    names = [(e.start, e.end) for e in document.entities if e.label in (Label.PERSON, Label.ORG)]
    taken = sorted((*names, *(m.span() for m in _ADDRESS.finditer(document.text))))
    starts = [start for start, _ in taken]
    triggers = Ranges((m.trigger.start, m.trigger.end) for m in document.mentions)
    found: dict[int, list[_Dated]] = {}
    anchor, anchored = document.facts.date, -_ANCHOR_SENTENCES - 1
    for number, sentence in enumerate(document.sentences):
        for expression in find_dates(document.text, sentence.lang, sentence.start, sentence.end):
            at = bisect_left(starts, expression.end)
            if at and taken[at - 1][1] > expression.start:
                continue
            patterns = _patterns(sentence.lang)
            within = triggers.touch(expression.start, expression.start + 1)
            if patterns is None or (not within and _has_role(document.text, sentence, expression, patterns.other)):
                continue
            said = expression.of_a_day and _has_role(document.text, sentence, expression, patterns.said)
            known = "" if expression.needs_text and number - anchored > _ANCHOR_SENTENCES else anchor
            found.setdefault(number, []).append(_Dated(expression, known, said))
            when = resolve(expression, document.facts.date, known, direction=PAST)
            if when:
                anchor, anchored = when.value, number
            elif expression.direction:
                anchor = ""  # 'last year' is meant next by 'that year', but nobody knows which it is
    return found


def choose(document: Document, mention: Mention, dates: Sequence[_Dated], beside: Sequence[Mention]) -> When | None:
    """Return the date that belongs to a mention, resolved, or None if no date of its sentence does.

    ``beside`` are the mentions of the sentence. Of several people who share a trigger, one who comes after a later date
    has the date beside them; a named post draws the date beside it. A date within the trigger is always that of the
    move. A date that means nothing here still keeps the dates behind it away.
    """
    sentence = document.sentences[mention.sentence]
    behind = _is_behind(document, mention)
    tense = PAST if behind else _tense(document, mention)
    triggers = [m.trigger for m in beside]
    spot = mention.trigger
    within = next((d for d in dates if spot.start <= d.expression.start and d.expression.end <= spot.end), None)
    if within:
        return _meant(within, document.facts.date, mention, tense=tense, behind=behind)
    gapped = any(spot.end <= d.expression.start and d.expression.end <= mention.person.start for d in dates)
    if gapped and any(m.trigger == spot and m.person[:2] != mention.person[:2] for m in beside):
        spot = Span(mention.person.start, mention.person.end)
    post = _post_beside(mention, sentence)
    ranked = []
    for order, dated in enumerate(dates):
        others = [d.expression for d in dates if d is not dated]
        cost = _cost(document.text, sentence, spot, dated.expression, triggers=triggers, dates=others)
        if dated.said or cost >= _TOO_FAR:
            continue
        if post:
            cost += _cost(document.text, sentence, post, dated.expression, triggers=triggers, dates=others)
        ranked.append((cost, order, dated))
    for _, _, dated in sorted(ranked, key=lambda r: r[:2]):
        when = _meant(dated, document.facts.date, mention, tense=tense, behind=behind)
        if when is None:
            return None
        if behind or mention.status != "planned" or not _is_over(when, dated.expression, document.facts.date):
            return when
        if dated.expression.year and tense != FUTURE and _in_one_clause(document.text, sentence, spot, dated):
            return when
    return None


def _post_beside(mention: Mention, sentence: Sentence) -> Span | None:
    role = mention.role_to or mention.role_from
    inside = role is not None and sentence.start <= role.start < role.end <= sentence.end
    return Span(role.start, role.end) if role is not None and inside else None


def _meant(dated: _Dated, document_date: str, mention: Mention, *, tense: str | None, behind: bool) -> When | None:
    """Resolve a date on the side that tense and status tell; else it is the nearest."""
    direction = tense or (FUTURE if mention.status == "planned" else None)
    if mention.status == "planned" and tense == PAST and not behind and not dated.expression.year:
        direction = FUTURE
    return resolve(dated.expression, document_date, dated.anchor, direction=direction)


def _is_behind(document: Document, mention: Mention) -> bool:
    """Tell whether the words beside a trigger look back on the move."""
    sentence = document.sentences[mention.sentence]
    patterns = _patterns(sentence.lang)
    return patterns is not None and _has_role(document.text, sentence, mention.trigger, patterns.over)


def _tense(document: Document, mention: Mention) -> str | None:
    """Return ``past`` or ``future`` by the nearest sign of tense beside a trigger; where they are as near, future."""
    sentence = document.sentences[mention.sentence]
    patterns = _patterns(sentence.lang)
    if patterns is None:
        return None
    trigger = mention.trigger
    first = max(sentence.start, trigger.start - _TENSE_BEFORE)
    last = min(sentence.end, trigger.end + _TENSE_AFTER)
    stops = [m.end() for m in _SENTENCE_STOP.finditer(document.text, first, trigger.start)]
    window = document.text[stops[-1] if stops else first : last]
    shift = stops[-1] if stops else first
    nearest: list[tuple[int, int, str]] = []
    for order, (side, pattern) in enumerate(((FUTURE, patterns.future), (PAST, patterns.past))):
        for match in pattern.finditer(window) if pattern else ():
            start, end = match.start() + shift, match.end() + shift
            nearest.append((max(0, trigger.start - end, start - trigger.end), order, side))
    return min(nearest)[2] if nearest else None


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
    if end - start >= _TOO_FAR:
        return _TOO_FAR
    between = text[start:end] if start < end else ""
    others = sum(1 for t in set(triggers) if start <= t.start and t.end <= end)
    cost = float(len(between)) + _CLAUSE_COST * len(patterns.clause.findall(between)) + _TRIGGER_COST * others
    if before and patterns.sealed:
        left = text[max(sentence.start, expression.start - _LOOK_AROUND) : expression.start]
        if patterns.sealed.search(f"{left}DATE{between}"):
            return _TOO_FAR
    if not before and others and patterns.owned and patterns.owned.search(between):
        return _TOO_FAR
    if not before and _has_role(text, sentence, expression, patterns.begins):
        return len(between) * _BEGINS_COST + _TRIGGER_COST * others
    if patterns.dates_lead and not before and patterns.clause.search(between):
        return _TOO_FAR
    if patterns.closed and before and not any(start <= d.start and d.end <= end for d in dates):
        cost += _CLOSED_COST * len(patterns.closed.findall(between))
    if patterns.dates_lead and not before:
        cost = cost * 2 + _AFTER_COST
    return cost


def _in_one_clause(text: str, sentence: Sentence, spot: Span, dated: _Dated) -> bool:
    patterns = _patterns(sentence.lang)
    start, end = min(spot.end, dated.expression.end), max(spot.start, dated.expression.start)
    return patterns is not None and not patterns.clause.search(text[start:end])


def _has_role(
    text: str,
    sentence: Sentence,
    expression: DateExpression | Span,
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
    return _Patterns(
        other=_role(data.other),
        said=_role(data.said),
        clause=re.compile("|".join(data.clause)),
        closed=_any(data.closed),
        sealed=_any(data.sealed),
        owned=_any(data.owned),
        past=_any(data.past),
        future=_any(data.future),
        over=_role(data.over),
        effective=_any(data.effective),
        begins=_role(data.begins),
        dates_lead=not data.words,
    )


def _any(patterns: Sequence[str]) -> re.Pattern[str] | None:
    return re.compile("|".join(patterns)) if patterns else None


def _role(role: Roles) -> tuple[tuple[re.Pattern[str], ...], tuple[re.Pattern[str], ...]]:
    return tuple(re.compile(p) for p in role.before), tuple(re.compile(p) for p in role.after)
