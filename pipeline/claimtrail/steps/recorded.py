"""Documents made again from the mentions that were recorded of them: what is needed to tell the same move again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from claimtrail.document import (
    Argument,
    Document,
    Facts,
    Label,
    Mention,
    Reference,
    ResolvedBy,
    Sentence,
    Span,
    Stretch,
    When,
)
from claimtrail.normalise.posts import post_name
from claimtrail.output.build import record_id, spans_of
from claimtrail.records import DateSpan, MentionRecord, NamedSpan, TextSpan


def documents_of(records: Iterable[MentionRecord]) -> list[Document]:
    """Return a document for each text that the records are of, with their mentions.

    Its text holds the characters of all spans at their places, and blanks elsewhere. Of a person or an organisation
    it knows the names that the records give; spans of one name stand for one.

    Raises:
        ValueError: records of different texts have one ``doc``.
    """
    by_doc: dict[str, dict[str, MentionRecord]] = defaultdict(dict)
    for record in records:
        of_text = by_doc[record.doc]
        if of_text and next(iter(of_text.values())).doc_sha256 != record.doc_sha256:
            raise ValueError(f"two different texts have the id {record.doc}")
        of_text.setdefault(record.id, record)
    return [_document(list(found.values())) for found in by_doc.values()]


def _document(records: list[MentionRecord]) -> Document:
    ordered = sorted(records, key=record_id)
    places = sorted({(r.sentence.start, r.sentence.end, r.lang) for r in ordered})
    numbers = {place: number for number, place in enumerate(places)}
    first = ordered[0]
    return Document(
        doc_id=first.doc,
        text=_text(ordered),
        sha256=first.doc_sha256,
        lang=first.lang,
        stretches=tuple(Stretch(start, end, lang) for start, end, lang in places),
        sentences=tuple(Sentence(start, end, lang) for start, end, lang in places),
        facts=Facts(references=tuple(_references(ordered))),
        mentions=tuple(_mention(r, numbers[r.sentence.start, r.sentence.end, r.lang]) for r in ordered),
        engines=tuple(sorted({(r.lang, r.engine) for r in ordered})),
        models=tuple(sorted({(r.lang, r.model) for r in ordered})),
    )


def _text(records: Iterable[MentionRecord]) -> str:
    characters: list[str] = []
    for record in records:
        for _, span in spans_of(record):
            if span.start is not None and span.end is not None and span.text is not None:
                characters += " " * (span.end - len(characters))
                characters[span.start : span.end] = span.text
    return "".join(characters)


def _mention(record: MentionRecord, sentence: int) -> Mention:
    when = record.when
    return Mention(
        relation=record.relation,
        sentence=sentence,
        trigger=Span(record.trigger.start, record.trigger.end),
        rule=record.rule,
        person=_named(record.person, Label.PERSON),
        org=_named(record.org, Label.ORG),
        role_from=_post(record.role_from, record.lang),
        role_to=_post(record.role_to, record.lang),
        manner=record.manner,
        status=record.status,
        when=_when(when) if when else None,
        attributed_to=Argument(record.attributed_to.start, record.attributed_to.end) if record.attributed_to else None,
        quoted=record.quoted,
        confidence=record.confidence,
        steps=tuple(record.steps),
    )


def _when(span: DateSpan) -> When:
    return When(span.start, span.end, span.value, span.precision)


def _named(span: NamedSpan, label: Label) -> Argument:
    return Argument(
        span.start or 0,
        span.end or 0,
        name=span.name,
        entity=f"{label.value}:{span.name}",
        resolved_by=ResolvedBy(span.resolved_by),
    )


def _post(span: TextSpan | None, lang: str) -> Argument | None:
    if span is None:
        return None
    return Argument(span.start, span.end, name=post_name(span.text, lang) or "")


def _references(records: Iterable[MentionRecord]) -> Iterator[Reference]:
    for record in records:
        for label, span in ((Label.PERSON, record.person), (Label.ORG, record.org)):
            if span.start is not None and span.end is not None:
                argument = _named(span, label)
                yield Reference(*argument[:2], label, argument.entity, span.name, argument.resolved_by)
