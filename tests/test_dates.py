"""Dates: what is found in a text, what it means, and which of them is the date of a move."""

import re
import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtrail.data import languages
from claimtrail.document import Argument, Document, Entity, Facts, Label, Mention, Reference, ResolvedBy, Sentence, Span
from claimtrail.literals import Index
from claimtrail.normalise import Normalise
from claimtrail.normalise.dates import FUTURE, PAST, date_data, find_dates, number, resolve

TODAY = "2024-05-15"  # a Wednesday

ABSOLUTE = [
    ("en", "on August 5, 2024, she", "August 5, 2024", "2024-08-05"),
    ("en", "from 5 August 2024 on", "5 August 2024", "2024-08-05"),
    ("en", "Monday, June 3rd, 2024", "Monday, June 3rd, 2024", "2024-06-03"),
    ("en", "in June 2014 he", "June 2014", "2014-06"),
    ("en", "by early 2020", "early 2020", "2020"),
    ("en", "in summer 2014", "summer 2014", "2014"),
    ("en", "My last day will be 2010-01-22.", "2010-01-22", "2010-01-22"),
    ("en", "He left in 2015.", "2015", "2015"),
    ("de", "am 15. Mai 2016 die", "15. Mai 2016", "2016-05-15"),
    ("de", "per 1.\nApril 2016", "1.\nApril 2016", "2016-04-01"),
    ("de", "ab 1. Jänner 2016", "1. Jänner 2016", "2016-01-01"),
    ("de", "im Herbst 2010", "Herbst 2010", "2010"),
    ("de", "Ende 2018 ging er", "Ende 2018", "2018"),
    ("de", "am 30.06.2024", "30.06.2024", "2024-06-30"),
    ("de", "Mitte Mai 2016", "Mitte Mai 2016", "2016-05"),
    ("zh", "于2024年3月18日收到", "2024年3月18日", "2024-03-18"),
    ("zh", "二〇二〇年十一月，他", "二〇二〇年十一月", "2020-11"),
    ("zh", "2020年底，他离职", "2020年底", "2020"),
    ("zh", "２００７年６月２７日退出", "２００７年６月２７日", "2007-06-27"),
    ("zh", "民國78年進入公司", "民國78年", "1989"),
    ("zh", "2022 年 9 月加入", "2022 年 9 月", "2022-09"),
    ("ja", "2024年4月1日付で", "2024年4月1日", "2024-04-01"),
    ("ja", "令和6年4月1日に", "令和6年4月1日", "2024-04-01"),
    ("ja", "令和元年に", "令和元年", "2019"),
    ("ja", "昭和63年4月に", "昭和63年4月", "1988-04"),
    ("ja", "2008年6月下旬に", "2008年6月下旬", "2008-06"),
    ("ja", "08年7月に引退", "08年7月", "2008-07"),
    ("ja", "二〇二三年三月に", "二〇二三年三月", "2023-03"),
]

