"""Scores trees and sentence ends on test parts that no training saw; writes trees.json and sentences.json.

    python models/score_trees.py --data ../shared/data --trees models/weights --senter work --out tests/scores

``pos``, ``uas`` and ``las`` are on the engine's tokens with gold trees carried over, without punctuation for the two;
``las_words`` is the F of labelled attachments over the treebank's own words, punctuation counted, a word right only
where the cut is right too. Subtypes of relations do not count. ``words_per_second`` is of tokenizer, tagger and parser
on one core. Sentence figures are the F of exact spans in running text.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import spacy
from spacy.language import Language

from claimtrail.document import Span
from claimtrail.engines.features import load as load_features
from claimtrail.engines.spacy_engine import know_words, load_pipeline, make_doc, tokenizer_for
from claimtrail.engines.tokenise import Tokenise
from claimtrail.segment.sentences import rules_for
from claimtrail.segment.sentences import split as split_by_rules
from texts import running_texts
from train_senter import split as split_by_model
from train_trees import score, usable
from trees import Tree, carry_over, treebanks


def words_f(nlp: Language, trees: Sequence[Tree], cut: Tokenise) -> float:
    right = guessed = wanted = 0
    for tree in trees:
        pieces = cut(tree.text)
        doc = make_doc(nlp.vocab, [pieces])
        for _, component in nlp.pipeline:
            doc = component(doc)
        guess = set()
        for piece, token in zip(pieces, doc, strict=True):
            head = pieces[token.head.i]
            root = token.head.i == token.i
            guess.add((piece.start, piece.end, -1 if root else head.start, -1 if root else head.end, _base(token.dep_)))
        gold = set()
        for index, word in enumerate(tree.words):
            head_word = tree.words[word.head]
            root = word.head == index
            gold.add(
                (word.start, word.end, -1 if root else head_word.start, -1 if root else head_word.end, _base(word.dep))
            )
        right += len(gold & guess)
        guessed += len(pieces)
        wanted += len(tree.words)
    return round(2 * right / (guessed + wanted), 4)


def _base(dep: str) -> str:
    return dep.split(":", 1)[0]


def speed(nlp: Language, trees: Sequence[Tree], cut: Tokenise) -> int:
    chosen = (list(trees) * 6)[:600]
    for tree in chosen[:50]:
        nlp.get_pipe("parser")(nlp.get_pipe("tok2vec")(make_doc(nlp.vocab, [cut(tree.text)])))
    begun = time.perf_counter()
    words = 0
    for place in range(0, len(chosen), 4):
        doc = make_doc(nlp.vocab, [cut(tree.text) for tree in chosen[place : place + 4]])
        for _, component in nlp.pipeline:
            doc = component(doc)
        words += len(doc)
    return round(words / (time.perf_counter() - begun))


def sentence_f(texts: Iterable[tuple[str, list[Span]]], split: Callable[[str], list[Span]]) -> float:
    right = found = wanted = 0
    for text, spans in texts:
        guess = split(text)
        right += len(set(guess) & set(spans))
        found += len(guess)
        wanted += len(spans)
    return round(2 * right / (found + wanted), 4)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("langs", nargs="*", default=["de", "en", "ja", "zh"])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--trees", type=Path, help="folder of the pipelines, {lang}_claimtrail or {lang}")
    parser.add_argument("--senter", type=Path, help="folder of the sentence models, {lang}_senter")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    trees_file, sentences_file = options.out / "trees.json", options.out / "sentences.json"
    tree_scores = json.loads(trees_file.read_text()) if trees_file.is_file() else {}
    sentence_scores = json.loads(sentences_file.read_text()) if sentences_file.is_file() else {}
    for lang in options.langs:
        parts = {name: trees for name, trees in treebanks(options.data, lang).items() if name.startswith("test")}
        cut = tokenizer_for(lang)
        folder = next((f for name in (f"{lang}_claimtrail", lang) if (f := options.trees / name).is_dir()), None)
        if folder is not None:
            nlp = load_pipeline(folder)
            nlp.remove_pipe("ner")
            know_words(nlp, load_features(folder / "features.npz"))
            size = sum(p.stat().st_size for name in nlp.pipe_names for p in (folder / name).rglob("*") if p.is_file())
            tree_scores[lang] = {"bytes": size}
            for name, trees in parts.items():
                analysed = [a for tree in trees if usable(a := carry_over(tree, cut))]
                figures: dict[str, float] = score(nlp, analysed)
                figures["las_words"] = words_f(nlp, trees, cut)
                figures["words_per_second"] = speed(nlp, trees, cut)
                figures["sentences"] = len(trees)
                tree_scores[lang][name] = figures
                print(lang, name, figures, file=sys.stderr)
        rules = rules_for(lang)
        assert rules is not None
        senter = options.senter and options.senter / f"{lang}_senter"
        model = spacy.load(senter) if senter and senter.is_dir() else None
        sentence_scores[lang] = {}
        for name, trees in parts.items():
            texts = list(running_texts(trees))
            found = {"rules": sentence_f(texts, lambda text, rules=rules: split_by_rules(text, 0, len(text), rules))}
            if model is not None:
                found["trained"] = sentence_f(
                    texts, lambda text, model=model, lang=lang: split_by_model(model, text, lang)
                )
            sentence_scores[lang][name] = found
            print(lang, name, found, file=sys.stderr)
    options.out.mkdir(parents=True, exist_ok=True)
    trees_file.write_text(json.dumps(tree_scores, indent=1, sort_keys=True) + "\n")
    sentences_file.write_text(json.dumps(sentence_scores, indent=1, sort_keys=True) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
