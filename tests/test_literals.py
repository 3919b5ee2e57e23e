"""The literals that patterns need: no text that a pattern matches lacks them all."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimtrail import data
from claimtrail.document import Document, Mention
from claimtrail.literals import Index, bare, key, needed
from claimtrail.rules.examples import mentions_of, read_example
from claimtrail.rules.grammar import Rule, grammar
from claimtrail.rules.relations import Relations
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


PERSON = set(key("\U000f0000\U000f0800")[2:])
GIVES = {f"{verb}{end}" for verb in ("hand", "giv") for end in ("s", "ed", "ing")}
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
        assert Index([((frozenset({"never"}),),), expression.need]).may_match(key(text)) == 2


def test_characters_that_match_each_other_when_case_is_ignored_have_one_key() -> None:
    for code in range(0x20, 0x10000):
        char = chr(code)
        for other in {char.lower(), char.upper(), char.casefold(), char.swapcase()} - {char}:
            if len(other) == 1 and re.fullmatch(re.escape(char), other, re.IGNORECASE):
                assert key(char) == key(other), (char, other)


@pytest.mark.parametrize(
    ("pattern", "branches"),
    [
        (r"leaves?", [[{"leave"}]]),
        ("(?:quit|left) Acme", [[{"quit acme", "left acme"}]]),
        ("{P}(?= wird)", [[{"wird"}, PERSON]]),
        ("[^a]{0,5}Ende", [[{"ende"}]]),
        ("(?:aus)?tritt", [[{"tritt", "austritt"}]]),
        ("(?:hand|giv)(?:s|ed|ing) [a-z]* (?:keys|reins)", [[GIVES, {"keys", "reins"}]]),
        ("hired|[^a]*moves(?= to| on)|fired", [[{"hired", "fired"}], [{"moves"}, {"to", "on"}]]),
        (r"[{P}{O}]\d*", None),
        ("(?:tritt)?", None),
        ("(a)(?(1)b|c)", None),
    ],
)
def test_the_literals_of_a_pattern(pattern: str, branches: list[list[set[str]]] | None) -> None:
    need = needed(pattern, {})
    assert (need and [set(branch) for branch in bare(need)]) == (
        branches and [set(map(frozenset, b)) for b in branches]
    )


@pytest.mark.parametrize(
    ("pattern", "there", "gone"),
    [
        (r"\b(?:in|out)\b", "all in.", "within, routed"),
        (r"\blead", "leads", "misleads"),
        (r"ship\b", "leadership", "shipped"),
        (r"the boot\b", "gets the boot", "gets the booth"),
        ("跳槽到", "他跳槽到", "到跳槽"),
    ],
)
def test_a_word_that_a_pattern_wants_whole_is_looked_for_as_a_word(pattern: str, there: str, gone: str) -> None:
    index = Index([needed(pattern, {})])
    assert index.may_match(key(there)) == 1
    assert index.may_match(key(gone)) == 0


@pytest.mark.parametrize("lang", data.languages())
def test_rules_come_to_the_same_without_looking_for_literals_first(lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = grammar(lang)
    listed = [item for rule in rules.rules for item in (rule.spec.example, rule.spec.near_miss)]
    marked = [one for item in listed for one in ([item] if isinstance(item, str) else item)]
    # now and then two make a sentence of many words and phrases
    joined = [f"{one[:-1]}, {other}" for one, other in zip(marked[::7], marked[3::7], strict=False)]
    examples = [read_example(one, lang) for one in marked + joined]
    documents = [example.document for example in examples]
    looking = [mentions_of(example, rules) for example in examples], mentions_in(documents)
    monkeypatch.setattr(Expression, "may_match", lambda expression, spelled: True)
    monkeypatch.setattr(Rule, "may_fire", lambda rule, spelled: True)
    monkeypatch.setattr(Index, "may_match", lambda index, spelled: index.all)
    assert ([mentions_of(example, rules) for example in examples], mentions_in(documents)) == looking


def mentions_in(documents: list[Document]) -> list[tuple[Mention, ...]]:
    without_shapes = [replace(document, facts=replace(document.facts, at_hand={})) for document in documents]
    return [document.mentions for document in Relations().process(without_shapes)]
