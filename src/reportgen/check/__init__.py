"""Check: what must agree with what, and what a pack demands of the facts.

`relations` compares sides that must agree, `evidence` shows the facts behind a failure,
`required` asks for facts, `units` for the units they had last year, `scoring` holds score
sheets to their rules, `published` compares figures with what a text printed, `conform` the
document with its pack, `waivers` takes what authors know of. Numbers typed into texts have a
folder of their own, `numbers`.
"""
