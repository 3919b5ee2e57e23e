"""Trains parts of speech and dependency trees of a language on the treebanks, on the engine's own tokens.

    python models/train_trees.py de --data ../shared/data --out models/weights/de_trees --minutes 15

One core. The pipeline written holds ``tok2vec``, ``morphologizer`` (UPOS only: TAG stays the tokenizer's) and
``parser``. With ``--epochs`` and no ``--minutes`` the same command gives the same weights on the same machine.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import fix_random_seed
from thinc.api import Adam

from claimtrail.engines.spacy_engine import make_doc, settings, tokenizer_for
from claimtrail.engines.tokenise import Piece, Tokenise
from trees import Analysed, Converter, Tree, carry_over, is_tree, read_german_tags, treebanks

ATTRS = {"rules": ["NORM", "PREFIX", "SUFFIX", "SHAPE"], "dictionary": ["NORM", "PREFIX", "SUFFIX", "SHAPE", "TAG"]}
ROWS = {"en": [5000, 500, 2500, 500], "de": [5000, 500, 3000, 500],
        "zh": [4500, 2000, 2000, 100, 150], "ja": [4500, 1500, 2000, 100, 200]}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Recipe:
    """How long, how wide and with which dropout the shipped model of a language was trained."""

    epochs: int
    hidden: int = 64
    drop: float = 0.25


RECIPES = {
    "en": Recipe(12, hidden=128, drop=0.2),
    "de": Recipe(16),
    "zh": Recipe(24, hidden=96, drop=0.3),
    "ja": Recipe(14),
}


def new_pipeline(lang: str, width: int, depth: int, hidden: int) -> Language:
    how = settings(lang)
    nlp = spacy.blank(how.vocabulary)
    listener = {"@architectures": "spacy.Tok2VecListener.v1", "width": width, "upstream": "tok2vec"}
    nlp.add_pipe(
        "tok2vec",
        config={
            "model": {
                "@architectures": "spacy.Tok2Vec.v2",
                "embed": {
                    "@architectures": "spacy.MultiHashEmbed.v2",
                    "width": width,
                    "attrs": ATTRS["rules" if how.tokenizer == "rules" else "dictionary"],
                    "rows": ROWS[lang],
                    "include_static_vectors": False,
                },
                "encode": {
                    "@architectures": "spacy.MaxoutWindowEncoder.v2",
                    "width": width,
                    "depth": depth,
                    "window_size": 1,
                    "maxout_pieces": 3,
                },
            }
        },
    )
    nlp.add_pipe(
        "morphologizer",
        config={"overwrite": True, "model": {"@architectures": "spacy.Tagger.v2", "tok2vec": listener}},
    )
    nlp.add_pipe(
        "parser",
        config={
            "min_action_freq": 10,
            "model": {
                "@architectures": "spacy.TransitionBasedParser.v2",
                "state_type": "parser",
                "extra_state_tokens": False,
                "hidden_width": hidden,
                "maxout_pieces": 2,
                "use_upper": True,
                "nO": None,
                "tok2vec": listener,
            },
        },
    )
    return nlp


def usable(analysed: Analysed) -> bool:
    return 0 < len(analysed.pieces) < 250 and all(analysed.upos) and is_tree(analysed.heads)


def example(nlp: Language, sentences: Sequence[Analysed]) -> Example:
    """Make a training example of sentences in a row; the model is told where they begin."""
    predicted = make_doc(nlp.vocab, [list(sentence.pieces) for sentence in sentences])
    heads: list[int] = []
    for sentence in sentences:
        first = len(heads)
        heads += [first + int(head or 0) for head in sentence.heads]
    reference = Doc(
        nlp.vocab,
        words=[token.text for token in predicted],
        spaces=[bool(token.whitespace_) for token in predicted],
        pos=[tag for sentence in sentences for tag in sentence.upos],
        heads=heads,
        deps=[dep for sentence in sentences for dep in sentence.deps],
        morphs=["" for _ in heads],
    )
    return Example(predicted, reference)


def tag_example(nlp: Language, words: Sequence[str], tags: Sequence[str]) -> Example:
    pieces = [Piece(2 * i, 2 * i + 1, word, "") for i, word in enumerate(words)]
    predicted = make_doc(nlp.vocab, [pieces])
    reference = Doc(nlp.vocab, words=list(words), pos=list(tags), morphs=["" for _ in words])
    return Example(predicted, reference)


def grouped(sentences: Sequence[Analysed], rng: random.Random) -> Iterator[list[Analysed]]:
    """Put one to three sentences that follow each other into one text, as passages have them."""
    place = 0
    while place < len(sentences):
        size = rng.choice((1, 1, 2, 3))
        yield list(sentences[place : place + size])
        place += size


def score(nlp: Language, sentences: Sequence[Analysed]) -> dict[str, float]:
    """Return the accuracy of parts of speech, and UAS and LAS without punctuation and without subtypes."""
    tags = tokens = heads = labels = words = 0
    for sentence in sentences:
        doc = make_doc(nlp.vocab, [list(sentence.pieces)])
        for _, component in nlp.pipeline:
            doc = component(doc)
        for token, upos, head, dep in zip(doc, sentence.upos, sentence.heads, sentence.deps, strict=True):
            tokens += 1
            tags += token.pos_ == upos
            if upos != "PUNCT":
                words += 1
                heads += token.head.i == head
                labels += token.head.i == head and token.dep_.split(":")[0] == dep.split(":")[0]
    return {"pos": round(tags / tokens, 4), "uas": round(heads / words, 4), "las": round(labels / words, 4)}


def performance(nlp: Language, parts: dict[str, list[Tree]], cut: Tokenise) -> dict[str, float]:
    """Return the scores for the pipeline's card, on each test part."""
    found = {}
    for name, trees in parts.items():
        if name.startswith("test "):
            figures = score(nlp, [a for tree in trees if usable(a := carry_over(tree, cut))])
            found |= {f"{key}_{name.removeprefix('test ')}": value for key, value in figures.items()}
    return found


