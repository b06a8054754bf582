"""Formulas: the expression language of rules, parsed and walked, never `eval`ed (ADR 005).

Metrics (derive) and relations (check) are written in it, so it belongs to neither stage.

`syntax` has the parts of a formula, which `parse` reads from its text. `operand` is exact
arithmetic with units. `names` says what a name means where it stands, `lookup` finds it in a
ledger, and makes a finding of what is wrong with a formula. `evaluate` walks a formula over these,
with the row `filters`. `reading` puts it in words. `indicators` reads the targets and results of
score sheets.
"""
