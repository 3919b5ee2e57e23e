"""Applying the rules of a language to an abstracted sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from claimtrail.document import Argument, Document, Label, Mention, Reference, ResolvedBy, Span
from claimtrail.entities.gazetteer import key_of
from claimtrail.entities.lexicon import entity_rules, nation_posts
from claimtrail.facts.anaphora import organisation_kinds
from claimtrail.literals import numbers_in
from claimtrail.rules.confidence import calibrated
from claimtrail.rules.finders import Bound, Site, argument_of, find, outside, post_of
from claimtrail.rules.grammar import Grammar, Pattern, Rule, Template, grammar
from claimtrail.rules.shape import Node, within
from claimtrail.rules.symbols import is_symbol

_REACH = 200  # characters to the left of a trigger in which a pattern may begin

# How far an argument found in each way can be trusted, before the reference's own confidence counts.
_TRUST = {
    "pattern": 1.0,
    "affiliation": 0.95,
    "title": 0.95,
    "post-before": 0.9,
    "person-title": 0.95,
    "subject": 0.95,
    "object": 0.95,
    "possessor": 0.95,
    "author": 0.9,
    "other-title": 0.9,
    "other-affiliation": 0.9,
    "before": 0.8,
    "after": 0.8,
    "clause": 0.8,
    "pronoun": 0.75,
    "topic": 0.65,
    "next": 0.7,
    "holder": 0.85,
    "focal": 0.75,
    "main": 0.75,
    "earlier": 0.9,
    "known-title": 0.85,
    "held": 0.9,
    "other-held": 0.9,
    "known-post": 0.85,
    "focal, far": 0.75,
}

# The finders of an organisation that look past what the words beside the trigger say.
_GUESSES = frozenset(
    {"affiliation", "phrase-affiliation", "other-affiliation", "post-before", "clause", "focal", "main"}
)
# How an organisation was found that the sentence need not name.
_OWN = frozenset({"affiliation", "phrase-affiliation"})
_AFAR = frozenset({"focal", "focal, far", "known-post", "main"})


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of one rule at one trigger: ``mentions``, or the reason why there are none."""

    rule: Rule
    trigger: Span
    mentions: tuple[Mention, ...]
    failure: str


def match_at(pattern: Pattern, text: str, start: int, end: int, spelled: str) -> dict[str, int] | None:
    """Match a pattern around the trigger at ``text[start:end]``; ``spelled`` is the text's key.

    Returns:
        the position of the symbol of each bound argument, or None.
    """
    if not pattern.may_match(spelled):
        return None
    bound: dict[str, int] = {}
    if pattern.right is not None:
        right = pattern.right.regex.match(text, end)
        if right is None:
            return None
        bound.update({name: right.start(name) for name, value in right.groupdict().items() if value})
    if pattern.left is not None:
        # one search tells whether, and how far from the trigger at most, any of the places will do
        match_left = pattern.left.regex.match
        farthest = pattern.left.regex.search(text, max(0, start - _REACH + 1), start)
        if farthest is None:
            return None
        for at in range(start, farthest.start() - 1, -1):
            if pattern.at_symbol and (at == start or not is_symbol(text[at])):
                continue
            left = match_left(text, at, start)
            if left is not None:
                bound.update({name: left.start(name) for name, value in left.groupdict().items() if value})
                return bound
        return None
    return bound


def attempts(grammar: Grammar, site: Site, wanted: Sequence[Rule] | None = None) -> Iterator[Attempt]:
    """Try every rule that may match at its triggers in a sentence.

    Where rules are ``wanted``, only they are.
    """
    spelled = site.shape.key
    if wanted is None:
        wanted = [grammar.rules[number] for number in numbers_in(grammar.triggers.may_match(spelled))]
    for rule in wanted:
        for match in rule.trigger.regex.finditer(site.shape.text):
            if match.end() > match.start():
                yield _attempt(rule, site, match.start(), match.end(), spelled)


