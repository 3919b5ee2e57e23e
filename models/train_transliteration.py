"""Derive the tables of pipeline/claimtrail/identity/data: character readings and the weights of three transliterations.

    python models/train_transliteration.py --names ../shared/data/names [--scores tests/scores/transliteration.json]
    python models/train_transliteration.py --names ../shared/data/names --refit    (the curves alone, one minute)

Reads netranslit (CC0) and japanese-personal-name-dataset (MIT); character readings come from pypinyin (MIT), character
forms from opencc-python-reimplemented (Apache-2.0). Takes about ten minutes on one core; the same output each time.

What is learned: how a unit of the source (a Mandarin syllable, a katakana mora, a kanji) is written in Latin letters:
P(letters | unit), by expectation maximisation over all ways to cut a Latin name into one piece a unit.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "pipeline"))
from claimtrail.identity import scripts
from claimtrail.identity.transliteration import Weights, letters_background

OUT = Path(__file__).resolve().parent.parent / "pipeline" / "claimtrail" / "identity" / "data"
SEED = 20260101
Pair = tuple[tuple[str, ...], str, float]


def common_hanzi() -> list[str]:
    """The characters of the national standards: GB 2312, the first plane of Big5, JIS X 0208."""
    chars = set()
    for codec, firsts in (("gb2312", range(0xB0, 0xF8)), ("big5", range(0xA4, 0xC7)), ("euc_jp", range(0xB0, 0xF5))):
        for first in firsts:
            for second in range(0x40, 0xFF):
                try:
                    char = bytes((first, second)).decode(codec)
                except UnicodeDecodeError:
                    continue
                if len(char) == 1 and scripts.is_han(char):
                    chars.add(char)
    return sorted(chars)


def japanese_forms() -> dict[str, str]:
    """Japanese simplified characters with the old form each came from."""
    import opencc  # noqa: PLC0415 - the curves are fitted without it

    path = Path(opencc.__file__).parent / "dictionary" / "JPVariants.txt"
    rows = (line.split() for line in path.read_text("utf-8").splitlines())
    return {new: old for old, *news in rows for new in news if len(old) == len(new) == 1}


def write_hanzi() -> None:
    """Write hanzi.tsv: character, simplified form, Mandarin readings without tones."""
    import opencc  # noqa: PLC0415 - the curves are fitted without it
    from pypinyin import Style, pinyin  # noqa: PLC0415

    to_simple, old_forms = opencc.OpenCC("t2s"), japanese_forms()
    lines = ["# character, simplified form, Mandarin readings without tones; made by models/train_transliteration.py"]
    for char in common_hanzi():
        simple = to_simple.convert(old_forms.get(char, char))
        simple = simple if len(simple) == 1 else char
        found = [
            r.replace("ü", "v")
            for r in pinyin(char, style=Style.NORMAL, heteronym=True, errors="ignore")[:1]
            for r in r
        ]
        first = pinyin(char, style=Style.NORMAL, errors="ignore")
        ordered = list(dict.fromkeys([first[0][0].replace("ü", "v"), *found])) if first else []
        ordered = [r for r in ordered if re.fullmatch("[a-z]+", r)][:4]
        if ordered:
            lines.append(f"{char}\t{simple}\t{' '.join(ordered)}")
    (OUT / "hanzi.tsv").write_text("\n".join(lines) + "\n", "utf-8")


def netranslit(path: Path, units_of) -> list[Pair]:
    pairs = []
    for line in path.read_text("utf-8").splitlines():
        latin, target, count = line.split("\t")
        folded = scripts.fold_latin(latin)
        units = units_of(target.replace(" ", ""))
        if re.fullmatch("[a-z]{2,}", folded) and units and len(folded) <= 5 * len(units):
            pairs.append((units, folded, 1 + math.log(int(count))))
    return sorted(set(pairs))


def syllables(text: str) -> tuple[str, ...]:
    units = [scripts.readings(c)[:1] for c in text]
    return tuple(u[0] for u in units) if all(units) else ()


def kana_units(text: str) -> tuple[str, ...]:
    return scripts.morae(text) if all(scripts.is_kana(c) for c in text) else ()


def japanese_names(folder: Path) -> list[Pair]:
    """Kanji names with their readings in Latin letters, long vowels folded."""
    pairs = []
    for name in ("first_name_man_org.csv", "first_name_woman_org.csv"):
        for row in csv.reader((folder / name).read_text("utf-8").splitlines()):
            latin = scripts.long_vowels_folded(scripts.romaji(row[0]))
            pairs += [(tuple(scripts.fold_hanzi(k)), latin, 1.0) for k in row[2:] if k and all(map(scripts.is_han, k))]
    for row in csv.reader((folder / "last_name_org.csv").read_text("utf-8").splitlines()):
        latin = scripts.long_vowels_folded(scripts.romaji(row[2]))
        if all(map(scripts.is_han, row[0])):
            pairs.append((tuple(scripts.fold_hanzi(row[0])), latin, 2 + math.log(max(1, int(row[1] or 1)) / 1000 + 1)))
    return sorted(p for p in set(pairs) if p[1] and len(p[1]) <= 8 * len(p[0]))


def through_latin(chinese: Iterable[Pair], kana: Iterable[Pair]) -> list[Pair]:
    """Chinese and katakana forms of the same Latin token: syllables with the letters of the katakana."""
    by_latin = defaultdict(list)
    for units, latin, weight in kana:
        by_latin[latin].append(("".join(units), weight))
    return sorted({(u, scripts.romaji(k), min(w, v)) for u, latin, w in chinese for k, v in by_latin[latin]})


def start_table(pairs: Sequence[Pair], sound, longest: int) -> dict[str, dict[str, float]]:
    """Start from likeness of a piece to the sound of the unit (its own letters), evenly where it has none."""
    seen: dict[str, Counter] = defaultdict(Counter)
    for units, latin, _ in pairs:
        for i, unit in enumerate(units):
            centre = i / len(units) * len(latin)
            for a in range(max(0, int(centre) - 3), min(len(latin), int(centre) + 4) + 1):
                for b in range(a, min(len(latin), a + longest) + 1):
                    seen[unit][latin[a:b]] += 1
    table = {}
    for unit, chunks in seen.items():
        own = sound(unit)
        raw = {c: n * math.exp(-1.5 * distance(c, own)) if own else n for c, n in chunks.items()}
        raw = dict(sorted(raw.items(), key=lambda kv: (-kv[1], kv[0]))[:400])
        total = sum(raw.values())
        table[unit] = {c: v / total for c, v in raw.items()}
    return table


def distance(a: str, b: str) -> int:
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        last, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (x != y))
    return row[-1]


def expectations(pair: Pair, table, longest: int):
    """Posterior of each (unit, piece) of one pair, and the pair's likelihood; forward-backward over all cuts."""
    units, latin, _ = pair
    n, m = len(units), len(latin)
    forward = [[0.0] * (m + 1) for _ in range(n + 1)]
    backward = [[0.0] * (m + 1) for _ in range(n + 1)]
    forward[0][0] = backward[n][m] = 1.0
    arcs = []
    for i, unit in enumerate(units):
        row = table.get(unit, {})
        for j in range(max(0, m - (n - i) * longest), min(m, i * longest) + 1):
            here = forward[i][j]
            if here:
                for k in range(j, min(m, j + longest) + 1):
                    p = row.get(latin[j:k])
                    if p:
                        arcs.append((i, j, k, p))
                        forward[i + 1][k] += here * p
    total = forward[n][m]
    if not total:
        return [], 0.0
    for i, j, k, p in reversed(arcs):
        backward[i][j] += p * backward[i + 1][k]
    return [
        (units[i], latin[j:k], forward[i][j] * p * backward[i + 1][k] / total)
        for i, j, k, p in arcs
        if backward[i + 1][k]
    ], total


