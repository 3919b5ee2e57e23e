"""Agreement within a document: one label for one name, and every mention of a name that is known."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from claimtrail.document import Entity, Label, Span
from claimtrail.entities.lexicon import EntityRules, compiled
from claimtrail.entities.patterns import CAPITAL, LETTER, NAME_WORD
from claimtrail.entities.scene import Scene
from claimtrail.entities.script import is_han, is_katakana, is_latin

_NEXT_WORD = re.compile(rf" ((?:& )?)([{CAPITAL}][{LETTER}]+)")
_LAST_WORD = re.compile(rf"(?<![{LETTER}])([{CAPITAL}][{LETTER}'.-]*) \Z")
_NAMELIKE = re.compile(rf"{NAME_WORD}(?:[ -](?:[a-z]{{1,3}}[ ])?{NAME_WORD}){{1,3}}")
_AGE = re.compile(r",? ?\(?[2-9]\d\)?(?=[,) ])(?! [%A-Z])|, aged? [2-9]\d")
_DOT = re.compile(r"[·=]")
_SHORTEST_BASE = 7  # letters of a name that may stand with the ending of a case and without
_NAMES = (Label.PERSON, Label.ORG, Label.GPE)
# what a word behind a name is that a model took for the end of it
_NO_NAME = frozenset({"VERB", "ADJ", "ADV", "ADP", "AUX", "PRON", "CCONJ", "SCONJ", "DET"})
_WEIGHT = {"pattern": 3, "gazetteer": 2, "model": 2, "agreement": 1}


class Known(NamedTuple):
    """A name to look for: its label, the table's id, and how many Chinese characters make it safe off token bounds.

    ``part`` says that it is only a part of a name: such a one must not be a part of another name where it stands.
    """

    label: Label
    key: str
    safe: int
    part: bool


def agreed(entities: Sequence[Entity], scene: Scene) -> list[Entity]:
    """Return the entities with one label for every string that is tagged as a person here and an organisation there."""
    votes: dict[str, Counter[Label]] = defaultdict(Counter)
    persons: set[str] = set()
    organisations = {scene.text[match.start : match.end] for match in scene.matches if match.strong}
    written = {scene.text[entity.start : entity.end] for entity in entities if entity.label in _NAMES}
    organisations |= {_initials(scene.text[e.start : e.end]) for e in entities if e.label is Label.ORG} & written
    short = _without_heads(entities, scene)
    for entity in entities:
        name, rules = scene.text[entity.start : entity.end], scene.rules_at(entity.start)
        if rules is None or entity.label not in _NAMES:
            continue
        votes[_uninflected(name, rules, written)][entity.label] += _WEIGHT.get(entity.source, 1)
        honoured = entity.source == "model" and scene.text.startswith(tuple(rules.honorifics_after), entity.end)
        persons.update([name] if honoured and not entity.key else [])
        if entity.label is Label.PERSON:
            parts = [part for part in _person_parts(name, rules, scene, entity) if part != name]
            persons.update(parts)
            written.update(parts)
            persons.update([name] if entity.source == "pattern" else [])
            organisations.update([name] if _like_organisation(entity, scene, rules) else [])
            organisations.update([name] if name in short and entity.end not in scene.title_starts else [])
        elif entity.label is Label.GPE and entity.source == "model" and _no_place(entity, scene, rules):
            organisations.add(name)
        elif entity.label is Label.ORG and _like_person(entity, scene, rules):
            persons.add(name)
        elif entity.label is Label.ORG and (
            without_legal_form(name, rules) != name or _ends_as_organisation(name, rules)
        ):
            organisations.update(_organisation_parts(name, rules, scene))
    result = []
    for entity in entities:
        name, label, rules = scene.text[entity.start : entity.end], entity.label, scene.rules_at(entity.start)
        if rules and label in _NAMES:
            name = _uninflected(name, rules, written)
            label = _winner(votes[name], label, name in persons, name in organisations, _is_acronym(name))
        result.append(entity if label is entity.label else replace(entity, label=label, key=""))
    return result


def _without_heads(entities: Sequence[Entity], scene: Scene) -> set[str]:
    """Return the names of organisations without the last word that says what they are, if none is a surname: 青波FC."""
    found = set()
    for entity in entities:
        rules = scene.rules_at(entity.start)
        if entity.label is not Label.ORG or rules is None or rules.spaced:
            continue
        name = scene.text[entity.start : entity.end]
        kinds = (*rules.organisation_heads, *rules.organisation_last_words)
        heads = (head for head in kinds if name.endswith(head) and len(name) > len(head) + 1)
        found |= {name.removesuffix(head) for head in heads} - set(rules.surnames)
    people = [scene.text[e.start : e.end] for e in entities if e.label is Label.PERSON]
    return {name for name in found if all(p == name or not p.startswith(name) for p in people)}


def _uninflected(name: str, rules: EntityRules, written: set[str]) -> str:
    """Return a name without a case ending, where the text also has it without."""
    bare = (name[: -len(ending)] for ending in rules.name_endings if name.endswith(ending))
    return next((form for form in bare if form in written), name)


def _winner(ballot: Counter[Label], present: Label, person: bool, organisation: bool, acronym: bool) -> Label:
    """Return the label of a name: the supported one, or else that of most mentions."""
    if organisation and not person:
        return Label.ORG
    if person and not organisation and (present is not Label.GPE or ballot[Label.PERSON] == 0):
        return Label.PERSON
    if Label.PERSON not in ballot or len(ballot) == 1:
        return Label.ORG if ballot[Label.ORG] > 2 * ballot[Label.GPE] > 0 else present
    best = max(ballot.values())
    order: tuple[Label, ...] = (Label.ORG, Label.PERSON, Label.GPE) if acronym else _NAMES
    if Label.ORG not in ballot:
        order = (Label.GPE, Label.PERSON)
    return next(label for label in order if ballot[label] == best)


def _like_organisation(entity: Entity, scene: Scene, rules: EntityRules) -> bool:
    """Say whether the words beside a supposed person are those that stand beside organisations."""
    text, name = scene.text, scene.text[entity.start : entity.end]
    if entity.source == "pattern":
        return False
    if is_latin(name[0]) and " " in name and rules.spaced:
        return _ends_as_organisation(name, rules) or _behind_its_kind(entity, scene, rules)
    if _surnamed(name, rules):
        return False
    if _behind_its_kind(entity, scene, rules):
        return True
    if text.startswith((*rules.organisation_cues_after, *rules.nobody_before), entity.end):
        return True
    announces = rules.firm_after and text.endswith(rules.cue_links, 0, entity.start) and "·" not in name
    if announces and all(map(is_katakana, name)) and compiled(rules.firm_after).match(text, entity.end):
        return True
    never = is_katakana(name[-2:-1]) and name.endswith(tuple(rules.person_never_ends))
    if never or _ends_as_organisation(name, rules):
        return True
    space = " " if rules.spaced else ""
    return any(text.endswith(cue + space, 0, entity.start) for cue in rules.organisation_cues_before)


def _behind_its_kind(entity: Entity, scene: Scene, rules: EntityRules) -> bool:
    """Say whether a noun that only organisations have before their names stands there: 'Reifenhersteller Nordin'."""
    if not rules.organisation_nouns or scene.text[entity.start - 1 : entity.start] != " ":
        return False
    if rules.relative_verbs and compiled(rules.relative_verbs).match(scene.text, entity.end):
        return False
    before = scene.text.rfind(" ", 0, entity.start - 1) + 1
    return compiled(rules.organisation_nouns).fullmatch(scene.text, before, entity.start - 1) is not None


def _ends_as_organisation(name: str, rules: EntityRules) -> bool:
    """Say whether a name ends in a word that tells of an organisation."""
    if rules.spaced:
        last = name.rsplit(" ", maxsplit=1)[-1]
        known = last in rules.organisation_heads or last in rules.organisation_last_words
        if rules.nouns_capitalised and name.count("-") > 1 and " " not in name:  # Anna-Kern-Stiftung
            last = name.rsplit("-", maxsplit=1)[-1]
            return last in rules.organisation_heads or last in rules.organisation_starts
        return known and " " in name and last not in rules.generic_words
    return _headed_by_any(name, rules.organisation_heads) or _headed_by_any(name, rules.organisation_last_words)


def _no_place(entity: Entity, scene: Scene, rules: EntityRules) -> bool:
    """Say whether a supposed place ends as an organisation does (岬川 + 署), or stands behind a noun for its kind."""
    name = scene.text[entity.start : entity.end]
    ended = len(name) > 2 and name.endswith(tuple(rules.place_never_ends))
    headed = rules.nouns_capitalised and "-" in name and name.rpartition("-")[2] in rules.organisation_heads
    told = ended or headed or _ends_as_organisation(name, rules) or _behind_its_kind(entity, scene, rules)
    told = told or any(scene.text.endswith(f"{cue} ", 0, entity.start) for cue in rules.firm_posts)
    return name not in rules.places and told


def _like_person(entity: Entity, scene: Scene, rules: EntityRules) -> bool:
    """Say whether a supposed organisation of several words is told to hold a post, or its age is given."""
    text, name = scene.text, scene.text[entity.start : entity.end]
    if entity.source != "model" or _headed_by_any(name, rules.organisation_heads):
        return False
    if without_legal_form(name, rules) != name or name.split(" ")[-1] in rules.organisation_heads:
        return False
    if rules.spaced:
        if " " not in name or not _NAMELIKE.fullmatch(name):
            return False
        links = [link for link in rules.person_links if text.startswith(link, entity.end)]
        return _AGE.match(text, entity.end) is not None or any(
            entity.end + len(link) in scene.title_starts for link in links
        )
    if not entity.key and _takes_post(entity, scene, rules):
        return True
    links = [link for link in rules.person_links if text.endswith(link, 0, entity.start)]
    return "·" in name and any(entity.start - len(link) in scene.title_ends for link in links)


def _takes_post(entity: Entity, scene: Scene, rules: EntityRules) -> bool:
    """Say whether a name of two to four Chinese characters stands where only persons do: 由X接替, X出任."""
    text, name = scene.text, scene.text[entity.start : entity.end]
    if not 2 <= len(name) <= 4 or not all(is_han(char) for char in name):
        return False
    behind = text.startswith(tuple(rules.person_cues_after), entity.end)
    holds = entity.start in scene.title_ends or (
        text[entity.start - 1] == "的" and entity.start - 1 in scene.title_ends
    )
    before = holds or text.endswith(tuple(rules.person_cues_before), 0, entity.start)
    return (behind and before) or (len(name) > 2 and (behind or before) and _surnamed(name, rules))


def _headed_by_any(name: str, heads: Sequence[str]) -> bool:
    return name.endswith(tuple(heads)) and any(_headed(name, head) for head in heads)


def _headed(name: str, head: str) -> bool:
    """Say whether a name ends in a head; a short head in katakana only behind a dot: マーチバンク is no bank."""
    if len(head) < 2 or len(name) < len(head) + 2 or not name.endswith(head):
        return False
    return not is_katakana(head[0]) or len(head) > 4 or name[-len(head) - 1] == "·"


def _surnamed(name: str, rules: EntityRules) -> bool:
    """Say whether a name in Chinese characters begins with a surname."""
    return is_han(name[0]) and len(name) < 5 and any(name[:size] in rules.surnames for size in (1, 2, 3))


def _initials(name: str) -> str:
    """Return the capitals that a name of several words would be abbreviated with: HVU for Harrow Vale Utilities."""
    words = name.split(" ")
    return "".join(word[0] for word in words if word[:1].isupper()) if len(words) > 2 else ""


def _is_acronym(name: str) -> bool:
    return name.isascii() and name.isalpha() and name.isupper() and 1 < len(name) < 6


def parted(entities: Sequence[Entity], scene: Scene) -> list[Entity]:
    """Return the entities cut where they hold another person's name, a verb's first character or a word behind them."""
    known = {scene.text[e.start : e.end] for e in entities if e.label is Label.PERSON}
    marked = Counter((scene.text[e.start : e.end], e.label) for e in entities)
    ends = [min(_end_of_person(entity, known, scene), _end_of_name(entity, marked, scene)) for entity in entities]
    return _rejoined([e if end == e.end else replace(e, end=end) for e, end in zip(entities, ends, strict=True)], scene)


def _rejoined(entities: list[Entity], scene: Scene) -> list[Entity]:
    """Return the entities with a surname and a given name that were marked apart as one person: 渡辺 + 謙太郎."""
    whole: list[Entity] = []
    for entity in entities:
        before, rules = whole[-1] if whole else None, scene.rules_at(entity.start)
        if (
            before is not None
            and rules is not None
            and rules.surnames_first
            and before.end == entity.start
            and before.label is entity.label is Label.PERSON
            and entity.end - before.start < 7
            and scene.text[before.start : before.end] in rules.surnames
            and is_han(scene.text[entity.start])
        ):
            whole[-1] = replace(before, end=entity.end, source=entity.source)
        else:
            whole.append(entity)
    return whole


def _end_of_person(entity: Entity, known: set[str], scene: Scene) -> int:
    name, rules = scene.text[entity.start : entity.end], scene.rules_at(entity.start)
    if entity.label is not Label.PERSON or rules is None or not all(is_han(char) or char == "·" for char in name):
        return entity.end
    ended = name[-1] in rules.never_in_names and not ("·" in name and name[-1] in rules.foreign_ends)
    if len(name) > 2 and ended and entity.source == "model" and scene.text.count(name) == 1:
        return entity.end - 1
    if "·" in name:
        return entity.end
    first = next((k for k in sorted(known) if name != k and name.startswith(k)), "")
    last = next((k for k in sorted(known) if name != k and name.endswith(k)), "")
    own = rules.surnames_first and first in rules.surnames
    if len(first) > 1 and len(last) > 1 and len(first) + len(last) <= len(name) and not own:
        return entity.start + len(first)
    tail = len(name) > 2 and name[-1] in rules.name_tails
    return entity.end - 1 if tail and scene.text.count(name[:-1]) > scene.text.count(name) else entity.end


def _end_of_name(entity: Entity, marked: Counter[tuple[str, Label]], scene: Scene) -> int:
    """Return where a name ends that the text has without the verb, adjective or particle behind it: 马林 + 笑.

    Where the name alone is marked twice, one more character is let go of as well, unless it may end a name
    (``end_characters``), and two behind a person of which a verb is the first.
    """
    name, rules = scene.text[entity.start : entity.end], scene.rules_at(entity.start)
    if rules is None or not rules.end_characters or entity.label not in (Label.PERSON, Label.ORG):
        return entity.end
    if entity.source != "model" or not all(map(is_han, name)) or name.endswith(tuple(rules.organisation_heads)):
        return entity.end
    for end in range(entity.start + 2, entity.end):
        if end not in scene.bounds:
            continue
        bare, left = scene.text[entity.start : end], entity.end - end
        kinds = [scene.pos.get(at) for at in range(end, entity.end) if at in scene.bounds]
        worn = all(kind in _NO_NAME for kind in kinds)
        if marked[bare, entity.label] > 1:
            worn |= left == 1 and name[-1] not in rules.end_characters
            worn |= left == 2 and entity.label is Label.PERSON and kinds[0] in _NO_NAME
        if worn:
            return end if scene.text.count(bare) > scene.text.count(name) else entity.end
    return entity.end


def known_names(entities: Sequence[Entity], scene: Scene) -> dict[str, Known]:
    """Return every name to be looked for in the whole document, short forms included."""
    names: dict[str, Known] = {}
    taken = {scene.text[e.start : e.end]: e.label for e in entities}
    labelled = Counter(scene.text[e.start : e.end] for e in entities)
    full = sorted(entities, key=_longest_first)
    for label in (Label.PERSON, Label.ORG):
        for entity in full:
            if entity.label is label:
                name = scene.text[entity.start : entity.end]
                if _repeats(name, entity, scene) and (
                    _rich(name, scene.rules_at(entity.start)) or 2 * labelled[name] >= scene.text.count(name)
                ):
                    names.setdefault(name, Known(label, entity.key, 3 if label is Label.PERSON else 4, False))
                    for form in _inflected(name, label, scene.rules_at(entity.start)):
                        if form not in taken:
                            names.setdefault(form, Known(label, entity.key, 4, False))
    for entity in full:
        rules = scene.rules_at(entity.start)
        if rules is None or entity.label not in (Label.PERSON, Label.ORG):
            continue
        name = scene.text[entity.start : entity.end]
        parts: Iterable[str]
        if entity.label is Label.PERSON:
            parts = _person_parts(name, rules, scene, entity)
        else:
            parts = _organisation_parts(name, rules, scene)
        for part in parts:
            if (
                part != name
                and (rules.spaced or part not in rules.generic_words)
                and taken.get(part, entity.label) is entity.label
            ):
                names.setdefault(part, Known(entity.label, entity.key, 3 if entity.label is Label.PERSON else 4, True))
    return names


def _inflected(name: str, label: Label, rules: EntityRules | None) -> list[str]:
    """Return the forms of a one-word organisation with and without the ending of a case: Nordfunk, Nordfunks."""
    if (
        rules is None
        or not rules.nouns_capitalised
        or label is not Label.ORG
        or " " in name
        or len(name) <= _SHORTEST_BASE
    ):
        return []
    bare = [name[:-1]] if name.endswith("s") and name[-2] not in "sxzß" else []
    return bare or ([] if name[-1] in "sxzß" else [f"{name}s"])


def _rich(name: str, rules: EntityRules | None) -> bool:
    """Say whether a name is hardly anything but a name, so that it need not be marked at half of its places."""
    if is_latin(name[0]):
        return not (rules and name.lower().endswith(tuple(rules.noun_endings) or "\n"))
    return "·" in name or (is_han(name[0]) and len(name) > 2)


def _longest_first(entity: Entity) -> tuple[int, int]:
    return entity.start - entity.end, entity.start


def _repeats(name: str, entity: Entity, scene: Scene) -> bool:
    """Say whether a name is telling enough to be believed wherever it stands."""
    rules = scene.rules_at(entity.start)
    if rules is None or len(name) < 2 or name.isdigit() or name in rules.generic_words or name in rules.particles:
        return False
    if not is_latin(name[0]):
        return True
    if " " in name or "-" in name or any(char.isupper() for char in name[1:]):
        return True
    return len(name) > 2 and not scene.lower_word(name)


def _person_parts(name: str, rules: EntityRules | None, scene: Scene, entity: Entity) -> Iterator[str]:
    """Yield the surname and the given name that may stand for a person."""
    if rules is None:
        return
    if is_latin(name[0]):
        words = name.split(" ")
        if len(words) < 2:
            return
        for first in range(1, len(words)):
            tail = words[first:]
            if first == len(words) - 1 or tail[0].lower() in rules.particles:
                part = " ".join(tail)
                if len(part) > 2 and part != part.lower():
                    yield part
        given = words[0]
        if (
            len(given) > 2
            and given.isalpha()
            and given[0].isupper()
            and given not in rules.generic_words
            and not scene.lower_word(given)
        ):
            yield given
    elif _DOT.search(name):
        parts = _DOT.split(name)
        if len(parts[-1]) > 1:
            yield parts[-1]
        if len(parts[0]) > 1:
            yield parts[0]
    elif all(is_han(char) for char in name):
        yield from _native_parts(name, rules, scene, entity)


def _native_parts(name: str, rules: EntityRules, scene: Scene, entity: Entity) -> Iterator[str]:
    """Yield the surname of a native name, and the tail of a transliterated one that recurs by itself."""
    surname = next((name[:size] for size in (3, 2, 1) if size < len(name) and name[:size] in rules.surnames), "")
    if len(surname) > 1 and len(name) <= len(surname) + 3:
        yield surname
    elif len(name) == 4 and rules.legal_forms_before and entity.start + 2 in scene.bounds:
        yield name[:2]
    if len(name) >= 4 and not rules.legal_forms_before:
        for size in range(len(name) - 2, 1, -1):
            if scene.text.count(name[-size:]) > scene.text.count(name):
                yield name[-size:]
                return


def without_legal_form(name: str, rules: EntityRules) -> str:
    """Return an organisation's name without its legal forms."""
    base = name
    behind = _legal_forms(tuple(rules.legal_forms_after), rules.spaced).search(base)
    if behind and behind.start() > 1:
        base = base[: behind.start()]
    for form in rules.legal_forms_before:
        if base.startswith(form) and len(base) - len(form) > 1:
            base = base[len(form) :].strip()
    return base


