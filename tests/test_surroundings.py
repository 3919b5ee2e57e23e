"""What the network that jieba brings along says of Chinese words by their surroundings."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from claimtrail.engines import surroundings
from claimtrail.engines.base import EngineError
from claimtrail.engines.surroundings import Chain, Tagger, chinese_surroundings
from claimtrail.engines.tokenise import chinese

TEXTS = (
    "奎隆科技首席执行官罗思远已于周一离职。",
    "據報道，蒂爾達·馬羅將加入 Belmont Bank 擔任總裁。",
    "他说：“我们没有走。”",
    "",
    "今年三月，罗思远在杭州创办了一家公司；董事会由五人组成！",
)
TAGS = ("a-B", "a-I", "b-B", "b-I", "O")


def tagged(text: str) -> dict[str, str]:
    pieces = chinese(text)
    (tags,) = chinese_surroundings()([pieces])
    return {text[piece.start : piece.end]: tag for piece, tag in zip(pieces, tags, strict=True)}


def test_names_times_and_places_are_told_by_their_surroundings() -> None:
    tags = tagged("今年三月，罗思远在杭州创办了一家公司。")
    assert tags["罗"] == "PER-B"
    assert tags["杭州"] == "LOC-BE"
    assert tags["三月"].startswith("TIME-")
    assert tags["创办"] == "v-BE"
    assert tags["，"] == "w-BE"


def test_traditional_text_is_tagged_as_simplified_text_is() -> None:
    assert list(tagged("羅思遠離開了報社。").values()) == list(tagged("罗思远离开了报社。").values())


def test_a_sentence_has_the_same_tags_alone_and_among_others() -> None:
    tag = chinese_surroundings()
    cut = [chinese(text) for text in TEXTS]
    together = tag(cut * 3)
    assert together == [tag([pieces])[0] for pieces in cut] * 3
    assert [len(tags) for tags in together[: len(cut)]] == [len(pieces) for pieces in cut]


def test_a_text_without_end_is_cut_and_tagged() -> None:
    pieces = chinese("罗思远离职" * 100 + "a" * 300)
    (tags,) = chinese_surroundings()([pieces])
    assert len(tags) == len(pieces)


@given(seed=st.integers(0, 10_000), lengths=st.lists(st.integers(1, 4), min_size=1, max_size=4))
@hypothesis_settings(max_examples=25, deadline=None)
def test_the_chain_of_tags_is_the_best_of_all_that_there_are(seed: int, lengths: list[int]) -> None:
    source = np.random.default_rng(seed)
    size = len(TAGS)
    first, last = source.standard_normal((2, size)).astype(np.float32)
    following = source.standard_normal((size, size)).astype(np.float32)
    for number, tag in enumerate(TAGS):
        if tag.endswith("-I"):
            following[[before for before in range(size) if before not in (number - 1, number)], number] = -100
    lengths.sort(reverse=True)
    counts = [sum(length > place for length in lengths) for place in range(lengths[0])]
    scores = source.standard_normal((sum(lengths), size)).astype(np.float32)
    found = Chain(TAGS, first, last, following).best(scores, counts)
    starts = [sum(counts[:place]) for place in range(len(counts))]
    for row, length in enumerate(lengths):
        rows = [starts[place] + row for place in range(length)]

        def worth(chain: tuple[int, ...], rows: list[int] = rows) -> float:
            steps = sum(following[a, b] for a, b in pairwise(chain))
            return float(first[chain[0]] + last[chain[-1]] + steps + scores[rows, list(chain)].sum())

        best = max(product(range(size), repeat=length), key=worth)
        assert worth(tuple(found[rows])) == pytest.approx(worth(best), abs=1e-4)


def test_a_jieba_without_its_network_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surroundings, "_FOLDER", "nowhere")
    with pytest.raises(EngineError, match="jieba brings no network"):
        Tagger.installed()
