"""Stretches: languages by line and script, boilerplate, unsupported languages. All people and firms are invented."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimtrail.data import languages
from claimtrail.document import Document, State, Stretch, StretchKind
from claimtrail.segment.boilerplate import Boilerplate, load
from claimtrail.segment.stretches import Segmenter

LANGUAGES = ("de", "en", "ja", "zh")
EN = "Nora Vesterholm has decided to leave Brandeck Systems after almost nine years with the company."
DE = "Die Firma hat am Montag mitgeteilt, dass Jonas Wiegand das Unternehmen auf eigenen Wunsch verlassen wird."
ZH = "这家公司昨天表示，负责研究的副总裁白云山已经决定离开，并将加入他的朋友创办的新公司。"
ZH_TRADITIONAL = "這家公司昨天表示，負責研究的副總裁白雲山已經決定離開，並將加入他的朋友創辦的新公司。"
JA = "同社は昨日、研究担当の副社長である白山雲平氏が退社し、友人の会社に加わることを明らかにした。"
FR = "La société a annoncé lundi que la directrice des finances quitterait son poste pour rejoindre une banque."
KO = "회사는 어제 연구를 담당하는 부사장이 회사를 떠나 친구가 세운 새 회사에 합류한다고 밝혔다."


def segmented(text: str, **options: str) -> Document:
    document = Document(doc_id="a.txt", text=text, sha256="")
    return Segmenter(LANGUAGES, **options).process([document])[0]


def stretch_of(document: Document, part: str) -> Stretch:
    place = document.text.index(part)
    return next(s for s in document.stretches if s.start <= place and place + len(part) <= s.end)


def prose(document: Document) -> list[tuple[str, str]]:
    return [(s.lang, document.text[s.start : s.end]) for s in document.stretches if s.kind is StretchKind.PROSE]


@pytest.mark.parametrize(("text", "lang"), [(EN, "en"), (DE, "de"), (ZH, "zh"), (ZH_TRADITIONAL, "zh"), (JA, "ja")])
def test_a_text_of_one_language_is_one_stretch(text: str, lang: str) -> None:
    document = segmented(text)
    assert document.lang == lang
    assert document.state is State.PROCESSED
    assert prose(document) == [(lang, text)]


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Brandeck holt neue Finanzchefin", "de"),
        ("Brandeck names new finance chief", "en"),
        ("布兰德克总裁辞职", "zh"),
        ("布蘭德克總裁請辭獲准", "zh"),
        ("架空電機、社長が交代へ", "ja"),
        ("架空総合銀行取締役会長辞任発表", "ja"),
        (
            "架空省人事（1日）大臣官房付（水管理局長）白山雲平▽水管理局長（中央資源局長）青木光▽技監（調整課長）東海林大",
            "ja",
        ),
        ("架空集團人事異動：副總裁白雲山升任總裁，原總裁轉任董事長，任期三年。", "zh"),
    ],
)
def test_a_headline_alone_is_recognised(text: str, lang: str) -> None:
    assert segmented(text).lang == lang


def test_a_kanji_only_line_stays_japanese_in_a_japanese_text() -> None:
    document = segmented(f"架空電機代表取締役人事\n\n{JA}\n大田原市役所前 山本太一郎\n{JA}")
    assert [lang for lang, _ in prose(document)] == ["ja"]


def test_a_long_list_of_names_in_kanji_stays_japanese() -> None:
    names = "、".join(["山本太一", "田中次郎", "高橋三郎", "伊藤四郎", "渡辺五郎"] * 4)
    document = segmented(f"{JA}{JA}\n新取締役一覧\n{names}\n{JA}{JA}")
    assert [lang for lang, _ in prose(document)] == ["ja"]


def test_old_forms_in_a_japanese_name_do_not_make_the_line_chinese() -> None:
    document = segmented(f"{JA}\n齋藤澤廣 副社長\n{JA}")
    assert [lang for lang, _ in prose(document)] == ["ja"]


def test_a_han_line_stays_chinese_in_a_chinese_text() -> None:
    document = segmented(f"{ZH}\n白云山\n{ZH}")
    assert [lang for lang, _ in prose(document)] == ["zh"]


def test_one_kana_in_a_chinese_line_does_not_make_it_japanese() -> None:
    document = segmented(f"{ZH}\n他在茶饮品牌“鲜の园”工作了三年，之后离开了这家公司，回到了自己的家乡。")
    assert [lang for lang, _ in prose(document)] == ["zh"]


def test_a_letter_followed_by_its_translation_gives_two_stretches() -> None:
    document = segmented(f"{EN}\n{ZH}\n{ZH}")
    assert [lang for lang, _ in prose(document)] == ["en", "zh"]


def test_german_and_english_paragraphs_are_told_apart() -> None:
    document = segmented(f"{DE}\n\n{EN}\n\n{DE}")
    assert [lang for lang, _ in prose(document)] == ["de", "en", "de"]


def test_chinese_and_japanese_paragraphs_are_told_apart() -> None:
    document = segmented(f"{ZH}\n{JA}\n{ZH_TRADITIONAL}")
    assert [lang for lang, _ in prose(document)] == ["zh", "ja", "zh"]


def test_one_line_may_hold_two_languages() -> None:
    document = segmented(f"{EN} {EN} {ZH}{ZH}")
    assert [lang for lang, _ in prose(document)] == ["en", "zh"]
    assert prose(document)[0][1] == f"{EN} {EN}"


def test_a_long_line_may_change_from_english_to_german() -> None:
    document = segmented(f"{EN} {EN} {EN} {DE} {DE} {DE}")
    assert [lang for lang, _ in prose(document)] == ["en", "de"]


def test_an_english_sentence_at_the_end_of_a_chinese_line_is_english() -> None:
    document = segmented(f"{ZH}他最后写道：{EN}")
    assert [lang for lang, _ in prose(document)] == ["zh", "en"]


def test_english_names_within_a_chinese_sentence_do_not_cut_it() -> None:
    line = "据The Brandeck Weekly Review of Business报道，Brandeck Systems的创始人Nora Vesterholm已经离开了公司。"
    assert prose(segmented(line)) == [("zh", line)]


@pytest.mark.parametrize("name", ["Nora Vesterholm", "Brandeck Systems", "Chief Executive Officer"])
@pytest.mark.parametrize(("body", "lang"), [(ZH, "zh"), (JA, "ja")])
def test_a_short_latin_line_stays_in_the_language_of_the_text(name: str, body: str, lang: str) -> None:
    assert [found for found, _ in prose(segmented(f"{body}\n{name}\n{body}"))] == [lang]


def test_the_words_of_a_link_make_no_sentence() -> None:
    line = "[^1]: [THE OTHER SIDE](https://www.brandeck.example/the/story/of/the/other/side)"
    assert [lang for lang, _ in prose(segmented(f"{JA}\n{line}\n{JA}"))] == ["ja"]


def test_a_latin_sentence_on_a_line_of_a_chinese_text_is_english() -> None:
    document = segmented(f"{ZH}\n{EN}\n{ZH}")
    assert stretch_of(document, EN).lang == "en"


def test_a_chinese_name_on_a_line_of_a_german_text_stays_in_german_prose() -> None:
    assert [lang for lang, _ in prose(segmented(f"{DE}\n白云山\n{DE}"))] == ["de"]


def test_an_english_quotation_of_few_words_does_not_cut_a_german_line() -> None:
    line = f"{DE} „We will miss him“, sagte die Vorsitzende des Aufsichtsrats."
    assert [lang for lang, _ in prose(segmented(line))] == ["de"]


def test_wrapped_lines_of_a_paragraph_are_one_stretch() -> None:
    wrapped = DE.replace(" ", "\n", 5)
    assert prose(segmented(f"{wrapped}\n{DE}")) == [("de", f"{wrapped}\n{DE}")]


@pytest.mark.parametrize(("text", "name"), [(FR, "French"), (KO, "Korean")])
def test_an_unsupported_language_is_named(text: str, name: str) -> None:
    document = segmented(f"{text}\n\n{text}")
    assert document.state is State.UNSUPPORTED_LANGUAGE
    assert document.reason == name
    assert not prose(document)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("La compañía anunció el lunes que el director financiero dejará su cargo a finales de este año.", "Spanish"),
        ("La società ha annunciato lunedì che il direttore finanziario lascerà il suo incarico alla fine.", "Italian"),
        ("A empresa anunciou na segunda-feira que o diretor financeiro deixará o cargo no final do ano.", "Portuguese"),
        ("Het bedrijf maakte maandag bekend dat de financieel directeur aan het einde van het jaar vertrekt.", "Dutch"),
        ("Компания сообщила в понедельник, что финансовый директор покинет свой пост в конце года.", "Russian"),
        ("أعلنت الشركة يوم الاثنين أن المدير المالي سيغادر منصبه في نهاية العام.", "Arabic"),
        ("ბანკის დირექტორი თანამდებობას დატოვებს.", "Georgian"),
    ],
)
def test_other_languages_are_named_too(text: str, name: str) -> None:
    document = segmented(text)
    assert (document.state, document.reason) == (State.UNSUPPORTED_LANGUAGE, name)


@pytest.mark.parametrize(("text", "lang"), [(EN, "en"), (DE, "de"), (FR, "fr"), (ZH, "zh"), (JA, "ja")])
def test_each_language_that_ships_is_told_from_the_others(text: str, lang: str) -> None:
    (document,) = Segmenter(tuple(languages())).process([Document(doc_id="a.txt", text=text, sha256="")])
    assert (document.state, document.lang) == (State.PROCESSED, lang)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("La empresa anunció el lunes que la directora financiera dejará su cargo a finales de este año.", "Spanish"),
        ("La società ha annunciato lunedì che il direttore finanziario lascerà il suo incarico alla fine.", "Italian"),
    ],
)
def test_languages_near_french_are_not_taken_for_it(text: str, name: str) -> None:
    (document,) = Segmenter(tuple(languages())).process([Document(doc_id="a.txt", text=text, sha256="")])
    assert (document.state, document.reason) == (State.UNSUPPORTED_LANGUAGE, name)


def test_a_foreign_paragraph_of_a_german_text_is_set_aside() -> None:
    document = segmented(f"{DE}\n\n{FR}\n\n{DE}\n\n{DE}")
    assert document.state is State.PROCESSED
    assert document.lang == "de"
    found = stretch_of(document, FR)
    assert (found.kind, found.reason) == (StretchKind.BOILERPLATE, "language:fr")


def test_a_korean_paragraph_of_a_chinese_text_is_set_aside() -> None:
    document = segmented(f"{ZH}\n{KO}\n{ZH}\n{ZH}")
    assert stretch_of(document, KO).reason == "language:ko"
    assert document.lang == "zh"


def test_a_french_text_with_an_english_paragraph_is_unsupported() -> None:
    document = segmented(f"{FR}\n\n{FR}\n\n{EN}\n\n{FR}")
    assert (document.state, document.reason) == (State.UNSUPPORTED_LANGUAGE, "French")


def test_a_forced_language_holds_for_all_prose() -> None:
    document = segmented(f"{FR}\n图源:X\n{ZH}", forced="en")
    assert [lang for lang, _ in prose(document)] == ["en", "en"]
    assert document.lang == "en"
    assert stretch_of(document, "图源:X").kind is StretchKind.BOILERPLATE


def test_an_unknown_language_cannot_be_forced() -> None:
    with pytest.raises(ValueError, match="installed are de, en, ja, zh"):
        Segmenter(LANGUAGES, forced="xx")


@pytest.mark.parametrize(
    ("languages", "text", "name"),
    [
        (("zh",), JA, "Japanese"),
        (("ja",), ZH + ZH_TRADITIONAL, "Chinese"),
        (("de",), EN, "English"),
        (("en", "zh"), DE, "German"),
        (("zh", "ja"), EN, "English"),
        (("de",), ZH, "Chinese"),
    ],
)
def test_a_language_that_was_not_asked_for_is_named(languages: tuple[str, ...], text: str, name: str) -> None:
    (document,) = Segmenter(languages).process([Document(doc_id="a.txt", text=text, sha256="")])
    assert (document.state, document.reason) == (State.UNSUPPORTED_LANGUAGE, name)


def test_a_text_without_words_is_empty() -> None:
    assert segmented("12 345\n---\n67").state is State.EMPTY


def test_a_text_that_failed_is_passed_on_as_it_is() -> None:
    failed = Document(doc_id="a", text="", sha256="", state=State.FAILED, reason="x")
    assert Segmenter(LANGUAGES).process([failed]) == [failed]


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        (ZH, "图源:X", "picture-credit"),
        (ZH, "白云山 图源:个人网页http://bai.example/", "picture-credit"),
        (ZH, "▲白云山在发布会上(图源:新星科技)", "picture-credit"),
        (ZH, "来源：新星网", "source"),
        (ZH, "文|林大同 陈小雨", "byline"),
        (ZH, "编辑|陈小雨", "byline"),
        (ZH, "分享到：微信 微博", "share"),
        (JA, "（写真：架空通信）", "picture-credit"),
        (JA, "関連記事", "site"),
        (DE, "Foto: Ina Berg", "picture-credit"),
        (DE, "Deutsch中文EnglishEspañolРусскийItaliano日本語Nederlands한국어Ελληνικά", "language-menu"),
        (DE, "Startseite | Wirtschaft | Unternehmen", "navigation"),
        (EN, "Photo by Ina Berg", "picture-credit"),
        (EN, "Share on Facebook", "share"),
        (EN, "This website uses cookies to improve your experience.", "cookies"),
        (EN, "https://news.example/a", "url"),
        (EN, "![img](http://pictures.example/a.jpg)", "markdown-image"),
    ],
)
def test_boilerplate_is_kept_and_marked(text: str, line: str, reason: str) -> None:
    document = segmented(f"{text}\n{line}\n{text}")
    found = stretch_of(document, line)
    assert (found.kind, found.reason) == (StretchKind.BOILERPLATE, reason)
    assert len(prose(document)) == 2


def test_a_credit_after_a_sentence_leaves_the_sentence() -> None:
    document = segmented(f"{DE} Foto: Ina Berg, dpa")
    assert prose(document) == [("de", DE)]
    assert stretch_of(document, "Foto: Ina Berg, dpa").reason == "picture-credit"


def test_a_credit_in_the_middle_of_a_sentence_does_not_cut_it() -> None:
    line = "架空電機の山田花子社長（写真：架空通信）は三月末で退任することを明らかにした。"
    assert prose(segmented(line)) == [("ja", line)]


RULES = [(code, rule) for code in ("", *LANGUAGES) for rule in load(code)[0]]


@pytest.mark.parametrize(("code", "rule"), RULES)
def test_every_boilerplate_pattern_matches_its_examples_and_no_near_miss(code: str, rule: object) -> None:
    boilerplate = Boilerplate(LANGUAGES)
    assert rule.source.examples and rule.source.near_misses  # type: ignore[attr-defined]
    for example in rule.source.examples:  # type: ignore[attr-defined]
        assert rule.find(example), (code, example)  # type: ignore[attr-defined]
    for miss in rule.source.near_misses:  # type: ignore[attr-defined]
        assert boilerplate.find(miss) is None, (code, miss)


def test_every_installed_language_has_a_profile() -> None:
    assert set(LANGUAGES) <= set(languages())
    Segmenter()


SAMPLES = st.sampled_from(
    [EN, DE, ZH, JA, FR, "图源:X", "Foto: Ina Berg", "12.5", "Home > News > Business", "白云山", "?!", "\u200b"]
)
SPACES = st.sampled_from(["\n", "\r\n", "\n\n", " ", "\u3000", "\u2028", "\t", "\x1c", "\x85"])


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.one_of(SAMPLES, st.text(max_size=25)), SPACES), max_size=8))
def test_stretches_are_in_order_and_cover_everything_but_space(parts: list[tuple[str, str]]) -> None:
    text = "".join(part + space for part, space in parts)
    document = segmented(text)
    covered = set()
    last = 0
    for stretch in document.stretches:
        assert last <= stretch.start < stretch.end <= len(text)
        assert not text[stretch.start].isspace() and not text[stretch.end - 1].isspace()
        last = stretch.end
        covered |= set(range(stretch.start, stretch.end))
    assert all(index in covered for index, char in enumerate(text) if not char.isspace())


@settings(max_examples=20, deadline=None)
@given(st.lists(SAMPLES, min_size=1, max_size=5))
def test_the_answer_does_not_depend_on_the_batch(texts: list[str]) -> None:
    documents = [Document(doc_id=str(i), text=text, sha256="") for i, text in enumerate(texts)]
    segmenter = Segmenter(LANGUAGES)
    assert segmenter.process(documents) == [segmenter.process([document])[0] for document in documents]


@pytest.mark.parametrize(
    "text", ["a" * 200_000, "很" * 200_000, "a, " * 60_000, "的 x " * 50_000, "| " * 100_000, "（" * 100_000]
)
def test_a_long_line_costs_little(text: str) -> None:
    segmented(text)
