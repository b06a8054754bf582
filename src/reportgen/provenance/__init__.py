"""Where a figure comes from, down to file and line.

`explanation` lays a figure out as equation, tree, note and row of figures.json, and says where a
fact is printed and what is worked out from it.
"""
