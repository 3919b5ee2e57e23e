"""The relation stage: rules over the abstracted sentences of a document."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from claimtrail.document import Argument, Document, Entity, Label, Mention, ResolvedBy, Sentence
from claimtrail.facts.beside import names_no_other, post_beside
from claimtrail.facts.layout import layout_of
from claimtrail.literals import numbers_in, plain_key
from claimtrail.rules.finders import Site
from claimtrail.rules.grammar import Grammar, Rule, grammar
from claimtrail.rules.match import attempts, best
from claimtrail.rules.shape import KIND, Node, folded, is_phrase, shape_of, within

# Relations whose post is one the person had.
_DEPARTURES = frozenset({"LEAVES"})
# Relations that are about a post.
_CHANGES = frozenset({"ROLE_CHANGE"})
_YEAR = re.compile(r"[12]\d{3}\D?")
# Manners of taking up a post.
_INTO = frozenset({"appointed", "promoted", "elected", "interim"})
_ARRIVALS = frozenset({"JOINS"})
# Manners of those who take a post up.
_TAKEN = frozenset({"appointed", "elected", "promoted", "interim"})
# Sentences between a mention and the only post that the text names.
_POST_REACH = 2
# The step by which an organisation is only guessed from what the text is about.
_GUESSED = "org by focal"
# The same where that organisation is named far from the mention, and only there.
_FAR = "org by focal, far"
# The steps by which a post is only the last one named before.
_LAST_POST = frozenset({"role_from by earlier", "role_to by earlier"})
# The steps by which a post is only guessed, and the one by which it is another's of the sentence.
_GUESSED_POSTS = frozenset(
    f"{slot} by {finder}" for slot in ("role_to", "role_from") for finder in ("earlier", "other-title")
)
_SAID = "the post as the sentence says it of the other"
# The step by which a post is only the last one named.
_EARLIER = "role_to by earlier"
_TOLD = "the organisation as the text told it of the person before"
# The steps by which an organisation is guessed, so that what the text tells of the post elsewhere is better.
_GUESSES = frozenset({_GUESSED, _FAR, "org by main"})


@dataclass(frozen=True, slots=True)
class Relations:
    """Finds the claims that each sentence states, by the rules of its language."""

    name: str = "relations"
    requires: frozenset[str] = frozenset({"sentences", "tokens", "entities", "facts"})
    provides: frozenset[str] = frozenset({"mentions"})

    def process(self, documents: Sequence[Document]) -> list[Document]:
        """Return the documents with ``mentions`` filled, in the order of their triggers."""
        return [replace(document, mentions=tuple(self._mentions(document))) for document in documents]

    def _mentions(self, document: Document) -> list[Mention]:
        out: list[Mention] = []
        layout = layout_of(document)
        for index, sentence in enumerate(document.sentences):
            rules = grammar(sentence.lang)
            # Most sentences hold no trigger at all: they need no shape. (What a phrase leaves of a word is no trigger.)
            wanted = _wanted(document, sentence, rules)
            if not wanted:
                continue
            site = Site(document, index, shape_of(document, sentence), sentence.lang, layout, rules.respectively)
            told = best(list(attempts(rules, site, wanted)))
            out += [m for m in told if rules.nobody is None or not rules.nobody.regex.search(m.person.name)]
        told = _one_move(document, _agreeing(document, _without_echoes(document, _with_said_posts(out))))
        told = _with_posts(document, _as_left(document, told))
        return _with_sole_post(document, _with_posts_taken(document, told))


def _wanted(document: Document, sentence: Sentence, rules: Grammar) -> list[Rule]:
    """Return the rules for whose triggers and arguments a sentence has words and phrases."""
    start, end = sentence.start, sentence.end
    named = {r.label for r in within(document, start, end) if is_phrase(r)}
    labels = named | {e.label for e in layout_of(document).others_in(start, end)}
    kinds = "".join([KIND[label] for label in labels])
    text = folded(document, rules)[start:end]
    spelled = plain_key(text, kinds + kinds.lower()) if rules.steady else plain_key(text)
    found = rules.triggers.may_match(spelled)
    for label, slot in ((Label.PERSON, "person"), (Label.ORG, "org")):
        found &= ~(0 if label in named else rules.inside[slot])
    return [rule for rule in map(rules.rules.__getitem__, numbers_in(found)) if rule.may_fire(spelled)]


def _without_echoes(document: Document, mentions: list[Mention]) -> list[Mention]:
    """Leave out the departures of echoing rules of whose person another rule tells a departure or a change of post.

    Those of the post and organisation that another rule says the person gave up stay: they state it once more.
    """
    echoing = _echoing(document)
    if all(mention.rule not in echoing for mention in mentions):
        return mentions
    plain = [m for m in mentions if m.rule not in echoing]
    told = {m.person.entity for m in plain if _is_out(m) or m.role_to is not None}
    ends = {_parties(m) for m in plain if _ends_a_post(m)}
    return [
        m
        for m in mentions
        if m.rule not in echoing or m.relation in _ARRIVALS or m.person.entity not in told or _parties(m) in ends
    ]


def _one_move(document: Document, mentions: Sequence[Mention]) -> list[Mention]:
    """Let a departure or an arrival that a text only refers to be the end or beginning that it tells elsewhere.

    It refers to it by an echoing rule, or by a sentence that names neither the organisation nor a date. A departure is
    the end of a post then, an arrival a post taken up; what an echo repeats in so many words stays what it is.
    """
    told: dict[tuple[str, str, bool], Mention] = {}
    echoing = _echoing(document)
    for mention in mentions:
        if mention.rule not in echoing and (_ends_a_post(mention) or _begins_a_post(mention)):
            told.setdefault((*_parties(mention), _begins_a_post(mention)), mention)
    plain = {(*_parties(m), m.relation) for m in mentions if m.rule not in echoing}
    out = []
    for mention in mentions:
        arrives = mention.relation in _ARRIVALS
        post = told.get((*_parties(mention), arrives)) if arrives or mention.relation in _DEPARTURES else None
        echo = mention.rule in echoing and not (arrives and (*_parties(mention), mention.relation) in plain)
        short = not arrives and _is_short(document, mention)
        if post is not None and post.sentence != mention.sentence and (echo or short):
            steps = (
                *mention.steps,
                f"the {'beginning' if arrives else 'end'} of a post, as the text tells it elsewhere",
            )
            mention = replace(  # noqa: PLW2901
                mention, relation=post.relation, role_from=post.role_from, role_to=post.role_to, steps=steps
            )
        out.append(mention)
    return out


def _is_short(document: Document, mention: Mention) -> bool:
    """Say whether the sentence of a mention names neither its organisation nor a date."""
    sentence = document.sentences[mention.sentence]
    if sentence.start <= mention.org.start < sentence.end:
        return False
    return not _dates_named(document, mention.sentence)


def _echoing(document: Document) -> frozenset[str]:
    return frozenset().union(*(grammar(lang).echoing for lang in {s.lang for s in document.sentences}))


def _parties(mention: Mention) -> tuple[str, str]:
    return mention.person.entity, mention.org.entity


def _begins_a_post(mention: Mention) -> bool:
    return mention.relation in _CHANGES and mention.role_to is not None and mention.role_from is None


def _ends_a_post(mention: Mention) -> bool:
    return mention.relation in _CHANGES and mention.role_from is not None and mention.role_to is None


def _agreeing(document: Document, mentions: Sequence[Mention]) -> list[Mention]:
    """Let a departure that says not from where be the one that the text told of the person before.

    That holds where the organisation is a guess: it stands outside the sentence, and is not what the text is about. A
    guess from far is none that nothing told before bears out, of the person or of another of the sentence.
    """
    out: list[Mention] = []
    told: dict[str, list[Mention]] = defaultdict(list)
    for mention in mentions:
        before = told[mention.person.entity]
        out.append(_as_told(document, mention, before))
        before.append(out[-1])
    out = [_in_post(document, mention, told[mention.person.entity]) for mention in out]
    sure = [m for m in out if _FAR not in m.steps or _TOLD in m.steps or _is_told(m, told[m.person.entity])]
    borne_out = {(m.sentence, m.org.entity) for m in sure}
    return [m for m in out if (m.sentence, m.org.entity) in borne_out]


def _in_post(document: Document, mention: Mention, told: Sequence[Mention]) -> Mention:
    """Let a post in a guessed organisation be in the only one in which the text tells of the person in that post."""
    post = mention.role_to or mention.role_from
    sentence = document.sentences[mention.sentence]
    if post is None or _GUESSES.isdisjoint(mention.steps) or sentence.start <= mention.org.start < sentence.end:
        return mention
    name = document.covered(post)
    same: dict[str, Argument] = {}
    alike: dict[str, Argument] = {}
    for other in told:
        named = other.role_to or other.role_from
        if named is None or other.relation != mention.relation or not _GUESSES.isdisjoint(other.steps):
            continue
        if document.covered(named) == name:
            same.setdefault(other.org.entity, other.org)
        if document.covered(named).endswith(name) or name.endswith(document.covered(named)):
            alike.setdefault(other.org.entity, other.org)
    orgs = same or alike
    if len(orgs) != 1 or mention.org.entity in orgs or "" in orgs:
        return mention
    org = next(iter(orgs.values()))._replace(resolved_by=ResolvedBy.COREFERENCE)
    return replace(mention, org=org, steps=(*mention.steps, _TOLD))


def _with_said_posts(mentions: Sequence[Mention]) -> list[Mention]:
    """Let a succession whose post is a guess be about the post that another mention of its sentence says.

    'Anna Kern becomes chief executive, succeeding co-founder Bob Hill': that post is both what she takes up and what he
    gives up.
    """
    said = {
        (m.sentence, m.person.entity): m.role_to
        for m in mentions
        if m.relation in _CHANGES and m.role_to is not None and not _GUESSED_POSTS.intersection(m.steps)
    }
    posts: dict[int, set[str]] = defaultdict(set)
    for (sentence, entity), _ in said.items():
        posts[sentence].add(entity)
    out = []
    for mention in mentions:
        guessed = mention.relation in _CHANGES and _GUESSED_POSTS.intersection(mention.steps)
        own = said.get((mention.sentence, mention.person.entity))
        if guessed and mention.role_to is not None and own is not None:
            out.append(replace(mention, role_to=own, steps=(*mention.steps, _SAID)))
        elif guessed and mention.role_to is None and len(posts[mention.sentence]) == 1 and own is None:
            [entity] = posts[mention.sentence]
            post = said[mention.sentence, entity]
            out.append(replace(mention, role_from=post, steps=(*mention.steps, _SAID)))
        else:
            out.append(mention)
    return out


def _as_left(document: Document, mentions: Sequence[Mention]) -> list[Mention]:
    """Let a post that was only named before, and is that of somebody who stays, be the one that another has left.

    'Coach Kern was fired. … Chairman Hill said. … Eva Lund is tipped.'
    """
    people = {r.end for r in document.facts.references if r.label is Label.PERSON and is_phrase(r)}
    posts = {m.role_from.start for m in mentions if m.role_from is not None}
    out: list[Mention] = []
    for mention in mentions:
        post = mention.role_to
        held = post is not None and post.start in people and post.start not in posts
        if post is not None and held and _EARLIER in mention.steps:
            gone = [m for m in out if _is_out(m) and m.role_from is not None and m.org.entity == mention.org.entity]
            if gone:
                steps = (*mention.steps, "role_to as the post that another has left")
                mention = replace(mention, role_to=gone[-1].role_from, steps=steps)  # noqa: PLW2901
        out.append(mention)
    return out


def _is_told(mention: Mention, told: Sequence[Mention]) -> bool:
    """Say whether the text told of the person in the mention's organisation, and that was no guess from far."""
    return any(m.org.entity == mention.org.entity and _FAR not in m.steps for m in told)


