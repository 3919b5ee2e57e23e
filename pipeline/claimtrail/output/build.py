"""From a document with its mentions to the records that are written."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from claimtrail.document import Argument, Document, Mention, ResolvedBy, Span, State, StretchKind, When
from claimtrail.records import ClaimRecord, DateSpan, DocumentRecord, MentionRecord, NamedSpan, TextSpan

Place = tuple[int, int] | None

# Of many texts that failed, so many are named.
_NAMED = 10

# The fields of a mention that hold spans, in the order in which its id takes them.
SPANS = ("sentence", "trigger", "person", "org", "role_from", "role_to", "when", "attributed_to")


def mention_id(sha256: str, relation: str, places: tuple[Place, ...]) -> str:
    """Return the id of a mention: it depends on the text's hash, the relation and the spans, in their order, only."""
    spans = ";".join("-" if place is None else f"{place[0]}:{place[1]}" for place in places)
    return "mnt-" + hashlib.sha256(f"{sha256} {relation} {spans}".encode()).hexdigest()[:16]


def record_id(record: MentionRecord) -> str:
    """Return the id that a record must have by its hash, relation and spans."""
    return mention_id(record.doc_sha256, record.relation, tuple(_place(getattr(record, name)) for name in SPANS))


def claim_id(relation: str, mentions: Sequence[MentionRecord]) -> str:
    """Return the id of a claim: it depends on the relation and on the first of its mentions, the oldest, only."""
    return claim_id_of(relation, (mentions[0].doc, mentions[0].id))


def claim_id_of(relation: str, oldest: tuple[str, str]) -> str:
    """Return the id of a claim by the text and id of its oldest mention."""
    return "clm-" + hashlib.sha256("\n".join([relation, *oldest]).encode()).hexdigest()[:16]


def spans_of(mention: MentionRecord) -> Iterator[tuple[str, TextSpan | NamedSpan | DateSpan]]:
    """Yield every span of a mention with the name of its field."""
    for name in SPANS:
        span = getattr(mention, name)
        if span is not None:
            yield name, span


def mention_records(doc: Document) -> list[MentionRecord]:
    """Return the records of a document's mentions in the order of the text; of two with one id, the surer stays."""
    return [record for _, record in recorded(doc)]


def recorded(doc: Document) -> list[tuple[Mention, MentionRecord]]:
    """Return a document's mentions with their records, as ``mention_records`` does."""
    best: dict[str, tuple[Mention, MentionRecord]] = {}
    for mention in doc.mentions:
        record = _mention_record(doc, mention)
        if record.id not in best or best[record.id][1].confidence < record.confidence:
            best[record.id] = (mention, record)
    return sorted(best.values(), key=_order)


def document_record(doc: Document, *, mentions: int, text_file: str | None = None) -> DocumentRecord:
    """Return the ledger's line for a document; ``mentions`` is the number of its records that are written."""
    prose = {s.lang for s in doc.stretches if s.kind is StretchKind.PROSE and s.lang}
    return DocumentRecord(
        doc=doc.doc_id,
        state=doc.state.value,
        reason=doc.reason,
        sha256=doc.sha256 or None,
        bytes=doc.size_bytes,
        characters=len(doc.text),
        encoding=doc.encoding or None,
        lang=doc.lang or None,
        languages=sorted(prose),
        date=doc.facts.date or doc.record_date or None,
        date_origin=doc.facts.date_origin or doc.record_date_origin or None,
        sentences=len(doc.sentences),
        mentions=mentions,
        left_out=doc.left_out,
        text_file=text_file,
    )


@dataclass(slots=True)
class Tally:
    """Adds up what ``run.json`` says of the ledger and of the mentions.

    ``states`` counts the texts by language and state; ``failed`` holds the first of those that failed, ids and reasons.
    """

    texts: int = 0
    mentions: int = 0
    left_out: int = 0
    states: Counter[tuple[str, str]] = field(default_factory=Counter)
    failed: list[tuple[str, str]] = field(default_factory=list)

    def add(self, record: DocumentRecord) -> None:
        """Count a line of the ledger in."""
        self.texts += 1
        self.mentions += record.mentions
        self.left_out += record.left_out
        self.states[record.lang or "", record.state] += 1
        if record.state == State.FAILED.value and len(self.failed) < _NAMED:
            self.failed.append((record.doc, record.reason))

    @property
    def failures(self) -> int:
        """How many texts failed."""
        return sum(count for (_, state), count in self.states.items() if state == State.FAILED.value)

    def counts(self) -> dict[str, Any]:
        """Return the counts of ``run.json`` that are not about claims."""
        states: Counter[str] = Counter()
        languages: Counter[str] = Counter()
        for (lang, state), count in self.states.items():
            states[state] += count
            languages[lang] += count
        return {
            "texts": self.texts,
            "texts_by_state": dict(sorted(states.items())),
            "texts_by_language": dict(sorted(languages.items())),
            "mentions": self.mentions,
            "left_out": self.left_out,
        }


