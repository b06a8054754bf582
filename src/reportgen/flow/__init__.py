"""The flow: a report from its files to published outputs, each step once.

Read `job` (what is asked for), `staged` (what is known after each step), `steps` (from a job to a
draft) and `pipeline` (from a draft to published files). `recoverable` says what readers can work
out of what `readers` gathers, of `other_versions` of the unit's reports too, and `advice` tries
what is proposed against it. `publish` changes all files of a unit in one step, `manifests` says
what they were made of, `build_causes` why two differ, `up_to_date` whether that has changed;
`disclosure_record` writes down what was kept back, `told_figures` what an audience is told of
figures, `told_titles` in which words, `overview_entry` what an overview of many reports says of
one. `likely_units` are those that the facts of a pack seem to have, `open_tasks` what is still to
be done. `parallel` does a task many times over, by processes or a cluster; `fault` is a failure of
the program itself, as a value.
"""
