"""For pack authors: `reportgen new-pack` and `check-pack`.

`inspection` starts a pack from the files in starter/, and finds what is missing, wrong or unused
in one; `usage` reads what the templates and formulas of a pack name.
"""
