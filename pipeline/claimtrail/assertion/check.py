"""Checking the cue files: form, patterns, examples and near-misses."""

from __future__ import annotations

import re

from claimtrail import data
from claimtrail.assertion.cues import Assertions, Cue, CueSpec, load, source_at, status_after, status_at
from claimtrail.rules.check import check_language as check_rules
from claimtrail.rules.examples import read_example
from claimtrail.rules.grammar import Grammar, RuleError, grammar
from claimtrail.rules.shape import build_shape

_SENTENCE_END = re.compile(r"\. |。")


def _fires(cue: Cue, marked: str, found: Assertions, rules: Grammar) -> bool:
    """Tell whether a cue, with the masks of its language beside it, governs the marked trigger."""
    example = read_example(marked, rules.lang)
    shape = build_shape(example.document, 0, len(example.document.text), rules)
    start, end = shape.range(*example.trigger)
    if isinstance(cue.spec, CueSpec):
        if cue.spec.status == "none":
            return cue.anywhere is not None and cue.anywhere.regex.search(shape.text) is not None
        if cue.spec.scope == "next":
            # the example's own sentence ends at the first full stop after the trigger
            stop = _SENTENCE_END.search(shape.text, end)
            after = shape.text[stop.end() :] if stop else ""
            people = "".join(c for c, node in shape.nodes.items() if node.kind == "P")
            return status_after(after, people, Assertions((cue,), (), None)) is not None
        masks = tuple(c for c in found.cues if isinstance(c.spec, CueSpec) and c.spec.status == "none")
        return status_at(shape.text, start, end, Assertions((*masks, cue), (), found.stops)) is not None
    bound = source_at(shape.text, start, end, Assertions((), (cue,), None))
    wanted = [span for slot, span in example.wanted if slot == "source"]
    return bound is not None and (not wanted or shape.places[bound[0]] == wanted[0])


def check_language(lang: str) -> list[str]:
    """Return a line for each fault in the cues of a language, naming file and cue."""
    path = data.find(lang, "assertion.yaml")
    try:
        rules = grammar(lang)
        found = load(lang)
    except RuleError as error:
        return error.faults
    except data.DataError as error:
        return [str(error)]
    out = []
    for cue in (*found.cues, *found.attribution):
        for wanted, listed in ((True, cue.spec.example), (False, cue.spec.near_miss)):
            for marked in [listed] if isinstance(listed, str) else listed:
                try:
                    fired = _fires(cue, marked, found, rules)
                except ValueError as error:
                    out.append(f"{path}: {cue.spec.id}: {error}")
                    continue
                if fired != wanted:
                    what = "the example does not fire" if wanted else "the near-miss fires"
                    out.append(f"{path}: {cue.spec.id}: {what}: {marked}")
    return out


def check_all() -> list[str]:
    """Return a line for each fault in the rules and cues of all languages."""
    return [fault for lang in data.languages() for fault in (*check_rules(lang), *check_language(lang))]
