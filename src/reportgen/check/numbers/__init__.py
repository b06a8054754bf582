"""Numbers typed by hand: where they stand in texts, what each is, and where a figure belongs.

`passages` are the texts that people wrote, in which `reportgen.language` finds numbers and those
that are no figures. `candidates` are the figures that a number may stand for, `meaning` says
whether its sentence speaks of one, `expressions` what to write in its place, `classify` what it
is: plain, allowed, a figure, stale, or without a source. `direction` holds 增长 and 下降 to the
signs of figures. `check` makes findings of it all.
"""
