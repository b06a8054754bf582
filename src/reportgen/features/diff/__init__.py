"""Compare: two states of a report, or a file and what it should be; pure values in and out.

`state` is what a report says at one time, `changes` what sets two apart, `numbers` by how much,
`texts` in which sentences, `manifest` why two builds differ. `telling` orders it once for all
`faces` and the `page`, in `words` of two languages; `correction` drafts a 更正说明 of it.
"""
