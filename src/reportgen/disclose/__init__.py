"""Disclose: leaves out what an audience may not see, before anything is composed or written.

Read `rulings` first: which line of a policy decides about a key. `policy` checks a policy against
the ledger and the pack, `redact` takes what is kept back out of the ledger.

`document` redacts what was composed from that ledger: it takes sections, forms and blocks out, by
way of `table_lines` single columns and rows; `replace` puts other words in the place of
terms, which `terms` finds, and `leftovers` looks for halves and initials of them.

What readers can work out all the same is the subject of `reportgen.inference`.
"""
