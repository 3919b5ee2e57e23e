"""Trains small Stanza models with Stanza's own trainers: a tokenizer and an entity tagger of one language.

    python models/train_stanza.py zh --data ../shared/data --out models/weights/zh_stanza --work work/stanza

Needs the extra ``stanza``. The tokenizer learns the cuts of the engine's tokenizer, and where treebanks and the rules
end sentences; entity ends are cuts too. The tagger learns from the marked corpora; with ``--silver`` our spaCy model of
the language adds the labels that a public corpus leaves out.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import torch
from stanza.models import ner_tagger, tokenizer

from assemble import LICENCE, NAMES, NER_SOURCES, TREE_SOURCES, VERSION, source_line
from claimtrail.document import Span
from claimtrail.engines.base import Passage
from claimtrail.engines.spacy_engine import SpacyEngine, tokenizer_for
from claimtrail.engines.stanza_engine import StanzaEngine, stanza_languages
from claimtrail.engines.tokenise import Tokenise
from claimtrail.segment.sentences import rules_for, split
from corpora import ALL, Marked, ntrex, own, public
from score_ner import score
from texts import running_texts
from trees import treebanks

LENGTHS = {"en": 300, "de": 300, "zh": 150, "ja": 150}


def cuts(text: str, sentence: Span, cut: Tokenise, marks: Iterable[int] = ()) -> list[Span]:
    """Return the tokens of a sentence, cut at ``marks`` as well."""
    at = sorted(marks)
    found = []
    for piece in cut(text[sentence.start : sentence.end]):
        start, end = sentence.start + piece.start, sentence.start + piece.end
        places = [start, *(mark for mark in at if start < mark < end), end]
        found += [Span(a, b) for a, b in pairwise(places)]
    return found


def write_labels(texts: Sequence[tuple[str, list[list[Span]]]], folder: Path, name: str) -> None:
    """Write paragraphs and, for each character, 1 where a token ends, 2 where a sentence ends, else 0."""
    paragraphs, labels = [], []
    for text, sentences in texts:
        marks = ["0"] * len(text)
        for tokens in sentences:
            for token in tokens:
                marks[token.end - 1] = "1"
            if tokens:
                marks[tokens[-1].end - 1] = "2"
        lines = [i for i, letter in enumerate(text) if letter in "\n\r"]
        clean = list(text)
        for i in lines:
            clean[i] = " "
        paragraphs.append("".join(clean))
        labels.append("".join(marks))
    (folder / f"{name}.txt").write_text("\n\n".join(paragraphs) + "\n", "utf-8")
    (folder / f"{name}.labels").write_text("\n\n".join(labels) + "\n", "utf-8")


def tagged(marked: Marked, lang: str, cut: Tokenise) -> Iterator[list[dict[str, str]]]:
    """Yield the sentences of a marked text as Stanza's trainer reads them."""
    rules = rules_for(lang)
    assert rules is not None
    ends = {place for start, end, _ in marked.spans for place in (start, end)}
    for sentence in split(marked.text, 0, len(marked.text), rules):
        row = []
        for token in cuts(marked.text, sentence, cut, ends):
            tag = "O"
            for start, end, label in marked.spans:
                if start <= token.start and token.end <= end:
                    tag = f"{'B' if token.start == start else 'I'}-{label}"
            row.append({"text": marked.text[token.start : token.end], "ner": tag})
        if row:
            yield row


def filled(texts: Iterable[Marked], lang: str, engine: SpacyEngine) -> Iterator[Marked]:
    """Add the labels that a corpus does not mark, as a spaCy pipeline sees them."""
    for marked in texts:
        if marked.known == ALL:
            yield marked
            continue
        (analysis,) = engine.analyse([Passage(marked.text, (Span(0, len(marked.text)),))], lang)
        taken = [(start, end) for start, end, _ in marked.spans]
        more = [
            (e.start, e.end, str(e.label))
            for e in analysis.entities
            if e.label not in marked.known and all(e.end <= a or e.start >= b for a, b in taken)
        ]
        yield Marked(marked.text, tuple(sorted([*marked.spans, *more])), marked.source)


def train_tokenizer(lang: str, data: Path, marked: Sequence[Marked], work: Path, out: Path, steps: int) -> None:
    cut = tokenizer_for(lang)
    rules = rules_for(lang)
    assert rules is not None
    texts: list[tuple[str, list[list[Span]]]] = []
    parts = treebanks(data, lang)
    trees = [*parts["train"], *parts.get("old train", []), *parts.get("far", [])]
    for text, spans in running_texts(trees, longest=8):
        texts.append((text, [cuts(text, span, cut) for span in spans]))
    for item in marked:
        ends = {place for start, end, _ in item.spans for place in (start, end)}
        spans = split(item.text, 0, len(item.text), rules)
        texts.append((item.text, [cuts(item.text, span, cut, ends) for span in spans]))
    # a blank line is Stanza's own mark between paragraphs
    texts = [item for item in texts if "\n\n" not in item[0] and item[0].strip()]
    random.Random(1).shuffle(texts)
    held = len(texts) // 40
    write_labels(texts[held:], work, "train")
    write_labels(texts[:held], work, "dev")
    (work / "words.json").write_text("[]")
    tokenizer.main(
        [
            *("--mwt_json_file", str(work / "words.json")),
            *("--mode", "train", "--lang", stanza_languages()[lang].code, "--shorthand", f"{lang}_claimtrail"),
            *("--txt_file", str(work / "train.txt"), "--label_file", str(work / "train.labels")),
            *("--dev_txt_file", str(work / "dev.txt"), "--dev_label_file", str(work / "dev.labels")),
            *("--hidden_dim", "48", "--max_seqlen", str(LENGTHS[lang]), "--batch_size", "24", "--steps", str(steps)),
            *("--eval_steps", "200", "--report_steps", "100", "--anneal_after", "400", "--no_use_mwt", "--cpu"),
            *("--save_dir", str(out), "--save_name", "tokenize.pt"),
        ]
    )


