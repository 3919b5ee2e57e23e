"""Checking a finished run: every span against its text, every id and reference, the ledger against the inputs."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from claimtrail.document import Document, State
from claimtrail.output.build import claim_id, counts, record_id, spans_of
from claimtrail.output.lines import LineError, Record, parse
from claimtrail.output.schema import RECORDS
from claimtrail.reading.read import InputError, Reader, ReaderOptions, find_inputs
from claimtrail.records import ClaimRecord, DocumentRecord, MentionRecord, RunRecord
from claimtrail.rules.grammar import read_relations


class VerifyError(ValueError):
    """There is nothing to verify; the message says what is missing."""


@dataclass(slots=True)
class Report:
    """What was checked, and every fault found, a line each."""

    documents: int = 0
    mentions: int = 0
    claims: int = 0
    spans: int = 0
    faults: list[str] = field(default_factory=list)


def verify(out: Path, texts: Sequence[str]) -> Report:
    """Check the output folder of a run; ``texts`` are the inputs it was run on.

    Texts that the run stored beside its output are checked without the inputs.

    Raises:
        VerifyError: no finished run there, or no such inputs.
    """
    missing = [name for name in RECORDS if not (out / name).is_file()]
    if missing:
        raise VerifyError(f"{out} holds no finished run: {', '.join(missing)} is missing")
    report = Report()
    documents = _load(out / "documents.jsonl", DocumentRecord, report)
    mentions = _load(out / "mentions.jsonl", MentionRecord, report)
    claims = _load(out / "claims.jsonl", ClaimRecord, report)
    run = next(iter(_parse((out / "run.json").read_bytes(), RunRecord, "run.json", report)), None)
    report.documents, report.mentions, report.claims = len(documents), len(mentions), len(claims)
    ledger = {record.doc: record for record in documents}
    report.faults += [
        f"documents.jsonl: {doc} has {count} lines"
        for doc, count in Counter(r.doc for r in documents).items()
        if count > 1
    ]
    found = _check_ledger(out, texts, ledger, run, report)
    _check_mentions(mentions, ledger, found, report)
    _check_claims(claims, mentions, report)
    if run is not None:
        _check_counts(run, documents, mentions, claims, report)
        _check_files(run, out, report)
    return report


def _check_files(run: RunRecord, out: Path, report: Report) -> None:
    for name, sha256 in run.files.items():
        if not (out / name).is_file():
            report.faults.append(f"{name}: run.json names it, but it is missing")
            continue
        with (out / name).open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                report.faults.append(f"{name}: another hash than run.json says")


def _load(path: Path, shape: type[Record], report: Report) -> list[Record]:
    """Return the records of a file that are as the schema says; the others are faults."""
    records = []
    with path.open("rb") as file:
        for number, content in enumerate(file, 1):
            where = f"{path.name}:{number}"
            records += _parse(content, shape, where, report)
            if not content.endswith(b"\n"):
                report.faults.append(f"{where}: the line has no end")
    return records


def _parse(content: bytes, shape: type[Record], where: str, report: Report) -> list[Record]:
    try:
        return [parse(content, shape, where)]
    except LineError as error:
        report.faults += error.faults
        return []


def _check_ledger(
    out: Path, texts: Sequence[str], ledger: Mapping[str, DocumentRecord], run: RunRecord | None, report: Report
) -> dict[str, str]:
    """Check the ledger against the inputs and the stored texts, and return the text of each document."""
    found: dict[str, str] = {}
    for record in ledger.values():
        if record.text_file is None:
            continue
        path = out / record.text_file
        if not path.resolve().is_relative_to(out.resolve()) or not path.is_file():
            report.faults.append(f"{record.doc}: the stored text {record.text_file} is missing")
            continue
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() != record.sha256:
            report.faults.append(
                f"{record.doc}: the stored text {record.text_file} has another hash than the ledger says"
            )
        else:
            found[record.doc] = content.decode()
    if texts:
        for doc in _read_again(out, texts, ledger, run, report):
            _check_line(doc, ledger[doc.doc_id], report)
            found[doc.doc_id] = doc.text
    for record in ledger.values():
        if record.mentions and record.doc not in found and (not texts or record.doc == "-"):
            report.faults.append(f"{record.doc}: the text is not at hand; name the inputs of the run with --texts")
    return found


def _read_again(
    out: Path, texts: Sequence[str], ledger: Mapping[str, DocumentRecord], run: RunRecord | None, report: Report
) -> Iterator[Document]:
    """Yield the documents of the inputs that the ledger has; those it lacks, and lines without an input, are faults."""
    options = run.options if run is not None else {}
    names = [name for name in ("id_field", "text_field", "date_field", "max_bytes") if name in options]
    try:
        inputs = find_inputs(texts, exclude=[out])
    except InputError as error:
        raise VerifyError(str(error)) from error
    seen = set()
    for doc in Reader(ReaderOptions(**{name: options[name] for name in names})).read_all(inputs):
        seen.add(doc.doc_id)
        if doc.doc_id in ledger:
            yield doc
        else:
            report.faults.append(f"{doc.doc_id}: the ledger has no line for it")
    report.faults += [
        f"{doc}: the ledger has a line, but there is no such input" for doc in ledger if doc not in seen and doc != "-"
    ]


def _check_line(doc: Document, record: DocumentRecord, report: Report) -> None:
    if record.state == State.FAILED.value and record.sha256 is None and record.reason:
        return  # the process that read it died, or nobody could read it
    read = (doc.sha256 or None, len(doc.text), doc.size_bytes, doc.encoding or None)
    said = (record.sha256, record.characters, record.bytes, record.encoding)
    for name, now, then in zip(("sha256", "characters", "bytes", "encoding"), read, said, strict=True):
        if now != then:
            report.faults.append(f"{doc.doc_id}: {name} is {now}, the ledger says {then}")
    if doc.state is not State.PROCESSED and doc.state.value != record.state:
        report.faults.append(f"{doc.doc_id}: reads as {doc.state.value}, the ledger says {record.state}")
    if record.state != State.PROCESSED.value and not record.reason:
        report.faults.append(f"{doc.doc_id}: {record.state}, but the ledger gives no reason")


def _check_mentions(
    mentions: Sequence[MentionRecord], ledger: Mapping[str, DocumentRecord], found: Mapping[str, str], report: Report
) -> None:
    taken: Counter[tuple[str, str]] = Counter((m.doc, m.id) for m in mentions)
    report.faults += [f"{doc}: {name} occurs {count} times" for (doc, name), count in taken.items() if count > 1]
    relations = read_relations()
    for mention in mentions:
        where = f"{mention.doc}: {mention.id}"
        if mention.relation not in relations:
            report.faults.append(f"{where}: relation {mention.relation} is none of {', '.join(relations)}")
        if mention.id != record_id(mention):
            report.faults.append(f"{where}: by its hash, relation and spans the id must be {record_id(mention)}")
        record = ledger.get(mention.doc)
        if record is None:
            report.faults.append(f"{where}: the ledger has no line for its text")
        elif record.state != State.PROCESSED.value:
            report.faults.append(f"{where}: the ledger says that its text is {record.state}")
        elif record.sha256 != mention.doc_sha256:
            report.faults.append(f"{where}: another hash of the text than in the ledger")
        if mention.doc in found:
            _check_spans(mention, found[mention.doc], where, report)
    counted = Counter(m.doc for m in mentions)
    report.faults += [
        f"{record.doc}: the ledger says {record.mentions} mentions, there are {counted[record.doc]}"
        for record in ledger.values()
        if record.mentions != counted[record.doc]
    ]


def _check_spans(mention: MentionRecord, text: str, where: str, report: Report) -> None:
    for name, span in spans_of(mention):
        if span.start is None or span.end is None or span.text is None:
            if (span.start, span.end, span.text) != (None, None, None):
                report.faults.append(f"{where}: {name} is null in part")
            continue
        report.spans += 1
        if text[span.start : span.end] != span.text or not span.text:
            report.faults.append(
                f"{where}: {name} {span.start}:{span.end} is {text[span.start : span.end]!r}, not {span.text!r}"
            )
    if not mention.sentence.start <= mention.trigger.start <= mention.trigger.end <= mention.sentence.end:
        report.faults.append(f"{where}: the trigger is outside of the sentence")


def _check_claims(claims: Sequence[ClaimRecord], mentions: Sequence[MentionRecord], report: Report) -> None:
    written = {(m.doc, m.id): m for m in mentions}
    homes: dict[tuple[str, str], list[str]] = defaultdict(list)
    by_id = {claim.id: claim for claim in claims}
    taken = Counter(claim.id for claim in claims)
    report.faults += [f"{name}: {count} claims have this id" for name, count in taken.items() if count > 1]
    for claim in claims:
        for mention in claim.mentions:
            key = (mention.doc, mention.id)
            homes[key].append(claim.id)
            if key not in written or not _the_same(mention, written[key]):
                fault = "is not in mentions.jsonl" if key not in written else "is another in mentions.jsonl"
                report.faults.append(f"{claim.id}: the mention {mention.id} of {mention.doc} {fault}")
        if claim.mentions and claim.id != claim_id(claim.relation, claim.mentions):
            must = claim_id(claim.relation, claim.mentions)
            report.faults.append(f"{claim.id}: by its relation and oldest mention the id must be {must}")
        if not claim.mentions:
            report.faults.append(f"{claim.id}: a claim without mentions")
        if claim.languages != sorted({m.lang for m in claim.mentions}):
            report.faults.append(f"{claim.id}: languages {claim.languages} are not those of the mentions")
        if claim.relation not in {m.relation for m in claim.mentions}:
            report.faults.append(f"{claim.id}: no mention has the relation {claim.relation}")
        for other in claim.conflicts_with:
            if other not in by_id or other == claim.id:
                report.faults.append(f"{claim.id}: conflicts_with names {other}, which is no other claim")
            elif claim.id not in by_id[other].conflicts_with:
                report.faults.append(f"{claim.id}: conflicts with {other}, which does not say so")
    for key in written:
        if len(homes[key]) != 1:
            held = f"is in {len(homes[key])} claims: {', '.join(homes[key])}" if homes[key] else "is in no claim"
            report.faults.append(f"{key[0]}: {key[1]} {held}")


def _the_same(mention: MentionRecord, written: MentionRecord) -> bool:
    """Tell whether a claim holds a mention as it was written; an unnamed author may have got a name by a quote."""
    if mention.person.resolved_by == "quote" and written.person.name.startswith("<author of "):
        written = replace(written, person=mention.person)
    return mention == written


def _check_counts(
    run: RunRecord,
    documents: Sequence[DocumentRecord],
    mentions: Sequence[MentionRecord],
    claims: Sequence[ClaimRecord],
    report: Report,
) -> None:
    now = counts(documents, mentions, claims)
    report.faults += [
        f"run.json: counts.{name} is {run.counts.get(name)}, the files have {value}"
        for name, value in now.items()
        if run.counts.get(name) != value
    ]
