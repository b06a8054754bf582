"""Drafting: changes the files that authors keep, with their comments, order and written digits.

`rollover` begins a year with the files of the last, with `rollover_text` for one file. `start`
begins a unit from a pack, with `skeleton` for what is to be filled in. `binding` writes references
where numbers were typed, `waiving` exceptions and `confirming` what offices stand for, both with
their values. Where a part of a line changes, the editor of YAML texts
(`reportgen.project.yaml_editor`) changes it.
"""
