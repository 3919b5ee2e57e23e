"""The stage of learned relations: claims that no rule finds, told by a small network trained on marked texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from claimtrail.document import Argument, Document, Mention, Parse, Reference, Sentence, Span, no_trees
from claimtrail.entities.gazetteer import key_of
from claimtrail.facts.layout import layout_of
from claimtrail.learned.encode import POSTS, Floats, encode, flagged, posts_of
from claimtrail.learned.model import Model, model_of
from claimtrail.learned.network import Answer, softmax
from claimtrail.learned.views import WORD, Candidate, View, views
from claimtrail.rules.finders import argument_of, outside
from claimtrail.rules.grammar import grammar
from claimtrail.rules.match import match_at
from claimtrail.rules.shape import Node, Shape, shape_of

ROLE_CHANGE, LEAVES = "ROLE_CHANGE", "LEAVES"
LEARNED = "learned: "  # how the step begins that says so of a mention
_SHOWN = 3  # words that weighed most, in the explanation
_LONGEST = 5  # sentences of a text; in longer ones, which it was not trained on, hardly a claim of the network is right
_WEIGHS = 0.1  # the least share of the attention that is worth showing


@dataclass(frozen=True, slots=True)
class _Found:
    """A claim that the network reads out of a view; ``share`` is that of the relation and of the organisation."""

    view: View
    answer: Answer
    sentence: int
    number: int
    relation: str
    candidate: Candidate
    share: float
    model: Model
    places: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Learned:
    """Adds the claims that a network of the language reads out of sentences in which no rule found them.

    A language without ``learned.npz`` has none. What a rule says of a person and an organisation stands: the network
    adds nothing between the two, and no claim of the same kind on another organisation in the same sentence. Texts of
    more than five sentences it leaves alone: it was trained on short ones. ``parse`` finds the trees of the sentences
    that it reads.
    """

    parse: Parse = no_trees
    name: str = "learned relations"
    requires: frozenset[str] = frozenset({"mentions", "facts"})
    provides: frozenset[str] = frozenset({"mentions"})

    def process(self, documents: Sequence[Document]) -> list[Document]:
        """Return the documents with the further mentions among theirs, in the order of their triggers."""
        return [self._added(document) for document in documents]

    def _added(self, document: Document) -> Document:
        found = [claim for claim in self._claims(document) if not _is_told(claim, document.mentions)]
        if not found:
            return document
        more = [
            mention
            for claim in _best(found)
            if _may_be(mention := _mention(document, claim)) and not is_state(document, mention)
        ]
        return replace(document, mentions=tuple(sorted((*document.mentions, *more), key=_place)))

    def _claims(self, document: Document) -> list[_Found]:
        if len(document.sentences) > _LONGEST or not any(r.label == "ORG" for r in document.facts.references):
            return []
        found: list[_Found] = []
        for index, sentence in enumerate(document.sentences):
            model = model_of(sentence.lang)
            if model is None or not model.gate.lets(forms_of(document, sentence)):
                continue
            rules = grammar(sentence.lang)
            shape = shape_of(document, sentence)
            seen = [view for view in views(document, index, shape, rules, layout_of(document)) if view.candidates]
            if seen:
                triggers = flagged(seen[0].items, shape.text, rules, model.vocabulary.relations)
                parsed = document.parsed(index, self.parse)
                for view in seen:
                    found += _read(parsed, model, index, shape, view, triggers)
        return found


def _place(mention: Mention) -> tuple[int, int, str, int, int]:
    return (mention.sentence, mention.trigger.start, mention.relation, mention.person.start, mention.org.start)


def forms_of(document: Document, sentence: Sentence) -> list[str]:
    """Return the words of a sentence in lower case, as the gate takes them."""
    tokens = document.tokens[sentence.first_token : sentence.end_token]
    return [document.text[token.start : token.end].lower() for token in tokens]


def _read(document: Document, model: Model, index: int, shape: Shape, view: View, triggers: Floats) -> list[_Found]:
    answer = model.read(encode(document, view, model.vocabulary, model.features, triggers))
    out = []
    for number, relation in enumerate(model.vocabulary.relations):
        shares = softmax(answer.orgs[:, number]) * answer.relations[number]
        best = int(shares.argmax())
        if shares[best] >= model.least:
            out.append(
                _Found(
                    view,
                    answer,
                    index,
                    number,
                    relation,
                    view.candidates[best],
                    float(shares[best]),
                    model,
                    shape.places,
                )
            )
    return out


def _is_told(claim: _Found, mentions: Sequence[Mention]) -> bool:
    """Say whether a rule has told the claim already, or another one that it would stand against."""
    return any(
        mention.org.entity == claim.candidate.reference.entity
        or (mention.sentence == claim.sentence and mention.relation == claim.relation)
        for mention in mentions
        if mention.person.entity == claim.view.person.entity
    )


def _best(found: Sequence[_Found]) -> list[_Found]:
    """Return, of the claims on one person and organisation, those of the kind that is surest, and no role beside it."""
    surest: dict[tuple[str, str], _Found] = {}
    for claim in sorted(found, key=lambda c: (-c.share, c.sentence, c.view.place, c.number)):
        surest.setdefault((claim.view.person.entity, claim.candidate.reference.entity), claim)
    out = []
    for claim in found:
        first = surest[claim.view.person.entity, claim.candidate.reference.entity]
        relations = {claim.relation, first.relation}
        if len(relations) == 1 or ROLE_CHANGE not in relations:
            out.append(claim)
    return out


def _mention(document: Document, claim: _Found) -> Mention:
    trigger, words = _trigger(document, claim)
    view, lang = claim.view, document.sentences[claim.sentence].lang
    post, taken = _post(claim)
    person, org = _argument(view.node, view.person), _argument(claim.candidate.node, claim.candidate.reference)
    confidence = claim.model.precision(claim.share) * person.confidence * org.confidence
    steps = [f"{LEARNED}{claim.relation} with {claim.share:.2f}; what weighed most: {', '.join(words)}"]
    steps.append(f"org by {' and '.join(sorted(claim.candidate.ties))}")
    return Mention(
        relation=claim.relation,
        sentence=claim.sentence,
        trigger=trigger,
        rule=f"{lang}/{claim.relation.lower()}/learned",
        person=person,
        org=org,
        role_from=None if taken else post,
        role_to=post if taken else None,
        confidence=round(confidence, 4),
        steps=tuple(steps),
    )


def _may_be(mention: Mention) -> bool:
    """Say whether a claim is one as rules may make it: of somebody with a name, and of no body that states join."""
    rules = grammar(mention.rule.partition("/")[0])
    nobody = rules.nobody
    if not mention.person.name or not mention.org.name or (nobody and nobody.regex.search(mention.person.name)):
        return False
    states_only = next((rule.states_only for rule in rules.rules if rule.relation == mention.relation), frozenset())
    return bool(mention.role_from or mention.role_to) or key_of(mention.org.name) not in states_only


def is_state(document: Document, mention: Mention) -> bool:
    """Say whether the words around what told a claim only tell of a state, or of another's doing."""
    sentence = document.sentences[mention.sentence]
    shape = shape_of(document, sentence)
    start, end = shape.range(*mention.trigger)
    for pattern in grammar(sentence.lang).states:
        bound = match_at(pattern, shape.text, start, end, shape.key)
        if bound is None:
            continue
        node = shape.nodes[shape.text[bound["person"]]] if "person" in bound else None
        if node is None or (node.reference is not None and node.reference.entity == mention.person.entity):
            return True
    return False


