"""Entities corrected by the table of organisations, by patterns and by agreement within a document."""

import dataclasses
import re
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimtrail.document import Document, Entity, Label, Sentence, Span, Token
from claimtrail.engines import tokenise
from claimtrail.entities.gazetteer import entry, gazetteer, key_of, table
from claimtrail.entities.lexicon import entity_rules
from claimtrail.entities.refine import RefineEntities
from claimtrail.entities.script import fold
from claimtrail.entities.states import StatesAsBodies
from claimtrail.normalise.posts import find_titles

LANGUAGES = ("en", "de", "zh", "ja")
MARK = re.compile(r"\[([POGDT]):([^\[\]]+)\]")
LABELS = {"P": Label.PERSON, "O": Label.ORG, "G": Label.GPE, "D": Label.DATE, "T": Label.TITLE}
WORD = re.compile(r"\w+|[^\w\s]")
TOKENISE = {"zh": tokenise.chinese, "ja": tokenise.japanese}


def tokens(text: str, lang: str, base: int) -> list[Token]:
    if lang in TOKENISE:
        return [Token(piece.start + base, piece.end + base) for piece in TOKENISE[lang](text)]
    return [Token(match.start() + base, match.end() + base) for match in WORD.finditer(text)]


def document(marked: str, lang: str) -> Document:
    """Make a document of one sentence a line from a text in which ``[P:…]`` marks what the model found."""
    text, entities, position = "", [], 0
    for match in MARK.finditer(marked):
        text += marked[position : match.start()]
        entities.append(Entity(len(text), len(text) + len(match[2]), LABELS[match[1]]))
        text += match[2]
        position = match.end()
    text += marked[position:]
    found: list[Token] = []
    sentences = []
    for line in re.finditer(r"[^\n]+", text):
        first = len(found)
        found += tokens(line.group(), lang, line.start())
        sentences.append(Sentence(line.start(), line.end(), lang, first, len(found)))
    return Document(
        "a.txt", text, "", lang=lang, sentences=tuple(sentences), tokens=tuple(found), entities=tuple(entities)
    )


def marked_again(refined: Document) -> str:
    text, position = "", 0
    letters = {label: letter for letter, label in LABELS.items()}
    for entity in refined.entities:
        text += refined.text[position : entity.start] + f"[{letters[entity.label]}:{refined.covered(entity)}]"
        position = entity.end
    return text + refined.text[position:]


def posts(text: str, lang: str, start: int, end: int, *, barriers: Sequence[Span]) -> list[Span]:
    """Find a few posts, as the lexicon of titles does."""
    words = r"chief executive|\bboss\b|(?<![A-Za-z])CEO|Geschäftsführer(?:in)?|董事长|总统|代表取締役|社長|取締役"
    found = [Span(*match.span()) for match in re.compile(words).finditer(text, start, end)]
    return [post for post in found if not any(b.start < post.end and post.start < b.end for b in barriers)]


def refined(marked: str, lang: str) -> str:
    return marked_again(StatesAsBodies().process(RefineEntities(posts).process([document(marked, lang)]))[0])


