"""What a run tells other programs while it goes on: lines of JSON on standard error."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from claimtrail.runner import Progress

_EVERY = 5.0  # seconds between two lines of progress


class JsonLog:
    """Writes events with their time (UTC); without ``wanted`` it writes nothing.

    The events are ``start``, ``progress``, ``failed`` (a text), ``refused``, ``broken_off``, ``stopped`` and ``end``.
    """

    def __init__(self, wanted: bool) -> None:
        """Begin now."""
        self._wanted = wanted
        self._began = self._told = time.monotonic()

    def tell(self, event: str, **fields: Any) -> None:
        """Write an event."""
        if self._wanted:
            now = datetime.now(UTC).isoformat(timespec="milliseconds")
            typer.echo(json.dumps({"time": now, "event": event} | fields), err=True)

    def progress(self, progress: Progress) -> None:
        """Write a text that failed, and every few seconds how far the run is."""
        last = progress.last
        if last.state == "failed":
            self.tell("failed", doc=last.doc, reason=last.reason)
        now = time.monotonic()
        if now - self._told < _EVERY and progress.done < progress.total:
            return
        self._told = now
        spent = max(now - self._began, 1e-9)
        done = progress.done - progress.done_before
        left = (progress.total - progress.done) * spent / done if done and progress.total else None
        self.tell(
            "progress",
            bytes=progress.done,
            bytes_total=progress.total,
            texts=progress.texts,
            mentions=progress.mentions,
            texts_per_second=round((progress.texts - progress.texts_before) / spent, 2),
            seconds_left=None if left is None else round(left, 1),
        )
