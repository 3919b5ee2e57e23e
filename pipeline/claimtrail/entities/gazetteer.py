"""The table of well-known organisations: exact look-up by name, and all its names in a text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from claimtrail.data import DataError, find, languages
from claimtrail.entities.lexicon import EntityRules, entity_rules
from claimtrail.entities.script import cuts_word, fold, glued, is_han, is_katakana, is_latin, lower

COLUMNS = ("id", "name", "type", "country", "en", "de", "zh_hans", "zh_hant", "ja")


@dataclass(frozen=True, slots=True)
class Organisation:
    """A line of the table. ``forms`` has the names by column (``en``, ``de``, ``zh_hans``, ``zh_hant``, ``ja``)."""

    key: str
    name: str
    kind: str
    country: str
    forms: tuple[tuple[str, tuple[str, ...]], ...]

    def names(self, columns: tuple[str, ...]) -> list[str]:
        """Return the names in these columns (``name`` for the usual English name), each once."""
        by_column = dict(self.forms)
        found = [self.name] if "name" in columns else []
        for column in columns:
            found += by_column.get(column, ())
        return list(dict.fromkeys(found))


class Match(NamedTuple):
    """A name of the table in a text. ``key`` is ``""`` where several organisations share the name.

    ``strong`` says that the name alone is enough; a weak one needs support from elsewhere.
    """

    start: int
    end: int
    key: str
    strong: bool


class _Form(NamedTuple):
    folded: str
    exact: str
    key: str
    weak: bool


@cache
def table() -> dict[str, Organisation]:
    """Return the table by id.

    Raises:
        DataError: a line has not the columns of the header, or an id stands twice.
    """
    path = find("organisations.tsv")
    lines = path.read_text("utf-8").splitlines()
    if tuple(lines[0].split("\t")) != COLUMNS:
        raise DataError(f"{path}: the header must be {', '.join(COLUMNS)}")
    found: dict[str, Organisation] = {}
    for number, line in enumerate(lines[1:], start=2):
        cells = line.split("\t")
        if len(cells) != len(COLUMNS) or cells[0] in found:
            raise DataError(f"{path}, line {number}: {len(COLUMNS)} cells and an id of its own are expected")
        forms = tuple((column, _names(cell)) for column, cell in zip(COLUMNS[4:], cells[4:], strict=True))
        found[cells[0]] = Organisation(cells[0], cells[1], cells[2], cells[3], forms)
    return found


def _names(cell: str) -> tuple[str, ...]:
    return () if cell == "-" else tuple(cell.split("|"))


def entry(key: str) -> Organisation:
    """Return the organisation with this id.

    Raises:
        KeyError: the table has no such id.
    """
    return table()[key]


@cache
def _by_name() -> dict[str, str]:
    """Map each folded name of any language to its id, or to ``""`` where it is shared."""
    found: dict[str, str] = {}
    for organisation in table().values():
        for name in organisation.names(("name", *COLUMNS[4:])):
            folded = _fold_name(name)
            found[folded] = organisation.key if found.get(folded, organisation.key) == organisation.key else ""
    usual = {organisation.key: _fold_name(organisation.name) for organisation in table().values()}
    bearers = Counter(usual.values())
    for key, folded in usual.items():  # a usual name outranks the other forms of others
        if not found[folded] and bearers[folded] == 1:
            found[folded] = key
    return found


def _fold_name(name: str) -> str:
    return _BETWEEN.sub("", fold(name)).casefold()


def key_of(name: str) -> str | None:
    """Return the id of the one organisation that goes by this name in any language, or None.

    A legal form or an article of any language may stand beside the name.
    """
    found = _by_name().get(_fold_name(name))
    if found is not None:
        return found or None
    bare = _beside_name().sub("", fold(name)).strip()
    return (_by_name().get(_fold_name(bare)) or None) if len(bare) > 1 else None


@cache
def _beside_name() -> re.Pattern[str]:
    """Return what may stand before and behind an organisation's name: articles and legal forms of all languages."""
    before, after = [], []
    for lang in languages():
        rules = entity_rules(lang)
        before += [re.escape(f"{article} ") for article in rules.articles]
        before += [re.escape(form) for form in rules.legal_forms_before]
        space = ",?[ ]" if rules.spaced else ""
        after += [space + re.escape(form) for form in rules.legal_forms_after]
    first, last = ("|".join(sorted(set(forms), key=_longest_first)) for forms in (before, after))
    return re.compile(rf"^(?:{first})|(?:{last})+$", re.IGNORECASE)


def _longest_first(form: str) -> tuple[int, str]:
    return -len(form), form


