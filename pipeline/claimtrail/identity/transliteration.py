"""How well a name in Chinese characters or kana reads like a name in Latin letters (or kana).

A table, learned by models/train_transliteration.py, holds for each unit of the source (a Mandarin syllable, a katakana
mora, a kanji) the pieces of Latin letters it is written as. The best cut of the Latin name into one piece a unit gives
the gain over chance; a logistic curve, fitted on names that were kept apart, turns the gain into a probability.
A second curve tells a name from those spelled nearly like it: it also looks at how unusual each piece is for its unit,
and whether another unit is more usually written so.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from claimtrail.identity import scripts

# The price, in hundredths of nats, of a piece that the table does not have.
_UNHEARD = 690
# A reading that lies so many nats behind another of as many units is not followed any more.
_BEAM = 12.0
# Share of pieces that follow no table: names are also written by habit, by ear or by mistake.
MIXING = 0.02
_SCALE = 100
_STRAY = math.log(MIXING)
_NEVER = -math.inf
_REGULAR = math.log(1 - MIXING)


class Score(NamedTuple):
    """The best reading of a source in Latin letters: gain over chance in nats."""

    gain: float
    letters: int
    units: int

    def features(self) -> tuple[float, float, float]:
        """Return what the logistic curve looks at: total gain, gain a letter, and letters."""
        return (self.gain, self.gain / max(1, self.letters), min(self.letters, 20) / 10)


@dataclass(frozen=True, slots=True)
class Weights:
    """A learned table: costs of pieces by unit (hundredths of nats), log frequencies of letters, the logistic curve."""

    longest: int
    background: dict[str, float]
    table: dict[str, dict[str, int]]
    logistic: tuple[float, ...]
    sharp: tuple[float, ...] = ()

    # Tables are large and few: each is told by what it is, not by its content.
    __hash__ = object.__hash__

    @staticmethod
    def costs(table: dict[str, dict[str, float]]) -> dict[str, dict[str, int]]:
        """Turn probabilities into costs: hundredths of nats, least costly first."""
        return {
            unit: {c: round(-math.log(p) * _SCALE) for c, p in sorted(row.items(), key=_likely_first)}
            for unit, row in sorted(table.items())
        }

    def to_json(self) -> str:
        """Write the weights as JSON, one unit a line."""
        rows = ",\n".join(
            f"{json.dumps(u, ensure_ascii=False)}:{json.dumps(r, ensure_ascii=False, separators=(',', ':'))}"
            for u, r in self.table.items()
        )
        head = {
            "longest": self.longest,
            "logistic": list(self.logistic),
            "sharp": list(self.sharp),
            "background": {c: round(v, 3) for c, v in sorted(self.background.items())},
        }
        return json.dumps(head)[:-1] + ', "table": {\n' + rows + "}}\n"

    @staticmethod
    def from_json(text: str) -> Weights:
        """Read what ``to_json`` wrote."""
        raw = json.loads(text)
        curves = tuple(raw["logistic"]), tuple(raw.get("sharp", ()))
        return Weights(raw["longest"], raw["background"], raw["table"], *curves)

    def score(self, units: Sequence[str], parts: Sequence[str]) -> Score:
        """Score the reading of ``units`` as the words ``parts`` (folded letters); no piece crosses a word's end."""
        n, m = len(units), sum(map(len, parts))
        return Score(_gain_of(self, tuple(units), tuple(parts)), m, n)

    def pieces(self, units: Sequence[str], parts: Sequence[str]) -> tuple[str, ...]:
        """Return the letters that each unit is read as in the best reading; none if there is no reading."""
        text = "".join(parts)
        best = _read(self, tuple(units), tuple(parts))
        at = len(text)
        found: list[str] = []
        for reached in reversed(best[1:]):
            if at not in reached:
                return ()
            before = reached[at][1]
            found.append(text[before:at])
            at = before
        return tuple(reversed(found))

    def closeness(self, units: Sequence[str], parts: Sequence[str]) -> list[tuple[float, ...]]:
        """Return, for each part, what the second curve looks at: none if there is no reading.

        These are its gain, that by letter, its length, and of its units how unusual their pieces are, on average and
        at worst, and how much more usual they would be for another unit.
        """
        read = self.pieces(units, parts)
        if not read:
            return []
        found = []
        first, (usual, owned) = 0, _bests(self)
        for part in parts:
            letters, last = 0, first
            while (
                last < len(read) and letters + len(read[last]) <= len(part) and (letters < len(part) or not read[last])
            ):
                letters += len(read[last])
                last += 1
            rows = [
                (self.table.get(u, {}).get(c), u, c) for u, c in zip(units[first:last], read[first:last], strict=True)
            ]
            here = [_UNHEARD if cost is None else cost - usual.get(unit, 0) for cost, unit, _ in rows] or [_UNHEARD]
            there = [_UNHEARD if cost is None else max(0, cost - owned[piece]) for cost, _, piece in rows] or [_UNHEARD]
            gain = sum(_gains(self, unit).get(piece, _STRAY) for _, unit, piece in rows)
            sizes = (gain, gain / len(part), min(len(part), 20) / 10)
            found.append((*sizes, *(f(v) / _SCALE for v in (here, there) for f in (_mean, max))))
            first = last
        return found

    def likeness(self, units: Sequence[str], parts: Sequence[str]) -> float:
        """Return how likely the source is the same name and none spelled nearly like it: that of the worst part."""
        found = self.closeness(units, parts)
        totals = [sum(w * f for w, f in zip(self.sharp, (*row, 1.0), strict=True)) for row in found]
        return min((1 / (1 + math.exp(-max(-30.0, min(30.0, total)))) for total in totals), default=0.0)

    def probability(self, score: Score) -> float:
        """Return how likely a source with this score is the same name, against the likeliest of twenty others."""
        total = sum(w * f for w, f in zip(self.logistic, (*score.features(), 1.0), strict=True))
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))

    def likeliest(self, unit: str) -> str:
        """Return the piece that a unit is written as most often, ``""`` for an unknown unit."""
        return next(iter(self.table.get(unit, {"": 0})))

    @lru_cache(maxsize=20_000)  # noqa: B019 - there are four tables, and they stay
    def first_letters(self, unit: str, share: float = 0.02) -> frozenset[str]:
        """Return the letters with which the pieces of a unit begin, each with at least ``share`` of them."""
        sums: dict[str, float] = {}
        for piece, cost in self.table.get(unit, {}).items():
            if piece:
                sums[piece[0]] = sums.get(piece[0], 0.0) + math.exp(-cost / _SCALE)
        return frozenset(letter for letter, p in sums.items() if p >= share)


