"""The rule engine: abstraction, phrases, templates, guards; and every rule's own examples."""

from __future__ import annotations

import itertools
import re
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtrail import data
from claimtrail.assertion.check import check_language as check_cues
from claimtrail.document import Sentence
from claimtrail.rules.check import check_language as check_rules
from claimtrail.rules.examples import mentions_of, read_example
from claimtrail.rules.explain import explain
from claimtrail.rules.grammar import Grammar, RuleError, grammar, load
from claimtrail.rules.relations import Relations
from claimtrail.rules.shape import build_shape, fold
from claimtrail.rules.symbols import PatternError, expand, is_symbol

LANGUAGES = data.languages()

FILES = {
    "lexicon.yaml": "ignore_case: true\nmacros:\n  gap: '[^{P}.;]{0,40}?'\n",
    "phrases.yaml": """
- {id: org-title, match: "(?P<org>{O}) (?P<head>{T})", becomes: T, span: head}
- {id: former-title, match: "(?P<former>former )(?P<head>{T})", becomes: T, span: head}
- {id: title-person, match: "(?P<title>{T}) (?P<head>{P})", becomes: P}
- {id: persons, match: "{P}(?:, {P})* and {P}", becomes: P, list: true}
""",
    "templates.yaml": """
leaves: {frames: ['{person}<gap>TRIGGER {org}', '{person}<gap>TRIGGER'], org: [affiliation], role_from: [person-title]}
takes: {frames: ['{person}<gap>TRIGGER {role_to}'], org: [title]}
""",
    "relations/leaves.yaml": """
relation: LEAVES
rules:
  - {id: leave, trigger: '\\bleaves\\b', template: leaves, unless: ['sick TRIGGER'],
     example: '[person:Ada Vell] leaves [org:Nordwerk].', near_miss: '[P:Ada Vell] stays at [O:Nordwerk].'}
""",
    "relations/role_change.yaml": """
relation: ROLE_CHANGE
rules:
  - {id: takes, trigger: '\\bbecomes\\b', template: takes, needs: [role_to],
     example: '[person:Ada Vell] becomes [org:Nordwerk] [role_to:chief].', near_miss: '[P:Ada Vell] becomes ill at [O:Nordwerk].'}
""",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A language of its own, 'xx', with a few rules."""
    (tmp_path / "confidence.yaml").write_text("table: [[0.0, 0.0], [1.0, 1.0]]\nfirings: {}\n", "utf-8")
    for name, content in FILES.items():
        path = tmp_path / "xx" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
    monkeypatch.setenv(data.FOLDERS, str(tmp_path))
    return tmp_path / "xx"


def found(rules: Grammar, marked: str) -> list[tuple[str, str, str, str | None, str | None]]:
    example = read_example(marked, rules.lang)
    text = example.document.text
    return [
        (
            m.relation,
            m.person.name,
            m.org.name,
            m.role_from and text[m.role_from.start : m.role_from.end],
            m.role_to and text[m.role_to.start : m.role_to.end],
        )
        for m in mentions_of(example, rules)
    ]


def test_a_frame_binds_person_and_organisation(folder: Path) -> None:
    assert found(load("xx"), "[P:Ada Vell] leaves [O:Nordwerk].") == [("LEAVES", "Ada Vell", "Nordwerk", None, None)]


def test_the_nearest_person_is_bound(folder: Path) -> None:
    assert found(load("xx"), "[P:Bo Lind] says [P:Ada Vell] leaves [O:Nordwerk].")[0][1] == "Ada Vell"


def test_every_person_of_a_list_gets_a_claim_and_keeps_the_own_post(folder: Path) -> None:
    rows = found(load("xx"), "[O:Nordwerk] [T:chief] [P:Ada Vell], [P:Bo Lind] and [P:Cy Orr] leaves [O:Nordwerk].")
    assert [(row[1], row[3]) for row in rows] == [("Ada Vell", "chief"), ("Bo Lind", None), ("Cy Orr", None)]


def test_the_affiliation_of_the_person_fills_in_for_the_organisation(folder: Path) -> None:
    assert found(load("xx"), "[O:Nordwerk] [T:chief] [P:Ada Vell] leaves.") == [
        ("LEAVES", "Ada Vell", "Nordwerk", "chief", None)
    ]


def test_a_former_post_says_nothing_of_the_organisation_left(folder: Path) -> None:
    assert found(load("xx"), "former [T:chief] [P:Ada Vell] leaves [O:Nordwerk].")[0][3] is None


def test_the_organisation_of_a_post_is_the_organisation_of_the_claim(folder: Path) -> None:
    assert found(load("xx"), "[P:Ada Vell] becomes [O:Nordwerk] [T:chief].") == [
        ("ROLE_CHANGE", "Ada Vell", "Nordwerk", None, "chief")
    ]


def test_a_guard_keeps_a_rule_from_firing(folder: Path) -> None:
    assert found(load("xx"), "[P:Ada Vell] of [O:Nordwerk] sick leaves [O:Nordwerk].") == []


@pytest.mark.parametrize(
    ("told", "persons"),
    [
        ("[P:Anna Kern] klagt. Sie will sich aus dem [O:Nordverbund] zurückziehen.", ["Anna Kern"]),
        ("[P:Anna Kern] klagt. [G:Duisburg] will sich aus dem [O:Nordverbund] zurückziehen.", []),
        ("[P:Anna Kern] klagt. Die [O:Südbank] zieht sich aus dem [O:Nordverbund] zurück.", []),
        ("[P:Anna Kern] klagt. Mein Kollege wurde vom [O:Nordverbund] entlassen.", []),
        ("[P:Anna Kern] klagt. Nun wollen die Mitglieder geschlossen in den [O:Nordverbund] eintreten.", []),
        ("[P:Anna Kern] klagt. Im [O:Nordverbund] hat jeder dritte Arbeiter seinen Job verloren.", []),
    ],
)
def test_nobody_is_carried_over_where_another_subject_stands(told: str, persons: list[str]) -> None:
    assert [row[1] for row in found(grammar("de"), told)] == persons


def test_a_post_in_a_guessed_organisation_is_where_the_text_tells_of_the_person_in_it() -> None:
    told = (
        "[O:東製作所]は好調だ。[O:東製作所]の業績は伸びた。[O:北楽団]は[P:矢吹健]氏を[T:音楽監督]に起用した。"
        "[O:東製作所]の株価も上がった。[P:矢吹健]氏は[T:音楽監督]に就任した。"
    )
    assert {row[2] for row in found(grammar("ja"), told)} == {"北楽団"}


def test_the_post_behind_a_name_counts_before_the_one_in_front_of_it() -> None:
    told = "[O:岬電機]の[T:創業者]の[P:水沢透][T:社長]が退任した。"
    assert found(grammar("ja"), told) == [("ROLE_CHANGE", "水沢透", "岬電機", "社長", None)]


def test_a_post_is_no_longer_that_of_somebody_who_stays() -> None:
    document = read_example(
        "[O:青葉FC]は[P:白木薫][T:監督]を解任した。[P:浅井和也][T:社長]は陳謝した。"
        "後任候補には[P:相馬亮]氏らの名前が挙がっている。",
        "ja",
    ).document
    stops = [0, *(m.end() for m in re.finditer("。", document.text))]
    sentences = tuple(Sentence(start, end, "ja") for start, end in itertools.pairwise(stops))
    (document,) = Relations().process([replace(document, sentences=sentences)])
    posts = {m.person.name: m.role_to and document.covered(m.role_to) for m in document.mentions}
    assert posts == {"白木薫": None, "相馬亮": "監督"}


def test_explain_names_rules_that_fired_and_why_others_did_not(folder: Path) -> None:
    lines = "\n".join(explain(read_example("[P:Ada Vell] leaves [O:Nordwerk] and becomes ill.", "xx").document))
    assert "found: LEAVES Ada Vell / Nordwerk" in lines
    assert "did not fire: xx/role_change/takes: takes: no person" in lines or "no person, role_to" in lines


@pytest.mark.parametrize(
    ("name", "old", "new", "fault"),
    [
        ("relations/leaves.yaml", "template: leaves", "template: leavs", "unknown template leavs"),
        ("relations/leaves.yaml", "sick TRIGGER", "sick", "TRIGGER exactly once"),
        ("relations/leaves.yaml", "\\bleaves\\b", "(leaves", "missing )"),
        ("relations/leaves.yaml", "relation: LEAVES", "relation: MOVES", "unknown relation MOVES"),
        ("relations/leaves.yaml", "id: leave,", "id: leave, with_post: MOVES,", "unknown relation MOVES"),
        ("templates.yaml", "<gap>", "<gab>", "unknown macro <gab>"),
        ("templates.yaml", "[affiliation]", "[afiliation]", "TRIGGER exactly once"),
    ],
)
def test_a_fault_names_its_file(folder: Path, name: str, old: str, new: str, fault: str) -> None:
    path = folder / name
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    with pytest.raises(RuleError) as caught:
        load("xx")
    assert fault in str(caught.value) and path.name in str(caught.value)


def test_a_fault_in_a_rule_names_its_line(folder: Path) -> None:
    path = folder / "relations/leaves.yaml"
    path.write_text(path.read_text("utf-8").replace("template: leaves", "template: none"), "utf-8")
    with pytest.raises(RuleError, match=r"leaves\.yaml:4: leave: unknown template none"):
        load("xx")


def test_an_unknown_key_is_an_error(folder: Path) -> None:
    path = folder / "relations/leaves.yaml"
    path.write_text(path.read_text("utf-8").replace("id: leave,", "id: leave, colour: red,"), "utf-8")
    with pytest.raises(data.DataError, match="unknown key colour"):
        load("xx")


def test_an_empty_rule_file_is_an_error(folder: Path) -> None:
    (folder / "relations/joins.yaml").write_text("relation: JOINS\nrules: []\n", "utf-8")
    with pytest.raises(RuleError, match="no rules"):
        load("xx")


def test_examples_that_do_not_hold_are_faults(folder: Path) -> None:
    path = folder / "relations/leaves.yaml"
    path.write_text(path.read_text("utf-8").replace("stays at", "leaves"), "utf-8")
    assert any("the near-miss fires" in fault for fault in check_rules("xx"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_example_fires_and_no_near_miss_does(lang: str) -> None:
    assert check_rules(lang) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_cue_holds_on_its_examples(lang: str) -> None:
    assert check_cues(lang) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_relation_has_ten_rules_or_more_ways_to_say_it(lang: str) -> None:
    relations = [rule.relation for rule in grammar(lang).rules]
    alternatives = {
        relation: sum(rule.spec.trigger.count("|") + 1 for rule in grammar(lang).rules if rule.relation == relation)
        for relation in set(relations)
    }
    assert set(alternatives) == {"LEAVES", "JOINS", "ROLE_CHANGE"}
    assert min(alternatives.values()) >= 10


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_text_without_any_stop_costs_little(lang: str) -> None:
    rules = grammar(lang)
    piece = {"zh": "[P:安可] 离开 任命 加入 的公司 ", "ja": "[P:安可] は退職 就任 入社する "}.get(
        lang, "[P:Ada Vell] leaves verlässt tritt joins wird named the "
    )
    example = read_example(piece * (1000 // len(piece)), lang)
    before = time.perf_counter()
    mentions_of(example, rules)
    assert time.perf_counter() - before < 2.0


@given(st.text(max_size=200))
def test_folding_keeps_the_length(text: str) -> None:
    assert len(fold(text, {})) == len(text)
    assert not any(is_symbol(char) for char in fold(text, {}))


@given(
    st.lists(st.sampled_from(["[P:Ada]", "[O:Nord]", "[T:chief]", " leaves ", ", ", " and ", "former "]), max_size=12)
)
def test_every_place_of_a_shape_lies_in_the_sentence_and_in_order(parts: list[str]) -> None:
    example = read_example("".join(parts), "en")
    shape = build_shape(example.document, 0, len(example.document.text), grammar("en"))
    assert len(shape.places) == len(shape.text)
    assert all(a[1] <= b[0] for a, b in zip(shape.places, shape.places[1:], strict=False))
    covered = "".join(example.document.text[start:end] for start, end in shape.places)
    assert covered == example.document.text


def test_a_macro_and_a_symbol_expand_also_inside_brackets() -> None:
    assert expand("<a>", {"a": "x"}) == "(?:x)"
    assert expand("[^{P}.]", {}).startswith("[^\U000f0000")
    assert expand("(?P<head>{P})", {}).startswith("(?P<head>[")
    assert expand("(?<!new){T}", {}).startswith("(?<!new)[")
    with pytest.raises(PatternError, match="unknown symbol"):
        expand("{X}", {})


def test_who_joins_takes_the_post_that_the_text_tells_elsewhere() -> None:
    def posts(*lines: str) -> list[str | None]:
        document = read_example("\n".join(lines), "en").document
        spans = re.finditer(r"[^\n]+", document.text)
        sentences = tuple(replace(document.sentences[0], start=s.start(), end=s.end()) for s in spans)
        (told,) = Relations().process([replace(document, sentences=sentences)])
        joins = [m for m in told.mentions if m.relation == "JOINS"]
        return [document.text[m.role_to.start : m.role_to.end] if m.role_to else None for m in joins]

    joins, named = "[P:Anna Kern] joins [O:Nordwerk].", "[O:Nordwerk] appointed [P:Anna Kern] as [T:treasurer]."
    assert posts(joins, named) == ["treasurer"]
    other = "[P:Bob Hill] is its [T:secretary]."
    assert posts("[P:Anna Kern] joined [O:Nordwerk] in [D:2009].", named, other) == [None]
    assert posts("[P:Anna Kern] joined [O:Nordwerk] on [D:4 May].", named, other) == ["treasurer"]
    assert posts("[P:Anna Kern] joined [O:Nordwerk] in [D:2009].", "In [D:2019], " + named, other) == [None]


def test_a_post_handed_on_is_the_one_that_the_text_tells_of_who_had_it() -> None:
    def posts(*lines: str) -> set[tuple[str, str]]:
        document = read_example("\n".join(lines), "en").document
        spans = re.finditer(r"[^\n]+", document.text)
        sentences = tuple(replace(document.sentences[0], start=s.start(), end=s.end()) for s in spans)
        (told,) = Relations().process([replace(document, sentences=sentences)])
        bound = ((m, role) for m in told.mentions for role in (m.role_from, m.role_to) if role)
        return {(mention.person.name, document.covered(role)) for mention, role in bound}

    first = "[O:Nordwerk] [T:treasurer] [P:Bob Hill] is ill."
    last = "[P:Anna Kern] of [O:Nordwerk] succeeds [P:Bob Hill]."
    between = "The [T:bishop] came too."
    assert posts(first, between, last) == {("Anna Kern", "treasurer"), ("Bob Hill", "treasurer")}
    assert posts("[P:Bob Hill] is ill.", between, last) == {("Anna Kern", "bishop"), ("Bob Hill", "bishop")}
    another = "[O:Nordwerk]'s [T:secretary], [P:Eva Lund], was glad."
    assert posts("[P:Bob Hill] is ill.", another, last) == set()


def test_where_somebody_came_from_is_not_where_the_next_post_is() -> None:
    told = "[O:Nordwerk]: [P:Bob Hill] kam von der [O:Südbank] und übernahm den [T:Vorsitz]."
    mentions = mentions_of(read_example(told, "de"), grammar("de"))
    assert {m.org.name for m in mentions if m.relation == "ROLE_CHANGE"} == {"Nordwerk"}


def test_the_body_of_the_post_held_until_now_is_not_that_of_the_new_one() -> None:
    told = "[O:Nordwerk]: Neuer [T:Vorsitzender] wird [P:Bob Hill], derzeit [T:Chef] der [O:Südbank]."
    mentions = mentions_of(read_example(told, "de"), grammar("de"))
    assert {m.org.name for m in mentions if m.role_to is not None} == {"Nordwerk"}
