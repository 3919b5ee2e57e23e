"""Names that words beside them or inside them give away: honorifics, legal forms, brackets, short forms."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from claimtrail.document import Entity, Label
from claimtrail.entities.lexicon import EntityRules, entity_rules
from claimtrail.entities.scene import Scene
from claimtrail.entities.script import HAN, KATAKANA, is_han, is_katakana, is_latin

CAPITAL = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĘĚĞĢĪĮİĶŁĻŃŅŇŌŐŘŚŞŠŢŤŪŮŰŹŻŽ"
LETTER = "A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ"
NAME_WORD = rf"(?:[{CAPITAL}]\.(?:[{CAPITAL}]\.)*|(?:[dDlLO]')?[{CAPITAL}][{LETTER}'-]*[{LETTER}])"
ORG_WORD = rf"(?:[{CAPITAL}][{LETTER}0-9&.'+-]*|[0-9]+[{CAPITAL}][{LETTER}0-9]*)"
_LATIN_NAME = re.compile(rf"(?:{NAME_WORD})(?:[ -](?:[a-z]{{1,3}} )?{NAME_WORD}){{0,4}}\Z")
_TWO_NAMES = re.compile(rf"[ ](?P<name>{NAME_WORD}(?:[ ]{NAME_WORD}){{1,2}})(?![{LETTER}-])")
_NUMBER = re.compile(r" [1-9](?![\w%-]|[.,]\d)")
_LONGEST_ALONE = 3
_BRACKET = re.compile(r"[ ]?\(([^()\n]{2,60})\)")


def _either(words: Sequence[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=_longest))


def _longest(word: str) -> tuple[int, str]:
    return -len(word), word


@dataclass(frozen=True, slots=True)
class _Compiled:
    honorific: re.Pattern[str] | None
    honorific_han: re.Pattern[str] | None
    legal: re.Pattern[str] | None
    legal_after: re.Pattern[str]
    place: re.Pattern[str]
    starts: re.Pattern[str] | None
    suffix: re.Pattern[str] | None
    heads: re.Pattern[str] | None
    short: re.Pattern[str] | None
    native: re.Pattern[str] | None
    moved: re.Pattern[str] | None
    whole: tuple[re.Pattern[str], ...]


@cache
def _compiled(lang: str) -> _Compiled:
    rules = entity_rules(lang)
    honorific = honorific_han = legal = starts = suffix = heads = short = None
    if rules.spaced:
        particles = rf"(?:(?:{_either(rules.particles)})[ ])*"
        if rules.honorifics_before:
            honorific = re.compile(
                rf"(?<![\w-])(?:(?:{_either(rules.honorifics_before)})[ ])+"
                rf"(?P<name>{particles}{NAME_WORD}(?:[ ]{particles}{NAME_WORD}){{0,2}})"
            )
        connector = _either(rules.name_connectors)
        run = rf"{ORG_WORD}(?:[ ](?:&[ ])?{ORG_WORD}){{0,4}}?"
        legal = re.compile(rf"(?<![\w-])(?P<name>{run}),?[ ](?:{_either(rules.legal_forms_after)})(?![\w-])")
        if rules.organisation_starts:
            starts = re.compile(
                # the first letter is looked at before the many words
                rf"(?<![\w-])(?=[{CAPITAL}])(?P<head>{_either(rules.organisation_starts)})[ ](?:the[ ])?"
                rf"{ORG_WORD}(?:[ ](?:(?:{connector})[ ]){'' if rules.nouns_capitalised else '?'}{ORG_WORD}){{0,3}}"
            )
        if rules.organisation_suffixes:
            # before a hyphen only where an officer follows: 'Wirtschaftskammer-Präsident'
            whole = _either([ending.capitalize() for ending in rules.organisation_suffixes])
            suffix = re.compile(
                rf"(?<![\w-])(?:[{CAPITAL}][\w-]+(?:{_either(rules.organisation_suffixes)})|{whole})"
                rf"(?!\w|-(?!(?:{_either(rules.role_words)})(?!\w)))"
            )
        heads = re.compile(rf"[ ](?:{_either(rules.organisation_heads)})(?![\w-])")
    else:
        marks = _either(rules.honorifics_after)
        honorific = re.compile(
            rf"(?P<name>(?<![{KATAKANA}])[{KATAKANA}][{KATAKANA}·=]*[{KATAKANA}]|"
            rf"(?<![{LETTER}0-9.'-])(?<![{LETTER}] )[{CAPITAL}][{LETTER}.'-]*"
            rf"(?:[ ][{CAPITAL}][{LETTER}.'-]*){{0,3}})[ ]?(?:{marks})"
        )
        honorific_han = re.compile(rf"(?P<name>[{HAN}]{{1,12}}?)(?P<mark>{marks})")
        heads = re.compile(
            rf"(?:{_either(rules.organisation_middles)})*(?:{_either(rules.organisation_heads)})+"
            rf"(?![{KATAKANA}])"
        )
    if rules.short_form_cues:
        short = re.compile(
            rf"\([^()]{{0,12}}?(?:{'|'.join(rules.short_form_cues)})[ :]*[\"“„»'「『]?"
            rf"(?P<name>[^\"”“«'」』(),，、;；。]{{2,20}})"
        )
    native = None
    if rules.person_cues_after:
        native = re.compile(
            rf"(?=(?P<name>(?:{_either(rules.surnames)})[{HAN}]{{1,2}})(?:{_either(rules.person_cues_after)}))"
        )
    moved = None
    if rules.organisation_cues_after and not rules.spaced:
        latin = rf"(?<![{LETTER}0-9.'-])[{CAPITAL}][{LETTER}0-9&.'-]*(?:[ ][{CAPITAL}][{LETTER}0-9&.'-]*){{0,2}}"
        frames = f"|{rules.organisation_frames}" if rules.organisation_frames else ""
        classes = _either(rules.quoted_classes)
        cues = [re.escape(cue) for cue in rules.organisation_cues_before if cue.endswith(rules.cue_links or "\n")]
        kana = rf"[{KATAKANA}][{KATAKANA}·]*[{KATAKANA}](?![{KATAKANA}·=])"
        told = rf"(?=は[0-9]{{1,2}}(?:月[0-9]{{1,2}})?日、|\([{HAN}]{{2,6}}[·)])"
        # 'のXは8日、' tells of a firm whatever the noun before
        any_noun = rf"(?<=[{HAN}{KATAKANA}]の)(?P<dated>{kana})(?=は[0-9]{{1,2}}(?:月[0-9]{{1,2}})?日、)"
        led = rf"|(?:{'|'.join(cues)})(?P<led>{kana}){told}|{any_noun}" if cues else ""
        quoted = f"|(?:{classes})「(?P<classed>[^「」\n。]{{2,20}})」" if rules.quoted_classes else ""
        moved = re.compile(
            rf"(?:「(?P<quoted>[^「」\n。]{{2,20}})」|(?P<name>(?<![{KATAKANA}·=])[{KATAKANA}][{KATAKANA}·=]*[{KATAKANA}]|"
            rf"{latin}))(?:{_either(rules.organisation_cues_after)}{frames}){quoted}{led}"
        )
    run = rf"{ORG_WORD}(?:[ ](?:{_either(rules.name_connectors)})[ ]{ORG_WORD})?"
    named = tuple(re.compile(pattern.replace("{name}", run)) for pattern in rules.organisation_patterns)
    forms = _either(rules.legal_forms_after)
    behind = f"(?![{rules.heads_not_before}])" if rules.heads_not_before else ""
    legal_after = re.compile(rf",?[ ](?:{forms})(?![\w-])" if rules.spaced else rf"(?:(?:{forms}){behind})+")
    han = f"(?![{rules.joining_characters}])[{HAN}]" if rules.joining_characters else f"[{HAN}]"
    place = re.compile(rf"\([{HAN}]{{2,4}}\)(?:{han}){{0,12}}?(?={forms})")
    return _Compiled(
        honorific, honorific_han, legal, legal_after, place, starts, suffix, heads, short, native, moved, named
    )


def text_patterns(scene: Scene) -> list[Entity]:
    """Return the names that the text alone gives away, whatever the model says."""
    found: list[Entity] = []
    for sentence in scene.sentences:
        compiled, rules = _compiled(sentence.lang), entity_rules(sentence.lang)
        if rules.spaced:
            found += _latin_honorifics(scene, compiled, rules, sentence.start, sentence.end)
            found += _latin_organisations(scene, compiled, rules, sentence.start, sentence.end)
            found += _titled_names(scene, rules, sentence.start, sentence.end)
        else:
            found += _local_honorifics(scene, compiled, rules, sentence.start, sentence.end)
            found += _joined_organisations(scene, compiled, rules, sentence.start, sentence.end)
            found += _native_names(scene, compiled, rules, sentence.start, sentence.end)
    return found


def _latin_honorifics(scene: Scene, compiled: _Compiled, rules: EntityRules, start: int, end: int) -> Iterator[Entity]:
    if compiled.honorific is None:
        return
    for match in compiled.honorific.finditer(scene.text, start, end):
        first, stop = match.start("name"), match.start("name")
        for word in re.finditer(r"\S+", match.group("name")):
            at = first + word.start()
            named = word.group() not in rules.role_words and word.group() not in rules.no_names
            if not named or at in scene.title_starts or at in scene.inside_titles:
                break
            if stop > first and word.group() in rules.generic_words:
                break
            stop = first + word.end()
        if scene.text[first:stop].split(" ")[0] in rules.articles:
            continue
        while stop > first and scene.text[first:stop].split(" ")[-1] in rules.particles:
            stop = max(first, scene.text.rfind(" ", first, stop))
        if stop > first:
            yield Entity(first, stop, Label.PERSON, "pattern")


def _titled_names(scene: Scene, rules: EntityRules, start: int, end: int) -> Iterator[Entity]:
    """Yield the names of two or three capitalised words right behind a post: for where the engine marked nothing."""
    if rules.nouns_capitalised or _in_title_case(scene.text[start:end]):
        return
    unlike = (rules.generic_words, rules.role_words, rules.organisation_heads, rules.no_names)
    for title in scene.titles:
        match = _TWO_NAMES.match(scene.text, title.end, end) if start <= title.start < end else None
        if match is None or any(word in words for word in match.group("name").split(" ") for words in unlike):
            continue
        span = match.span("name")
        if not scene.touches_title(*span) and not scene.matched(*span):
            yield Entity(*span, Label.PERSON, "agreement")


def _in_title_case(sentence: str) -> bool:
    words: list[str] = re.findall(rf"[{LETTER}]{{4,}}", sentence)
    return 3 * sum(word[0].isupper() for word in words) > 2 * len(words)


def _latin_organisations(
    scene: Scene, compiled: _Compiled, rules: EntityRules, start: int, end: int
) -> Iterator[Entity]:
    if compiled.legal:
        for match in compiled.legal.finditer(scene.text, start, end):
            inner = [at for at in scene.strong_starts if match.start("name") < at < match.end("name")]
            first = _name_start(scene, rules, min(inner, default=match.start("name")), match.end("name"))
            if first < match.end("name"):
                yield Entity(first, match.end(), Label.ORG, "pattern")
    for pattern in (compiled.starts, compiled.suffix):
        if pattern:
            for match in pattern.finditer(scene.text, start, end):
                if match.start() in scene.title_starts and scene.title_starts[match.start()].end >= match.end():
                    continue
                first = match.start() if rules.nouns_capitalised else _widened(scene, rules, match.start(), start)
                yield Entity(first, match.end(), Label.ORG, "pattern")
    for pattern in compiled.whole:
        for match in pattern.finditer(scene.text, start, end):
            # 'name' binds the organisation where the pattern holds more
            yield Entity(*match.span("name" if "name" in pattern.groupindex else 0), Label.ORG, "pattern")


def _name_start(scene: Scene, rules: EntityRules, first: int, end: int) -> int:
    """Return where the name begins in a run of capitalised words: behind function words, posts and plain nouns."""
    while first < end:
        word = re.compile(r"\S+").match(scene.text, first, end)
        if word is None:
            return end
        last = word.end() == end
        plain = (
            rules.nouns_capitalised
            and not last
            and (
                scene.pos.get(first) in ("NOUN", "ADP", "DET")
                or word.group().lower().endswith(tuple(rules.noun_endings))
            )
        )
        if word.group() not in rules.function_words and word.group() not in rules.role_words and not plain:
            title = scene.title_starts.get(first)
            if title is None or last:
                return end if last and word.group() in rules.generic_words else first
            first = max(title.end, word.end())
        else:
            first = word.end()
        while first < end and scene.text[first] == " ":
            first += 1
    return end


def _widened(scene: Scene, rules: EntityRules, first: int, limit: int) -> int:
    """Return the begin of a run of capitalised words that leads up to a name: 'Reserve' Bank of …."""
    for _ in range(3):
        word = re.search(rf"(?<![{LETTER}'-])[{CAPITAL}][{LETTER}'-]* \Z", scene.text[limit:first])
        stops = word is None or word.group().endswith("'s ") or word.group().strip() in rules.function_words
        if word is None or stops or limit + word.start() in scene.title_starts:
            break
        first = limit + word.start()
    return first


def _local_honorifics(scene: Scene, compiled: _Compiled, rules: EntityRules, start: int, end: int) -> Iterator[Entity]:
    text = scene.text
    if compiled.honorific:
        for match in compiled.honorific.finditer(text, start, end):
            if match.group("name") not in rules.role_words:
                first = match.start("name")
                if is_katakana(text[first]) and "·" not in match.group("name"):
                    first = _with_surname(scene, rules, first, start)
                yield Entity(first, match.end("name"), Label.PERSON, "pattern")
    if compiled.honorific_han is None:
        return
    for match in compiled.honorific_han.finditer(text, start, end):
        stop = match.end("name")
        if any(text.endswith(word, start, stop) for word in rules.no_names):
            continue
        first = _native_name(scene, rules, match.start("name"), stop)
        if first == stop and match.group("mark") in rules.sure_honorifics:
            first = _alone(scene, rules, start, stop)
        if first < stop and not scene.touches_title(first, stop):
            yield Entity(first, stop, Label.PERSON, "pattern")


def _joined_organisations(
    scene: Scene, compiled: _Compiled, rules: EntityRules, start: int, end: int
) -> Iterator[Entity]:
    """Yield the katakana, Latin or quoted names that are joined or left, for where the engine marked nothing."""
    if compiled.moved is None:
        return
    for match in compiled.moved.finditer(scene.text, start, end):
        group = next(name for name, value in match.groupdict().items() if value)
        span = match.span(group)
        known = match.group(group) in rules.generic_words or match.group(group) in rules.role_words
        known = known or (group == "name" and is_han(scene.text[span[0] - 1 : span[0]] or " "))
        if not known and not scene.touches_title(*span):
            yield Entity(*span, Label.ORG, "agreement")


def _native_names(scene: Scene, compiled: _Compiled, rules: EntityRules, start: int, end: int) -> Iterator[Entity]:
    """Yield unknown words that begin with a surname and stand where persons do: 由葛云舟出任."""
    if compiled.native is None:
        return
    text, floor = scene.text, start
    for match in compiled.native.finditer(text, start, end):
        first, stop = match.span("name")
        pieces = sum(at in scene.bounds for at in range(first, stop + 1))
        if first < floor or first not in scene.bounds or stop not in scene.bounds or pieces < 3:
            continue
        led = first == start or not is_han(text[first - 1]) or first in scene.title_ends
        led = led or any(text.endswith(cue, start, first) for cue in rules.person_cues_before)
        if led and text[stop - 1] not in rules.name_tails and not scene.touches_title(first, stop):
            floor = stop
            yield Entity(first, stop, Label.PERSON, "pattern")


def _with_surname(scene: Scene, rules: EntityRules, first: int, limit: int) -> int:
    """Return where a name begins whose surname in Chinese characters precedes a given name in katakana."""
    begin = first
    while begin > limit and is_han(scene.text[begin - 1]):
        begin -= 1
    known = first in scene.title_ends or scene.dated(begin, first)
    kind = scene.pos.get(begin, "" if first - begin == 1 else "PROPN")
    surname = kind == "PROPN" or scene.text[begin:first] in rules.surnames
    return begin if first - begin in (1, 2, 3) and surname and not known else first


def _native_name(scene: Scene, rules: EntityRules, first: int, stop: int) -> int:
    """Return where a native name of at most five characters begins that ends at ``stop``; ``stop`` if none does."""
    candidates = [at for at in range(max(first, stop - 5), stop - 1) if at in scene.bounds or at in scene.title_ends]
    for at in candidates:
        if at - 1 >= first and at in scene.title_ends and stop - at <= 5:
            return at
    for at in candidates:
        if scene.text[at] in rules.joining_characters and at + 1 in candidates:
            continue
        surname = next((name for name in rules.surnames if scene.text.startswith(name, at)), None)
        if surname and at + len(surname) < stop and stop - at <= len(surname) + 3:
            return at
    return stop


def _alone(scene: Scene, rules: EntityRules, limit: int, stop: int) -> int:
    """Return where a run of up to three Chinese characters begins that an honorific alone tells to be a name."""
    first = stop
    while first > limit and is_han(scene.text[first - 1]):
        first -= 1
    known = stop - first > _LONGEST_ALONE or first not in scene.bounds or scene.text[first:stop] in rules.generic_words
    return stop if known or any(name in scene.text[first:stop] for name in rules.no_names) else first


def extended(entities: Sequence[Entity], scene: Scene) -> list[Entity]:
    """Return organisations with the legal form or head that follows or precedes them taken in."""
    found: list[Entity] = []
    for entity in entities:
        sentence = scene.sentence_at(entity.start)
        if sentence is None or entity.label not in (Label.ORG, Label.GPE, Label.PERSON):
            continue
        compiled, rules = _compiled(sentence.lang), entity_rules(sentence.lang)
        start, end = entity.start, entity.end
        if entity.label is Label.ORG:
            end = _after(scene, compiled, rules, end, sentence.end)
            start = _before(scene.text, rules, start, sentence.start)
        if (start, end) != (entity.start, entity.end):
            found.append(Entity(start, end, Label.ORG, "pattern", entity.key))
    return found


def _after(scene: Scene, compiled: _Compiled, rules: EntityRules, end: int, limit: int) -> int:
    text = scene.text
    if rules.spaced:
        legal = compiled.legal_after.match(text, end, limit)
        end = legal.end() if legal else end
        number = _NUMBER.match(text, end, limit)
        if number and text.endswith(tuple(rules.numbered_heads), 0, end):
            return number.end()
        head = compiled.heads.match(text, end, limit) if compiled.heads else None
        return head.end() if head and head.group().strip() not in rules.role_words else end
    end = _past_heads(scene, compiled, rules, end, limit)
    place = compiled.place.match(text, end, limit)
    end = place.end() if place else end
    legal = compiled.legal_after.match(text, end, limit)
    return legal.end() if legal else end


def _past_heads(scene: Scene, compiled: _Compiled, rules: EntityRules, end: int, limit: int) -> int:
    """Return the end of a name with the words that make it a longer one: 恒岳 + 科技, 星河 + 損害 + 保険."""
    if end in scene.title_starts or compiled.heads is None:
        return end
    match = compiled.heads.match(scene.text, end, limit)
    if match is None or match.end() in scene.inside_titles:
        return end
    if match.end() not in scene.bounds and match.end() not in scene.title_starts:
        return end
    return end if scene.text[match.end() : match.end() + 1] in tuple(rules.heads_not_before) else match.end()


def _before(text: str, rules: EntityRules, start: int, limit: int) -> int:
    for form in (*rules.legal_forms_before, *rules.organisation_marks):
        if start - len(form) >= limit and text.startswith(form, start - len(form)):
            return start - len(form)
    return start


def bracketed(entities: Sequence[Entity], scene: Scene) -> list[Entity]:
    """Return the names that brackets pair with a name: its Latin form, or its abbreviation."""
    found: list[Entity] = []
    by_span = {(entity.start, entity.end): entity for entity in entities}
    for entity in entities:
        if entity.label not in (Label.PERSON, Label.ORG):
            continue
        match = _BRACKET.match(scene.text, entity.end)
        if match is None or not scene.within_sentence(entity.start, match.end()):
            continue
        inner = match.group(1)
        rules = scene.rules_at(entity.start)
        present = by_span.get((match.start(1), match.end(1)))
        if (
            rules is None
            or (present and present.label in (Label.GPE, Label.DATE, Label.TITLE))
            or inner in rules.role_words
        ):
            continue
        if (
            _pairs(scene.text[entity.start : entity.end], inner, entity.label)
            and match.start(1) not in scene.title_starts
        ):
            found.append(Entity(match.start(1), match.end(1), entity.label, "pattern", entity.key))
    for entity in entities:
        if entity.label is Label.PERSON and is_latin(scene.text[entity.start]):
            left = _run_before_bracket(scene, entity)
            if left is not None:
                found.append(left)
    return found


def _pairs(name: str, inner: str, label: Label) -> bool:
    local = not is_latin(name[0])
    if local and _LATIN_NAME.match(inner):
        return True
    if label is Label.PERSON:
        return False
    return bool(re.fullmatch(r"[A-Z][A-Za-z&]{1,7}", inner)) and sum(c.isupper() for c in inner) > 1


def _run_before_bracket(scene: Scene, entity: Entity) -> Entity | None:
    """Return the katakana name whose Latin form stands in the brackets behind it."""
    text, start = scene.text, entity.start
    if start < 3 or text[start - 1] != "(" or text[entity.end : entity.end + 1] != ")":
        return None
    end = start - 1
    first = end
    while first > 0 and (is_katakana(text[first - 1]) or text[first - 1] in "·="):
        first -= 1
    if end - first < 2 or not scene.within_sentence(first, end):
        return None
    return Entity(first, end, Label.PERSON, "pattern")


def short_forms(entities: Sequence[Entity], scene: Scene) -> list[Entity]:
    """Return the short names that the text itself introduces for an organisation."""
    ends = {entity.end: entity for entity in entities if entity.label is Label.ORG}
    found: list[Entity] = []
    for sentence in scene.sentences:
        compiled = _compiled(sentence.lang)
        if compiled.short is None:
            continue
        for match in compiled.short.finditer(scene.text, sentence.start, sentence.end):
            name = match.group("name")
            rules = entity_rules(sentence.lang)
            start = match.start() - (scene.text[match.start() - 1 : match.start()] == " ")
            fits = name not in rules.generic_words and (not rules.spaced or name[0].isupper())
            if fits and start in ends:
                found.append(Entity(match.start("name"), match.end("name"), Label.ORG, "pattern", ends[start].key))
    return found


def is_local(name: str) -> bool:
    """Say whether a name is in Chinese characters or katakana."""
    return is_han(name[0]) or is_katakana(name[0])