class Gazetteer:
    """Finds the names of the table in the texts of one language, longest first."""

    def __init__(self, rules: EntityRules) -> None:
        """Index the names that texts of the language use."""
        self._rules = rules
        self._inflections = [(re.compile(ending), forms) for ending, forms in rules.inflections.items()]
        weak = {fold(word) for word in rules.weak_organisation_names}
        self._known_words = frozenset((*rules.function_words, *rules.role_words))
        self._bared: set[str] = set()
        shared: dict[str, set[str]] = {}
        owners: dict[str, str] = {}
        for organisation in table().values():
            for name in organisation.names(tuple(rules.organisation_columns)):
                bare = self._bare(fold(name))
                if bare and " " not in bare:
                    weak.add(bare)
                if bare and name == organisation.name:
                    self._bared.add(bare)
                for variant in (*self._variants(fold(name)), *((bare,) if bare else ())):
                    shared.setdefault(variant, set()).add(organisation.key)
                    if name == organisation.name:
                        owners[variant] = organisation.key
        self._index: dict[str, list[_Form]] = {}
        for name, keys in shared.items():
            needs_support = name in weak or self._is_short(name, name in owners)
            form = _Form(lower(name), name, self._owner(keys, owners.get(name)), needs_support)
            self._index.setdefault(_head(form.folded), []).append(form)
        for forms in self._index.values():
            forms.sort(key=_by_length)

    def _owner(self, keys: set[str], usual: str | None) -> str:
        """Return whose name it is: the only one, the one usually called so, or the only one at home here; or ``""``."""
        if len(keys) == 1:
            return next(iter(keys))
        at_home = [key for key in sorted(keys) if entry(key).country in self._rules.countries]
        return usual or (at_home[0] if len(at_home) == 1 else "")

    def _bare(self, name: str) -> str:
        """Return a name without its article ('Der Standard'), or ``""``."""
        for article in self._rules.articles:
            if name.lower().startswith(f"{article} "):
                return name[len(article) + 1 :]
        return ""

    def _variants(self, name: str) -> Iterator[str]:
        """Yield a name with the endings that inflection gives it."""
        yield name
        for pattern, replacements in self._inflections:
            if pattern.search(name):
                for replacement in replacements:
                    yield pattern.sub(replacement, name)

    @staticmethod
    def _is_short(name: str, usual: bool) -> bool:
        """Say whether a name is so short that it needs support."""
        if is_latin(name[-1]) and name.isascii():
            letters = sum(map(str.isalpha, name))
            return letters < 3 or (letters == 3 and not usual)
        if all(is_katakana(char) for char in name):
            return len(name) < 3
        return False

    def find(self, text: str, start: int, end: int, bounds: frozenset[int] | None = None) -> list[Match]:
        """Return the names in ``text[start:end]``, in order and without overlap.

        ``bounds`` are offsets where tokens begin or end. A name in Chinese characters that does not lie on them is
        weak; without ``bounds`` all such names are.
        """
        folded = fold(text)
        return self.find_folded(folded, lower(folded), start, end, bounds)

    def find_folded(
        self, folded: str, lowered: str, start: int, end: int, bounds: frozenset[int] | None = None
    ) -> list[Match]:
        """Return the same for a text that is folded already, and lower-cased beside."""
        camel = {match.start() for match in _CAMEL.finditer(folded, start, end)}
        found: list[Match] = []
        done = start
        for unit in _UNIT.finditer(lowered, start, end):
            position = unit.start()
            word = unit.group()
            head = word if is_latin(word[0]) else lowered[position : position + 2]
            if position < done or (head not in self._index and position not in camel):
                continue
            match = self._at(folded, lowered, position, end, bounds)
            if match is not None:
                found.append(match)
                done = match.end
        return found

    def _at(self, text: str, lowered: str, position: int, end: int, bounds: frozenset[int] | None) -> Match | None:
        forms = self._index.get(_head(lowered[position : position + 40])) or self._glued(text, lowered, position)
        if not forms:
            return None
        weak: Match | None = None
        for form in forms:
            stop = position + len(form.folded)
            if stop > end or not lowered.startswith(form.folded, position):
                continue
            if not self._fits(text, position, stop, form):
                continue
            strong = not form.weak and self._alone(text, position, stop, form, bounds)
            first = self._without_article(text, position, stop)
            if strong:
                return Match(first, stop, form.key, True)
            weak = weak or Match(first, stop, form.key, False)
        return weak

    def _follows_name(self, text: str, start: int) -> bool:
        """Say whether a capitalised word that may be part of a name stands before: 'Harrison' Ford."""
        match = _WORD_BEFORE.search(text, max(0, start - 30), start)
        if match is None or match.group(1) in self._known_words:
            return False
        return not text[: match.start()].rstrip(" \"'(").endswith((".", "!", "?", "\n", ":")) and match.start() > 0

    def _glued(self, text: str, lowered: str, position: int) -> list[_Form]:
        """Return the names filed under a word to which another is glued: 'OpenAIMitbegründer'."""
        word = _CAMEL.match(text, position)
        if word is None:
            return []
        cuts = [at for at in range(position + 5, word.end() - 1) if glued(text, at)]
        return [form for at in cuts for form in self._index.get(lowered[position:at], ())]

    def _without_article(self, text: str, start: int, stop: int) -> int:
        """Return where a name begins behind an article in lower case."""
        for article in self._rules.articles:
            if text.startswith(f"{article} ", start, stop):
                return start + len(article) + 1
            if lower(text[start:stop]).startswith(f"{article} "):
                bare = start + len(article) + 1
                names = {form.exact for form in self._index.get(_head(lower(text[bare:stop])), ())}
                return bare if text[bare:stop] in names - self._bared else start
        return start

    @staticmethod
    def _fits(text: str, start: int, stop: int, form: _Form) -> bool:
        """Say whether the words begin and end with the name, and its capitals are as they may be."""
        if cuts_word(text, start):
            return False
        if cuts_word(text, stop):
            inner = len(form.exact) > 4 and any(char.isupper() for char in form.exact[1:])
            if not (inner and glued(text, stop) and text.startswith(form.exact, start)):
                return False
        written = text[start:stop]
        return written == form.exact or _same_capitals(written, form.exact)

    def _alone(self, text: str, start: int, stop: int, form: _Form, bounds: frozenset[int] | None) -> bool:
        """Say whether nothing around the name makes it part of another word or name."""
        before, after = text[start - 1 : start] or " ", text[stop : stop + 1]
        if text[start:stop] != form.exact and form.exact.isupper() and len(form.exact) < 4:
            return False
        if is_katakana(form.exact[0]) and before in ("·", "=") and start > 1 and is_katakana(text[start - 2]):
            return False
        if is_katakana(form.exact[-1]) and after in ("·", "=") and is_katakana(text[stop + 1 : stop + 2] or " "):
            return False
        if before == "-" and is_latin(form.exact[0]) and text[start - 2 : start - 1].islower():
            return text[max(0, start - 3) : start].lower() in ("ex-",)
        plain = is_latin(form.exact[0]) and " " not in form.exact and form.exact[1:].islower()
        if plain and not self._rules.nouns_capitalised and self._follows_name(text, start):
            return False
        if any(is_han(char) for char in form.exact):
            if len(form.exact) < 4 and "·" in text[max(0, start - 4) : start] + text[stop : stop + 4]:
                return False
            if after in self._rules.not_followed:
                return False
            if bounds is None or start not in bounds or stop not in bounds:
                return False
            odd = is_han(before) and start - 1 in bounds and before not in self._rules.joining_characters
            return not (odd and len(form.exact) < 3 and self._rules.joining_characters)
        return True