def learn(pairs: Sequence[Pair], sound, longest: int, rounds: int) -> dict[str, dict[str, float]]:
    table = start_table(pairs, sound, longest)
    background = letters_background([p[1] for p in pairs])
    for turn in range(rounds):
        counts: dict[str, Counter] = defaultdict(Counter)
        used = 0
        for pair in pairs:
            found, likelihood = expectations(pair, table, longest)
            if not found:
                continue
            gain = math.log(likelihood) - sum(background.get(c, -8.0) for c in pair[1])
            if turn >= 2 and gain < 0.4 * len(pair[1]):
                continue  # a mined pair that is no transliteration (two names of one person)
            used += 1
            for unit, chunk, p in found:
                counts[unit][chunk] += p * pair[2]
        table = {}
        for unit, chunks in counts.items():
            total = sum(chunks.values()) + 0.5
            kept = {c: v / total for c, v in chunks.items() if v > (0.2 if turn < rounds - 1 else 0.6)}
            if kept:
                table[unit] = kept
        print(f"  round {turn}: {used} of {len(pairs)} pairs, {sum(map(len, table.values()))} entries", flush=True)
    return table


def fit_logistic(features: np.ndarray, labels: np.ndarray) -> list[float]:
    """Newton's method with a little ridge; the last weight is the intercept."""
    x = np.hstack([features, np.ones((len(features), 1))])
    w = np.zeros(x.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-np.clip(x @ w, -30, 30)))
        gradient = x.T @ (p - labels) + 1e-3 * w
        hessian = (x * (p * (1 - p))[:, None]).T @ x + 1e-3 * np.eye(len(w))
        w -= np.linalg.solve(hessian, gradient)
    return [round(float(v), 4) for v in w]


