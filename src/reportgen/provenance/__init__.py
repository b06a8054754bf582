"""Where figures come from, in words: for notes beside them, for `explain` and for figures.json.

It stands below the stages and knows values of the model alone. `explanation` is all of it: the
equation of a figure, its note, the tree of what it is made of, what uses it, and figures.json.
"""
