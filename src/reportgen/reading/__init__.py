"""Reading: documents that others wrote, as headings, paragraphs and tables with their places.

`opening` asks `kinds` what a file is and calls its reader: `docx`, `pdf`, `html` or `text`.
Of a PDF, `page_parts` makes lines and tables of characters and rules, `page_breaks` joins what its
pages cut.
`properties` are what a file carries beside its text.
"""
