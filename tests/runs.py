"""Output folders for tests of what reads them: claims in four languages, written as a run writes them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from claimtrail import __version__, data
from claimtrail.output.build import claim_id, counts, record_id
from claimtrail.output.lines import indented, write_lines, write_whole
from claimtrail.records import (
    ClaimRecord,
    DateSpan,
    DateValue,
    DocumentRecord,
    EntityRecord,
    MentionRecord,
    NamedSpan,
    RunRecord,
    TextSpan,
)

TEXTS = {
    "de.txt": "Die Kranwerk AG teilte mit: Anna Kern verlässt im Mai 2025 das Unternehmen als Finanzvorständin.\n",
    "en.txt": "Anna Kern has left Kranwerk as finance chief in May 2025.\nShe denied that she would join Holm & Sons.\n",
    "ja.txt": "蔵前工業は佐倉真央氏が2025年3月に社長を辞任したと発表した。\n",
    "zh.txt": "据悉，程立秋将加入岚桥银行，担任首席执行官。\n",
    "bad.txt": "",
}


@dataclass(frozen=True)
class Said:
    """What a text says once: the words of each span, as they stand in it."""

    doc: str
    relation: str
    status: str
    trigger: str
    person: str
    org: str
    role_from: str | None = None
    role_to: str | None = None
    when: tuple[str, str, str] | None = None
    name: str = ""
    org_name: str = ""
    manner: str | None = None
    rule: str = "en/leaves/leave"
    steps: tuple[str, ...] = ()
    confidence: float = 0.9


LEAVES_DE = Said(
    *("de.txt", "LEAVES", "actual", "verlässt", "Anna Kern", "das Unternehmen"),
    role_from="Finanzvorständin",
    when=("Mai 2025", "2025-05", "month"),
    org_name="Kranwerk AG",
    rule="de/leaves/verlassen",
    steps=("template leaves-object", "person by {person}<gap>TRIGGER", "org by focal", "date: Mai 2025"),
)
LEAVES_EN = Said(
    *("en.txt", "LEAVES", "actual", "left", "Anna Kern", "Kranwerk"),
    role_from="finance chief",
    when=("May 2025", "2025-05", "month"),
    org_name="Kranwerk",
)
DENIES = Said(
    *("en.txt", "JOINS", "negated", "join", "She", "Holm & Sons"),
    name="Anna Kern",
    rule="en/joins/join",
    steps=("status negated by cue no-noun",),
    confidence=0.8,
)
RESIGNS = Said(
    *("ja.txt", "ROLE_CHANGE", "actual", "辞任", "佐倉真央", "蔵前工業"),
    role_from="社長",
    when=("2025年3月", "2025-03", "month"),
    manner="resigned",
    rule="ja/role_change/no-such-rule",
)
RUMOUR = Said(
    *("zh.txt", "JOINS", "possible", "加入", "程立秋", "岚桥银行"),
    role_to="首席执行官",
    rule="zh/joins/jiaru",
    confidence=0.6,
)
ALL = ((LEAVES_DE, LEAVES_EN), (DENIES,), (RESIGNS,), (RUMOUR,))
POSTS = {
    "Finanzvorständin": "chief financial officer",
    "finance chief": "chief financial officer",
    "社長": "president",
    "首席执行官": "chief executive officer",
}


def mention(said: Said, text: str | None = None) -> MentionRecord:
    """Return the record of what a text says."""
    text = TEXTS[said.doc] if text is None else text
    at = text.index(said.trigger)
    start = text.rfind("\n", 0, at) + 1
    end = text.index("\n", at)

    def span(words: str) -> TextSpan:
        place = text.index(words, start) if words in text[start:] else text.index(words)
        return TextSpan(place, place + len(words), words)

    def named(words: str, name: str) -> NamedSpan:
        found = span(words)
        how = "name" if name in ("", words) else "coreference"
        return NamedSpan(found.start, found.end, words, name or words, how)

    record = MentionRecord(
        id="",
        doc=said.doc,
        doc_sha256=hashlib.sha256(text.encode()).hexdigest(),
        lang=said.doc[:2],
        offset_unit="codepoint",
        relation=said.relation,
        status=said.status,
        manner=said.manner,
        sentence=TextSpan(start, end, text[start:end]),
        trigger=span(said.trigger),
        person=named(said.person, said.name),
        org=named(said.org, said.org_name),
        role_from=span(said.role_from) if said.role_from else None,
        role_to=span(said.role_to) if said.role_to else None,
        when=DateSpan(*_places(span(said.when[0])), *said.when[1:]) if said.when else None,
        attributed_to=None,
        quoted=False,
        rule=said.rule,
        engine="fake",
        model="fake 1",
        confidence=said.confidence,
        steps=list(said.steps),
    )
    return replace(record, id=record_id(record))


def _places(span: TextSpan) -> tuple[int, int, str]:
    return span.start, span.end, span.text


def entity(prefix: str, names: dict[str, list[str]]) -> EntityRecord:
    """Return the record of a person, an organisation or a post by its forms."""
    first = next(iter(names.values()))[0]
    return EntityRecord(f"{prefix}-{hashlib.sha256(first.encode()).hexdigest()[:16]}", first, names)


def claim(*mentions: MentionRecord) -> ClaimRecord:
    """Return a claim of some mentions."""
    first = mentions[0]

    def forms(names: list[tuple[str, str]]) -> dict[str, list[str]]:
        return {lang: sorted({name for code, name in names if code == lang}) for lang in sorted({c for c, _ in names})}

    def post(spans: list[tuple[str, TextSpan | None]]) -> EntityRecord | None:
        said = [(lang, span.text) for lang, span in spans if span]
        return replace(entity("post", forms(said)), name=POSTS.get(said[0][1], said[0][1])) if said else None

    doubt = 1.0
    for one in mentions:
        doubt *= 1 - one.confidence
    return ClaimRecord(
        id=claim_id(first.relation, mentions),
        relation=first.relation,
        person=entity("per", forms([(m.lang, m.person.name) for m in mentions])),
        org=entity("org", forms([(m.lang, m.org.name) for m in mentions])),
        role_from=post([(m.lang, m.role_from) for m in mentions]),
        role_to=post([(m.lang, m.role_to) for m in mentions]),
        manner=first.manner,
        status=first.status,
        statuses={first.status: len({m.doc for m in mentions})},
        when=DateValue(first.when.value, first.when.precision) if first.when else None,
        languages=sorted({m.lang for m in mentions}),
        confidence=round(1 - doubt, 4),
        merged_because=["the same name “Anna Kern” (de, en); same organisation; both LEAVES"] if mentions[1:] else [],
        conflicts_with=[],
        mentions=list(mentions),
    )


def write_run(
    out: Path,
    claims: Sequence[ClaimRecord] | None = None,
    *,
    texts: dict[str, str] | None = None,
    **changes: object,
) -> Path:
    """Write an output folder, and the texts beside it in ``in``; ``changes`` are fields of ``run.json``."""
    texts = TEXTS if texts is None else texts
    if claims is None:
        claims = [claim(*map(mention, group)) for group in ALL]
    folder = out.parent / f"{out.name}-in"
    folder.mkdir(parents=True, exist_ok=True)
    out.mkdir()
    mentions = [m for c in claims for m in c.mentions]
    documents = []
    for name, text in sorted(texts.items()):
        (folder / name).write_bytes(text.encode())
        documents.append(
            DocumentRecord(
                doc=name,
                state="processed" if text else "failed",
                reason="" if text else "looks like a binary file",
                sha256=hashlib.sha256(text.encode()).hexdigest() if text else None,
                bytes=len(text.encode()),
                characters=len(text),
                encoding="utf-8" if text else None,
                lang=name[:2] if text else None,
                languages=[name[:2]] if text else [],
                date="2025-06-01" if text else None,
                date_origin="option" if text else None,
                sentences=text.count("\n"),
                mentions=sum(m.doc == name for m in mentions),
                left_out=0,
                text_file=None,
            )
        )
    run = RunRecord(
        program="claimtrail",
        version=__version__,
        python="3.11.0",
        rules_sha256=data.fingerprint(),
        configuration="0" * 64,
        models={},
        options={"min_confidence": 0.4, "jobs": 1},
        inputs=[str(folder)],
        skipped=0,
        counts=counts(documents, mentions, claims),
        started="2025-06-01T12:00:00+00:00",
    )
    write_lines(out / "mentions.jsonl", mentions)
    write_lines(out / "claims.jsonl", claims)
    write_lines(out / "documents.jsonl", documents)
    write_whole(out / "run.json", [indented(replace(run, **changes))])  # type: ignore[arg-type]
    return out
