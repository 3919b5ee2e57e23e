"""Comparing two runs: claims that are new, gone or changed, and why."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rich.text import Text

from claimtrail.document import State
from claimtrail.output.folder import Broken, OutputFolder
from claimtrail.records import ClaimRecord, DocumentRecord, EntityRecord, MentionRecord, RunRecord
from claimtrail.viewing.lines import attributes, clean, headline

Key = tuple[str, str]

_STYLES = {"new": "green", "gone": "red", "changed": "yellow"}
_SIGNS = {"new": "+", "gone": "-", "changed": "~"}
_SHORT_HASH = 8
# Ways of running that do not change an answer.
_NO_MATTER = frozenset({"jobs"})


@dataclass(frozen=True, slots=True)
class Change:
    """A claim that is ``new``, ``gone`` or ``changed``; ``fields`` has both values of each field that differs."""

    change: str
    claim: ClaimRecord
    was: ClaimRecord | None = None
    fields: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    why: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two runs.

    ``runs`` says in what the runs themselves differ; ``unsure`` counts the claims of which only the confidence differs.
    """

    runs: list[str]
    changes: list[Change]
    same: int
    unsure: int

    def count(self, change: str) -> int:
        """Return how many claims are ``new``, ``gone`` or ``changed``."""
        return sum(entry.change == change for entry in self.changes)


@dataclass(frozen=True, slots=True)
class _Side:
    """One run in memory, with what finds claims and texts."""

    folder: OutputFolder
    claims: list[ClaimRecord]
    homes: dict[Key, ClaimRecord]
    mentions: dict[Key, MentionRecord]
    ledger: dict[str, DocumentRecord]


def compare(old: OutputFolder, new: OutputFolder, broken: Broken | None = None) -> Comparison:
    """Return what differs between two runs; both are held in memory.

    Claims belong together if they have mentions in common, or else if one text says the same of the same people.

    Raises:
        FolderError: the records of a run cannot be read.
    """
    before, after = _side(old, broken), _side(new, broken)
    runs = run_differences(old.run, new.run)
    pairs = _pairs(before, after)
    changes, same, unsure = [], 0, 0
    for claim in after.claims:
        was = pairs.get(claim.id)
        if was is None:
            changes.append(Change("new", claim, why=_why_new(claim, before, after, runs)))
            continue
        differing = _differing(was, claim)
        reasons = _why_changed(was, claim, before, after, runs)
        if differing or reasons:
            changes.append(Change("changed", claim, was, differing, reasons or _cause(runs)))
        elif was.confidence != claim.confidence:
            unsure += 1
        else:
            same += 1
    kept = {was.id for was in pairs.values()}
    gone = [claim for claim in before.claims if claim.id not in kept]
    changes += [Change("gone", claim, why=_why_gone(claim, before, after, runs)) for claim in gone]
    return Comparison(runs, changes, same, unsure)


def run_differences(old: RunRecord, new: RunRecord) -> list[str]:
    """Return a line for each thing in which two runs differ that can change an answer."""
    lines = []
    if old.version != new.version:
        lines.append(f"claimtrail {old.version} → {new.version}")
    if old.rules_sha256 != new.rules_sha256:
        lines.append(f"rules and word lists {old.rules_sha256[:_SHORT_HASH]} → {new.rules_sha256[:_SHORT_HASH]}")
    for lang in sorted({*old.models, *new.models}):
        one, other = old.models.get(lang), new.models.get(lang)
        if one != other:
            lines.append(f"model of {lang}: {_model(one)} → {_model(other)}")
    for name in sorted({*old.options, *new.options} - _NO_MATTER):
        one_option, other_option = old.options.get(name), new.options.get(name)
        if one_option != other_option:
            lines.append(f"option {name}: {one_option} → {other_option}")
    return lines


