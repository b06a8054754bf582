"""Spreadsheets both ways: read them into the facts of a year, write a report as a workbook.

The package stands above the flow: reading ends in files that `load` has to accept, writing begins
with the draft of a report.

- In: `grid` opens a file as sheets of cells with exact numbers; `tables` are those of a year that
  a sheet may be about; `structure` finds the header and says what each row is; `cells` reads
  values, `rows` matches lines to rows and edits the YAML; `request` says what is asked for and what
  became of it; `importing` plans the whole.
- Out: `layout` gives each figure its cell; `formulas` translates what is worked out, `printed` what
  is printed of it; `workbook` writes cells and files; `forms` are the sheets as printed;
  `exporting` adds those of the ledger behind them and makes the whole.
"""
