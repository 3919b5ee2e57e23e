"""Cutting entities to their names: no punctuation, no honorifics, no posts, nothing beyond the sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from claimtrail.document import Entity, Label, Sentence, Span
from claimtrail.entities.gazetteer import entry
from claimtrail.entities.lexicon import EntityRules, compiled, entity_rules
from claimtrail.entities.scene import Scene
from claimtrail.entities.script import KATAKANA, is_han, is_katakana, is_latin

_EDGES = " \t\n\r\"'“”„‚«»‹›《》〈〉「」『』【】*_|/\\,，;；:：、。!！?？-—―…·~&=#@"
_MARKED = "*ST"  # an exchange's mark of a firm at risk, a part of its name there
_OPEN, _CLOSE = "([", ")]"
_KANA = frozenset("· ") | frozenset(chr(code) for code in range(0x3041, 0x3097))
_LINK = re.compile(r"[\])]*\(?(?:https?://|www\.)")  # [Anna Kern](https://…
_QUOTES = (("「", "」"), ("『", "』"), ("《", "》"), ("〈", "〉"))
_GLUED = re.compile(f"([{KATAKANA}·=]+)([A-Z]{{2,6}})")  # a name and the abbreviation of a party before a post
_LONGEST_GIVEN = 2
_LONGEST_FIRST_PART = 30
_FIRST_PART = re.compile(r"(?<![\w-])([A-ZÄÖÜ][a-zäöüß]{2,})-\Z")
_LONGEST_BEHIND_DOT = 6
_JOINT = re.compile("[、和与與及]|以及")
_PLACE = re.compile("[\u4e00-\u9fff]{2,6}?[省市县縣区區州镇鎮]")
_INITIAL = re.compile(r"(?:^|[ .])[A-ZÀ-Þ]\.$|(?:Jr|Sr)\.$")


@cache
def _words(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(word.casefold() for word in words)


_CELL = re.compile(r"(?<=[\u4e00-\u9fff])[ \u3000]+(?=[\u4e00-\u9fff])")  # between cells that hold ideographs


@cache
def _by_last_letters(words: tuple[str, ...]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for word in sorted(words, key=len, reverse=True):
        found.setdefault(word[-2:], []).append(word)
    return found


def trimmed(entity: Entity, scene: Scene) -> Iterator[Entity]:
    """Yield the entity cut to its name, and the post that was glued to it, if any; nothing if no name is left."""
    sentence = scene.sentence_at(entity.start) or scene.sentence_at(entity.end - 1)
    if sentence is None:
        return
    rules = scene.rules_at(sentence.start)
    assert rules is not None
    # a model knows Sotheby's from Sotheby 's better than a rule does
    possessive = entity.label is not Label.ORG or entity.source == "pattern"
    start, end = _strip(
        scene.text, max(entity.start, sentence.start), min(entity.end, sentence.end), entity.label, possessive
    )
    link = _LINK.search(scene.text, start, end)
    if link is not None:
        start, end = _strip(scene.text, start, link.start(), entity.label, possessive)
    if not rules.spaced:
        start, end = _strip(scene.text, *_unquoted(scene.text, start, end), entity.label, possessive)
    if entity.label is Label.TITLE and not rules.spaced:
        at = _behind_place(scene.text, rules, start, end)
        if at > start:
            yield Entity(start, at, Label.GPE, entity.source)
            start = at
    if start < end:
        yield from _named(replace(entity, start=start, end=end), scene, sentence, possessive)


def _named(entity: Entity, scene: Scene, sentence: Sentence, possessive: bool) -> Iterator[Entity]:
    """Yield the name of an entity without punctuation around it, and the post that was glued to it, if any."""
    start, end, rules = entity.start, entity.end, entity_rules(sentence.lang)
    if entity.label is Label.PERSON:
        glued = None if rules.spaced else _GLUED.fullmatch(scene.text, start, end)
        if glued and scene.post_behind(Span(start, end)):
            yield replace(entity, end=glued.end(1))
            yield Entity(glued.start(2), end, Label.ORG, entity.source)
            return
        single = rules.surnames_first and scene.text.count("·", start, end) == 1
        dot = scene.text.find("·", start, end) if single else -1
        if dot > start and all(map(is_han, scene.text[dot + 1 : end])) and end - dot <= _LONGEST_BEHIND_DOT:
            firm = scene.match_at(start)
            if firm is not None and firm.end == dot:
                yield Entity(start, dot, Label.ORG, "gazetteer", firm.key)
            start = dot + 1  # whom 北電·大槻 names belongs to what stands before the dot
        start, end = _person(scene, rules, _behind_organisation(scene, start, end), end)
        pieces = _several(scene.text, start, end)
        if pieces:
            for piece in pieces:
                yield from trimmed(replace(entity, start=piece.start, end=piece.end), scene)
            return
    elif entity.label is Label.TITLE and not rules.spaced:
        parts = cells(scene.text, Span(start, end))
        if parts:
            for part in parts:
                yield from trimmed(replace(entity, start=part.start, end=part.end), scene)
            return
        start = _post_start(scene, rules, _behind_honorific(scene.text, rules, start, end), end)
    elif entity.label is Label.TITLE:
        end = _post_end(scene.text, rules, start, end)
    elif entity.label is Label.ORG:
        start, end = _organisation(scene, rules, start, end)
        if end == sentence.end and scene.text.endswith("Ltd.", start, end):
            end -= 1  # the stop is the sentence's
        joint = None if entity.key else _one_of_the_table(scene, start, end)
        if joint:
            entity = replace(entity, key=joint)
        if not rules.spaced and not entity.key and _is_post(scene, start, end):
            yield Entity(start, end, Label.TITLE, "pattern")
            return
    post: Span | None = None
    if entity.label in (Label.PERSON, Label.ORG, Label.GPE):
        end, post = _without_post(scene, rules, start, end)
        start, end = _strip(scene.text, start, end, entity.label, possessive)
    if _reading(scene.text, start, end) or (entity.label is Label.PERSON and _numbered(scene.text[start:end], rules)):
        return
    if entity.source in ("model", "pattern") and _names_a_class(scene.text[start:end], entity.label, rules):
        return
    if entity.label is Label.ORG and not entity.key and scene.text[start:end] in rules.things:
        return
    if entity.label is Label.GPE and not rules.spaced:
        title = next((t for at in range(start + 1, end) if (t := scene.title_starts.get(at)) and t.end < end), None)
        if title:  # 英国首相 + a name
            for piece, label in ((Span(start, title.start), Label.GPE), (title, Label.TITLE)):
                yield Entity(piece.start, piece.end, label, entity.source)
            yield Entity(title.end, end, Label.PERSON, entity.source)
            return
    if start < end and (entity.label is not Label.PERSON or _may_be_person(scene.text[start:end], rules)):
        yield entity if (start, end) == (entity.start, entity.end) else replace(entity, start=start, end=end)
    if post:
        yield Entity(post.start, post.end, Label.TITLE, "pattern")


def _strip(text: str, start: int, end: int, label: Label, possessive: bool = True) -> tuple[int, int]:
    """Cut white space, punctuation and, if so wanted, a possessive ending off a span."""
    while True:
        before = start, end
        while start < end and text[start] in _EDGES + "." and not text.startswith(_MARKED, start):
            start += 1
        while start < end and text[end - 1] in _EDGES and not (label is Label.ORG and text[end - 2 : end] == "s'"):
            end -= 1
        if possessive and end - start > 2 and text[end - 2 : end] in ("'s", "'S"):
            end -= 2
        if start < end and text[end - 1] == "." and not _keeps_stop(text[start:end], label):
            end -= 1
        for opening, closing in zip(_OPEN, _CLOSE, strict=True):
            inner = text[start:end]
            if inner.startswith(opening) and (closing not in inner or inner.endswith(closing)):
                start += 1
            if start < end and text[end - 1] == closing and opening not in text[start:end]:
                end -= 1
            if start < end and text[end - 1] == opening:
                end -= 1
        if (start, end) == before:
            return start, end


def _unquoted(text: str, start: int, end: int) -> tuple[int, int]:
    """Cut a span where quotation marks open or close that do not close or open in it: 朝刊.jp『北電 is 北電."""
    for opening, closing in _QUOTES:
        opened, closed = text.rfind(opening, start, end), text.find(closing, start, end)
        if opened >= 0 and text.find(closing, opened, end) < 0:
            start = opened + 1
        if closed >= 0 and not 0 <= text.find(opening, start, end) < closed:
            end = closed
    return start, end


def _keeps_stop(name: str, label: Label) -> bool:
    """Say whether the final stop belongs to the name: of an initial, or of an abbreviated legal form."""
    if label is Label.PERSON:
        return bool(_INITIAL.search(name))
    return bool(re.search(r"(?:\b(?:Inc|Corp|Co|Ltd|Cie|Bros|St)|[A-Za-z]\.[ ]?[A-Za-zÀ-ÿ])\.$", name))


def _person(scene: Scene, rules: EntityRules, start: int, end: int) -> tuple[int, int]:
    """Cut honorifics, posts and 'former' off a person's name."""
    text = scene.text
    leading = _words((*rules.honorifics_before, *rules.former, *rules.role_words))
    while True:
        before = start, end
        title = scene.title_starts.get(start)
        if title and title.end < end and not is_latin(text[title.end - 1] + text[title.end]):
            start = title.end
        elif rules.spaced:
            word = re.compile(r"\S+").match(text, start, end)
            if word and word.end() < end and word.group().casefold() in leading:
                start = word.end()
            former = re.compile(r"(?:ex|Ex|Neo|Noch)-(?=[A-Z])").match(text, start, end)
            if former:
                start = former.end()
        else:
            start = _with_surname(scene, rules, start, end)
            start = _behind_post(scene, rules, start, end)
            end = _before_former(scene, rules, start, end)
            if end - start > 2 and text[start] in rules.never_first and start + 1 in scene.bounds:
                start += 1
            if end in scene.title_starts and end - start > 2 and text[end - 1] in rules.former:
                end -= 1
            if rules.glued_verbs and end - start > 2 and re.compile(rules.glued_verbs).match(text, end - 1):
                end -= 1  # a verb torn apart: 欧阳锦辞|任
            start = _behind_leader(scene, rules, _behind_cue(text, rules, start, end), end)
            for trailer in rules.name_trailers:
                if end - start > len(trailer) + 1 and text.endswith(trailer, start, end):
                    end -= len(trailer)
                    break
            for honorific in rules.honorifics_after:
                if end - start > len(honorific) and text.endswith(honorific, start, end):
                    end -= len(honorific)
                    break
        start, end = _strip(text, start, end, Label.PERSON)
        if (start, end) == before:
            return start, end