EXPECTED = [
    # a surname alone, once the whole name is known
    ("en", "[P:Odile Marchbank] left.\nMarchbank is 51.", "[P:Odile Marchbank] left.\n[P:Marchbank] is 51."),
    ("de", "[P:Ortrun Haselbeck] geht.\nHaselbecks Nachfolger fehlt.", None),
    # what tells of the officer is no part of the name; a chamber before its officer
    ("de", "Der [O:interimistische Nordgas]-Chef geht.", "Der interimistische [O:Nordgas]-Chef geht."),
    ("de", "Wirtschaftskammer-Präsident [P:Jost Adler] geht.", "[O:Wirtschaftskammer]-Präsident [P:Jost Adler] geht."),
    ("de", "Das Wirtschaftskammer-Fest war laut.", None),
    (
        "ja",
        "[P:オディール・マーチバンク]が退社した。\nマーチバンクは51歳。",
        "[P:オディール・マーチバンク]が退社した。\n[P:マーチバンク]は51歳。",
    ),
    ("zh", "[P:奥迪勒·马奇班克]离职。\n马奇班克今年51岁。", "[P:奥迪勒·马奇班克]离职。\n[P:马奇班克]今年51岁。"),
    ("zh", "[P:费多尔库兹明]离职。\n库兹明今年51岁。", "[P:费多尔库兹明]离职。\n[P:库兹明]今年51岁。"),
    # countries and their parts, whatever the model made of them; a class of people or things is no organisation
    (
        "de",
        "[P:Dänemarks] Trainer wechselt nach Niederösterreich.",
        "[G:Dänemarks] Trainer wechselt nach [G:Niederösterreich].",
    ),
    ("de", "Das [O:Hilfswerk Niederösterreich] wächst.", None),
    # a post does not begin with the last character of its body
    ("zh", "[P:岳立新]任[O:北岭交通运输][T:局局长]。", "[P:岳立新]任[O:北岭交通运输局][T:局长]。"),
    # a foreigner's name may end in what else is a conjunction
    ("zh", "[T:外长][P:汉斯·莫克因]宣布辞职。", None),
    # words for what a name names stand outside it
    ("en", "[P:Marchbank] left [O:Danish side Nordby].", "[P:Marchbank] left Danish side [O:Nordby]."),
    ("en", "[O:Insurer Nordby AG] grew.", "Insurer [O:Nordby AG] grew."),
    ("en", "He ran the chemicals firm [P:Van Marsh].", "He ran the chemicals firm [O:Van Marsh]."),
    ("en", "He left the firm [P:Odile Marchbank] founded.", "He left the firm [P:Odile Marchbank] founded."),
    ("en", "[O:Startup] fires [P:Marchbank].", "Startup fires [P:Marchbank]."),
    ("en", "He is chairman of [G:Nordby Land].", "He is chairman of [O:Nordby Land]."),
    # honorifics are no posts
    ("en", "Said [T:chairman Lord] [P:Marchbank].", "Said [T:chairman] Lord [P:Marchbank]."),
    ("en", "[T:Professor] [P:Odile Marchbank] left.", "Professor [P:Odile Marchbank] left."),
    ("en", "[P:Marchbank] moved to New South Wales.", "[P:Marchbank] moved to [G:New South Wales]."),
    (
        "en",
        "[O:Muslims] and [P:Norwegians] spoke of the [O:Cold War] and the [O:Nobel Prize].",
        "Muslims and Norwegians spoke of the Cold War and the Nobel Prize.",
    ),
    ("en", "[O:Dollar General] hired [P:Christian].", None),
    # a town that one joins is a club, what is founded an organisation
    (
        "en",
        "Born in [G:Ipswich], she joined [G:Ipswich] in 1990.",
        "Born in [G:Ipswich], she joined [O:Ipswich] in 1990.",
    ),
    ("en", "[P:Odile Marchbank] joined France.", "[P:Odile Marchbank] joined [G:France]."),
    ("en", "She formed a new band, [G:Almora], in 1990.", "She formed a new band, [O:Almora], in 1990."),
    ("en", "She resigned her seat in [G:Congress].", "She resigned her seat in [O:Congress]."),
    ("zh", "[O:挪威媒体]报道了此事。", "[G:挪威]媒体报道了此事。"),
    ("zh", "[O:挪威邮政]报道了此事。", None),
    ("zh", "[O:欧盟国家]反对，[O:房地产公司]也反对。", "[O:欧盟]国家反对，房地产公司也反对。"),
    # a character behind a name that is marked without it elsewhere
    ("zh", "[O:云足]输了。\n[O:云足]急了。\n[O:云足扯]皮。", "[O:云足]输了。\n[O:云足]急了。\n[O:云足]扯皮。"),
    ("zh", "[O:云足]输了。\n[O:云足]急了。\n[O:云足队]赢了。", None),
    (
        "zh",
        "[P:葛云舟]辞去[T:云舟市市长]职务。\n[P:葛云舟]是[T:市长]。",
        "[P:葛云舟]辞去[O:云舟市][T:市长]职务。\n[P:葛云舟]是[T:市长]。",
    ),
    ("zh", "[O:中甲俱乐部][O:云舟港湾]宣布换帅。", "中甲俱乐部[O:云舟港湾]宣布换帅。"),
    ("zh", "[O:IC设计厂云舟]开会。[O:云舟制造商协会]开会。", "IC设计厂[O:云舟]开会。[O:云舟制造商协会]开会。"),
    ("zh", "[O:北海队]官[P:宣葛舟]出任[T:主帅]。", "[O:北海队]官宣[P:葛舟]出任[T:主帅]。"),
    # a link is no part of the name that it is tied to
    (
        "en",
        "[P:Odile Marchbank (https://www.acme.example] left.",
        "[P:Odile Marchbank] (https://www.acme.example left.",
    ),
    # a post that is sought or served is held by nobody named
    ("zh", "[T:首相]大选临近，[T:首相][P:马奇班克]离职。", "首相大选临近，[T:首相][P:马奇班克]离职。"),
    # but not as a part of another name
    ("en", "[P:Odile Marchbank] left.\nThe Marchbank Foundation stays.", None),
    ("ja", "[P:大槻蒼真]が退社した。\n大槻鉄工は存続する。", None),
    # the table
    ("en", "She left Deutsche Bank for Goldman Sachs.", "She left [O:Deutsche Bank] for [O:Goldman Sachs]."),
    ("de", "Sie verließ die Deutschen Bank.", "Sie verließ die [O:Deutschen Bank]."),
    ("zh", "她离开高盛，加入阿里巴巴。", "她离开[O:高盛]，加入[O:阿里巴巴]。"),
    ("ja", "彼女はゴールドマン・サックスを退社した。", "彼女は[O:ゴールドマン・サックス]を退社した。"),
    ("ja", "彼女はOpenAIを退社した。", "彼女は[O:OpenAI]を退社した。"),
    # names inside words, and names that need support
    ("zh", "高通胀持续。加强生态建设。今日产量下降。词汇丰富。", None),
    ("ja", "全国連合会のメタデータ。", None),
    ("en", "A meta-analysis hit its target near the gap.", None),
    ("en", "Actor Harris Ford waved.", None),
    ("de", "Das Standard-Bild zeigt die Welt.", None),
    ("de", "Das berichtet der „Standard“.", "Das berichtet der „[O:Standard]“."),
    # glued and hyphenated names
    ("de", "OpenAIMitbegründer [P:Ortrun Haselbeck] geht.", "[O:OpenAI]Mitbegründer [P:Ortrun Haselbeck] geht."),
    ("de", "Der [O:Haselwerk-Chef] geht.", "Der [O:Haselwerk]-[T:Chef] geht."),
    ("de", "Die [P:Ortrun-Hasel-Stiftung] hilft.", "Die [O:Ortrun-Hasel-Stiftung] hilft."),
    ("de", "Die [P:Hasel-Werneck] hilft.", None),
    # events, things and peoples are no names, and a player's place is no part of the name
    ("de", "Beim [O:Haselkick] sah [P:Ortrun Hasel] zu.", "Beim Haselkick sah [P:Ortrun Hasel] zu."),
    ("de", "Die [P:Anschuldigungen] trafen den [P:Jordanier].", "Die Anschuldigungen trafen den Jordanier."),
    ("de", "[P:Ersatztorwart Jost Adler] geht.", "Ersatztorwart [P:Jost Adler] geht."),
    ("ja", "[P:マーチバンクCEO]が退任した。", "[P:マーチバンク][T:CEO]が退任した。"),
    ("zh", "[P:库兹明CEO]离职。", "[P:库兹明][T:CEO]离职。"),
    # honorifics make persons and are not part of them
    ("en", "It said Mr Quillfeather resigned.", "It said Mr [P:Quillfeather] resigned."),
    ("en", "[P:Dr. Odile Marchbank] left.", "Dr. [P:Odile Marchbank] left."),
    ("en", "[P:DJ Odile Marchbank] left.", "DJ [P:Odile Marchbank] left."),
    ("en", "[P:ex-CEO Odile Marchbank] left.", "ex-[T:CEO] [P:Odile Marchbank] left."),
    ("de", "Frau Haselbeck ist weg.", "Frau [P:Haselbeck] ist weg."),
    ("de", "Frau Geschäftsführerin war weg.", "Frau [T:Geschäftsführerin] war weg."),
    ("ja", "マーチバンク氏が退任した。", "[P:マーチバンク]氏が退任した。"),
    ("ja", "同氏は両氏と話した。", None),
    ("ja", "その後アンカロワ氏が退任した。", "その後[P:アンカロワ]氏が退任した。"),
    ("ja", "森アンカロワ氏が退任した。", "[P:森アンカロワ]氏が退任した。"),
    ("ja", "[O:misaki.jp『青嶺電機]、交代へ』", "misaki.jp『[O:青嶺電機]、交代へ』"),
    ("ja", "[O:『青嶺電機]』の話。", "『[O:青嶺電機]』の話。"),
    ("ja", "[P:アンカロワSPX]社長が退任した。", "[P:アンカロワ][O:SPX][T:社長]が退任した。"),
    ("ja", "新会長は[P:トヨタ自動車・大槻]氏。", "新会長は[O:トヨタ自動車]・[P:大槻]氏。"),
    ("ja", "[P:アンカロワ・マーチバンク]氏の話。", "[P:アンカロワ・マーチバンク]氏の話。"),
    ("ja", "[P:大槻元トヨタ自動車]監督の話。", "[P:大槻]元[O:トヨタ自動車]監督の話。"),
    ("ja", "[O:NHK日本放送協会]の話。", "[O:NHK日本放送協会]の話。"),
    ("ja", "その後高橋氏が退任した。", "その後[P:高橋]氏が退任した。"),
    ("ja", "後藤氏が退任した。", "[P:後藤]氏が退任した。"),
    ("ja", "[P:大槻蒼真ゴールキーパー]が退団した。", "[P:大槻蒼真]ゴールキーパーが退団した。"),
    ("ja", "3日午後([O:UTC+9])に[O:治安部隊]が来た。", "3日午後(UTC+9)に治安部隊が来た。"),
    ("ja", "[P:大槻蒼真氏]が退任した。", "[P:大槻蒼真]氏が退任した。"),
    ("zh", "董事长葛云舟先生辞职。", "[T:董事长][P:葛云舟]先生辞职。"),
    # brackets pair names
    ("zh", "[P:费多尔库兹明](Fedor Kuzmin)离职。", "[P:费多尔库兹明]([P:Fedor Kuzmin])离职。"),
    (
        "ja",
        "マーチバンク（[P:Odile Marchbank]）が退任した。",
        "[P:マーチバンク]（[P:Odile Marchbank]）が退任した。",
    ),
    (
        "en",
        "[O:Harrow Vale Utilities] (HVU) grew.\nHVU hired him.",
        "[O:Harrow Vale Utilities] ([O:HVU]) grew.\n[O:HVU] hired him.",
    ),
    ("en", "[P:Odile Marchbank] (CEO) left.", "[P:Odile Marchbank] ([T:CEO]) left."),
    # legal forms and heads
    ("en", "He joined Quillfeather Tidal Ltd on Monday.", "He joined [O:Quillfeather Tidal Ltd] on Monday."),
    ("en", "He joined [O:Quillfeather] Holdings.", "He joined [O:Quillfeather Holdings]."),
    ("de", "Sie führt die Haselwerk GmbH.", "Sie führt die [O:Haselwerk GmbH]."),
    ("de", "Er wechselt zum Windparkbauer Haselwerk AG.", "Er wechselt zum Windparkbauer [O:Haselwerk AG]."),
    ("de", "Sie wechselt ins Landwirtschaftsministerium.", "Sie wechselt ins [O:Landwirtschaftsministerium]."),
    ("zh", "他加入[O:云舟科技]股份有限公司。", "他加入[O:云舟科技股份有限公司]。"),
    ("ja", "株式会社[O:ホシヅキ]に入社。", "[O:株式会社ホシヅキ]に入社。"),
    ("en", "She left [O:Radio Harrow Channel] 4 in May.", "She left [O:Radio Harrow Channel 4] in May."),
    ("en", "She left [O:Radio Harrow] 4 weeks ago.", None),
    ("en", "The [O:Quillfeather boss of] Odile.", "The [O:Quillfeather] [T:boss] of Odile."),
    # short forms
    ("zh", "[O:杭州云舟科技股份有限公司]（以下简称“云舟科技”）公告。\n云舟科技董事长辞职。", None),
    (
        "en",
        "[O:Quillfeather Tidal Ltd] grew.\nBoth left Quillfeather.",
        "[O:Quillfeather Tidal Ltd] grew.\nBoth left [O:Quillfeather].",
    ),
    (
        "ja",
        "[O:株式会社ホシヅキ]は発表した。\nホシヅキは新興企業だ。",
        "[O:株式会社ホシヅキ]は発表した。\n[O:ホシヅキ]は新興企業だ。",
    ),
    ("en", '[O:Harrow Vale Utilities] ("Harrow") grew.', '[O:Harrow Vale Utilities] ("[O:Harrow]") grew.'),
    ("en", '[O:Harrow Vale Utilities] (the "Company") grew.', None),
    (
        "de",
        "Die [O:Haselwerk Netze GmbH] (kurz „Haselnetz“) wuchs.",
        "Die [O:Haselwerk Netze GmbH] (kurz „[O:Haselnetz]“) wuchs.",
    ),
    (
        "ja",
        "[O:株式会社ホシヅキ電波]（以下、ホシ電）は発表した。",
        "[O:株式会社ホシヅキ電波]（以下、[O:ホシ電]）は発表した。",
    ),
    ("ja", "[O:株式会社ホシヅキ電波]（以下「当社」）は発表した。", None),
    # an abbreviation of a name
    ("en", "[O:Harrow Vale Utilities] grew.\n[P:HVU] hired.", "[O:Harrow Vale Utilities] grew.\n[O:HVU] hired."),
    # one label for one name
    (
        "en",
        "[P:Quillfeather] grew.\n[O:Quillfeather] hired.\n[O:Quillfeather] fired.",
        "[O:Quillfeather] grew.\n[O:Quillfeather] hired.\n[O:Quillfeather] fired.",
    ),
    ("en", "[P:Quillfeather] grew.\nHe left the startup [P:Quillfeather].", None),
    ("en", "[P:Quillfeather Robotics] grew.", "[O:Quillfeather Robotics] grew."),
    ("en", "[P:Odile Marchbank] sang.\n[O:Marchbank] left.", "[P:Odile Marchbank] sang.\n[P:Marchbank] left."),
    ("ja", "[P:ホシヅキ]に入社した。", "[O:ホシヅキ]に入社した。"),
    ("ja", "「はるかぜ」を退社した。", "「[O:はるかぜ]」を退社した。"),
    ("ja", "部品メーカーの社長が退任した。", "部品メーカーの[T:社長]が退任した。"),
    ("ja", "[O:井坂]氏が退任した。", "[P:井坂]氏が退任した。"),
    ("ja", "独[O:ホシヅキ銀行]。\n[O:米ホシヅキ]。", "独[O:ホシヅキ銀行]。\n米[O:ホシヅキ]。"),
    ("ja", "社長である[O:オディール・マーチ]が退任した。", "[T:社長]である[P:オディール・マーチ]が退任した。"),
    ("ja", "[P:大槻蒼真]が退任。\n[D:大槻前]社長は51歳。", "[P:大槻蒼真]が退任。\n[P:大槻]前[T:社長]は51歳。"),
    ("en", "[O:Odile Marchbank], 51, left.", "[P:Odile Marchbank], 51, left."),
    ("en", "[O:Quillfeather Group], the CEO said, grew.", "[O:Quillfeather Group], the [T:CEO] said, grew."),
    # native names by their context
    ("zh", "由葛云舟出任董事长。", "由[P:葛云舟]出任[T:董事长]。"),
    ("zh", "[O:葛云舟]将离开。\n葛云舟辞职。", "[P:葛云舟]将离开。\n[P:葛云舟]辞职。"),
    ("zh", "记者向总统先生提问。", "记者向[T:总统]先生提问。"),
    ("zh", "[P:葛云舟力挺费多尔]。\n[P:葛云舟]笑了。\n[P:费多尔]也笑了。", None),
    ("zh", "由[O:茅云舟]接替[P:奥迪勒]。", "由[P:茅云舟]接替[P:奥迪勒]。"),
    ("zh", "[O:云舟科技]接手项目。", None),
    ("zh", "董事长的[O:洛维]担任总统。", "[T:董事长]的[P:洛维]担任[T:总统]。"),
    ("zh", "[G:英国总统费多尔]离任。", "[O:英国][T:总统][P:费多尔]离任。"),
    ("zh", "*ST[O:云舟]公告。", "[O:*ST云舟]公告。"),
    ("zh", "[P:费多尔][T:代理厂长]。", "[P:费多尔]代理[T:厂长]。"),
    ("zh", "[P:费多尔]先生[T:兼任董事长]。", "[P:费多尔]先生兼任[T:董事长]。"),
    ("zh", "[P:葛云舟辞]任[T:董事长]。", "[P:葛云舟]辞任[T:董事长]。"),
    ("zh", "[P:任命葛云舟]为[T:董事长]。", "任命[P:葛云舟]为[T:董事长]。"),
    ("zh", "[P:费多尔·库兹明下月]离任。", "[P:费多尔·库兹明]下月离任。"),
    # several names in one span, an organisation before a name, a name behind a post
    ("zh", "[P:奥迪勒·马奇和费多尔·库兹]离职。", "[P:奥迪勒·马奇]和[P:费多尔·库兹]离职。"),
    ("en", "[P:OpenAI Odile Marchbank] left.", "[O:OpenAI] [P:Odile Marchbank] left."),
    ("zh", "[P:CEOOdile Marchbank]离职。", "[T:CEO][P:Odile Marchbank]离职。"),
    ("en", "Its chief executive Odile Marchbank left.", "Its [T:chief executive] [P:Odile Marchbank] left."),
    ("en", "Its Chief Executive Steps Down After Months", None),
    # possessives
    ("en", "[O:Quillfeather's] boss.\n[O:Quillfeather] grew.", "[O:Quillfeather]'s [T:boss].\n[O:Quillfeather] grew."),
    ("de", "[G:Angola] zahlt.\n[P:Angolas] Geld.", "[G:Angola] zahlt.\n[G:Angolas] Geld."),
    ("de", "[P:Ortrun Haselbeck] geht.\n[O:Haselbecks] Stelle.", "[P:Ortrun Haselbeck] geht.\n[P:Haselbecks] Stelle."),
    ("en", "She worked for [O:Quillfeather's] in May.", None),
    # surname and given name
    ("ja", "[P:渡辺謙作]が退任。\n[P:渡辺]は笑った。\n[P:謙作]も笑った。", None),
    ("ja", "[P:渡辺][P:謙作]が退任。", "[P:渡辺謙作]が退任。"),
    # a unit in a row of appointments is part of the post
    ("ja", "▽[O:架空財政][T:審議官]（[T:次長]）[P:大槻蒼真]", "▽[T:架空財政審議官]（[T:次長]）[P:大槻蒼真]"),
    ("ja", "▽[O:架空小][T:校長]（[T:教頭]）[P:大槻蒼真]", "▽[O:架空小][T:校長]（[T:教頭]）[P:大槻蒼真]"),
    # a name in quotation marks behind the word for what it names
    ("ja", "NPO法人「森の会」は20日、総会を開いた。", "NPO法人「[O:森の会]」は20日、総会を開いた。"),
    ("ja", "番組「森の会」は20日、最終回を迎えた。", None),
    # the cells of a row: a name, the new post, the old one
    ("ja", "[P:大槻蒼真]　[T:取締役会長　取締役社長]", "[P:大槻蒼真]　[T:取締役会長]　[T:取締役社長]"),
    # a word for what a name names, glued to it
    ("ja", "[O:ロックバンド紺碧ナイト]を脱退。", "ロックバンド[O:紺碧ナイト]を脱退。"),
    # a town as the body that acts
    ("ja", "[G:架空市]は人事異動を発表。", "[O:架空市]は人事異動を発表。"),
    # the state that an office belongs to
    ("ja", "[G:架空国]の[P:大槻蒼真][T:大統領]が辞任。", "[O:架空国]の[P:大槻蒼真][T:大統領]が辞任。"),
    ("ja", "[G:架空国]で[P:大槻蒼真][T:社長]が辞任。", None),
    ("de", "Der [T:Bürgermeister] von [G:Nordstadt] geht.", "Der [T:Bürgermeister] von [O:Nordstadt] geht."),
    ("de", "Der [T:Bürgermeister] sprach in [G:Nordstadt].", None),
    ("en", "The [T:governor] of [G:Tarnland] resigned.", "The [T:governor] of [O:Tarnland] resigned."),
    ("en", "The [T:manager] of [G:Tarnland] resigned.", None),
    # a noun for the kind of a company
    ("de", "Sie verlässt den [O:Autokonzern Volkswagen].", "Sie verlässt den Autokonzern [O:Volkswagen]."),
    # whole names with words in lower case in them
    (
        "fr",
        "Elle quitte le tribunal de commerce de [G:Valmont].",
        "Elle quitte le [O:tribunal de commerce de Valmont].",
    ),
    ("fr", "Elle lit chez [O:Petit Bois] et La Table du Gué.", "Elle lit chez [O:Petit Bois] et [O:La Table du Gué]."),
    ("fr", "Il quitte le tribunal.", None),
    ("fr", "La [T:mairesse] de [G:Valmont] part.", "La [T:mairesse] de [O:Valmont] part."),
    # punctuation
    ("de", "[O:#Haselwerk] wächst, sagt [O:@Haselblatt].", "#[O:Haselwerk] wächst, sagt @[O:Haselblatt]."),
    # how a name is read is no other name
    ("ja", "[P:大槻蒼真]（[P:おおつき・そうま]）が退任。", "[P:大槻蒼真]（おおつき・そうま）が退任。"),
    ("ja", "後任の切子氏は元職員。", "後任の[P:切子]氏は元職員。"),
    ("ja", "辞めた両氏は元職員。", None),
    ("ja", "[G:架空岬中]へ転任、[P:マーチバンク社]は黒字。", "[O:架空岬中]へ転任、[O:マーチバンク社]は黒字。"),
    ("ja", "[P:リベロ大槻蒼真]は[O:ホシヅキ現地法人]へ。", "リベロ[P:大槻蒼真]は[O:ホシヅキ]現地法人へ。"),
    ("ja", "彼は[P:ホシヅキ・ナイト]に加入。", "彼は[O:ホシヅキ・ナイト]に加入。"),
    ("ja", "[P:スペース・ソーラー]は増収。", "[O:スペース・ソーラー]は増収。"),
    ("en", "She runs [P:Hazel Pottery].", "She runs [O:Hazel Pottery]."),
    ("en", "She met [P:Hazel Marchbank].", None),
    ("en", "ALDERTON, [O:Mich. Hazelworks] names a boss.", "ALDERTON, Mich. [O:Hazelworks] names a [T:boss]."),
    ("en", "[O:Reuters Toyota] names a boss.", "[O:Reuters] [O:Toyota] names a [T:boss]."),
    ("en", "They left [G:Aurora Theatre].", "They left [O:Aurora Theatre]."),
    ("en", "They left [G:Aurora Hills].", None),
    ("de", "Sie kam zu [P:Achatz Pianos].", "Sie kam zu [O:Achatz Pianos]."),
    ("de", "Sie kam zu [P:Achatz Haselbeck].", None),
    ("zh", "她回到[G:二龙林场]。", "她回到[O:二龙林场]。"),
    ("zh", "云舟的[T:董事长方][P:若琳]辞职。", "云舟的[T:董事长][P:方若琳]辞职。"),
    ("zh", "云舟的[T:董事长][P:若琳]辞职。", None),
    ("zh", "[P:葛云说]：不走。", "[P:葛云]说：不走。"),
    ("zh", "[P:葛云舟]不走。", None),
    # what follows a name as its own word
    ("zh", "[O:云舟科技]控股股东辞职。", None),
    ("zh", "董事长[O:葛云舟]笑了。", "[T:董事长][P:葛云舟]笑了。"),
    ("zh", "[O:云舟总]统离职。", "[O:云舟][T:总统]离职。"),
    ("en", '[O:"Quillfeather Tidal",] he said.', '"[O:Quillfeather Tidal]", he said.'),
    ("en", "[P:Odile Marchbank's] exit.", "[P:Odile Marchbank]'s exit."),
    ("en", "[O:the Quillfeather Trust] closed.", "the [O:Quillfeather Trust] closed."),
    ("de", "Die [O:Reifenhersteller Nordin] wächst.", "Die Reifenhersteller [O:Nordin] wächst."),
    ("de", "Die [O:Reifenhersteller Deutschland] wächst.", None),
    ("de", "Die [O:Ahornbauer Tischlerei] wächst.", None),
    ("de", "Der Pumpenhersteller [P:Nordin] wächst.", "Der Pumpenhersteller [O:Nordin] wächst."),
    ("de", "Der Pumpenhersteller [G:Nordin] wächst.", "Der Pumpenhersteller [O:Nordin] wächst."),
    ("de", "Der Klavierlehrer [P:Nordin] lacht.", None),
    ("de", "Der Ruder-[O:Landesverband Nordsee] tagt.", "Der [O:Ruder-Landesverband Nordsee] tagt."),
    ("de", "Die Ex-[O:Nordin Werke] tagen.", None),
    ("de", "Er kam zum [O:Kieler Konzern].", "Er kam zum Kieler Konzern."),
    ("de", "Er kam von den [G:Elbtal-Kliniken].", "Er kam von den [O:Elbtal-Kliniken]."),
    ("de", "Er kam nach [G:Kiel-Gaarden].", None),
    ("de", "Der Autozulieferer Nordin wächst.", "Der Autozulieferer [O:Nordin] wächst."),
    ("de", "Der Autozulieferer Ende Mai wächst.", None),
    ("de", "Er kam vom Pumpenhersteller Nordin.", "Er kam vom Pumpenhersteller [O:Nordin]."),
    ("de", "Er weiß, dass der Autozulieferer Stellen streicht.", None),
    (
        "ja",
        "クラウド会計のタナオロシは8日、社長の交代を発表した。",
        "クラウド会計の[O:タナオロシ]は8日、[T:社長]の交代を発表した。",
    ),
    ("ja", "通販のカタログは8日に届いた。", None),
    ("ja", "発電の[P:ヒナタエナ]は8日、減益を発表した。", "発電の[O:ヒナタエナ]は8日、減益を発表した。"),
    ("ja", "俳優の[P:ヒナタエナ]は8日、舞台に立った。", None),
    ("ja", "会長も[T:監督責任]を問われた。", "会長も監督責任を問われた。"),
    ("ja", "[T:当社特別顧問]に就く。", "当社[T:特別顧問]に就く。"),
    ("ja", "[O:青葉FC]は負けた。[P:青葉]は最下位だ。", "[O:青葉FC]は負けた。[O:青葉]は最下位だ。"),
    ("ja", "[O:青葉FC]は負けた。[P:青葉]氏が語る。", None),
]
SPECIAL = {
    "[P:Quillfeather] grew.\nHe left the startup [P:Quillfeather].": (
        "[O:Quillfeather] grew.\nHe left the startup [O:Quillfeather]."
    ),
    "Der Chef des [O:Nordfunks] geht.\nWer leitet Nordfunk?": (
        "Der Chef des [O:Nordfunks] geht.\nWer leitet [O:Nordfunk]?"
    ),
    "Die [O:Nordin Antriebe] wachsen.\n[P:Nordin] beschäftigt viele.": (
        "Die [O:Nordin Antriebe] wachsen.\n[O:Nordin] beschäftigt viele."
    ),
    "[P:葛云舟力挺费多尔]。\n[P:葛云舟]笑了。\n[P:费多尔]也笑了。": (
        "[P:葛云舟]力挺[P:费多尔]。\n[P:葛云舟]笑了。\n[P:费多尔]也笑了。"
    ),
    "[P:Ortrun Haselbeck] geht.\nHaselbecks Nachfolger fehlt.": (
        "[P:Ortrun Haselbeck] geht.\n[P:Haselbecks] Nachfolger fehlt."
    ),
    "[O:杭州云舟科技股份有限公司]（以下简称“云舟科技”）公告。\n云舟科技董事长辞职。": (
        "[O:杭州云舟科技股份有限公司]（以下简称“[O:云舟科技]”）公告。\n[O:云舟科技][T:董事长]辞职。"
    ),
}


