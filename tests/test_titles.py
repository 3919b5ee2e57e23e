"""Titles of posts: found whole, without the organisation, in four languages."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtrail.data import languages
from claimtrail.document import Span
from claimtrail.normalise.posts import find_titles

FOUND = [
    ("en", "Tarn named Ida Fall Senior Vice President of Research.", ["Senior Vice President of Research"]),
    ("en", "She was chief financial officer and is now co-CEO.", ["chief financial officer", "co-CEO"]),
    ("en", "He becomes interim non-executive chair at Tarn.", ["interim non-executive chair"]),
    ("en", "Ida Fall, head of AI safety at Tarn, quits.", ["head of AI safety"]),
    ("en", "the editor-in-chief of The Lamp", ["editor-in-chief"]),
    ("en", "as managing director and head of marketing", ["managing director and head of marketing"]),
    ("en", "its president and CEO, Ida Fall", ["president and CEO"]),
    ("en", "Tarn's chief growth officer left", ["chief growth officer"]),
    ("en", "elected a member of the supervisory board", ["member of the supervisory board"]),
    ("en", "the deputy director of communications", ["deputy director of communications"]),
    ("de", "Die Finanzvorständin Ida Fall geht.", ["Finanzvorständin"]),
    ("de", "Sie war Leiterin der Abteilung Einkauf.", ["Leiterin der Abteilung Einkauf"]),
    ("de", "Co-Chef Ole Roth und der Vorstandsvorsitzende", ["Co-Chef", "Vorstandsvorsitzende"]),
    ("de", "die stellvertretende Leiterin des Ressorts Digital", ["stellvertretende Leiterin des Ressorts Digital"]),
    ("de", "Tarn-Chefin Ida Fall", ["Chefin"]),
    ("de", "wurde zum Mitglied des Vorstands bestellt", ["Mitglied des Vorstands"]),
    ("de", "als Vertriebsleiter, dann Chefredakteurin", ["Vertriebsleiter", "Chefredakteurin"]),
    ("zh", "伊达升任研究高级副总裁。", ["研究高级副总裁"]),
    ("zh", "公司首席信息安全官离职", ["首席信息安全官"]),
    ("zh", "任董事长兼总经理", ["董事长兼总经理"]),
    ("zh", "辞去独立董事职务", ["独立董事"]),
    ("zh", "任首席包装官一职", ["首席包装官"]),
    ("zh", "任產品經理，後為財務長", ["產品經理", "財務長"]),
    ("zh", "出任董事会主席", ["董事会主席"]),
    ("ja", "代表取締役社長に就任", ["代表取締役社長"]),
    ("ja", "最高製品責任者として加わる", ["最高製品責任者"]),
    ("ja", "専務から取締役会長に", ["専務", "取締役会長"]),
    ("ja", "経営企画部長を務めた", ["経営企画部長"]),
    ("ja", "共同創業者でCTOの伊田氏", ["共同創業者", "CTO"]),
    ("ja", "会長兼CEOが退く", ["会長兼CEO"]),
    ("ja", "半導体部門の責任者", ["半導体部門の責任者"]),
    ("en", "Tarn's chief technology and product officer left", ["chief technology and product officer"]),
    ("en", "vice chair of the audit committee", ["vice chair of the audit committee"]),
    ("en", "She takes a board observer seat at Tarn.", ["board observer seat"]),
    ("de", "Sie übernimmt die Chefredaktion.", ["Chefredaktion"]),
    ("de", "Sie wird Partnerin bei Tarn.", ["Partnerin"]),
    ("de", "Finanzlandesrat Ole Roth", ["Finanzlandesrat"]),
    ("zh", "担任产品和合作伙伴高级副总裁", ["产品和合作伙伴高级副总裁"]),
    ("zh", "首席产品与技术官", ["首席产品与技术官"]),
    ("ja", "代表執行役社長に就任", ["代表執行役社長"]),
    ("zh", "塔航空服員", ["空服員"]),
    ("de", "ist Chef des internationalen Konzerns", ["Chef"]),
]

NOTHING = [
    ("en", "Its employees and the whole team will leave the building."),
    ("en", "She held her head high and went to lead a choir."),
    ("en", "Analysts told reporters that members may vote."),
    ("de", "Das Team und die Mitarbeiter wollen gehen, die Pipeline steht."),
    ("de", "Ihr Ehepartner ist Weltmeister."),
    ("zh", "公司员工和团队成员都很高兴。"),
    ("zh", "大使馆召开记者会。"),
    ("ja", "社員とチームは喜んだ。取締役会で決めた。"),
    ("ja", "大統領選の世論調査"),
    ("en", "TV reporters met UN diplomats and a member of staff."),
    ("de", "Er sprach mit seinem Anwalt und dem Fahrer."),
    ("zh", "他的律师说，总统任期已过半。"),
    ("ja", "弁護士が準備を進める。"),
]


def titles(text: str, lang: str, barriers=()) -> list[str]:
    return [text[s.start : s.end] for s in find_titles(text, lang, 0, len(text), barriers=barriers)]


@pytest.mark.parametrize(("lang", "text", "expected"), FOUND)
def test_a_post_is_found_whole(lang: str, text: str, expected: list[str]) -> None:
    assert titles(text, lang) == expected


@pytest.mark.parametrize(("lang", "text"), NOTHING)
def test_words_that_are_no_posts_are_left(lang: str, text: str) -> None:
    assert titles(text, lang) == []


def test_a_field_after_a_name_belongs_to_the_post() -> None:
    text = "塔恩咖啡烘焙业务负责人伊达离职"
    assert titles(text, "zh", [Span(0, 2), Span(11, 13)]) == ["咖啡烘焙业务负责人"]


def test_a_title_does_not_reach_into_a_name() -> None:
    text = "He was head of Tarn Finance until May."
    assert titles(text, "en", [Span(15, 27)]) == ["head"]


def test_only_the_stretch_asked_for_is_searched() -> None:
    text = "CEO Ida Fall and CFO Ole Roth"
    assert find_titles(text, "en", 4, len(text)) == [Span(17, 20)]


def test_an_unknown_language_has_no_titles() -> None:
    assert find_titles("CEO", "xx", 0, 3) == []


@given(st.text(alphabet="head of CEO副总裁兼社長の、 -.und", max_size=60), st.sampled_from(languages()))
def test_titles_are_in_order_and_inside_the_text(text: str, lang: str) -> None:
    end = 0
    for found in find_titles(text, lang, 0, len(text)):
        assert end <= found.start < found.end <= len(text)
        end = found.end


@pytest.mark.parametrize("lang", languages())
def test_a_long_text_without_a_full_stop_takes_no_long_time(lang: str) -> None:
    text = "head of head of chief und Leiter der 副总裁兼高级部長の " * 2000
    began = time.perf_counter()
    find_titles(text, lang, 0, len(text), barriers=[Span(n * 50, n * 50 + 3) for n in range(len(text) // 50)])
    assert time.perf_counter() - began < 5
