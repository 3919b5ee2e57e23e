"""From named entities to references: which names of a text are one person or one organisation."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from claimtrail.document import Document, Entity, Label, Reference, ResolvedBy
from claimtrail.entities.gazetteer import key_of
from claimtrail.facts.layout import Layout
from claimtrail.facts.lexicon import compiled, ends_with, lexicons, starts_with
from claimtrail.facts.names import (
    NO_MATCH,
    Match,
    completeness,
    fold,
    is_class_noun,
    match_organisation,
    match_person,
    organisation_core,
    organisation_form,
    organisation_keys,
    parts,
    person_keys,
    script,
)

_OPEN = r"[\s*_]*[（(\[]\s*"
_CLOSE = re.compile(r"\s*[”\"」’']?\s*[)）\]]")
_QUOTE = r"[“\"「„‘']?\s*"
_TWICE = re.compile(r"([^\u3040-\u9fff]{2,}?)([\u3040-\u9fff][^A-Za-z]+)")
_CERTAIN = 0.7
_SAME_SURFACE = Match(1.0, "the same name")


@dataclass(slots=True)
class _Forms:
    """Forms of names as a union-find, with the best reason for which a form was joined to its group."""

    parent: dict[str, str] = field(default_factory=dict)
    joined: dict[str, Match] = field(default_factory=dict)

    def add(self, form: str) -> None:
        self.parent.setdefault(form, form)

    def root(self, form: str) -> str:
        while self.parent[form] != form:
            form = self.parent[form]
        return form

    def join(self, form: str, other: str, match: Match) -> None:
        a, b = self.root(form), self.root(other)
        if a != b:
            self.parent[a] = b
        self.joined.setdefault(form, match)


@dataclass(frozen=True, slots=True)
class _Naming:
    """How the names of one label are compared, ranked and numbered."""

    label: Label
    letter: str
    compare: Callable[[str, str], Match]
    fullness: Callable[[str], tuple[int, int, int]]
    keys: Callable[[str], frozenset[str]]


def link_names(document: Document) -> list[Reference]:
    """Return a reference for every PERSON and ORG entity, numbered by first appearance, in the order of the text.

    A place that is named as the state or the town of somebody in office is an organisation there.
    """
    people = _Naming(Label.PERSON, "p", match_person, completeness, person_keys)
    organisations = _Naming(Label.ORG, "o", match_organisation, organisation_fullness, organisation_keys)
    return sorted([*_link(document, people), *_link(document, organisations)], key=_position)


def _position(reference: Reference) -> tuple[int, int]:
    return reference.start, reference.end


def _entities(document: Document, label: Label) -> list[Entity]:
    """Return the entities that have a label; among the organisations are the states of people in office."""
    found = [e for e in document.entities if e.label is label]
    if label is Label.ORG:
        layout = Layout(document)
        found += [e for e in document.entities if e.label is Label.GPE and _is_state(layout, e)]
    return found


def _is_state(layout: Layout, place: Entity) -> bool:
    words, text = layout.lexicon_at(place.start), layout.document.text
    return words is not None and any(
        (not frame.before or ends_with(frame.before, text, place.start) is not None)
        and (not frame.after or starts_with(frame.after, text, place.end) is not None)
        for frame in words.organisations.states
    )


def _link(document: Document, naming: _Naming) -> list[Reference]:
    ordered = sorted(_entities(document, naming.label), key=_entity_position)
    surface = [document.covered(e) for e in ordered]
    forms = _Forms()
    for text in surface:
        forms.add(text)
    known = _keys(ordered, surface)
    introduced = _introduced(document, ordered, surface, known)
    for one, other, match in introduced:
        forms.join(one, other, match)
    noisy: frozenset[str] = frozenset()
    if naming.label is Label.PERSON:
        beside = {form for pair in introduced for form in pair[:2]}
        overlong = _overlong(document, ordered, surface)
        noisy = frozenset(overlong) - beside
        for text in sorted(noisy):
            forms.join(text, overlong[text], Match(0.8, "the name with a character too many"))
    by_key: dict[str, str] = {}
    for text, key in known.items():
        if key in by_key:
            forms.join(text, by_key[key], Match(0.98, "known names of the same organisation"))
        elif key:
            by_key[key] = text
    clean = [text for text in surface if text not in noisy]
    roots = _assign(document, ordered, forms, surface, _join_forms(forms, clean, known, naming))
    return _references(ordered, surface, roots, naming, noisy)


def _overlong(document: Document, entities: Sequence[Entity], surface: Sequence[str]) -> dict[str, str]:
    """Map a name that took in its neighbours ('连马识途称', '矢吹前') to the one that the text has without them."""
    counts, layout = Counter(surface), Layout(document)
    organisations = {document.covered(e) for e in document.entities if e.label is Label.ORG}
    found: dict[str, str] = {}
    for entity, text in zip(entities, surface, strict=True):
        words = layout.lexicon_at(entity.start)
        noise = words is not None and (words.name_noise_before or words.name_noise_after)
        if words is None or not noise or script(text) == "latin" or len(parts(text)) != 1 or text in found:
            continue
        before, after = compiled(words.name_noise_before), compiled(words.name_noise_after)
        for base in (b for b in counts if len(b) > 1 and b != text):
            if base in text:
                left, right = text.split(base, 1)
                told = counts[base] > max(1, counts[text]) or words.name_noise_sure
                fits = (not left or (len(base) > 2 and before.fullmatch(left))) and (
                    not right or after.fullmatch(right)
                )
                if (told and fits) or (not left and right in organisations):
                    found[text] = base
            elif words.name_noise_sure:
                stem = re.sub(rf"(?:{words.name_noise_after})\Z", "", text)
                if 1 < len(stem) < len(text) and base.startswith(stem) and counts.keys().isdisjoint({stem}):
                    found[text] = base
    return found


def _join_forms(
    forms: _Forms, surface: Sequence[str], known: dict[str, str], naming: _Naming
) -> dict[str, list[tuple[str, Match]]]:
    """Join each form with the fuller one it stands for; return the forms that could stand for several."""
    first_seen = {text: place for place, text in reversed(list(enumerate(surface)))}
    last_seen = {text: place for place, text in enumerate(surface)}
    fuller: dict[str, list[str]] = {}
    ambiguous: dict[str, list[tuple[str, Match]]] = {}
    for text in sorted(first_seen, key=_by_fullness(naming.fullness, first_seen), reverse=True):
        found: dict[str, tuple[str, Match]] = {}
        others = dict.fromkeys(o for key in sorted(naming.keys(text)) for o in fuller.get(key, ()))
        for other in others:
            if forms.root(other) == forms.root(text) or (known[text] and known[other]):
                continue
            match = max(naming.compare(text, other), naming.compare(other, text), key=_score)
            # a heading may have the short form before the text gives the full one and goes on with the short
            later = known[text] == known[other] and first_seen[other] < last_seen[text]
            root = forms.root(other)
            if (
                match.score > 0
                and (match.score >= _CERTAIN or later)
                and (root not in found or found[root][1].score < match.score)
            ):
                found[root] = (other, match)
        best = max((m.score for _, m in found.values()), default=0.0)
        close = [(other, m) for other, m in found.values() if m.score > best - 0.1]
        if len(close) == 1:
            forms.join(text, close[0][0], close[0][1])
        elif len(close) > 1 and text not in forms.joined and best >= _CERTAIN:
            ambiguous[text] = close
        for key in naming.keys(text):
            fuller.setdefault(key, []).append(text)
    return ambiguous


def _references(
    entities: Sequence[Entity],
    surface: Sequence[str],
    roots: Sequence[tuple[str, Match]],
    naming: _Naming,
    noisy: frozenset[str],
) -> list[Reference]:
    grouped: dict[str, list[str]] = {}
    for text, (root, _) in zip(surface, roots, strict=True):
        grouped.setdefault(root, [])
        if text not in noisy:
            grouped[root].append(text)
    # Every form of a group may have taken in its neighbours.
    names = {root: _fullest(texts or [root], naming.label) for root, texts in grouped.items()}
    numbers = {root: f"{naming.letter}{place}" for place, root in enumerate(grouped)}
    references = []
    for entity, text, (root, match) in zip(entities, surface, roots, strict=True):
        name = names[root]
        same = fold(text) == fold(name)
        references.append(
            Reference(
                start=entity.start,
                end=entity.end,
                label=naming.label,
                entity=numbers[root],
                name=name,
                resolved_by=ResolvedBy.NAME if same else ResolvedBy.ALIAS,
                confidence=1.0 if same and match.score >= 0.9 else min(match.score, 0.99),
                reason="named" if same else f"form of {name}: {match.reason}",
            )
        )
    return references


def organisation_fullness(name: str) -> tuple[int, int, int]:
    """Return a key by which the fullest form of an organisation's name is the greatest."""
    return len(organisation_core(name)), len(parts(name)), len(name)


