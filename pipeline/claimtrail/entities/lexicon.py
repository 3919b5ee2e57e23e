"""The word lists and patterns for entities of one language (``lang/CODE/entities.yaml``)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from functools import cache

from claimtrail.data import find, read_as


class Words(tuple[str, ...]):
    """A list of words, in order, that tells at once whether it holds a word."""

    _held: frozenset[str]

    def __new__(cls, words: Iterable[str]) -> Words:
        """Take the words."""
        made = super().__new__(cls, words)
        made._held = frozenset(made)
        return made

    def __contains__(self, word: object) -> bool:
        """Say whether a word is among them."""
        return word in self._held


@dataclass(frozen=True, slots=True)
class EntityRules:
    """What a language's ``entities.yaml`` holds; lists may be empty where the language has no such thing."""

    spaced: bool
    organisation_columns: tuple[str, ...]
    countries: tuple[str, ...]
    weak_organisation_names: tuple[str, ...] = ()
    inflections: dict[str, list[str]] = field(default_factory=dict)
    name_endings: tuple[str, ...] = ()
    honorifics_before: tuple[str, ...] = ()
    honorifics_after: tuple[str, ...] = ()
    sure_honorifics: tuple[str, ...] = ()
    joining_characters: str = ""
    articles: tuple[str, ...] = ()
    function_words: tuple[str, ...] = ()
    organisation_middles: tuple[str, ...] = ()
    noun_endings: tuple[str, ...] = ()
    organisation_nouns: str = ""
    relative_verbs: str = ""
    firm_posts: tuple[str, ...] = ()
    descriptive_nouns: str = ""
    nouns_capitalised: bool = False
    no_names: tuple[str, ...] = ()
    things: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    particles: tuple[str, ...] = ()
    person_links: tuple[str, ...] = ()
    wider_posts: bool = True
    person_cues_after: tuple[str, ...] = ()
    person_cues_before: tuple[str, ...] = ()
    organisation_cues_before: tuple[str, ...] = ()
    organisation_cues_after: tuple[str, ...] = ()
    nobody_before: tuple[str, ...] = ()
    organisation_frames: str = ""
    cue_links: tuple[str, ...] = ()
    firm_after: str = ""
    quoted_classes: tuple[str, ...] = ()
    not_followed: str = ""
    heads_not_before: str = ""
    country_prefixes: tuple[str, ...] = ()
    dateline_ends: tuple[str, ...] = ()
    class_prefixes: tuple[str, ...] = ()
    name_tails: str = ""
    never_in_names: str = ""
    foreign_ends: str = ""
    never_first: str = ""
    not_possessed: tuple[str, ...] = ()
    not_in_posts: tuple[str, ...] = ()
    surnames: tuple[str, ...] = ()
    surnames_first: bool = False
    legal_forms_after: tuple[str, ...] = ()
    legal_forms_before: tuple[str, ...] = ()
    organisation_marks: tuple[str, ...] = ()
    not_held: tuple[str, ...] = ()
    post_verbs: tuple[str, ...] = ()
    glued_verbs: str = ""
    name_leaders: tuple[str, ...] = ()
    organisation_trailers: tuple[str, ...] = ()
    name_trailers: tuple[str, ...] = ()
    organisation_heads: tuple[str, ...] = ()
    organisation_last_words: tuple[str, ...] = ()
    place_never_ends: tuple[str, ...] = ()
    person_never_ends: tuple[str, ...] = ()
    headed_links: str = ""
    headed_followers: str = ""
    headed_places: tuple[str, ...] = ()
    headed_not_first: tuple[str, ...] = ()
    headed_classes: str = ""
    organisation_suffixes: tuple[str, ...] = ()
    organisation_starts: tuple[str, ...] = ()
    organisation_patterns: tuple[str, ...] = ()
    name_connectors: tuple[str, ...] = ()
    numbered_heads: tuple[str, ...] = ()
    generic_words: tuple[str, ...] = ()
    short_form_cues: tuple[str, ...] = ()
    role_words: tuple[str, ...] = ()
    unit_posts: tuple[str, ...] = ()
    name_heads: tuple[str, ...] = ()
    state_posts: tuple[str, ...] = ()
    nation_posts: tuple[str, ...] = ()
    town_posts: tuple[str, ...] = ()
    no_towns: tuple[str, ...] = ()
    polls: tuple[str, ...] = ()
    town_joined: str = ""
    more_states: tuple[str, ...] = ()
    province_ends: tuple[str, ...] = ()
    state_bodies: str = ""
    state_subjects: str = ""
    state_links: str = ""
    state_person_links: str = ""
    state_after_links: str = ""
    places: tuple[str, ...] = ()
    club_before: str = ""
    club_after: str = ""
    class_nouns: tuple[str, ...] = ()
    class_names: str = ""
    class_leads: str = ""
    class_persons: str = ""
    class_posts: str = ""
    end_characters: str = ""

    def is_state(self, name: str) -> bool:
        """Say whether a name is that of a state."""
        known = name in self.places or name in self.more_states
        return known and not name.endswith(self.province_ends)

    def __post_init__(self) -> None:
        """Make every list one that is quick to ask."""
        for one in fields(self):
            words = getattr(self, one.name)
            if isinstance(words, tuple):
                object.__setattr__(self, one.name, Words(words))


@cache
def entity_rules(lang: str) -> EntityRules:
    """Return the rules of a language.

    Raises:
        DataError: the file is missing or not as it must be.
    """
    return read_as(find(lang, "entities.yaml"), EntityRules)


@cache
def nation_posts(lang: str) -> tuple[str, ...]:
    """Return the offices of heads and ministers of states in a language; none where it has no rules for entities."""
    return entity_rules(lang).nation_posts if find(lang, "entities.yaml").is_file() else ()


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern of the language data, compiled once."""
    return re.compile(pattern)
