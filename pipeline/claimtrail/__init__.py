"""claimtrail: who left, who joined and whose role changed, as claims with exact provenance.

As a step of another program::

    import claimtrail

    pipeline = claimtrail.load(languages=["de", "zh"])
    for doc in pipeline.pipe(texts):
        doc.claims

``claimtrail.load`` returns a ``Pipeline``, whose methods take texts, annotated documents and batches; what they give
goes into ``claimtrail.resolve``, which tells the moves of many texts once each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from claimtrail.records import ClaimRecord as ClaimRecord
    from claimtrail.records import DocumentRecord as DocumentRecord
    from claimtrail.records import MentionRecord as MentionRecord
    from claimtrail.steps.annotation import Annotation as Annotation
    from claimtrail.steps.api import Pipeline as Pipeline
    from claimtrail.steps.api import load as load
    from claimtrail.steps.api import resolve as resolve
    from claimtrail.steps.texts import Text as Text
    from claimtrail.steps.texts import TextClaims as TextClaims

__version__ = "0.1.0"

__all__ = [
    "Annotation",
    "ClaimRecord",
    "DocumentRecord",
    "MentionRecord",
    "Pipeline",
    "Text",
    "TextClaims",
    "__version__",
    "load",
    "resolve",
]

_HOMES = {
    "Annotation": "claimtrail.steps.annotation",
    "ClaimRecord": "claimtrail.records",
    "DocumentRecord": "claimtrail.records",
    "MentionRecord": "claimtrail.records",
    "Pipeline": "claimtrail.steps.api",
    "Text": "claimtrail.steps.texts",
    "TextClaims": "claimtrail.steps.texts",
    "load": "claimtrail.steps.api",
    "resolve": "claimtrail.steps.api",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that ``import claimtrail`` loads nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415 - the point of this function

    return getattr(import_module(_HOMES[name]), name)
