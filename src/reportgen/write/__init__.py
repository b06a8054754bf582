"""Writers: the one Document as Word, web page and PDF, in memory.

`writers` is their table: the folders `docx` and `html`, and `pdf`, which takes the document as
`data` (`words`, `cells`, `forms`) and has it set by `typesetting` in `fonts` that are
`installed`. `charts` are drawn once for all.
"""
