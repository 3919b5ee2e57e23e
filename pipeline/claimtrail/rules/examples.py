"""Examples in rule files: sentences with marked phrases, turned into documents and checked."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace

from claimtrail.document import (
    Document,
    Entity,
    Facts,
    Label,
    Mention,
    Reference,
    ResolvedBy,
    Sentence,
    Stretch,
)
from claimtrail.literals import SLOTS
from claimtrail.rules.finders import Site
from claimtrail.rules.grammar import Grammar, Rule
from claimtrail.rules.match import attempts, best
from claimtrail.rules.shape import build_shape

_MARK = re.compile(r"\[([A-Za-z_]+):([^\[\]]+)\]")
_LABELS = {"P": Label.PERSON, "O": Label.ORG, "T": Label.TITLE, "D": Label.DATE, "G": Label.GPE}


@dataclass(frozen=True, slots=True)
class Example:
    """A marked sentence: the document it stands for, and the spans wanted for each argument."""

    document: Document
    wanted: tuple[tuple[str, tuple[int, int]], ...]
    trigger: tuple[int, int] = (0, 0)


def read_example(marked: str, lang: str) -> Example:
    """Turn a marked sentence into a document of one sentence.

    ``[P:…] [O:…] [T:…] [D:…] [G:…]`` mark phrases; ``[person:…] [org:…] [role_from:…] [role_to:…] [when:…]`` mark
    phrases that the rule must bind to that argument, ``[trigger:…]`` the trigger (in examples of assertion cues). The
    same words are the same person or organisation.

    Raises:
        ValueError: an unknown mark.
    """
    text, entities, references, wanted = "", [], [], []
    numbers: dict[tuple[Label, str], str] = {}
    at = 0
    trigger = (0, 0)
    for match in _MARK.finditer(marked):
        text += marked[at : match.start()]
        at = match.end()
        mark, words = match.groups()
        if mark == "trigger":
            trigger = (len(text), len(text) + len(words))
            text += words
            continue
        if mark not in _LABELS and mark not in SLOTS:
            raise ValueError(f"unknown mark [{mark}:…]")
        label = _LABELS[{"S": "O"}.get(SLOTS.get(mark, mark), SLOTS.get(mark, mark))]
        start, end = len(text), len(text) + len(words)
        text += words
        if mark in SLOTS:
            wanted.append((mark, (start, end)))
        entities.append(Entity(start, end, label))
        if label in (Label.PERSON, Label.ORG):
            number = numbers.setdefault((label, words), f"{label[0].lower()}{len(numbers)}")
            references.append(Reference(start, end, label, number, words, ResolvedBy.NAME))
    text += marked[at:]
    document = Document(
        doc_id="example",
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        lang=lang,
        stretches=(Stretch(0, len(text), lang),),
        sentences=(Sentence(0, len(text), lang),),
        entities=tuple(entities),
        facts=Facts(references=tuple(references)),
    )
    return Example(document, tuple(wanted), trigger)


def mentions_of(example: Example, rules: Grammar) -> list[Mention]:
    """Return what all rules of a language find in an example."""
    document = example.document
    shape = build_shape(document, 0, len(document.text), rules)
    return best(list(attempts(rules, Site(document, 0, shape, rules.lang, respectively=rules.respectively))))


def failures(rule: Rule, rules: Grammar) -> list[str]:
    """Run a rule's examples and near-misses; return a line for each that is not as it must be."""
    spec, out = rule.spec, []
    for marked in [spec.example] if isinstance(spec.example, str) else spec.example:
        example = read_example(marked, rules.lang)
        found = [m for m in _by_rule(example, rules, rule) if m.relation == rule.relation]
        bound = {
            (slot, (arg.start, arg.end)) for m in found for slot in _SLOTS if (arg := getattr(m, slot)) is not None
        }
        if not found:
            out.append(f"the example does not fire: {marked}")
        missing = [
            f"{slot} {example.document.text[s:e]!r}" for slot, (s, e) in example.wanted if (slot, (s, e)) not in bound
        ]
        if found and missing:
            out.append(f"the example binds {', '.join(missing)} differently: {marked}")
    for marked in [spec.near_miss] if isinstance(spec.near_miss, str) else spec.near_miss:
        example = read_example(marked, rules.lang)
        if _by_rule(example, rules, rule):
            out.append(f"the near-miss fires: {marked}")
    return out


_SLOTS = ("person", "org", "role_from", "role_to")


def _by_rule(example: Example, rules: Grammar, rule: Rule) -> list[Mention]:
    return mentions_of(example, replace(rules, rules=(rule,)))
