"""Showing what the rules make of a document: phrases, rules that fired, and the nearest that did not."""

from __future__ import annotations

from claimtrail.document import Document, Mention, Parse, no_trees
from claimtrail.rules.finders import Site
from claimtrail.rules.grammar import grammar
from claimtrail.rules.match import attempts, best
from claimtrail.rules.shape import Node, Shape, build_shape

_MOST_MISSES = 12


def readable(document: Document, shape: Shape) -> str:
    """Return an abstracted sentence with each phrase written as ``{P Anna Kern}``."""
    return "".join(
        f"{{{shape.nodes[c].kind} {_words(document, shape.nodes[c])}}}" if c in shape.nodes else c for c in shape.text
    )


def _words(document: Document, node: Node) -> str:
    if node.members:
        return " + ".join(_words(document, member) for member in node.members)
    core = document.text[node.core_start : node.core_end]
    notes = [f"of {_words(document, node.org)}"] if node.org else []
    notes += [f"as {_words(document, node.title)}"] if node.title and node.title is not node else []
    notes += ["former"] if node.former else []
    return f"{core} ({', '.join(notes)})" if notes else core


def _mention_line(document: Document, mention: Mention) -> str:
    parts = [
        f"{mention.relation} {mention.person.name} / {mention.org.name}",
        f"trigger {document.covered(mention.trigger)!r}",
    ]
    for slot in ("role_from", "role_to"):
        argument = getattr(mention, slot)
        if argument is not None:
            parts.append(f"{slot} {document.covered(argument)!r}")
    return f"{'; '.join(parts)} [{mention.rule}, {mention.confidence}]"


def _final(document: Document, mention: Mention) -> Mention | None:
    """Return what later stages made of a mention: status, date and post come with steps of their own."""
    same = (
        m
        for m in document.mentions
        if (m.rule, m.trigger, m.person.entity) == (mention.rule, mention.trigger, mention.person.entity)
    )
    return next(same, None)


def explain(document: Document, parse: Parse = no_trees) -> list[str]:
    """Return readable lines on each sentence of an analysed document (entities and facts filled).

    Tokens with their tags and heads (where ``parse`` finds trees), the abstracted sentence, each rule that fired with
    the way every argument was found, and the rules whose trigger stands there but that did not fire, with the reason.
    """
    out = []
    for index, sentence in enumerate(document.sentences):
        rules = grammar(sentence.lang)
        shape = build_shape(document, sentence.start, sentence.end, rules)
        out.append(f"sentence {index + 1} ({sentence.lang}): {document.covered(sentence)}")
        tokens = document.parsed(index, parse).tokens[sentence.first_token : sentence.end_token]
        if any(token.dep for token in tokens):
            words = [
                f"{document.covered(t)}/{t.pos}/{t.dep}>{document.covered(document.tokens[t.head])}" for t in tokens
            ]
            out.append(f"  tree: {' '.join(words)}")
        out.append(f"  phrases: {readable(document, shape)}")
        tried = list(attempts(rules, Site(document, index, shape, sentence.lang, respectively=rules.respectively)))
        kept = best(tried)
        for mention in kept:
            out.append(f"  found: {_mention_line(document, mention)}")
            out += [f"    {step}" for step in (_final(document, mention) or mention).steps]
        for attempt in tried:
            for mention in attempt.mentions:
                if mention not in kept:
                    out.append(f"  set aside for a longer trigger: {_mention_line(document, mention)}")
        misses = [attempt for attempt in tried if attempt.failure]
        out += [f"  did not fire: {attempt.rule.id}: {attempt.failure}" for attempt in misses[:_MOST_MISSES]]
        if len(misses) > _MOST_MISSES:
            out.append(f"  and {len(misses) - _MOST_MISSES} more that did not fire")
    return out