def calibrate(weights: Weights, held_out: Sequence[Pair], rng: random.Random, rivals: int = 20):
    """Fit the probability on held-out pairs against the best of ``rivals`` other names; returns weights and figures."""
    names = sorted({p[1] for p in held_out})
    pairs = rng.sample(list(held_out), min(3000, len(held_out)))
    rows = []
    for units, latin, _ in pairs:
        truth = weights.score(units, (latin,))
        others = [weights.score(units, (o,)) for o in rng.sample(names, rivals) if o != latin]
        rows.append((truth, max(others, key=lambda s: (s.gain, s.letters)), others[0]))
    half = len(rows) // 2
    fitting = [s for row in rows[:half] for s in row[:2]]
    labels = np.array([1, 0] * half, dtype=float)
    logistic = fit_logistic(np.array([s.features() for s in fitting]), labels)
    final = Weights(weights.longest, weights.background, weights.table, tuple(logistic))
    figures = {}
    test = rows[half:]
    for limit in (0.3, 0.5, 0.7, 0.9):
        hit = sum(final.probability(r[0]) >= limit for r in test)
        rival = sum(final.probability(r[1]) >= limit for r in test)
        plain = sum(final.probability(r[2]) >= limit for r in test)
        figures[str(limit)] = {
            "recall": round(hit / len(test), 4),
            "precision_against_one_random_name": round(hit / max(1, hit + plain), 4),
            "precision_against_the_best_of_20": round(hit / max(1, hit + rival), 4),
        }
    figures["right_name_first_of_21"] = round(sum(r[0].gain > r[1].gain for r in test) / len(test), 4)
    figures["pairs_tested"] = len(test)
    return final, figures


def sharpen(weights: Weights, pairs: Sequence[Pair], held_out: Sequence[Pair], rng: random.Random) -> Weights:
    """Fit the second curve: held-out names against those spelled nearly like them that the source is not."""
    names = sorted({p[1] for p in pairs})
    stands_for = defaultdict(set)
    for units, latin, _ in pairs:
        stands_for[units].add(latin)
    features, labels = [], []
    for units, latin, _ in rng.sample(list(held_out), min(1500, len(held_out))):
        found = process.extract(latin, names, scorer=DamerauLevenshtein.normalized_similarity, limit=12)
        near = [name for name, _, _ in found if name not in stands_for[units]][:6]
        for name, label in [(latin, 1), *((other, 0) for other in rng.sample(near, min(2, len(near))))]:
            row = weights.closeness(units, (name,))
            if row or label:
                features.append(row[0] if row else (-99.0, -9.0, len(name) / 10, 6.0, 6.0, 6.0, 6.0))
                labels.append(float(label))
    curve = fit_logistic(np.array(features), np.array(labels))
    return Weights(weights.longest, weights.background, weights.table, weights.logistic, tuple(curve))