def _organisation(scene: Scene, rules: EntityRules, start: int, end: int) -> tuple[int, int]:
    """Cut articles, countries, words for a class of things or a branch, possessives and datelines off a name."""
    end = _possessor_end(scene, rules, start, end)
    start = without_article(scene.text, start, end, rules)
    start = _behind_country(scene.text, start, end, rules)
    start = _behind_class(scene.text, start, end, rules)
    lead = compiled(rules.class_leads).match(scene.text, start, end) if rules.class_leads else None
    if lead is not None and lead.end() < end:
        start = lead.end()
    for word in rules.organisation_trailers:
        if end - start > len(word) + 1 and scene.text.endswith(word, start, end):
            end -= len(word)
    start = _behind_former(scene.text, start, end, rules)
    start = _behind_dateline(scene, rules, start, end)
    if rules.spaced:
        end = _before_small_words(scene, rules, start, end)
        start = _behind_company_noun(scene, rules, start, end)
    if rules.nouns_capitalised:
        start = _with_first_part(scene.text, rules, start)
    return start, end


def _with_first_part(text: str, rules: EntityRules, start: int) -> int:
    """Return where a name begins that was cut at a hyphen: Ruder- + Landesverband Nordsee."""
    first = _FIRST_PART.search(text, max(0, start - _LONGEST_FIRST_PART), start)
    return start if first is None or f"{first.group(1)}-" in rules.former else first.start()