def _by_fullness(
    fullness: Callable[[str], tuple[int, int, int]], first_seen: dict[str, int]
) -> Callable[[str], tuple[tuple[int, int, int], int]]:
    def key(form: str) -> tuple[tuple[int, int, int], int]:
        return fullness(form), -first_seen[form]

    return key


def _entity_position(entity: Entity) -> tuple[int, int]:
    return entity.start, entity.end


def _score(match: Match) -> float:
    return match.score


def _keys(entities: Iterable[Entity], surface: Sequence[str]) -> dict[str, str]:
    keys: dict[str, str] = {}
    for entity, text in zip(entities, surface, strict=True):
        keys[text] = keys.get(text) or entity.key or (_twice(text) if entity.label is Label.ORG else "")
    return keys


def _twice(name: str) -> str:
    """Return the table's id of an organisation that is named twice in a row, in Latin letters and in others."""
    match = _TWICE.fullmatch(name)
    keys = {key_of(part.strip()) for part in match.groups()} if match else set()
    return next(iter(keys)) or "" if len(keys) == 1 else ""


def _introduced(
    document: Document, entities: Sequence[Entity], surface: Sequence[str], keys: dict[str, str]
) -> list[tuple[str, str, Match]]:
    """Find names that stand beside another of the same: 'Long Name (LN)', '阿莫蒂(Amodei)', 'Die Agentur Name'."""
    short = "|".join(w.organisations.introduced_short for w in lexicons().values() if w.organisations.introduced_short)
    between = re.compile(rf"{_OPEN}(?:(?:{short})[\s:：]*)?{_QUOTE}\Z") if short else re.compile(rf"{_OPEN}{_QUOTE}\Z")
    pairs = []
    for at in range(len(entities) - 1):
        here, following = entities[at], entities[at + 1]
        gap = document.text[here.end : following.start]
        if here.label is Label.ORG and gap == " " and is_class_noun(surface[at]):
            pairs.append((surface[at], surface[at + 1], Match(0.9, f"says what {surface[at + 1]} is, right before it")))
            continue
        closed = _CLOSE.match(document.text[following.end : following.end + 4])
        if len(gap) > 24 or not between.match(gap) or not closed:
            continue
        one, other = surface[at], surface[at + 1]
        if keys[one] and keys[other] and keys[one] != keys[other]:
            continue
        plausible = script(one) != script(other) or len(fold(other)) < len(fold(one)) or gap.strip(" （(") != ""
        if plausible or here.label is Label.PERSON:
            pairs.append((other, one, Match(0.95, f"introduced in a bracket beside {one}")))
    return pairs


