"""Adopt: last year's report, which somebody wrote by hand, becomes facts and texts of a pack.

`adoption` says what is asked for, what a cell or sentence gave, and what became of the whole.

Of the running text, `headings` aligns what a document has with the outline of the pack, `texts`
parts it into narrative, what the pack prints (`printed_texts`) and the rest, `narrative` writes
the files of sections, and `bound_numbers` puts references where their numbers are facts.

Without a pack `new_pack` makes one that has the outline of the document, and `document_forms` makes
its tables forms of that.
"""
