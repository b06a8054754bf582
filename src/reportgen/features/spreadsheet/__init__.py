"""Spreadsheets both ways: read them into the facts of a year, write a report as a workbook.

The package stands above the stages, as the pipeline does: reading ends in files that `load` has
to accept, writing begins with what `derive` and `compose` have made.

- In: `importing` plans it. `workbook` opens a file as a `grid`, `heads` and `rows` say what its
  lines are, `targets` what they may go into; `intake` takes them by way of `cells`, `values` and
  `numerals`; `writing` puts them into YAML.
- Out: `exporting` makes it. `placing` gives each figure one of the `homes`, `excel` turns its
  formula (`parts`), `live` and `printing` what is printed; `forms` and `ledgers` are sheets of
  a `book`.
"""