def _as_told(document: Document, mention: Mention, told: Sequence[Mention]) -> Mention:
    sentence = document.sentences[mention.sentence]
    far = _FAR in mention.steps
    guessed = far or (_GUESSED in mention.steps and mention.org.entity != document.facts.focal_org)
    if not guessed or not _is_out(mention) or sentence.start <= mention.org.start < sentence.end:
        return mention
    gone = [m for m in told if _is_out(m)]
    if not gone or any(m.org.entity == mention.org.entity for m in told):
        return mention
    org = gone[-1].org._replace(resolved_by=ResolvedBy.COREFERENCE)
    return replace(mention, org=org, steps=(*mention.steps, _TOLD))


def _is_out(mention: Mention) -> bool:
    return mention.relation in _DEPARTURES or (mention.role_from is not None and mention.role_to is None)


def _with_posts(document: Document, mentions: list[Mention]) -> list[Mention]:
    """Give a departure without a post the one that the text gives the person elsewhere, at the same organisation.

    A post counts that stands in the person's own phrase ('Nordwerk chief Anna Kern'), is not called a former one, and
    names no other organisation, else one that another mention says the person gives up; the nearest to the mention is
    taken. A rule that says so then states another relation.
    """
    mentions = [_with_plain_post(document, mention) for mention in _with_told_posts(mentions)]
    bare = {m.person.entity for m in mentions if _is_bare(m) and m.person.entity}
    if not bare and all(mention.relation not in _DEPARTURES for mention in mentions):
        return mentions
    known: dict[str, list[Node]] = {}
    for sentence in document.sentences:
        if not any(r.entity in bare for r in within(document, sentence.start, sentence.end)):
            continue
        for node in shape_of(document, sentence).nodes.values():
            if node.kind == "P" and not node.members and node.title and node.reference and not node.former:
                known.setdefault(node.reference.entity, []).append(node)
    layout = layout_of(document)
    beside = [
        (r.entity, post)
        for r in document.facts.references
        if r.entity in bare and r.start >= 0 and is_phrase(r) and (post := post_beside(layout, r)) is not None
    ]
    out = []
    for mention in mentions:
        entity, org = mention.person.entity, mention.org.entity
        near = [post for who, post in beside if who == entity and names_no_other(document, post, org)]
        out.append(_with_post(mention, known.get(entity, []), near, mentions, document))
    return out


