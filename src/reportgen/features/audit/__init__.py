"""Audit: what disagrees in a document that somebody else wrote, without a pack.

`auditing` runs all of it on a reading. Numbers of the text are `statements`, those of tables
`table_numbers`; a `comparisons` value says what a number is by others. `ratios`, `sums`,
`repeated`, `tables` and, for the year before, `against` make them; `mistyped` says how a number was
mistyped, `disagreements` makes findings.
What needs no computing is told by `scores`, `structure`, `wording`, `names` and `disclosure`.
`key_figures` reads out what the document is, and the figures by which it is compared with others.
`files` runs it over files; `page`, `word_comments` and `workbook` write what it found.
"""
