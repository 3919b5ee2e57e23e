"""Where sentences end, per language; all names and texts are invented."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimtrail import data
from claimtrail.document import Document, Stretch, StretchKind
from claimtrail.segment.sentences import LONGEST, SentenceSplitter, rules_for, split

LANGUAGES = sorted(path.parent.name for path in data.root().glob("*/sentences.yaml"))


def sentences(text: str, lang: str) -> list[str]:
    rules = rules_for(lang)
    assert rules is not None
    return [text[span.start : span.end] for span in split(text, 0, len(text), rules)]


# '|' stands where a sentence ends.
CASES = [
    ("de", "Laut Agenturberichten,NordwerkMitgründerin Ulla Brandt geht zur Konkurrenz."),
    ("de", "Sie wolle wieder forschen.|Danach sei alles offen."),
    ("de", "Das war 2019.|Danach kam Dr. h.c. J. K. Weißbach von der Nordwerk Inc. zur Bolzen AG."),
    ("de", "Er übernahm z.B. den Vertrieb, z. B. in Ulm.|Am 1. Juli beginnt sie, im 19. Stock, als Nr. 5 im 3. Team."),
    ("de", "Er kam am 15.|Der Rest blieb bis 3. Mai."),
    ("de", "„Ich gehe!“, sagte Ulla Brandt.|„Wir bleiben.“|Er nickte."),
    ("de", "»Wir bleiben.«|Er nickte."),
    ("de", "Siehe www.bolzen.example/wechsel.html.|Der Umsatz stieg um 3.5 Prozent auf 2.400 Euro."),
    ("de", "Die Marge sank (siehe S. 4, oben. Nr. 2) weiter.|Wirklich?!|Ja…|Na gut."),
    ("de", "Der Vertrag der Weber GmbH & Co. KG mit St. Gallen endet.|Prof. Weber bleibt."),
    (
        "de",
        "Olaf II. Weiß wohnt in der Hauptstr. 5 in Ulm, der 1. FC Ulm in der Parkstr.|Der Umzug ist am 1.7. geplant.",
    ),
    ("en", "He left Bolt Inc.|The company said so."),
    ("en", "Bolt Inc. Chief J. K. Moor left for U.S. rival Nut Corp. on Feb. 5 at 3.5 p.m. local time.|He was No. 5."),
    ("en", '“Really?” he asked.|“We did it!” Anna Moor said.|"It was hard."|She sighed.'),
    ("en", "eBolt fell 4.5%.|iNut rose.[2]|Version 4.5.1 is out.|See bolt.example/a.b?c=d for more."),
    ("en", "Yahoo! Japan rose.|I like Yahoo!|It is fun."),
    ("en", "The plan was dropped.|Instead, Moor left for Bolt.com and Node.js."),
    ("en", "He waited...|Then he left ... for good."),
    ("en", "He smiled (we were all there :)) and left.|(She stayed.)|Bye! :)|See you."),
    ("en", "**Moor Named Chief;** **Lund Returns**"),
    ("zh", "他说：“我走了。”|随后离开螺栓公司。"),
    ("zh", "“真的吗？”他问。|“我期待。”莫尔说，一切都好。"),
    ("zh", "据《螺栓》周刊2024年报道,莫尔宣布离职,本次共有3人,其中包括伦德.布兰特。"),
    ("zh", "莫尔离开了公司.|下周加入Bolt.|她很高兴.|伦德也是"),
    ("zh", "莫尔来了!!!|我……不知道……"),
    ("zh", "(2015年,我们在咖啡馆见面。聊了很久:))」后来他走了。"),
    ("zh", "图片见http://bolt.example/a.b?c。|Bolt 3.1发布,增长4.5%。|伦德（曾任总裁。）加入螺帽公司。"),
    ("ja", "森田氏は「辞めます。次へ行きます。」と述べた。|「行くぞ！」と叫んだ。"),
    ("ja", "Yahoo!ニュースによると、森田氏は退職した。|すごい!|本当?|うん。"),
    ("zh", "1.莫尔离职。|《离开?》是一本书。|他说:“不!”|她哭了。|“公司很好。我们会努力。”莫尔表示。"),
    ("ja", "「はい。」|村井氏はこう答えた。|(注。)|森田氏（前社長。）は去った。"),
    ("ja", "売上高は3.5倍となった。|Ver. 2.0も出た……次はBolt社の番だ"),
]


@pytest.mark.parametrize(("lang", "marked"), CASES)
def test_sentences_end_where_a_reader_ends_them(lang: str, marked: str) -> None:
    # After '|' a blank stands in languages that put one there; the glued cases stand without.
    expected = marked.split("|")
    glue = " " if lang in ("de", "en") else ""
    assert sentences(glue.join(expected), lang) == expected


def test_a_sentence_glued_to_the_next_still_ends() -> None:
    assert sentences("Sie wolle forschen.Danach sei alles offen.", "de") == [
        "Sie wolle forschen.",
        "Danach sei alles offen.",
    ]
    assert sentences("„Wir bleiben.“Er nickte.", "de") == ["„Wir bleiben.“", "Er nickte."]
    assert sentences("She left.Then, he left.", "en") == ["She left.", "Then, he left."]


def test_glued_names_and_addresses_do_not_end_a_sentence() -> None:
    for text in (
        "Weber zog nach St.Gallen.",
        "Die Seite bolzen.example wächst.",
        "Er nutzt Node.js und a.b@bolt.example.",
    ):
        assert sentences(text, "de") == [text]


def test_a_headline_ends_with_its_line() -> None:
    text = "Bolt names new chief\nAnna Moor will lead the maker of nuts from May.\n\nShares rose\n\nIn Ulm, they fell."
    assert sentences(text, "en") == [
        "Bolt names new chief",
        "Anna Moor will lead the maker of nuts from May.",
        "Shares rose",
        "In Ulm, they fell.",
    ]


def test_lines_wrapped_inside_a_sentence_are_joined() -> None:
    wrapped = "Anna Moor will lead the maker of\nnuts from May, the chairman of\nBolt said in a\nletter."
    assert sentences(f"Bolt names new chief\n\n{wrapped}", "en") == ["Bolt names new chief", wrapped]
    chinese = (
        "螺栓公司今天在上海宣布任命安娜莫尔为新任首席执\n行官该任命自五月一日起生效她此前在螺帽公司担任\n财务总监一职。"
    )
    assert len(sentences(chinese, "zh")) == 1


def test_lines_wrapped_before_capitals_and_numbers_are_joined() -> None:
    body = (
        "Ulla Brandt, derzeit Leiterin der großen\n"
        "Nordwerk-Niederlassung, wird ab dem 1.\n"
        "April bei der Bolzen AG anfangen. Seither\n"
        "leitet dort Olaf Weiß den Vertrieb des\n"
        "Unternehmens."
    )
    found = sentences(
        f"Neue Leitung im Vertrieb der Bolzen AG / Die Nordwerk verliert erneut eine Managerin\n{body}", "de"
    )
    assert found[0].startswith("Neue") and found[0].endswith("Managerin")
    assert found[1].endswith("Bolzen AG anfangen.")
    assert found[2:] == ["Seither\nleitet dort Olaf Weiß den Vertrieb des\nUnternehmens."]


def test_list_items_and_headings_are_sentences_of_their_own() -> None:
    text = "Changes:\n* Moor joins\n- lund leaves\n1. Brandt stays\n## more news\nnothing."
    assert sentences(text, "en") == [
        "Changes:",
        "* Moor joins",
        "- lund leaves",
        "1. Brandt stays",
        "## more news\nnothing.",
    ]


def test_a_japanese_sentence_may_end_with_a_space_alone() -> None:
    assert sentences("ボルト社を退職しました 次はナット社です 応援お願いします♪ 社長 森田健一", "ja") == [
        "ボルト社を退職しました",
        "次はナット社です",
        "応援お願いします♪",
        "社長 森田健一",
    ]


def test_a_long_quotation_is_split_inside() -> None:
    text = "森田氏は「" + "新しい場所で新しい仕事を始めるつもりです。" * 10 + "」と述べた。"
    assert len(sentences(text, "ja")) > 5


def test_a_text_without_end_is_cut_at_commas() -> None:
    text = "nuts and bolts, " * 200
    found = sentences(text, "en")
    assert all(len(sentence) <= LONGEST for sentence in found)
    assert all(sentence.endswith(",") for sentence in found)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "piece", ["a", "字", ". ", "(", "「", '"', ":)", "a.", "a@", "Dr. ", "……", "。」", "A.B", "[1]"]
)
def test_long_texts_take_time_in_proportion(lang: str, piece: str) -> None:
    begun = time.perf_counter()
    found = sentences(piece * (100_000 // len(piece)), lang)
    assert time.perf_counter() - begun < 5
    assert found


def test_only_prose_of_known_languages_gets_sentences() -> None:
    text = "He left. She stayed.\nPhoto: Bolt.\nЯ ушёл. Он остался."
    stretches = (Stretch(0, 20, "en"), Stretch(21, 33, "en", StretchKind.BOILERPLATE), Stretch(34, len(text), "xx"))
    document = SentenceSplitter().process([Document("a.txt", text, "", stretches=stretches)])[0]
    assert [(sentence.start, sentence.end, sentence.lang) for sentence in document.sentences] == [
        (0, 8, "en"),
        (9, 20, "en"),
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_data_of_every_language_is_sound(lang: str) -> None:
    rules = rules_for(lang)
    assert rules is not None
    assert not set(rules.always) & set(rules.stops)
    assert set(rules.protected) <= set(rules.pairs)
    assert all(len(pair) == 2 for pair in rules.pairs)
    assert not rules.abbreviations & rules.final_abbreviations


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                *(
                    *'。！？?!….,()「」“”„"他走と5',
                    "He",
                    "left",
                    "Dr",
                    ":)",
                    "http://a.b/c.",
                    "e.V",
                    "[1]",
                    "👩\u200d💻",
                ),
                *(" ", "\n", "\r\n", "\n\n", "\u3000", "\u2028", "* ", "- ", "1. "),
            ]
        ),
        max_size=60,
    ),
    st.sampled_from(LANGUAGES),
    st.integers(0, 5),
)
def test_sentences_are_trimmed_in_order_and_hold_all_but_white_space(pieces: list[str], lang: str, skip: int) -> None:
    text = "".join(pieces)
    rules = rules_for(lang)
    assert rules is not None
    start = min(skip, len(text))
    found = split(text, start, len(text), rules)
    end = start
    for span in found:
        assert end <= span.start < span.end <= len(text)
        assert text[end : span.start].strip() == ""
        assert text[span.start : span.end].strip() == text[span.start : span.end]
        end = span.end
    assert text[end:].strip() == ""
