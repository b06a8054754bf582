"""Load: find the files of a project, read them with positions, hold them to the schema."""
