"""Compose: fill the pack's body and forms with what is disclosed, giving one Document.

`document` goes along the outline. A template is read (`syntax`, `lines`, `compiled`) and rendered
in one strict `environment`: it sees a `view` of the ledger, prints by `filters` and `rows`, and
what it prints are `tokens`. `body` reads Markdown, `forms` tables, `charts` what is drawn,
`numbering` numbers headings. `errors` and `misread` say what went wrong.
"""
