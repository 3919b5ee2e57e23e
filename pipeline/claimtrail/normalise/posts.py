"""Posts by name: an English key for a title in any language, made from tables of heads, qualifiers and fields."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from claimtrail.data import find, read_as
from claimtrail.normalise.titles import find_titles

__all__ = ["canonical_post", "find_titles", "is_interim", "post_name"]

_WORD = re.compile(r"[^\W_]+(?:['’.][^\W_]+)*\.?")
_BRACKETS = re.compile(r"\([^()]*\)")
_INTERIM = ("interim", "acting")
# The order of qualifiers in a key, whatever their order in the text.
_ORDER = (
    "former", "designate", "acting", "interim", "honorary", "founding", "co", "first", "deputy", "assistant",
    "associate", "group", "global", "regional", "senior", "executive", "independent", "non-executive", "managing",
)  # fmt: skip
_POST, _QUALIFIER, _FIELD, _NOTHING = "post", "qualifier", "field", "nothing"


@dataclass(frozen=True, slots=True)
class PostData:
    """The file ``posts.yaml`` of a language: English names with the forms written for them.

    A form may give endings: ``Präsident|en|in``. ``posts`` are heads, ``qualifiers`` ranks and manners, ``fields``
    what a post is for. ``endings`` are heads that end a compound word. ``frames`` are heads with a field in the
    middle, as in ``首席*官``. ``nothing`` adds no meaning. ``joiners`` stand between two posts of one title.
    ``own_words`` says that unknown words are English and may stand in a key.
    """

    posts: dict[str, tuple[str, ...]]
    qualifiers: dict[str, tuple[str, ...]]
    joiners: tuple[str, ...]
    fields: dict[str, tuple[str, ...]] = field(default_factory=dict)
    endings: dict[str, tuple[str, ...]] = field(default_factory=dict)
    frames: dict[str, str] = field(default_factory=dict)
    nothing: tuple[str, ...] = ()
    words: bool = True
    own_words: bool = False


@dataclass(slots=True)
class _Table:
    """Folded forms with what they are; forms of several words by their first word, or strings by first character."""

    data: PostData
    forms: dict[str, list[tuple[str, str, str]]] = field(default_factory=dict)
    endings: dict[str, str] = field(default_factory=dict)
    joiner: re.Pattern[str] = re.compile("(?!)")
    frames: tuple[tuple[re.Pattern[str], str], ...] = ()


@dataclass(slots=True)
class _Parts:
    """A title taken apart."""

    heads: list[str] = field(default_factory=list)
    qualifiers: set[str] = field(default_factory=set)
    fields: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def canonical_post(text: str, lang: str) -> str:
    """Return the English key of a title, or the title itself, folded, where the tables do not know all of it."""
    return post_name(text, lang) or _fold(text)


def post_name(text: str, lang: str) -> str | None:
    """Return the English key of a title, None where the tables do not know all of it.

    Two posts in one title are joined with ``and``: ``chair and chief executive officer``.
    """
    table = _table(lang)
    if table is None:
        return None
    names = [_name(parts, table) for parts in _split(text, table)]
    known = [name for name in names if name]
    return " and ".join(dict.fromkeys(known)) if known and len(known) == len(names) else None


def is_interim(text: str, lang: str) -> bool:
    """Tell whether a title says that the post is held for the time being."""
    table = _table(lang)
    if table is None:
        return False
    return any(not parts.qualifiers.isdisjoint(_INTERIM) for parts in _split(text, table))


def _split(text: str, table: _Table) -> list[_Parts]:
    """Take a title apart into its posts; a joiner between two fields of one post is none."""
    folded = _BRACKETS.sub("", _fold(text))
    several = [_parts(part, table) for part in table.joiner.split(folded) if part.strip()]
    return several if all(parts.heads for parts in several) else [_parts(table.joiner.sub(" ", folded), table)]


def _name(parts: _Parts, table: _Table) -> str | None:
    if parts.unknown and not table.data.own_words:
        return None
    qualifiers = sorted(parts.qualifiers, key=_rank)
    if not parts.heads:
        return " ".join(qualifiers) if qualifiers and not parts.fields and not parts.unknown else None
    heads = list(dict.fromkeys(parts.heads))
    about = " ".join(dict.fromkeys([*parts.fields, *parts.unknown]))
    name = " and ".join(" ".join([*qualifiers, head]) for head in heads)
    return f"{name} of {about}" if about else name


def _rank(qualifier: str) -> tuple[int, str]:
    return (_ORDER.index(qualifier) if qualifier in _ORDER else len(_ORDER), qualifier)


def _parts(text: str, table: _Table) -> _Parts:
    parts = _Parts()
    found = _by_words(text, table) if table.data.words else _by_characters(text, table)
    for kind, name in found:
        if kind == _POST:
            parts.heads.append(name)
        elif kind == _QUALIFIER:
            parts.qualifiers.add(name)
        elif kind == _FIELD:
            parts.fields.append(name)
        elif kind != _NOTHING:
            parts.unknown.append(name)
    return parts


def _by_words(text: str, table: _Table) -> Iterator[tuple[str, str]]:
    """Yield what each word, or the longest listed run of words, is; an unknown word has the kind ``""``."""
    at = 0
    while match := _WORD.search(text, at):
        framed = next(((m, name) for p, name in table.frames if (m := p.match(text, match.start()))), None)
        for form, kind, name in table.forms.get(match.group().rstrip("."), ()):
            if framed is not None and len(form) < len(framed[0].group()):
                yield _POST, framed[1].replace("*", framed[0][1])
                at = framed[0].end()
                break
            if text.startswith(form, match.start()) and not text[match.start() + len(form) :][:1].isalnum():
                yield kind, name
                at = match.start() + len(form)
                break
        else:
            yield from _compound(match.group().rstrip("."), table)
            at = match.end()


def _compound(word: str, table: _Table) -> Iterator[tuple[str, str]]:
    """Yield the head a compound ends in and the field or qualifier before it, or the word as unknown."""
    for cut in range(2, len(word) - 3):
        if word[cut:] not in table.endings:
            continue
        first = word[:cut]
        for stem in (first, first.removesuffix("s"), f"{first}e", f"{first}en"):
            listed = [(k, n) for form, k, n in table.forms.get(stem, ()) if form == stem and k != _POST]
            if listed:
                yield listed[0]
                yield _POST, table.endings[word[cut:]]
                return
    yield "", word


def _by_characters(text: str, table: _Table) -> Iterator[tuple[str, str]]:
    """Yield what the longest listed strings are, from left to right; what lies between has the kind ``""``."""
    at, unknown = 0, ""
    while at < len(text):
        framed = next(((m, name) for p, name in table.frames if (m := p.match(text, at))), None)
        listed = next(((f, k, n) for f, k, n in table.forms.get(text[at], ()) if text.startswith(f, at)), None)
        if listed is None and framed is None:
            unknown += text[at]
            at += 1
            continue
        if unknown.strip():
            yield "", unknown.strip()
        unknown = ""
        if framed is not None and (listed is None or framed[0].end() - at > len(listed[0])):
            inner = [(k, n) for k, n in _by_characters(framed[0][1], table)]
            if len(inner) == 1 and inner[0][0] == _FIELD:
                yield _POST, framed[1].replace("*", inner[0][1])
            else:
                yield "", framed[0].group()
            at = framed[0].end()
        else:
            assert listed is not None
            yield listed[1], listed[2]
            at += len(listed[0])
    if unknown.strip():
        yield "", unknown.strip()


@cache
def _table(lang: str) -> _Table | None:
    path = find(lang, "posts.yaml")
    if not path.is_file():
        return None
    data = read_as(path, PostData)
    table = _Table(data)
    groups = ((_POST, data.posts), (_QUALIFIER, data.qualifiers), (_FIELD, data.fields), (_NOTHING, {"": data.nothing}))
    for kind, names in groups:
        for name, entries in names.items():
            for form in (*_spelled(entries), *((name,) if data.own_words and kind != _NOTHING else ())):
                start = _first_word(form) if data.words else form[0]
                table.forms.setdefault(start, []).append((form, kind, name))
    for listed in table.forms.values():
        listed.sort(key=_form_length, reverse=True)
    table.endings = {form: name for name, entries in data.endings.items() for form in _spelled(entries)}
    spaced = [rf"\s{re.escape(j)}\s" if j.isalnum() and data.words else re.escape(j) for j in data.joiners]
    table.joiner = re.compile("|".join(spaced))
    filling = r"([a-z&]+(?:\s[a-z&]+){0,2}?)" if data.words else "(.{1,10}?)"
    table.frames = tuple((re.compile(re.escape(f).replace(r"\*", filling)), n) for f, n in data.frames.items())
    return table


def _first_word(form: str) -> str:
    match = _WORD.match(form)
    return match.group().rstrip(".") if match else form


def _form_length(entry: tuple[str, str, str]) -> int:
    return len(entry[0])


def _spelled(entries: tuple[str, ...]) -> Iterator[str]:
    for entry in entries:
        stem, *endings = entry.split("|")
        for ending in ("", *endings):
            yield _fold(stem + ending)


def _fold(text: str) -> str:
    """Fold case, width and white space; hyphens become spaces."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    return " ".join(re.sub(r"[-‐‑–]", " ", folded).split())
