"""Scores the entity models: exact span and label on the news sentences that readers marked.

    python models/score_ner.py --data ../shared/data --out tests/scores/ner.json

``--part test`` scores the part that is kept apart, where it is at hand; ``--corrected`` scores what the rules see, the
entities after their correction, each sentence a text of its own. ``--errors N`` prints the first errors.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from claimtrail.document import Document, Entity, Span
from claimtrail.engines.analysis import Analyse
from claimtrail.engines.base import Engine, Passage
from claimtrail.engines.spacy_engine import SpacyEngine
from claimtrail.entities.refine import RefineEntities
from claimtrail.normalise.posts import find_titles
from claimtrail.segment.sentences import SentenceSplitter
from claimtrail.segment.stretches import Segmenter
from corpora import LABELS, Marked, ntrex, own, public, written

LANGUAGES = ("en", "de", "zh", "ja")


def corrected(engine: Engine, texts: Sequence[Marked]) -> tuple[list[tuple[Entity, ...]], int]:
    """Return the entities of each text after their correction, and how many tokens there are."""
    documents = [
        Document(str(number), marked.text, hashlib.sha256(marked.text.encode()).hexdigest())
        for number, marked in enumerate(texts)
    ]
    for stage in (Segmenter(LANGUAGES), SentenceSplitter(), Analyse(lambda lang: engine), RefineEntities(find_titles)):
        documents = stage.process(documents)
    return [document.entities for document in documents], sum(len(document.tokens) for document in documents)


def straight(engine: Engine, texts: Sequence[Marked], lang: str) -> tuple[list[tuple[Entity, ...]], int]:
    """Return the entities of each text as the engine finds them, and how many tokens there are."""
    analyses = engine.analyse([Passage(m.text, (Span(0, len(m.text)),)) for m in texts], lang)
    return [analysis.entities for analysis in analyses], sum(len(analysis.tokens) for analysis in analyses)


def score(
    engine: Engine, lang: str, texts: list[Marked], errors: int, *, correct: bool = False
) -> tuple[dict[str, dict[str, float]], float]:
    """Return precision, recall and F by label, and tokens a second."""
    right: Counter[str] = Counter()
    found: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    begun = time.process_time()
    entities, tokens = corrected(engine, texts) if correct else straight(engine, texts, lang)
    seconds = time.process_time() - begun
    for marked, present in zip(texts, entities, strict=True):
        gold = set(marked.spans)
        guess = {
            (e.start, e.end, e.label.value)
            for e in present
            if e.label.value in marked.known and all(e.end <= a or e.start >= b for a, b in marked.unknown)
        }
        for counter, spans in ((wanted, gold), (found, guess), (right, gold & guess)):
            counter.update(label for _, _, label in spans)
        if gold != guess and errors:
            errors -= 1
            print(marked.text)
            print("   missed", [f"{x}:{marked.text[s:e]}" for s, e, x in sorted(gold - guess)])
            print("   extra ", [f"{x}:{marked.text[s:e]}" for s, e, x in sorted(guess - gold)])
    scores = {}
    for label in (*LABELS, "ALL"):
        r, f, w = ((sum(c.values()) if label == "ALL" else c[label]) for c in (right, found, wanted))
        precision, recall = r / max(1, f), r / max(1, w)
        scores[label] = {
            "p": round(precision, 3),
            "r": round(recall, 3),
            "f": round(2 * precision * recall / max(1e-9, precision + recall), 3),
            "n": w,
        }
    return scores, tokens / max(1e-9, seconds)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--languages", default=",".join(LANGUAGES))
    parser.add_argument("--part", default="dev")
    parser.add_argument("--own", action="store_true", help="score on the texts written for this project instead")
    parser.add_argument("--corpora", action="store_true", help="score on the test parts of the public corpora instead")
    parser.add_argument("--corrected", action="store_true", help="score the entities after their correction")
    parser.add_argument("--written", type=int, help="score on the texts beside the recipe from this line on instead")
    parser.add_argument("--every", type=int, default=1, help="only every so manieth text")
    parser.add_argument("--model", help="a pipeline other than ours")
    parser.add_argument("--errors", type=int, default=0)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    texts_are = "own" if options.own else "test parts of public corpora" if options.corpora else f"ntrex {options.part}"
    table = {}
    for lang in options.languages.split(","):
        engine = SpacyEngine({lang: options.model} if options.model else None)
        texts = list(own(options.data, lang) if options.own else ntrex(options.data, lang, options.part))
        if options.corpora:
            texts = list(public(options.data, lang, test=True))
        if options.written is not None:
            texts = list(written(lang))[options.written :]
        scores, speed = score(engine, lang, texts[:: options.every], options.errors, correct=options.corrected)
        table[lang] = scores
        print(lang, f"{speed:.0f} tokens/s", json.dumps({k: (v["p"], v["r"], v["f"]) for k, v in scores.items()}))
    if options.written is not None:
        texts_are = f"texts beside the recipe from line {options.written} on"
    if options.corrected:
        texts_are += ", corrected"
    if options.out:
        options.out.write_text(json.dumps({"texts": texts_are, "scores": table}, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