def _attempt(rule: Rule, site: Site, start: int, end: int, spelled: str) -> Attempt:
    text = site.shape.text
    trigger = Span(*site.shape.span(start, end))
    for guard in rule.unless:
        if match_at(guard, text, start, end, spelled) is not None:
            return Attempt(rule, trigger, (), f"a guard holds: {guard.source}")
    failure = "no template"
    for template in rule.templates:
        bound, steps = _bind(template, site, start, end, spelled, rule.required)
        missing = [name for name in (*rule.required, *rule.spec.needs) if not any(n in bound for n in name.split("|"))]
        if missing:
            failure = f"{template.name}: no {', '.join(missing)}"
            continue
        unwanted = [name for name in rule.spec.forbids if name in bound]
        if unwanted:
            failure = f"{template.name}: {', '.join(unwanted)} stands there"
            continue
        mentions = tuple(_mentions(rule, site, trigger, bound, [f"template {template.name}", *steps]))
        if mentions:
            return Attempt(rule, trigger, mentions, "")
        failure = f"{template.name}: person or organisation is not resolved"
    return Attempt(rule, trigger, (), failure)


def _bind(
    template: Template, site: Site, start: int, end: int, spelled: str, required: tuple[str, ...]
) -> tuple[dict[str, Bound], list[str]]:
    """Bind the arguments of a template around a trigger; ``steps`` says how each was found.

    Where a ``required`` person is not found, nothing else is looked for.
    """
    text, nodes = site.shape.text, site.shape.nodes
    bound: dict[str, Bound] = {}
    steps: list[str] = []
    for frame in template.frames:
        found = match_at(frame, text, start, end, spelled)
        if found is not None:
            steps.append(f"frame {frame.source}")
            bound = {slot: Bound(nodes[text[at]], None, "pattern") for slot, at in found.items()}
            break
    if template.framed and not steps:
        return bound, steps
    for slot in ("person", "role_to", "role_from", "org"):  # the organisation last: person and post may carry it
        if slot in bound:
            continue
        if slot != "person" and "person" not in bound and template.person_first and "person" in required:
            break
        elsewhere = slot == "org" and _is_elsewhere(site, bound, spelled)
        of_state = slot == "org" and _is_of_state(site, bound)
        for finder in template.finders[slot]:
            if isinstance(finder, str):
                if elsewhere and finder in _GUESSES:
                    continue
                if finder == "topic" and not steps and _is_anothers(site, start, end, spelled):
                    continue
                item = find(finder, slot, site, start, end, bound)
                strange = item is not None and finder in _GUESSES and _is_misfit(site, bound, item)
                strange |= slot == "org" and finder in _OWN and _is_until_now(site, bound)
                strange |= slot == "org" and item is not None and _is_named(site, item, start, end, spelled)
                if item is None or strange or (of_state and finder != "title" and not _is_state(site, item, start)):
                    continue
                bound[slot] = item
                steps.append(f"{slot} by {item.how}")
                break
            found = match_at(finder, text, start, end, spelled)
            if found is None or slot not in found:
                continue
            item = Bound(nodes[text[found[slot]]], None, "pattern")
            if of_state and not _is_state(site, item, start):
                continue
            before = slot == "org" and found[slot] < start
            strange = before and (elsewhere or _is_misfit(site, bound, item))
            if not strange and not (before and _is_origin(site, item, start, end, spelled)):
                for name, at in found.items():
                    bound.setdefault(name, Bound(nodes[text[at]], None, "pattern"))
                steps.append(f"{slot} by {finder.source}")
                break
        if of_state and slot not in bound and any(finder in _GUESSES for finder in template.finders[slot]):
            state = _state_named(site, site.shape.places[start][0])
            if state is not None:
                bound[slot] = Bound(None, outside(state), "focal")
                steps.append("org by the state named")
    return bound, steps


def _is_anothers(site: Site, start: int, end: int, spelled: str) -> bool:
    """Say whether the sentence itself names who or what does what the trigger tells, and it is no person."""
    patterns = grammar(site.lang).other_subject
    return any(match_at(pattern, site.shape.text, start, end, spelled) is not None for pattern in patterns)


def _is_until_now(site: Site, bound: Mapping[str, Bound]) -> bool:
    """Say whether a post is taken up by somebody whose own phrase tells only of the one held until then."""
    expression, person = grammar(site.lang).until_now, bound.get("person")
    node = person.node if person is not None else None
    if expression is None or "role_to" not in bound or node is None or node.title is None:
        return False
    return expression.regex.search(site.document.text, node.core_end, node.title.start) is not None


