"""The date of a document: given, in the record, in the file's name, or on a line of its own."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

_FIRST_LINES = 15
_SEPARATED = r"(?P<year>(?:19|20)\d\d)(?P<sep>[-/.])(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})"
_CJK = r"(?P<year>(?:19|20)\d\d)\s?年\s?(?P<month>\d{1,2})\s?月\s?(?P<day>\d{1,2})\s?[日号號]"
_ALONE = tuple(re.compile(rf"{form}(?:[T\s]+\d\d?:\d\d(?::\d\d)?Z?)?") for form in (_SEPARATED, _CJK))
_AT_START = tuple(re.compile(rf"\s*{form}(?!\d)") for form in (_SEPARATED, _CJK))
_COMPACT = re.compile(r"(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)(?!\d)")
_IN_NAME = re.compile(
    r"(?<![0-9A-Za-z])(?P<year>(?:19|20)\d\d)(?P<sep>[-_.]?)(?P<month>\d\d)(?P=sep)(?P<day>\d\d)(?![0-9A-SU-Za-z])"
)
_PARTIAL = re.compile(r"(?P<year>(?:19|20)\d\d)(?:-(?P<month>\d\d))?(?:-(?P<day>\d\d))?")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９－／：．", "0123456789-/:.")


def option_date(value: str) -> str:
    """Return a date given by the user, ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``.

    Raises:
        ValueError: it is none of these, or no day of the calendar.
    """
    match = _PARTIAL.fullmatch(value.strip())
    if match:
        try:
            date(int(match["year"]), int(match["month"] or 1), int(match["day"] or 1))
            return match[0]
        except ValueError:
            pass
    raise ValueError(f"{value!r} is no date; write YYYY-MM-DD, YYYY-MM or YYYY")


def record_date(value: object) -> str:
    """Return the ISO date of a record's field, ``""`` if it holds none.

    Understood are ISO dates and times, ``2024/8/6``, ``20240806``, ``2024年8月6日``, mail dates and Unix time.
    """
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, int | float):
        return _unix_date(float(value))
    if not isinstance(value, str):
        return ""
    text = value.strip().translate(_FULL_WIDTH)
    for form in (*_AT_START, _COMPACT):
        match = form.match(text)
        if match:
            return _iso(match)
    if _PARTIAL.fullmatch(text):
        try:
            return option_date(text)
        except ValueError:
            return ""
    try:
        return parsedate_to_datetime(text).date().isoformat()
    except ValueError:
        return ""


def file_date(name: str) -> str:
    """Return the date in a file's name, as in ``2024-08-06-news.txt`` or ``20240806_news.txt``, or ``""``."""
    match = _IN_NAME.search(name)
    return _iso(match) if match else ""


def text_date(text: str) -> str:
    """Return the date that stands alone on one of the first lines, or ``""``."""
    lines = (line.strip() for line in text[:8000].splitlines())
    for line in [line for line in lines if line][:_FIRST_LINES]:
        for form in _ALONE:
            match = form.fullmatch(line.translate(_FULL_WIDTH)) if len(line) < 40 else None
            if match and _iso(match):
                return _iso(match)
    return ""


def _unix_date(seconds: float) -> str:
    if seconds > 1e11:
        seconds /= 1000
    # Smaller numbers are years, counts or days, not times.
    if not 1e8 < seconds < 4e9:
        return record_date(str(int(seconds))) if 1900 <= seconds < 2100 or 19000101 <= seconds < 21000101 else ""
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()


def _iso(match: re.Match[str]) -> str:
    try:
        return date(int(match["year"]), int(match["month"]), int(match["day"])).isoformat()
    except ValueError:
        return ""
