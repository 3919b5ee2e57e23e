"""What the page knows: a table of all claims, read at once, and their evidence in packets, opened when asked for."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from claimtrail import data
from claimtrail.output.folder import Texts
from claimtrail.records import ClaimRecord, DocumentRecord, EntityRecord, MentionRecord, RunRecord
from claimtrail.report.moves import moves, told_on
from claimtrail.report.passages import LETTERS, Passage, passage

PACKET = 300
"""Claims whose evidence is packed together: opening one unpacks so many."""

Row = dict[str, Any]
Passages = Mapping[tuple[str, str], Passage]

_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_MARK = re.compile(r"\[(\w+):([^\[\]]*)\]")


@dataclass(frozen=True, slots=True)
class Run:
    """The records of a run that could be read, and a line for each fault of the others."""

    about: RunRecord
    claims: Sequence[ClaimRecord]
    documents: Sequence[DocumentRecord]
    faults: Sequence[str]


@dataclass(slots=True)
class _Entity:
    record: EntityRecord
    forms: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


@dataclass(slots=True)
class _Entities:
    """Persons, organisations or posts, each once; the forms of their names come together from all claims."""

    known: dict[str, tuple[int, _Entity]] = field(default_factory=dict)

    def place(self, record: EntityRecord | None) -> int:
        """Return the place of an entity, -1 for none."""
        if record is None:
            return -1
        place, entity = self.known.setdefault(record.id, (len(self.known), _Entity(record)))
        for lang, forms in record.names.items():
            entity.forms[lang] += [form for form in forms if form not in entity.forms[lang]]
        return place

    def table(self) -> list[list[Any]]:
        """Return id, name, language of the name (for the choice of fonts), its reading and all forms of each."""
        return [
            [entity.record.id, entity.record.name, language_of(entity), entity.record.romanised or "", entity.forms]
            for _, entity in self.known.values()
        ]


def language_of(entity: _Entity) -> str:
    """Return the language whose fonts a name needs: one that writes it so, if it is in Chinese characters or kana."""
    if not _HAN.search(entity.record.name):
        return ""
    return next((lang for lang in sorted(entity.forms) if entity.record.name in entity.forms[lang]), "")


def index(run: Run, at_hand: frozenset[str]) -> Row:
    """Return the table of all claims by columns, their persons, organisations, posts and texts, and the run itself.

    ``at_hand`` are the ids of the documents whose text could be shown.
    """
    persons, orgs, posts = _Entities(), _Entities(), _Entities()
    dates = {record.doc: record.date or "" for record in run.documents}
    docs = {record.doc: place for place, record in enumerate(run.documents)}
    places = {claim.id: place for place, claim in enumerate(run.claims)}
    claims = run.claims
    return {
        "about": about(run.about),
        "claims": {
            "id": [claim.id for claim in claims],
            "relation": [claim.relation for claim in claims],
            "status": [claim.status for claim in claims],
            "statuses": [claim.statuses for claim in claims],
            "person": [persons.place(claim.person) for claim in claims],
            "org": [orgs.place(claim.org) for claim in claims],
            "from": [posts.place(claim.role_from) for claim in claims],
            "to": [posts.place(claim.role_to) for claim in claims],
            "manner": [claim.manner or "" for claim in claims],
            "when": [claim.when.value if claim.when else "" for claim in claims],
            "told": [told_on(claim, dates) for claim in claims],
            "confidence": [claim.confidence for claim in claims],
            "langs": [claim.languages for claim in claims],
            "mentions": [len(claim.mentions) for claim in claims],
            "docs": [sorted({docs[m.doc] for m in claim.mentions if m.doc in docs}) for claim in claims],
        },
        "conflicts": {
            str(place): [places[other] for other in claim.conflicts_with if other in places]
            for place, claim in enumerate(claims)
            if claim.conflicts_with
        },
        "moves": moves(claims, dates),
        "persons": persons.table(),
        "orgs": orgs.table(),
        "posts": posts.table(),
        "docs": [
            [
                record.doc,
                record.lang or "",
                record.date or "",
                record.state,
                record.reason,
                record.mentions,
                record.left_out,
                record.doc in at_hand,
                docs.get(record.copy_of or record.near_copy_of or "", -1),
            ]
            for record in run.documents
        ],
        "rules": dict(_examples(run)),
        "packet": PACKET,
    }


def about(run: RunRecord) -> Row:
    """Return what the page says about the run: versions, models, inputs and time."""
    return {
        "version": run.version,
        "started": run.started,
        "inputs": run.inputs,
        "models": sorted(f"{info.get('name', '')} {info.get('version', '')}".strip() for info in run.models.values()),
        "least": run.options.get("min_confidence", 0),
        "skipped": run.skipped,
    }


def passages(run: Run, texts: Texts, enough: int) -> tuple[Passages, frozenset[str]]:
    """Return the passage of every mention by document and id, and the documents whose text was at hand.

    ``enough`` is how many characters of the text shall stand on either side.
    """
    by_doc: dict[str, list[MentionRecord]] = defaultdict(list)
    for claim in run.claims:
        for mention in claim.mentions:
            by_doc[mention.doc].append(mention)
    ledger = {record.doc: record for record in run.documents}
    found: dict[tuple[str, str], Passage] = {}
    at_hand = set()
    for doc, mentions in by_doc.items():
        text = texts.find(ledger[doc]) if doc in ledger else None
        if text is not None:
            at_hand.add(doc)
        for mention in mentions:
            found[doc, mention.id] = passage(mention, text, enough=enough)
    return found, frozenset(at_hand)


def evidence(run: Run, found: Passages) -> Iterator[list[Row]]:
    """Yield the evidence of the claims in their order, in packets."""
    docs = {record.doc: place for place, record in enumerate(run.documents)}
    for first in range(0, len(run.claims), PACKET):
        yield [
            {
                "merged": claim.merged_because,
                "mentions": [_mention(mention, docs, found[mention.doc, mention.id]) for mention in claim.mentions],
            }
            for claim in run.claims[first : first + PACKET]
        ]


def _mention(mention: MentionRecord, docs: Mapping[str, int], shown: Passage) -> Row:
    kept = ("id", "lang", "relation", "status", "quoted", "rule", "engine", "model", "confidence", "steps")
    row = {name: getattr(mention, name) for name in kept}
    row["doc"] = docs.get(mention.doc, mention.doc)
    row["at"] = [mention.sentence.start, mention.sentence.end]
    row["passage"] = shown
    for name in LETTERS:
        span = getattr(mention, name)
        if span is not None:
            values = {key: getattr(span, key, None) for key in ("text", "name", "resolved_by", "value")}
            row[name] = {key: value for key, value in values.items() if value}
    return row


def _examples(run: Run) -> Iterator[tuple[str, list[list[Any]]]]:
    """Yield the rules that fired with the examples kept beside them, where the rules are still those of the run."""
    if run.about.rules_sha256 != data.fingerprint():
        return
    fired = sorted({mention.rule for claim in run.claims for mention in claim.mentions})
    kept: dict[Path, dict[str, list[str]]] = {}
    for rule in fired:
        folder, _, rest = rule.partition("/")
        relation, _, name = rest.partition("/")
        path = data.find(folder, "relations", f"{relation}.yaml")
        if path not in kept:
            rules = data.read_yaml(path)["rules"] if path.is_file() else []
            kept[path] = {
                spec["id"]: [spec["example"]] if isinstance(spec["example"], str) else spec["example"] for spec in rules
            }
        if name in kept[path]:
            yield rule, [_marked(example) for example in kept[path][name][:2]]


def _marked(example: str) -> list[Any]:
    """Return an example with its brackets, as ``[person:Anna Kern]``, as the pieces of a passage."""
    pieces: list[Any] = []
    end = 0
    for match in _MARK.finditer(example):
        letter = LETTERS.get(match[1])
        pieces += [example[end : match.start()], [letter, match[2]] if letter else match[2]]
        end = match.end()
    return [piece for piece in [*pieces, example[end:]] if piece]
