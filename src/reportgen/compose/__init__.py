"""Compose: fill the pack's body and forms with what is disclosed, giving one Document.

In this order: `document` goes along the outline. A template is read by `syntax` and rendered in
one strict `environment`: it sees a `view` of the ledger, prints by `filters` and `sums`, and what
it prints are `tokens`; its lines carry their places. `body` reads the Markdown and numbers its
headings, `forms` reads tables with their `pictures`, `charts` makes the appendix of what is drawn.
A report that is a form comes from `form_sheets`, once or for each row: `word_forms` fills a Word
file at its tags, `word_blocks` reads it back, its tables by `word_cells`; `word_tags` holds its
tags to the same filters and strictness. `errors` says what went wrong. `blank` composes a pack
without facts, keys in their place, for documents of others to be held to.
"""
