"""Claims and their evidence as lines and tables of a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from claimtrail.output.build import spans_of
from claimtrail.records import ClaimRecord, EntityRecord, MentionRecord, NamedSpan

# Characters that move the cursor, turn the writing round or end a line: a text must not steer the terminal.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
_STATUS_STYLES = {"actual": "green", "planned": "cyan", "possible": "yellow", "negated": "red"}
_SPAN_STYLES = {
    "when": "magenta",
    "role_from": "cyan",
    "role_to": "cyan",
    "org": "bold green",
    "person": "bold blue",
    "trigger": "bold underline",
}

TABLE_WIDTH = 110
"""A terminal as wide as this gets a table; a narrower one gets two lines a claim."""

_COLUMNS = ("relation", "person", "organisation", "post", "date", "status", "sure", "languages", "id")
_FIXED = {"relation": 11, "date": 10, "status": 8, "sure": 4, "languages": 11, "id": 12}
_SHARES = {"person": 0.34, "organisation": 0.36, "post": 0.30}
_SHORT_ID = 12
_GAP = "  "

FIELDS = (
    *("id", "relation", "person", "org", "role_from", "role_to", "manner", "status", "when"),
    *("confidence", "languages", "texts", "mentions"),
)
EVIDENCE_FIELDS = ("doc", "lang", "start", "end", "sentence", "trigger", "rule", "mention")


def clean(text: str) -> str:
    """Return text that is safe to show: on one line, and with control characters written out."""
    return _UNSAFE.sub(_written_out, text)


def _written_out(match: re.Match[str]) -> str:
    return " " if match[0] in "\t\n\r\u2028\u2029" else f"\\u{ord(match[0]):04x}"


def post_of(claim: ClaimRecord) -> str:
    """Return the posts of a claim in words: ``finance director → chief executive officer``."""
    before, after = _name(claim.role_from), _name(claim.role_to)
    return f"{before} → {after}" if before and after else after or (f"{before} →" if before else "")


def headline(claim: ClaimRecord) -> Text:
    """Return what a claim says in a line: relation, person, organisation and posts."""
    post = post_of(claim)
    line = Text(f"{claim.relation} ", style="bold")
    line.append(clean(claim.person.name), style="bold blue")
    line.append(" / ")
    line.append(clean(claim.org.name), style="bold green")
    if post:
        line.append(f" ({clean(post)})", style="cyan")
    return line


def attributes(claim: ClaimRecord, *, short: bool = True) -> Text:
    """Return a line with a claim's status, date, confidence, languages and id."""
    line = Text()
    line.append(claim.status, style=_STATUS_STYLES.get(claim.status, ""))
    if claim.when is not None:
        line.append(f"{_GAP}{claim.when.value}")
    line.append(f"{_GAP}{claim.confidence:.2f}{_GAP}{' '.join(claim.languages)}{_GAP}")
    line.append(_short(claim.id) if short else claim.id, style="dim")
    return line


def claim_lines(claims: Iterable[ClaimRecord], width: int, *, evidence: bool) -> Iterator[Text]:
    """Yield the lines that show claims in a terminal of ``width`` columns, as the claims come."""
    wide = width >= TABLE_WIDTH
    sizes = _sizes(width)
    for number, claim in enumerate(claims):
        if wide and number == 0:
            yield _row(_COLUMNS, sizes, styles={name: "bold" for name in _COLUMNS})
        if wide:
            yield _row(_cells(claim), sizes, styles={"status": _STATUS_STYLES.get(claim.status, ""), "id": "dim"})
        else:
            yield headline(claim)
            yield Text("  ") + attributes(claim)
        if evidence:
            for mention in claim.mentions:
                yield Text("    ") + source_line(mention)
                yield Text("    ") + marked_sentence(mention)
            yield Text()


def source_line(mention: MentionRecord) -> Text:
    """Return where a mention stands, and who is said by what."""
    line = Text(f"{clean(mention.doc)} ({mention.lang}) {mention.sentence.start}:{mention.sentence.end}", style="dim")
    for role, span in (("person", mention.person), ("organisation", mention.org)):
        said = _said_otherwise(span)
        if said:
            line.append(f"; {role} {said}")
    return line