RELATIVE = [
    ("en", "last year", PAST, "2023"),
    ("en", "almost 9 years ago", None, "2015"),
    ("en", "last month", PAST, "2024-04"),
    ("en", "next month", FUTURE, "2024-06"),
    ("en", "in June", FUTURE, "2024-06"),
    ("en", "in June", PAST, "2023-06"),
    ("en", "in May", PAST, "2024-05"),
    ("en", "on August 6", FUTURE, "2024-08-06"),
    ("en", "on August 6", PAST, "2023-08-06"),
    ("en", "on Friday", PAST, "2024-05-10"),
    ("en", "on Friday", FUTURE, "2024-05-17"),
    ("en", "on Wednesday", PAST, "2024-05-15"),
    ("en", "last Wednesday", None, "2024-05-08"),
    ("en", "yesterday", None, "2024-05-14"),
    ("en", "with immediate effect", None, "2024-05-15"),
    ("en", "earlier this week", None, "2024-05"),
    ("en", "two weeks ago", None, "2024-05"),
    ("en", "this\nsummer", None, "2024"),
    ("de", "letztes Jahr", None, "2023"),
    ("de", "vor fast 9 Jahren", None, "2015"),
    ("de", "zum 1. Juli", FUTURE, "2024-07-01"),
    ("de", "im November", PAST, "2023-11"),
    ("de", "Ende September", FUTURE, "2024-09"),
    ("de", "heute", None, "2024-05-15"),
    ("de", "am Montagabend", PAST, "2024-05-13"),
    ("de", "kommenden Montag", None, "2024-05-20"),
    ("de", "mit sofortiger Wirkung", None, "2024-05-15"),
    ("de", "heuer", None, "2024"),
    ("zh", "今年8月", None, "2024-08"),
    ("zh", "去年11月", None, "2023-11"),
    ("zh", "13天前", None, "2024-05-02"),
    ("zh", "近9年前", None, "2015"),
    ("zh", "三年前", None, "2021"),
    ("zh", "上月", None, "2024-04"),
    ("zh", "本月15日", None, "2024-05-15"),
    ("zh", "下月1日", None, "2024-06-01"),
    ("zh", "上周五", None, "2024-05-10"),
    ("zh", "下周一", None, "2024-05-20"),
    ("zh", "昨晚", None, "2024-05-14"),
    ("zh", "明年元旦", None, "2025-01-01"),
    ("zh", "十二月三十一日", FUTURE, "2024-12-31"),
    ("zh", "年底", None, "2024"),
    ("ja", "昨年11月", None, "2023-11"),
    ("ja", "今年1月", None, "2024-01"),
    ("ja", "今年12月末", None, "2024-12"),
    ("ja", "来月20日", None, "2024-06-20"),
    ("ja", "来春", None, "2025"),
    ("ja", "本日", None, "2024-05-15"),
    ("ja", "１４日", PAST, "2024-05-14"),
    ("ja", "18日", FUTURE, "2024-05-18"),
    ("ja", "18日", PAST, "2024-04-18"),
    ("ja", "4月1日付", PAST, "2024-04-01"),
    ("ja", "9月中旬", FUTURE, "2024-09"),
    ("ja", "15年前", None, "2009"),
]

NO_DATES = [
    ("en", "She ran the firm for five years and employed 2000 people."),
    ("en", "You may leave, and we march on."),
    ("en", "the 1990s and the 2014-15 season"),
    ("de", "Sie führte die Firma fünf Jahre lang; 2000 Mitarbeiter gingen."),
    ("de", "in den 1990er Jahren, Spielzeit 2026/27"),
    ("zh", "他在公司工作了九年，管理2000名员工。"),
    ("zh", "任期三年，经验十余年间积累"),
    ("ja", "9年間勤め、2000人を率いた。"),
    ("ja", "2024年3月期の決算、来年度の計画"),
]


def one(text: str, lang: str):
    found = find_dates(text, lang, 0, len(text))
    assert len(found) == 1, [text[f.start : f.end] for f in found]
    return found[0]


@pytest.mark.parametrize(("lang", "text", "written", "value"), ABSOLUTE)
def test_a_date_with_its_year_needs_no_document(lang: str, text: str, written: str, value: str) -> None:
    expression = one(text, lang)
    assert text[expression.start : expression.end] == written
    when = resolve(expression, "")
    assert when is not None
    assert when.value == value
    assert when.precision == {4: "year", 7: "month", 10: "day"}[len(value)]


@pytest.mark.parametrize(("lang", "text", "direction", "value"), RELATIVE)
def test_a_partial_date_is_counted_from_the_document(lang: str, text: str, direction: str | None, value: str) -> None:
    when = resolve(one(text, lang), TODAY, direction=direction)
    assert when is not None
    assert when.value == value


@pytest.mark.parametrize(("lang", "text", "direction", "_"), RELATIVE)
def test_a_year_is_never_guessed(lang: str, text: str, direction: str | None, _: str) -> None:
    assert resolve(one(text, lang), "", direction=direction) is None


@pytest.mark.parametrize(("lang", "text"), NO_DATES)
def test_durations_and_numbers_are_no_dates(lang: str, text: str) -> None:
    assert find_dates(text, lang, 0, len(text)) == []


