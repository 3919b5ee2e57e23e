"""Joins an entity pipeline and a tree pipeline of one language into the one that ships.

    python models/join_trees.py de --entities work/de_ner --trees work/trees/de --out models/weights/de_claimtrail \\
        --scores tests/scores/trees.json

Everything of the entity pipeline's folder is kept (its card, its word features); the components ``tok2vec``,
``morphologizer`` and ``parser`` are set before ``ner``, and the scores of the trees go into ``meta.json``.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from pathlib import Path

import spacy

TREE_PIPES = ("tok2vec", "morphologizer", "parser")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lang")
    parser.add_argument("--entities", type=Path, required=True)
    parser.add_argument("--trees", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--scores", type=Path)
    options = parser.parse_args()
    nlp = spacy.load(options.entities)
    trees = spacy.load(options.trees)
    clash = [name for name in TREE_PIPES if name in nlp.pipe_names]
    if clash:
        parser.error(f"{options.entities} has {', '.join(clash)} already")
    before = nlp.pipe_names[0]
    for name in TREE_PIPES:
        nlp.add_pipe(name, source=trees, before=before)
    if options.scores and options.scores.is_file():
        parts = json.loads(options.scores.read_text()).get(options.lang, {})
        for part, figures in parts.items():
            if isinstance(figures, dict):
                for key in ("pos", "uas", "las"):
                    nlp.meta["performance"][f"{key} {part.removeprefix('test ')}"] = figures[key]
    others = [
        path for path in options.entities.iterdir() if path.is_file() and path.name not in ("config.cfg", "meta.json")
    ]
    kept = {path.name: path.read_bytes() for path in others}
    if options.out.is_dir():
        shutil.rmtree(options.out)
    nlp.to_disk(options.out)
    for name, content in kept.items():
        (options.out / name).write_bytes(content)
    return 0


if __name__ == "__main__":
    sys.exit(main())
