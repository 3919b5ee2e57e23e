"""Measure each rule's precision and fit the table that turns the product of factors into a probability.

    python tests/scores/calibrate.py --shared ../shared

Rewrites pipeline/claimtrail/lang/confidence.yaml and tests/scores/reliability.md. Rule firings are counted on the
four fifths of data/own, the dev gold, the whole articles that were read and the seeds, with the models' entities; a
mention is right when the scorer matches its claim. General news (the NTREX sentences, which hold few moves) stands beside
them: what fires there counts as wrong at half the weight, so that a rule is also judged by texts that are about something
else, and so do the claims of real texts that readers judged (``judged.py``). For the table each mention's rule is judged
without that mention (leave one out), the articles that nobody read are taken in as well, whose firings are not counted,
and the shares are made to rise with the product by pooling adjacent violators.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from pathlib import Path

import judged
import relations

from claimtrail import data
from claimtrail.pipeline import Chain, Settings, as_document, stages
from claimtrail.rules import confidence
from claimtrail.rules.grammar import grammar

LANGUAGES = ("en", "de", "zh", "ja")
PRIOR = 6.0
SMALLEST_BIN = 200
UNSEEN = "articles-held"  # nobody wrote rules on it


def mentions(shared: Path, cache: Path) -> list[tuple[str, str, float, bool]]:
    """Return (set, rule, product without the rule's precision, right) for every mention."""
    rows = []
    precisions = {rule.id: rule.precision for lang in data.languages() for rule in grammar(lang).rules}
    score = relations.scorer(shared)
    for which, lang in [*relations.sets("own", "dev", *relations.ARTICLES), ("seeds", "en")]:
        _, _, documents, _ = relations.run(shared, which, lang, False, cache, least=0.0)
        _, gold, _ = relations.marked_set(shared, which, lang)
        items = score.found_claims(relations.claims_of(documents))
        for row in gold:
            mine = [item for item in items if item["doc"] == row["doc"]]
            right = {a for a, _ in score.match(mine, row["claims"])}
            for place, item in enumerate(mine):
                for mention in item["mentions"]:
                    rule = mention["rule"]
                    if rule not in precisions:  # learned, with a table of its own
                        continue
                    rows.append((which, rule, mention["confidence"] / precisions[rule], place in right))
    return rows


NEWS = {"en": "src.eng", "de": "ref.deu", "zh": "ref.zho-CN", "ja": "ref.jpn"}


def news_mentions(shared: Path) -> list[tuple[str, str, float, bool]]:
    """Return the mentions found in general news, fifteen sentences a text, as wrong."""
    chain = Chain(stages(Settings(min_confidence=0.0)))
    rows = []
    for lang, name in NEWS.items():
        path = shared / "data" / "parallel" / "ntrex128" / f"newstest2019-{name}.txt"
        lines = path.read_text("utf-8").splitlines()
        texts = ["\n\n".join(lines[i : i + 15]) for i in range(0, len(lines), 15)]
        precisions = {rule.id: rule.precision for rule in grammar(lang).rules}
        documents = [as_document(text, date="2018-10-01", doc=f"{lang}{i}") for i, text in enumerate(texts)]
        for document in chain.process(documents):
            for m in document.mentions:
                if m.rule in precisions:
                    rows.append(("news", m.rule, m.confidence / precisions[m.rule], False))
    return rows


def judged_mentions(shared: Path) -> list[tuple[str, str, float, bool]]:
    """Return the mentions found in real texts that a reader judged."""
    rows = []
    for lang in LANGUAGES:
        precisions = {rule.id: rule.precision for rule in grammar(lang).rules}
        for found in judged.mentions(shared, lang, 0.0):
            if found.right is not None and found.rule in precisions:
                rows.append(("real", found.rule, found.confidence / precisions[found.rule], found.right))
    return rows


def pooled(points: list[tuple[float, bool]]) -> list[list[float]]:
    """Return rising shares over the products: bins of equal size, adjacent violators pooled."""
    points = sorted(points)
    size = max(SMALLEST_BIN, len(points) // 25)
    bins = [points[i : i + size] for i in range(0, len(points), size)]
    blocks = [[sum(p for p, _ in b), sum(r for _, r in b), len(b)] for b in bins]
    merged: list[list[float]] = []
    for block in blocks:
        merged.append(list(block))
        while len(merged) > 1 and merged[-2][1] / merged[-2][2] >= merged[-1][1] / merged[-1][2]:
            last = merged.pop()
            merged[-1] = [a + b for a, b in zip(merged[-1], last, strict=True)]
    table = [[round(p / n, 3), round(r / n, 3)] for p, r, n in merged]
    return [[0.0, 0.0], *table] if table[0][0] > 0 else table


def _weight(which: str) -> float:
    """Return what a firing in texts of a set counts for the precision of its rule."""
    return {"news": 0.5, UNSEEN: 0.0}.get(which, 1.0)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "claimtrail-cache")
    args = parser.parse_args()
    path = data.root() / "confidence.yaml"
    path.write_text("table:\n- [0.0, 0.0]\n- [1.0, 1.0]\nfirings: {}\n", "utf-8")
    confidence._file.cache_clear()
    grammar.cache_clear()
    rows = mentions(args.shared, args.cache) + news_mentions(args.shared) + judged_mentions(args.shared)
    counts: Counter = Counter()
    for which, rule, _, right in rows:
        counts[rule, right] += _weight(which)
    written = {rule.id: rule.spec.confidence for lang in data.languages() for rule in grammar(lang).rules}

    def product(which: str, rule: str, factor: float, right: bool) -> float:
        own = _weight(which)
        correct, wrong = counts[rule, True] - own * right, counts[rule, False] - own * (not right)
        return factor * (correct + PRIOR * written[rule]) / (correct + wrong + PRIOR)

    scored = [(which, product(which, rule, factor, right), right) for which, rule, factor, right in rows]
    # The gold texts are the nearest to what users read; the rules were written on the marked ones, which so say too much.
    times = {"own": 1, "news": 1, "articles": 4, "articles-held": 8, "real": 8, "dev": 8, "seeds": 8}
    table = pooled([(p, r) for which, p, r in scored for _ in range(times[which])])
    lines = ["# Made by tests/scores/calibrate.py; not edited by hand.", "table:"]
    lines += [f"- [{low}, {share}]" for low, share in table]
    lines.append("firings: # rule: [correct, wrong]" if written else "firings: {}")
    lines += [
        f"  {rule}: [{counts[rule, True]}, {counts[rule, False]}]"
        for rule in sorted(written)
        if counts[rule, True] + counts[rule, False]
    ]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    confidence._file.cache_clear()
    bins = [(0.0, 0.3), (0.3, 0.5), (0.5, 0.6), (0.6, 0.7), (0.7, 0.8), (0.8, 0.9), (0.9, 1.01)]
    out = [
        "# Reliability of the confidence",
        "",
        "Made by `python tests/scores/calibrate.py --shared ../shared`. Mentions by their confidence, and the share of them that",
        "the gold has; each rule judged without the mention itself. The table was fitted on all sets together.",
        "",
        "| confidence | mentions | right | dev and seeds: mentions | right | articles, unread: mentions | right "
        "| real texts, judged: mentions | right "
        "| general news: mentions |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for low, high in bins:
        cells = []
        for wanted in ({*times} - {"news"}, {"dev", "seeds"}, {UNSEEN}, {"real"}):
            inside = [r for which, p, r in scored if which in wanted and low <= confidence.calibrated(p) < high]
            cells += [str(len(inside)), f"{sum(inside) / len(inside):.2f}" if inside else "-"]
        cells.append(str(sum(which == "news" and low <= confidence.calibrated(p) < high for which, p, _ in scored)))
        out.append(f"| {low:.1f} to {min(high, 1.0):.1f} | {' | '.join(cells)} |")
    (Path(__file__).parent / "reliability.md").write_text("\n".join(out) + "\n", "utf-8")
    print("\n".join(out))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
