"""Score the finder of posts on marked texts: exact spans, with and without the names of the text given.

    python tests/scores/titles.py OWN NTREX/train.jsonl [--write]

OWN is the folder of marked texts (every fifth line is left alone). ``--write`` puts the figures into titles.json.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "pipeline"))

from claimtrail.document import Span
from claimtrail.normalise.posts import find_titles

MARK = re.compile(r"\[([POGDT]):([^\[\]]+)\]")
LANGUAGES = ("en", "de", "zh", "ja")


def own(folder: Path, lang: str) -> Iterator[tuple[str, set[Span], list[Span]]]:
    """Yield text, titles and names of the marked texts."""
    for path in sorted(folder.glob(f"{lang}_?.jsonl")):
        for number, line in enumerate(path.read_text("utf-8").splitlines()):
            if number % 5 == 4 or not line.strip():
                continue
            text, titles, names, end = "", set(), [], 0
            marked = json.loads(line)["t"]
            for mark in MARK.finditer(marked):
                text += marked[end : mark.start()]
                span = Span(len(text), len(text) + len(mark[2]))
                text, end = text + mark[2], mark.end()
                if mark[1] == "T":
                    titles.add(span)
                elif mark[1] != "D":
                    names.append(span)
            yield text + marked[end:], titles, names


def parallel(path: Path, lang: str) -> Iterator[tuple[str, set[Span], list[Span]]]:
    """Yield text, titles and names of the parallel news sentences."""
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        spans = [(e["label"], Span(e["start"], e["end"])) for e in row["entities"][lang]]
        yield (
            row["text"][lang],
            {s for label, s in spans if label == "TITLE"},
            [s for label, s in spans if label not in ("TITLE", "DATE")],
        )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("own", type=Path)
    parser.add_argument("parallel", type=Path)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    figures: dict[str, dict[str, dict[str, float]]] = {}
    for lang in LANGUAGES:
        for source, texts in (("own", list(own(args.own, lang))), ("news", list(parallel(args.parallel, lang)))):
            for given in ("text", "text and names"):
                right = found = wanted = 0
                began = time.perf_counter()
                for text, titles, names in texts:
                    barriers = names if given == "text and names" else []
                    mine = set(find_titles(text, lang, 0, len(text), barriers=barriers))
                    right, found, wanted = right + len(mine & titles), found + len(mine), wanted + len(titles)
                speed = sum(len(t) for t, _, _ in texts) / (time.perf_counter() - began)
                row = {"precision": round(right / found, 3), "recall": round(right / wanted, 3), "titles": wanted}
                figures.setdefault(lang, {})[f"{source}, {given}"] = row
                print(f"{lang} {source:5} {given:15} {row}  {speed / 1e6:.2f} M characters a second")
    if args.write:
        Path(__file__).with_suffix(".json").write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
