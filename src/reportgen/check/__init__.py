"""Check: what must agree with what, and what a pack demands of the facts and of the document.

`required` asks for what a pack wants and tells what is blank, `facts` for the units that facts had
last year. `relations` compares sides that must agree, `evidence` says where they stand,
`likely_errors` which number is wrong.
`scoring` holds score sheets to their rules, `plausibility` notices what is hardly right,
`published` compares figures with what a text printed. Numbers typed into texts have a folder of
their own, `numbers`. `conform` compares the composed document with its pack, `characters` says
where those are typed that no font shows; `completeness` asks who signs it and when, and for what it
promises to attach, `table_units` for the units of its tables. `waivers` turns the findings that
authors know of into notes, `causes` says which follow from one thing.
"""