def lines(comparison: Comparison) -> Iterator[Text]:
    """Yield lines that tell what differs."""
    for difference in comparison.runs:
        yield Text("the runs differ: ", style="bold") + Text(clean(difference))
    for change in comparison.changes:
        style = _STYLES[change.change]
        yield Text(f"{_SIGNS[change.change]} {change.change:<8}", style=style) + headline(change.claim)
        yield Text("    ") + attributes(change.claim, short=False)
        if change.was is not None and change.was.id != change.claim.id:
            yield Text(f"    was {change.was.id}", style="dim")
        for name, (one, other) in change.fields.items():
            yield Text(f"    {name}: {clean(_shown(one))} → {clean(_shown(other))}")
        yield from (Text(f"    because: {clean(reason)}") for reason in change.why)
    counted = ", ".join(f"{comparison.count(kind)} {kind}" for kind in _STYLES)
    unsure = f", {comparison.unsure} of another confidence only" if comparison.unsure else ""
    yield Text(f"{counted}{unsure}, {comparison.same} the same")


def _side(folder: OutputFolder, broken: Broken | None) -> _Side:
    claims = list(folder.claims(broken))
    homes = {(m.doc, m.id): claim for claim in claims for m in claim.mentions}
    mentions = {(m.doc, m.id): m for claim in claims for m in claim.mentions}
    return _Side(folder, claims, homes, mentions, {record.doc: record for record in folder.documents(broken)})


def _pairs(before: _Side, after: _Side) -> dict[str, ClaimRecord]:
    """Return the old claim of each new one that has one, by the new one's id; each old one is given once."""
    weights: Counter[tuple[str, str]] = Counter()
    for claim in after.claims:
        for mention in claim.mentions:
            was = before.homes.get((mention.doc, mention.id))
            if was is not None:
                weights[was.id, claim.id] += 1
    pairs = _matched(weights, before)
    # A mention whose spans or text have changed has another id: then what is said of whom, in which text, tells.
    taken = {was.id for was in pairs.values()}
    places: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for claim in before.claims:
        if claim.id not in taken:
            for place in _places(claim):
                places[place].add(claim.id)
    loose: Counter[tuple[str, str]] = Counter()
    for claim in after.claims:
        if claim.id not in pairs:
            for place in _places(claim):
                for was_id in places.get(place, ()):
                    loose[was_id, claim.id] += 1
    return pairs | _matched(loose, before)


def _matched(weights: Mapping[tuple[str, str], int], before: _Side) -> dict[str, ClaimRecord]:
    by_id = {claim.id: claim for claim in before.claims}
    pairs: dict[str, ClaimRecord] = {}
    taken: set[str] = set()
    for was_id, claim_id in sorted(weights, key=lambda pair: (-weights[pair], pair[0] != pair[1], pair)):
        if was_id not in taken and claim_id not in pairs:
            pairs[claim_id] = by_id[was_id]
            taken.add(was_id)
    return pairs


def _places(claim: ClaimRecord) -> set[tuple[str, ...]]:
    return {(m.doc, m.relation, m.person.name, m.org.name) for m in claim.mentions}


def _differing(was: ClaimRecord, claim: ClaimRecord) -> dict[str, tuple[Any, Any]]:
    one, other = _compared(was), _compared(claim)
    return {name: (one[name], other[name]) for name in one if one[name] != other[name]}


def _compared(claim: ClaimRecord) -> dict[str, Any]:
    return {
        "relation": claim.relation,
        "person": claim.person.name,
        "org": claim.org.name,
        "role_from": _name(claim.role_from),
        "role_to": _name(claim.role_to),
        "manner": claim.manner,
        "status": claim.status,
        "when": claim.when.value if claim.when else None,
        "languages": claim.languages,
    }


def _name(entity: EntityRecord | None) -> str | None:
    return entity.name if entity is not None else None


def _shown(value: Any) -> str:
    return "none" if value is None else " ".join(value) if isinstance(value, list) else str(value)


