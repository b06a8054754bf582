"""What people do with reports beside building them. Features stand on the flow, none knows another.

Drafting: `drafting` starts years and units and keeps files in their usual form; `preview` shows
pages while one types; `spreadsheet` goes to Excel and back. Asking: `explain` answers where a
number comes from, `diff` what changed, `provenance_check` which commit builds a file, `doctor` what
is installed. Many reports at once: `batch` makes them, `overview` compares them. For pack authors:
`packs`. Drafting together: `repository` makes one outside that of the program, brings its packs up
to date and merges data files. Files of others: `audit` tells reviewers what disagrees in them,
`adopt` makes one the start of a report. For the public: `site` makes pages of finished public
versions.
"""