def _trigger(document: Document, claim: _Found) -> tuple[Span, list[str]]:
    """Return the word that weighed most for the relation, and the words to show, the weightiest first."""
    items, weights = claim.view.items, claim.answer.attention[claim.number]
    order = sorted(range(len(items)), key=lambda i: (-float(weights[i]), i))
    words = [i for i in order if items[i].kind == WORD and any(c.isalnum() for c in items[i].form)] or order
    shown = [i for i in words[:_SHOWN] if float(weights[i]) >= _WEIGHS] or words[:1]
    return _span(document, claim, words[0]), [repr(document.covered(_span(document, claim, i))) for i in shown]


def _span(document: Document, claim: _Found, number: int) -> Span:
    item = claim.view.items[number]
    if item.node is not None:
        return Span(item.node.core_start, item.node.core_end)
    if item.token >= 0:
        token = document.tokens[item.token]
        return Span(token.start, token.end)
    first = claim.places[item.at]
    return Span(*first)


def _argument(node: Node | None, reference: Reference) -> Argument:
    if node is None:
        return outside(reference)
    return argument_of(reference, node.core_start, node.core_end)


def _post(claim: _Found) -> tuple[Argument | None, bool]:
    """Return the post that belongs to the move, if one does, and whether it is taken up."""
    taken = claim.answer.taken > 0 if claim.relation == ROLE_CHANGE else claim.relation != LEAVES
    scores = claim.answer.posts[:, claim.number]
    if not len(scores) or float(scores.max()) <= 0:
        return None, taken
    at, owner = posts_of(claim.view)[int(scores.argmax())]
    node = claim.view.items[at].node if owner == POSTS[0] else claim.view.node.title if claim.view.node else None
    return (Argument(node.core_start, node.core_end) if node else None), taken
