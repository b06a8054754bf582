"""Reading: documents that others wrote, as headings, paragraphs and tables with their places.

`opening` asks `kinds` what a file is and calls its reader: `docx`, `pdf`, `html` or `text`.
A PDF is read in a process of its own, `pdf_process`; `page_parts` makes lines and tables of its
characters and rules, `page_breaks` joins what its pages cut.
"""