@cache
def _legal_forms(forms: tuple[str, ...], spaced: bool) -> re.Pattern[str]:
    either = "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))
    return re.compile(rf"(?:,?[ ](?:{either}))+\Z" if spaced else rf"(?:{either})+\Z")


def _organisation_parts(name: str, rules: EntityRules, scene: Scene) -> Iterator[str]:
    """Yield the names under which the text may speak of an organisation further on."""
    base = without_legal_form(name, rules)
    telling = not is_latin(base[0]) or " " in base or _distinctive(base, rules, scene)
    if base != name and base not in rules.generic_words and telling:
        yield base
    if is_latin(base[0]):
        first = base.split(" ")[0].rstrip(",")
        if first != base and _distinctive(first, rules, scene):
            yield first


def _distinctive(word: str, rules: EntityRules, scene: Scene) -> bool:
    return (
        len(word) > 3
        and word[0].isupper()
        and word not in rules.generic_words
        and word not in rules.organisation_heads
        and not word.lower().endswith(tuple(rules.noun_endings) or "\n")
        and not scene.lower_word(word)
    )


def mentions(names: dict[str, Known], scene: Scene) -> list[Entity]:
    """Return every place where a known name stands."""
    found: list[Entity] = []
    for name, known in names.items():
        for span in scene.occurrences(name, known.safe):
            if known.part and _inside_other_name(span, scene):
                continue
            found.append(Entity(span.start, span.end, known.label, "agreement", known.key))
    return found


