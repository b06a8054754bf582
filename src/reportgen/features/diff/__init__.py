"""Compares reports: two years, two commits, a commit and the files, or two builds, in figures.

Read `state` first: what a report says at one time; `states` gets it from drafts and from
figures.json. `comparison` holds two states together and gives each `changes` its causes.
`differences` does so for all reports that may differ. `summary` puts a comparison into the
`words` of two languages for the `renderers`; `correction` drafts a 更正说明 from it.
"""