@pytest.mark.parametrize(
    ("lang", "text", "anchor", "value"),
    [
        ("en", "the following year", "2014-03-02", "2015"),
        ("en", "the same day", "2014-03-02", "2014-03-02"),
        ("de", "tags darauf", "2014-03-31", "2014-04-01"),
        ("de", "ein Jahr darauf", "2014", "2015"),
        ("zh", "同年9月", "2014-03", "2014-09"),
        ("zh", "次日", "2014-12-31", "2015-01-01"),
        ("ja", "同年4月1日", "2025-02-14", "2025-04-01"),
        ("ja", "翌年", "2017", "2018"),
        ("ja", "同日", "2025-02-14", "2025-02-14"),
    ],
)
def test_some_dates_are_counted_from_the_date_before(lang: str, text: str, anchor: str, value: str) -> None:
    when = resolve(one(text, lang), TODAY, anchor)
    assert when is not None
    assert when.value == value


def test_a_week_that_spans_two_months_has_no_date() -> None:
    assert resolve(one("last week", "en"), "2024-05-08") is None


def test_a_day_that_no_calendar_has_is_none() -> None:
    assert resolve(one("on 31 June 2024", "en"), "") is None


@pytest.mark.parametrize(
    ("written", "value"),
    [("十一", 11), ("二十", 20), ("廿五", 25), ("１４", 14), ("二〇二四", 2024), ("元", 1), ("三十一", 31)],
)
def test_numerals_are_read(written: str, value: int) -> None:
    assert number(written) == value


