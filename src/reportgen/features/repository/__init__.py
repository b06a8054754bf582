"""A repository to draft in, outside that of the program; and what git needs to merge its data.

`engine` is the program as a file that a repository can hold, and what ships with it: packs, what
they share, pins. `starting` makes a repository of it, and tells git of the merge driver; `updates`
brings its packs up to another engine.

The merge driver: `sides` is a data file as a merge sees it, `matching` says which items of three
files are one thing, `merging` puts them together.
"""
