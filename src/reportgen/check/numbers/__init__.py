"""Numbers typed by hand: where they stand in texts, what each is, and where a figure belongs.

`passages` are the texts that people wrote, `scan` finds the numbers in one, `plain` knows dates
and the like, `candidates` the figures that one may stand for, `classify` says what it is,
`expression` what to write instead, `direction` holds 增长 and 下降 to signs; `check` tells it.
"""
