"""Normalising what the text says: the dates of moves, the names of posts."""

from claimtrail.normalise.stage import Normalise

__all__ = ["Normalise"]
