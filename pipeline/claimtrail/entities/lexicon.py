"""The word lists and patterns for entities of one language (``lang/CODE/entities.yaml``)."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from claimtrail.data import find, read_as


@dataclass(frozen=True, slots=True)
class EntityRules:
    """What a language's ``entities.yaml`` holds; lists may be empty where the language has no such thing."""

    spaced: bool
    organisation_columns: list[str]
    countries: list[str]
    weak_organisation_names: list[str] = field(default_factory=list)
    inflections: dict[str, list[str]] = field(default_factory=dict)
    name_endings: list[str] = field(default_factory=list)
    honorifics_before: list[str] = field(default_factory=list)
    honorifics_after: list[str] = field(default_factory=list)
    sure_honorifics: list[str] = field(default_factory=list)
    joining_characters: str = ""
    articles: list[str] = field(default_factory=list)
    function_words: list[str] = field(default_factory=list)
    organisation_middles: list[str] = field(default_factory=list)
    noun_endings: list[str] = field(default_factory=list)
    nouns_capitalised: bool = False
    no_names: list[str] = field(default_factory=list)
    things: list[str] = field(default_factory=list)
    former: list[str] = field(default_factory=list)
    particles: list[str] = field(default_factory=list)
    person_links: list[str] = field(default_factory=list)
    wider_posts: bool = True
    person_cues_after: list[str] = field(default_factory=list)
    person_cues_before: list[str] = field(default_factory=list)
    organisation_cues_before: list[str] = field(default_factory=list)
    organisation_cues_after: list[str] = field(default_factory=list)
    nobody_before: list[str] = field(default_factory=list)
    organisation_frames: str = ""
    quoted_classes: list[str] = field(default_factory=list)
    not_followed: str = ""
    heads_not_before: str = ""
    country_prefixes: list[str] = field(default_factory=list)
    dateline_ends: list[str] = field(default_factory=list)
    class_prefixes: list[str] = field(default_factory=list)
    name_tails: str = ""
    never_in_names: str = ""
    not_possessed: list[str] = field(default_factory=list)
    not_in_posts: list[str] = field(default_factory=list)
    surnames: list[str] = field(default_factory=list)
    surnames_first: bool = False
    legal_forms_after: list[str] = field(default_factory=list)
    legal_forms_before: list[str] = field(default_factory=list)
    organisation_marks: list[str] = field(default_factory=list)
    not_held: list[str] = field(default_factory=list)
    post_verbs: list[str] = field(default_factory=list)
    glued_verbs: str = ""
    name_leaders: list[str] = field(default_factory=list)
    organisation_trailers: list[str] = field(default_factory=list)
    name_trailers: list[str] = field(default_factory=list)
    organisation_heads: list[str] = field(default_factory=list)
    organisation_last_words: list[str] = field(default_factory=list)
    place_never_ends: list[str] = field(default_factory=list)
    person_never_ends: list[str] = field(default_factory=list)
    headed_links: str = ""
    headed_followers: str = ""
    headed_places: list[str] = field(default_factory=list)
    headed_not_first: list[str] = field(default_factory=list)
    headed_classes: str = ""
    organisation_suffixes: list[str] = field(default_factory=list)
    organisation_starts: list[str] = field(default_factory=list)
    organisation_patterns: list[str] = field(default_factory=list)
    name_connectors: list[str] = field(default_factory=list)
    numbered_heads: list[str] = field(default_factory=list)
    generic_words: list[str] = field(default_factory=list)
    short_form_cues: list[str] = field(default_factory=list)
    role_words: list[str] = field(default_factory=list)
    unit_posts: list[str] = field(default_factory=list)
    name_heads: list[str] = field(default_factory=list)
    state_posts: list[str] = field(default_factory=list)
    state_subjects: str = ""
    state_links: str = ""
    state_person_links: str = ""
    state_after_links: str = ""
    places: list[str] = field(default_factory=list)
    class_nouns: list[str] = field(default_factory=list)
    class_names: str = ""
    end_characters: str = ""


@cache
def entity_rules(lang: str) -> EntityRules:
    """Return the rules of a language.

    Raises:
        DataError: the file is missing or not as it must be.
    """
    return read_as(find(lang, "entities.yaml"), EntityRules)
