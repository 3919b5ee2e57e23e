"""The assertion stage: status of a claim, who says it, and whether it stands in direct speech."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from claimtrail.assertion.cues import assertions, source_at, status_after, status_at
from claimtrail.document import Argument, Document, Label, Mention, Quotation
from claimtrail.literals import key
from claimtrail.rules.finders import argument_of
from claimtrail.rules.match import match_at
from claimtrail.rules.shape import Shape, shape_of

_KEPT = {("possible", "planned"), ("negated", "planned"), ("negated", "possible")}
_UNSURE = frozenset({"negated", "possible"})
_PLANNED_SENTENCES = 3  # how far before a plan may stand that the text goes on to tell of
_AFTER = 2  # sentences after a mention's own that may tell its status
_YEAR = re.compile(r"[12]\d{3}")


@dataclass(frozen=True, slots=True)
class Assertion:
    """Gives every mention its status, source and quotation."""

    name: str = "assertion"
    requires: frozenset[str] = frozenset({"mentions", "facts"})
    provides: frozenset[str] = frozenset({"mentions"})

    def process(self, documents: Sequence[Document]) -> list[Document]:
        """Return the documents with ``status``, ``attributed_to`` and ``quoted`` of their mentions filled."""
        return [self._asserted(document) if document.mentions else document for document in documents]

    def _asserted(self, document: Document) -> Document:
        shapes: dict[int, Shape] = {}
        out = []
        for mention in document.mentions:
            for number in range(mention.sentence, mention.sentence + 1 + _AFTER):
                if number not in shapes and number < len(document.sentences):
                    shapes[number] = shape_of(document, document.sentences[number])
            out.append(_assert(document, mention, shapes))
        return replace(document, mentions=tuple(_one_denial(_agreed(document, _carried(document, out, shapes)))))


def _assert(document: Document, mention: Mention, shapes: Mapping[int, Shape]) -> Mention:
    shape, lang = shapes[mention.sentence], document.sentences[mention.sentence].lang
    found = assertions(lang)
    start, end = shape.range(*mention.trigger)
    steps = list(mention.steps)
    status = mention.status
    cue = status_at(shape.text, start, end, found)
    # A plan does not make an offer or a candidacy more than possible, nor does a wish undo what was refused.
    if cue is not None and (status, cue[0]) not in _KEPT:
        status, name = cue
        steps.append(f"status {status} by cue {name}")
    after = _after(document, mention, shapes)
    over = after is not None and after[0] in ("planned", "possible") and _tells_a_year(document, mention)
    if after is not None and not over and status in ("actual", "possible") and (after[0] == "negated" or cue is None):
        status, name = after
        steps.append(f"status {status} by cue {name}, in the next sentence")
    quotation = next((q for q in document.facts.quotations if q.start <= mention.trigger.start < q.end), None)
    source = _source(document, mention, shape, start, end, lang, quotation)
    return replace(mention, status=status, attributed_to=source, quoted=quotation is not None, steps=tuple(steps))


def _tells_a_year(document: Document, mention: Mention) -> bool:
    """Say whether the mention's sentence names a year: that dates the move, whatever the next one says lies ahead."""
    sentence = document.sentences[mention.sentence]
    return any(
        e.label is Label.DATE and sentence.start <= e.start < sentence.end and _YEAR.search(document.covered(e))
        for e in document.entities
    )


def _agreed(document: Document, mentions: Sequence[Mention]) -> list[Mention]:
    """Return the mentions with one status where a sentence tells a move twice: what a cue says, a denial first."""
    told: dict[tuple[object, ...], set[str]] = defaultdict(set)
    for mention in mentions:
        if mention.status != "actual":
            told[_move(document, mention)].add(mention.status)
    out = []
    for mention in mentions:
        found = told[_move(document, mention)]
        status = next((s for s in ("negated", mention.status, *sorted(found)) if s in found), mention.status)
        steps = mention.steps
        if status != mention.status:
            steps = (*steps, f"status {status} as the sentence tells it elsewhere")
        out.append(replace(mention, status=status, steps=steps))
    return out


def _one_denial(mentions: Sequence[Mention]) -> list[Mention]:
    """Make one of what a text doubts or denies twice: that somebody gives up a post, and that he leaves.

    What it doubts in one place and denies in another it denies.
    """
    denied = {_end(m) for m in mentions if m.status == "negated"} - {None}
    mentions = [
        replace(m, status="negated", steps=(*m.steps, "status negated as the text denies it elsewhere"))
        if m.status == "possible" and _end(m) in denied
        else m
        for m in mentions
    ]
    ends = {
        (m.person.entity, m.org.entity, m.status): m
        for m in reversed(mentions)
        if m.relation == "ROLE_CHANGE" and m.role_from is not None and m.role_to is None and m.status in _UNSURE
    }
    out = []
    for mention in mentions:
        end = ends.get((mention.person.entity, mention.org.entity, mention.status))
        if mention.relation == "LEAVES" and end is not None:
            steps = (*mention.steps, f"the end of a post, as the text tells it elsewhere: {mention.status}")
            mention = replace(mention, relation=end.relation, role_from=end.role_from, steps=steps)  # noqa: PLW2901
        out.append(mention)
    return out


