"""The expression language of rules: parsed and walked, never `eval`ed (design D3).

Metrics (derive) and relations (check) are written in it, so it belongs to neither stage.

`tokens` cuts a text, `parse` gives its parts (`syntax`), `evaluate` walks them over exact values
(`operand`), with row `filters`; `names` says what a name means, `lookup` finds it, `titles` and
`reading` say it in words; `faults` makes findings, `tolerance` is how far sides may differ.
"""
