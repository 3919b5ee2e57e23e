"""Trains sentence ends on running text of the treebanks, for comparison with the rules (score_trees.py).

python models/train_senter.py de --data ../shared/data --out work/de_senter --epochs 6
"""

from __future__ import annotations

import argparse
import random
import sys
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import fix_random_seed
from thinc.api import Adam

from claimtrail.document import Span
from claimtrail.engines.spacy_engine import make_doc, settings, tokenizer_for
from claimtrail.segment.sentences import paragraphs, rules_for
from texts import running_texts
from train_trees import ATTRS, ROWS, batches
from trees import treebanks


def new_pipeline(lang: str) -> Language:
    how = settings(lang)
    nlp = spacy.blank(how.vocabulary)
    nlp.add_pipe(
        "senter",
        config={
            "model": {
                "@architectures": "spacy.Tagger.v2",
                "tok2vec": {
                    "@architectures": "spacy.Tok2Vec.v2",
                    "embed": {
                        "@architectures": "spacy.MultiHashEmbed.v2",
                        "width": 48,
                        "attrs": ATTRS["rules" if how.tokenizer == "rules" else "dictionary"],
                        "rows": [max(100, rows // 2) for rows in ROWS[lang]],
                        "include_static_vectors": False,
                    },
                    "encode": {
                        "@architectures": "spacy.MaxoutWindowEncoder.v2",
                        "width": 48,
                        "depth": 3,
                        "window_size": 1,
                        "maxout_pieces": 3,
                    },
                },
            }
        },
    )
    return nlp


def split(nlp: Language, text: str, lang: str) -> list[Span]:
    """Return the sentences of a text: its paragraphs by rule, the ends inside by the model."""
    cut = tokenizer_for(lang)
    rules = rules_for(lang)
    assert rules is not None
    found = []
    for start, end in paragraphs(text, 0, len(text), rules):
        pieces = cut(text[start:end])
        doc = unsplit(nlp, pieces)
        for _, component in nlp.pipeline:
            doc = component(doc)
        found += [Span(start + pieces[s.start].start, start + pieces[s.end - 1].end) for s in doc.sents]
    return found


def unsplit(nlp: Language, pieces: list) -> Doc:
    made = make_doc(nlp.vocab, [pieces])
    return Doc(
        nlp.vocab,
        words=[token.text for token in made],
        spaces=[bool(token.whitespace_) for token in made],
        tags=[token.tag_ for token in made],
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lang")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    fix_random_seed(options.seed)
    rng = random.Random(options.seed)
    cut = tokenizer_for(options.lang)
    rules = rules_for(options.lang)
    assert rules is not None
    parts = treebanks(options.data, options.lang)
    trees = [*parts["train"], *parts.get("old train", []), *parts.get("far", [])]
    nlp = new_pipeline(options.lang)
    examples = []
    for text, spans in running_texts(trees, longest=12):
        starts = {start for start, _ in spans}
        for start, end in paragraphs(text, 0, len(text), rules):
            pieces = cut(text[start:end])
            predicted = unsplit(nlp, pieces)
            marks = [start + piece.start in starts for piece in pieces]
            reference = Doc(nlp.vocab, words=[token.text for token in predicted], sent_starts=list(marks))
            examples.append(Example(predicted, reference))
    nlp.initialize(lambda: examples)
    optimizer = Adam(0.002, use_averages=True, grad_clip=1.0)
    for epoch in range(options.epochs):
        optimizer.learn_rate = 0.002 * (1 - 0.9 * epoch / options.epochs)
        rng.shuffle(examples)
        losses: dict[str, float] = {}
        for batch in batches(examples, 1500):
            nlp.update(batch, drop=0.2, sgd=optimizer, losses=losses)
        print(epoch, losses, file=sys.stderr, flush=True)
    with nlp.use_params(optimizer.averages):
        nlp.to_disk(options.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
