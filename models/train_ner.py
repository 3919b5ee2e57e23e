"""Trains the entity model of a language from the marked corpora: word features, silver labels, then the model.

    python models/train_ner.py zh --data ../shared/data --organisations ../shared/resources/organisations.tsv \\
        --out models/weights/zh_claimtrail --minutes 40

One core; the same command gives the same weights on the same machine as long as ``--epochs`` is given.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import spacy
from spacy.language import Language
from spacy.tokens import Span
from spacy.training import Example
from spacy.util import fix_random_seed, minibatch
from thinc.api import Adam

from claimtrail.engines import features as word_features
from claimtrail.engines.features import WordFeatures
from claimtrail.engines.spacy_engine import (
    know_words,
    load_pipeline,
    make_doc,
    settings,
    surroundings_of,
    tokenizer_for,
)
from claimtrail.engines.tokenise import Piece
from corpora import ALL, LABELS, Marked, ntrex, own, public, raw, written
from names import Pools, Templates, fill_template, load_pools, read_templates, roughen, vary
from train_words import CrossFitted, train_words

ATTRS = ["LOWER", "PREFIX", "SUFFIX", "SHAPE", "TAG", "LEMMA", "LANG"]
ROWS = {"en": [6000, 1000, 3000, 1000, 64, 400, 1000], "de": [7000, 1000, 3500, 1000, 64, 400, 1000],
        "fr": [4500, 500, 2500, 600, 16, 300, 1000],
        "zh": [7000, 3000, 3500, 400, 200, 100, 1000], "ja": [7000, 3000, 3500, 300, 200, 3000, 1000]}  # fmt: skip
# how much of a corpus an epoch takes: less of those far from news, or with other habits of marking
WEIGHTS = {"ewt": 0.7, "crossner": 0.7, "re-docred": 0.8, "gum": 0.7, "mobie": 0.3, "ler": 0.3, "fewfc": 0.6,
           "wac": 0.7, "wikinews": 0.5}  # fmt: skip
# corpora whose spans are fit to stand in other texts: no nominal mentions, tags or initials
NAMES_FROM = ("wikigold", "crossner", "uner", "fewfc", "stockmark")


SURROUNDINGS_ROWS = 300


def model_config(lang: str, width: int, depth: int) -> dict[str, object]:
    surroundings = surroundings_of(lang) is not None
    return {
        "model": {
            "@architectures": "spacy.TransitionBasedParser.v2",
            "state_type": "ner",
            "extra_state_tokens": False,
            "hidden_width": 64,
            "maxout_pieces": 2,
            "use_upper": True,
            "nO": None,
            "tok2vec": {
                "@architectures": "spacy.Tok2Vec.v2",
                "embed": {
                    "@architectures": "spacy.MultiHashEmbed.v2",
                    "width": width,
                    "attrs": [*ATTRS, *["ENT_ID"][: int(surroundings)]],
                    "rows": [*ROWS[lang], *[SURROUNDINGS_ROWS][: int(surroundings)]],
                    "include_static_vectors": False,
                },
                "encode": {
                    "@architectures": "spacy.MaxoutWindowEncoder.v2",
                    "width": width,
                    "depth": depth,
                    "window_size": 1,
                    "maxout_pieces": 3,
                },
            },
        },
        "moves": None,
        "update_with_oracle_cut_size": 100,
    }


class Maker:
    """Makes training examples of marked texts."""

    def __init__(self, nlp: Language, lang: str, features: WordFeatures, teaching: CrossFitted | None = None) -> None:
        self.nlp = nlp
        know_words(nlp, features)
        self.cut = tokenizer_for(lang)
        self.surroundings = surroundings_of(lang)
        self.features = features
        self.teaching = teaching or features

    def cut_all(self, texts: Sequence[str]) -> list[tuple[list[Piece], list[str]]]:
        """Cut texts into pieces, each with the tags of their surroundings, if the language has such."""
        pieces = [self.cut(text) for text in texts]
        tags = self.surroundings(pieces) if self.surroundings else [[] for _ in texts]
        return list(zip(pieces, tags, strict=True))

    def examples(self, texts: Iterable[Marked]) -> list[Example]:
        texts = list(texts)
        pairs = zip(texts, self.cut_all([marked.text for marked in texts]), strict=True)
        return [example for marked, (pieces, tags) in pairs if (example := self.example(marked, pieces, tags))]

    def example(self, marked: Marked, pieces: list[Piece], tags: list[str]) -> Example | None:
        doc = make_doc(self.nlp.vocab, [pieces], self.teaching, tags)
        places = [(p.start, p.end) for p in pieces]
        if not 1 < len(doc) < 600:
            return None
        starts = {start: i for i, (start, _) in enumerate(places)}
        ends = {end: i for i, (_, end) in enumerate(places)}
        reference = doc.copy()
        spans, missing = [], []
        taken: set[int] = set()
        for start, end, label in marked.spans:
            if start in starts and end in ends and starts[start] <= ends[end]:
                tokens = range(starts[start], ends[end] + 1)
                if taken.isdisjoint(tokens):
                    spans.append(Span(reference, tokens[0], tokens[-1] + 1, label=label))
                    taken.update(tokens)
            else:
                missing.append((start, end))
        gaps = []
        for start, end in [*marked.unknown, *missing]:
            for i, (left, right) in enumerate(places):
                if left < end and right > start and i not in taken:
                    gaps.append(Span(reference, i, i + 1))
                    taken.add(i)
        reference.set_ents(spans, missing=gaps, default="outside")
        return Example(doc, reference)

    def predict(self, texts: Sequence[str]) -> Iterator[list[tuple[int, int, str]]]:
        for pieces, tags in self.cut_all(texts):
            doc = make_doc(self.nlp.vocab, [pieces], self.features, tags)
            if len(doc):
                doc = self.nlp.get_pipe("ner")(doc)
            yield [(pieces[e.start].start, pieces[e.end - 1].end, e.label_) for e in doc.ents]


def new_pipeline(lang: str, width: int, depth: int) -> Language:
    nlp = spacy.blank(settings(lang).vocabulary)
    ner = nlp.add_pipe("ner", config=model_config(lang, width, depth))
    for label in LABELS:
        ner.add_label(label)
    return nlp


def score(maker: Maker, texts: Sequence[Marked]) -> dict[str, float]:
    """Return exact precision, recall and F by label and over all."""
    right: Counter[str] = Counter()
    found: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    for marked, predicted in zip(texts, maker.predict([marked.text for marked in texts]), strict=True):
        gold = {tuple(span) for span in marked.spans}
        guess = set(predicted)
        for _, _, label in guess:
            found[label] += 1
        for _, _, label in gold:
            wanted[label] += 1
        for _, _, label in gold & guess:
            right[label] += 1
    scores = {}
    for label in LABELS:
        p, r = right[label] / max(1, found[label]), right[label] / max(1, wanted[label])
        scores[label] = round(2 * p * r / max(1e-9, p + r), 4)
    total = sum(right.values())
    p, r = total / max(1, sum(found.values())), total / max(1, sum(wanted.values()))
    scores["ALL"] = round(2 * p * r / max(1e-9, p + r), 4)
    return scores


def fill(maker: Maker, texts: Sequence[Marked]) -> list[Marked]:
    """Add silver spans of the labels that a corpus does not mark, where they touch nothing that it does mark."""
    predictions = maker.predict([marked.text for marked in texts if marked.known != ALL])
    filled = []
    for marked in texts:
        if marked.known == ALL:
            filled.append(marked)
            continue
        predicted = next(predictions)
        taken = [(s, e) for s, e, _ in marked.spans] + list(marked.unknown)
        silver = [
            (s, e, label)
            for s, e, label in predicted
            if label not in marked.known and all(e <= a or s >= b for a, b in taken)
        ]
        filled.append(replace(marked, spans=tuple(sorted([*marked.spans, *silver])), known=ALL))
    return filled


def epoch_texts(
    near: Sequence[Marked], far: Sequence[Marked], pools: Pools, lang: str, rng: random.Random,
    *, repeats: int, share: float, templates: Templates, filled: int, once: bool = False,
) -> Iterator[Marked]:  # fmt: skip
    chosen = [fill_template(templates, pools, rng) for _ in range(filled)]
    for marked in near:
        if marked.source == "written" and once:
            chosen.append(vary(marked, pools, rng, templates) if rng.random() < 0.5 else marked)
            continue
        chosen.append(marked)
        chosen += [vary(marked, pools, rng, templates) for _ in range(repeats - 1)]
    for marked in far:
        if rng.random() < share * WEIGHTS.get(marked.source, 1.0) * (1.0 if marked.spans else 0.8):
            chosen.append(vary(marked, pools, rng, templates) if rng.random() < 0.35 else marked)
    rng.shuffle(chosen)
    for marked in chosen:
        yield roughen(marked, lang, rng)


def train(
    nlp: Language, maker: Maker, near: Sequence[Marked], far: Sequence[Marked], pools: Pools, lang: str,
    dev: Sequence[Marked], held: Sequence[Marked], *, epochs: int, seconds: float, seed: int, repeats: int,
    share: tuple[float, float], log: Path | None, templates: Templates, filled: int = 0, drop: float = 0.25,
    once: bool = False,
) -> dict[str, float]:  # fmt: skip
    """Train until the epochs or the seconds are used up; the averaged weights of the best epoch on dev are kept.

    Where there is nothing to score on, that is the last one.
    """
    rng = random.Random(seed)
    fix_random_seed(seed)
    begun = time.time()
    first = maker.examples(near[:300])
    nlp.initialize(lambda: first)
    optimizer = Adam(0.001, L2=0.01, grad_clip=1.0, L2_is_weight_decay=True, use_averages=True)
    scores: dict[str, float] = {}
    best, saved, best_scores = -1.0, b"", scores
    took = 0.0
    for epoch in range(epochs):
        start = time.time()
        done = max(epoch / epochs, (start - begun) / seconds)
        if start - begun + took > seconds:
            break
        # far corpora teach what names look like; towards the end the texts most like ours weigh more
        now_share = share[0] + (share[1] - share[0]) * done
        optimizer.learn_rate = 0.0012 * (1 - 0.85 * done)
        texts = epoch_texts(near, far, pools, lang, rng, repeats=repeats, share=now_share,
                            templates=templates, filled=filled, once=once)  # fmt: skip
        examples = maker.examples(texts)
        losses: dict[str, float] = {}
        size = 24 if done < 0.3 else 32
        for batch in minibatch(examples, size=size):
            nlp.update(batch, drop=drop, sgd=optimizer, losses=losses)
        took = time.time() - start
        with nlp.use_params(optimizer.averages):
            scores = score(maker, dev)
            mine = score(maker, held) if held else {}
            if scores["ALL"] + mine.get("ALL", 0.0) >= best:
                best, saved, best_scores = scores["ALL"] + mine.get("ALL", 0.0), nlp.to_bytes(), scores
        words = sum(len(e.reference) for e in examples)
        line = {"epoch": epoch, "loss": round(float(losses["ner"]), 1), "words": words,
                "seconds": round(took), "dev": scores, "held": mine}  # fmt: skip
        print(json.dumps(line), file=sys.stderr, flush=True)
        if log:
            with log.open("a", encoding="utf-8") as out:
                out.write(json.dumps(line) + "\n")
    nlp.from_bytes(saved)
    return best_scores


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lang")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--organisations", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=600)
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--silver", type=Path, help="a trained pipeline that labels what a corpus does not mark")
    parser.add_argument("--raw", action="store_true", help="let that pipeline label news without marks as well")
    parser.add_argument("--silver-epochs", type=int, default=8)
    parser.add_argument("--holdout", action="store_true", help="keep every twelfth own text for scoring")
    parser.add_argument("--width", type=int, default=96)
    parser.add_argument("--depth", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--share", type=float, nargs=2, default=(0.6, 0.3))
    parser.add_argument("--drop", type=float, default=0.25)
    parser.add_argument("--filled", type=int, default=1000, help="template sentences an epoch")
    parser.add_argument("--groups", type=Path, required=True, help="words and their groups, of make_groups.py")
    parser.add_argument("--once", action="store_true", help="take the texts beside the recipe once an epoch only")
    parser.add_argument("--written", type=int, help="take only so many of the texts beside the recipe, the first ones")
    parser.add_argument("--log", type=Path)
    options = parser.parse_args()
    lang, data = options.lang, options.data
    begun = time.time()
    near = [*own(data, lang), *ntrex(data, lang), *islice(written(lang), options.written)]
    held = [m for i, m in enumerate(near) if m.source != "ntrex" and i % 12 == 5] if options.holdout else []
    near = [m for m in near if m not in held]
    far = list(public(data, lang))
    dev = list(ntrex(data, lang, "dev"))
    # most sentences without names teach little and take as long to label
    thin = random.Random(options.seed)
    far = [m for m in far if m.spans or not m.known or thin.random() < 0.4]
    pools = load_pools(data, options.organisations, lang, [*near, *(m for m in far if m.source in NAMES_FROM)])
    templates = read_templates(Path(__file__).parent / "templates" / f"{lang}.txt")
    groups = json.loads(options.groups.read_text("utf-8"))
    features, teaching = train_words(data, options.organisations, lang, [*near, *far], groups=groups)
    print(
        f"{lang}: {len(near)} near, {len(far)} far texts; word features after {time.time() - begun:.0f} s",
        file=sys.stderr,
    )

    if options.silver:
        first = load_pipeline(options.silver)
        first_maker = Maker(first, lang, word_features.load(options.silver / "features.npz"))
    else:
        first = new_pipeline(lang, 64, 3)
        first_maker = Maker(first, lang, features)
        train(first, first_maker, near, [], pools, lang, dev, held, epochs=options.silver_epochs, seconds=1e9,
              seed=options.seed, repeats=2, share=(0, 0), log=None, templates=templates)  # fmt: skip
    far = fill(first_maker, [*far, *raw(data, lang)] if options.raw else far)
    print(f"{lang}: silver labels after {time.time() - begun:.0f} s", file=sys.stderr)

    nlp = new_pipeline(lang, options.width, options.depth)
    maker = Maker(nlp, lang, features, teaching)
    seconds = options.minutes * 60 - (time.time() - begun)
    scores = train(nlp, maker, near, far, pools, lang, dev, held, epochs=options.epochs, seconds=seconds,
                   seed=options.seed, repeats=options.repeats, share=tuple(options.share), log=options.log,
                   templates=templates, filled=options.filled, drop=options.drop, once=options.once)  # fmt: skip
    nlp.meta.update(name="claimtrail", version="0.1.0", lang=lang, license="CC BY-SA 4.0")
    nlp.meta["performance"] = {f"ner_{label.lower()}_f": value for label, value in scores.items() if dev}
    nlp.to_disk(options.out)
    word_features.save(features, options.out / "features.npz")
    return 0


if __name__ == "__main__":
    np.random.seed(1)
    sys.exit(main())
