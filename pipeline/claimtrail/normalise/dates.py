"""Dates: finding date expressions by patterns kept as data, and resolving them against the date of a document."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

from claimtrail.data import DataError, find, read_as
from claimtrail.document import When
from claimtrail.literals import Index, key, needed, numbers_in

PAST, FUTURE = "past", "future"
_FULL_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")
_HAN_NUMERALS = ("〇零○", "一", "二两兩", "三", "四", "五", "六", "七", "八", "九")
_HAN_DIGITS = {char: digit for digit, chars in enumerate(_HAN_NUMERALS) for char in chars}
_HAN_TENS = {"十": 10, "百": 100}
_HAN_SHORT = (("廿", "二十"), ("卅", "三十"), ("元", "一"))
_PLACE = re.compile(r"\{([a-z]+)\}")
_PARTS = ("year", "yy", "ey", "era", "month", "mm", "day", "weekday", "number", "unit")
_UNITS = ("day", "week", "month", "year")
_FIRST_YEAR, _LAST_YEAR = 1800, 2100


@dataclass(frozen=True, slots=True)
class DateRule:
    """One way to write a date.

    ``pattern`` is a regular expression with the places ``{year}``, ``{yy}`` (two digits), ``{era}`` and ``{ey}``
    (its year), ``{month}`` (a name), ``{mm}`` (digits), ``{day}``, ``{weekday}``, ``{number}`` and ``{unit}``; in
    scripts with spaces a space stands for any one white space. What it does not name is taken from the date of the
    document, or with ``base: text`` from the date named before: moved by ``years``, ``months``, ``weeks`` and
    ``days``, or by number and unit times ``sign``. ``month`` and ``day`` are fixed values. ``precision`` cuts the
    result. ``direction`` says on which side of the document's date it lies. ``none`` marks what only looks like a
    date. ``case`` keeps the case of letters. ``example`` must be found whole, or what it has in square brackets.
    """

    id: str
    pattern: str
    example: str
    years: int | None = None
    months: int | None = None
    weeks: int | None = None
    days: int | None = None
    sign: int = 0
    month: int = 0
    day: int = 0
    base: str = "document"
    precision: str = ""
    direction: str = ""
    none: bool = False
    case: bool = False


@dataclass(frozen=True, slots=True)
class Roles:
    """Patterns that tell what a date beside them dates; none of them is the date of a move.

    ``before`` and ``after`` are matched against the sentence up to and from the expression.
    """

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DateData:
    """The file ``dates.yaml`` of a language.

    ``parts`` gives the regular expressions of the number places; the other tables map written forms to numbers.
    ``other`` is for dates of states, tenures and births; ``said`` for the day of saying something; ``clause``
    patterns separate clauses, and past ``closed`` patterns a date reaches no further. ``sealed`` patterns stand for
    clauses that keep their date: they are searched in the sentence up to the trigger, with ``DATE`` for the date.
    ``owned`` patterns, searched between a trigger and a date behind it, stand for clauses whose own move has the date.
    ``past`` and ``future`` are the signs of tense beside a trigger, the nearer of which tells on which side of the
    document's date it lies; ``over`` for what stands beside moves that the text looks back on. ``effective`` patterns
    are found in sentences that say when a decision takes effect. ``begins``
    patterns stand beside a date on which a move told before it begins, whatever stands between.
    """

    parts: dict[str, str]
    months: dict[str, int]
    weekdays: dict[str, int]
    units: dict[str, str]
    rules: tuple[DateRule, ...]
    numbers: dict[str, int] = field(default_factory=dict)
    eras: dict[str, int] = field(default_factory=dict)
    words: bool = True
    other: Roles = field(default_factory=Roles)
    said: Roles = field(default_factory=Roles)
    clause: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    sealed: tuple[str, ...] = ()
    owned: tuple[str, ...] = ()
    past: tuple[str, ...] = ()
    future: tuple[str, ...] = ()
    over: Roles = field(default_factory=Roles)
    effective: tuple[str, ...] = ()
    begins: Roles = field(default_factory=Roles)


@dataclass(frozen=True, slots=True)
class DateExpression:
    """A date as written, taken apart; nothing is resolved.

    Parts that are not written are 0 (``weekday`` -1, 0 is Monday); shifts that are not meant are None.
    """

    start: int
    end: int
    rule: str
    year: int = 0
    short_year: bool = False
    month: int = 0
    day: int = 0
    weekday: int = -1
    years: int | None = None
    months: int | None = None
    weeks: int | None = None
    days: int | None = None
    base: str = "document"
    precision: str = ""
    direction: str = ""

    @property
    def of_a_day(self) -> bool:
        """Tell whether it names a day or a week, as dates of saying something do."""
        return bool(self.day) or self.weekday >= 0 or self.days is not None or self.weeks is not None

    @property
    def needs_text(self) -> bool:
        """Tell whether it is counted on from a date that the text must have named."""
        return self.base == "text" and any(n for n in (self.years, self.months, self.weeks, self.days))


@dataclass(frozen=True, slots=True)
class _Compiled:
    patterns: tuple[str, ...]  # one for each rule
    index: Index  # tells which of them may match a text
    rules: tuple[DateRule, ...]
    tables: dict[str, Callable[[str], int | None]]
    units: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Base:
    """The date that others are counted from; ``month`` and ``day`` are 0 where it does not say them."""

    year: int
    month: int
    day: int

    @property
    def whole(self) -> date | None:
        """Return the day, if it is one."""
        return date(self.year, self.month, self.day) if self.day else None


def find_dates(text: str, lang: str, start: int, end: int) -> list[DateExpression]:
    """Return the date expressions in ``text[start:end]``, in order, without overlap; durations are none."""
    compiled = _compiled(lang)
    found = []
    if compiled is None:
        return []
    for index, match in _matches(compiled, text, start, end):
        rule = compiled.rules[index]
        expression = None if rule.none else _expression(match, index, rule, compiled)
        if expression is not None:
            found.append(expression)
    return found


def _matches(compiled: _Compiled, text: str, start: int, end: int) -> Iterator[tuple[int, re.Match[str]]]:
    """Yield the matches of any rule with its number, in order, without overlap; of two at one place the first rule's.

    That is what one pattern of all rules finds, but of most rules a text has no word.
    """
    following: dict[int, re.Match[str]] = {}
    waiting = list(numbers_in(compiled.index.may_match(key(text[start:end]))))
    at = start
    while True:
        for number in waiting:
            match = _regex(compiled.patterns[number]).search(text, at, end)
            if match is not None:
                following[number] = match
        if not following:
            return
        first = min(following, key=lambda number: (following[number].start(), number))
        match = following[first]
        yield first, match
        at = max(match.end(), match.start() + 1)
        waiting = [number for number, other in following.items() if other.start() < at]
        for number in waiting:
            del following[number]


@cache
def _regex(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def resolve(
    expression: DateExpression, document_date: str, anchor: str | None = None, *, direction: str | None = None
) -> When | None:
    """Return the date that an expression means, as precisely as it says, or None if that cannot be known.

    ``document_date`` and ``anchor`` (the date named before) are ISO, whole or partial, or empty. ``direction``
    (``past`` or ``future``) is the side of the document's date on which the dated event lies, if known; without it
    a date that lacks its year is the nearest one.
    """
    base = _base(anchor if expression.base == "text" else document_date)
    parts = _resolved(expression, base, expression.direction or direction or "")
    if parts is None:
        return None
    year, month, day = parts
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    if expression.precision == "year":
        month = day = 0
    elif expression.precision == "month":
        day = 0
    if day and not (month and day <= calendar.monthrange(year, month)[1]):
        return None
    if day:
        return When(expression.start, expression.end, f"{year:04}-{month:02}-{day:02}", "day")
    if month:
        return When(expression.start, expression.end, f"{year:04}-{month:02}", "month")
    return When(expression.start, expression.end, f"{year:04}", "year")


def _base(value: str | None) -> _Base | None:
    if not value:
        return None
    year, month, day = [*(int(p) for p in value.split("-")), 0, 0][:3]
    return _Base(year, month, day)


def _resolved(expression: DateExpression, base: _Base | None, direction: str) -> tuple[int, int, int] | None:
    """Return year, month and day, 0 where unknown."""
    if expression.weekday >= 0 and not expression.year and not expression.month:
        return _weekday(expression, base, direction)
    if expression.days is not None or expression.weeks is not None:
        return _moved_by_days(expression, base)
    if expression.months is not None:
        if base is None or not base.month:
            return None
        count = base.year * 12 + base.month - 1 + expression.months
        return count // 12, count % 12 + 1, expression.day
    year = expression.year
    if expression.years is not None:
        if base is None:
            return None
        year = base.year + expression.years
    elif year and expression.short_year:
        year = _full_year(year, base)
    if year:
        return year, expression.month, expression.day
    if base is None:
        return None
    if expression.month:
        return _nearest_year(expression, base, direction)
    if expression.day:
        return _nearest_month(expression, base, direction)
    return None


def _full_year(short: int, base: _Base | None) -> int:
    """Return the year of two digits: not more than ten years ahead of the document."""
    limit = (base.year if base else 2030) + 10
    return max(year for year in range(1900 + short, limit + 100, 100) if year <= limit)


def _weekday(expression: DateExpression, base: _Base | None, direction: str) -> tuple[int, int, int] | None:
    today = base.whole if base else None
    if today is None:
        return None
    if expression.weeks is not None:
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=expression.weeks)
        return _split(monday + timedelta(days=expression.weekday))
    ahead = (expression.weekday - today.weekday()) % 7
    if direction == FUTURE:
        return _split(today + timedelta(days=ahead or 7))
    return _split(today - timedelta(days=(7 - ahead) % 7 or (7 if expression.direction == PAST else 0)))


def _moved_by_days(expression: DateExpression, base: _Base | None) -> tuple[int, int, int] | None:
    """Move a day by days, or find the month that holds a whole week."""
    today = base.whole if base else None
    if today is None:
        return None
    if expression.weeks is None:
        return _split(today + timedelta(days=expression.days or 0))
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=expression.weeks)
    sunday = monday + timedelta(days=6)
    return (monday.year, monday.month, 0) if monday.month == sunday.month else None


def _split(day: date) -> tuple[int, int, int]:
    return day.year, day.month, day.day


def _nearest_year(expression: DateExpression, base: _Base, direction: str) -> tuple[int, int, int] | None:
    """Choose the year of a month, or of a day of a month, by the side on which it lies."""
    if not base.month:
        return None

    def place(year: int, month: int, day: int) -> int:
        return year * 372 + (month - 1) * 31 + day

    by_day = bool(base.day and expression.day)
    here = place(base.year, base.month, base.day if by_day else 0)
    distances = []
    for year in (base.year - 1, base.year, base.year + 1):
        distance = place(year, expression.month, expression.day if by_day else 0) - here
        if (direction == PAST and distance > 0) or (direction == FUTURE and distance < 0):
            continue
        distances.append((abs(distance), year))
    return min(distances)[1], expression.month, expression.day


def _nearest_month(expression: DateExpression, base: _Base, direction: str) -> tuple[int, int, int] | None:
    """Choose the month of a day of the month by the side on which it lies."""
    if not base.month:
        return None
    count = base.year * 12 + base.month - 1
    if base.day:
        distance = expression.day - base.day
        if direction == PAST and distance > 0:
            count -= 1
        elif direction == FUTURE and distance < 0:
            count += 1
        elif not direction and abs(distance) > 15:
            count += -1 if distance > 0 else 1
    return count // 12, count % 12 + 1, expression.day


def _expression(match: re.Match[str], index: int, rule: DateRule, compiled: _Compiled) -> DateExpression | None:
    """Turn a match into an expression, or None where its numbers are no date."""
    values: dict[str, int] = {}
    for part in _PARTS:
        written = _group(match, index, part)
        if not written:
            continue
        if part == "unit":
            continue
        value = compiled.tables[part](written)
        if value is None:
            return None
        values[part] = value
    year = values.get("year", values.get("yy", values.get("ey", 0)))
    if "era" in values:
        year += values["era"]
    month, day = values.get("month", values.get("mm", rule.month)), values.get("day", rule.day)
    if month > 12 or day > 31 or 0 in (values.get("month"), values.get("mm"), values.get("day")):
        return None
    shifts = {"year": rule.years, "month": rule.months, "week": rule.weeks, "day": rule.days}
    precision = rule.precision
    if rule.sign:
        unit = compiled.units[_fold(_group(match, index, "unit"))]
        amount = rule.sign * values["number"]
        if unit == "week":  # weeks are counted by the day and told by the month
            shifts["day"], precision = amount * 7, precision or "month"
        else:
            shifts[unit] = amount
    return DateExpression(
        match.start(),
        match.end(),
        rule.id,
        year=year,
        short_year="yy" in values,
        month=month,
        day=day,
        weekday=values.get("weekday", -1),
        years=shifts["year"],
        months=shifts["month"],
        weeks=shifts["week"],
        days=shifts["day"],
        base=rule.base,
        precision=precision,
        direction=rule.direction,
    )


def _group(match: re.Match[str], index: int, part: str) -> str:
    """Return what stands in a place of the rule that matched; a pattern may have a place twice, in alternatives."""
    names = (f"r{index}_{part}", f"r{index}_{part}_2")
    return next((match[n] for n in names if n in match.re.groupindex and match[n]), "")


def number(written: str, words: dict[str, int] | None = None) -> int | None:
    """Read a number: digits of any width, Chinese numerals by place or by tens, or a listed word."""
    text = written.translate(_FULL_WIDTH)
    if text.isascii() and text.isdigit():
        return int(text)
    if words and _fold(text) in words:
        return words[_fold(text)]
    if all(c in _HAN_DIGITS for c in text):
        return int("".join(str(_HAN_DIGITS[c]) for c in text))
    total, digit = 0, -1
    for short, full in _HAN_SHORT:
        text = text.replace(short, full)
    for char in text:
        if char in _HAN_DIGITS:
            digit = _HAN_DIGITS[char]
        elif char in _HAN_TENS:
            total += (1 if digit < 0 else digit) * _HAN_TENS[char]
            digit = -1
        else:
            return None
    return total + max(digit, 0)


def _fold(word: str) -> str:
    return " ".join(word.casefold().rstrip(".").split())


@cache
def date_data(lang: str) -> DateData | None:
    """Return the date patterns of a language, None if it has none."""
    path = find(lang, "dates.yaml")
    return read_as(path, DateData) if path.is_file() else None


@cache
def _compiled(lang: str) -> _Compiled | None:
    data = date_data(lang)
    if data is None:
        return None
    words = {_fold(w): n for w, n in data.numbers.items()}
    tables = {
        "year": _numbers(words),
        "yy": _numbers(words),
        "ey": _numbers(words),
        "day": _numbers(words),
        "mm": _numbers(words),
        "number": _numbers(words),
        "month": _table(data.months),
        "weekday": _table(data.weekdays),
        "era": _table(data.eras),
    }
    units = {_fold(written): unit for written, unit in data.units.items()}
    if unknown := sorted(set(units.values()) - set(_UNITS)):
        raise DataError(f"{find(lang, 'dates.yaml')}: units: {', '.join(unknown)} is no unit")
    forms = dict(data.parts)
    for part, table in (("month", data.months), ("weekday", data.weekdays), ("unit", data.units), ("era", data.eras)):
        if part not in forms:
            forms[part] = "|".join(re.escape(w).replace(r"\ ", r"\s") for w in sorted(table, key=len, reverse=True))
    if data.numbers:
        listed = "|".join(re.escape(w).replace(r"\ ", r"\s") for w in sorted(data.numbers, key=len, reverse=True))
        forms["number"] = f"{forms['number']}|{listed}"
    alternatives = []
    for index, rule in enumerate(data.rules):
        flags = "-i" if rule.case else "i"
        written = rule.pattern.replace(" ", r"\s") if data.words else rule.pattern
        body = _PLACE.sub(_Places(index, forms, f"{lang}: {rule.id}"), written)
        alternatives.append(f"(?P<r{index}>(?{flags}:{body}))")
    edge = (r"(?<!\w)(?<!\d[.,/])", r"(?!\w)") if data.words else (r"(?<![0-9０-９])", "")
    patterns = tuple(f"{edge[0]}{alternative}{edge[1]}" for alternative in alternatives)
    border = r"\b" if data.words else ""
    probe = Index([needed(f"{border}{alternative}{border}", {}) for alternative in alternatives])
    return _Compiled(patterns, probe, data.rules, tables, units)


class _Places:
    """Puts the forms of a place into a pattern, as a group named after the rule."""

    def __init__(self, index: int, forms: dict[str, str], where: str) -> None:
        self._index, self._forms, self._where = index, forms, where
        self._seen: set[str] = set()

    def __call__(self, match: re.Match[str]) -> str:
        part = match[1]
        if part not in self._forms:
            raise DataError(f"{self._where}: there is no place {{{part}}}")
        again = "_2" if part in self._seen else ""
        self._seen.add(part)
        return f"(?P<r{self._index}_{part}{again}>{self._forms[part]})"


def _numbers(words: dict[str, int]) -> Callable[[str], int | None]:
    def read(written: str) -> int | None:
        return number(written, words)

    return read


def _table(table: dict[str, int]) -> Callable[[str], int | None]:
    folded = {_fold(w): n for w, n in table.items()}

    def read(written: str) -> int | None:
        return folded[_fold(written)] if _fold(written) in folded else number(written)

    return read