@pytest.mark.parametrize(("lang", "before", "after"), EXPECTED)
def test_entities_are_corrected_exactly(lang: str, before: str, after: str | None) -> None:
    assert refined(before, lang) == (after or SPECIAL.get(before, before))


def test_the_head_of_an_organisation_is_no_part_of_the_post_behind_it() -> None:
    found = RefineEntities(find_titles).process([document("[O:云舟岭][T:医院院长]离任。", "zh")])[0]
    assert marked_again(found) == "[O:云舟岭医院][T:院长]离任。"


@pytest.mark.parametrize("marked", ["[O:云舟岭]澄清[T:董座]去留。", "[O:云舟岭]候任[T:主席]到任。"])
def test_a_verb_between_an_organisation_and_a_post_is_no_part_of_the_post(marked: str) -> None:
    assert marked_again(RefineEntities(find_titles).process([document(marked, "zh")])[0]) == marked


def test_the_field_of_a_minister_is_a_part_of_the_post_and_not_of_the_state() -> None:
    found = RefineEntities(find_titles).process([document("[O:瑞典国防]大臣[P:费多尔·库兹明]辞职。", "zh")])[0]
    assert marked_again(found).endswith("瑞典][T:国防大臣][P:费多尔·库兹明]辞职。")
    firm = RefineEntities(find_titles).process([document("[O:云舟国防]大臣[P:费多尔·库兹明]辞职。", "zh")])[0]
    assert "[O:云舟国防]" in marked_again(firm)


