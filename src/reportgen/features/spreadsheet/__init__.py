"""Spreadsheets both ways: read them into the facts of a year, write a report as a workbook.

The package stands above the flow: reading ends in files that `load` has to accept, writing begins
with the draft of a report.

- In: `grid` is a sheet of cells with exact numbers, and reads workbooks; `sheet_files` says what
  a file is and reads it as sheets; `tables` are those that a sheet may be about, `year_tables`
  those of a year by its schema; `structure` finds the header and says what each row is, `labelled`
  gathers values that stand with their labels, as in forms, and turns a sheet whose fields stand
  down its side; `orientation` takes the way that fits, `titles` reads
  what stands above; `matching` says what is asked for and which
  sheet is for which table; `amounts` reads numbers, `cells` what they become, `rows` matches lines
  to rows, `edits` writes them into the YAML; `importing` plans the whole.
- Out: `layout` gives each figure its cell; `formulas` translates what is worked out, `printed` what
  is printed of it; `workbook` writes cells and files; `forms` are the sheets as printed;
  `exporting` adds those of the ledger behind them and makes the whole.
- To fill in and back: `fill_layout` is what a workbook to fill in holds, `fill_sheets` makes it
  from the tables of a year, `filling` adds what is worked out beside and makes the whole,
  `fill_workbook` writes it; `fill_record` is what it records of itself and how it is read when it
  comes back, `fill_import` plans what that changes.
"""
