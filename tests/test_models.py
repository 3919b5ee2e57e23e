"""Every shipped model loads and reaches a floor on sentences about invented people and organisations."""

from __future__ import annotations

import re
import time

import pytest

from claimtrail.document import Span
from claimtrail.engines.base import Passage
from claimtrail.engines.spacy_engine import SpacyEngine, find_model

MARK = re.compile(r"\[([POT]):([^\]]+)\]")
LABELS = {"P": "PERSON", "O": "ORG", "T": "TITLE"}
TEXTS = {
    "en": """[O:Tarnwick Foods] said [P:Odile Brennart] had resigned as [T:chief financial officer] on Monday.
[P:Jonas Veltmann], a former [T:partner] at [O:Corrigan & Lisle], has joined the law firm [O:Ashdown Pell].
The [O:University of Wessmoor] has chosen [P:Priti Ramanathan] as its next [T:vice-chancellor].
[O:Lantern Bank] [T:chairman] [P:Hugo Castellane] denied that he would leave.
Mr [P:Castellane] told the [O:Harbour Gazette] that the board supported him.
"We are sad to see [P:Mei Ling Soh] go," said [P:Robert Okafor], [T:president] of [O:Delphin Airlines].
[O:Wexcombe Rovers] have sacked [T:manager] [P:Darren Pollitt] after six defeats.
The weather in the north will stay dry until the weekend.""",
    "de": """Die [O:Tarnwick AG] verliert ihre [T:Finanzchefin] [P:Odile Brennart] an die [O:Corrigan-Bank].
[P:Jonas Veltmann] wird neuer [T:Geschäftsführer] der [O:Stadtwerke Wessmoor].
Der [T:Trainer] [P:Dario Polić] verlässt den [O:SV Wexheim] im Sommer.
[O:Delphin Airlines]-[T:Chef] [P:Robert Okafor] tritt zurück.
Das sagte [P:Mei-Ling Sohn], [T:Sprecherin] der [O:Lantern Versicherung], am Montag in Köln.
[P:Veltmann] folgt auf [P:Hugo Kastner], der seit 2011 an der Spitze der [O:Universität Wessmoor] stand.
[T:Ministerin] [P:Prisca Ramann] wies den Bericht des [O:Hafenkuriers] zurück.
Im Norden bleibt es bis zum Wochenende trocken.""",
    "zh": """[O:泰恩食品公司][T:首席财务官][P:欧黛儿·布伦纳特]周一宣布辞职。
[P:魏长青]出任[O:威斯摩大学][T:校长]，接替退休的[P:罗思远]。
据悉，[O:蓝汀银行][T:董事长][P:赵启明]已离开公司，加入[O:科里根资本]。
[O:德尔芬航空][T:总裁][P:罗伯特·奥卡福]表示，公司不会裁员。
[O:海港日报]报道，[P:苏美玲]将担任[O:星桥科技][T:副总裁]。
[O:韦斯科姆俱乐部]宣布[T:主教练][P:达伦·波利特]下课。
[P:陈立辉]在[O:远帆汽车]工作了八年。
北方地区周末前以晴天为主。""",
    "ja": """[O:タンウィック食品]の[T:最高財務責任者]、[P:オディール・ブレナート]氏が辞任した。
[O:ウェスモア大学]は[P:西原健介]氏を次期[T:学長]に選んだ。
[O:ランタン銀行]の[P:赤堀誠][T:会長]が退任し、[P:大崎由美]氏が後を継ぐ。
[O:デルフィン航空]の[P:ロバート・オカフォー][T:社長]は記者会見で報道を否定した。
[P:三浦恵]さんは[O:株式会社ホシバシ]を退社し、[O:コリガン証券]に入社した。
[O:港日報]によると、[P:ダレン・ポリット][T:監督]の契約は今季で終わる。
[P:西原]氏は経済学が専門だ。
北部は週末まで晴れる見込み。""",
}
FLOOR = {"en": 0.75, "de": 0.75, "zh": 0.75, "ja": 0.75}
SHIPPED = [lang for lang in TEXTS if find_model(lang) is not None]


def marked(line: str) -> tuple[str, set[tuple[int, int, str]]]:
    text, spans, at = "", set(), 0
    for match in MARK.finditer(line):
        text += line[at : match.start()]
        spans.add((len(text), len(text) + len(match[2]), LABELS[match[1]]))
        text += match[2]
        at = match.end()
    return text + line[at:], spans


@pytest.mark.slow
@pytest.mark.parametrize("lang", SHIPPED)
def test_a_shipped_model_loads_fast_and_reaches_its_floor(lang: str) -> None:
    begun = time.process_time()
    engine = SpacyEngine()
    engine.analyse([Passage("A.", (Span(0, 2),))], lang)
    assert time.process_time() - begun < 5
    right = found = wanted = 0
    for line in TEXTS[lang].splitlines():
        text, gold = marked(line)
        (analysis,) = engine.analyse([Passage(text, (Span(0, len(text)),))], lang)
        guess = {(e.start, e.end, e.label.value) for e in analysis.entities if e.label.value in LABELS.values()}
        right += len(gold & guess)
        found += len(guess)
        wanted += len(gold)
    assert 2 * right / (found + wanted) >= FLOOR[lang]


@pytest.mark.slow
@pytest.mark.parametrize("lang", SHIPPED)
def test_a_shipped_model_has_a_card_that_names_its_licence(lang: str) -> None:
    folder = find_model(lang)
    assert folder is not None
    card = (folder / "CARD.md").read_text("utf-8")
    assert "CC BY-SA 4.0" in card
    assert "## Data" in card
