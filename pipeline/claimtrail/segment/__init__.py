"""Segmenting: stretches of one language and kind, and the sentences in them."""
