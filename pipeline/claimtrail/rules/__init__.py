"""Relations found by rules over analysed sentences."""
