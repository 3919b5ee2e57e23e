"""Score identity alone: mentions made from the gold claims themselves, resolved, and compared with the gold records.

    python tests/scores/identity.py --gold SHARED/gold --out tests/scores/identity.json

``--gold`` is the folder with seeds.jsonl, dev/*.jsonl and score.py. Only figures are written.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import re
import sys
from bisect import bisect_right
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent / "pipeline"))
from claimtrail.document import (
    Argument,
    Document,
    Facts,
    Label,
    Mention,
    Quotation,
    Reference,
    ResolvedBy,
    Sentence,
    Span,
    State,
    Stretch,
    When,
)
from claimtrail.identity.resolve import resolve
from claimtrail.normalise.posts import post_name
from claimtrail.segment.sentences import SentenceSplitter

FIRST_PERSON = re.compile(r"\b(I|I'm|I've|I'd|my|ich|mich|mein\w*)\b|我|私", re.IGNORECASE)
PRONOUN = re.compile(
    r"^(er|sie|he|she|ich|i|我|他|她|彼|彼女|私|我们|<author>|das unternehmen|unternehmen|公司|会社|競合他社)$",
    re.IGNORECASE,
)


def load_scorer(path: Path):
    spec = importlib.util.spec_from_file_location("score", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def sentences_of(text: str, lang: str) -> tuple[Sentence, ...]:
    document = Document("text", text, "", lang=lang, stretches=(Stretch(0, len(text), lang),))
    return SentenceSplitter().process([document])[0].sentences


def document_of(row: dict, text: str) -> Document:
    """A document whose mentions are the gold claims: one a claim, at the first evidence that is found."""
    lang = row["lang"] if isinstance(row["lang"], str) else row["lang"][0]
    people: dict[str, str] = {}
    organisations: dict[str, str] = {}
    references, mentions, quotations = [], [], []
    sentences = sentences_of(text, lang)
    places: dict[str, tuple[int, int]] = {}
    for claim in row["claims"]:
        if claim.get("optional") and all(PRONOUN.match(form) for form in claim["person_forms"]):
            continue  # the scorer could match it by nothing: its mention would count as extra
        author = claim["person_forms"] == ["<author>"]
        evidence = [e for e in claim["evidence"] if e in text][:1]
        start = text.index(evidence[0]) if evidence else 0
        end = start + len(evidence[0]) if evidence else len(text)
        person = people.setdefault("<author>" if author else claim["person"], f"p{len(people)}")
        org = organisations.setdefault(claim["org"], f"o{len(organisations)}")
        every = {f for c in row["claims"] if c["person"] == claim["person"] for f in c["person_forms"]}
        own = [f for f in claim["person_forms"] if not PRONOUN.match(f)]
        own = own or sorted(f for f in every if not PRONOUN.match(f))
        spoken = bool(FIRST_PERSON.search(text[start:end]))
        person_name = f"<author of {row['doc']}>" if author else max(own or [claim["person"]], key=len)
        org_forms = [f for f in claim["org_forms"] if not PRONOUN.match(f)] or [claim["org"]]
        for forms, entity, label in ((own, person, Label.PERSON), (org_forms, org, Label.ORG)):
            for form in forms:
                at = text.find(form)
                if at >= 0:
                    places.setdefault(entity, (at, at + len(form)))
                    references.append(
                        Reference(at, at + len(form), label, entity, max(forms, key=len), ResolvedBy.NAME)
                    )
        sentence = max(0, bisect_right(sentences, start, key=lambda s: s.start) - 1)
        if spoken and not author:
            quotations.append(Quotation(start, end, person))
        roles = {}
        for side in ("role_from", "role_to"):
            at = text.find(claim[side]) if claim[side] else -1
            if at >= 0:
                roles[side] = Argument(at, at + len(claim[side]), post_name(claim[side], lang) or "")
        when = None
        if claim.get("when"):
            value = claim["when"]
            when = When(start, end, value, {4: "year", 7: "month"}.get(len(value), "day"))
        mentions.append(
            Mention(
                relation=claim["relation"],
                sentence=sentence,
                trigger=Span(max(start, sentences[sentence].start), min(end, sentences[sentence].end)),
                rule="gold",
                person=Argument(
                    *places.get(person, (0, 0)),
                    person_name,
                    person,
                    ResolvedBy.AUTHOR if author else ResolvedBy.COREFERENCE,
                ),
                org=Argument(*places.get(org, (0, 0)), max(org_forms, key=len), org, ResolvedBy.COREFERENCE),
                manner=claim.get("manner"),
                status=claim["status"],
                when=when,
                quoted=spoken,
                confidence=0.9,
                **roles,
            )
        )
    return Document(
        doc_id=row["doc"],
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        lang=lang,
        state=State.PROCESSED,
        stretches=(Stretch(0, len(text), lang),),
        sentences=sentences,
        facts=Facts(date=row.get("date") or "", references=tuple(references), quotations=tuple(quotations)),
        mentions=tuple(mentions),
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--detail", action="store_true")
    args = parser.parse_args()
    scorer = load_scorer(args.gold / "score.py")
    texts = {
        p.name: p.read_bytes().decode("utf-8")
        for p in [*args.gold.rglob("*.txt"), *(args.gold.parent / "seeds").glob("*.txt")]
    }
    rows = {
        p.stem: scorer.read_jsonl(p) for p in [args.gold / "seeds.jsonl", *sorted((args.gold / "dev").glob("*.jsonl"))]
    }
    sets = {"seeds": rows["seeds"], "dev": [r for k, v in rows.items() if k != "seeds" for r in v]}
    sets["all"] = sets["seeds"] + sets["dev"]
    figures = {}
    for name, gold in sets.items():
        claims = resolve([document_of(row, texts[row["doc"]]) for row in gold])
        result, _ = scorer.score(gold, [json.loads(c.to_json()) for c in claims], texts)
        figures[name] = {
            view: {k: round(v, 4) for k, v in result[view].items()}
            for view in ("text_level", "record_level", "clustering_b3")
        }
        if args.detail and name == "all":
            for claim in claims:
                if len(claim.mentions) > 1 or claim.conflicts_with:
                    print(
                        claim.relation,
                        claim.person.name,
                        "/",
                        claim.org.name,
                        claim.status,
                        claim.when,
                        claim.person.names,
                    )
                    print("   ", [m.doc for m in claim.mentions], claim.conflicts_with)
                    for reason in claim.merged_because:
                        print("      ", reason)
            missing(gold, claims, scorer)
    print(json.dumps(figures, indent=1))
    if args.out:
        args.out.write_text(json.dumps(figures, indent=1, sort_keys=True) + "\n", "utf-8")
    return 0


def missing(gold: list[dict], claims: list, scorer) -> None:
    """List the gold claims that lie in several records, and the records that hold several gold claims."""
    items = scorer.found_claims([json.loads(c.to_json()) for c in claims])
    by_key, by_record = {}, {}
    for row in gold:
        mine = [i for i in items if i["doc"] == row["doc"]]
        pairs = scorer.match(mine, row["claims"])
        hit = {b for _, b in pairs}
        for b, claim in enumerate(row["claims"]):
            if b not in hit:
                print("unmatched", row["doc"], claim["relation"], claim["person"], claim["org"])
        for a, b in pairs:
            by_key.setdefault(scorer.claim_key(row["claims"][b]), set()).add(mine[a]["record"])
            by_record.setdefault(mine[a]["record"], set()).add(scorer.claim_key(row["claims"][b]))
    for key, records in by_key.items():
        if len(records) > 1:
            print(
                "split",
                key,
                [(claims[r].person.names, claims[r].org.name, [m.doc for m in claims[r].mentions]) for r in records],
            )
    for record, keys in by_record.items():
        if len(keys) > 1:
            print("lumped", keys, [m.doc for m in claims[record].mentions])


if __name__ == "__main__":
    sys.exit(main())
