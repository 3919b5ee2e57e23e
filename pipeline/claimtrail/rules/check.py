"""Checking all rule files: form, patterns, examples and near-misses."""

from __future__ import annotations

from claimtrail import data
from claimtrail.rules.examples import failures
from claimtrail.rules.grammar import RuleError, load


def check_language(lang: str) -> list[str]:
    """Return a line for each fault in the rules of a language, naming file, line and rule."""
    try:
        rules = load(lang)
    except RuleError as error:
        return error.faults
    except data.DataError as error:
        return [str(error)]
    out = []
    for rule in rules.rules:
        try:
            out += [f"{rule.file}:{rule.line}: {rule.id}: {fault}" for fault in failures(rule, rules)]
        except ValueError as error:
            out.append(f"{rule.file}:{rule.line}: {rule.id}: {error}")
    return out