def _with_told_posts(mentions: Sequence[Mention]) -> list[Mention]:
    """Put what another mention tells of a person's post in the place of one that was only the last named before."""
    told: dict[tuple[str, str, bool], Mention] = {}
    for mention in mentions:
        if (mention.role_from or mention.role_to) and not _is_guess(mention):
            told.setdefault((*_parties(mention), mention.role_to is not None), mention)
    out = []
    for mention in mentions:
        other = told.get((*_parties(mention), mention.role_to is not None)) if _is_guess(mention) else None
        if other is not None:
            steps = (*mention.steps, "the post as the text tells it elsewhere")
            mention = replace(mention, role_from=other.role_from, role_to=other.role_to, steps=steps)  # noqa: PLW2901
        out.append(mention)
    return out


def _is_guess(mention: Mention) -> bool:
    return bool(_LAST_POST.intersection(mention.steps)) and None in (mention.role_from, mention.role_to)


def _with_plain_post(document: Document, mention: Mention) -> Mention:
    if mention.role_from is not None or mention.role_to is not None:
        return mention
    post = _plain_post(document, mention)
    if post is None:
        return mention
    steps = (*mention.steps, "the post by plain words")
    taken = mention.relation not in _DEPARTURES and (mention.relation not in _CHANGES or mention.manner in _INTO)
    return replace(mention, role_to=post, steps=steps) if taken else replace(mention, role_from=post, steps=steps)