def _one_of_the_table(scene: Scene, start: int, end: int) -> str:
    """Return the id of the one organisation that two names of the table, side by side, name: NHK日本放送協会."""
    first = scene.match_at(start)
    second = scene.match_at(first.end) if first is not None and first.end < end else None
    same = first is not None and second is not None and second.end == end and first.key == second.key
    return first.key if same and first is not None else ""


def _before_former(scene: Scene, rules: EntityRules, start: int, end: int) -> int:
    """Return where a name ends before 'former' and the organisation the person was of: 大槻 + 元 + 北電."""
    for word in rules.former:
        at = scene.text.find(word, start + 2, end - 2)
        match = scene.match_at(at + len(word)) if at > 0 else None
        if match is not None and match.end == end:
            return at
    return end


def _is_post(scene: Scene, start: int, end: int) -> bool:
    """Say whether the lexicon knows all of a span as a post: 冷房企画部長."""
    post = scene.title_starts.get(start)
    return post is not None and post.end == end


def _with_surname(scene: Scene, rules: EntityRules, start: int, end: int) -> int:
    """Return where a name begins whose surname stands between it and a post: 首席技术官 + 方 + 若琳."""
    name = scene.text[start:end]
    alone = len(name) <= _LONGEST_GIVEN and all(map(is_han, name)) and start not in scene.title_ends
    led = (
        alone and not rules.surnames_first and start - 1 in scene.title_ends and scene.text[start - 1] in rules.surnames
    )
    return start - 1 if led else start