def test_a_document_without_sentences_stays_as_it_is() -> None:
    empty = Document("a.txt", "", "")
    assert RefineEntities().process([empty]) == [empty]


def test_the_table_is_sorted_and_its_ids_are_simple() -> None:
    keys = list(table())
    assert keys == sorted(keys)
    assert all(re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", key) for key in keys)


def test_no_form_of_the_table_has_stray_spaces_or_stands_twice() -> None:
    for organisation in table().values():
        for _, forms in organisation.forms:
            assert len(set(forms)) == len(forms)
            assert all(form and form == form.strip() for form in forms)


@pytest.mark.parametrize(
    "name", ["Deutsche Bank", "deutsche bank", "the Deutsche Bank AG", "德意志银行", "ドイツ銀行", "ドイツ銀行株式会社"]
)
def test_a_name_of_any_language_leads_to_its_entry(name: str) -> None:
    key = key_of(name)
    assert key == "deutsche-bank"
    assert entry(key).name == "Deutsche Bank"


def test_an_unknown_name_leads_nowhere() -> None:
    assert key_of("Quillfeather Tidal") is None


def test_the_longest_name_is_taken() -> None:
    text = "He left Bank of America yesterday."
    assert [text[m.start : m.end] for m in gazetteer("en").find(text, 0, len(text))] == ["Bank of America"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_has_its_word_lists(lang: str) -> None:
    rules = entity_rules(lang)
    assert rules.organisation_columns
    assert rules.role_words
    assert rules.legal_forms_after
    assert bool(rules.particles) == rules.spaced
    assert bool(rules.surnames) != rules.spaced


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("彼女は架空岬炭素に入った。", "彼女は[O:架空岬炭素]に入った。"),
        ("全国ひつじ協会の社長が退任した。", "[O:全国ひつじ協会]の[T:社長]が退任した。"),
        ("架空岬炭素社長が退任した。", "[O:架空岬炭素][T:社長]が退任した。"),
        ("[P:架空]岬炭素を見た。", "[O:架空岬炭素]を見た。"),
        ("[G:日本]支援協会を見た。", "[O:日本支援協会]を見た。"),
        ("[G:米国]支援協会を見た。", None),
        # a class of organisations, and names where nobody moves
        ("彼女は会計事務所に入った。", None),
        ("彼女は同研究所に入った。", None),
        ("架空岬炭素を見た。", None),
    ],
)
def test_nouns_that_end_as_organisations_do_are_one_where_somebody_moves(text: str, expected: str | None) -> None:
    plain = document(text, "ja")
    nouns = {
        piece.start for piece in tokenise.japanese(plain.text) if piece.tag.startswith(("名詞", "接頭辞", "接尾辞"))
    }
    told = tuple(dataclasses.replace(t, pos="NOUN" if t.start in nouns else "ADP") for t in plain.tokens)
    (found,) = RefineEntities(posts).process([dataclasses.replace(plain, tokens=told)])
    assert marked_again(found) == (expected or text)