def _model(info: Mapping[str, Any] | None) -> str:
    if info is None:
        return "none"
    digest = str(info.get("sha256") or "")[:_SHORT_HASH]
    return " ".join(part for part in (str(info.get("name", "")), str(info.get("version", "")), digest) if part)


def _why_new(claim: ClaimRecord, before: _Side, after: _Side, runs: Sequence[str]) -> list[str]:
    sources = {before.homes[m.doc, m.id].id for m in claim.mentions if (m.doc, m.id) in before.homes}
    if sources:
        return [f"split off from {name}" for name in sorted(sources)]
    return _once(_why_missing(mention, before, after, runs) for mention in claim.mentions)


def _why_gone(claim: ClaimRecord, before: _Side, after: _Side, runs: Sequence[str]) -> list[str]:
    homes = {after.homes[m.doc, m.id].id for m in claim.mentions if (m.doc, m.id) in after.homes}
    if homes:
        return [f"its mentions are in {name} now" for name in sorted(homes)]
    return _once(_why_missing(mention, after, before, runs) for mention in claim.mentions)


def _why_changed(was: ClaimRecord, claim: ClaimRecord, before: _Side, after: _Side, runs: Sequence[str]) -> list[str]:
    had = {(m.doc, m.id): m for m in was.mentions}
    has = {(m.doc, m.id): m for m in claim.mentions}
    reasons = []
    for key, mention in has.items():
        home = before.homes.get(key)
        if home is None:
            reasons.append(f"a mention in {mention.doc} more: {_why_missing(mention, before, after, runs)}")
        elif home.id != was.id:
            reasons.append(f"a mention in {mention.doc} came over from {home.id}")
    for key, mention in had.items():
        home = after.homes.get(key)
        if home is None:
            reasons.append(f"a mention in {mention.doc} less: {_why_missing(mention, after, before, runs)}")
        elif home.id != claim.id:
            reasons.append(f"a mention in {mention.doc} went to {home.id}")
    for key in sorted(had.keys() & has.keys()):
        told = [step for step in has[key].steps if step not in had[key].steps]
        untold = [step for step in had[key].steps if step not in has[key].steps]
        if had[key].rule != has[key].rule:
            reasons.append(f"in {key[0]} the rule {has[key].rule} instead of {had[key].rule}")
        elif told or untold:
            reasons.append(f"in {key[0]} now “{'; '.join(told) or '-'}”, before “{'; '.join(untold) or '-'}”")
    return _once(reasons)


def _why_missing(mention: MentionRecord, lacking: _Side, having: _Side, runs: Sequence[str]) -> str:
    """Return why a mention of one run is not in the other."""
    record, other = lacking.ledger.get(mention.doc), having.ledger.get(mention.doc)
    where = lacking.folder.path
    if record is None:
        return f"{mention.doc} is no text of {where}"
    if record.state != State.PROCESSED.value:
        return f"{mention.doc} is {record.state.replace('_', ' ')} in {where}: {record.reason}"
    if record.sha256 != mention.doc_sha256:
        return f"{mention.doc} has another text in {where}"
    least = lacking.folder.run.options.get("min_confidence")
    if isinstance(least, int | float) and mention.confidence < least:
        return f"{mention.doc}: {mention.confidence:.2f} is less sure than --min-confidence {least} of {where}"
    if other is not None and record.lang != other.lang:
        return f"{mention.doc} is read as {record.lang} in {where}"
    if any(m.doc == mention.doc and _overlap(m, mention) for m in lacking.mentions.values()):
        return f"{mention.doc} gives the sentence other spans or another relation in {where}"
    return f"{mention.doc} gives no such mention in {where} ({'; '.join(_cause(runs))})"


def _overlap(one: MentionRecord, other: MentionRecord) -> bool:
    return one.trigger.start < other.trigger.end and other.trigger.start < one.trigger.end


def _cause(runs: Sequence[str]) -> list[str]:
    return list(runs) or ["the runs agree in version, rules, models and options; other texts are why"]


def _once(reasons: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(reasons))
