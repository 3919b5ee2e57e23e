"""Telling how a claim came about: each mention from the trigger to the record, and why mentions were put together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from rich.text import Text

from claimtrail.assertion.cues import CueSpec, assertions
from claimtrail.data import DataError
from claimtrail.document import ResolvedBy
from claimtrail.learned.stage import LEARNED
from claimtrail.output.folder import Broken, OutputFolder
from claimtrail.records import ClaimRecord, DateSpan, EntityRecord, MentionRecord, NamedSpan, TextSpan
from claimtrail.rules.grammar import Rule, RuleError, grammar
from claimtrail.viewing.lines import attributes, clean, headline, marked_sentence

_KINDS = ("clm-", "mnt-")
_NAMED = ("per-", "org-")
_MOST_CHOICES = 10
_LONG = 200
_RESOLVED = {
    ResolvedBy.NAME: "named there",
    ResolvedBy.ALIAS: "another form of a name of the text",
    ResolvedBy.COREFERENCE: "a pronoun or a description, or left out, resolved through the text",
    ResolvedBy.AUTHOR: "the writer of the text speaks",
    ResolvedBy.QUOTE: "the writer is named by another text that quotes this one",
}
_CUE = " by cue "
_STATUS, _FRAME, _TEMPLATE = "status ", "frame ", "template "


class NotFoundError(ValueError):
    """No claim or mention has the id, or several begin with it; the message says which."""


@dataclass(frozen=True, slots=True)
class Found:
    """A claim that was asked for; ``mention`` is set where one of its mentions was."""

    claim: ClaimRecord
    mention: MentionRecord | None
    conflicts: Sequence[ClaimRecord]


def find(folder: OutputFolder, wanted: str, broken: Broken | None = None) -> Found:
    """Return the claim of an id, or of its beginning, of a claim or a mention.

    Raises:
        NotFoundError: there is none, or more than one.
        FolderError: the claims cannot be read.
    """
    start = wanted.strip().lower()
    starts = (start,) if start.startswith(_KINDS) else tuple(kind + start for kind in _KINDS)
    found: list[tuple[str, ClaimRecord, MentionRecord | None]] = []
    for claim in folder.claims(broken):
        if claim.id.startswith(starts):
            found.append((claim.id, claim, None))
        found += [(m.id, claim, m) for m in claim.mentions if m.id.startswith(starts)]
    exact = [entry for entry in found if entry[0] == start]
    chosen = exact or found
    if start.startswith(_NAMED):
        option = "--org" if start.startswith("org-") else "--person"
        raise NotFoundError(f"{wanted} is no claim: claimtrail show {folder.path} {option} {wanted} lists its claims")
    if not start or not chosen:
        raise NotFoundError(f"{wanted}: no claim and no mention in {folder.path} has this id")
    if len({name for name, _, _ in chosen}) > 1:
        names = sorted({name for name, _, _ in chosen})
        more = f" and {len(names) - _MOST_CHOICES} more" if len(names) > _MOST_CHOICES else ""
        raise NotFoundError(f"{wanted} may be {', '.join(names[:_MOST_CHOICES])}{more}: write more of the id")
    _, claim, mention = chosen[0]
    others = set(claim.conflicts_with)
    conflicts = [other for other in folder.claims(broken) if other.id in others] if others else []
    return Found(claim, mention, conflicts)


def explanation(found: Found, *, other_rules: bool) -> Iterator[Text]:
    """Yield lines that tell how a claim came about.

    ``other_rules`` says that the rules installed now, whose examples are shown, are not those of the run.
    """
    claim = found.claim
    yield headline(claim)
    yield Text("  ") + attributes(claim, short=False)
    yield from _entity("person", claim.person)
    yield from _entity("organisation", claim.org)
    yield from _entity("post before", claim.role_from)
    yield from _entity("post after", claim.role_to)
    if claim.manner:
        yield _fact("manner", claim.manner)
    if claim.when:
        yield _fact("date", f"{claim.when.value} (known to the {claim.when.precision})")
    if len(claim.statuses) > 1:
        yield _fact("the texts say", ", ".join(f"{status} in {count}" for status, count in claim.statuses.items()))
    yield Text()
    if found.mention is None:
        yield from _merging(claim)
        for other in found.conflicts:
            yield Text("contradicted by", style="bold")
            yield Text("  ") + headline(other)
            yield Text("  ") + attributes(other, short=False)
            yield Text()
    if other_rules:
        yield Text("The rules installed now are not those of the run; what follows of rules and cues is of now.")
        yield Text()
    mentions = [found.mention] if found.mention else claim.mentions
    for number, mention in enumerate(mentions, 1):
        yield from _mention(mention, "" if found.mention else f" {number} of {len(mentions)}")


def _entity(name: str, entity: EntityRecord | None) -> Iterator[Text]:
    if entity is None:
        return
    forms = "; ".join(f"{lang} {', '.join(map(clean, forms))}" for lang, forms in entity.names.items())
    reading = f", read {clean(entity.romanised)}" if entity.romanised else ""
    yield _fact(name, f"{clean(entity.name)}{reading} [{entity.id}]" + (f" — {forms}" if forms else ""))


def _fact(name: str, value: str) -> Text:
    return Text("  ") + Text(f"{name}: ", style="dim") + Text(value)


def _merging(claim: ClaimRecord) -> Iterator[Text]:
    if claim.merged_because:
        yield Text("why these mentions are one claim", style="bold")
        yield from (Text(f"  {clean(reason)}") for reason in claim.merged_because)
        yield Text()


def _mention(mention: MentionRecord, which: str) -> Iterator[Text]:
    place = f"{clean(mention.doc)} ({mention.lang}), characters {mention.sentence.start} to {mention.sentence.end}"
    yield Text(f"mention{which}: ", style="bold") + Text(place) + Text(f"  {mention.id}", style="dim")
    yield Text("  ") + marked_sentence(mention)
    steps = _Steps(mention.steps)
    yield from _rule_lines(mention, steps)
    yield from _named("person", mention.person, steps)
    yield from _named("organisation", mention.org, steps)
    yield from _post("post before", mention.role_from, steps.take("role_from by "))
    yield from _post("post after", mention.role_to, steps.take("role_to by "))
    if mention.manner:
        yield _fact("manner", mention.manner)
    yield from _status_lines(mention, steps)
    if mention.when is not None:
        how = steps.take_about(mention.when.text)
        told = f" — {clean(how)}" if how else ""
        yield _fact("date", f"{_place(mention.when)} is {mention.when.value} ({mention.when.precision}){told}")
    if mention.attributed_to is not None:
        yield _fact("said by", _place(mention.attributed_to))
    if mention.quoted:
        yield _fact("quoted", "inside direct speech or a letter")
    for step in steps.rest:
        yield _fact("also", clean(step))
    yield _fact("found with", f"{mention.engine}, {mention.model}; confidence {mention.confidence:.2f}")
    yield Text()


def _rule_lines(mention: MentionRecord, steps: _Steps) -> Iterator[Text]:
    yield _fact("trigger", _place(mention.trigger))
    rule = _installed(mention)
    told = steps.take(LEARNED)
    if told:
        yield _fact("rule", f"{mention.rule}: none of those written; a network trained on marked texts found it")
        yield _fact("  told", clean(told))
    elif rule is None:
        yield _fact("rule", f"{mention.rule}, which the installed rules do not have")
    else:
        file = PurePath(rule.file)
        place = "/".join(file.parts[-3:])
        yield _fact("rule", f"{mention.rule}, right in {rule.precision:.2f} of its cases; {place}:{rule.line}")
        yield _fact("  looks for", _cut(rule.spec.trigger))
        yield _fact("  example", clean(_first(rule.spec.example)))
        yield _fact("  near-miss", clean(_first(rule.spec.near_miss)))
    for name, start in (("template", _TEMPLATE), ("frame", _FRAME)):
        told = steps.take(start)
        if told:
            yield _fact(f"  {name}", clean(told))


def _installed(mention: MentionRecord) -> Rule | None:
    lang = mention.rule.partition("/")[0]
    try:
        return next((rule for rule in grammar(lang).rules if rule.id == mention.rule), None)
    except (DataError, RuleError, OSError):
        return None


def _named(name: str, span: NamedSpan, steps: _Steps) -> Iterator[Text]:
    slot = "org" if name == "organisation" else name
    where = _place(span) if span.text is not None else "not in the words of the sentence"
    means = f" means {clean(span.name)}" if span.text != span.name else ""
    how = steps.take(f"{slot} resolved: ") or _RESOLVED[ResolvedBy(span.resolved_by)]
    yield _fact(name, f"{where}{means} — {clean(how)}")
    told = steps.take(f"{slot} by ")
    if told:
        yield _fact("  bound by", clean(told))


def _post(name: str, span: TextSpan | None, told: str) -> Iterator[Text]:
    if span is not None:
        yield _fact(name, _place(span))
        if told:
            yield _fact("  bound by", clean(told))


def _status_lines(mention: MentionRecord, steps: _Steps) -> Iterator[Text]:
    told = steps.take_all(_STATUS)
    if not told:
        yield _fact("status", f"{mention.status}, by the rule; no cue and no date says otherwise")
    for step in told:
        status, is_cue, cue = step.partition(_CUE)
        yield _fact("status", clean(step))
        if is_cue:
            yield from _cue_lines(mention.lang, status, cue)


def _cue_lines(lang: str, status: str, name: str) -> Iterator[Text]:
    try:
        cues = assertions(lang).cues
    except (DataError, RuleError, OSError):
        return
    for cue in cues:
        if isinstance(cue.spec, CueSpec) and (cue.spec.id, cue.spec.status) == (name, status):
            yield _fact("  looks for", _cut(cue.spec.match))
            yield _fact("  example", clean(_first(cue.spec.example)))


def _place(span: TextSpan | NamedSpan | DateSpan) -> str:
    return f"“{clean(span.text or '')}” {span.start}:{span.end}"


def _cut(pattern: str) -> str:
    """Return a pattern of many words by its beginning; the rule file has it whole."""
    return clean(pattern if len(pattern) <= _LONG else pattern[:_LONG] + " …")


def _first(example: str | list[str]) -> str:
    return example if isinstance(example, str) else example[0]


class _Steps:
    """The steps of a mention, from which each line of the explanation takes those it tells."""

    def __init__(self, steps: Sequence[str]) -> None:
        self.rest = list(steps)

    def take_all(self, start: str) -> list[str]:
        taken = [step for step in self.rest if step.startswith(start)]
        self.rest = [step for step in self.rest if not step.startswith(start)]
        return [step.removeprefix(start) for step in taken]

    def take(self, start: str) -> str:
        return "; ".join(self.take_all(start))

    def take_about(self, text: str) -> str:
        """Take the step that ends with the words of a date: how the date was found."""
        for step in self.rest:
            how, colon, words = step.partition(": ")
            if colon and words == text:
                self.rest.remove(step)
                return how
        return ""