@pytest.mark.parametrize("lang", languages())
def test_dates_are_those_that_all_rules_find_together(lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = date_data(lang)
    assert rules is not None
    examples = [re.sub(r"[\[\]]", "", rule.example) for rule in rules.rules]
    texts = [f"{one} {two}, {three}." for one, two, three in zip(examples, examples[7:], examples[3:], strict=False)]
    looking = [find_dates(text, lang, 0, len(text)) for text in texts]
    monkeypatch.setattr(Index, "may_match", lambda index, spelled: index.all)
    assert [find_dates(text, lang, 0, len(text)) for text in texts] == looking


@pytest.mark.parametrize("lang", languages())
def test_every_rule_finds_its_example(lang: str) -> None:
    data = date_data(lang)
    assert data is not None
    for rule in data.rules:
        text = re.sub(r"[\[\]]", "", rule.example)
        wanted = (re.search(r"\[(.*)\]", rule.example) or re.search(r"(.*)", rule.example))[1]
        found = [(f.rule, text[f.start : f.end]) for f in find_dates(text, lang, 0, len(text))]
        assert found == ([] if rule.none else [(rule.id, wanted)]), rule.id


@given(st.text(alphabet="一二三十年月日前0123456789 ,.JuneMaivorAug", max_size=60), st.sampled_from(languages()))
def test_spans_are_in_order_and_inside_the_text(text: str, lang: str) -> None:
    end = 0
    for found in find_dates(text, lang, 0, len(text)):
        assert end <= found.start < found.end <= len(text)
        end = found.end
        for document_date in ("", "2024-05-15", "2024-05", "2024"):
            resolve(found, document_date, "2020-01-01")


@pytest.mark.parametrize("lang", languages())
def test_a_long_text_without_a_full_stop_takes_no_long_time(lang: str) -> None:
    text = "1月2日前the 5th of June 12 vor fast 十一年" * 2500
    began = time.perf_counter()
    find_dates(text, lang, 0, len(text))
    assert time.perf_counter() - began < 5


def moved(text: str, lang: str, trigger: str, *, status: str = "actual", manner: str | None = None, date: str = TODAY):
    """Normalise a document of one sentence with a mention of one trigger, and return the date as written and meant."""
    at = text.index(trigger)
    nobody = Argument(at, at + 1, "Ida Fall")
    mention = Mention("LEAVES", 0, Span(at, at + len(trigger)), "r", nobody, nobody, status=status, manner=manner)
    document = Document(
        "d", text, "", lang=lang, sentences=(Sentence(0, len(text), lang),), facts=Facts(date=date), mentions=(mention,)
    )
    when = Normalise().process([document])[0].mentions[0].when
    return (text[when.start : when.end], when.value) if when else None


@pytest.mark.parametrize(
    ("lang", "text", "trigger", "status", "expected"),
    [
        ("en", "Tarn announced on Monday that Ida Fall will leave in June.", "leave", "planned", ("June", "2024-06")),
        ("en", "Ida Fall, head of Tarn since 2019, left in March.", "left", "actual", ("March", "2024-03")),
        ("en", "Ida Fall, born in 1970, joined Tarn in 1996.", "joined", "actual", ("1996", "1996")),
        ("en", "Ida Fall led Tarn from 2011 to 2019 before leaving.", "leaving", "actual", None),
        ("en", "Ida Fall leaves Tarn, the firm said on Tuesday.", "leaves", "actual", None),
        ("de", "Tarn teilte am Montag mit, Ida Fall verlasse die Firma Ende Juni.", "verlasse", "planned",
         ("Ende Juni", "2024-06")),
        ("de", "Ida Fall, seit 2019 bei Tarn, wechselt zum 1. Juli.", "wechselt", "planned", ("1. Juli", "2024-07-01")),
        ("zh", "塔恩公司14日宣布，伊达将于6月离职。", "离职", "planned", ("6月", "2024-06")),
        ("zh", "伊达1970年出生，1996年加入塔恩公司。", "加入", "actual", ("1996年", "1996")),
        ("ja", "ターン社は14日、伊田氏が6月末に退社すると発表した。", "退社", "planned", ("6月末", "2024-06")),
        ("ja", "4月1日付で伊田氏がターン社を退社した。", "退社", "actual", ("4月1日", "2024-04-01")),
    ],
)  # fmt: skip
def test_the_date_is_that_of_the_move(lang: str, text: str, trigger: str, status: str, expected) -> None:
    assert moved(text, lang, trigger, status=status) == expected


def test_a_decision_takes_the_day_on_which_it_was_told() -> None:
    text = "Tarn said on Tuesday it had dismissed Ida Fall."
    assert moved(text, "en", "dismissed", manner="dismissed") == ("Tuesday", "2024-05-14")
    assert moved(text, "en", "dismissed", manner="dismissed", date="") is None


def test_a_plan_has_no_date_that_is_over() -> None:
    assert moved("Am 3. Mai 2024 gab es Streit, Ida Fall will gehen.", "de", "gehen", status="planned") is None


def test_a_name_is_no_date() -> None:
    text = "May 2020 Partners lost Ida Fall, who left."
    at = text.index("left")
    nobody = Argument(at, at + 4, "Ida Fall")
    mention = Mention("LEAVES", 0, Span(at, at + 4), "r", nobody, nobody)
    document = Document("d", text, "", sentences=(Sentence(0, len(text), "en"),), mentions=(mention,))
    document = replace(document, entities=(Entity(0, 17, Label.ORG),))
    assert Normalise().process([document])[0].mentions[0].when is None


def told(text: str, lang: str, trigger: str, *, status: str = "actual", date: str = TODAY, relation: str = "LEAVES"):
    """Normalise a document with a mention of one trigger, each line a sentence, and return the mention."""
    at = text.index(trigger)
    lines = [Span(m.start(), m.end()) for m in re.finditer(r"[^\n]+", text)]
    nobody = Argument(at, at + 1, "Ida Fall", "p0")
    number = next(n for n, line in enumerate(lines) if line.start <= at < line.end)
    mention = Mention(relation, number, Span(at, at + len(trigger)), "r", nobody, nobody, status=status)
    sentences = tuple(Sentence(start, end, lang) for start, end in lines)
    document = Document("d", text, "", lang=lang, sentences=sentences, facts=Facts(date=date), mentions=(mention,))
    return Normalise().process([document])[0].mentions[0]


@pytest.mark.parametrize(
    ("lang", "text", "trigger", "status", "value"),
    [
        ("en", "I will be leaving Tarn at the end of February.", "leaving", "actual", "2026-02"),
        ("en", "Ida Fall left Tarn at the end of February.", "left", "actual", "2025-02"),
        ("en", "Ida Fall leaves Tarn in March.", "leaves", "actual", "2026-03"),
        ("de", "Ich werde Tarn Ende März verlassen.", "verlassen", "actual", "2026-03"),
        ("de", "Ida Fall hat Tarn im März verlassen.", "verlassen", "actual", "2025-03"),
        ("de", "Seit dem Abgang von Ida Fall im März ist Ruhe.", "Abgang", "planned", "2025-03"),
        ("zh", "伊达将于2月离开塔恩公司。", "离开", "planned", "2026-02"),
        ("zh", "伊达已于2月离开塔恩公司。", "离开", "actual", "2025-02"),
        ("ja", "伊田氏は2月中旬に社長に就任。", "就任", "actual", "2026-02"),
        ("ja", "伊田氏は2月に社長に就任した。", "就任", "actual", "2025-02"),
    ],
)
def test_tense_tells_the_year_of_a_month(lang: str, text: str, trigger: str, status: str, value: str) -> None:
    when = told(text, lang, trigger, status=status, date="2026-01-19").when
    assert when is not None
    assert when.value == value


@pytest.mark.parametrize(
    ("text", "trigger", "status", "expected"),
    [
        ("Ida Fall has been appointed with effect from 1 July 2024.", "appointed", "actual", "planned"),
        ("Ida Fall was appointed on 1 May 2024.", "appointed", "actual", "actual"),
        ("Ida Fall leaves in May 2024.", "leaves", "actual", "actual"),
        ("Ida Fall joined Tarn in 2019.", "joined", "planned", "actual"),
        ("Ida Fall may leave in July 2024.", "leave", "possible", "possible"),
        ("Ida Fall will not leave in July 2024.", "leave", "negated", "negated"),
    ],
)
def test_the_date_decides_between_planned_and_actual(text: str, trigger: str, status: str, expected: str) -> None:
    mention = told(text, "en", trigger, status=status)
    assert mention.when is not None
    assert mention.status == expected
    assert any(step.startswith(f"status {expected}:") for step in mention.steps) == (status != expected)


def test_without_a_date_of_the_text_a_plan_told_as_past_is_over() -> None:
    text = "Seit dem Abgang von Ida Fall im Herbst 2010 ist Ruhe."
    assert told(text, "de", "Abgang", status="planned", date="").status == "actual"


@pytest.mark.parametrize(
    ("lang", "text", "trigger"),
    [
        ("en", "Ida Fall, who joined Tarn in 2019, leaves.", "leaves"),
        ("de", "Ida Fall, die 2019 zu Tarn kam, geht.", "geht"),
        ("zh", "2019年加入塔恩公司的伊达也已离职。", "离职"),
        ("zh", "伊达离职，并回忆了两人2015年的见面。", "离职"),
        ("ja", "2019年に就任した伊田氏が退社。", "退社"),
        ("en", "Ida Fall’s 2019 announcement of her retirement.", "retirement"),
        ("en", "Ida Fall [left](https://tarn.example/2024-05-03/fall) Tarn.", "left"),
        ("zh", "丹娜在2016年创立了公司，而伊达在三月加入。", "加入"),
    ],
)
def test_a_date_of_something_else_is_not_that_of_the_move(lang: str, text: str, trigger: str) -> None:
    assert told(text, lang, trigger, date="").when is None


def test_a_date_in_the_trigger_is_that_of_the_move() -> None:
    when = told(
        "Fall steht seit Mai 2015 wieder vorn, 2008 war sie gegangen.", "de", "steht seit Mai 2015", date=""
    ).when
    assert when is not None
    assert when.value == "2015-05"


def test_people_of_a_gapped_list_have_their_own_dates() -> None:
    text = "Anfang 2013 übernahm Ida Fall die Leitung, im Herbst 2014 Bob Tann."
    trigger = Span(text.index("übernahm"), text.index(" Ida"))
    mentions = []
    for name in ("Ida Fall", "Bob Tann"):
        person = Argument(text.index(name), text.index(name) + 8, name)
        mentions.append(Mention("ROLE_CHANGE", 0, trigger, "r", person, person))
    document = Document("d", text, "", sentences=(Sentence(0, len(text), "de"),), mentions=tuple(mentions))
    found = [m.when.value if m.when else None for m in Normalise().process([document])[0].mentions]
    assert found == ["2013", "2014"]


@pytest.mark.parametrize(
    ("lang", "text", "trigger", "value"),
    [
        ("en", "Ida Fall takes over as head.\nThe transition is on 1 July 2024.", "takes over", "2024-07-01"),
        ("de", "Ida Fall übernimmt die Leitung.\nDer Wechsel erfolgt zum 1. Juli 2024.", "übernimmt", "2024-07-01"),
        ("zh", "伊达接任总裁。\n任命7月1日生效。", "接任", "2024-07-01"),
        ("ja", "伊田氏が社長に昇格へ。\n正式決定は6月下旬の取締役会で行う。", "昇格", "2024-06"),
    ],
)
def test_the_day_on_which_a_decision_takes_effect_may_stand_in_another_sentence(
    lang: str, text: str, trigger: str, value: str
) -> None:
    mention = told(text, lang, trigger, relation="ROLE_CHANGE")
    assert mention.when is not None
    assert mention.when.value == value
    assert mention.status == "planned"


def test_a_date_counted_on_needs_one_in_the_text() -> None:
    text = "Nach einem Jahr verließ Ida Fall die Firma."
    assert told(text, "de", "verließ").when is None
    when = told(f"2011 kam Bob Tann zu Tarn.\n{text}", "de", "verließ").when
    assert when is not None
    assert when.value == "2012"


def test_joining_does_not_take_the_day_on_which_it_was_told() -> None:
    text = "Tarn said on Tuesday that Ida Fall joins."
    assert told(text, "en", "joins", relation="JOINS").when is None
    assert told(text, "en", "joins", relation="ROLE_CHANGE").when is not None


def planned_by(text: str, lang: str, trigger: str, cue: str):
    """Normalise one sentence with a mention that a cue made a plan, and return the mention."""
    at = text.index(trigger)
    nobody = Argument(at, at + 1, "Ida Fall")
    steps = (f"status planned by cue {cue}",)
    mention = Mention("ROLE_CHANGE", 0, Span(at, at + len(trigger)), "r", nobody, nobody, status="planned", steps=steps)
    document = Document(
        "d", text, "", sentences=(Sentence(0, len(text), lang),), facts=Facts(date=TODAY), mentions=(mention,)
    )
    return Normalise().process([document])[0].mentions[0]


def test_a_plan_by_a_date_that_is_over_is_none() -> None:
    text = "ターン社は14日、伊田氏が社長を退き、丹野氏が昇格する人事を発表した。"
    mention = planned_by(text, "ja", "退き", "date-continued")
    assert mention.status == "actual"
    assert "status actual: the dates that made it a plan are over" in mention.steps
    assert mention.when is not None
    assert mention.when.value == "2024-05-14"
    assert planned_by(text, "ja", "退き", "scheduled").status == "planned"


def test_the_day_of_somebody_elses_move_is_not_taken() -> None:
    text = "Ida Fall resigned after a row with Bob Tann.\nBob Tann left on Monday, not liked by Ida Fall."
    lines = [Span(m.start(), m.end()) for m in re.finditer(r"[^\n]+", text)]
    people = [Argument(0, 8, "Ida Fall", "p0"), Argument(45, 53, "Bob Tann", "p1")]
    triggers = [Span(9, 17), Span(54, 58)]
    mentions = tuple(
        Mention("ROLE_CHANGE", n, triggers[n], "r", people[n], people[n], manner="resigned") for n in range(2)
    )
    references = tuple(
        Reference(at, at + 8, Label.PERSON, "p0", "Ida Fall", ResolvedBy.NAME) for at in (0, text.rindex("Ida Fall"))
    )
    document = Document(
        "d",
        text,
        "",
        sentences=tuple(Sentence(start, end, "en") for start, end in lines),
        facts=Facts(date=TODAY, references=references),
        mentions=mentions,
    )
    found = [m.when.value if m.when else None for m in Normalise().process([document])[0].mentions]
    assert found == [None, "2024-05-13"]
    alone = replace(document, mentions=mentions[:1])
    when = Normalise().process([alone])[0].mentions[0].when
    assert when is not None
    assert when.value == "2024-05-13"


def planned_elsewhere(second: str, *, post: str = "", steps: tuple[str, ...] = ()) -> str:
    """Normalise a text that tells one appointment twice, first without a day, and return the first status."""
    text = f"Ida Fall becomes director of Tarn.\n{second}"
    lines = [Span(m.start(), m.end()) for m in re.finditer(r"[^\n]+", text)]
    ida, tarn = Argument(0, 8, "Ida Fall", "p0"), Argument(29, 33, "Tarn", "o0")
    at = text.index(post) if post else 0
    mentions = (
        Mention(
            "ROLE_CHANGE", 0, Span(9, 16), "r", ida, tarn, role_to=Argument(17, 25, text[17:25], "t0"), steps=steps
        ),
        Mention(
            "ROLE_CHANGE",
            1,
            Span(lines[1].start, lines[1].start + 4),
            "r",
            ida,
            tarn,
            role_to=Argument(at, at + len(post), post, "t1") if post else None,
            status="planned",
        ),
    )
    document = Document(
        "d",
        text,
        "",
        sentences=tuple(Sentence(start, end, "en") for start, end in lines),
        facts=Facts(date=TODAY),
        mentions=mentions,
    )
    return Normalise().process([document])[0].mentions[0].status


def test_a_move_that_the_text_plans_elsewhere_is_planned() -> None:
    assert planned_elsewhere("Fall takes over as director on 1 July 2031.", post="director") == "planned"
    assert planned_elsewhere("Fall takes over as chairwoman on 1 July 2031.", post="chairwoman") == "actual"
    done = ("status actual by cue already",)
    assert planned_elsewhere("Fall takes over as director on 1 July 2031.", post="director", steps=done) == "actual"


def test_a_date_that_says_when_a_move_begins_may_follow_in_another_clause() -> None:
    text = "安可已辞任塔恩公司财务总监及公司秘书，自2024年9月1日起生效。"
    assert told(text, "zh", "辞任", status="planned").when.value == "2024-09-01"
    assert told(text.replace("起生效", "起休假"), "zh", "辞任", status="planned").when is None
    over = "安可将于2024年12月31日任期届满后退任，塔恩公司说。"
    assert told(over, "zh", "退任", status="planned").when.value == "2024-12-31"


def test_a_date_in_a_clause_with_a_move_of_its_own_is_that_moves() -> None:
    text = "She succeeds Bob Hill, who was named dean in January 2031."
    one = Argument(0, 3, "Ida Fall", "p0")
    places = [Span(text.index(word), text.index(word) + len(word)) for word in ("succeeds", "named")]
    mentions = tuple(Mention("ROLE_CHANGE", 0, place, "r", one, one) for place in places)
    sentences = (Sentence(0, len(text), "en"),)
    document = Document("d", text, "", lang="en", sentences=sentences, facts=Facts(date=TODAY), mentions=mentions)
    first, second = Normalise().process([document])[0].mentions
    assert (first.when, second.when.value if second.when else None) == (None, "2031-01")


def test_the_day_told_in_one_item_of_a_digest_is_not_that_of_the_next() -> None:
    text = "Tarn said on Monday that its chairman resigned.\n\nFall resigned as chairwoman of Birk."
    lines = [Span(m.start(), m.end()) for m in re.finditer(r"[^\n]+", text)]
    person, org = Argument(lines[1].start, lines[1].start + 4, "Fall", "p0"), Argument(len(text) - 5, len(text) - 1)
    trigger = Span(text.index("resigned as"), text.index(" as chairwoman"))
    mention = Mention("ROLE_CHANGE", 1, trigger, "r", person, org, manner="resigned")
    document = Document(
        "d",
        text,
        "",
        sentences=tuple(Sentence(start, end, "en") for start, end in lines),
        facts=Facts(date=TODAY),
        mentions=(mention,),
    )
    assert Normalise().process([document])[0].mentions[0].when is None
    joined = replace(document, text=text.replace("\n\n", "  "))
    assert Normalise().process([joined])[0].mentions[0].when is not None