def _inside_other_name(span: Span, scene: Scene) -> bool:
    """Say whether a part of a name seems to be part of another name here: 'Voss' in 'Voss Media', 大山 in 大山鉄工."""
    text, rules = scene.text, scene.rules_at(span.start)
    if rules is None:
        return True
    if is_latin(text[span.start]):
        if text[span.start - 1 : span.start] == "-":
            return True
        after = _NEXT_WORD.match(text, span.end)
        if after:
            word = after.group(2)
            ends = word in rules.role_words or word in rules.function_words or after.start(2) in scene.title_starts
            if after.group(1) == "& " or word in rules.organisation_heads or not (rules.nouns_capitalised or ends):
                return True
        before = _LAST_WORD.search(text[max(0, span.start - 40) : span.start])
        if before is None or not rules.spaced:
            return False
        word = before.group(1)
        known = (*rules.role_words, *rules.function_words, *rules.honorifics_before, *rules.former)
        if word in known or span.start - 1 in scene.title_ends or word in rules.organisation_heads:
            return word in rules.organisation_heads
        sentence = scene.sentence_at(span.start)
        first = sentence is None or span.start - len(before.group()) <= sentence.start
        return not rules.nouns_capitalised and not first
    if is_han(text[span.end - 1]) and is_han(text[span.end : span.end + 1] or " ") and rules.legal_forms_before:
        honoured = any(text.startswith(word, span.end) for word in (*rules.honorifics_after, *rules.role_words))
        former = text[span.end] in rules.former and span.end + 1 in scene.title_starts
        return not honoured and not former and span.end not in scene.title_starts
    return False
