"""For pack authors: `reportgen new-pack` and `check-pack`.

`inspection` starts a pack from the files in starter/, and finds what is missing, wrong or unused
in one; `usage` reads what the templates and formulas of a pack name. `form_pack` starts one from a
blank Word form: `blank_cells` finds what is empty in its tables, `blanks` what its texts leave
open, and `labels` knows the keys of what forms call things.
"""
