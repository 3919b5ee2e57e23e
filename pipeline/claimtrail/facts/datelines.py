"""The date of a text: given with it, written at its head, or that of the sources that it cites."""

from __future__ import annotations

import re
from collections import Counter

from claimtrail.document import Document
from claimtrail.facts.layout import Layout
from claimtrail.facts.lexicon import Lexicon, compiled, lexicon

_HEAD_LINES = 8
_HEAD_CHARACTERS = 400
_REST = 28


def find_date(layout: Layout) -> tuple[str, str]:
    """Return the ISO date of a document and where it is from (``option``, ``record``, ``file``, ``text`` or ``""``)."""
    document = layout.document
    if document.record_date:
        return document.record_date, document.record_date_origin or "record"
    for words in _lexicons_of(document):
        for paragraph in layout.paragraphs[:_HEAD_LINES]:
            line = document.text[paragraph.start : paragraph.end]
            for pattern in words.dateline_alone:
                match = compiled(pattern).search(line)
                if match and len(line.strip()) - len(match.group()) <= _REST and not re.search(r"[。!?！？]", line):
                    value = _iso(match, words)
                    if value:
                        return value, "text"
        for pattern in words.dateline_anywhere:
            for match in compiled(pattern).finditer(document.text, 0, _HEAD_CHARACTERS):
                value = "" if _is_bracketed(document.text, match.start()) else _iso(match, words)
                if value:
                    return value, "text"
    return _date_of_sources(document)


def _date_of_sources(document: Document) -> tuple[str, str]:
    """Return the day of most of the sources that a text cites, the latest of equals: news is told at once."""
    days: Counter[str] = Counter()
    for words in _lexicons_of(document):
        for pattern in words.source_dates:
            days.update(value for match in compiled(pattern).finditer(document.text) if (value := _iso(match, words)))
    return (max(days, key=lambda day: (days[day], day)), "text") if days else ("", "")


def _is_bracketed(text: str, start: int) -> bool:
    """Say whether a bracket stands open before a date: then it is one of a life ('Anna Kern (3 May 1920 - …)')."""
    line = text[text.rfind("\n", 0, start) + 1 : start]
    return line.count("(") > line.count(")") or line.count("（") > line.count("）")


def _lexicons_of(document: Document) -> list[Lexicon]:
    langs = dict.fromkeys([document.lang, *(s.lang for s in document.sentences)])
    return [found for lang in langs if (found := lexicon(lang)) is not None]


def _iso(match: re.Match[str], words: Lexicon) -> str:
    groups = match.groupdict()
    month = groups["month"]
    number = int(month) if month.isdigit() else words.months.get(month, 0)
    year, day = int(groups["year"]), int(groups["day"])
    if not (1900 < year < 2100 and 1 <= number <= 12 and 1 <= day <= 31):
        return ""
    return f"{year:04d}-{number:02d}-{day:02d}"
