"""The PDF: the document as data, set by a Typst template into PDF/A-2a and PDF/UA-1.

`writer` hands Typst the document as plain `data`, its running text in lines that can be
broken, its tables made ready for pages by `forms`, and completes the `tags` of what comes back.
"""
