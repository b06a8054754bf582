"""Writers: the one Document as Word, web page and PDF, in memory.

Begin with `writers`, the table of them; what an author can put right is one of their `errors`.
The folders are `docx`, `html` and `pdf`. For Word and PDF `columns` are fitted to their texts,
`form_layout` says where pages may end, and `turned_pages` which way they lie. `fonts` says which
fonts the PDF gets, `glyphs` which characters of a document none of them shows, `typesetting` runs
Typst, and `charts` are drawn by it once for all formats.
"""
