"""Measurements as ratios: the command against its rivals, each writer against its engine.

`python -m bench` from the root of the repository. Whatever is compared takes turns in the same
run, so that a busy machine slows both. Read `races` first, which times contenders, then `rivals`,
the processes of other programs; `plan` says how often, `tables` prints.

Each part has `measured(plan, say)`, `sections(found)` and `targets(found)`: `command` what a user
waits for; `writers` each writer and the engines below it, made by `sides` in a `child` process
from `samples`, which `flatten` gives the engines as `plain` documents; `stages` and `six` the
stages of builds, of the `real` report and of all six; `proof` what the proof of a public version
costs; `preview` a save to its page and to its findings; `waits` explain, diff, a correction, a
report with a mask; `imports` 500 rows of a workbook; `numbers` how well typed numbers are
classified; `diff` what comparisons cost; `word_forms` a Word form filled, against docxtpl alone.

`batch` measures many reports: rates of one worker and two, each run in a `batch_run`, memory, a run
that skips all. Its reports are of a `province`, made-up units by the thousand: the texts are in
`models/`, what is drawn in `made_up_facts`, the lines that all have in `made_up_lines`.
"""
