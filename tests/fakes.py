"""Stages and texts for tests of the run: they need no model and find what a pattern finds."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from claimtrail.document import Argument, Document, Mention, Sentence, Span, State, Stretch, When
from claimtrail.engines.base import ModelInfo
from claimtrail.pipeline import Settings
from claimtrail.stage import Stage

_SENTENCE = re.compile(r"[^.\n]+\.?")
_CLAIM = re.compile(
    r"(?P<person>[A-Z]\w+ [A-Z]\w+) (?P<trigger>leaves|joins) (?P<org>[A-Z]\w+)(?: in (?P<when>\d{4}))?"
)


@dataclass(frozen=True)
class PatternStage:
    """Finds 'Ann Other leaves Firm in 2024'; raises, dies, waits or refuses on words that ask for it."""

    name: str = "pattern"
    requires: frozenset[str] = frozenset({"text"})
    provides: frozenset[str] = frozenset({"stretches", "sentences", "mentions"})

    def process(self, documents: Sequence[Document]) -> list[Document]:
        return [self._one(document) for document in documents]

    def _one(self, document: Document) -> Document:
        text = document.text
        if "RAISE" in text:
            raise ValueError("the stage was told to raise")
        if "DIE" in text:
            os.kill(os.getpid(), signal.SIGKILL)
        if "SLOW" in text:
            time.sleep(0.02)
        if "ELVISH" in text:
            return replace(document, state=State.UNSUPPORTED_LANGUAGE, reason="Elvish is not read here", lang="qya")
        sentences = tuple(Sentence(m.start(), m.end(), "en") for m in _SENTENCE.finditer(text))
        mentions = []
        for number, sentence in enumerate(sentences):
            for match in _CLAIM.finditer(text, sentence.start, sentence.end):
                mentions.append(
                    Mention(
                        relation="LEAVES" if match["trigger"] == "leaves" else "JOINS",
                        sentence=number,
                        trigger=Span(*match.span("trigger")),
                        rule=f"en/{match['trigger']}/test",
                        person=Argument(*match.span("person"), name=match["person"]),
                        org=Argument(*match.span("org"), name=match["org"]),
                        when=When(*match.span("when"), match["when"], "year") if match["when"] else None,
                        confidence=0.9,
                        steps=("found by the pattern of the tests",),
                    )
                )
        return replace(
            document,
            lang="en",
            stretches=(Stretch(0, len(text), "en"),),
            sentences=sentences,
            mentions=tuple(mentions),
            engines=(("en", "fake"),),
            models=(("en", "en_fake 1"),),
        )


def build(settings: Settings) -> list[Stage]:
    """Return the stages of a run without models."""
    return [PatternStage()]


@dataclass(frozen=True)
class RaisingStage(PatternStage):
    """Raises on every text."""

    def process(self, documents: Sequence[Document]) -> list[Document]:
        raise ValueError("this stage always raises")


def build_raising(settings: Settings) -> list[Stage]:
    """Return a stage that fails on every text it is given."""
    return [RaisingStage()]


def die_once(marker: str, settings: Settings) -> list[Stage]:
    """Die while getting ready, but for the first time only; the marker is a file that remembers it."""
    if not Path(marker).exists():
        Path(marker).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return build(settings)


def refuse(settings: Settings) -> list[Stage]:
    """Fail to get ready."""
    raise RuntimeError("no model could be loaded")


def describe(settings: Settings) -> dict[str, ModelInfo]:
    """Return the models of a run without models."""
    return {"en": ModelInfo("fake", "en", "en_fake", "1")}