def training_trees(parts: dict[str, list[Tree]]) -> tuple[list[Tree], list[Tree]]:
    """Return trees to learn from to the end, and trees of other schemes that weigh less and less."""
    near = list(parts["train"])
    if "old train" in parts:
        converter = Converter(parts["old dev"], parts["new dev"])
        near += [tree for old in parts["old train"] if (tree := converter.convert(old))]
    return near, list(parts.get("far", []))


def batches(examples: Sequence[Example], words: int) -> Iterator[list[Example]]:
    batch: list[Example] = []
    size = 0
    for item in examples:
        batch.append(item)
        size += len(item.predicted)
        if size >= words:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lang")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=600)
    parser.add_argument("--epochs", type=int, help="as many as the shipped model took, if not given")
    parser.add_argument("--width", type=int, default=96)
    parser.add_argument("--depth", type=int, default=4)
    parser.add_argument("--far", type=float, nargs=2, default=(0.7, 0.1), help="share of the far trees, first to last")
    parser.add_argument("--tags", type=float, default=0.3, help="share of sentences with tags only in an epoch")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    lang = options.lang
    recipe = RECIPES[lang]
    epochs = options.epochs or recipe.epochs
    begun = time.time()
    fix_random_seed(options.seed)
    rng = random.Random(options.seed)
    cut = tokenizer_for(lang)
    parts = treebanks(options.data, lang)
    trees, others = training_trees(parts)
    near = [a for tree in trees if usable(a := carry_over(tree, cut))]
    far = [a for tree in others if usable(a := carry_over(tree, cut))]
    dev = [a for tree in parts["dev"] if usable(a := carry_over(tree, cut))]
    tagged = list(read_german_tags(options.data / "de/ud-gsd-pos/de_gsd-ud-train.conllu.pos")) if lang == "de" else []
    lost = len(trees) + len(others) - len(near) - len(far)
    counts = {"near": len(near), "far": len(far), "dev": len(dev), "tagged": len(tagged), "lost": lost}
    print(json.dumps(counts), file=sys.stderr, flush=True)
    nlp = new_pipeline(lang, options.width, options.depth, recipe.hidden)
    nlp.initialize(lambda: [example(nlp, [a]) for a in [*near, *far]])
    optimizer = Adam(0.001, L2=0.01, grad_clip=1.0, L2_is_weight_decay=True, use_averages=True)
    took = 0.0
    seconds = options.minutes * 60
    for epoch in range(epochs):
        start = time.time()
        if start - begun + took > seconds:
            break
        done = max(epoch / epochs, (start - begun) / seconds)
        optimizer.learn_rate = 0.0015 * (1 - 0.9 * done)
        share = options.far[0] + (options.far[1] - options.far[0]) * done
        shown = list(grouped(near, rng))
        shown += [group for group in grouped(far, rng) if rng.random() < share]
        examples = [example(nlp, group) for group in shown]
        examples += [tag_example(nlp, *item) for item in tagged if rng.random() < options.tags]
        rng.shuffle(examples)
        losses: dict[str, float] = {}
        for batch in batches(examples, 400 if done < 0.2 else 900):
            nlp.update(batch, drop=recipe.drop, sgd=optimizer, losses=losses)
        took = time.time() - start
        with nlp.use_params(optimizer.averages):
            line = {"epoch": epoch, "words": sum(len(e.predicted) for e in examples), "seconds": round(took),
                    "dev": score(nlp, dev)}  # fmt: skip
        print(json.dumps(line), file=sys.stderr, flush=True)
    with nlp.use_params(optimizer.averages):
        nlp.meta["performance"] = performance(nlp, parts, cut)
        nlp.to_disk(options.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
