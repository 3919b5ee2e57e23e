"""Measure the document facts with gold entities: do references carry the full name that the gold claims give?

    python tests/scores/coreference.py GOLD.jsonl TEXTS [--marked FOLDER] [--show]

With ``--marked`` the entities come from the marked texts of that folder (files ``xx_a.jsonl`` with ``[P:…]`` marks,
named after the text files ``own_xx_a_NNN.txt``); else from the forms that the gold claims list.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from functools import cache
from pathlib import Path

from claimtrail.document import Document, Entity, Label, ResolvedBy, Sentence
from claimtrail.facts import DocumentFacts
from claimtrail.facts.names import fold, match_organisation, match_person
from claimtrail.facts.salience import focal_org_at, subject_before

MARK = re.compile(r"\[([POGDT]):([^\[\]]+)\]")
LABELS = {"P": Label.PERSON, "O": Label.ORG, "G": Label.GPE, "D": Label.DATE, "T": Label.TITLE}
SENTENCE = re.compile(
    r"(?:[^\n。！？!?.]|[.!?](?=[^\s”“\"«»)])|(?<=\b[A-Z])\.|(?<=\b(?:Mr|Dr|Ms|St|No|Co))\.|(?<=\bMrs|\bInc|\bLtd)\.|(?<=\bProf|\bCorp)\.|(?<=\d)\.(?=\s[A-Za-zä]))+"
    r"[。！？!?.]*[”“\"」』»)）]*"
)
NOT_NAMES = re.compile(
    r"(?i)(?:<author>|i|he|she|his|her|they|ich|er|sie|the \w+|d(?:er|ie|as|em) .*|.*-jährige|(?:dem )?unternehmen"
    r"|我|我们|他|她|其|本人|彼|彼女|私|同氏|自身|同社|当社|会社|公司|该公司|競合他社|.{0,12}主持)"
)


def split(text: str, lang: str) -> tuple[Sentence, ...]:
    sentences = []
    for line in re.finditer(r"[^\n]+", text):
        for match in SENTENCE.finditer(line.group()):
            body = match.group()
            if body.strip():
                start = line.start() + match.start() + len(body) - len(body.lstrip())
                sentences.append(Sentence(start, line.start() + match.start() + len(body.rstrip()), lang))
    return tuple(sentences)


@cache
def marked_rows(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines()


def marked_entities(folder: Path, doc: str) -> tuple[str, list[Entity]]:
    _, lang, part, number = Path(doc).stem.split("_")
    row = json.loads(marked_rows(folder / f"{lang}_{part}.jsonl")[int(number)])["t"]
    text, entities, last = "", [], 0
    for match in MARK.finditer(row):
        text += row[last : match.start()]
        entities.append(Entity(len(text), len(text) + len(match[2]), LABELS[match[1]], "gold"))
        text += match[2]
        last = match.end()
    return text + row[last:], entities


def form_entities(text: str, claims: list[dict]) -> list[Entity]:
    spans: list[Entity] = []
    for kind, label in (("person_forms", Label.PERSON), ("org_forms", Label.ORG)):
        forms = {f for c in claims for f in c[kind] if len(f) > 1 and not NOT_NAMES.fullmatch(f)}
        for form in sorted(forms, key=len, reverse=True):
            edge = r"\b" if re.match(r"[A-Za-zÀ-ÿ]", form) and re.search(r"[A-Za-zÀ-ÿ]\Z", form) else ""
            bounds = (r"(?<![A-Za-zÀ-ÿ])", r"s?(?![A-Za-zÀ-ÿ])") if edge else ("", "")
            for match in re.finditer(bounds[0] + re.escape(form) + bounds[1], text):
                if all(match.end() <= s.start or s.end <= match.start() for s in spans):
                    spans.append(Entity(match.start(), match.end(), label, "gold"))
    return sorted(spans, key=lambda e: e.start)


def build(row: dict, texts: Path, marked: Path | None) -> Document:
    lang = row["lang"][0] if isinstance(row["lang"], list) else row["lang"]
    text = (texts / row["doc"]).read_text("utf-8")
    if marked:
        found, entities = marked_entities(marked, row["doc"])
        assert found == text, row["doc"]
    else:
        entities = form_entities(text, row["claims"])
    sentences = split(text, lang)
    if isinstance(row["lang"], list):
        sentences = tuple(
            Sentence(s.start, s.end, "zh" if re.search(r"[\u4e00-\u9fff]", text[s.start : s.end]) else lang)
            for s in sentences
        )
    return Document(row["doc"], text, "", lang=lang, sentences=sentences, entities=tuple(entities))


def agrees(name: str, claim: dict, what: str) -> bool:
    gold = {fold(claim[what]), *(fold(f) for f in claim[f"{what}_forms"] if not NOT_NAMES.fullmatch(f))}
    compare = match_person if what == "person" else match_organisation
    return fold(name) in gold or any(compare(g, name).score > 0.8 or compare(name, g).score > 0.8 for g in gold)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("gold", type=Path)
    parser.add_argument("texts", type=Path)
    parser.add_argument("--marked", type=Path)
    parser.add_argument("--show", action="store_true")
    arguments = parser.parse_args()
    tally: Counter[str] = Counter()
    for line in arguments.gold.read_text("utf-8").splitlines():
        row = json.loads(line)
        document = DocumentFacts().process([build(row, arguments.texts, arguments.marked)])[0]
        facts = document.facts
        for claim in row["claims"]:
            for what, label in (("person", Label.PERSON), ("org", Label.ORG)):
                for evidence in claim["evidence"]:
                    start = document.text.find(evidence)
                    if start < 0:
                        tally[f"{what} evidence not found"] += 1
                        continue
                    end = start + len(evidence)
                    inside = [r for r in facts.references if r.label is label and start <= r.start and r.end <= end]
                    named = [r for r in inside if r.resolved_by in (ResolvedBy.NAME, ResolvedBy.ALIAS)]
                    right = [r for r in named if agrees(r.name, claim, what)]
                    if right:
                        full = fold(right[0].name) == fold(claim[what])
                        tally[f"{what} named, {'full name' if full else 'other form'}"] += 1
                        continue
                    pointing = [r for r in inside if r not in named]
                    anonymous = "<author>" in claim[f"{what}_forms"]
                    right = [
                        r for r in pointing if agrees(r.name, claim, what) or (anonymous and r.name[:7] == "<author")
                    ]
                    if right:
                        tally[f"{what} by pronoun or nominal, right"] += 1
                        continue
                    lang = next((s.lang for s in document.sentences if s.start <= start < s.end), document.lang)
                    places = range(start, end, 4)
                    if what == "person":
                        guesses = [subject_before(document, p, lang) for p in places]
                    else:
                        guesses = [focal_org_at(document, p) for p in places]
                    kind = "pronoun or nominal, wrong" if pointing else "left out"
                    ok = any(
                        g and (agrees(g.name, claim, what) or (anonymous and g.name[:7] == "<author")) for g in guesses
                    )
                    tally[f"{what} by {kind}, {'salience right' if ok else 'salience wrong'}"] += 1
                    if arguments.show and not (ok and not pointing):
                        print(row["doc"], what, claim[what], "|", evidence.replace("\n", " ")[:150], file=sys.stdout)
                        for r in pointing[:4]:
                            print("     ", document.covered(r), "->", r.name, r.confidence, r.reason)
                        print("      salience:", sorted({g.name for g in guesses if g}))
    for key in sorted(tally):
        print(f"{tally[key]:5d}  {key}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
