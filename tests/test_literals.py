"""The literals that patterns need: no text that a pattern matches lacks them all."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimtrail import data
from claimtrail.rules.examples import mentions_of, read_example
from claimtrail.rules.grammar import grammar
from claimtrail.rules.literals import Index, key, needed
from claimtrail.rules.symbols import Expression, Macros

CHARACTERS = st.text("aAbßſsSKkiİı社ー. ", min_size=1, max_size=3)
MACROS = {"one": "ab|社", "two": "(?:<one>s)?k", "three": "[ab]<two>(?!i)"}


def combined(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    both = st.tuples(parts, parts)
    return st.one_of(
        both.map("".join),
        both.map(lambda two: f"(?:{two[0]}|{two[1]})"),
        both.map(lambda two: f"{two[0]}(?={two[1]})"),
        both.map(lambda two: f"(?:{two[0]})?{two[1]}"),
        both.map(lambda two: f"(?:{two[0]}){{2}}{two[1]}"),
        both.map(lambda two: f"(?:{two[0]})+{two[1]}"),
        both.map(lambda two: f"(?!{two[0]}){two[1]}"),
        parts.map(lambda one: f"(?i:{one})*"),
    )


SYMBOLS = "".join(map(chr, range(0xF0000, 0xF3800, 0x800)))
SIMPLE = st.one_of(
    CHARACTERS.map(re.escape),
    CHARACTERS.map(lambda inside: f"[{re.escape(inside)}]"),
    CHARACTERS.map(lambda inside: f"[^{re.escape(inside)}]"),
    st.sampled_from(
        [
            r"\w",
            r"\d",
            ".",
            "^",
            "$",
            r"\b",
            "a?",
            "b*",
            "<one>",
            "<two>",
            "<three>",
            "{P}",
            "{O}",
            "{T}",
            "{PR}",
            "{^S}",
            r"(?<=a)",
            r"\x61",
        ]
    ),
)
PATTERNS = st.recursive(SIMPLE, combined, max_leaves=8)


TEXTS = st.lists(st.one_of(CHARACTERS, st.sampled_from(SYMBOLS)), max_size=6).map("".join)


@given(PATTERNS, TEXTS, st.booleans())
@settings(deadline=None)
def test_a_text_that_a_pattern_matches_holds_a_literal_it_needs(pattern: str, text: str, ignore_case: bool) -> None:
    expression = Expression(pattern, Macros(MACROS), re.IGNORECASE if ignore_case else 0)
    if expression.regex.search(text) is not None:
        assert expression.may_match(key(text))
        index = Index([frozenset({"never"}), expression.need])
        assert index.within(key(f"{text} {text}")).may_match(key(text)) == 2


def test_characters_that_match_each_other_when_case_is_ignored_have_one_key() -> None:
    for code in range(0x20, 0x10000):
        char = chr(code)
        for other in {char.lower(), char.upper(), char.casefold(), char.swapcase()} - {char}:
            if len(other) == 1 and re.fullmatch(re.escape(char), other, re.IGNORECASE):
                assert key(char) == key(other), (char, other)


@pytest.mark.parametrize(
    ("pattern", "literals"),
    [
        (r"\bleaves?\b", {"leave"}),
        ("(?:quit|left) Acme", {"quit acme", "left acme"}),
        ("signed with {O}", {"signed with "}),
        ("{P}(?= wird)", {" wird"}),
        ("(?<={O}){T}?", {key("\U000f1000")[1:], key("\U000f1800")[1:]}),
        ("[^a]{0,5}Ende", {"ende"}),
        ("(?:aus)?tritt", {"tritt"}),
        (r"[{P}{O}]\d*", None),
        ("(?:tritt)?", None),
        ("(a)(?(1)b|c)", None),
    ],
)
def test_the_literals_of_a_pattern(pattern: str, literals: set[str] | None) -> None:
    assert needed(pattern, {}) == literals


@pytest.mark.parametrize("lang", data.languages())
def test_rules_come_to_the_same_without_looking_for_literals_first(lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = grammar(lang)
    listed = [item for rule in rules.rules for item in (rule.spec.example, rule.spec.near_miss)]
    examples = [read_example(marked, lang) for item in listed for marked in ([item] if isinstance(item, str) else item)]
    looking = [mentions_of(example, rules) for example in examples]
    monkeypatch.setattr(Expression, "may_match", lambda expression, spelled: True)
    assert [mentions_of(example, rules) for example in examples] == looking
