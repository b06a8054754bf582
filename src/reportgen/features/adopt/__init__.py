"""Adopt: last year's report, which somebody wrote by hand, becomes facts and texts of a pack.

`adopting` does it, in the order in which it reads; `adoption` says what is asked for, what a cell
or sentence gave, and what became of the whole. Tables: `expected` are those of the pack, composed
without facts, `alignment` finds their rows in the document's, `cells` reads what stands at their
places by `patterns`, `facts` gives it keys (`schema_keys`), with the ids of rows that `row_ids`
knows. `checks` tell of another year or unit, of a value stated in two ways, of what is left.
`planning` makes the files of it: `fact_files` those of facts, in the lines of `fact_lines`,
`published_figures` that of what rules give, `needed_facts` leaves blanks for the rest.

Of the running text, `headings` aligns what a document has with the outline of the pack, `texts`
parts it into narrative, what the pack prints (`printed_texts`, and `lists` for titles and numbered
items) and the rest. `sentence_lists` finds the rows that sentences count or sum up, `free_facts`
makes facts of the numbers that only sentences state. `narrative` writes the files of sections, and
`bound_numbers` puts references where their numbers are facts.

`by_pack` holds a document to a pack in the same way, for those who audit it.

Without a pack `new_pack` makes one: of the outline that `document_outline` finds, and of the tables
as forms that `document_forms` makes.
"""