PIECES = st.sampled_from(
    [
        *("Odile Marchbank", "Marchbank", "OpenAI", "Deutsche Bank", "CEO", "Mr ", "Herr ", "Quillfeather Ltd.", "AG"),
        *("-", " ", "(", ")", "“", "”", "\n", ". ", "’s ", "the ", "der ", "ex-", "1", ",", "。", "·", "・"),
        *("マーチバンク", "氏", "株式会社", "ソニー", "大槻蒼真", "を退社", "の社長", "に入社", "「", "」"),
        *("葛云舟", "先生", "有限公司", "高通", "以下简称", "加入", "出任", "董事长", "由", "和"),
    ]
)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    lang = draw(st.sampled_from(LANGUAGES))
    plain = document("".join(draw(st.lists(PIECES, min_size=1, max_size=14))), lang)
    size = len(plain.text)
    entities, position = [], 0
    while position < size and draw(st.booleans()):
        start = draw(st.integers(position, size - 1))
        end = draw(st.integers(start + 1, min(size, start + 25)))
        entities.append(Entity(start, end, draw(st.sampled_from(list(Label)))))
        position = end
    return dataclasses.replace(plain, entities=tuple(entities))


@settings(max_examples=300, deadline=None, derandomize=True)
@given(documents())
def test_entities_never_overlap_nor_cross_a_sentence_and_are_stable(given_document: Document) -> None:
    stage = RefineEntities(posts)
    (once,) = stage.process([given_document])
    position = 0
    for entity in once.entities:
        assert position <= entity.start < entity.end <= len(once.text)
        assert any(s.start <= entity.start and entity.end <= s.end for s in once.sentences)
        position = entity.end
    assert stage.process([once]) == [once]