def _assign(
    document: Document,
    entities: Sequence[Entity],
    forms: _Forms,
    surface: Sequence[str],
    ambiguous: dict[str, list[tuple[str, Match]]],
) -> list[tuple[str, Match]]:
    assigned: list[tuple[str, Match]] = []
    posts = _posts_beside(document) if ambiguous else {}
    owners: dict[str, set[str]] = {}
    for entity, text in zip(entities, surface, strict=True):
        if text not in ambiguous:
            owners.setdefault(forms.root(text), set()).update(posts.get(entity, ()))
    for place, text in enumerate(surface):
        if text not in ambiguous:
            assigned.append((forms.root(text), forms.joined.get(text, _SAME_SURFACE)))
            continue
        roots = {forms.root(other): match for other, match in ambiguous[text]}
        mine = posts.get(entities[place], ())
        titled = [r for r in roots if any(p.endswith(q) or q.endswith(p) for p in mine for q in owners.get(r, ()))]
        if len(titled) == 1:
            match = roots[titled[0]]
            assigned.append(
                (titled[0], Match(min(match.score, 0.8), f"{match.reason} that several share, by the post"))
            )
            continue
        nearest = next((r for r, _ in reversed(assigned) if r in roots), None)
        if nearest is None:
            nearest = next((forms.root(t) for t in surface[place:] if forms.root(t) in roots), forms.root(text))
        match = roots.get(nearest, NO_MATCH)
        assigned.append((nearest, Match(min(match.score, 0.65), f"{match.reason} that several share, the nearest")))
    return assigned


