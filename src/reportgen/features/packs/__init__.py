"""For pack authors: `reportgen new-pack` and `check-pack`.

`inspection` starts a pack from the files in starter/, and finds what is missing, wrong or unused in
one. `usage` reads what its templates name, `template_rows` which tables they go over, and
`formula_names` what its formulas name and do, all as `names`. `sample_report` builds the pack on
facts that `made_up` makes up, and tells what is wrong then; `prescribed_points`
holds its points to their total.

`form_pack` starts one from a blank Word form: `blank_cells` finds what is empty in its tables,
`blanks` what its texts leave open.
"""