def marked_sentence(mention: MentionRecord) -> Text:
    """Return the sentence of a mention with trigger, person, organisation, posts and date set off by styles."""
    start, end = mention.sentence.start, mention.sentence.end
    styles: list[str] = [""] * (end - start)
    found = {name: span for name, span in spans_of(mention) if name in _SPAN_STYLES}
    for name, style in _SPAN_STYLES.items():
        span = found.get(name)
        if span is not None and span.start is not None and span.end is not None:
            for place in range(max(span.start, start), min(span.end, end)):
                styles[place - start] = style
    line = Text()
    for character, style in zip(mention.sentence.text, styles, strict=False):
        line.append(clean(character), style=style)
    return line


def header(*, evidence: bool) -> str:
    """Return the first line of tab-separated claims."""
    return "\t".join((*FIELDS, *EVIDENCE_FIELDS) if evidence else FIELDS)


def separated(claim: ClaimRecord, *, evidence: bool) -> Iterator[str]:
    """Yield a claim as a tab-separated line; with evidence a line for each mention."""
    values = [
        claim.id,
        claim.relation,
        claim.person.name,
        claim.org.name,
        _name(claim.role_from),
        _name(claim.role_to),
        claim.manner or "",
        claim.status,
        claim.when.value if claim.when else "",
        f"{claim.confidence:.4f}",
        " ".join(claim.languages),
        str(len({mention.doc for mention in claim.mentions})),
        str(len(claim.mentions)),
    ]
    if not evidence:
        yield "\t".join(map(clean, values))
        return
    for mention in claim.mentions:
        place = [str(mention.sentence.start), str(mention.sentence.end)]
        words = [mention.sentence.text, mention.trigger.text, mention.rule, mention.id]
        yield "\t".join(map(clean, [*values, mention.doc, mention.lang, *place, *words]))


def batches(lines: Iterable[Text], size: int) -> Iterator[Text]:
    """Yield lines joined in groups, since a terminal takes few large pieces faster than many small ones."""
    stream = iter(lines)
    while group := list(islice(stream, size)):
        yield Text("\n").join(group)


def _name(entity: EntityRecord | None) -> str:
    return entity.name if entity is not None else ""


def _short(name: str) -> str:
    return name[:_SHORT_ID]


def _said_otherwise(span: NamedSpan) -> str:
    """Return how a name stands in the text, where it does not stand there itself."""
    if span.text is None:
        return f"{clean(span.name)}, by {span.resolved_by}"
    return f"“{clean(span.text)}” = {clean(span.name)}, by {span.resolved_by}" if span.text != span.name else ""


def _cells(claim: ClaimRecord) -> tuple[str, ...]:
    when = claim.when.value if claim.when else ""
    sure = f"{claim.confidence:.2f}"
    languages = " ".join(claim.languages)
    names = (claim.person.name, claim.org.name, post_of(claim))
    return claim.relation, *map(clean, names), when, claim.status, sure, languages, _short(claim.id)


def _sizes(width: int) -> list[int]:
    free = width - sum(_FIXED.values()) - len(_GAP) * (len(_COLUMNS) - 1)
    return [_FIXED.get(name) or int(free * _SHARES[name]) for name in _COLUMNS]


def _row(cells: Sequence[str], sizes: Sequence[int], *, styles: dict[str, str]) -> Text:
    line = Text(no_wrap=True)
    for name, cell, size in zip(_COLUMNS, cells, sizes, strict=True):
        last = name == _COLUMNS[-1]
        line.append(cell if last else fitted(cell, size), style=styles.get(name, ""))
        line.append("" if last else _GAP)
    return line


def fitted(cell: str, size: int) -> str:
    """Return a cell cut or filled up to so many columns, of which a wide character takes two."""
    if cell_len(cell) > size:
        cell = set_cell_size(cell, size - 1).rstrip() + "…"
    return set_cell_size(cell, size)
