"""States as organisations: 'France', 'the French government', 法国政府 and 法 are one body.

Names of the states are those of the Unicode CLDR in the languages that we read, with the short ones that news uses.
"""

from __future__ import annotations

import unicodedata
from functools import cache

from claimtrail.entities.gazetteer import entry, key_of
from claimtrail.identity import scripts

_PREFIX = "state-"
# How a government is named after its state, or after the adjective of it: ``{}``.
_BY_NAME = (
    "government of {}",
    "government of the {}",
    "{} government",
    "{}'s government",
    "regierung von {}",
    "regierung {}s",
    "{}政府",
    "{}内阁",
    "{}內閣",
    "{}内閣",
    "{}当局",
    "{}當局",
)
_BY_ADJECTIVE = ("{} government", "{} regierung", "{}n regierung", "{} bundesregierung")
_LEAST_OF_GOVERNMENT = 2
_WITH_ARTICLE = frozenset({"ae", "bs", "cf", "do", "gb", "gm", "mh", "mv", "nl", "ph", "sb", "us"})


def key(name: str) -> str:
    """Return the id of the state that a name is of, or of the government of, else ``""``."""
    return _keys().get(_folded(name), "")


def holds(name: str) -> bool:
    """Tell whether an id is that of a state: one of the State Department is not, for all that it begins alike."""
    return name.startswith(_PREFIX) and name.removeprefix(_PREFIX) in _names()


def usual_name(state: str) -> str:
    """Return the English name of the government of a state, given by its id."""
    code = state.removeprefix(_PREFIX)
    return f"Government of {'the ' if code in _WITH_ARTICLE else ''}{_names()[code]}"


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold().replace("’", "'").removeprefix("the ").strip()


@cache
def _rows() -> tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]:
    lines = (scripts.data_folder() / "states.tsv").read_text("utf-8").splitlines()
    parts = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return tuple((code, tuple(names.split("|")), tuple(filter(None, adj.split("|")))) for code, names, adj in parts)


@cache
def _names() -> dict[str, str]:
    return {code.lower(): names[0] for code, names, _ in _rows()}


@cache
def _keys() -> dict[str, str]:
    found: dict[str, set[str]] = {}
    for code, names, adjectives in _rows():
        forms = [*names]
        forms += [frame.format(name) for name in names for frame in _BY_NAME if len(name) >= _LEAST_OF_GOVERNMENT]
        forms += [frame.format(adjective) for adjective in adjectives for frame in _BY_ADJECTIVE]
        known = {table: entry(table) for table in map(key_of, forms) if table is not None}
        mine = sorted(table for table, row in known.items() if row.country == code and row.kind == "government")
        for form in forms:
            found.setdefault(_folded(form), set()).add(mine[0] if mine else _PREFIX + code.lower())
    # a name that two states share tells neither
    return {form: min(codes) for form, codes in found.items() if len(codes) == 1}
