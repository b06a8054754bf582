"""Reading: documents that others wrote, as headings, paragraphs and tables with their places.

`opening` says what a file is and calls its reader: `docx`, `pdf`, `html` or `text`.
"""
