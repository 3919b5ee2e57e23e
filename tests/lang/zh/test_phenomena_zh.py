"""Chinese: what the rules and cues make of each turn of phrase, on invented sentences with marked phrases."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from claimtrail.assertion.stage import Assertion
from claimtrail.document import Mention
from claimtrail.rules.examples import read_example
from claimtrail.rules.relations import Relations

L, J, R = "LEAVES", "JOINS", "ROLE_CHANGE"
AN, BAI, CHEN = "安可可", "白朗朗", "陈末末"
BEI, NAN = "北厂", "南厂"

Claim = tuple[str, str, str, str]


def mentions(marked: str) -> list[Mention]:
    """Return the mentions of a marked sentence, with status and source."""
    document = read_example(marked, "zh").document
    return list(Assertion().process(Relations().process([document]))[0].mentions)


def found(marked: str) -> set[Claim]:
    """Return relation, person, organisation and status of each mention in a marked sentence."""
    return {(m.relation, m.person.name, m.org.name, m.status) for m in mentions(marked)}


CLAIMS: dict[str, list[tuple[str, set[Claim]]]] = {
    "what only held for a time, or for nobody": [
        ("[O:北厂]此前由[P:安可可]担任[T:院长]近十年。", set()),
        ("[O:北厂]从[D:5月]起由[P:安可可]担任[T:院长]。", {(R, AN, BEI, "planned")}),
        ("[O:北厂][T:董事长][P:安可可]强调,没有人会因为转型而下岗。", set()),
        ("[O:北厂]董事会由[P:白朗朗]和[P:陈末末]组成,[P:安可可]任[T:董事长]。", set()),
    ],
    "a former post of somebody sought is no tie": [
        (
            "[O:北厂]已与[O:南厂]前[T:主教练][P:安可可]取得联系,[P:陈末末]说。后者有望在冬歇期后走马上任。",
            set(),
        ),
    ],
    "offices of a nation": [
        ("[O:北党]说,[O:日本][T:首相]一职由[P:安可可]接替。", {(R, AN, "日本", "actual")}),
        ("[O:北党][T:党首][P:安可可]要求[T:首相]立即下台。", set()),
        ("[P:安可可]也有意离开[O:北厂],但[O:南报]称他否认了这一传闻。", {(L, AN, BEI, "negated")}),
        ("早前有传媒报道指,[P:安可可]将于[D:明年]加入[O:北厂]。", {(J, AN, BEI, "possible")}),
    ],
    "what only looks like a move": [
        ("[O:北厂]:[P:安可可]辞任[T:总经理] [P:白朗朗]接棒", {(R, AN, BEI, "actual"), (R, BAI, BEI, "actual")}),
        ("[P:安可可]是[O:北厂]的人,无论谁出任[T:总经理],都很难。", set()),
        ("[P:安可可]任[O:北厂][T:董事],任期至第三届董事会任期届满之日止。", {(R, AN, BEI, "actual")}),
        ("[O:北厂][T:校长][P:安可可]致歉,但未提及辞职。", set()),
        ("[O:北厂]的[P:安可可]很忙,直至新[T:厂长]就任。", set()),
        ("[O:北厂]宣布[P:安可可]将于明年1月退休,已成立委员会物色继任人选。", {(L, AN, BEI, "planned")}),
    ],
    "a plan needs a later day": [
        ("[P:安可可]将离开[O:北厂]。", {(L, AN, BEI, "actual")}),
        ("[P:安可可]将在本乐季结束后离开[O:北厂]。", {(L, AN, BEI, "planned")}),
        ("[D:6月底],[P:安可可]会离开[O:北厂]。", {(L, AN, BEI, "planned")}),
        ("[P:安可可]将加盟[O:北厂],[D:9月]到岗。", {(J, AN, BEI, "planned")}),
        ("[P:安可可]为什么要离开[O:北厂]?", {(L, AN, BEI, "actual")}),
        ("[O:北厂][T:会长]的热门人选[P:安可可]宣布退出角逐。", {(R, AN, BEI, "negated")}),
    ],
    "one thing said otherwise": [
        (
            "[O:北厂][T:厂长]一职由[P:安可可]变更为[P:白朗朗]。",
            {(R, AN, BEI, "actual"), (R, BAI, BEI, "actual")},
        ),
        ("[O:北厂]董事会收到[T:厂长][P:安可可]的辞职报告。", {(R, AN, BEI, "actual")}),
        ("[P:安可可]合同到期,[O:北厂]决定不再续约。", {(L, AN, BEI, "actual")}),
        ("[O:北厂]出售[P:安可可]至[O:南厂]。", {(L, AN, BEI, "actual"), (J, AN, NAN, "actual")}),
        ("[P:安可可]与老同学[P:白朗朗]携手创立[O:北厂]。", {(J, AN, BEI, "actual"), (J, BAI, BEI, "actual")}),
        ("[P:安可可]从[O:北厂][T:厂长]的位置上退了下来。", {(R, AN, BEI, "actual")}),
    ],
    "verbs of leaving": [
        ("[P:安可可][D:上月]离开了[O:北厂]。", {(L, AN, BEI, "actual")}),
        ("[O:北厂][T:总工程师][P:安可可]已离职。", {(L, AN, BEI, "actual")}),
        ("[P:安可可]从[O:北厂]辞职,回乡种茶。", {(L, AN, BEI, "actual")}),
        ("[O:北厂][T:副总裁][P:安可可]遞交辭呈。", {(R, AN, BEI, "actual")}),
        ("[O:北厂]一纸通知结束了[P:安可可]十年的[T:厂长]生涯。", {(R, AN, BEI, "actual")}),
        ("[P:安可可]已不在[O:北厂]工作。", {(L, AN, BEI, "actual")}),
        ("[O:北厂]没能留住[P:安可可]。", {(L, AN, BEI, "actual")}),
        ("[O:北厂][T:总裁][P:安可可]很忙,但[P:安可可]突然辞职。", {(R, AN, BEI, "actual")}),
        ("[O:北厂]大裁员,[P:安可可]也未能幸免。", {(L, AN, BEI, "actual")}),
        ("[P:安可可]不服[O:北厂]的解雇决定,申请仲裁。", {(L, AN, BEI, "actual")}),
        ("再见[P:安可可]![O:北厂]发文送别。", {(L, AN, BEI, "actual")}),
        ("[P:安可可]弃[O:北厂]而去。", {(L, AN, BEI, "actual")}),
        ("[P:安可可]交出[O:北厂]的控制权。", {(R, AN, BEI, "actual")}),
        ("[P:安可可]在[O:北厂]的二十年画上句号。", {(L, AN, BEI, "actual")}),
        ("转投[O:南厂]的[P:安可可]首战对上老东家[O:北厂]。", {(L, AN, BEI, "actual"), (J, AN, NAN, "actual")}),
        ("[O:北厂][T:首席科学家][P:安可可]到龄退休。", {(L, AN, BEI, "actual")}),
        ("[P:安可可]與[O:北厂]分道揚鑣。", {(L, AN, BEI, "actual")}),
        ("离开[O:北厂]后,[P:安可可]开了一家面馆。", {(L, AN, BEI, "actual")}),
    ],
    "idioms of leaving": [
        ("[O:北厂][T:市场总监][P:安可可]裸辞。", {(L, AN, BEI, "actual")}),
        ("[O:北厂][T:主编][P:安可可]拂袖而去。", {(L, AN, BEI, "actual")}),
        ("[O:北厂][T:产品经理][P:安可可]另谋高就。", {(L, AN, BEI, "actual")}),
    ],
    "dismissals": [
        ("[O:北厂]解雇了[T:总裁][P:安可可]。", {(L, AN, BEI, "actual")}),
        ("[P:安可可]被[O:北厂]开除。", {(L, AN, BEI, "actual")}),
        ("[O:北厂]炒掉[T:主教练][P:安可可]。", {(L, AN, BEI, "actual")}),
        ("[O:北厂]罢免[T:董事长][P:安可可]。", {(R, AN, BEI, "actual")}),
        ("[O:北厂]终止与[P:安可可]的劳动合同。", {(L, AN, BEI, "actual")}),
    ],
    "nouns of leaving": [
        ("[O:北厂][P:安可可]的离去令同事惋惜。", {(L, AN, BEI, "actual")}),
        ("随着[O:北厂][T:总裁][P:安可可]的离职,新品推迟了。", {(L, AN, BEI, "actual")}),
    ],
    "relative clauses": [
        ("[D:去年]加入[O:北厂]的[P:安可可]很忙。", {(J, AN, BEI, "actual")}),
        ("离开[O:北厂]的[P:安可可]很忙。", {(L, AN, BEI, "actual")}),
        ("从[O:北厂]辞职的[P:安可可]很忙。", {(L, AN, BEI, "actual")}),
    ],
    "both sides of a move": [
        ("[P:安可可]从[O:北厂]跳槽到[O:南厂]。", {(L, AN, BEI, "actual"), (J, AN, NAN, "actual")}),
        ("[O:北厂][T:总经理][P:安可可]跳槽[O:南厂]", {(L, AN, BEI, "actual"), (J, AN, NAN, "actual")}),
        ("[O:南厂]从[O:北厂]挖来[P:安可可]。", {(L, AN, BEI, "actual"), (J, AN, NAN, "actual")}),
        ("前[O:北厂][T:总经理][P:安可可]加入[O:南厂]。", {(J, AN, NAN, "actual")}),
    ],
    "joining": [
        ("[P:安可可]入职[O:北厂]。", {(J, AN, BEI, "actual")}),
        ("[P:安可可]加盟[O:北厂],担任[T:艺术总监]。", {(J, AN, BEI, "actual")}),
        ("[O:北厂]签下[T:前锋][P:安可可]。", {(J, AN, BEI, "actual")}),
        ("[P:安可可]被[O:北厂]挖走。", {(J, AN, BEI, "actual")}),
        ("[P:安可可][D:9月]到[O:北厂]报到。", {(J, AN, BEI, "actual")}),
        ("[P:安可可]的加盟让[O:北厂]如虎添翼。", {(J, AN, BEI, "actual")}),
        ("[O:南厂]把[P:安可可]租借给[O:北厂]。", {(J, AN, BEI, "actual")}),
    ],
    "founding and coming back": [
        ("[P:安可可][D:2009年]创办[O:北厂]。", {(J, AN, BEI, "actual")}),
        ("[O:北厂]由[P:安可可]创立。", {(J, AN, BEI, "actual")}),
        ("[P:安可可]与[P:白朗朗]联合创立了[O:北厂]。", {(J, AN, BEI, "actual"), (J, BAI, BEI, "actual")}),
        ("[P:安可可]重返[O:北厂]。", {(J, AN, BEI, "actual")}),
    ],
    "posts taken up": [
        ("[O:北厂]任命[P:安可可]为[T:总裁]。", {(R, AN, BEI, "actual")}),
        ("[P:安可可]出任[O:北厂][T:总裁]。", {(R, AN, BEI, "actual")}),
        ("[P:安可可]任[O:北厂][T:总经理]", {(R, AN, BEI, "actual")}),
        ("[P:安可可]当选[O:北厂][T:主席]。", {(R, AN, BEI, "actual")}),
        ("[P:安可可]被任命为[O:北厂][T:校长]。", {(R, AN, BEI, "actual")}),
        ("[O:北厂]董事会聘任[P:安可可]先生为[T:财务总监]。", {(R, AN, BEI, "actual")}),
        (
            "[O:北厂]:[P:安可可]任[T:总经理];[P:白朗朗]任[T:总会计师]。",
            {(R, AN, BEI, "actual"), (R, BAI, BEI, "actual")},
        ),
        (
            "[O:北厂]选举[P:安可可]为[T:主席],[P:白朗朗]为[T:副主席]。",
            {(R, AN, BEI, "actual"), (R, BAI, BEI, "actual")},
        ),
    ],
    "posts given up": [
        ("[P:安可可]卸任[O:北厂][T:总裁]。", {(R, AN, BEI, "actual")}),
        ("[P:安可可]因个人原因申请辞去[O:北厂][T:副总经理]职务。", {(R, AN, BEI, "actual")}),
        ("[O:北厂]免去[P:安可可]同志的[T:书记]职务。", {(R, AN, BEI, "actual")}),
        ("[P:安可可]被免去[O:北厂][T:局长]职务。", {(R, AN, BEI, "actual")}),
        ("[P:安可可]不再担任[O:北厂][T:董事会秘书]。", {(R, AN, BEI, "actual")}),
        ("[O:北厂][T:总裁][P:安可可]請辭獲准。", {(R, AN, BEI, "actual")}),
    ],
    "succession": [
        ("[P:安可可]接替[P:白朗朗]出任[O:北厂][T:总裁]。", {(R, AN, BEI, "actual"), (R, BAI, BEI, "actual")}),
        ("[O:北厂][T:总裁]一职由[P:安可可]接任。", {(R, AN, BEI, "actual")}),
        ("[O:北厂][T:总裁][P:白朗朗]卸任,由[P:安可可]接任。", {(R, AN, BEI, "actual"), (R, BAI, BEI, "actual")}),
        ("[O:北厂]的[P:白朗朗]把[T:董事长]的位子让给[P:安可可]。", {(R, AN, BEI, "actual"), (R, BAI, BEI, "actual")}),
    ],
    "lists": [
        (
            "[P:安可可]、[P:白朗朗]和[P:陈末末]一起加入[O:北厂]。",
            {(J, AN, BEI, "actual"), (J, BAI, BEI, "actual"), (J, CHEN, BEI, "actual")},
        ),
        ("[O:北厂][T:总监][P:安可可]、[T:主编][P:白朗朗]双双离职。", {(L, AN, BEI, "actual"), (L, BAI, BEI, "actual")}),
    ],
    "left out subjects": [
        ("[P:安可可]是[O:北厂][T:工程师]。[D:2019年]加入[O:南厂]。", {(J, AN, NAN, "actual")}),
        ("[P:安可可]来自[G:杭州],[D:2012年]进入[O:北厂]。", {(J, AN, BEI, "actual")}),
    ],
    "denied": [
        ("[P:安可可]并未离开[O:北厂]。", {(L, AN, BEI, "negated")}),
        ("[O:北厂]否认[T:总裁][P:安可可]离职。", {(L, AN, BEI, "negated")}),
        ("[P:安可可]婉拒了[O:北厂]的邀约。", {(J, AN, BEI, "negated")}),
        ("[P:安可可]加盟[O:北厂]的传闻不实。", {(J, AN, BEI, "negated")}),
        ("[P:安可可]不会出任[O:北厂][T:总裁]。", {(R, AN, BEI, "negated")}),
    ],
    "possible": [
        ("[P:安可可]或将加盟[O:北厂]。", {(J, AN, BEI, "possible")}),
        ("市场盛传,[P:安可可]将离开[O:北厂]。", {(L, AN, BEI, "possible")}),
        ("如果亏损,[P:安可可]就会离开[O:北厂]。", {(L, AN, BEI, "possible")}),
        ("[O:北厂]有意聘请[P:安可可]。", {(J, AN, BEI, "possible")}),
        ("[O:北厂]提名[P:安可可]为[T:董事]。", {(R, AN, BEI, "possible")}),
        ("[P:安可可]有望出任[O:北厂][T:总裁]。", {(R, AN, BEI, "possible")}),
        ("[O:北厂]任命[P:安可可]为[T:行长],尚待监管机构核准。", {(R, AN, BEI, "possible")}),
    ],
    "planned": [
        ("[P:安可可]将于[D:6月]离开[O:北厂]。", {(L, AN, BEI, "planned")}),
        ("[P:安可可]明年加入[O:北厂]。", {(J, AN, BEI, "planned")}),
        ("[O:北厂]任命[P:安可可]为[T:总裁],[D:5月2日]生效。", {(R, AN, BEI, "planned")}),
        ("[P:安可可]自[D:7月1日]起出任[O:北厂][T:总裁]。", {(R, AN, BEI, "planned")}),
    ],
    "each to its own": [
        (
            "[P:安可可]、[P:白朗朗]分别加入[O:北厂]、[O:南厂]。",
            {(J, AN, BEI, "actual"), (J, BAI, NAN, "actual")},
        ),
    ],
    "the organisation of the post before": [
        (
            "[O:南厂]宣布,[P:安可可]任[O:北厂][T:书记],提名为[T:厂长]人选。",
            {(R, AN, BEI, "actual"), (R, AN, BEI, "possible")},
        ),
    ],
    "one goes, one comes": [
        ("[O:北厂]换帅:[P:安可可]退,[P:白朗朗]进。", {(R, AN, BEI, "actual"), (R, BAI, BEI, "actual")}),
        (
            "[O:北厂][T:厂长][P:安可可]调任[O:南厂][T:副总裁],[P:白朗朗]接棒。",
            {(R, AN, NAN, "actual"), (R, BAI, BEI, "actual")},
        ),
    ],
    "several by name": [
        (
            "[O:北厂]两名高管离职,包括[P:安可可]和[P:白朗朗]。",
            {(L, AN, BEI, "actual"), (L, BAI, BEI, "actual")},
        ),
    ],
    "candidates": [
        ("[O:北厂]正物色[T:厂长],人选包括[P:安可可]。", {(R, AN, BEI, "possible")}),
        ("[O:北厂]将于[D:6月]改选[T:会长],外界看好[P:安可可]。", {(R, AN, BEI, "possible")}),
        ("[O:北厂][T:会长]改选,[P:白朗朗]以一票之差败给[P:安可可]。", {(R, AN, BEI, "actual")}),
        (
            "[O:北厂][T:厂长]一职去年还是[P:安可可],今年已是[P:白朗朗]。",
            {(R, AN, BEI, "actual"), (R, BAI, BEI, "actual")},
        ),
        ("[O:北厂]迎来第三任[T:厂长]:[P:安可可]。", {(R, AN, BEI, "actual"), (J, AN, BEI, "actual")}),
        ("[P:安可可]接受了[O:北厂]的邀请,一干就是十年。", {(J, AN, BEI, "actual")}),
        ("[O:北厂][T:厂长]一职花落[P:安可可]。", {(R, AN, BEI, "actual")}),
        ("[O:北厂]新帅出炉:[P:安可可]。", {(R, AN, BEI, "actual")}),
        ("[O:北厂]把[P:安可可]请了回来。", {(J, AN, BEI, "actual")}),
        ("[P:安可可]角逐[O:北厂][T:会长]。", {(R, AN, BEI, "possible")}),
        ("[P:安可可]竞选[O:北厂][T:会长]失败。", {(R, AN, BEI, "negated")}),
        ("[P:安可可]与[O:北厂]失之交臂。", {(J, AN, BEI, "negated")}),
        ("[O:北厂]拟由[P:安可可]出任[T:厂长]。", {(R, AN, BEI, "possible")}),
        ("[O:北厂]称从未与[P:安可可]签约。", {(J, AN, BEI, "negated")}),
        ("[P:安可可]出任[O:北厂][T:厂长]的任命被撤销。", {(R, AN, BEI, "negated")}),
        ("[P:安可可]表示不排除加入[O:北厂]。", {(J, AN, BEI, "possible")}),
        ("[P:安可可]候任[O:北厂][T:厂长]。", {(R, AN, BEI, "planned")}),
        ("[O:北厂]换帅,[P:安可可]上任。", {(R, AN, BEI, "actual")}),
        ("[O:北厂]牵手[P:安可可]。", {(J, AN, BEI, "actual")}),
        ("[P:安可可]找到了新东家[O:北厂]。", {(J, AN, BEI, "actual")}),
        ("[O:北厂]昨日拍板,[D:七月一日]由[P:安可可]转任[T:厂长]。", {(R, AN, BEI, "planned")}),
        ("[O:北厂]选定[P:安可可]为[T:厂长],明年接棒。", {(R, AN, BEI, "planned")}),
    ],
    "things given back": [
        ("[O:北厂][T:工程师][P:安可可]交了工牌。", {(L, AN, BEI, "actual")}),
        ("[P:安可可]在[O:北厂]的最后一夜很长。", {(L, AN, BEI, "actual")}),
    ],
    "refused by those who decide": [
        ("[O:北厂][T:总裁][P:安可可]请辞未获批准。", {(R, AN, BEI, "negated")}),
    ],
    "told first, dated after": [
        ("[O:北厂]选举[P:安可可]为[T:会长],她将于[D:五月]上任。", {(R, AN, BEI, "planned")}),
    ],
    "the reason does not negate": [
        ("[P:安可可]离开[O:北厂]并不是因为薪水。", {(L, AN, BEI, "actual")}),
        ("[P:安可可]不得不离开[O:北厂]。", {(L, AN, BEI, "actual")}),
    ],
}

NO_CLAIMS: dict[str, list[str]] = {
    "states": [
        "[P:安可可]曾任[O:北厂][T:总裁]。",
        "[P:安可可]现任[O:北厂][T:总裁]。",
        "前[O:北厂][T:总裁][P:安可可]出席了会议。",
        "[P:安可可]历任[O:北厂][T:副总裁]、[T:总裁]。",
        "[O:北厂][T:总裁][P:安可可]说,新品很好。",
    ],
    "other senses": [
        "[P:安可可]离开会场后接受了[O:北厂]的采访。",
        "[O:北厂][T:总裁][P:安可可]说离职率下降了。",
        "[O:北厂][T:总裁][P:安可可]说加盟商增加了。",
        "[O:北厂]解雇了数百名员工,[T:总裁][P:安可可]说。",
        "[P:安可可]与[O:北厂]续签合同。",
        "[P:安可可]失去了[O:北厂]的支持。",
    ],
    "countries and matches": [
        "[P:安可可]宣布[G:乌兰国]退出[O:北厂]。",
        "[P:安可可]下半场替换[P:白朗朗]出场,[O:北厂]取胜。",
    ],
    "nobody in particular": [
        "[O:北厂][T:总裁][P:安某]离职。",
        "[P:白某某]被[O:北厂]开除。",
    ],
    "leave and staying on": [
        "[O:北厂][T:总裁][P:安可可]休假三个月。",
        "[O:北厂]续聘[P:安可可]为[T:总裁]。",
        "[P:安可可]仍担任[O:北厂][T:总裁]。",
    ],
}


@pytest.mark.parametrize(("marked", "wanted"), [case for cases in CLAIMS.values() for case in cases])
def test_a_turn_of_phrase_gives_its_claims(marked: str, wanted: set[Claim]) -> None:
    assert found(marked) == wanted


@pytest.mark.parametrize("marked", [case for cases in NO_CLAIMS.values() for case in cases])
def test_no_move_is_stated(marked: str) -> None:
    assert found(marked) == set()


@pytest.mark.parametrize(
    ("marked", "role_from", "role_to"),
    [
        ("[P:安可可]加盟[O:北厂],担任[T:艺术总监]。", None, "艺术总监"),
        ("[O:北厂]聘任[P:安可可]为[T:副总经理]、[T:财务总监]。", None, "副总经理、财务总监"),
        ("[O:北厂][T:总工程师][P:安可可]已离职。", "总工程师", None),
        ("[P:安可可]卸任[O:北厂][T:总裁],转任[T:顾问]。", "总裁", "顾问"),
        ("[P:安可可]以[T:合伙人]身份加入[O:北厂]。", None, "合伙人"),
    ],
)
def test_the_post_goes_with_the_move(marked: str, role_from: str | None, role_to: str | None) -> None:
    document = read_example(marked, "zh").document
    posts = {
        tuple(document.text[a.start : a.end] if a else None for a in (m.role_from, m.role_to)) for m in mentions(marked)
    }
    assert (role_from, role_to) in posts


@pytest.mark.parametrize(
    ("marked", "source"),
    [
        ("据[O:晨报]报道,[P:安可可]已离开[O:北厂]。", "晨报"),
        ("[O:北厂]公告,[P:安可可]辞去[T:总裁]职务。", BEI),
        ("记者从[O:北厂]获悉,[T:总裁][P:安可可]已离职。", BEI),
    ],
)
def test_the_source_is_who_the_text_says(marked: str, source: str) -> None:
    assert {m.attributed_to.name for m in mentions(marked) if m.attributed_to} == {source}


def over_sentences(marked: str) -> set[Claim]:
    """Return what `found` does, of a marked text whose lines are sentences."""
    document = read_example(marked, "zh").document
    lines = re.finditer(r"[^\n]+", document.text)
    sentences = tuple(replace(document.sentences[0], start=line.start(), end=line.end()) for line in lines)
    (told,) = Relations().process([replace(document, sentences=sentences)])
    return {(m.relation, m.person.name, m.org.name, m.role_from.name if m.role_from else "") for m in told.mentions}


def test_a_departure_that_is_only_referred_to_is_the_one_told_before() -> None:
    told = "[O:北厂][P:安可可]辞去[T:总裁]职务。\n"
    post = {(R, AN, BEI, "")}
    assert over_sentences(told + "[P:安可可]的离任很突然。") == post
    assert over_sentences(told + "[P:安可可]已离职。") == post
    assert over_sentences(told + "[P:安可可]离开了[O:北厂]。") == post | {(L, AN, BEI, "")}
    assert over_sentences(told + "[D:2023年][P:安可可]离职。") == post | {(L, AN, BEI, "")}


def test_an_arrival_that_is_only_referred_to_is_the_post_taken_up_before() -> None:
    told = "[P:安可可]受聘为[O:北厂][T:院长]。\n"
    post = {(R, AN, BEI, "")}
    assert over_sentences(told + "[P:安可可]的加盟令人高兴。") == post
    assert over_sentences(told + "[D:2009年][P:安可可]加入[O:北厂]。") == post | {(J, AN, BEI, "")}


def test_what_is_denied_twice_is_one_denial() -> None:
    denied = "[O:北厂]否认[T:主席][P:安可可]打算辞职的说法,强调他无意退休。"
    assert found(denied) == {(R, AN, BEI, "negated")}


def test_what_a_text_denies_somewhere_is_denied_where_it_is_only_rumoured() -> None:
    document = read_example("盛传[O:北厂][P:安可可]将离职。\n[O:北厂]否认[P:安可可]已离职。", "zh").document
    lines = re.finditer(r"[^\n]+", document.text)
    sentences = tuple(replace(document.sentences[0], start=line.start(), end=line.end()) for line in lines)
    (told,) = Assertion().process(Relations().process([replace(document, sentences=sentences)]))
    assert [m.status for m in told.mentions] == ["negated", "negated"]
