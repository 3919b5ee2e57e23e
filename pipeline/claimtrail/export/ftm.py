"""FollowTheMoney: people, organisations, texts and employments as entities, and where each value comes from.

An employment has the statement-level provenance of FollowTheMoney: each value is a statement with the mention it was
read in as its ``origin`` and the words of the text as its ``original_value``.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import orjson

from claimtrail.data import languages
from claimtrail.export.base import OWN_BASE, Source, Written, whole
from claimtrail.records import ClaimRecord, DocumentRecord, EntityRecord, MentionRecord, NamedSpan, TextSpan
from claimtrail.segment.profiles import profile

DATASET = "claimtrail"

_TYPES = {
    **dict.fromkeys(("name", "alias"), "name"),
    **dict.fromkeys(("startDate", "endDate", "date"), "date"),
    **dict.fromkeys(("employee", "employer", "proof"), "entity"),
    **dict.fromkeys(("role", "status", "fileName", "recordId"), "string"),
    "summary": "text",
    "sourceUrl": "url",
    "language": "language",
}
# Values of these types say the same in every language.
_WITHOUT_LANGUAGE = frozenset({"date", "entity", "url", "language"})
_COLUMNS = (
    *("canonical_id", "entity_id", "prop", "prop_type", "schema", "value", "dataset", "lang", "original_value"),
    *("external", "first_seen", "last_seen", "origin", "id"),
)


@dataclass(frozen=True, slots=True)
class Statement:
    """One value of one entity, and where it was read."""

    entity: str
    schema: str
    prop: str
    value: str
    lang: str = ""
    original: str = ""
    origin: str = ""

    @property
    def id(self) -> str:
        """Return an id that depends on the value and where it was read."""
        key = f"{DATASET}.{self.entity}.{self.prop}.{self.value}.{self.lang}.{self.origin}"
        return hashlib.sha1(key.encode()).hexdigest()

    def row(self) -> list[str]:
        """Return the cells of the statement, as FollowTheMoney reads them."""
        kind = _TYPES[self.prop]
        lang = "" if kind in _WITHOUT_LANGUAGE else three_letters(self.lang)
        original = "" if self.original == self.value else self.original
        return [
            *(self.entity, self.entity, self.prop, kind, self.schema, self.value, DATASET, lang, original),
            *("f", "", "", self.origin, self.id),
        ]


def write(source: Source, folder: Path) -> Written:
    """Write ``entities.ftm.json``, an entity a line, and ``statements.ftm.csv``, a statement a line.

    Claims that something is possible or denied, and claims of people whom no text names, are no employments.
    """
    entities, statements = folder / "entities.ftm.json", folder / "statements.ftm.csv"
    counted = _Left()
    with whole(entities) as partial, partial.open("wb") as file:
        for found in _all_entities(source, counted):
            file.write(orjson.dumps(_entity(found)) + b"\n")
    with whole(statements) as partial, partial.open("w", encoding="utf-8", newline="") as table:
        writer = csv.writer(table)
        writer.writerow(_COLUMNS)
        for found in _all_entities(source, _Left()):
            writer.writerows(statement.row() for statement in dict.fromkeys(found))
    remarks = [f"{counted.out} claims are left out: they are possible or denied, or their person is unnamed"]
    return Written([entities, statements], remarks if counted.out else [])


class _Left:
    """Counts the claims that are no employments."""

    def __init__(self) -> None:
        self.out = 0


def _all_entities(source: Source, left: _Left) -> Iterator[list[Statement]]:
    """Yield the statements of each entity: texts that state a claim, then people, organisations and employments."""
    told = {m.doc for claim in source.claims() if _is_employment(claim) for m in claim.mentions}
    for record in source.folder.documents():
        if record.doc in told:
            yield list(_document(source, record))
    named: dict[str, list[Statement]] = {}
    for claim in source.claims():
        if not _is_employment(claim):
            left.out += 1
            continue
        for schema, entity, spans in (
            ("Person", claim.person, [(m, m.person) for m in claim.mentions]),
            ("Organization", claim.org, [(m, m.org) for m in claim.mentions]),
        ):
            if entity.id not in named:
                named[entity.id] = list(_all_names(schema, entity))
            named[entity.id] += _read_names(schema, entity, spans)
        yield from _employments(source, claim)
    yield from named.values()


def _is_employment(claim: ClaimRecord) -> bool:
    return claim.status in ("actual", "planned") and not claim.person.name.startswith("<")


def _document(source: Source, record: DocumentRecord) -> Iterator[Statement]:
    entity = document_id(record.doc)
    yield Statement(entity, "Document", "fileName", record.doc)
    if lang := three_letters(record.lang or ""):
        yield Statement(entity, "Document", "language", lang)
    if record.date:
        yield Statement(entity, "Document", "date", record.date)
    if source.base != OWN_BASE:
        yield Statement(entity, "Document", "sourceUrl", source.address(record.doc))


def three_letters(lang: str) -> str:
    """Return the code of a language in three letters, by which languages go there; empty where it is not known."""
    return profile(lang).iso3 if lang in languages() else ""


def document_id(doc: str) -> str:
    """Return the id of a text's entity."""
    return f"doc-{hashlib.sha256(doc.encode()).hexdigest()[:16]}"