# A reading is asked for its gain, and again with the names of others.
@lru_cache(maxsize=20_000)
def _gain_of(weights: Weights, units: tuple[str, ...], parts: tuple[str, ...]) -> float:
    """Return the gain of the best reading, -99 if there is none."""
    pieces = _pieces_from(parts, weights.longest)
    m = len(pieces) - 1
    least = m - len(units) * weights.longest
    reached = {0: 0.0}
    for unit in units:
        before, reached = reached, {}
        if not before:
            break
        gain_of = _gains(weights, unit).get
        least += weights.longest
        hopeless = max(before.values()) - _BEAM
        for j, gain in before.items():
            if gain < hopeless:
                continue
            for k, piece in pieces[j]:
                if k >= least:
                    total = gain + gain_of(piece, _STRAY)
                    if total > reached.get(k, _NEVER):
                        reached[k] = total
    return reached.get(m, -99.0)


@lru_cache(maxsize=2_000)
def _pieces_from(parts: tuple[str, ...], longest: int) -> list[list[tuple[int, str]]]:
    """Return, for each place in a name, the pieces that may begin there, none beyond the end of a part."""
    text = "".join(parts)
    ends = [end for part, end in zip(parts, _running(parts), strict=True) for _ in part] + [len(text)]
    return [[(k, text[j:k]) for k in range(j, min(end, j + longest) + 1)] for j, end in enumerate(ends)]


@lru_cache(maxsize=256)
def _read(weights: Weights, units: tuple[str, ...], parts: tuple[str, ...]) -> list[dict[int, tuple[float, int]]]:
    """Return the best gain, and where its last piece begins, for each number of units and of letters read."""
    pieces = _pieces_from(parts, weights.longest)
    n, m = len(units), len(pieces) - 1
    best: list[dict[int, tuple[float, int]]] = [{0: (0.0, 0)}]
    for i, unit in enumerate(units):
        gains = _gains(weights, unit)
        least = m - (n - i - 1) * weights.longest
        before = best[i]
        reached: dict[int, tuple[float, int]] = {}
        hopeless = max(before.values())[0] - _BEAM if before else 0.0
        for j, (gain, _) in before.items():
            if gain < hopeless:
                continue
            for k, piece in pieces[j]:
                if k >= least:
                    total = gain + gains.get(piece, _STRAY)
                    if k not in reached or total > reached[k][0]:
                        reached[k] = (total, j)
        best.append(reached)
    return best


@lru_cache(maxsize=20_000)
def _gains(weights: Weights, unit: str) -> dict[str, float]:
    """Return the gain over chance of each piece of a unit, and at least that of a piece outside the table."""
    # A piece outside the table counts as chance: no letter evidence, only its price.
    return {
        piece: max(_STRAY, _REGULAR - cost / _SCALE - sum(weights.background.get(letter, -8.0) for letter in piece))
        for piece, cost in weights.table.get(unit, {}).items()
    }


@lru_cache(maxsize=8)
def _bests(weights: Weights) -> tuple[dict[str, int], dict[str, int]]:
    """Return the least cost of each unit, and of each piece over all units."""
    usual = {unit: min(row.values()) for unit, row in weights.table.items() if row}
    owned: dict[str, int] = {}
    for row in weights.table.values():
        for piece, cost in row.items():
            owned[piece] = min(cost, owned.get(piece, cost))
    return usual, owned


def _mean(values: Sequence[int]) -> float:
    return sum(values) / len(values)


def _likely_first(item: tuple[str, float]) -> tuple[float, str]:
    return (-item[1], item[0])


def _running(parts: Sequence[str]) -> Iterable[int]:
    end = 0
    for part in parts:
        end += len(part)
        yield end


def letters_background(names: Iterable[str]) -> dict[str, float]:
    """Return the log frequency of each letter in names."""
    counts = Counter("".join(names))
    total = sum(counts.values())
    return {c: math.log(n / total) for c, n in sorted(counts.items())}


@cache
def weights(name: str) -> Weights:
    """Load the weights of that name: ``zh-latin``, ``kana-latin``, ``zh-kana`` or ``kanji-latin``."""
    return Weights.from_json((scripts.data_folder() / f"{name}.json").read_text("utf-8"))
