"""Disclose: leave out what the audience may not see, before anything is composed (D8).

- Policies: `rulings` says which entry decides about a key; `policy` and `masks` refuse what
  would not hide.
- Taking out: `redact` of the ledger; `document` of what is composed, in `structure` (sections,
  forms), `lines` (columns, rows) and `keys`.
- Other words: `terms` finds them, `replace` puts others there by way of `rewrite` and `edit`;
  `leftovers` looks for halves and initials.
- Recovery (docs/recovery.md): `knowledge` is what readers have, in `statements` and by what is
  `printed`; `forms` are sums over figures, `intervals` what is known of one; `recovery` and
  `elimination` work out the rest, `wording` says how, `proposal` what to withhold as well.
"""
