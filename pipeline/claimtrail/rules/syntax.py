"""Arguments by syntax: subject and object of a trigger in a Universal Dependencies tree."""

from __future__ import annotations

from bisect import bisect_right

from claimtrail.document import Document, Sentence

_SUBJECT = ("nsubj", "nsubj:pass")
_OBJECT = ("obj", "iobj")
# From these a trigger shares the subject of its head: 'has decided to leave', 'left and joined'.
_SHARES_SUBJECT = ("conj", "xcomp", "aux", "aux:pass", "cop", "compound:prt", "advcl")
_MOST_STEPS = 4


def _token_at(document: Document, sentence: Sentence, position: int) -> int:
    starts = [token.start for token in document.tokens[sentence.first_token : sentence.end_token]]
    index = bisect_right(starts, position) - 1
    return sentence.first_token + index if index >= 0 else -1


def argument_heads(document: Document, sentence: Sentence, trigger_start: int, role: str) -> list[int]:
    """Return the places (code points) of the head words of a trigger's ``subject`` or ``object``, nearest first.

    Empty without a parse. For a relative clause the noun it belongs to is its subject.
    """
    at = _token_at(document, sentence, trigger_start)
    if at < 0 or document.tokens[at].head < 0:
        return []
    wanted = _SUBJECT if role == "subject" else _OBJECT
    range_ = range(sentence.first_token, sentence.end_token)
    for _ in range(_MOST_STEPS):
        children = [i for i in range_ if document.tokens[i].head == at and i != at and document.tokens[i].dep in wanted]
        found = [document.tokens[i].start for i in children]
        # 'Anna and Bob left': the other members of the list hang on the first.
        found += [
            document.tokens[i].start
            for i in range_
            if document.tokens[i].head in children and document.tokens[i].dep == "conj"
        ]
        token = document.tokens[at]
        if token.dep in ("acl:relcl", "acl", "relcl") and role == "subject":
            return [document.tokens[token.head].start, *found]
        if found:
            return found
        if role != "subject" or token.dep not in _SHARES_SUBJECT or token.head == at:
            return []
        at = token.head
    return []