def _plain_post(document: Document, mention: Mention) -> Argument | None:
    """Return the post that plain words give a person: beside the trigger ('joined as a potter'), or beside the name."""
    sentence = document.sentences[mention.sentence]
    rules = grammar(sentence.lang)
    if rules.post_near is not None:
        for match in rules.post_near.regex.finditer(document.text, sentence.start, sentence.end):
            if match.start() < mention.trigger.end and mention.trigger.start < match.end():
                return Argument(*match.span(match.lastgroup or 0))
    if mention.relation not in _DEPARTURES | _CHANGES:
        return None
    for reference in within(document, 0, sentence.end)[::-1]:
        if reference.entity != mention.person.entity or not is_phrase(reference):
            continue
        own = document.sentences[layout_of(document).sentence_at(reference.start)]
        if rules.post_before is not None:
            near = list(rules.post_before.regex.finditer(document.text, own.start, reference.start))
            known = layout_of(document).titles_in(own.start, reference.start)  # which phrases have a say of
            if (
                near
                and near[-1].end() == reference.start
                and not any(
                    near[-1].start("post") < title.end and title.start < near[-1].end("post") for title in known
                )
            ):
                return Argument(*near[-1].span("post"))
        if rules.post_after is not None:
            after = rules.post_after.regex.match(document.text, reference.end, own.end)
            if after is not None:
                return Argument(*after.span("post"))
    return None


