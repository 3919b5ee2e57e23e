"""Claims and their evidence as flat rows: the columns of CSV, Parquet and SQLite."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from claimtrail.assertion.cues import STATUSES
from claimtrail.output.build import SPANS
from claimtrail.records import ClaimRecord, EntityRecord, MentionRecord

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """A column and the kind of its values: ``text``, ``integer``, ``number``, ``truth`` or ``texts`` (a list)."""

    name: str
    kind: str = "text"


CLAIM_COLUMNS: Sequence[Column] = (
    *map(Column, ("id", "relation", "status", "manner", "person_id", "person")),
    Column("person_names", "texts"),
    Column("person_romanised"),
    *map(Column, ("org_id", "org")),
    Column("org_names", "texts"),
    Column("org_romanised"),
    *map(Column, ("role_from_id", "role_from", "role_to_id", "role_to", "when_value", "when_precision")),
    Column("languages", "texts"),
    Column("confidence", "number"),
    Column("texts", "integer"),
    Column("mentions", "integer"),
    *(Column(f"texts_{status}", "integer") for status in STATUSES),
    Column("merged_because", "texts"),
    Column("conflicts_with", "texts"),
)


def _span_columns(name: str) -> Iterator[Column]:
    yield Column(f"{name}_start", "integer")
    yield Column(f"{name}_end", "integer")
    yield Column(f"{name}_text")
    if name in ("person", "org"):
        yield Column(f"{name}_name")
        yield Column(f"{name}_resolved_by")
    if name == "when":
        yield Column("when_value")
        yield Column("when_precision")


EVIDENCE_COLUMNS: Sequence[Column] = (
    *map(Column, ("claim_id", "mention_id", "relation", "status", "manner", "doc", "doc_sha256", "lang")),
    *(column for name in SPANS for column in _span_columns(name)),
    Column("quoted", "truth"),
    *map(Column, ("rule", "engine", "model")),
    Column("confidence", "number"),
    Column("steps", "texts"),
)


def claim_row(claim: ClaimRecord) -> Row:
    """Return a claim as a row of ``CLAIM_COLUMNS``; what there is none of is None."""
    return {
        "id": claim.id,
        "relation": claim.relation,
        "status": claim.status,
        "manner": claim.manner,
        "person_id": claim.person.id,
        "person": claim.person.name,
        "person_names": forms(claim.person),
        "person_romanised": claim.person.romanised,
        "org_id": claim.org.id,
        "org": claim.org.name,
        "org_names": forms(claim.org),
        "org_romanised": claim.org.romanised,
        "role_from_id": claim.role_from.id if claim.role_from else None,
        "role_from": claim.role_from.name if claim.role_from else None,
        "role_to_id": claim.role_to.id if claim.role_to else None,
        "role_to": claim.role_to.name if claim.role_to else None,
        "when_value": claim.when.value if claim.when else None,
        "when_precision": claim.when.precision if claim.when else None,
        "languages": claim.languages,
        "confidence": claim.confidence,
        "texts": len({mention.doc for mention in claim.mentions}),
        "mentions": len(claim.mentions),
        **{f"texts_{status}": claim.statuses.get(status, 0) for status in STATUSES},
        "merged_because": claim.merged_because,
        "conflicts_with": claim.conflicts_with,
    }


def evidence_rows(claim: ClaimRecord) -> Iterator[Row]:
    """Yield the mentions of a claim as rows of ``EVIDENCE_COLUMNS``."""
    for mention in claim.mentions:
        yield _evidence_row(claim, mention)


def all_evidence(claims: Iterable[ClaimRecord]) -> Iterator[Row]:
    """Yield the mentions of all claims as rows."""
    for claim in claims:
        yield from evidence_rows(claim)


def forms(entity: EntityRecord) -> list[str]:
    """Return every form of a name once, its name first."""
    return list(dict.fromkeys([entity.name, *(form for found in entity.names.values() for form in found)]))


def _evidence_row(claim: ClaimRecord, mention: MentionRecord) -> Row:
    row: Row = {
        "claim_id": claim.id,
        "mention_id": mention.id,
        "relation": mention.relation,
        "status": mention.status,
        "manner": mention.manner,
        "doc": mention.doc,
        "doc_sha256": mention.doc_sha256,
        "lang": mention.lang,
    }
    for name in SPANS:
        span = getattr(mention, name)
        for column in _span_columns(name):
            row[column.name] = getattr(span, column.name.removeprefix(f"{name}_")) if span is not None else None
    return row | {
        "quoted": mention.quoted,
        "rule": mention.rule,
        "engine": mention.engine,
        "model": mention.model,
        "confidence": mention.confidence,
        "steps": mention.steps,
    }
