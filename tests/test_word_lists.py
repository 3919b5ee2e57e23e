"""The lists of words that languages give."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from claimtrail.entities.lexicon import Words, entity_rules


@given(st.lists(st.text(max_size=3)), st.text(max_size=3))
def test_a_word_list_keeps_its_order_and_holds_what_the_plain_list_holds(words: list[str], asked: str) -> None:
    made = Words(words)
    assert list(made) == words
    assert (asked in made) == (asked in words)
    assert all(word in made for word in words)


def test_every_list_of_a_language_is_one_that_is_quick_to_ask() -> None:
    rules = entity_rules("en")
    assert isinstance(rules.generic_words, Words)
    assert rules.generic_words[0] in rules.generic_words
