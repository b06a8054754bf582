"""Derive: work out every figure of a report from its facts by the rules of its pack.

`ledger` does it for the year and those before, `working` for one: `jobs` are what there is to
work out, `naming` what it is called, `circles` what cannot be; `shaping` gives a value its
printed form. `scoring` is points by rule, `scores` those of a sheet; `typed` compares a number
that somebody typed in place of one.
"""
