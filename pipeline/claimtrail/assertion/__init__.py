"""How sure a text is of a move, and who says it."""

from claimtrail.assertion.stage import Assertion

__all__ = ["Assertion"]
