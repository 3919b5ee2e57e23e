"""The records of the output files, as dataclasses-json dataclasses; names and meaning are those of the README.

Every record refuses unknown keys. ``start`` and ``end`` are code points into the text as read, half open.
What a value may be beyond its type stands beside the type, as a fragment of JSON Schema, and once more for the reader
of lines.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any, NamedTuple

from dataclasses_json import DataClassJsonMixin, Undefined, dataclass_json
from msgspec import Meta


class Facet(NamedTuple):
    """A keyword of JSON Schema with its value."""

    keyword: str
    value: int | str | tuple[str, ...]


def _one_of(*values: str) -> Meta:
    return Meta(pattern=rf"^(?:{'|'.join(values)})\Z")


_ISO = "^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"

Offset = Annotated[int, Facet("minimum", 0), Meta(ge=0)]
Count = Annotated[int, Facet("minimum", 0), Meta(ge=0)]
Seconds = Annotated[float, Facet("minimum", 0), Meta(ge=0)]
Confidence = Annotated[float, Facet("minimum", 0), Facet("maximum", 1), Meta(ge=0, le=1)]
Name = Annotated[str, Facet("minLength", 1), Meta(min_length=1)]
Sha256 = Annotated[str, Facet("pattern", "^[0-9a-f]{64}$"), Meta(pattern="^[0-9a-f]{64}$")]
# The relations are data (lang/relations.yaml): LEAVES, JOINS, ROLE_CHANGE, and those that a user's folder adds.
Relation = Annotated[str, Facet("pattern", "^[A-Z][A-Z0-9_]*$"), Meta(pattern="^[A-Z][A-Z0-9_]*$")]
Status = Annotated[
    str,
    Facet("enum", ("actual", "planned", "possible", "negated")),
    _one_of("actual", "planned", "possible", "negated"),
]
Precision = Annotated[str, Facet("enum", ("day", "month", "year")), _one_of("day", "month", "year")]
Resolution = Annotated[
    str,
    Facet("enum", ("name", "alias", "coreference", "author", "quote")),
    _one_of("name", "alias", "coreference", "author", "quote"),
]
IsoDate = Annotated[str, Facet("pattern", _ISO), Meta(pattern=_ISO)]
LedgerState = Annotated[
    str,
    Facet("enum", ("processed", "empty", "unsupported_language", "failed")),
    _one_of("processed", "empty", "unsupported_language", "failed"),
]
OffsetUnit = Annotated[str, Facet("const", "codepoint"), _one_of("codepoint")]
MentionId = Annotated[str, Facet("pattern", "^mnt-[0-9a-f]{16}$"), Meta(pattern="^mnt-[0-9a-f]{16}$")]
ClaimId = Annotated[str, Facet("pattern", "^clm-[0-9a-f]{16}$"), Meta(pattern="^clm-[0-9a-f]{16}$")]


@dataclass_json(undefined=Undefined.RAISE)
@dataclass(frozen=True, slots=True)
class TextSpan(DataClassJsonMixin):
    """Characters of a text with their place in it."""

    start: Offset
    end: Offset
    text: str


@dataclass_json(undefined=Undefined.RAISE)
@dataclass(frozen=True, slots=True)
class NamedSpan(DataClassJsonMixin):
    """A span that stands for a person or an organisation, with the name the text gives it.

    ``start``, ``end`` and ``text`` are null when no characters of the text stand for it (an unnamed author, the
    organisation the text is about, a subject left out).
    """

    start: Offset | None
    end: Offset | None
    text: str | None
    name: Name
    resolved_by: Resolution


@dataclass_json(undefined=Undefined.RAISE)
@dataclass(frozen=True, slots=True)
class DateSpan(DataClassJsonMixin):
    """A date expression with its ISO value; precision is ``day``, ``month`` or ``year``."""

    start: Offset
    end: Offset
    text: str
    value: IsoDate
    precision: Precision


@dataclass_json(undefined=Undefined.RAISE)
@dataclass(frozen=True, slots=True)
class MentionRecord(DataClassJsonMixin):
    """A claim as one text states it once: one line of ``mentions.jsonl``."""

    id: MentionId
    doc: Name
    doc_sha256: Sha256
    lang: Name
    offset_unit: OffsetUnit
    relation: Relation
    status: Status
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
    rule: Name
    engine: Name
    model: Name
    confidence: Confidence
    steps: list[str] = field(default_factory=list)


@dataclass_json(undefined=Undefined.RAISE)
@dataclass(frozen=True, slots=True)
class EntityRecord(DataClassJsonMixin):
    """A canonical person, organisation or post with every form under which the texts name it, by language.

    ``romanised`` is a reading of a name that no text gives in Latin letters; nobody may have written it so.
    """

    id: Name
    name: Name
    names: dict[str, list[str]]
    romanised: str | None = None


@dataclass_json(undefined=Undefined.RAISE)
@dataclass(frozen=True, slots=True)
class DateValue(DataClassJsonMixin):
    """A date with its precision (``day``, ``month``, ``year``)."""

    value: IsoDate
    precision: Precision


@dataclass_json(undefined=Undefined.RAISE)
@dataclass(frozen=True, slots=True)
class ClaimRecord(DataClassJsonMixin):
    """A canonical claim: the mentions of one move over all texts and languages; one line of ``claims.jsonl``.

    ``statuses`` counts the texts by what they say; a text that is a copy of another is not counted.
    """

    id: ClaimId
    relation: Relation
    person: EntityRecord
    org: EntityRecord
    role_from: EntityRecord | None
    role_to: EntityRecord | None
    manner: str | None
    status: Status
    statuses: dict[str, Count]
    when: DateValue | None
    languages: list[str]
    confidence: Confidence
    merged_because: list[str]
    conflicts_with: list[ClaimId]
    mentions: list[MentionRecord]


@dataclass_json(undefined=Undefined.RAISE)
@dataclass(frozen=True, slots=True)
class DocumentRecord(DataClassJsonMixin):
    """An input text in the ledger: one line of ``documents.jsonl``.

    ``left_out`` counts the mentions that were found but are less sure than ``--min-confidence``.
    ``text_file`` names the stored text, relative to the output folder, where offsets do not refer to the input file
    itself (HTML pages and records of ``.jsonl`` files). ``copy_of`` names the first text with the same content,
    ``near_copy_of`` the first one with most of the wording.
    """

    doc: Name
    state: LedgerState
    reason: str
    sha256: Sha256 | None
    bytes: Count
    characters: Count
    encoding: str | None
    lang: str | None
    languages: list[str]
    date: IsoDate | None
    date_origin: str | None
    sentences: Count
    mentions: Count
    left_out: Count
    text_file: str | None
    copy_of: str | None = None
    near_copy_of: str | None = None


@dataclass_json(undefined=Undefined.RAISE)
@dataclass(frozen=True, slots=True)
class RunRecord(DataClassJsonMixin):
    """What was run, with which versions, on what, and what came out: ``run.json``.

    ``configuration`` is the hash of everything that decides the answer for a text: version, rules, models and options.
    ``skipped`` counts the files found of types that are not read; they have no line in the ledger. ``libraries`` has
    the versions of what decides the answer besides, ``files`` the SHA-256 of the other output files. ``seconds`` is the
    time of the whole run, ``stage_seconds`` that of each stage added up over all processes.
    """

    program: Name
    version: Name
    python: Name
    rules_sha256: Sha256
    configuration: Sha256
    models: dict[str, dict[str, Any]]
    options: dict[str, Any]
    inputs: list[str]
    skipped: Count
    counts: dict[str, Any]
    started: Name
    seconds: Seconds = 0.0
    stage_seconds: dict[str, Seconds] = field(default_factory=dict)
    platform: str = ""
    libraries: dict[str, str] = field(default_factory=dict)
    files: dict[str, Sha256] = field(default_factory=dict)