def _posts_beside(document: Document) -> dict[Entity, tuple[str, ...]]:
    """Return the posts that stand beside each person, before or behind the name, past an organisation that is named."""
    titles = [e for e in document.entities if e.label is Label.TITLE]
    starts = {e.start: document.covered(e).casefold() for e in titles}
    ends = {e.end: document.covered(e).casefold() for e in titles}
    bodies = {e.start: e.end for e in document.entities if e.label in (Label.ORG, Label.GPE)}
    found = {}
    for person in (e for e in document.entities if e.label is Label.PERSON):
        behind = bodies.get(person.end, person.end)
        near = (starts.get(behind), starts.get(person.end + 1), ends.get(person.start), ends.get(person.start - 1))
        found[person] = tuple(title for title in near if title)
    return found


def _fullest(forms: Sequence[str], label: Label) -> str:
    """Return the fullest form; the Latin one where a name is written in several scripts."""
    if label is Label.ORG:
        counts = Counter(forms)
        usual = max(counts, key=_usual(counts))
        family = [f for f in counts if max(match_organisation(f, usual).score, match_organisation(usual, f).score) > 0]
        return max([*family, usual], key=_organisation_rank(counts))
    if any(script(f) == "han" and len(f) > 2 for f in forms):
        # a reading in kana beside a name in characters is not the name
        forms = [f for f in forms if script(f) != "kana"]
    best = max(dict.fromkeys(forms), key=_person_rank)
    # a genitive ('Kemlers') is not the name where the text has it without the ending
    last = parts(best)[-1] if parts(best) else ""
    if script(best) == "latin" and last.endswith("s") and any(parts(f)[-1:] == (last[:-1],) for f in forms):
        best = next((f for f in forms if fold(f) == fold(best)[:-1]), best[:-1] if best.endswith("s") else best)
    return best


def _person_rank(form: str) -> tuple[int, int, int, int]:
    full, pieces, length = completeness(form)
    return full, int(script(form) == "latin"), pieces, length


def _usual(counts: Mapping[str, int]) -> Callable[[str], tuple[float, int]]:
    def key(form: str) -> tuple[float, int]:
        short = len(form) < 6 and form.isupper()
        return counts[form] * (0.2 if short else 1.0), int(script(form) == "latin")

    return key


def _organisation_rank(counts: Mapping[str, int]) -> Callable[[str], tuple[int, tuple[int, int, int], int, int]]:
    def key(form: str) -> tuple[int, tuple[int, int, int], int, int]:
        return int(len(form) > 4 or not form.isupper()), organisation_form(form), counts[form], len(form)

    return key
