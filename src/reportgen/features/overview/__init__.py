"""The overview of many reports: scores, rates, findings and stages, by unit, year and peer group.

`values` holds what an overview says, `words` how it is called in two languages; `peers` holds
reports to their peers and to the years before.
"""
