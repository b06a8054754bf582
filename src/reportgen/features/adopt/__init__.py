"""Adopt: last year's report, which somebody wrote by hand, becomes facts and texts of a pack.

`adoption` says what is asked for, what a cell or sentence gave, and what became of the whole.
"""
