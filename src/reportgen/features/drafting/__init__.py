"""Edit: change the files that authors keep, with their comments, order and written digits.

`formatting` is the usual form of a file, `project` that of all; `new_year` and `carry` begin a
year, `start` and `blanks` a unit; `binding` writes references where numbers were typed. All of
them change texts by `splice`, at marks.
"""
