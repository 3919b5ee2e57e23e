"""Scores the entity models: exact span and label on the news sentences that readers marked.

    python models/score_ner.py --data ../shared/data --out tests/scores/ner.json

``--part test`` scores the part that is kept apart, where it is at hand. ``--errors N`` prints the first errors.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from pathlib import Path

from claimtrail.document import Span
from claimtrail.engines.base import Engine, Passage
from claimtrail.engines.spacy_engine import SpacyEngine
from corpora import LABELS, Marked, ntrex, own, public

LANGUAGES = ("en", "de", "zh", "ja")


def score(engine: Engine, lang: str, texts: list[Marked], errors: int) -> tuple[dict[str, dict[str, float]], float]:
    """Return precision, recall and F by label, and tokens a second."""
    right: Counter[str] = Counter()
    found: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    tokens = 0
    begun = time.process_time()
    analyses = engine.analyse([Passage(m.text, (Span(0, len(m.text)),)) for m in texts], lang)
    seconds = time.process_time() - begun
    for marked, analysis in zip(texts, analyses, strict=True):
        tokens += len(analysis.tokens)
        gold = set(marked.spans)
        guess = {
            (e.start, e.end, e.label.value)
            for e in analysis.entities
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
        scores, speed = score(engine, lang, texts[:: options.every], options.errors)
        table[lang] = scores
        print(lang, f"{speed:.0f} tokens/s", json.dumps({k: (v["p"], v["r"], v["f"]) for k, v in scores.items()}))
    if options.out:
        options.out.write_text(json.dumps({"texts": texts_are, "scores": table}, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