@given(st.text())
def test_folding_keeps_every_offset(text: str) -> None:
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("岬見市長に[P:大槻蒼真]氏。", "[O:岬見][T:市長]に[P:大槻蒼真]氏。"),
        ("[P:大槻蒼真]が[G:岬見]に移籍した。", "[P:大槻蒼真]が[O:岬見]に移籍した。"),
        ("[P:大槻蒼真]が[G:トンガ]に移籍した。", "[P:大槻蒼真]が[G:トンガ]に移籍した。"),
        ("元岬見市長の話。", "元[O:岬見][T:市長]の話。"),
        ("[P:岬見][T:市長]選があった。", "[O:岬見][T:市長]選があった。"),
        ("[P:岬見][T:市長]選だ。[P:岬見]氏が出る。", "[P:岬見][T:市長]選だ。[P:岬見]氏が出る。"),
        ("現職市長と最年少市長が会った。", "現職[T:市長]と最年少[T:市長]が会った。"),
        ("[G:トンガ]で3日、[P:アンカロワ][T:首相]が退いた。", "[O:トンガ]で3日、[P:アンカロワ][T:首相]が退いた。"),
        ("[G:トンガ]で3日、[P:アンカロワ][T:社長]が退いた。", "[G:トンガ]で3日、[P:アンカロワ][T:社長]が退いた。"),
    ],
)
def test_the_town_and_the_state_of_an_office_are_bodies_wherever_they_stand(before: str, after: str) -> None:
    found = RefineEntities(find_titles).process([document(before, "ja")])
    assert marked_again(StatesAsBodies().process(found)[0]) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("She left [O:Danish side Viborg Nord].", "She left Danish side [O:Viborg Nord]."),
        ("She left [O:Polish club] [P:Stal Norden].", "She left Polish club [O:Stal Norden]."),
        ("[O:PARIS - Banque Norde] has closed.", "PARIS - [O:Banque Norde] has closed."),
        ("She left the software group Altibase for good.", "She left the software group [O:Altibase] for good."),
        ("She left the software group on Monday.", "She left the software group on Monday."),
    ],
)
def test_the_word_for_what_an_organisation_is_is_no_part_of_its_name(before: str, after: str) -> None:
    assert refined(before, "en") == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("[O:江铃浦汽车]很大。他跳槽到[P:江铃浦]。", "[O:江铃浦汽车]很大。他跳槽到[O:江铃浦]。"),
        ("[P:汉斯·韦伯]获[O:北方化学奖]。", "[P:汉斯·韦伯]获北方化学奖。"),
        ("[P:佐藤健]是[O:日本人]。", "[P:佐藤健]是[G:日本]人。"),
        ("[O:北厂汽车](601000.[O:SH])公告。", "[O:北厂汽车](601000.SH)公告。"),
        ("[O:维大]很大。维大校长来了。", "[O:维大]很大。[O:维大]校长来了。"),
        ("[P:宋扬代]任[T:董事长]。", "[P:宋扬]代任[T:董事长]。"),
    ],
)
def test_a_firm_without_its_trade_prizes_and_peoples_in_chinese(before: str, after: str) -> None:
    assert refined(before, "zh") == after
