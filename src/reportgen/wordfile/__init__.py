"""Word files as others made them: read only, within the limits, with places that a person can see.

`package` opens the file and finds its parts that hold text; `part` gives each of them as a tree
whose elements know where they stand in the bytes; `paragraphs` joins the runs of a paragraph to
its text and says where it stands (表1 第5行第3列); `tables` reads a table as a grid of cells,
`numbering` counts the paragraphs that Word numbers by itself.

`tags` reads the tags in a text and `notations` what other programs write instead; `blocks` follows
what opens and closes, and `diagnosis` tells all that is wrong with the tags of a file. `filling`
puts tags into a file that has none. `cutting` cuts a part at the tags of a form, without what no
report may publish, and `carried` tells what that is and what a file cannot do without.
"""
