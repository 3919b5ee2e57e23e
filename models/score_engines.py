"""Compares the engines language by language; writes engines.json, the table that the default engine rests on.

    python models/score_engines.py --data ../shared/data --out tests/scores

Entities: F of exact spans and labels on the news sentences that readers marked (dev). Sentences: F of exact spans on
running text of the treebanks' test parts, by the engine's own splitter: for spaCy the rules that ship, for Stanza its
tokenizer. ``load_seconds`` is the first analysis of a short sentence, ``words_per_second`` is on one core, with the
engine's own words.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from claimtrail.document import Span
from claimtrail.engines.base import Engine, Passage
from claimtrail.engines.spacy_engine import SpacyEngine
from claimtrail.engines.stanza_engine import StanzaEngine, find_stanza_model, stanza_languages
from claimtrail.segment.sentences import rules_for, split
from corpora import ntrex
from score_ner import score
from score_trees import sentence_f
from texts import running_texts
from trees import treebanks


def stanza_splitter(lang: str) -> Any:
    """Return a function that splits a text into sentences with Stanza's tokenizer alone."""
    import stanza  # noqa: PLC0415

    folder = find_stanza_model(lang)
    assert folder is not None
    with tempfile.TemporaryDirectory() as empty:
        (Path(empty) / "resources.json").write_text("{}")
        pipeline = stanza.Pipeline(
            stanza_languages()[lang].code,
            dir=empty,
            processors="tokenize",
            allow_unknown_language=True,
            tokenize_model_path=str(folder / "tokenize.pt"),
            download_method=None,
            use_gpu=False,
            verbose=False,
        )

    def spans(text: str) -> list[Span]:
        found = pipeline(text)
        return [Span(part.tokens[0].start_char, part.tokens[-1].end_char) for part in found.sentences]

    return spans


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("langs", nargs="*", default=["de", "en", "ja", "zh"])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    path = options.out / "engines.json"
    table = json.loads(path.read_text()) if path.is_file() else {}
    engines: list[Engine] = [SpacyEngine(), StanzaEngine()]
    for lang in options.langs:
        rules = rules_for(lang)
        assert rules is not None
        parts = {name: trees for name, trees in treebanks(options.data, lang).items() if name.startswith("test")}
        texts = [item for trees in parts.values() for item in running_texts(trees)]
        marked = list(ntrex(options.data, lang, "dev"))
        for engine in engines:
            if lang not in engine.languages():
                continue
            begun = time.perf_counter()
            engine.analyse([Passage(marked[0].text, (Span(0, len(marked[0].text)),))], lang)
            load = time.perf_counter() - begun
            entities, speed = score(engine, lang, marked, 0)
            if engine.name == "stanza":
                sentences = sentence_f(texts, stanza_splitter(lang))
            else:
                sentences = sentence_f(texts, lambda text, rules=rules: split(text, 0, len(text), rules))
            table.setdefault(lang, {})[engine.name] = {
                **{f"entities_{label}": figures["f"] for label, figures in entities.items()},
                "sentences": sentences,
                "words_per_second": round(speed),
                "load_seconds": round(load, 2),
                "megabytes": round(engine.model_info(lang).size_bytes / 1e6, 1),
            }
            print(lang, engine.name, table[lang][engine.name], file=sys.stderr)
    path.write_text(json.dumps(table, indent=1, sort_keys=True) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