def _is_origin(site: Site, item: Bound, start: int, end: int, spelled: str) -> bool:
    """Say whether an organisation before a trigger is where, by the words before 'and', the person was before."""
    for pattern in grammar(site.lang).origins:
        found = match_at(pattern, site.shape.text, start, end, spelled)
        if found is not None and site.shape.nodes[site.shape.text[found["org"]]] is item.node:
            return True
    return False


def _is_of_state(site: Site, bound: Mapping[str, Bound]) -> bool:
    """Say whether the bound post is that of a head or a minister of a state, with no organisation beside it."""
    posts = nation_posts(site.lang)
    held = post_of(bound)
    node = held.node if held.how in ("pattern", "person-title") else None
    if not posts or node is None or node.org is not None:
        return False
    post = site.document.text[node.core_start : node.core_end]
    return post.startswith(posts) or post.endswith(posts)


def _is_state(site: Site, bound: Bound, start: int) -> bool:
    """Say whether what was found for an office of state is a state or one of its bodies.

    The state of another's like office does not count where the sentence names a state before the trigger.
    """
    name = bound.argument.name if bound.argument is not None else ""
    if bound.node is not None and bound.node.reference is not None:
        name = bound.node.reference.name
    if bound.how == "known-post":
        here, position = site.document.sentences[site.sentence], site.shape.places[start][0]
        if any(_named_as_state(r.name, site.lang) for r in within(site.document, here.start, position)):
            return False
    return _named_as_state(name, site.lang)


def _named_as_state(name: str, lang: str) -> bool:
    rules = entity_rules(lang)
    return rules.is_state(name) or bool(rules.state_bodies and re.search(rules.state_bodies, name))


def _state_named(site: Site, position: int) -> Reference | None:
    """Return the state that the text names as a body: the last before a position, else the first."""
    references = [r for r in site.document.facts.references if r.label is Label.ORG]
    states = [r for r in references if entity_rules(site.lang).is_state(r.name)]
    before = [r for r in states if r.start <= position]
    return before[-1] if before else next(iter(states), None)


def _is_elsewhere(site: Site, bound: Mapping[str, Bound], spelled: str) -> bool:
    """Say whether the bound post is, by its own words, one of a body that is no phrase of the sentence, or of none."""
    rules = grammar(site.lang)
    node = post_of(bound).node
    if node is None or node.org is not None:
        return False
    if rules.occupation is not None:
        start = max(0, node.core_start - _REACH)
        if rules.occupation.regex.search(site.document.text, start, node.core_end) is not None:
            return True
    text = site.shape.text
    at = next((at for at, char in enumerate(text) if site.shape.nodes.get(char) is node), -1)
    return at >= 0 and any(match_at(pattern, text, at, at + 1, spelled) is not None for pattern in rules.post_elsewhere)


def _is_named(site: Site, item: Bound, start: int, end: int, spelled: str) -> bool:
    """Say whether an organisation is only guessed, and the words around the trigger name one that is no phrase."""
    patterns = grammar(site.lang).body_elsewhere
    return item.how in _AFAR and any(
        match_at(pattern, site.shape.text, start, end, spelled) is not None for pattern in patterns
    )


def _is_misfit(site: Site, bound: Mapping[str, Bound], item: Bound) -> bool:
    """Say whether the bound post is an office of a state and the organisation found for it no body that has such."""
    rules = grammar(site.lang)
    post = post_of(bound).node
    if post is None or rules.offices is None or rules.office_bodies is None or item.how == "known-post":
        return False
    document = site.document
    if rules.offices.regex.search(document.text, post.core_start, post.core_end) is None:
        return False
    names = {argument.name for argument in _arguments(item)}
    if any(rules.office_bodies.regex.search(name) or _named_as_state(name, site.lang) for name in names):
        return False
    # a place is a body where it stands as one
    return not any(
        (e.label is Label.GPE or (e.label is Label.ORG and e.source == "pattern")) and document.covered(e) in names
        for e in document.entities
    )


def _arguments(item: Bound) -> list[Argument]:
    """Return the arguments that a bound phrase gives: one, or one for each member of a list."""
    if item.argument is not None:
        return [item.argument]
    if item.node is None:
        return []
    out = []
    for node in item.node.members or (item.node,):
        if node.reference is None:
            out.append(Argument(node.core_start, node.core_end))
            continue
        out.append(argument_of(node.reference, node.core_start, node.core_end))
    return out