def _is_bare(mention: Mention) -> bool:
    """Say whether a mention lacks the post that it is about: the one left, or any for a change of post."""
    if mention.relation in _DEPARTURES:
        return mention.role_from is None
    return mention.relation in _CHANGES and mention.role_from is None and mention.role_to is None


def _with_post(
    mention: Mention, known: list[Node], near: list[Entity], told: Sequence[Mention], document: Document
) -> Mention:
    steps = mention.steps
    same = [m for m in told if (m.person.entity, m.org.entity) == (mention.person.entity, mention.org.entity)]
    # What another mention tells of the post that the person takes up is the same change told again.
    told_again = mention.relation in _CHANGES and any(m.relation in _CHANGES and m.role_to is not None for m in same)
    if _is_bare(mention) and not told_again:
        # a post that is named without its organisation is most likely one in what the text is about
        about = {document.facts.focal_org or mention.org.entity}
        elsewhere = _posts_elsewhere(document, mention, told)
        posts = [
            Argument(node.title.core_start, node.title.core_end)
            for node in known
            if node.title and not node.title.former and _names_no_other(node, mention.org.entity)
            if node.title.org or node.org or mention.org.entity in about or _stands_in(document, mention, node.start)
            if document.covered(Argument(node.title.core_start, node.title.core_end)) not in elsewhere
        ]
        posts = posts or [m.role_from for m in same if m.role_from]
        here = mention.org.entity in about
        posts = posts or [Argument(p.start, p.end) for p in near if here or _stands_in(document, mention, p.start)]
        if posts:
            post = min(posts, key=lambda post: (abs(post.start - mention.trigger.start), post.start))
            taken = mention.relation in _CHANGES and mention.manner in _TAKEN
            slot = "role_to" if taken else "role_from"
            steps = (*steps, f"{slot} as the text gives it of the person elsewhere")
            mention = replace(mention, role_to=post if taken else None, role_from=None if taken else post, steps=steps)
    other = grammar(document.sentences[mention.sentence].lang).with_post.get(mention.rule)
    if mention.relation not in _DEPARTURES or not other:
        return mention
    if mention.role_from is not None or any(m.relation == other and m.role_to is None for m in same):
        return replace(mention, relation=other, steps=(*steps, "with a post it is a post given up"))
    return mention


def _stands_in(document: Document, mention: Mention, position: int) -> bool:
    sentence = document.sentences[mention.sentence]
    return sentence.start <= position < sentence.end


def _with_posts_taken(document: Document, mentions: list[Mention]) -> list[Mention]:
    """Give those who join without a post the only one that another mention says they take up there.

    'Anna Kern joins Nordwerk. … The board named her treasurer.' Where a sentence that says so and that of the
    mention both name dates, they need not mean the same move.
    """
    taken: dict[tuple[str, str], list[Mention]] = {}
    for mention in mentions:
        told = mention.role_to is not None and mention.role_from is None and _GUESSED_POSTS.isdisjoint(mention.steps)
        if told and mention.relation in _CHANGES | _ARRIVALS:
            taken.setdefault(_parties(mention), []).append(mention)
    out = []
    for mention in mentions:
        if mention.relation in _ARRIVALS and mention.role_to is None and mention.person.entity:
            near = taken.get(_parties(mention), [])
            near = [] if any(_both_dated(document, mention, m) for m in near) else near
            near = [m for m in near if m.sentence == mention.sentence or not _names_a_year(document, mention)]
            if len({document.covered(m.role_to) for m in near if m.role_to}) == 1:
                steps = (*mention.steps, "role_to as the text tells it elsewhere")
                mention = replace(mention, role_to=near[0].role_to, steps=steps)  # noqa: PLW2901
        out.append(mention)
    return out


