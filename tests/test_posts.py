"""Posts have one English key in every language."""

import pytest

from claimtrail.normalise.posts import canonical_post, is_interim, post_name

SAME = [
    ("chief executive officer", [("CEO", "en"), ("Chief Executive", "en"), ("Vorstandsvorsitzender", "de"),
                                 ("Konzernchefin", "de"), ("首席执行官", "zh"), ("執行長", "zh"), ("ＣＥＯ", "zh"),
                                 ("最高経営責任者", "ja")]),
    ("chief financial officer", [("CFO", "en"), ("Finanzvorständin", "de"), ("財務長", "zh"),
                                 ("最高財務責任者", "ja")]),
    ("chair", [("chairwoman", "en"), ("Verwaltungsratspräsident", "de"), ("董事长", "zh"), ("取締役会長", "ja")]),
    ("president", [("President", "en"), ("Präsidentin", "de"), ("总裁", "zh"), ("代表取締役社長", "ja")]),
    ("head of research", [("head of research", "en"), ("Forschungschef", "de"), ("研究负责人", "zh"),
                          ("研究責任者", "ja")]),
    ("senior vice president of research", [("Senior Vice President of Research", "en"), ("研究高级副总裁", "zh")]),
    ("co-founder", [("co-founder", "en"), ("Mitgründerin", "de"), ("聯合創始人", "zh"), ("共同創業者", "ja")]),
    ("chief growth officer", [("chief growth officer", "en"), ("首席增长官", "zh"), ("最高成長責任者", "ja")]),
    ("interim chief executive officer", [("interim CEO", "en"), ("临时CEO", "zh"), ("暫定CEO", "ja")]),
    ("co chief executive officer", [("co-CEO", "en"), ("Co-CEO", "de"), ("联席CEO", "zh"), ("共同CEO", "ja")]),
    ("former chief executive officer", [("ex-CEO", "en"), ("früherer Vorstandschef", "de"), ("前CEO", "zh"),
                                        ("元CEO", "ja")]),
    ("chair and chief executive officer", [("chairman and CEO", "en"), ("董事长兼CEO", "zh"), ("会長兼CEO", "ja")]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("key", "text", "lang"), [(key, text, lang) for key, written in SAME for text, lang in written]
)
def test_a_post_has_one_key_in_every_language(key: str, text: str, lang: str) -> None:
    assert canonical_post(text, lang) == key


@pytest.mark.parametrize(("text", "lang"), [("Oberkräuterfrau", "de"), ("茶艺博士", "zh"), ("御茶頭取締", "ja")])
def test_an_unknown_post_stays_itself(text: str, lang: str) -> None:
    assert post_name(text, lang) is None
    assert canonical_post(text, lang) == text.casefold()


def test_what_stands_in_brackets_is_a_gloss() -> None:
    assert canonical_post("CFO（首席财务官）", "zh") == "chief financial officer"


def test_a_language_without_tables_has_no_names() -> None:
    assert post_name("CEO", "xx") is None
    assert canonical_post("CEO", "xx") == "ceo"


@pytest.mark.parametrize(
    ("text", "lang", "interim"),
    [
        ("acting head of trading", "en", True),
        ("interim chair", "en", True),
        ("chair", "en", False),
        ("Interimschefin", "de", True),
        ("kommissarischer Leiter", "de", True),
        ("Leiterin", "de", False),
        ("代理董事长", "zh", True),
        ("副董事长", "zh", False),
        ("暫定社長", "ja", True),
        ("社長", "ja", False),
    ],
)
def test_posts_for_the_time_being_are_told(text: str, lang: str, interim: bool) -> None:
    assert is_interim(text, lang) == interim