def _apart(people: list[Argument], document: Document) -> list[Argument]:
    """Return the people with spans of their own: where 'both' stands for several, the nearest name before it.

    Without that, the mentions of a group would be one and the same by their spans.
    """
    spans = {(person.start, person.end) for person in people}
    if len(spans) == len(people):
        return people
    out = []
    for person in people:
        names = [
            r
            for r in within(document, 0, max(person.start, 0))
            if r.entity == person.entity and r.resolved_by in (ResolvedBy.NAME, ResolvedBy.ALIAS)
        ]
        start, end = (names[-1].start, names[-1].end) if names else (person.start, person.end)
        out.append(person._replace(start=start, end=end, resolved_by=ResolvedBy.COREFERENCE))
    return out


def _mentions(rule: Rule, site: Site, trigger: Span, bound: dict[str, Bound], steps: list[str]) -> Iterator[Mention]:
    spare: dict[str, list[Argument]] = {
        slot: _arguments(bound[slot]) for slot in ("role_from", "role_to") if slot in bound
    }
    people = _apart(_arguments(bound["person"]), site.document)
    members = bound["person"].node.members if bound["person"].node else ()
    paired = site.respectively is not None and site.respectively.regex.search(site.shape.text) is not None
    for index, person in enumerate(people):
        if members:
            spare.update(_own_titles(bound, members[index]))
        orgs = _member_org(bound["org"], members[index]) if members else _arguments(bound["org"])
        for org in orgs[index : index + 1] if paired and len(orgs) == len(people) else orgs:
            if not person.name or not org.name:
                continue
            if rule.spec.not_of and not organisation_kinds(org.name).isdisjoint(rule.spec.not_of):
                continue
            posts = spare.get("role_from") or spare.get("role_to")
            if rule.states_only and not posts and key_of(org.name) in rule.states_only:
                continue
            confidence = rule.precision * person.confidence * org.confidence
            for item in bound.values():
                confidence *= _TRUST[item.how]
            yield Mention(
                relation=rule.relation,
                sentence=site.sentence,
                trigger=trigger,
                rule=rule.id,
                person=person,
                org=org,
                role_from=spare["role_from"][0] if spare.get("role_from") else None,
                role_to=spare["role_to"][0] if spare.get("role_to") else None,
                manner=rule.spec.manner,
                status=rule.spec.status or "actual",
                confidence=round(calibrated(confidence), 4),
                steps=tuple(steps),
            )


def _member_org(item: Bound, member: Node) -> list[Argument]:
    """Return the organisation for one member of a list: by affiliation, the one that the member's own phrase names."""
    own = item.how == "affiliation" and member.org is not None and not member.former
    return _arguments(Bound(member.org, None, item.how) if own else item)


def _own_titles(bound: dict[str, Bound], member: Node) -> dict[str, list[Argument]]:
    """Return the posts that were taken from the person, as the member of a list has them."""
    own = member.title
    return {
        slot: [Argument(own.core_start, own.core_end)] if own and not member.former else []
        for slot in ("role_from", "role_to")
        if slot in bound and bound[slot].how == "person-title"
    }


def best(found: list[Attempt]) -> list[Mention]:
    """Choose among the mentions of one sentence: of two with overlapping triggers that say the same relation of the
    same person, the one with the longer trigger stays, then the one that binds more, then the more confident.
    """
    ranked = sorted(
        ((attempt, mention) for attempt in found for mention in attempt.mentions),
        key=lambda am: (
            -(am[1].trigger.end - am[1].trigger.start),
            -sum(arg is not None for arg in (am[1].role_from, am[1].role_to)),
            -am[1].confidence,
            am[1].rule,
        ),
    )
    kept: list[tuple[Attempt, Mention]] = []
    for attempt, mention in ranked:
        clash = any(
            other.relation == mention.relation
            and other.person.entity == mention.person.entity
            and other.trigger.start < mention.trigger.end
            and mention.trigger.start < other.trigger.end
            and winner is not attempt
            for winner, other in kept
        )
        if not clash:
            kept.append((attempt, mention))
    return sorted(
        (mention for _, mention in kept), key=lambda m: (m.trigger.start, m.relation, m.person.start, m.org.start)
    )