def _both_dated(document: Document, one: Mention, other: Mention) -> bool:
    counts = [_dates_named(document, m.sentence) for m in (one, other)]
    return counts[0] > 1 if one.sentence == other.sentence else all(counts)


def _names_a_year(document: Document, mention: Mention) -> bool:
    """Say whether the mention's sentence tells only in which year, as what is long past is told."""
    sentence = document.sentences[mention.sentence]
    others = layout_of(document).others_in(sentence.start, sentence.end)
    return any(entity.label is Label.DATE and _YEAR.fullmatch(document.covered(entity)) for entity in others)


def _dates_named(document: Document, number: int) -> int:
    sentence = document.sentences[number]
    others = layout_of(document).others_in(sentence.start, sentence.end)
    return sum(entity.label is Label.DATE for entity in others)


def _with_sole_post(document: Document, mentions: list[Mention]) -> list[Mention]:
    """Give the mentions without a post the only post that the text names near them, if it is nobody else's.

    'Nordwerk looks for a new treasurer. Anna Kern succeeds Bob Hill.' A post of another person's phrase ('Nordwerk
    chief Eva Lund says'), or of another organisation, by its phrase or by what another mention tells, does not count;
    nor, for those who join, does one that somebody else takes up.
    """
    bare = [m for m in mentions if m.role_from is None and m.role_to is None]
    posts = [e for e in document.entities if e.label is Label.TITLE]
    if not bare or len({document.covered(post).casefold() for post in posts}) != 1:
        return mentions
    holders, orgs = _holders(document)
    for told in mentions:
        for bound in (told.role_from, told.role_to):
            if bound is not None:
                orgs.setdefault(bound.start, told.org.entity)
    takers = {told.person.entity for told in mentions if told.role_to is not None}
    out = []
    for mention in mentions:
        here = mention.org.entity == (document.facts.focal_org or mention.org.entity)
        theirs = holders | takers if mention.relation in _ARRIVALS else holders
        near = [
            post
            for post in posts
            if abs(_number(document, post.start) - mention.sentence) <= _POST_REACH
            if orgs.get(post.start, mention.org.entity) == mention.org.entity
            if here or post.start in orgs or _stands_in(document, mention, post.start)
        ]
        if mention.role_from or mention.role_to or not near or not theirs <= {mention.person.entity}:
            out.append(mention)
            continue
        best_post = min(near, key=lambda post: (abs(post.start - mention.trigger.start), post.start))
        post = Argument(best_post.start, best_post.end)
        going = mention.relation in _DEPARTURES or (mention.relation not in _ARRIVALS and mention.manner not in _TAKEN)
        step = f"{'role_from' if going else 'role_to'} as the only post of the text"
        steps = (*mention.steps, step)
        out.append(
            replace(mention, role_from=post, steps=steps) if going else replace(mention, role_to=post, steps=steps)
        )
    return out


def _posts_elsewhere(document: Document, mention: Mention, told: Sequence[Mention]) -> set[str]:
    """Return the posts that the text tells the mention's person to have had in other organisations alone."""
    here: set[str] = set()
    there: set[str] = set()
    for other in told:
        if other.person.entity == mention.person.entity:
            posts = {document.covered(post) for post in (other.role_from, other.role_to) if post is not None}
            (here if other.org.entity == mention.org.entity else there).update(posts)
    return there - here


def _holders(document: Document) -> tuple[set[str], dict[int, str]]:
    """Return the people whose own phrases name a post, and the organisation of each post that names one."""
    holders: set[str] = set()
    orgs: dict[int, str] = {}
    for sentence in document.sentences:
        for node in shape_of(document, sentence).nodes.values():
            for one in node.members or (node,):
                post = one.title if one.kind == "P" else one if one.kind == "T" else None
                if one.kind == "P" and one.title:
                    holders.add(one.reference.entity if one.reference else "")
                if post and post.org and post.org.reference:
                    orgs[post.core_start] = post.org.reference.entity
    return holders, orgs


def _number(document: Document, place: int) -> int:
    return next((i for i, sentence in enumerate(document.sentences) if place < sentence.end), len(document.sentences))


def _names_no_other(person: Node, org: str) -> bool:
    named = person.org or (person.title.org if person.title else None)
    return named is None or named.reference is None or named.reference.entity == org