def _behind_cue(text: str, rules: EntityRules, start: int, end: int) -> int:
    """Return where a native name begins behind a verb that appoints, whole or torn apart: 任命 + 殷素, 官|宣 + 殷素."""
    surnames = tuple(rules.surnames)
    for cue in rules.person_cues_before:
        for at in (start, max(start - 1, 0))[: len(cue)]:
            first = at + len(cue)
            if end - first > 1 and text.startswith(cue, at) and text.startswith(surnames, first):
                return first
    return start


def _behind_leader(scene: Scene, rules: EntityRules, start: int, end: int) -> int:
    """Return where a person begins behind a word for what the person is: リベロ + a name."""
    for word in rules.name_leaders:
        first = start + len(word)
        if end - first > 1 and scene.text.startswith(word, start) and first in scene.bounds:
            return start if scene.text[first] in "·=" else first
    return start


def _behind_post(scene: Scene, rules: EntityRules, start: int, end: int) -> int:
    """Return where a name begins behind a post that it was glued to: 'CEOOdile', 董事長 + 江."""
    for word in rules.role_words:
        if scene.text.startswith(word, start, end) and start + len(word) < end:
            return start + len(word)
    title = scene.inside_titles.get(start)
    return title.end if title and title.end < end else start


def _behind_country(text: str, start: int, end: int, rules: EntityRules) -> int:
    """Return where a foreign name begins behind its country in one character."""
    for prefix in rules.country_prefixes:
        first = start + len(prefix)
        if (
            text.startswith(prefix, start, end)
            and end - first > 1
            and (is_katakana(text[first]) or is_latin(text[first]))
        ):
            return first
    return start


def cells(text: str, post: Span) -> list[Span]:
    """Return the posts of a span that are the last cells of a row, behind a name: the new one and the old one."""
    start, end = post
    line = text.rfind("\n", 0, start) + 1
    after = text.find("\n", end)
    breaks = [m.span() for m in _CELL.finditer(text, start, end)]
    if not breaks or start == line or text[end : after if after >= 0 else len(text)].strip():
        return []
    edges = [start, *(place for gap in breaks for place in gap), end]
    return [Span(first, last) for first, last in zip(edges[::2], edges[1::2], strict=True)]


def _behind_place(text: str, rules: EntityRules, start: int, end: int) -> int:
    """Return where an office of state begins behind the town or province it is of: 赣州市 + 市长."""
    place = _PLACE.match(text, start, end)
    if place is None or not text.endswith(tuple(rules.state_posts), place.end(), end):
        return start
    return place.end()


def _behind_class(text: str, start: int, end: int, rules: EntityRules) -> int:
    """Return where a name begins behind the word for what it names: ロックバンド + a band's name."""
    for prefix in rules.class_prefixes:
        at = text.find(prefix, start, end)
        behind = at + len(prefix)
        if at >= 0 and end - behind > 1 and (prefix[-1] != " " or text[behind].isupper()):
            return behind
    return start