def _end(mention: Mention) -> tuple[str, str] | None:
    """Return who is said to leave, or to give up a post, and where."""
    post = mention.relation == "ROLE_CHANGE" and mention.role_from is not None and mention.role_to is None
    return (mention.person.entity, mention.org.entity) if post or mention.relation == "LEAVES" else None


def _move(document: Document, mention: Mention) -> tuple[object, ...]:
    post = document.covered(mention.role_to) if mention.role_to else ""
    ends = mention.role_from is not None and mention.role_to is None
    return mention.sentence, mention.relation, mention.person.entity, mention.org.entity, post, ends


def _carried(document: Document, mentions: Sequence[Mention], shapes: Mapping[int, Shape]) -> list[Mention]:
    """Return the mentions with the plan of a move carried on to what the text goes on to say of it.

    'On May 1 she moves to B. She comes from A.': the second is as planned as the first. So is the end of another's time
    in a post that one verb tells with it.
    """
    out = list(mentions)
    for index, mention in enumerate(out):
        found = assertions(document.sentences[mention.sentence].lang)
        if mention.status != "actual" or any(s.startswith("status ") for s in mention.steps):
            continue
        shape = shapes[mention.sentence]
        recent = [m for m in out if mention.sentence - _PLANNED_SENTENCES <= m.sentence <= mention.sentence]
        told = [m for m in recent if mention.sentence - 1 <= m.sentence and m.trigger != mention.trigger]
        person, org = mention.person.entity, mention.org.entity
        mine = [m for m in recent if person and m.person.entity == person and m.trigger != mention.trigger]
        mine = [m for m in mine if m in told or m.org.entity == org]
        others = [m for m in told if org and m.org.entity == org and m.person.entity != person]
        # a sentence that tells of both is the one that says when: 'in 2010 Bob Hill took over, replacing Carl Ott'
        others = [m for m in others if m.sentence == mention.sentence] or others
        for pattern, before, whose in ((found.carries, mine, "the person"), (found.follows, others, "another person")):
            if pattern is None or all(m.status != "planned" for m in before):
                continue
            if match_at(pattern, shape.text, *shape.range(*mention.trigger), key(shape.text)) is not None:
                steps = (*mention.steps, f"status planned as the text planned a move of {whose} before")
                out[index] = replace(mention, status="planned", steps=steps)
                break
    plans = [m for m in out if m.status == "planned" and m.steps[-1].endswith("person before")]
    return [
        replace(m, status="planned") if m.status == "actual" and any(_is_one_verb(m, plan) for plan in plans) else m
        for m in out
    ]


def _is_one_verb(one: Mention, other: Mention) -> bool:
    return one.trigger.start < other.trigger.end and other.trigger.start < one.trigger.end


def _after(document: Document, mention: Mention, shapes: Mapping[int, Shape]) -> tuple[str, str] | None:
    """Return what the next sentence, or the one after it by name, says of a status, in the same language."""
    sentences = document.sentences
    for distance in range(1, _AFTER + 1):
        number = mention.sentence + distance
        if number not in shapes or sentences[number].lang != sentences[mention.sentence].lang:
            return None
        nodes = shapes[number].nodes.items()
        people = "".join(
            c for c, n in nodes if n.kind == "P" and n.reference and n.reference.entity == mention.person.entity
        )
        found = assertions(sentences[number].lang)
        status = status_after(shapes[number].text, people, found, named=distance > 1)
        if status is not None:
            return status
    return None


def _source(
    document: Document, mention: Mention, shape: Shape, start: int, end: int, lang: str, quotation: Quotation | None
) -> Argument | None:
    bound = source_at(shape.text, start, end, assertions(lang))
    if bound is not None:
        node = shape.nodes[shape.text[bound[0]]]
        if node.reference is not None:
            return argument_of(node.reference, node.core_start, node.core_end)
    if quotation is None or not quotation.speaker or quotation.speaker == mention.person.entity:
        return None
    near = [r for r in document.facts.references if r.entity == quotation.speaker and r.start >= 0]
    if not near:
        return None
    reference = min(near, key=lambda r: (abs(r.start - quotation.start), r.start))
    return argument_of(reference, reference.start, reference.end)
