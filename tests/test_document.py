"""Ranges of a text that are asked often whether another touches them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from claimtrail.document import Ranges

ranges = st.tuples(st.integers(0, 12), st.integers(0, 12)).map(lambda two: (min(two), max(two)))


@given(st.lists(ranges, max_size=8), ranges)
def test_ranges_touch_where_one_of_them_overlaps(found: list[tuple[int, int]], asked: tuple[int, int]) -> None:
    start, end = asked
    assert Ranges(found).touch(start, end) == any(a < end and start < b for a, b in found)