def _several(text: str, start: int, end: int) -> list[Span]:
    """Return the names of a span that holds several: 'A·B和C·D'; nothing if it holds one."""
    joint = _JOINT.search(text, start + 2, end - 2)
    if joint is None or "·" not in text[start : joint.start()] or "·" not in text[joint.end() : end]:
        return []
    return [Span(start, joint.start()), Span(joint.end(), end)]


def _behind_organisation(scene: Scene, start: int, end: int) -> int:
    """Return where a person begins behind an organisation of the table: 'EADS Odile Marchbank'."""
    match = scene.strong_starts.get(start)
    if match is None or match.end >= end:
        return start
    rest = scene.text[match.end : end]
    if is_latin(rest.strip()[0]) and is_latin(scene.text[match.end - 1]):
        return match.end + 1 if rest[0] == " " and rest.count(" ") > 1 else start
    return match.end if len(rest) > 1 and rest[0] not in "·=" and not is_katakana(rest[0]) else start


def _possessor_end(scene: Scene, rules: EntityRules, start: int, end: int) -> int:
    """Return where a name ends before a possessive that something possessed follows; Sotheby's is left alone."""
    for ending in ("'s", "'"):
        if scene.text.endswith(ending, start, end) and end - start > len(ending) + 1:
            word = re.compile(r" ([A-Za-z-]+)").match(scene.text, end)
            if word is None or word.group(1) in rules.not_possessed:
                return end
            bare = re.escape(scene.text[start : end - len(ending)])
            return end - len(ending) if re.search(rf"(?<![\w]){bare}(?![\w'])", scene.text) else end
    return end


def _behind_company_noun(scene: Scene, rules: EntityRules, start: int, end: int) -> int:
    """Return where a name begins behind a noun for its kind: 'Handelskonzern Spar', 'Reifenhersteller Nordgummi'."""
    space = scene.text.find(" ", start, end)
    noun, name = scene.text[start:space], scene.text[space + 1 : end]
    if space < 0:
        return start
    if _describes(noun, rules) and name[:1].isupper() and not _no_name_alone(name, rules):
        return space + 1
    if not noun.lower().endswith(tuple(rules.noun_endings) or "\n"):
        return start
    match = scene.match_at(space + 1)
    return space + 1 if match and match.end == end else start


def _describes(noun: str, rules: EntityRules) -> bool:
    """Say whether a word before a name only says what the name is the name of."""
    kinds = (rules.organisation_nouns, rules.descriptive_nouns)
    return any(compiled(kind).fullmatch(noun) for kind in kinds if kind)


def _no_name_alone(name: str, rules: EntityRules) -> bool:
    """Say whether what is left of a name is a place or a word that many organisations have in their names."""
    heads = (*rules.generic_words, *rules.organisation_heads, *rules.legal_forms_after)
    return name in rules.places or name.split(" ", 1)[0] in heads


def _names_a_class(name: str, label: Label, rules: EntityRules) -> bool:
    """Say whether a name is a word for many of a kind: 房地产公司, 'Catholics'."""
    classes = {Label.ORG: rules.class_names, Label.PERSON: rules.class_persons, Label.TITLE: rules.class_posts}
    pattern = classes.get(label)
    return bool(pattern) and compiled(pattern or "").fullmatch(name) is not None


def _numbered(name: str, rules: EntityRules) -> bool:
    """Say whether a name holds a digit, as no person's does where words are not spaced."""
    return not rules.spaced and any(map(str.isdigit, name))


def _reading(text: str, start: int, end: int) -> bool:
    """Say whether a span is in brackets that only tell how a name is read: (まぶち·けんいち)."""
    if start >= end or not all(char in _KANA for char in text[start:end]):
        return False
    opening = text.rfind("(", max(0, start - 20), start)
    closing = text.find(")", end, end + 20)
    return 0 <= opening < closing and all(char in _KANA for char in text[opening + 1 : closing])


def _before_small_words(scene: Scene, rules: EntityRules, start: int, end: int) -> int:
    """Return where a name ends before connectors, and before a post in small letters: 'German co-head of'."""
    end = _post_end(scene.text, rules, start, end)
    title = scene.title_ends.get(end)
    if title and start < title.start and scene.text[title.start].islower():
        end = title.start - 1
        return start if scene.text[start:end] in rules.generic_words else end
    return end


