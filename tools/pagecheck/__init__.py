"""Looks at finished pages as a reader would, and tells what keeps them from being handed in.

`paper` reads a PDF: its characters, rules and tags. `tables` gives rows and cells of a page their
places. What may be wrong stands in `breaks` and `ink` for paper, in `web` for a browser; `examined`
is what they look at, `faults` the list of them.
`projects` finds the reports, those of example packs too, and has them built; `making` has their
pages set and looked at: Word files through LibreOffice, PDF, pages printed by Chromium.
`make pages` tells what there is; tests/pages holds it to a list.
"""
