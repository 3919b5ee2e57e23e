"""How far a claim can be trusted: the measured precision of its rule, how its arguments were found, calibrated.

The product of those factors orders claims well but is no probability; ``lang/confidence.yaml`` maps it to one by a
table fitted on gold texts (isotonic regression; Zadrozny and Elkan, 2002), and holds the counts of each rule.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import cache
from operator import itemgetter

from claimtrail import data

# A rule's written confidence counts as this many firings beside the measured ones.
_PRIOR = 6.0


@dataclass(frozen=True, slots=True)
class ConfidenceFile:
    """``lang/confidence.yaml``: pairs [product of factors, share that is right], rising; firings [correct, wrong]."""

    table: list[list[float]]
    firings: dict[str, list[float]]


@cache
def _file() -> ConfidenceFile:
    return data.read_as(data.find("confidence.yaml"), ConfidenceFile)


def precision(rule: str, written: float) -> float:
    """Return how often a rule is right: its measured firings, with the confidence written in the rule as a prior."""
    correct, wrong = _file().firings.get(rule, (0.0, 0.0))
    return (correct + _PRIOR * written) / (correct + wrong + _PRIOR)


def calibrated(product: float) -> float:
    """Return the probability that a claim is right, from the product of its factors, both 0 to 1."""
    table = _file().table
    at = bisect_left(table, product, key=itemgetter(0))
    if at == 0:
        return table[0][1]
    if at == len(table):
        return table[-1][1]
    (low, low_share), (high, high_share) = table[at - 1], table[at]
    return low_share + (high_share - low_share) * (product - low) / (high - low)
