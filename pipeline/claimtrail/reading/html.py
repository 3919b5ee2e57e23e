"""The article of a web page: its headline, its text and its date."""

from __future__ import annotations

import logging
import re
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass

from claimtrail.reading.dates import record_date

_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_:-]{2,30})""", re.IGNORECASE)
_DATE_PLACES = (
    "//meta[@property='article:published_time']/@content",
    "//meta[@itemprop='datePublished']/@content",
    "//meta[@name='date' or @name='pubdate' or @name='publishdate' or @name='dc.date']/@content",
    "//time[@itemprop='datePublished' or @pubdate]/@datetime",
    "//article//time/@datetime",
)
# What no XML may hold; the library fails on some of it.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Below this the library most likely took a caption for the article.
_LEAST_ARTICLE = 40


@dataclass(frozen=True, slots=True)
class Article:
    """The text of an article, headline first, and its ISO date (``""`` if the page names none)."""

    text: str
    date: str


def declared_encoding(data: bytes) -> str:
    """Return the encoding that the page names in its head, ``""`` without one."""
    match = _CHARSET.search(data[:4096])
    return match[1].decode("ascii") if match else ""


def read_article(page: str) -> Article:
    """Return the article of a page; the text is empty if the page holds none."""
    # Imported here: it takes most of a second, and few runs read HTML.
    from lxml import etree  # type: ignore[import-untyped]  # noqa: PLC0415
    from lxml import html as lxml_html  # noqa: PLC0415
    from trafilatura import extract  # noqa: PLC0415

    # It would report every page without an article on stderr; the caller gets the reason instead.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        # As bytes, since lxml refuses a string that declares an encoding.
        tree = lxml_html.document_fromstring(
            _NO_XML.sub(" ", page).encode("utf-8", "replace"),
            parser=lxml_html.HTMLParser(encoding="utf-8", huge_tree=True),
        )
    except (etree.ParserError, ValueError):
        return Article(text="", date="")
    title = _headline(tree)
    # The library works on the tree it is given, so each attempt gets a copy.
    body = extract(deepcopy(tree), include_comments=False, include_tables=False, deduplicate=False) or ""
    for attempt in (_baseline_text, _plain_text):
        if len(body) < _LEAST_ARTICLE:
            # A reference such as &#1; stands for a character that the library cannot write back.
            with suppress(ValueError):
                plain = attempt(deepcopy(tree))
                body = plain if len(plain) > len(body) else body
    body = body.strip()
    if title and title not in body[: len(title) + 200]:
        body = f"{title}\n\n{body}" if body else title
    return Article(text=body, date=_date(tree))


def _baseline_text(tree: object) -> str:
    from trafilatura import baseline  # noqa: PLC0415

    return str(baseline(tree)[1] or "")


def _plain_text(tree: object) -> str:
    from trafilatura import html2txt  # noqa: PLC0415

    return str(html2txt(tree) or "")


def _headline(tree: object) -> str:
    for place in ("//article//h1", "//h1", "//title"):
        for node in tree.xpath(place):  # type: ignore[attr-defined]
            words = " ".join(node.text_content().split())
            if words:
                return words
    return ""


def _date(tree: object) -> str:
    for place in _DATE_PLACES:
        for value in tree.xpath(place):  # type: ignore[attr-defined]
            found = record_date(str(value))
            if found:
                return found
    return ""