def _post_end(text: str, rules: EntityRules, start: int, end: int) -> int:
    """Return where a post ends before prepositions and articles."""
    idle = _words((*rules.name_connectors, *rules.articles))
    while True:
        cut = text.rfind(" ", start, end)
        if cut < 0 or text[cut + 1 : end].casefold() not in idle:
            return end
        end = cut


def _behind_honorific(text: str, rules: EntityRules, start: int, end: int) -> int:
    """Return where a post begins behind the honorific of the name before it: 氏 + 主宰."""
    found = (word for word in rules.honorifics_after if text.startswith(word, start) and start + len(word) < end)
    return start + len(next(found, ""))


def _post_start(scene: Scene, rules: EntityRules, start: int, end: int) -> int:
    """Return where a post begins: on a token, behind words for the company."""
    for word in rules.not_in_posts:
        if scene.text.startswith(word, start) and start + len(word) < end - 1:
            return start + len(word)
    inside = next((at for at in range(start, end - 1) if at in scene.bounds), start)
    return inside if inside - start == 1 else start


def without_article(text: str, start: int, end: int, rules: EntityRules) -> int:
    """Return where a name begins after a lower-case article."""
    for article in rules.articles:
        if text.startswith(f"{article} ", start, end):
            return start + len(article) + 1
    return start


def _behind_former(text: str, start: int, end: int, rules: EntityRules) -> int:
    """Return where an organisation begins behind words that tell of its officer: 'interimistische Nordgas'."""
    space = text.find(" ", start, end)
    word = text[start:space] if space > 0 else ""
    return space + 1 if word[:1].islower() and word in rules.former else start


def _behind_dateline(scene: Scene, rules: EntityRules, start: int, end: int) -> int:
    """Return where an organisation begins behind the end of a dateline: 'Mich. Ford', 'Reuters Ford'."""
    space = scene.text.find(" ", start, end)
    if space < 0 or not rules.spaced:
        return start
    if scene.text[start:space] in rules.dateline_ends:
        return space + 1
    outlet, named = scene.match_at(start), scene.match_at(space + 1)
    two = outlet is not None and outlet.end == space and named is not None and named.end == end
    return space + 1 if two and outlet and outlet.key and entry(outlet.key).kind == "media" else start


def _without_post(scene: Scene, rules: EntityRules, start: int, end: int) -> tuple[int, Span | None]:
    """Cut a post glued to the end of a name: 'OpenAI-CEO', 'OpenAI CEO', 'アルトマンCEO'."""
    text = scene.text
    for word in _by_last_letters(tuple(rules.role_words)).get(text[max(start, end - 2) : end], ()):
        at = end - len(word)
        if at <= start or not text.endswith(word, start, end):
            continue
        inside = is_latin(text[at]) and is_latin(text[at - 1])
        if not inside or (rules.spaced and word[0].isupper() and text[at - 1].isalpha() and len(word) > 4):
            return at, Span(at, end)
    title = scene.title_ends.get(end)
    if title is None and not rules.spaced:  # 華航空 + 服員: the post 空服員 is parted, and none begins behind the name
        title = scene.inside_titles.get(end)
        title = None if title and scene.post_behind(Span(start, end)) else title
    if title and start < title.start and not rules.spaced:
        return title.start, title
    if not rules.spaced:  # 瑞典国防 + 大臣: the field of a minister is a part of the post
        over = next((t for at in range(start + 1, end) if (t := scene.title_starts.get(at)) and t.end > end), None)
        if over is not None and text[start : over.start] in rules.places:
            return over.start, None
    return end, None


def _may_be_person(name: str, rules: EntityRules) -> bool:
    """Say whether a name could be a person's: it has letters, and a Latin one has a capital."""
    if not any(char.isalpha() for char in name):
        return False
    if name.isascii() and not any(char.isupper() for char in name):
        return False
    others = (
        *rules.role_words,
        *rules.honorifics_after,
        *rules.honorifics_before,
        *rules.particles,
        *rules.name_trailers,
    )
    return name.casefold() not in _words(others)
