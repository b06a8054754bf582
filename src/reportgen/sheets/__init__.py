"""Spreadsheets both ways: read them into the facts of a year, write a report as a workbook.

The package stands above the stages, as the pipeline does: reading ends in files that `load` has
to accept, writing begins with what `derive` and `compose` have made.
"""
