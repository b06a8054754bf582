"""Load: read the files of a project, hold them to the schema, and give them as plain values.

In this order:

- Schema: `groups` says what a group of keys is and which one governs which part of a file,
  `fields` are the types of values, `schema` has the groups of data files, `disclosure`,
  `confirmations`, `rules` with `scoring`, and `packs` with `pack_figures` those of their own kinds
  of files, and the reading of each into values of the model. `jsonschema` tells them to editors.
- Reading: `reading` puts several files together and reads them as a group of the schema,
  `flatten` makes facts by key of what it gives, `columns` counts those of an author's own tables in
  the units of their columns, `second_sources` holds facts to approved totals and to their wholes,
  `offices` says which office fills in what.
- The looks of a pack: `frame_files` reads them, and tells what they load or carry.
- A form: `form_labels` knows the keys of what forms call things.
- A pack: `needs` says which tables, rows and columns of their own its reports have to bring.
- A report: `inputs` loads all that one report stands on, `unconfirmed` says what nobody has
  confirmed in a new year, `unfilled` what is still to be filled in.
- `formatting` is the usual form of files and of the keys in them, as `fmt` and `import` write it.
"""
