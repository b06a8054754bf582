"""Derive: work out every figure of a report from its facts by the rules of its pack.

In this order: `ledger` does it for the year and those before. `tasks` are the figures there are
to derive, and what is said of formulas that need each other in a cycle; `points` gives points by
rule, `scores` the figures of a score sheet; `shaping` gives a value its printed form.
"""