def _same_capitals(written: str, exact: str) -> bool:
    """Say whether a name in other capitals is still the name: 'openAI', 'UNICEF' for 'Unicef', not 'his co'."""
    if len(written) < 4 or not any(char.isupper() for char in written):
        return False
    if " " not in exact:
        return written[0].isupper() or not exact[0].isupper() or any(char.isupper() for char in written[1:])
    pairs = zip(written.split(" "), exact.split(" "), strict=True)
    return all(new[:1].isupper() or not old[:1].isupper() for new, old in pairs)


def _head(name: str) -> str:
    """Return what the index files a name under: its first Latin word, or its first two characters."""
    if name and is_latin(name[0]):
        match = _WORD.match(name)
        return match.group() if match else name[:2]
    return name[:2]


_WORD_BEFORE = re.compile(r"(?<![A-Za-zÀ-ɏ'-])([A-ZÀ-Þ][a-zà-ɏ-]+) \Z")
_BETWEEN = re.compile(r"[\s·\-']+")
_CAMEL = re.compile(r"[A-Z][a-z]*[A-Z][A-Za-zÀ-ɏ]+")
_UNIT = re.compile(r"[a-z0-9à-ɏḁ-ỿ]+|[^\W_a-z0-9à-ɏḁ-ỿ]")
_WORD = re.compile(r"[a-z0-9à-ɏḁ-ỿ]+")


def _by_length(form: _Form) -> tuple[int, str]:
    return -len(form.folded), form.exact


@cache
def gazetteer(lang: str) -> Gazetteer:
    """Return the finder for texts in this language; made on first use."""
    return Gazetteer(entity_rules(lang))