def kept_apart(pairs: Sequence[Pair], rng: random.Random) -> set[str]:
    latin = sorted({p[1] for p in pairs})
    rng.shuffle(latin)
    return set(latin[: max(len(latin) // 10, 500)])


def refit(name: str, pairs: list[Pair]) -> None:
    """Fit the second curve of a table that is there."""
    rng = random.Random(SEED)
    apart = kept_apart(pairs, rng)
    path = OUT / f"{name}.json"
    weights = Weights.from_json(path.read_text("utf-8"))
    final = sharpen(weights, pairs, [p for p in pairs if p[1] in apart], random.Random(SEED))
    path.write_text(final.to_json(), "utf-8")
    print(name, final.sharp, flush=True)


def train(name: str, pairs: list[Pair], sound, longest: int, rounds: int) -> dict:
    rng = random.Random(SEED)
    away = kept_apart(pairs, rng)
    seen = [p for p in pairs if p[1] not in away]
    apart = [p for p in pairs if p[1] in away]
    print(f"{name}: {len(seen)} pairs to learn from, {len(apart)} kept apart", flush=True)
    table = learn(seen, sound, longest, rounds)
    weights = Weights(longest, letters_background([p[1] for p in seen]), Weights.costs(table), (1.0, 0.0, 0.0))
    final, figures = calibrate(weights, apart, rng)
    final = sharpen(final, pairs, apart, random.Random(SEED))
    figures["table_entries"] = sum(len(v) for v in table.values())
    (OUT / f"{name}.json").write_text(final.to_json(), "utf-8")
    print(json.dumps(figures), flush=True)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--names", type=Path, required=True)
    parser.add_argument("--scores", type=Path)
    parser.add_argument("--refit", action="store_true", help="fit only the curves that tell near names apart")
    parser.add_argument("--only", nargs="*", default=["zh-latin", "kana-latin", "zh-kana", "kanji-latin"])
    args = parser.parse_args()
    OUT.mkdir(parents=True, exist_ok=True)
    if not args.refit:
        write_hanzi()
        scripts.hanzi_table.cache_clear()
    net = args.names / "netranslit" / "data"
    scores = json.loads(args.scores.read_text("utf-8")) if args.scores and args.scores.exists() else {}
    chinese = netranslit(net / "wd_chinese.normalized.aligned.tokens", syllables)
    kana = netranslit(net / "wd_katakana.normalized.aligned.tokens", kana_units)
    if args.refit:
        refit("zh-latin", chinese)
        refit("kana-latin", kana)
        refit("zh-kana", through_latin(chinese, kana))
        refit("kanji-latin", japanese_names(args.names / "ja-personal"))
        return
    if "zh-latin" in args.only:
        scores["zh-latin"] = train("zh-latin", chinese, str, 5, 6)
    if "kana-latin" in args.only:
        scores["kana-latin"] = train("kana-latin", kana, scripts.romaji, 4, 6)
    if "zh-kana" in args.only:
        scores["zh-kana"] = train("zh-kana", through_latin(chinese, kana), str, 6, 5)
    if "kanji-latin" in args.only:
        scores["kanji-latin"] = train("kanji-latin", japanese_names(args.names / "ja-personal"), lambda _: "", 8, 6)
    if args.scores:
        args.scores.parent.mkdir(parents=True, exist_ok=True)
        args.scores.write_text(json.dumps(scores, indent=1, sort_keys=True) + "\n", "utf-8")


if __name__ == "__main__":
    main()