def train_tagger(lang: str, near: Sequence[Marked], far: Sequence[Marked], work: Path, out: Path, steps: int) -> None:
    cut = tokenizer_for(lang)

    def rows(texts: Sequence[Marked]) -> list[list[dict[str, str]]]:
        return [row for item in texts for row in tagged(item, lang, cut) if len(row) < 150]

    held = [item for index, item in enumerate(near) if index % 15 == 7]
    kept = [item for index, item in enumerate(near) if index % 15 != 7]
    # texts like ours count twice
    (work / "ner.train.json").write_text(json.dumps(rows([*kept, *kept, *far]), ensure_ascii=False), "utf-8")
    (work / "ner.dev.json").write_text(json.dumps(rows(held), ensure_ascii=False), "utf-8")
    ner_tagger.main(
        [
            *("--mode", "train", "--shorthand", f"{lang}_claimtrail"),
            *("--train_file", str(work / "ner.train.json"), "--eval_file", str(work / "ner.dev.json")),
            *(
                "--no_pretrain",
                "--word_emb_dim",
                "0",
                "--char_emb_dim",
                "48",
                "--char_hidden_dim",
                "64",
                "--hidden_dim",
                "96",
            ),
            *("--optim", "adam", "--lr", "0.003", "--dropout", "0.3", "--max_steps", str(steps)),
            *("--eval_interval", "300", "--log_step", "100", "--cpu", "--save_dir", str(out), "--save_name", "ner.pt"),
        ]
    )


def halve(path: Path) -> None:
    """Store the weights of a saved model in half precision, without the words that no part of the model looks up.

    Loading turns the weights into full precision again.
    """
    saved = torch.load(path, weights_only=True, map_location="cpu")
    words = saved["vocab"].get("delta") if isinstance(saved["vocab"], dict) else None
    if words is not None and "delta_emb.weight" not in saved["model"]:
        words["_id2unit"] = words["_id2unit"][:4]
        words["_unit2id"] = {unit: number for number, unit in enumerate(words["_id2unit"])}
    saved["model"] = type(saved["model"])(
        (name, value.half() if isinstance(value, torch.Tensor) and value.is_floating_point() else value)
        for name, value in saved["model"].items()
    )
    torch.save(saved, path)


def describe(lang: str, data: Path, out: Path) -> None:
    """Score the tagger on the news sentences that readers marked (dev); write ``meta.json`` and the card."""
    figures, _ = score(StanzaEngine({lang: str(out)}), lang, list(ntrex(data, lang, "dev")), 0)
    meta = {
        "name": f"{lang}_stanza",
        "version": VERSION,
        "license": LICENCE,
        "performance": {f"ner_{label}": values["f"] for label, values in figures.items()},
    }
    (out / "meta.json").write_text(json.dumps(meta, indent=1) + "\n")
    size = sum(path.stat().st_size for path in out.glob("*.pt")) / 1e6
    lines = [
        f"# {lang}_stanza {VERSION}",
        "",
        f"A tokenizer and an entity tagger for news in {NAMES[lang]}, made with Stanza's own trainers. {size:.1f} MB.",
        f"Licence of the weights: {LICENCE}, because of the texts they were trained on. No text of them is inside.",
        "",
        "Made with `python models/train_stanza.py`. Entities: PERSON, ORG, GPE (any place), DATE, TITLE (a post).",
        "Weights are stored in half precision.",
        "",
        "Exact span and label on the news sentences of `parallel/ntrex-entities` (dev), F: "
        + ", ".join(f"{label} {values['f']:.3f}" for label, values in figures.items())
        + ".",
        "",
        "## Data",
        "",
        "- texts and marks written for this project (invented news), and its marks on news sentences of NTREX-128",
        *(source_line(data, folder) for folder in dict.fromkeys([*NER_SOURCES[lang], *TREE_SOURCES[lang]])),
        "- labels that a corpus lacks come from this project's spaCy model",
    ]
    (out / "CARD.md").write_text("\n".join(lines) + "\n", "utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lang")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--silver", action="store_true", help="use partly marked corpora too, completed by our model")
    parser.add_argument("--public", type=int, default=3000, help="texts of the public corpora to use at most")
    parser.add_argument("--tokenizer-steps", type=int, default=1600)
    parser.add_argument("--tagger-steps", type=int, default=3000, help="0 for a tokenizer only")
    parser.add_argument("--card", action="store_true", help="train nothing; score the model and write its card")
    options = parser.parse_args()
    if options.card:
        describe(options.lang, options.data, options.out)
        return 0
    lang, work = options.lang, options.work / options.lang
    torch.set_num_threads(1)
    work.mkdir(parents=True, exist_ok=True)
    options.out.mkdir(parents=True, exist_ok=True)
    near = [*own(options.data, lang), *ntrex(options.data, lang)]
    far = [m for m in public(options.data, lang) if not m.unknown and (options.silver or m.known == ALL)]
    random.Random(3).shuffle(far)
    far = far[: options.public]
    if options.silver:
        far = list(filled(far, lang, SpacyEngine()))
    if options.tokenizer_steps:
        train_tokenizer(lang, options.data, [*near, *far], work, options.out, options.tokenizer_steps)
        halve(options.out / "tokenize.pt")
    if options.tagger_steps:
        train_tagger(lang, near, far, work, options.out, options.tagger_steps)
        halve(options.out / "ner.pt")
    describe(lang, options.data, options.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