def _all_names(schema: str, entity: EntityRecord) -> Iterator[Statement]:
    yield Statement(entity.id, schema, "name", entity.name)
    for lang, forms in entity.names.items():
        yield from (Statement(entity.id, schema, "alias", form, lang) for form in forms if form != entity.name)


def _read_names(
    schema: str, entity: EntityRecord, spans: Iterable[tuple[MentionRecord, NamedSpan]]
) -> Iterator[Statement]:
    for mention, span in spans:
        prop = "name" if span.name == entity.name else "alias"
        yield Statement(entity.id, schema, prop, span.name, mention.lang, span.text or "", mention.id)


def _employments(source: Source, claim: ClaimRecord) -> Iterator[list[Statement]]:
    """Yield the employments of a claim: it begins one, ends one, or with a change of role ends one and begins one."""
    if claim.relation == "JOINS" or (claim.relation == "ROLE_CHANGE" and claim.role_to is not None):
        yield list(_employment(source, claim, f"{claim.id}-begins", "startDate", "role_to", claim.role_to))
    if claim.relation == "LEAVES" or (claim.relation == "ROLE_CHANGE" and claim.role_from is not None):
        yield list(_employment(source, claim, f"{claim.id}-ends", "endDate", "role_from", claim.role_from))


def _employment(
    source: Source, claim: ClaimRecord, entity: str, date: str, role: str, post: EntityRecord | None
) -> Iterator[Statement]:
    def state(prop: str, value: str, mention: MentionRecord | None = None, words: str | None = "") -> Statement:
        lang, origin = (mention.lang, mention.id) if mention is not None else ("", "")
        return Statement(entity, "Employment", prop, value, lang, words or "", origin)

    yield state("recordId", claim.id)
    if claim.status != "actual":
        yield state("status", claim.status)
    for mention in claim.mentions:
        yield state("employee", claim.person.id, mention, mention.person.text)
        yield state("employer", claim.org.id, mention, mention.org.text)
        said: TextSpan | None = getattr(mention, role)
        if post is not None and said is not None:
            yield state("role", post.name, mention, said.text)
        if claim.when is not None and mention.when is not None and mention.when.value == claim.when.value:
            yield state(date, claim.when.value, mention, mention.when.text)
        yield state("summary", mention.sentence.text, mention)
        yield state("proof", document_id(mention.doc), mention)
        if source.base != OWN_BASE:
            yield state("sourceUrl", source.address(mention.doc), mention)


def _entity(statements: list[Statement]) -> dict[str, object]:
    properties: dict[str, list[str]] = {}
    for statement in statements:
        values = properties.setdefault(statement.prop, [])
        if statement.value not in values:
            values.append(statement.value)
    first = statements[0]
    return {"id": first.entity, "schema": first.schema, "properties": properties, "datasets": [DATASET]}
