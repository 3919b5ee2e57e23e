"""Transliteration: names in Chinese characters and kana against names in Latin letters. All people are invented."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtrail.identity import names, scripts
from claimtrail.identity.names import Kind
from claimtrail.identity.scripts import Script
from claimtrail.identity.transliteration import Score, Weights, weights

TABLES = ("zh-latin", "kana-latin", "zh-kana", "kanji-latin")


@pytest.mark.parametrize(
    ("foreign", "latin", "kind"),
    [
        ("布伦内克", "Torvald Brenneke", Kind.SURNAME),
        ("托瓦尔德·布伦内克", "Torvald Brenneke", Kind.FULL),
        ("托瓦尔德布伦内克", "Torvald Brenneke", Kind.FULL),
        ("霍尔姆奎斯特", "Agnes Holmqvist", Kind.SURNAME),
        ("麦克唐纳德", "Fergus McDonald", Kind.SURNAME),
        ("佩特罗夫斯卡娅", "Petrovskaya", Kind.SURNAME),
        ("史崔克蘭", "Strickland", Kind.SURNAME),
        ("トルヴァルド・ブレネケ", "Torvald Brenneke", Kind.FULL),
        ("ホルムクヴィスト", "Agnes Holmqvist", Kind.SURNAME),
        ("ペトロフスカヤ", "Irina Petrovskaya", Kind.SURNAME),
        ("ゾンマーフェルト", "Heike Sommerfeld", Kind.SURNAME),
        ("高橋美咲", "Misaki Takahashi", Kind.FULL),
        ("大野健太", "Kenta Ohno", Kind.FULL),
        ("林雪梅", "Lin Xuemei", Kind.FULL),
        ("吕建国", "Jianguo Lu", Kind.FULL),
    ],
)
def test_a_transliterated_name_reads_like_its_latin_form(foreign: str, latin: str, kind: Kind) -> None:
    match = names.compare(foreign, latin)
    assert match.probability >= 0.5, match
    assert match.kind is kind


@pytest.mark.parametrize(
    ("foreign", "latin"),
    [
        ("布伦内克", "Agnes Holmqvist"),
        ("布伦内克", "Bernd Brauer"),
        ("ホルムクヴィスト", "Hans Holbein"),
        ("ペトロフスカヤ", "Piotr Petrenko"),
        ("约翰·布伦内克", "John Bolton"),
        ("高橋美咲", "Misaki Tanaka"),
        ("林雪梅", "Lin Jianguo"),
    ],
)
def test_another_name_does_not(foreign: str, latin: str) -> None:
    assert names.compare(foreign, latin).probability < 0.2


@pytest.mark.parametrize(
    ("kana", "han"),
    [("ブレネケ", "布伦内克"), ("トルヴァルド・ブレネケ", "托瓦尔德·布伦内克"), ("ペトロフスカヤ", "佩特罗夫斯卡娅")],
)
def test_katakana_and_chinese_meet_without_a_latin_form(kana: str, han: str) -> None:
    assert names.compare(kana, han).probability >= 0.5
    assert names.compare(kana, "马斯洛夫").probability < 0.2


def test_a_matching_first_name_does_not_carry_a_wrong_surname() -> None:
    right = names.compare("约翰·舍恩伯格", "John Schoenberg")
    wrong = names.compare("约翰·舍恩伯格", "John Whitfield")
    assert right.probability >= 0.7
    assert wrong.probability < 0.2


@pytest.mark.parametrize("table", TABLES)
def test_weights_survive_writing_and_reading(table: str) -> None:
    loaded = weights(table)
    assert Weights.from_json(loaded.to_json()) == loaded


@pytest.mark.parametrize("table", TABLES)
def test_weights_are_small_and_whole(table: str) -> None:
    loaded = weights(table)
    assert len(loaded.logistic) == 4
    assert len(loaded.table) > 100
    assert all(len(piece) <= loaded.longest for row in loaded.table.values() for piece in row)
    assert (scripts.data_folder() / f"{table}.json").stat().st_size < 400_000


def test_a_source_too_short_for_the_letters_is_no_reading() -> None:
    model = weights("kana-latin")
    score = model.score(("ア",), ("abcdefghijklmnop",))
    assert model.probability(score) < 0.001


def test_the_pieces_of_a_reading_spell_the_name() -> None:
    model = weights("kana-latin")
    units = scripts.morae("トルヴァルドブレネケ")
    pieces = model.pieces(units, ("torvald", "brenneke"))
    assert "".join(pieces) == "torvaldbrenneke"
    assert len(pieces) == len(units)
    assert len(model.closeness(units, ("torvald", "brenneke"))) == 2


def test_a_name_is_told_from_one_spelled_nearly_like_it() -> None:
    model = weights("kana-latin")
    units = scripts.morae("ブレネケ")
    assert model.likeness(units, ("brenneke",)) > 0.5 > model.likeness(units, ("grenneke",))


@given(st.floats(-50, 50), st.floats(-50, 50), st.integers(1, 30))
def test_more_gain_is_never_less_likely(one: float, other: float, letters: int) -> None:
    low, high = sorted((one, other))
    for table in TABLES:
        model = weights(table)
        assert model.probability(Score(low, letters, 3)) <= model.probability(Score(high, letters, 3))


@given(st.text(max_size=12), st.text(max_size=12))
def test_comparing_any_two_strings_gives_the_same_probability_both_ways(one: str, other: str) -> None:
    match = names.compare(one, other)
    assert 0 <= match.probability <= 1
    assert names.compare(other, one) == match


@pytest.mark.parametrize(
    ("kana", "latin"),
    [
        ("キャベツ", "kyabetsu"),
        ("しんぶん", "shinbun"),
        ("ヴィオラ", "viora"),
        ("チェロ", "chero"),
        ("ウィスキー", "wisuki"),
        ("ジョッキ", "jokki"),
    ],
)
def test_kana_are_written_in_latin_letters(kana: str, latin: str) -> None:
    assert scripts.romaji(kana) == latin


def test_morae_take_their_small_vowels() -> None:
    assert scripts.morae("シュヴァルツ") == ("シュ", "ヴァ", "ル", "ツ")
    assert scripts.morae("まっすぐ") == ("マ", "ッ", "ス", "グ")


def test_character_forms_of_three_scripts_fold_alike() -> None:
    assert scripts.fold_hanzi("廣澤櫻") == scripts.fold_hanzi("広沢桜") == scripts.fold_hanzi("广泽樱")
    assert scripts.fold_hanzi("佐々木") == "佐佐木"


def test_long_vowels_fold_alike() -> None:
    assert len({scripts.long_vowels_folded(name) for name in ("Ōno", "Ohno", "Oono", "Ouno")}) == 1


def test_latin_letters_fold_without_accents_and_umlauts_also_as_two_letters() -> None:
    assert scripts.fold_latin("Łukasz Ørsted-Höß") == "lukasz orsted-hoss"
    assert scripts.fold_umlauts("Höß") == "hoess"


@pytest.mark.parametrize(
    ("name", "script"),
    [
        ("Łukasz", Script.LATIN),
        ("ブレネケ", Script.KANA),
        ("高橋サム", Script.HAN),
        ("123", Script.OTHER),
        ("", Script.OTHER),
    ],
)
def test_the_script_of_a_name_is_told_by_its_letters(name: str, script: Script) -> None:
    assert scripts.script_of(name) is script


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("布伦内克", "Torvald Brenneke"),
        ("ブレネケ", "Torvald Brenneke"),
        ("ブレネケ", "布伦内克"),
        ("高橋美咲", "Misaki Takahashi"),
        ("林雪梅", "Xuemei Lin"),
    ],
)
def test_names_that_match_begin_with_a_common_sound(one: str, other: str) -> None:
    assert {k[0] for k in names.sound_keys(one)} & {k[0] for k in names.sound_keys(other)}