def counts(
    documents: Iterable[DocumentRecord], mentions: Sequence[MentionRecord], claims: Iterable[ClaimRecord]
) -> dict[str, Any]:
    """Return how many texts, mentions and claims there are, by state, language and relation."""
    tally = Tally()
    for record in documents:
        tally.add(record)
    found = counts_by_relation(Counter(claim.relation for claim in claims))
    return tally.counts() | {"mentions": len(mentions)} | found


def counts_by_relation(relations: Mapping[str, int]) -> dict[str, Any]:
    """Return the counts of ``run.json`` that are about claims."""
    return {"claims": sum(relations.values()), "claims_by_relation": dict(sorted(relations.items()))}


def _mention_record(doc: Document, mention: Mention) -> MentionRecord:
    sentence = doc.sentences[mention.sentence]
    record = MentionRecord(
        id="",
        doc=doc.doc_id,
        doc_sha256=doc.sha256,
        lang=sentence.lang,
        offset_unit="codepoint",
        relation=mention.relation,
        status=mention.status,
        manner=mention.manner,
        sentence=_text_span(doc, Span(sentence.start, sentence.end)),
        trigger=_text_span(doc, mention.trigger),
        person=_named_span(doc, mention.person),
        org=_named_span(doc, mention.org),
        role_from=_optional_span(doc, mention.role_from),
        role_to=_optional_span(doc, mention.role_to),
        when=_date_span(doc, mention.when),
        attributed_to=_optional_span(doc, mention.attributed_to),
        quoted=mention.quoted,
        rule=mention.rule,
        engine=dict(doc.engines).get(sentence.lang, ""),
        model=dict(doc.models).get(sentence.lang, ""),
        confidence=round(mention.confidence, 4),
        steps=[*mention.steps, *_resolved(doc, mention)],
    )
    return replace(record, id=record_id(record))


def _resolved(doc: Document, mention: Mention) -> Iterator[str]:
    """Yield how a person and an organisation were told that are not named where they stand."""
    for slot, argument in (("person", mention.person), ("org", mention.org)):
        for reference in doc.facts.references:
            place = (reference.start, reference.end, reference.entity)
            if place == (argument.start, argument.end, argument.entity):
                if reference.resolved_by is not ResolvedBy.NAME and reference.reason:
                    yield f"{slot} resolved: {reference.reason}"
                break


def _order(pair: tuple[Mention, MentionRecord]) -> tuple[int, int, str]:
    record = pair[1]
    return record.sentence.start, record.trigger.start, record.id


def _place(span: TextSpan | NamedSpan | DateSpan | None) -> Place:
    if span is None or span.start is None or span.end is None:
        return None
    return span.start, span.end


def _text_span(doc: Document, span: Span) -> TextSpan:
    return TextSpan(span.start, span.end, doc.text[span.start : span.end])


def _optional_span(doc: Document, argument: Argument | None) -> TextSpan | None:
    if argument is None or argument.start >= argument.end:
        return None
    return _text_span(doc, Span(argument.start, argument.end))


def _named_span(doc: Document, argument: Argument) -> NamedSpan:
    resolved_by = argument.resolved_by.value
    if argument.start >= argument.end:
        return NamedSpan(None, None, None, argument.name, resolved_by)
    covered = doc.text[argument.start : argument.end]
    return NamedSpan(argument.start, argument.end, covered, argument.name or covered, resolved_by)


def _date_span(doc: Document, when: When | None) -> DateSpan | None:
    if when is None:
        return None
    return DateSpan(when.start, when.end, doc.text[when.start : when.end], when.value, when.precision)
