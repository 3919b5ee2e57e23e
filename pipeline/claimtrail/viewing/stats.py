"""Counting a run: texts by state and language, claims by relation, status, language, year, confidence and names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rich.table import Table

from claimtrail.document import State
from claimtrail.output.folder import Broken, OutputFolder
from claimtrail.viewing.lines import clean

_BAR = 20
_MOST = 10


@dataclass(slots=True)
class Stats:
    """The counts of a run; each maps a value to how often it occurs."""

    texts: dict[str, int]
    languages_of_texts: dict[str, int]
    failed: dict[str, str]
    copies: int
    characters: int
    claims: int
    mentions: int
    left_out: int
    relations: dict[str, dict[str, int]]
    languages: dict[str, int]
    in_several_languages: int
    in_several_texts: int
    with_conflicts: int
    manners: dict[str, int]
    years: dict[str, int]
    confidence: dict[str, int]
    people: dict[str, int]
    organisations: dict[str, int]
    rules: dict[str, int]
    seconds: float
    stage_seconds: dict[str, float] = field(default_factory=dict)


def stats_of(folder: OutputFolder, broken: Broken | None = None) -> Stats:
    """Return the counts of a run; the records are read once, one at a time.

    Raises:
        FolderError: the records cannot be read.
    """
    states: Counter[str] = Counter()
    text_languages: Counter[str] = Counter()
    failed: dict[str, str] = {}
    characters = left_out = copies = 0
    for record in folder.documents(broken):
        states[record.state] += 1
        characters += record.characters
        left_out += record.left_out
        copies += bool(record.copy_of or record.near_copy_of)
        if record.lang:
            text_languages[record.lang] += 1
        if record.state == State.FAILED.value:
            failed[record.doc] = record.reason
    claims = mentions = several_languages = several_texts = conflicts = 0
    relations: dict[str, Counter[str]] = {}
    languages, manners, years, confidence, rules = (Counter[str]() for _ in range(5))
    people, organisations = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for claim in folder.claims(broken):
        claims += 1
        mentions += len(claim.mentions)
        several_languages += len(claim.languages) > 1
        several_texts += len({mention.doc for mention in claim.mentions}) > 1
        conflicts += bool(claim.conflicts_with)
        relations.setdefault(claim.relation, Counter())[claim.status] += 1
        languages.update(claim.languages)
        manners[claim.manner or ""] += 1
        years[claim.when.value[:4] if claim.when else ""] += 1
        confidence[f"{min(int(claim.confidence * 10), 9) / 10:.1f}"] += 1
        rules.update(mention.rule for mention in claim.mentions)
        people[claim.person.id, claim.person.name] += 1
        organisations[claim.org.id, claim.org.name] += 1
    return Stats(
        texts=_sorted(states),
        languages_of_texts=_sorted(text_languages),
        failed=failed,
        copies=copies,
        characters=characters,
        claims=claims,
        mentions=mentions,
        left_out=left_out,
        relations={relation: _sorted(found) for relation, found in sorted(relations.items())},
        languages=_sorted(languages),
        in_several_languages=several_languages,
        in_several_texts=several_texts,
        with_conflicts=conflicts,
        manners=_sorted(manners),
        years=_sorted(years),
        confidence=_sorted(confidence),
        people=_most_named(people),
        organisations=_most_named(organisations),
        rules=dict(_most(rules)),
        seconds=folder.run.seconds,
        stage_seconds=folder.run.stage_seconds,
    )


def sentences(stats: Stats) -> Iterator[str]:
    """Yield what the tables do not show, in words."""
    texts = sum(stats.texts.values())
    states = ", ".join(f"{count} {state.replace('_', ' ')}" for state, count in stats.texts.items())
    yield f"{texts} texts ({states or 'none'}), {stats.characters:,} characters, {stats.seconds:.1f} s"
    yield (
        f"{stats.claims} claims of {stats.mentions} mentions; {stats.in_several_texts} told by several texts, "
        f"{stats.in_several_languages} in several languages, {stats.with_conflicts} contradicted"
    )
    if stats.copies:
        yield f"{stats.copies} texts are copies of others, whole or nearly"
    if stats.left_out:
        yield f"{stats.left_out} mentions left out as too unsure"
    for doc, reason in stats.failed.items():
        yield f"failed: {clean(doc)}: {clean(reason)}"


def tables(stats: Stats) -> Iterator[Table]:
    """Yield the tables of a run's counts; none for what there is none of."""
    statuses = sorted({status for found in stats.relations.values() for status in found})
    if stats.relations:
        relations = _table("claims", *statuses, "all")
        for relation, found in stats.relations.items():
            counts = [str(found.get(status) or "") for status in statuses]
            relations.add_row(relation, *counts, str(sum(found.values())))
        yield relations
    yield from _bars("language of evidence", stats.languages)
    yield from _bars("year", {year or "undated": count for year, count in stats.years.items()})
    yield from _bars("manner", {manner or "-": count for manner, count in stats.manners.items()})
    yield from _bars("confidence from", stats.confidence)
    yield from _bars("person", stats.people)
    yield from _bars("organisation", stats.organisations)
    yield from _bars("rule", stats.rules)


def _bars(name: str, found: dict[str, int]) -> Iterator[Table]:
    if found:
        table = _table(name, "", "")
        most = max(found.values())
        for value, count in found.items():
            table.add_row(clean(value), str(count), "▇" * max(1, round(count / most * _BAR)))
        yield table


def _table(first: str, *others: str) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column(first, overflow="fold")
    for name in others:
        table.add_column(name, justify="left" if name == "" and others[-1] == "" else "right", no_wrap=True)
    return table


def _sorted(counter: Counter[str]) -> dict[str, int]:
    return dict(sorted(counter.items()))


def _most(counter: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counter.items(), key=_often_first)[:_MOST]


def _often_first(entry: tuple[str, int]) -> tuple[int, str]:
    return -entry[1], entry[0]


def _most_named(counter: Counter[tuple[str, str]]) -> dict[str, int]:
    """Return the most frequent names; two people of one name keep their ids beside it."""
    often: Sequence[tuple[tuple[str, str], int]] = sorted(counter.items(), key=lambda e: (-e[1], e[0][1], e[0][0]))
    names = Counter(name for (_, name), _ in often[:_MOST])
    return {name if names[name] == 1 else f"{name} [{key}]": count for (key, name), count in often[:_MOST]}
