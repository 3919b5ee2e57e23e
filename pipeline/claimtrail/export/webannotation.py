"""W3C Web Annotation: each mention as annotations of its text, found again by position and by quotation."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson

from claimtrail.export.base import OWN_BASE, Source, Written, whole
from claimtrail.output.build import spans_of
from claimtrail.output.folder import Texts
from claimtrail.records import ClaimRecord, DateSpan, MentionRecord, NamedSpan, TextSpan

CONTEXT = "http://www.w3.org/ns/anno.jsonld"

# So many characters before and after a quotation tell it from others like it.
_BESIDE = 32


def write(source: Source, folder: Path) -> Written:
    """Write ``annotations.jsonld``, a collection with all annotations in one page.

    A mention is an annotation of its sentence, with what it says as text and the claim it belongs to; each span
    (trigger, person, organisation, posts, date, source) is one more, which tags it. Positions are code points, as the
    standard has it. Where the text is not at hand, a quotation has what stands beside it in its sentence only.
    """
    path = folder / "annotations.jsonld"
    homes = {(m.doc, m.id): claim for claim in source.claims() for m in claim.mentions}
    total = sum(1 + sum(name != "sentence" for name, _ in _spans(m)) for c in source.claims() for m in c.mentions)
    texts = _Shelf(source)
    with whole(path) as partial, partial.open("wb") as file:
        collection = {
            "@context": CONTEXT,
            "id": f"{OWN_BASE}annotations",
            "type": "AnnotationCollection",
            "total": total,
        }
        page = {"id": f"{OWN_BASE}annotations/1", "type": "AnnotationPage", "startIndex": 0}
        file.write(orjson.dumps(collection)[:-1] + b',"first":' + orjson.dumps(page)[:-1] + b',"items":[\n')
        for number, annotation in enumerate(_annotations(source, homes, texts)):
            file.write((b",\n" if number else b"") + orjson.dumps(annotation))
        file.write(b"\n]}}\n")
    remark = f"{texts.missing} texts are not at hand; what stands beside their quotations is of the sentence only"
    return Written([path], [remark] if texts.missing else [])


class _Shelf:
    """Finds the text of a document, one at a time, and counts those that are not at hand."""

    def __init__(self, source: Source) -> None:
        self.missing = 0
        self._texts = Texts(source.folder)
        self._ledger = {record.doc: record for record in source.folder.documents()}
        self._doc = ""
        self._text: str | None = None

    def text(self, doc: str) -> str | None:
        if doc != self._doc:
            self._doc = doc
            self._text = self._texts.find(self._ledger[doc]) if doc in self._ledger else None
            self.missing += self._text is None
        return self._text


def _annotations(source: Source, homes: dict[tuple[str, str], ClaimRecord], texts: _Shelf) -> Iterator[dict[str, Any]]:
    # The mentions stand text by text, so that each text is read once.
    for mention in source.folder.mentions():
        claim = homes.get((mention.doc, mention.id))
        if claim is not None:
            yield from _of_mention(source, claim, mention, texts.text(mention.doc))


def _of_mention(
    source: Source, claim: ClaimRecord, mention: MentionRecord, text: str | None
) -> Iterator[dict[str, Any]]:
    place = f"{OWN_BASE}{quote(mention.doc, safe='/~')}:{mention.id}"
    said = f"{mention.relation} ({mention.status}): {claim.person.name} / {claim.org.name}"
    for name, span in _spans(mention):
        whole_claim = name == "sentence"
        body = [_textual("describing", said) if whole_claim else _textual("tagging", name)]
        body += [_textual("tagging", mention.relation)] if whole_claim else _identity(claim, name)
        body += (
            [{"type": "SpecificResource", "purpose": "linking", "source": OWN_BASE + claim.id}] if whole_claim else []
        )
        yield {
            "id": place if whole_claim else f"{place}/{name}",
            "type": "Annotation",
            "motivation": "describing" if whole_claim else "tagging",
            "generator": {
                "id": f"{OWN_BASE}rule/{mention.rule}",
                "type": "Software",
                "name": f"claimtrail, rule {mention.rule}",
            },
            "body": body,
            "target": {
                "type": "SpecificResource",
                "source": {
                    "id": source.address(mention.doc),
                    "type": "Text",
                    "format": "text/plain",
                    "language": mention.lang,
                },
                "selector": _selectors(mention, span, text),
            },
        }


def _spans(mention: MentionRecord) -> Iterator[tuple[str, TextSpan | NamedSpan | DateSpan]]:
    return ((name, span) for name, span in spans_of(mention) if span.start is not None and span.text)


def _textual(purpose: str, value: str) -> dict[str, Any]:
    return {"type": "TextualBody", "purpose": purpose, "format": "text/plain", "value": value}


def _identity(claim: ClaimRecord, name: str) -> list[dict[str, Any]]:
    """Return whom or what a span stands for, over all texts."""
    entity = getattr(claim, name, None) if name in ("person", "org", "role_from", "role_to") else None
    if entity is None:
        return []
    return [{"type": "SpecificResource", "purpose": "identifying", "source": {"id": OWN_BASE + entity.id}}]


def _selectors(mention: MentionRecord, span: TextSpan | NamedSpan | DateSpan, text: str | None) -> list[dict[str, Any]]:
    assert span.start is not None
    assert span.end is not None
    quotation = {"type": "TextQuoteSelector", "exact": span.text}
    around, offset = (text, 0) if text is not None else (mention.sentence.text, mention.sentence.start)
    start, end = span.start - offset, span.end - offset
    if start >= 0 and end <= len(around):
        before, after = around[max(0, start - _BESIDE) : start], around[end : end + _BESIDE]
        quotation |= {"prefix": before} if before else {}
        quotation |= {"suffix": after} if after else {}
    return [{"type": "TextPositionSelector", "start": span.start, "end": span.end}, quotation]
