"""Direct speech and letters quoted whole: where they are and who speaks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from claimtrail.document import Quotation, Reference, Span
from claimtrail.facts.anaphora import Found
from claimtrail.facts.layout import Layout, Role
from claimtrail.facts.lexicon import Kind, Lexicon, compiled, ends_with, starts_with

_CLOSING = {"„": '“”"', "“": '”"', "«": "»", "»": "«", "「": "」", "『": "』", '"': '"', "‚": "‘’"}
_OPENING = re.compile(f"[{''.join(_CLOSING)}]")
_OPENING_OR_SINGLE = re.compile(f"[{''.join(_CLOSING)}‘']")
_SENTENCE_END = re.compile(r"[.!?。！？…](?=[\s”“\"」』»«)）]|$)")
_WINDOW = 160
_FIRST = frozenset({Kind.FIRST, Kind.FIRST_POSSESSIVE})
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_MAX_GAP = 3
_LONG = 1500


@dataclass(frozen=True, slots=True)
class Marked:
    """A stretch between quotation marks, the marks included; ``speech`` says that it reads like a sentence."""

    start: int
    end: int
    speech: bool


def find_marked(layout: Layout, first_person: Sequence[Found]) -> list[Marked]:
    """Find the stretches between quotation marks; a mark left open reaches to the end of its paragraph."""
    found: list[Marked] = []
    for paragraph in layout.paragraphs:
        begin = max(paragraph.start, found[-1].end if found else 0)
        words = layout.lexicon_at(paragraph.start)
        single = words is not None and words.speech.single_marks
        for span in _marks(layout.document.text, Span(begin, paragraph.end), single):
            found.append(Marked(span.start, span.end, _speech_like(layout, span, first_person)))
    return found


def _single_opens(text: str, at: int, paragraph: Span) -> bool:
    before = text[at - 1] if at > paragraph.start else " "
    following = text[at + 1 : at + 2]
    return (before.isspace() or before in '([—–-:“"') and (following.isalpha() or following in "…")


def _single_close(text: str, at: int, end: int) -> int | None:
    """Find the closing single mark: one after punctuation if there is one, as an apostrophe looks the same."""
    closing = "’" if text[at] == "‘" else "'"
    likely = None
    for place in range(at + 2, end):
        if text[place] != closing or text[place + 1 : place + 2].isalnum():
            continue
        if text[place - 1] in ".,!?…—":
            return place + 1
        likely = likely or place + 1
    return likely


def _marks(text: str, paragraph: Span, single: bool) -> list[Span]:
    spans: list[Span] = []
    at = paragraph.start
    opening = _OPENING_OR_SINGLE if single else _OPENING
    while (found := opening.search(text, at, paragraph.end)) is not None:
        at = found.start()
        mark = text[at]
        opens = mark in _CLOSING and not (mark == "»" and _word_before(text, at, paragraph))
        if single and mark in "‘'" and _single_opens(text, at, paragraph):
            end = _single_close(text, at, paragraph.end)
            if end is not None:
                spans.append(Span(at, end))
                at = end
                continue
        if not opens:
            at += 1
            continue
        end = _close(text, at, paragraph.end) or (_close_later(text, at, paragraph.end) if mark in "「“„«" else None)
        if end is None:
            left_open = mark in '„“「«»"' and paragraph.end - at > 30 and at - paragraph.start < 3
            if left_open:
                spans.append(Span(at, paragraph.end))
                break
            at += 1
            continue
        spans.append(Span(at, end))
        at = end
    return spans


def _word_before(text: str, at: int, paragraph: Span) -> bool:
    return at > paragraph.start and (text[at - 1].isalnum() or text[at - 1] in ".,!?…")


def _close(text: str, at: int, end: int) -> int | None:
    opening, closing = text[at], _CLOSING[text[at]]
    depth = 0
    for place in range(at + 1, end):
        if text[place] == opening and opening not in closing:
            depth += 1
        elif text[place] in closing:
            if depth == 0:
                return place + 1
            depth -= 1
    return None


def _close_later(text: str, at: int, paragraph_end: int) -> int | None:
    """Find the closing mark in one of the next lines, unless another quotation opens before it."""
    limit = min(len(text), paragraph_end + _LONG)
    end = _close(text, at, limit)
    if end is None or (text[at] != "「" and text[at] in text[paragraph_end : end - 1]):
        return None
    return end


def _speech_like(layout: Layout, span: Span, first_person: Sequence[Found]) -> bool:
    inner = layout.document.text[span.start + 1 : span.end - 1].strip()
    if any(span.start <= f.start < span.end for f in first_person):
        return True
    words = layout.lexicon_at(span.start)
    spaced = words is not None and words.words
    long_enough = len(inner.split()) >= 5 if spaced else len(_CJK.findall(inner)) >= 14
    return long_enough or (inner[-1:] in ".!?。！？…," and (len(inner.split()) >= 3 if spaced else len(inner) >= 6))


@dataclass(frozen=True, slots=True)
class Speakers:
    """Finds who speaks, given the persons named and pointed at in the text, and the organisations, which speak too."""

    layout: Layout
    people: Sequence[Reference]
    organisations: Sequence[Reference]

    def of(self, quotations: Sequence[Marked]) -> list[Quotation]:
        """Return the stretches that are direct speech, each with its speaker where one is told."""
        answers: list[Quotation] = []
        for index, marked in enumerate(quotations):
            before = quotations[index - 1].end if index else 0
            after = quotations[index + 1].start if index + 1 < len(quotations) else len(self.layout.document.text)
            told = self._told(marked, before, after)
            if told is None and marked.speech:
                told = self._carried(marked, answers) or self._around(marked)
            if marked.speech or (told is not None and self._as_speech(marked)):
                answers.append(Quotation(marked.start, marked.end, told or ""))
        return self._fill(answers)

    def _as_speech(self, marked: Marked) -> bool:
        """Say whether a few words between marks are still direct speech: after a colon, or with a quoting particle."""
        words = self.layout.lexicon_at(marked.start)
        if words is not None and starts_with(words.speech.particle, self.layout.document.text, marked.end):
            return True
        return self.layout.document.text[max(0, marked.start - 3) : marked.start].rstrip()[-1:] in (":", "：")

    def _told(self, marked: Marked, earlier_end: int, later_start: int) -> str | None:
        words = self.layout.lexicon_at(marked.start)
        if words is None:
            return None
        text = self.layout.document.text
        paragraph = self.layout.paragraphs[max(self.layout.paragraph_at(marked.start), 0)]
        closes = text[max(marked.start, marked.end - 3) : marked.end]
        stop = min(later_start, paragraph.end, marked.end + _WINDOW)
        ends = _SENTENCE_END.search(text, marked.end, stop)
        after = Span(marked.end, ends.end() if ends else stop)
        begin = max(earlier_end, paragraph.start, marked.start - _WINDOW)
        for match in _SENTENCE_END.finditer(text, begin, marked.start):
            begin = match.end()
        before = Span(begin, marked.start)
        introduced = text[before.start : before.end].rstrip()[-1:] in ":：,，はとで、"
        verb_after = compiled(words.speech.verbs).search(text, after.start, after.end)
        verb_before = compiled(words.speech.verbs).search(text, before.start, before.end)
        near = [p for p in self.people if before.start <= p.start and p.end <= before.end]
        if near and marked.speech and compiled(words.speech.label).fullmatch(text[near[-1].end : marked.start]):
            return near[-1].entity
        if not words.words:
            return self._told_unspaced(before, after, verb_before is not None, verb_after is not None, introduced)
        if verb_after is not None and verb_after.start() - after.start < 90 and (ends is None or closes[-2:-1] != ":"):
            speaker = self._person(after, prefer_near=verb_after.start())
            if speaker is not None:
                return speaker
        inverted = compiled(r"[\s,]*[a-zäöüß]+\s").match(text, after.start, after.end)
        if inverted and marked.speech:
            near = [p for p in self.people if after.start <= p.start < after.start + 60 and p.end <= after.end]
            if near and self._speaks(near[0]):
                return near[0].entity
        if verb_before is not None or text[before.start : before.end].rstrip()[-1:] == ":":
            limit = before.end if verb_before is None else verb_before.end() + 3
            return self._person(before, prefer_near=before.end, starts_by=limit)
        return None

    def _told_unspaced(
        self, before: Span, after: Span, verb_before: bool, verb_after: bool, introduced: bool
    ) -> str | None:
        if introduced and (verb_before or verb_after):
            speaker = self._person(before, prefer_near=before.end, topic=True)
            if speaker is not None:
                return speaker
            if self._organisation_speaks(before):
                return ""
        if verb_after:
            speaker = self._person(after, prefer_near=after.start, topic=True)
            if speaker is not None:
                return speaker
            return self._person(before, prefer_near=before.end, topic=True)
        return None

    def _speaks(self, person: Reference) -> bool:
        words = self.layout.lexicon_at(person.start)
        if words is not None and ends_with(words.speech.according, self.layout.document.text, person.start):
            return True
        return self.layout.role(person.start, person.end) not in (Role.POSSESSOR, Role.OBLIQUE)

    def _person(
        self, window: Span, *, prefer_near: int, topic: bool = False, starts_by: int | None = None
    ) -> str | None:
        inside = [
            p
            for p in self.people
            if window.start <= p.start and p.end <= window.end and (starts_by is None or p.start <= starts_by)
        ]
        if not inside:
            return None
        leading = [p for p in inside if self.layout.role(p.start, p.end) in (Role.TOPIC, Role.SUBJECT)]
        if topic and leading:
            topics = [p for p in leading if self.layout.role(p.start, p.end) is Role.TOPIC] or leading
            return topics[-1 if prefer_near == window.end else 0].entity
        clear = leading or [p for p in inside if self._speaks(p)]
        if not leading and self._organisation_speaks(window):
            return None
        if not clear:
            return None

        def distance(person: Reference) -> int:
            return min(abs(person.start - prefer_near), abs(person.end - prefer_near))

        return min(clear, key=distance).entity

    def _organisation_speaks(self, window: Span) -> bool:
        return any(
            window.start <= o.start < window.end and self.layout.role(o.start, o.end) in (Role.TOPIC, Role.SUBJECT)
            for o in self.organisations
        )

    def _carried(self, marked: Marked, earlier: Sequence[Quotation]) -> str | None:
        """Take the speaker of the quotation before, in the same paragraph, when nobody else comes between."""
        if not earlier or not earlier[-1].speaker:
            return None
        last = earlier[-1]
        same = self.layout.paragraph_at(last.start) == self.layout.paragraph_at(marked.start)
        others = {p.entity for p in self.people if last.end <= p.start < marked.start} - {last.speaker}
        return last.speaker if same and not others else None

    def _around(self, marked: Marked) -> str | None:
        """Fall back on the subject of the sentence after, or before, within the paragraph or the one next to it."""
        text, words = self.layout.document.text, self.layout.lexicon_at(marked.start)
        if words is None:
            return None
        paragraph = self.layout.paragraphs[max(self.layout.paragraph_at(marked.start), 0)]
        stop = min(paragraph.end, marked.end + 70)
        ends = _SENTENCE_END.search(text, min(marked.end + 1, stop), stop)
        window = Span(marked.end, ends.end() if ends else stop)
        subjects = [
            p
            for p in self.people
            if window.start <= p.start < window.end and self.layout.role(p.start, p.end) in (Role.TOPIC, Role.SUBJECT)
        ]
        if subjects:
            return subjects[0].entity
        previous = [p for p in self.people if paragraph.start <= p.start and p.end <= marked.start]
        here = self.layout.sentence_at(marked.start)
        near = [p for p in previous if 0 <= here - self.layout.sentence_at(p.start) <= 2]
        leading = [p for p in near if self.layout.role(p.start, p.end) in (Role.TOPIC, Role.SUBJECT)]
        if leading:
            return leading[-1].entity
        return near[-1].entity if near else None

    def _fill(self, quotations: Sequence[Quotation]) -> list[Quotation]:
        """Give a quotation without a speaker the one told later in the same paragraph, when there is only one."""
        filled = []
        for quotation in quotations:
            if quotation.speaker:
                filled.append(quotation)
                continue
            place = self.layout.paragraph_at(quotation.start)
            same = {q.speaker for q in quotations if q.speaker and self.layout.paragraph_at(q.start) == place}
            filled.append(replace(quotation, speaker=same.pop()) if len(same) == 1 else quotation)
        return filled


@dataclass(frozen=True, slots=True)
class Letters:
    """Finds letters and posts that a text quotes whole, without quotation marks around them."""

    layout: Layout
    people: Sequence[Reference]
    marked: Sequence[Marked]
    first_person: Sequence[Found]

    def find(self) -> list[Quotation]:
        """Return the letters with their speakers; paragraphs from the introduction on until the voice returns."""
        paragraphs = self.layout.paragraphs
        found: list[Quotation] = []
        at = 0
        while at < len(paragraphs):
            letter = self._letter_after(at)
            if letter is None:
                within = self._letter_within(at)
                found += [within] if within is not None else self._unmarked_speech(at)
                at += 1
                continue
            found.append(letter)
            at = self.layout.paragraph_at(letter.end - 1) + 1
        return found

    def _outside(self, position: int) -> bool:
        return not any(m.start <= position < m.end for m in self.marked)

    def _voice(self, span: Span, words: Lexicon) -> bool:
        return any(
            self._outside(m.start())
            for m in compiled(words.speech.voice).finditer(self.layout.document.text, span.start, span.end)
        )

    def _first(self, span: Span) -> bool:
        return any(span.start <= f.start < span.end and self._outside(f.start) for f in self.first_person)

    def _letter_after(self, at: int) -> Quotation | None:
        paragraphs, text = self.layout.paragraphs, self.layout.document.text
        words = self.layout.lexicon_at(paragraphs[at].start)
        if words is None or at + 1 >= len(paragraphs):
            return None
        line = text[paragraphs[at].start : paragraphs[at].end].rstrip(" *_\r")
        if not compiled(rf"(?:{words.speech.letter})\Z").search(line[-200:]):
            return None
        opening = next((i for i in range(at + 1, min(at + 4, len(paragraphs))) if self._first(paragraphs[i])), None)
        # 'I shared this note:' introduces a letter of the writer's own, which is no quotation.
        if opening is None or self._first(paragraphs[at]):
            return None
        speaker = self._introducer(paragraphs[at])
        if not speaker:
            return None
        last = opening
        gap = 0
        for i in range(opening + 1, len(paragraphs)):
            if self._names_in_third_person(paragraphs[i], speaker) and not self._first(paragraphs[i]):
                break
            here = self.layout.lexicon_at(paragraphs[i].start)
            if here is not None and self._voice(paragraphs[i], here):
                last, gap = i, 0
                continue
            gap += 1
            if gap > _MAX_GAP:
                break
        return Quotation(paragraphs[at + 1].start, paragraphs[last].end, speaker)

    def _introducer(self, paragraph: Span) -> str:
        inside = [p for p in self.people if paragraph.start <= p.start < paragraph.end]
        if inside:
            leading = [p for p in inside if self.layout.role(p.start, p.end) in (Role.TOPIC, Role.SUBJECT)]
            owner = [p for p in inside if self.layout.role(p.start, p.end) is Role.POSSESSOR]
            return (leading or owner or inside)[-1].entity
        here = self.layout.sentence_at(paragraph.start)
        before = [p for p in self.people if p.end <= paragraph.start and here - self.layout.sentence_at(p.start) <= 4]
        leading = [p for p in before if self.layout.role(p.start, p.end) in (Role.TOPIC, Role.SUBJECT)]
        return (leading or before)[-1].entity if before else ""

    def _names_in_third_person(self, paragraph: Span, speaker: str) -> bool:
        text = self.layout.document.text
        return any(
            p.entity == speaker
            and paragraph.start <= p.start < paragraph.end
            and text[p.start - 1 : p.start] not in ("(", "（")
            and self._outside(p.start)
            for p in self.people
        )

    def _letter_within(self, at: int) -> Quotation | None:
        """Find a letter that follows a colon within its paragraph ('X schrieb: Ich verlasse …')."""
        paragraph, text = self.layout.paragraphs[at], self.layout.document.text
        words = self.layout.lexicon_at(paragraph.start)
        if words is None:
            return None
        for match in re.finditer(r"[:：]\s*(?=[^\s\"“„«»「『'‘])", text[paragraph.start : paragraph.end]):
            colon, begin = paragraph.start + match.start(), paragraph.start + match.end()
            sentence = self.layout.sentence_at(colon)
            start = max(paragraph.start, self.layout.document.sentences[sentence].start if sentence >= 0 else 0)
            for end in _SENTENCE_END.finditer(text, start, colon):
                start = end.end()
            people = [p for p in self.people if start <= p.start and p.end <= colon]
            if not people or not self._outside(colon) or self._first(Span(start, colon)):
                continue
            if not compiled(words.speech.verbs).search(text, start, colon) and colon - people[-1].end > 2:
                continue
            stop = self._voiced_end(begin, paragraph.end, words)
            if stop is not None:
                leading = [p for p in people if self.layout.role(p.start, p.end) in (Role.TOPIC, Role.SUBJECT)]
                return Quotation(begin, stop, (leading or people)[-1].entity)
        return None

    def _voiced_end(self, begin: int, end: int, words: Lexicon) -> int | None:
        """Return where the run of sentences in the first person ends, None when it does not begin with one."""
        text, stop, at = self.layout.document.text, None, begin
        while at < end:
            match = _SENTENCE_END.search(text, at, end)
            upto = match.end() if match else end
            if not self._first(Span(at, upto)):
                break
            stop, at = upto, upto
        return stop

    def _unmarked_speech(self, at: int) -> list[Quotation]:
        """Find direct speech whose marks were lost: 'Ich gehe, sagte der Minister.'"""
        paragraph, text = self.layout.paragraphs[at], self.layout.document.text
        words = self.layout.lexicon_at(paragraph.start)
        found: list[Quotation] = []
        if words is None or not words.speech.unmarked:
            return found
        for match in compiled(words.speech.unmarked).finditer(text, paragraph.start, paragraph.end):
            index = self.layout.sentence_at(match.start())
            start = self.layout.document.sentences[index].start if index >= 0 else paragraph.start
            if not self._outside(match.start()) or not self._first(Span(start, match.start())):
                continue
            people = [p for p in self.people if match.start() <= p.start < match.end() + 80]
            if people:
                stop = self._voiced_end(start, paragraph.end, words) or match.start()
                found.append(Quotation(start, max(stop, match.start()), people[0].entity))
        return found
