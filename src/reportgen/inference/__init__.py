"""Inference: which withheld figures readers can work out from what is printed (docs/recovery.md).

Method and trade-offs are in docs/adr/009-recovery-by-equations.md. Read in this order:

- `linear_forms` is exact interval arithmetic, and formulas as sums over figures, found by
  evaluating them over numbers that trace where they come from.
- `printed` says what a reader knows of one figure: its print with what rounding leaves open, and
  which numbers of a document stand together.
- `equations` are figures and what ties them; it eliminates those that are no sums together.
- `linear_program` bounds a figure by all sums at once, and by products between their planes.
- `disclosed_facts` gathers the figures and equations of all reports that readers have.
- `recovery` says which withheld figures are given away by what follows, and by which steps.
- `proposals` finds the fewest further figures to withhold so that nothing follows.
- `coincidences` finds printed numbers that give a secret without any equation, unless by chance.
- `wording` writes the steps down as a reader would.
"""
