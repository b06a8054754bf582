"""Project: where the files of a project are, what stands in them, and what stood there before.

In this order:

- Files: `source_files` reads them from the disk, `layout` says where units, years, reports and
  packs are, and which reports a command is about; `foreign_files` reads what others made.
- TOML: `toml_files` reads a file of settings and says where in it something stands.
- YAML: `yaml_reader` reads a text into `yaml_nodes`, `syntax_hints` says what was mistyped.
- Changes: `yaml_editor` changes single values of a file and leaves the rest as its author wrote it,
  `saving` puts changed files in the place of the old ones; `packages` zips the parts of files.
- Templates: `bounded_templates` is the environment that all of them run in, `compiled` keeps their
  code; `jinja_messages` says what Jinja says of a faulty one in the words of a drafter.
- Machine: `extras` says which packages that one command needs are installed; `memory` whether
  something failed for want of it; `loopback` is the socket of a server that only this machine can
  ask.
- Past: `history` unpacks the project as it stood at a commit of git, `checkouts` those of other
  repositories, and keeps them.
"""
