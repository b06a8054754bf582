"""Load: find the files of a project, read them with positions, hold them to the schema.

- Reading: `files` is the door to the disk, `edited` the same before a change is saved;
  `characters` are what no file may hold; `yaml` gives `nodes`, and `slips` what was mistyped.
- Schema: `schema` and `section` for data, `reports` and `publication`, `packs`, `charts`,
  `rules`, `scoring` and `disclosure`; `fields`, `leaves`, `free` and `ids` are kinds of values,
  `shape` what governs which part, `jsonschema` what editors are told.
- Together: `reading` and `validate` give values or findings, `flatten` facts by key, `rulebook`
  rules of several files, `edition` the frames, `project` a whole report.
- Left over: `unread` files, and what is `unconfirmed` in a new year.
"""
