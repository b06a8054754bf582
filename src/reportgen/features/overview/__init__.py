"""The overview of many reports: scores, rates, findings and stages, by unit, year and peer group.

`values` holds what an overview says, `words` how it is called in two languages. `collecting` reads
folders of finished builds: which version of a report counts says `standing`, what its manifest
tells `entries`; `audited` takes files of others in. `peers` holds reports to their peers and to the
years before, `tables` writes it all as tables. For readers there is a `page`, whose `charts` say
what stands where, and a `workbook`, whose `sheets` have typed cells and charts; `listing` is the
order and the names of rows in both, `sentences` what both say.
"""
