"""Measure language identification and its speed.

Run: python tests/scores/segmenting.py SHARED OWN > tests/scores/segmenting.json

SHARED holds seeds/, gold/dev/ and data/parallel/ntrex128/; OWN holds a folder of texts a language. A text counts as
right if its document language is the folder's; lines of ntrex128 are measured as texts of one sentence.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from claimtrail.data import languages
from claimtrail.document import Document, State
from claimtrail.segment.stretches import Segmenter

NTREX = {
    "eng": "en", "deu": "de", "zho-CN": "zh", "zho-TW": "zh", "jpn": "ja", "fra": "fr", "spa": "es", "ita": "it",
    "por": "pt", "rus": "ru", "kor": "ko",
}  # fmt: skip
SEEDS = {"000": "en", "001": "de", "002": "ja", "003": "zh", "004": "zh"}


def texts(shared: Path, own: Path) -> Iterator[tuple[str, str, str]]:
    """Yield set, language and text."""
    for path in sorted((shared / "seeds").glob("*.txt")):
        yield "seeds", SEEDS[path.name[:3]], read(path)
    for folder in sorted((shared / "gold" / "dev").iterdir()):
        for path in sorted(folder.glob("*.txt")):
            yield "dev", folder.name, read(path)
    for folder in sorted(path for path in own.iterdir() if path.is_dir() and path.name != "unread"):
        for path in sorted(folder.glob("*.txt")):
            text = read(path)
            yield "own", folder.name, text
            yield "own, first line", folder.name, text.splitlines()[0]
    for path in sorted((shared / "data" / "parallel" / "ntrex128").glob("newstest2019-*.txt")):
        lang = NTREX.get(path.name.split(".")[1])
        for line in read(path).splitlines() if lang else ():
            yield "ntrex128, single sentences", str(lang), line


def read(path: Path) -> str:
    """Read a text without touching its line ends."""
    return path.read_bytes().decode("utf-8")


def main(shared: Path, own: Path) -> None:
    """Print the figures; texts taken for another language are listed on stderr."""
    segmenter = Segmenter()
    right: Counter[tuple[str, str]] = Counter()
    total: Counter[tuple[str, str]] = Counter()
    seen: Counter[tuple[str, str]] = Counter()
    characters, seconds = 0, 0.0
    for name, lang, text in texts(shared, own):
        start = time.perf_counter()
        done = segmenter.process([Document(doc_id="x", text=text, sha256="")])[0]
        seconds += time.perf_counter() - start
        characters += len(text)
        supported = lang in languages()
        ok = done.lang == lang if supported else done.state is State.UNSUPPORTED_LANGUAGE
        total[name, lang] += 1
        right[name, lang] += ok
        if not ok:
            seen[lang, done.lang] += 1
            print(name, lang, "->", done.lang, text[:110].replace("\n", " / "), sep="\t", file=sys.stderr)
    figures = {
        "installed": list(languages()),
        "accuracy": {
            name: {
                lang: [round(right[set_, lang] / n, 4), n] for (set_, lang), n in sorted(total.items()) if set_ == name
            }
            for name in sorted({name for name, _ in total})
        },
        "taken for": {f"{lang} -> {other}": n for (lang, other), n in sorted(seen.items())},
        "characters per second on one core": round(characters / seconds, -4),
    }
    json.dump(figures, sys.stdout, indent=1, ensure_ascii=False)
    print()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
