"""What a program hands in, in the shapes that it has it in, and what it gets back for each text."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from claimtrail.document import Document, State, readable
from claimtrail.identity.resolve import resolve
from claimtrail.reading.dates import record_date, text_date
from claimtrail.records import ClaimRecord, MentionRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text to read.

    ``id`` names it in the records; without one it is named by the hash of its characters. ``date`` is the day it is
    from (ISO, or a form that news records commonly have), which relative dates count from; without one, a date line
    of the text counts. ``context`` is anything; it is handed back as it is.
    """

    text: str
    id: str = ""
    date: object = ""
    context: Any = None


# A text, a text with a context, a record with the fields ``text``, ``id`` and ``date``, or a ``Text``.
Item = str | tuple[str, Any] | Mapping[str, Any] | Text


@dataclass(frozen=True)
class TextClaims:
    """What one text states.

    ``mentions`` are the claims as the text states them, one by one, as ``mentions.jsonl`` holds them; ``claims`` the
    same with each move once, as ``claims.jsonl`` holds them. ``state`` is ``processed``, ``empty``,
    ``unsupported_language`` or ``failed``, and ``reason`` says why if it is not the first. ``context`` is what came
    with the text. ``document`` holds stretches, sentences, entities, references and mentions, but no tokens.
    """

    id: str
    text: str
    lang: str
    date: str
    state: State
    reason: str
    context: Any
    mentions: tuple[MentionRecord, ...]
    document: Document

    @cached_property
    def claims(self) -> list[ClaimRecord]:
        """The moves that the text tells, each once."""
        return resolve([self.document]) if self.mentions else []


class Reads(Protocol):
    """What yields the claims of texts: a pipeline."""

    def pipe(self, texts: Iterable[Item]) -> Iterator[TextClaims]:
        """Yield what each text states, in order."""


def as_text(item: Item) -> Text:
    """Return what was handed in as a ``Text``.

    Of a context that is a mapping, ``id`` and ``date`` count for the text; of a record, the whole is the context.

    Raises:
        TypeError: it is none of the shapes that are understood.
    """
    match item:
        case Text():
            return item
        case str():
            return Text(text=item)
        case (str(text), context):
            about = context if isinstance(context, Mapping) else {}
            return Text(text=text, id=_id(about.get("id")), date=about.get("date"), context=context)
        case Mapping() if isinstance(item.get("text"), str):
            about = item
            return Text(text=about["text"], id=_id(about.get("id")), date=about.get("date"), context=about)
        case Mapping():
            raise TypeError("a record needs a field 'text' that is a string")
        case _:
            raise TypeError(f"a text, a pair of text and context, or a record is expected, not {type(item).__name__}")


def document_of(text: Text) -> Document:
    """Return a text as a document that the stages take."""
    content = text.text.encode("utf-8", "surrogatepass")
    sha256 = hashlib.sha256(content).hexdigest()
    given = record_date(text.date)
    day = given or text_date(text.text)
    state, reason = readable(text.text)
    return Document(
        doc_id=text.id or f"text-{sha256[:16]}",
        text=text.text,
        sha256=sha256,
        state=state,
        reason=reason,
        encoding="utf-8",
        size_bytes=len(content),
        record_date=day,
        record_date_origin="record" if given else "text" if day else "",
    )


def _id(value: object) -> str:
    return str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
