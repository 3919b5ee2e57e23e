"""The records of the output files, as dataclasses-json dataclasses; names and meaning are those of the README.

Every record refuses unknown keys. ``start`` and ``end`` are code points into the text as read, half open.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from dataclasses_json import DataClassJsonMixin, Undefined, config, dataclass_json


@dataclass_json(undefined=Undefined.RAISE)
@dataclass(frozen=True, slots=True)
class TextSpan(DataClassJsonMixin):
    """Characters of a text with their place in it."""

    start: int
    end: int
    text: str


@dataclass_json(undefined=Undefined.RAISE)
@dataclass(frozen=True, slots=True)
class NamedSpan(DataClassJsonMixin):
    """A span that stands for a person or an organisation, with the name the text gives it.

    ``start``, ``end`` and ``text`` are null when no characters of the text stand for it (an unnamed author, the
    organisation the text is about, a subject left out).
    """

    start: int | None
    end: int | None
    text: str | None
    name: str
    resolved_by: str


@dataclass_json(undefined=Undefined.RAISE)
@dataclass(frozen=True, slots=True)
class DateSpan(DataClassJsonMixin):
    """A date expression with its ISO value; precision is ``day``, ``month`` or ``year``."""

    start: int
    end: int
    text: str
    value: str
    precision: str


@dataclass_json(undefined=Undefined.RAISE)
@dataclass(frozen=True, slots=True)
class MentionRecord(DataClassJsonMixin):
    """A claim as one text states it once: one line of ``mentions.jsonl``."""

    id: str
    doc: str
    doc_sha256: str
    lang: str
    offset_unit: str
    relation: str
    status: str
    manner: str | None
    sentence: TextSpan
    trigger: TextSpan
    person: NamedSpan
    org: NamedSpan
    role_from: TextSpan | None
    role_to: TextSpan | None
    when: DateSpan | None
    attributed_to: TextSpan | None
    quoted: bool
    rule: str
    engine: str
    model: str
    confidence: float
    steps: list[str] = field(default_factory=list)


@dataclass_json(undefined=Undefined.RAISE)
@dataclass(frozen=True, slots=True)
class EntityRecord(DataClassJsonMixin):
    """A canonical person, organisation or post with every form under which the texts name it, by language."""

    id: str
    name: str
    names: dict[str, list[str]]


@dataclass_json(undefined=Undefined.RAISE)
@dataclass(frozen=True, slots=True)
class DateValue(DataClassJsonMixin):
    """A date with its precision (``day``, ``month``, ``year``)."""

    value: str
    precision: str


@dataclass_json(undefined=Undefined.RAISE)
@dataclass(frozen=True, slots=True)
class ClaimRecord(DataClassJsonMixin):
    """A canonical claim: the mentions of one move over all texts and languages; one line of ``claims.jsonl``."""

    id: str
    relation: str
    person: EntityRecord
    org: EntityRecord
    role_from: EntityRecord | None
    role_to: EntityRecord | None
    manner: str | None
    status: str
    when: DateValue | None
    languages: list[str]
    confidence: float
    merged_because: list[str]
    conflicts_with: list[str]
    mentions: list[MentionRecord]


@dataclass_json(undefined=Undefined.RAISE)
@dataclass(frozen=True, slots=True)
class DocumentRecord(DataClassJsonMixin):
    """An input text in the ledger: one line of ``documents.jsonl``.

    ``text_file`` names the stored text, relative to the output folder, where offsets do not refer to the input file
    itself (HTML pages and records of ``.jsonl`` files).
    """

    doc: str
    state: str
    reason: str
    sha256: str | None
    bytes: int
    characters: int
    encoding: str | None
    lang: str | None
    languages: list[str]
    date: str | None
    date_origin: str | None
    sentences: int
    mentions: int
    text_file: str | None


@dataclass_json(undefined=Undefined.RAISE)
@dataclass(frozen=True, slots=True)
class RunRecord(DataClassJsonMixin):
    """What was run, with which versions, on what, and what came out: ``run.json``."""

    program: str
    version: str
    python: str
    rules_sha256: str
    models: dict[str, dict[str, Any]]
    options: dict[str, Any]
    inputs: list[str]
    counts: dict[str, Any]
    started: str = field(metadata=config())
    seconds: float = 0.0
    stage_seconds: dict[str, float] = field(default_factory=dict)
